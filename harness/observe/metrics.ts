/**
 * Figures for Prometheus: counters and histograms from the engine's events, gauges from its status, read when scraped. Labels
 * are operations, outcomes and statuses only, so their number is bounded; no order, no person, no secret is a label.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EngineObserver } from '../engine/engine.ts'
import type { EngineStatus } from '../engine/status.ts'
import { OpenOrders } from './open-orders.ts'

export interface EngineMetrics {
  readonly observer: EngineObserver
  /** The text a scrape is answered with. */
  text(): Promise<string>
  readonly contentType: string
}

/** A call to NetSuite takes from a tenth of a second to the client's time-out. */
const CALL_BUCKETS_SEC = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 65]
/** From at once to an hour in the backlog. */
const ORDER_BUCKETS_SEC = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]

/** Metrics of one engine. `status` is asked at every scrape; default: no gauges of it. */
export function createMetrics(status?: () => Promise<EngineStatus>): EngineMetrics {
  const registry = new Registry()
  const registers = [registry]
  const orders = new Counter({
    name: 'seatrial_orders_total',
    help: 'Orders by what became of them: accepted, repeated, completed, dead',
    labelNames: ['event'] as const,
    registers,
  })
  const flows = new Counter({
    name: 'seatrial_flows_total',
    help: 'Work other than orders by flow and end: done, dead',
    labelNames: ['flow', 'end'] as const,
    registers,
  })
  const batches = batchMetrics(registry)
  const calls = new Counter({
    name: 'seatrial_calls_total',
    help: 'HTTP attempts by operation, outcome and HTTP status, 0 where no answer came',
    labelNames: ['operation', 'outcome', 'status'] as const,
    registers,
  })
  const callSec = new Histogram({
    name: 'seatrial_call_seconds',
    help: 'Duration of HTTP attempts',
    labelNames: ['operation'] as const,
    buckets: CALL_BUCKETS_SEC,
    registers,
  })
  const orderSec = new Histogram({
    name: 'seatrial_order_seconds',
    help: 'From accepting an order to its being in NetSuite; orders that this process accepted',
    buckets: ORDER_BUCKETS_SEC,
    registers,
  })
  const refresh = status && statusGauges(registry, status)
  const open = new OpenOrders()
  return {
    contentType: registry.contentType,
    text: async () => {
      await refresh?.()
      return registry.metrics()
    },
    observer: {
      accepted: (order, atMs) => {
        open.open(order.id, atMs)
        orders.inc({ event: 'accepted' })
      },
      deduplicated: () => orders.inc({ event: 'repeated' }),
      attempt: ({ operation, outcome, status: code, startedMs, endedMs }) => {
        calls.inc({ operation, outcome, status: String(code) })
        callSec.observe({ operation }, (endedMs - startedMs) / 1000)
      },
      completed: (key, _id, atMs) => {
        orders.inc({ event: 'completed' })
        const order = open.close(key)
        if (order !== undefined) orderSec.observe((atMs - order.acceptedMs) / 1000)
      },
      deadLettered: (key) => {
        orders.inc({ event: 'dead' })
        open.close(key)
      },
      flowEnded: ({ flow, end }) => flows.inc({ flow, end }),
      ...batches,
      backlog: () => {},
    },
  }
}

function batchMetrics(registry: Registry): Pick<EngineObserver, 'modeChanged' | 'batchEnded'> {
  const batched = new Counter({
    name: 'seatrial_batch_records_total',
    help: 'Records sent in batches by record type and result: written, other',
    labelNames: ['type', 'result'] as const,
    registers: [registry],
  })
  const batchMode = new Gauge({
    name: 'seatrial_batch_mode',
    help: '1 while the backlog is high and batches are used beside single calls',
    registers: [registry],
  })
  return {
    modeChanged: (mode) => batchMode.set(mode === 'batch' ? 1 : 0),
    batchEnded: ({ type, records, written }) => {
      batched.inc({ type, result: 'written' }, written)
      batched.inc({ type, result: 'other' }, records - written)
    },
  }
}

/** Name after `seatrial_` → help and how it is read from the status. */
const GAUGES: Readonly<Record<string, readonly [help: string, read: (status: EngineStatus) => number]>> = {
  concurrency_limit: ['Calls that may be in flight now, as the throttle has learned', ({ limit }) => limit],
  calls_in_flight: ['Calls in flight', ({ inUse }) => inUse],
  calls_waiting: ['Calls that wait for a permit', ({ line }) => line],
  backlog_waiting: ['Items that wait for a worker', ({ queue }) => queue.waiting],
  backlog_delayed: ['Items that wait for their time, most for a retry', ({ queue }) => queue.delayed],
  backlog_leased: ['Items being worked on', ({ queue }) => queue.leased],
  dead_letters: ['Items given up that nobody has looked after', ({ queue }) => queue.dead],
  backlog_age_seconds: ['Age of the oldest open item', ({ oldestAgeMs }) => oldestAgeMs / 1000],
  sending_paused: ['1 while nothing is sent because the account fails', ({ paused }) => (paused ? 1 : 0)],
}

/** Gives a function that reads the status into the gauges. */
function statusGauges(registry: Registry, status: () => Promise<EngineStatus>): () => Promise<void> {
  const gauges = Object.entries(GAUGES).map(([name, [help, read]]) => {
    const gauge = new Gauge({ name: `seatrial_${name}`, help, registers: [registry] })
    return (now: EngineStatus | undefined): void => gauge.set(now === undefined ? Number.NaN : read(now))
  })
  return async () => {
    // A queue that does not answer must not hide the counters: the gauges are then not a number.
    const now = await status().catch(() => undefined)
    for (const set of gauges) set(now)
  }
}

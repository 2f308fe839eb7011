/**
 * From what a run gathered to what it found out: totals, latencies, series, checks, thresholds, verdict. Pure: no
 * clock, no chance, no I/O, so that a result can be recomputed and compared byte by byte.
 */

import { ordersByName } from './checks/account-view.ts'
import type { CheckInput } from './checks/check.ts'
import { runChecks } from './checks/index.ts'
import type { AttemptEvent } from './engine/engine.ts'
import { harnessWasLate, LATE_START_MS, LATE_START_RATIO_MAX, type StartReport } from './load/executor.ts'
import { LatencyHistogram, roundMs } from './metrics/histogram.ts'
import { ownCalls } from './metrics/own-calls.ts'
import { computeSeries } from './metrics/series.ts'
import { peakSlots, sweepSlots } from './metrics/slots.ts'
import { evaluateThresholds } from './metrics/threshold.ts'
import type { Threshold } from './metrics/threshold-parse.ts'
import { type OperationResult, RESULT_FORMAT, type RunResult } from './result.ts'
import type { RunOptions, RunRecord } from './run.ts'

export interface ResultOptions extends RunOptions {
  readonly thresholds: readonly Threshold[]
  readonly mode: 'virtual' | 'wall'
  readonly version: string
}

/** As result.ts says; the rest is in `totals`. */
const DEAD_LETTERS_MAX = 100

/** Computes everything. */
export function buildResult(record: RunRecord, options: ResultOptions): RunResult {
  const { scenario, thresholds, mode, version } = options
  const { history, health, journal, starts } = record
  const completions = completionsOf(record)
  const orderLatency = new LatencyHistogram()
  for (const { latencyMs } of completions) orderLatency.record(latencyMs)
  const callLatency = new LatencyHistogram()
  for (const { startedMs, endedMs } of history.attempts) callLatency.record(endedMs - startedMs)
  const slots = sweepSlots(journal.entries)
  const totals = totalsOf(record, completions, peakSlots(slots))
  const checks = runChecks(scenario.checks, checkInputOf(record, scenario.drainMs))
  const thresholdResults = evaluateThresholds(thresholds, {
    order_latency_ms: orderLatency,
    call_latency_ms: callLatency,
    rejected_ratio: totals.calls === 0 ? undefined : totals.refused429 / totals.calls,
    dropped_iterations: totals.droppedStarts,
    dead_letters: totals.deadLettered,
    calls_per_order: totals.inAccount === 0 ? undefined : totals.callsPerOrder,
  })
  const late = mode === 'wall' && harnessWasLate(starts)
  const failures = failuresOf(checks, thresholdResults)
  return {
    format: RESULT_FORMAT,
    product: { name: 'seatrial', version },
    mode,
    engine: options.engine,
    seed: String(scenario.seed),
    scenario,
    ordersFrom: options.orders?.name ?? 'generator',
    account: {
      profile: health.profile,
      accountId: health.accountId,
      concurrencyLimit: health.concurrencyLimit,
    },
    verdict: failures.length > 0 ? 'fail' : late ? 'untrusted' : 'pass',
    reasons: late ? [...failures, lateReason(starts)] : failures,
    totals,
    orderLatency: orderLatency.summary(),
    callLatency: callLatency.summary(),
    operations: operationsOf(history.attempts),
    flows: flowsOf(history),
    batches: batchesOf(record),
    checks,
    thresholds: thresholdResults,
    faults: record.faults.map(({ id, spec, considered, hits }) => ({ id, spec, considered, hits })),
    series: computeSeries({
      originMs: record.originMs,
      arrivalsMs: [...record.arrivalsMs.values()],
      completions,
      backlog: history.backlog,
      modes: history.modes,
      batches: history.batches,
      journal: ownCalls(journal.entries, record.integration),
      slots,
    }),
    deadLetters: [...history.deadLettered]
      .slice(0, DEAD_LETTERS_MAX)
      .map(([key, { reason }]) => ({ key, reason })),
  }
}

interface Completion {
  readonly atMs: number
  readonly latencyMs: number
}

/** First completions of orders that were sent; latency counts from the intended arrival, not from the hand-over. */
function completionsOf({ history, arrivalsMs, originMs }: RunRecord): Completion[] {
  return [...history.completed].flatMap(([key, { atMs }]) => {
    const arrivalMs = arrivalsMs.get(key)
    return arrivalMs === undefined ? [] : [{ atMs, latencyMs: atMs - originMs - arrivalMs }]
  })
}

function checkInputOf(record: RunRecord, drainMs: number): CheckInput {
  const { sent, history, heard, account, ordersBefore, journal, health, drained, integration } = record
  const { concurrencyLimit } = health
  const drain = { ended: drained, limitMs: drainMs }
  return { sent, history, heard, account, ordersBefore, journal, concurrencyLimit, integration, drain }
}

function totalsOf(
  record: RunRecord,
  completions: readonly Completion[],
  slotsPeak: number,
): RunResult['totals'] {
  const { sent, history, account, journal, starts, arrivalsMs, originMs, faults } = record
  const inAccountByName = ordersByName(account.salesOrders)
  const copies = sent.map(({ order }) => inAccountByName.get(order.name)?.length ?? 0)
  const inAccount = copies.filter((count) => count > 0).length
  const lost = sent.filter(({ order }, index) => copies[index] === 0 && !history.deadLettered.has(order.id))
  const own = ownCalls(journal.entries, record.integration)
  const calls = journal.total - (journal.entries.length - own.length)
  const arrivals = [...arrivalsMs.values()]
  const [firstArrivalMs = 0, lastArrivalMs = 0] = [arrivals[0], arrivals.at(-1)]
  const lastCompletionMs = completions.reduce((last, { atMs }) => Math.max(last, atMs), 0)
  const drainMs = completions.length === 0 ? 0 : lastCompletionMs - originMs - lastArrivalMs
  return {
    arrivals: sent.length,
    redeliveries: record.redeliveries,
    droppedStarts: starts.dropped,
    accepted: history.accepted.size,
    completed: history.completed.size,
    deadLettered: history.deadLettered.size,
    inAccount,
    lost: lost.length,
    doubled: copies.filter((count) => count > 1).length,
    calls,
    callsPerOrder: inAccount === 0 ? 0 : Math.round((calls / inAccount) * 1000) / 1000,
    refused429: own.filter(({ status }) => status === 429).length,
    faultHits: faults.reduce((sum, { hits }) => sum + hits, 0),
    loadMs: roundMs(lastArrivalMs - firstArrivalMs),
    drainMs: roundMs(Math.max(0, drainMs)),
    peakQueueDepth: history.backlog.reduce((peak, { size }) => Math.max(peak, size), 0),
    peakSlots: slotsPeak,
    maxStartLagMs: roundMs(starts.maxStartLagMs),
  }
}

/** Attempts by operation, sorted by name. */
function operationsOf(attempts: readonly AttemptEvent[]): OperationResult[] {
  const byOperation = new Map<string, AttemptEvent[]>()
  for (const attempt of attempts) {
    const same = byOperation.get(attempt.operation)
    if (same === undefined) byOperation.set(attempt.operation, [attempt])
    else same.push(attempt)
  }
  return [...byOperation]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([operation, events]) => {
      const latency = new LatencyHistogram()
      for (const { startedMs, endedMs } of events) latency.record(endedMs - startedMs)
      return {
        operation,
        attempts: events.length,
        byOutcome: tally(events.map(({ outcome }) => outcome)),
        byStatus: tally(events.map(({ status }) => String(status))),
        latency: latency.summary(),
      }
    })
}

/** What became of work other than orders, by flow. */
function flowsOf({ flows }: RunRecord['history']): RunResult['flows'] {
  const names = [...new Set(flows.map(({ flow }) => flow))].sort()
  return names.map((flow) => {
    const ends = flows.filter((event) => event.flow === flow).map(({ end }) => end)
    const dead = ends.filter((end) => end === 'dead').length
    return { flow, done: ends.length - dead, dead }
  })
}

/** How much of the time and of the records went by batch. */
function batchesOf({ history: { modes, batches, backlog, completed } }: RunRecord): RunResult['batches'] {
  const endMs = Math.max(
    backlog.at(-1)?.atMs ?? 0,
    ...[...completed.values()].slice(-1).map(({ atMs }) => atMs),
  )
  let modeMs = 0
  modes.forEach(({ atMs, mode }, index) => {
    if (mode === 'batch') modeMs += Math.max(0, (modes[index + 1]?.atMs ?? endMs) - atMs)
  })
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  return {
    modeMs: roundMs(modeMs),
    changes: modes.length,
    sent: batches.length,
    records: sum(batches.map(({ records }) => records)),
    written: sum(batches.map(({ written }) => written)),
  }
}

/** How often each text occurs, in alphabetical order. */
function tally(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of [...texts].sort()) counts[text] = (counts[text] ?? 0) + 1
  return counts
}

/** A sentence per check and threshold that did not pass. */
function failuresOf(checks: RunResult['checks'], thresholds: RunResult['thresholds']): string[] {
  const ofChecks = checks
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status, summary }) =>
      status === 'fail'
        ? `Check ${id} failed: ${summary}`
        : `Check ${id} could not be carried out: ${summary}`,
    )
  const ofThresholds = thresholds
    .filter(({ status }) => status !== 'pass')
    .map(({ metric, expression, actual }) =>
      actual === null
        ? `Threshold ${metric} ${expression} could not be evaluated: nothing was measured.`
        : `Threshold ${metric} ${expression} was missed: it was ${roundMs(actual)}.`,
    )
  return [...ofChecks, ...ofThresholds]
}

function lateReason({ late, started, dropped, maxStartLagMs }: StartReport): string {
  const starts = started + dropped
  const share = ((late / starts) * 100).toFixed(1)
  const allowed = (LATE_START_RATIO_MAX * 100).toFixed(0)
  const worst = Math.round(maxStartLagMs)
  return [
    `The harness itself was late: ${late} of ${starts} arrivals (${share} %, allowed ${allowed} %)`,
    `came more than ${LATE_START_MS} ms after their time, the worst by ${worst} ms;`,
    'run it on a less busy machine or at a lower rate.',
  ].join(' ')
}

/**
 * Made-up but coherent results for the tests of this folder: a flash sale through an account of limited slots, with
 * faults, backlog and drain, computed by a little fluid model so that the totals agree with the series.
 */
import type { CaseResult, ConformanceResult } from '../conformance/result.ts'
import type { RunResult, Series } from '../harness/result.ts'

type Faults = RunResult['faults']

/** What shapes a made-up sale. */
export interface SaleOptions {
  readonly engine?: RunResult['engine']
  readonly loadMs?: number
  readonly stepMs?: number
  /** Highest arrival rate. */
  readonly peakPerSec?: number
  readonly limit?: number
  readonly faults?: Faults
}

const CALLS_PER_ORDER = 3
const CALL_MS = 520

/** Faults with a closed window, an overlapping one and an open one. */
export const saleFaults: Faults = [
  {
    id: 'busy-account',
    spec: {
      fault: 'reject',
      match: { methods: ['POST'], recordTypes: ['salesOrder'] },
      probabilityRatio: 0.35,
      fromMs: 120_000,
      untilMs: 180_000,
      status: 503,
      errorCode: 'UNEXPECTED_ERROR',
    },
    considered: 1620,
    hits: 567,
  },
  {
    id: 'lost-answers',
    spec: {
      fault: 'drop-response',
      match: { methods: ['POST'] },
      probabilityRatio: 0.02,
      fromMs: 150_000,
      untilMs: 330_000,
    },
    considered: 7710,
    hits: 154,
  },
]

/** A flash sale that is handled well. */
export function sale(options: SaleOptions = {}): RunResult {
  const { engine = 'reference', loadMs = 360_000, faults = saleFaults, limit = 15 } = options
  const series = saleSeries({ ...options, loadMs, faults, limit })
  const total = (column: readonly number[]): number => column.reduce((sum, value) => sum + value, 0)
  const orders = total(series.arrivals)
  const calls = total(series.calls)
  const lastBusy = series.completions.findLastIndex((count) => count > 0)
  const drainMs = Math.max(0, (series.atMs[lastBusy] ?? 0) + series.stepMs - loadMs)
  return {
    format: 'seatrial/run-result/2',
    product: { name: 'seatrial', version: '0.1.0' },
    mode: 'virtual',
    engine,
    seed: '7',
    scenario: saleScenario(loadMs, options.peakPerSec ?? 24, faults),
    ordersFrom: 'generator',
    account: { profile: 'premium', accountId: 'TSTDRV7', concurrencyLimit: limit },
    verdict: 'pass',
    reasons: [],
    totals: {
      arrivals: orders,
      redeliveries: Math.round(orders / 100),
      droppedStarts: 0,
      accepted: orders,
      completed: orders,
      deadLettered: 0,
      inAccount: orders,
      lost: 0,
      doubled: 0,
      calls,
      callsPerOrder: orders === 0 ? 0 : calls / orders,
      refused429: total(series.refused),
      faultHits: total(series.faultHits),
      loadMs,
      drainMs,
      peakQueueDepth: Math.max(0, ...series.queueDepth),
      peakSlots: Math.max(0, ...series.slotsInUse),
      maxStartLagMs: 0,
    },
    orderLatency: latencyOf(series),
    callLatency: latency(calls, 310, 4100),
    operations: saleOperations(orders, calls, total(series.refused)),
    flows: [],
    batches: { modeMs: 0, changes: 0, sent: 0, records: 0, written: 0 },
    checks: passedChecks(orders),
    thresholds: [
      {
        metric: 'order_latency_ms',
        expression: 'p(95) < 600000',
        status: 'pass',
        actual: latencyOf(series).p95Ms,
      },
      { metric: 'dropped_starts', expression: 'count == 0', status: 'pass', actual: 0 },
    ],
    faults,
    series,
    deadLetters: [],
  }
}

function saleSeries({
  loadMs = 0,
  stepMs = 2000,
  peakPerSec = 24,
  limit = 15,
  faults = [],
  engine,
}: SaleOptions): Series {
  const columns = emptySeries(stepMs)
  const perSec = (limit / (CALLS_PER_ORDER * CALL_MS)) * 1000 * (engine === 'naive' ? 0.7 : 1)
  const stepSec = stepMs / 1000
  let waiting = 0
  let due = 0
  for (let atMs = 0; atMs < loadMs || waiting > 0; atMs += stepMs) {
    const armed = faults.filter(
      ({ spec }) => atMs >= spec.fromMs && atMs < (spec.untilMs ?? Number.POSITIVE_INFINITY),
    )
    const hit = Math.min(
      0.6,
      armed.reduce((sum, { spec }) => sum + spec.probabilityRatio, 0),
    )
    due += atMs < loadMs ? peakPerSec * saleShape(atMs / loadMs) * stepSec : 0
    const arrived = Math.floor(due)
    due -= arrived
    const wobble = 1 + 0.08 * Math.sin(atMs / 7300)
    const done = Math.min(waiting + arrived, Math.max(1, Math.round(perSec * (1 - hit) * wobble * stepSec)))
    const depth = waiting + arrived
    waiting = depth - done
    const full = waiting > 0
    const calls = Math.round((done * CALLS_PER_ORDER) / (1 - hit))
    const waitMs = CALL_MS * CALLS_PER_ORDER + (waiting / (perSec * (1 - hit))) * 1000
    columns.atMs.push(atMs)
    columns.arrivals.push(arrived)
    columns.completions.push(done)
    columns.refused.push(
      full ? Math.round(calls * (engine === 'naive' ? 0.45 : 0.02 + 0.01 * Math.cos(atMs / 9100))) : 0,
    )
    columns.calls.push(calls + (columns.refused.at(-1) ?? 0))
    columns.slotsInUse.push(full ? limit : Math.min(limit, Math.ceil((calls * CALL_MS) / stepMs)))
    columns.queueDepth.push(depth)
    columns.batchMode.push(0)
    columns.batchRecords.push(0)
    columns.faultHits.push(Math.round(calls * hit * wobble))
    columns.latencyP50Ms.push(done === 0 ? null : Math.round(waitMs * 0.92))
    columns.latencyP95Ms.push(done === 0 ? null : Math.round(waitMs * 1.2))
    columns.latencyP99Ms.push(
      done === 0 ? null : Math.round(waitMs * 1.42 + 400 * (1 + Math.sin(atMs / 5100))),
    )
  }
  return columns
}

/** Share of the peak at a share of the load: a calm start, the rush at a tenth, then a long tail. */
function saleShape(share: number): number {
  if (share < 0.1) return 0.15
  if (share < 0.2) return 0.15 + 8.5 * (share - 0.1)
  if (share < 0.45) return 1
  return Math.max(0.12, 1 - 2.6 * (share - 0.45))
}

/** Columns without a step. */
export function emptySeries(stepMs = 1000): Series {
  return {
    stepMs,
    atMs: [],
    arrivals: [],
    completions: [],
    calls: [],
    refused: [],
    slotsInUse: [],
    queueDepth: [],
    batchMode: [],
    batchRecords: [],
    latencyP50Ms: [],
    latencyP95Ms: [],
    latencyP99Ms: [],
    faultHits: [],
  }
}

function saleScenario(durationMs: number, peakPerSec: number, faults: Faults): RunResult['scenario'] {
  return {
    id: 'flash-sale',
    title: 'Flash sale on a bad day',
    why: 'Orders come in three times faster than the account takes them, while it answers badly; none may be lost or doubled.',
    seed: 7,
    account: { preset: 'premium' },
    shop: {
      itemCount: 40,
      newCustomerRatio: 0.6,
      linesMin: 1,
      linesMax: 8,
      redeliveryRatio: 0.01,
      paidRatio: 0,
      listens: false,
      downRatio: 0,
    },
    load: [
      {
        executor: 'ramping-arrival-rate',
        operation: 'order',
        startMs: 0,
        maxVus: 1000,
        startRatePerSec: 3,
        stages: [{ durationMs, targetRatePerSec: peakPerSec }],
      },
    ],
    drainMs: 600_000,
    faults: faults.map(({ spec }) => spec),
    checks: ['no-lost-writes', 'no-duplicates', 'limit-respected', 'converged'],
    thresholds: { order_latency_ms: ['p(95) < 600000'], dropped_starts: ['count == 0'] },
  }
}

/** Order latency of the whole sale, as if each step's orders all took its median. */
function latencyOf({ completions, latencyP50Ms, latencyP99Ms }: Series): RunResult['orderLatency'] {
  const all = completions.flatMap((count, step) =>
    Array.from({ length: count }, () => latencyP50Ms[step] ?? 0),
  )
  if (all.length === 0) return latency(0, 0, 0)
  all.sort((a, b) => a - b)
  const at = (share: number): number => all[Math.min(all.length - 1, Math.floor(share * all.length))] ?? 0
  return {
    count: all.length,
    minMs: at(0),
    meanMs: Math.round(all.reduce((sum, ms) => sum + ms, 0) / all.length),
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: latencyP99Ms.reduce<number>((top, ms) => Math.max(top, ms ?? 0), 0),
  }
}

function latency(count: number, p50Ms: number, maxMs: number): RunResult['orderLatency'] {
  if (count === 0)
    return { count, minMs: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p95Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 }
  const at = (share: number): number => Math.round(p50Ms + (maxMs - p50Ms) * share)
  return {
    count,
    minMs: p50Ms / 5,
    meanMs: at(0.2),
    p50Ms,
    p90Ms: at(0.5),
    p95Ms: at(0.65),
    p99Ms: at(0.85),
    p999Ms: at(0.97),
    maxMs,
  }
}

function saleOperations(orders: number, calls: number, refused: number): RunResult['operations'] {
  const row = (operation: string, attempts: number, byStatus: Record<string, number>) => ({
    operation,
    attempts,
    byOutcome: { done: Math.round(attempts * 0.94), retry: Math.round(attempts * 0.06) },
    byStatus,
    latency: latency(attempts, 300, 3900),
  })
  const creates = Math.max(0, calls - 2 * orders)
  return [
    row('customer.upsert', orders, { '204': orders }),
    row('item.find', orders, { '200': orders }),
    row('salesOrder.create', creates, {
      '0': 154,
      '204': creates - 721 - refused,
      '429': refused,
      '503': 567,
    }),
  ]
}

function passedChecks(orders: number): RunResult['checks'] {
  const check = (id: string, title: string, summary: string): RunResult['checks'][number] => ({
    id,
    title,
    status: 'pass',
    summary,
    evidence: [],
    evidenceOmitted: 0,
  })
  return [
    check(
      'no-lost-writes',
      'No accepted order is missing',
      `${orders} of ${orders} accepted orders found in the account.`,
    ),
    check('no-duplicates', 'No order is in the account twice', `${orders} external IDs, all distinct.`),
    check('limit-respected', 'The account limit was respected', 'At most 15 of 15 slots were in use.'),
    check('converged', 'Everything settled after the faults', 'The queue was empty at the end of the drain.'),
  ]
}

/** The same sale by the naive engine: lost, doubled and refused orders. */
export function naiveSale(options: SaleOptions = {}): RunResult {
  return failed(sale({ ...options, engine: 'naive' }), 41, 88)
}

/** The run with orders lost and doubled, a failed check, a failed and an unmeasured threshold, dead letters. */
export function failed(run: RunResult, lost = 3, doubled = 2): RunResult {
  const { accepted } = run.totals
  const deadLetters = [
    { key: 'SHOP-100471', reason: 'USER_ERROR: Please enter value(s) for: Location' },
    { key: 'SHOP-100902', reason: 'gave up after 12 attempts; the last answer was 503 UNEXPECTED_ERROR' },
  ]
  const lines = Array.from(
    { length: 20 },
    (_, index) => `SHOP-${100_200 + index}: accepted at ${61 + index} s, not in the account`,
  )
  return {
    ...run,
    verdict: 'fail',
    reasons: [
      `check no-lost-writes failed: ${lost} orders are missing`,
      'threshold order_latency_ms p(95) < 20000 was missed',
    ],
    totals: {
      ...run.totals,
      lost,
      doubled,
      deadLettered: 2,
      completed: accepted - 2,
      inAccount: accepted - lost - 2,
    },
    checks: run.checks.map((check) =>
      check.id === 'no-lost-writes'
        ? {
            ...check,
            status: 'fail' as const,
            summary: `${lost} of ${accepted} accepted orders are neither in the account nor in the dead letters.`,
            evidence: lines.slice(0, lost),
            evidenceOmitted: Math.max(0, lost - 20),
          }
        : check,
    ),
    thresholds: [
      {
        metric: 'order_latency_ms',
        expression: 'p(95) < 20000',
        status: 'fail',
        actual: run.orderLatency.p95Ms,
      },
      { metric: 'customer_latency_ms', expression: 'p(99) < 900', status: 'error', actual: null },
    ],
    deadLetters,
  }
}

/** A run in which nothing happened at all. */
export function emptyRun(): RunResult {
  const run = sale({ loadMs: 0, faults: [] })
  return {
    ...run,
    verdict: 'fail',
    reasons: ['no order arrived'],
    scenario: sale().scenario,
    operations: [],
    checks: [],
    thresholds: [],
    series: emptySeries(),
  }
}

/** Conformance of a target; `failures` of its cases differ. */
export function conformance(failures = 0): ConformanceResult {
  const areas = ['records', 'errors', 'paging', 'async', 'governance']
  const kinds = ['documented', 'documented', 'documented', 'observed', 'inferred'] as const
  const cases = areas.flatMap((area, row) =>
    Array.from({ length: 9 + 2 * row }, (_, index): CaseResult => {
      const evidence = kinds[index % kinds.length] ?? 'documented'
      return conformanceCase(area, index, evidence)
    }),
  )
  const failing = cases.map((item, index) => (index < failures ? differing(item) : item))
  const scores = areas.sort().flatMap((area) =>
    (['documented', 'inferred', 'observed'] as const).map((evidence) => {
      const mine = failing.filter((item) => item.area === area && item.evidence === evidence)
      const count = (status: string): number => mine.filter((item) => item.status === status).length
      return {
        area,
        evidence,
        pass: count('pass'),
        fail: count('fail'),
        skip: count('skip'),
        disabled: count('disabled'),
        error: count('error'),
      }
    }),
  )
  return {
    format: 'seatrial/conformance-result/1',
    product: { name: 'seatrial', version: '0.1.0' },
    target: 'simulator (premium)',
    verdict: failures === 0 ? 'pass' : 'fail',
    cases: failing,
    scores,
  }
}

function conformanceCase(area: string, index: number, evidence: CaseResult['evidence']): CaseResult {
  const skipped = index === 7
  return {
    id: `${area}.case-${index + 1}`,
    area,
    title: `A ${area} request is answered as described (${index + 1})`,
    level: index % 4 === 3 ? 'should' : 'must',
    evidence,
    source: {
      ref: 'ASY-070',
      says: 'A reused idempotency key is refused; Location names the first job.',
      title: 'REST Web Services: Idempotency',
      url: 'https://docs.oracle.com/en/cloud/saas/netsuite/idempotency.html',
      confidence: 'high',
    },
    status: skipped ? 'skip' : 'pass',
    ...(skipped ? { reason: 'needs a second role' } : {}),
  }
}

function differing(item: CaseResult): CaseResult {
  return {
    ...item,
    status: 'fail',
    failure: {
      step: 1,
      request: 'POST /services/rest/record/v1/customer',
      differences: [
        { at: 'status', expected: '400', actual: '202' },
        { at: 'body.o:errorDetails[0].o:errorCode', expected: '"IDEMPOTENCY_ERROR"', actual: '(absent)' },
      ],
    },
  }
}

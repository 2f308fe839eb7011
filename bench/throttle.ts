/**
 * Limit-finding algorithms against the simulated account: the same callers, the same account, the same seeds. The table of
 * docs/decisions/0013-throttle.md. Virtual time, so the figures are the same on every machine.
 */
import { createRecordClient } from '../harness/engine/client.ts'
import { aimd } from '../harness/engine/throttle/aimd.ts'
import { createLimiter, type LimitAlgorithm } from '../harness/engine/throttle/algorithm.ts'
import { gradient } from '../harness/engine/throttle/gradient.ts'
import { knownLevel } from '../harness/engine/throttle/known-level.ts'
import { vegas } from '../harness/engine/throttle/vegas.ts'
import { createThrottle } from '../harness/engine/throttle.ts'
import { NOBODY } from '../harness/observe/observers.ts'
import type { JournalEntry } from '../protocol/control.ts'
import type { Part } from './part.ts'
import {
  type Capacity,
  createSimulatedAccount,
  jobs,
  percentile,
  type SimulatedAccount,
  type SimulatedAccountOptions,
  slotUse,
} from './simulated-account.ts'

const DURATION_MS = 600_000
const NETWORK_MS = 10
/** Many more than any account grants. */
const CALLERS = 200
const SEEDS = ['1']

export const ALGORITHMS: readonly LimitAlgorithm<never>[] = [knownLevel, aimd, gradient, vegas] as never

interface Situation {
  readonly name: string
  readonly account: Omit<SimulatedAccountOptions, 'seed' | 'networkMs'>
  /** Slots of the account over time; 0 while it is down. */
  readonly capacity: readonly Capacity[]
  /** Moments from which there is more for us than before. */
  readonly gainsMs: readonly number[]
  readonly prepare?: (account: SimulatedAccount) => Promise<unknown>
}

const LEAN = { latency: { model: 'lean' } } as const

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'steady overload, 15 slots',
    account: { profile: LEAN },
    capacity: [{ fromMs: 0, slots: 15 }],
    gainsMs: [0],
  },
  {
    name: 'neighbours come and go, 25 slots',
    account: { profile: { ...LEAN, suiteCloudPlus: 1, neighbours: jobs(8, DURATION_MS) } },
    capacity: [{ fromMs: 0, slots: 25 }],
    gainsMs: [150_000, 330_000, 510_000],
  },
  {
    name: 'limit cut to 5, then 25',
    account: { profile: LEAN },
    capacity: [
      { fromMs: 0, slots: 15 },
      { fromMs: 200_000, slots: 5 },
      { fromMs: 400_000, slots: 25 },
    ],
    gainsMs: [400_000],
    prepare: async ({ clock, changeLimits }) => {
      await clock.sleep(200_000)
      await changeLimits({ concurrencyLimit: 5 })
      await clock.sleep(200_000)
      await changeLimits({ concurrencyLimit: 25 })
    },
  },
  {
    name: 'an account that queues, 15 slots',
    account: {
      preset: 'field-report-tier1',
      profile: { ...LEAN, governance: { windows: {} } },
    },
    capacity: [{ fromMs: 0, slots: 15 }],
    gainsMs: [0],
    prepare: ({ changeLimits }) => changeLimits({ windows: { per60s: null, per24h: null } }),
  },
  {
    name: 'two minutes of outage, 15 slots',
    account: { profile: LEAN },
    capacity: [
      { fromMs: 0, slots: 15 },
      { fromMs: 240_000, slots: 0 },
      { fromMs: 360_000, slots: 15 },
    ],
    gainsMs: [360_000],
    prepare: ({ installFault }) => installFault({ fault: 'maintenance', fromMs: 240_000, untilMs: 360_000 }),
  },
]

export interface ThrottleRow {
  readonly situation: string
  readonly algorithm: string
  readonly efficiency: number
  readonly refusedShare: number
  readonly p95Ms: number
  readonly recoveryMs: number
  readonly neighboursShare: number | undefined
}

interface Figures {
  readonly use: { usedMs: number; freeMs: number }
  readonly refused: number
  readonly calls: number
  readonly timesMs: readonly number[]
  readonly recoveriesMs: readonly number[]
  readonly neighbours: { readonly calls: number; readonly granted: number }
}

/** 200 callers that always have something to send: half reads of an item, half new customers. */
async function sail(
  situation: Situation,
  algorithm: LimitAlgorithm<unknown>,
  seed: string,
): Promise<Figures> {
  const account = createSimulatedAccount({ ...situation.account, seed, networkMs: NETWORK_MS })
  const { clock, rng, simulator, originMs } = account
  const throttle = createThrottle(clock, rng.fork('throttle'), { limiter: createLimiter(algorithm) })
  const timesMs: number[] = []
  const client = createRecordClient(
    {
      ...account.deps,
      rng: rng.fork('client'),
      observer: {
        ...NOBODY,
        attempt: ({ status, startedMs, endedMs }) => {
          if (status < 300) timesMs.push(endedMs - startedMs)
        },
      },
    },
    { throttle },
  )
  const entries = await clock.run(async () => {
    void situation.prepare?.(account)
    const context = { key: 'bench', attempt: 1 }
    let next = 0
    const caller = async (): Promise<void> => {
      for (;;) {
        const number = next++
        if (number % 2 === 0) await client.get('location', '1', context)
        else await client.create('customer', { companyName: `C ${number}`, subsidiary: { id: '1' } }, context)
      }
    }
    for (let n = 0; n < CALLERS; n++) void caller()
    await clock.sleep(DURATION_MS)
    return account.journal()
  })
  simulator.close()
  return figuresOf(situation, entries, simulator.integration, originMs, timesMs)
}

function figuresOf(
  { capacity, gainsMs }: Situation,
  entries: readonly JournalEntry[],
  own: string,
  originMs: number,
  timesMs: readonly number[],
): Figures {
  const ours = entries.filter(({ integration }) => integration === own)
  const others = entries.filter(({ integration }) => integration !== undefined && integration !== own)
  return {
    use: slotUse(entries, own, originMs, capacity, [0, DURATION_MS]),
    refused: ours.filter(({ status }) => status === 429).length,
    calls: ours.length,
    timesMs,
    recoveriesMs: gainsMs.map((gainMs) => recoveryMs(entries, own, originMs, capacity, gainMs)),
    neighbours: {
      calls: others.length,
      granted: others.filter(({ slotFromMs }) => slotFromMs !== undefined).length,
    },
  }
}

const RECOVERY_STEP_MS = 1_000
const RECOVERY_WINDOW_MS = 5_000
const RECOVERED_RATIO = 0.9

/** From a gain until, over five seconds, nine tenths of what there is are used. */
function recoveryMs(
  entries: readonly JournalEntry[],
  own: string,
  originMs: number,
  capacity: readonly Capacity[],
  gainMs: number,
): number {
  for (let atMs = gainMs; atMs + RECOVERY_WINDOW_MS <= DURATION_MS; atMs += RECOVERY_STEP_MS) {
    const near = entries.filter(
      ({ slotFromMs, slotUntilMs = Number.POSITIVE_INFINITY }) =>
        slotFromMs !== undefined &&
        slotFromMs - originMs < atMs + RECOVERY_WINDOW_MS &&
        slotUntilMs - originMs > atMs,
    )
    const { usedMs, freeMs } = slotUse(near, own, originMs, capacity, [atMs, atMs + RECOVERY_WINDOW_MS])
    if (usedMs >= RECOVERED_RATIO * freeMs) return atMs - gainMs
  }
  return DURATION_MS - gainMs
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

async function benchThrottle(
  log: (line: string) => void,
  algorithms = ALGORITHMS,
  seeds = SEEDS,
): Promise<ThrottleRow[]> {
  const rows: ThrottleRow[] = []
  for (const situation of SITUATIONS) {
    for (const algorithm of algorithms) {
      const runs: Figures[] = []
      for (const seed of seeds) runs.push(await sail(situation, algorithm, seed))
      const calls = sum(runs.map((run) => run.neighbours.calls))
      const row: ThrottleRow = {
        situation: situation.name,
        algorithm: algorithm.name,
        efficiency: sum(runs.map(({ use }) => use.usedMs)) / sum(runs.map(({ use }) => use.freeMs)),
        refusedShare: sum(runs.map(({ refused }) => refused)) / sum(runs.map((run) => run.calls)),
        p95Ms: percentile(
          runs.flatMap(({ timesMs }) => timesMs),
          0.95,
        ),
        recoveryMs: sum(runs.map(({ recoveriesMs }) => Math.max(...recoveriesMs))) / runs.length,
        neighboursShare: calls === 0 ? undefined : sum(runs.map((run) => run.neighbours.granted)) / calls,
      }
      rows.push(row)
      log(
        `${row.situation}, ${row.algorithm}: ${(row.efficiency * 100).toFixed(1)} %, 429 ${(row.refusedShare * 100).toFixed(2)} %, ` +
          `p95 ${Math.round(row.p95Ms)} ms, back in ${(row.recoveryMs / 1000).toFixed(0)} s` +
          (row.neighboursShare === undefined
            ? ''
            : `, neighbours ${(row.neighboursShare * 100).toFixed(0)} %`),
      )
    }
  }
  return rows
}

const percent = (ratio: number, digits: number): string => `${(ratio * 100).toFixed(digits)} %`

export const throttle: Part<ThrottleRow> = {
  name: 'throttle',
  measure: benchThrottle,
  document: 'docs/decisions/0013-throttle.md',
  tables: (rows) => [
    {
      title: 'Algorithms that find the limit, virtual time',
      columns: [
        'situation',
        'algorithm',
        'efficiency',
        '429',
        'p95 of a call',
        'back after a gain',
        'neighbours served at once',
      ],
      rows: rows.map((row) => [
        row.situation,
        row.algorithm,
        percent(row.efficiency, 1),
        percent(row.refusedShare, 2),
        `${Math.round(row.p95Ms)} ms`,
        `${Math.round(row.recoveryMs / 1000)} s`,
        row.neighboursShare === undefined ? '' : percent(row.neighboursShare, 0),
      ]),
    },
  ],
}

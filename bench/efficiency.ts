/**
 * How much of an account an engine gets out of it: orders completed per second ÷ the best there can be, slots ÷ mean service
 * time of an order. Half as many orders again arrive as the account can take. Virtual time: the figures do not depend on the
 * machine.
 */
import type { EngineDeps, IntegrationEngine } from '../harness/engine/engine.ts'
import { createNaiveEngine } from '../harness/engine/naive.ts'
import { createReferenceEngine } from '../harness/engine/reference.ts'
import { NOBODY } from '../harness/observe/observers.ts'
import { planRun } from '../harness/run-plan.ts'
import { parseScenario } from '../harness/scenario.ts'
import type { JournalEntry } from '../protocol/control.ts'
import { type Part, verdict } from './part.ts'
import { createSimulatedAccount, jobs, percentile, slotUse } from './simulated-account.ts'

type Range = readonly [least: number, most: number]

export interface EfficiencyRow {
  readonly situation: string
  readonly engine: string
  readonly ordersPerSec: number
  readonly bestPerSec: number
  readonly efficiency: number
  readonly refusedShare: number
  /** Lowest and highest of the seeds; absent: too few to say. */
  readonly efficiencyRange?: Range | undefined
  readonly refusedShareRange?: Range | undefined
  readonly p95Ms: number
  /** Calls of neighbours that got a slot at their first try. */
  readonly neighboursServed: number | undefined
  readonly goal: number | undefined
}

const DURATION_MS = 300_000
/** So many for the engine that has goals; the others are there to compare with. */
const SEEDS_OF_REFERENCE = 20
const SEEDS_OF_OTHERS = 2
/** The goals for the reference engine. */
const REFUSED_SHARE_MAX = 0.005

interface Situation {
  readonly name: string
  readonly slots: number
  readonly suiteCloudPlus: number
  readonly networkMs: number
  readonly neighbours: ReturnType<typeof jobs>
  /** Efficiency that the reference engine must reach. With a network before it no client that is never refused gets to 97 %. */
  readonly goal?: number
}

const SITUATIONS: readonly Situation[] = [
  {
    name: 'steady overload, 15 slots',
    slots: 15,
    suiteCloudPlus: 0,
    networkMs: 0,
    neighbours: [],
    goal: 0.97,
  },
  {
    name: 'the same with 10 ms of network each way',
    slots: 15,
    suiteCloudPlus: 0,
    networkMs: 10,
    neighbours: [],
  },
  {
    name: 'neighbours come and go, 25 slots, 10 ms of network',
    slots: 25,
    suiteCloudPlus: 1,
    networkMs: 10,
    neighbours: jobs(8, DURATION_MS),
    goal: 0.9,
  },
]

type Build = (deps: EngineDeps, slots: number) => IntegrationEngine

const ENGINES: Readonly<Record<string, Build>> = {
  reference: (deps) => createReferenceEngine(deps),
  // What somebody builds who knows the limit by heart, and nothing of neighbours.
  'fixed at the true limit': (deps, slots) =>
    createReferenceEngine(deps, undefined, { limiter: { limit: slots, add: () => {} } }),
  naive: (deps) => createNaiveEngine(deps),
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length)

interface Sailed {
  readonly orders: number
  readonly bestOrders: number
  readonly calls: number
  readonly refused: number
  readonly timesMs: readonly number[]
  readonly neighbourCalls: number
  readonly neighboursRefused: number
}

async function sail(situation: Situation, build: Build, seed: string): Promise<Sailed> {
  const { slots, suiteCloudPlus, networkMs, neighbours } = situation
  const profile = { suiteCloudPlus, neighbours }
  const account = createSimulatedAccount({ seed: `${situation.name} ${seed}`, profile, networkMs })
  const { clock, rng, simulator, originMs } = account
  const ratePerSec = 0.8 * slots
  const scenario = parseScenario({
    id: 'efficiency',
    title: 'Overload',
    why: 'An engine must use what the account grants.',
    shop: { redeliveryRatio: 0 },
    load: [{ executor: 'constant-arrival-rate', ratePerSec, durationMs: DURATION_MS }],
  })
  const plan = planRun(rng.fork('shop'), scenario, originMs, undefined)
  const doneAtMs = new Map<string, number>()
  const timesMs: number[] = []
  const engine = build(
    { ...account.deps, rng: rng.fork('engine'), observer: observerOf(doneAtMs, timesMs) },
    slots,
  )
  const entries = await clock.run(async () => {
    await account.importItems(plan.items)
    await account.emptyJournal()
    for (const { order, atMs } of plan.deliveries)
      clock.schedule(originMs + atMs - clock.now(), () => void engine.accept(order))
    await clock.sleep(originMs + DURATION_MS - clock.now())
    return account.journal()
  })
  simulator.close()
  const customers = new Set(
    plan.deliveries.filter(({ order }) => doneAtMs.has(order.id)).map(({ order }) => order.customer.id),
  )
  return judge(entries, simulator.integration, {
    originMs,
    slots,
    orders: doneAtMs.size,
    customers: customers.size,
    timesMs,
  })
}

function observerOf(doneAtMs: Map<string, number>, timesMs: number[]): EngineDeps['observer'] {
  return {
    ...NOBODY,
    attempt: ({ status, startedMs, endedMs }) => {
      if (status >= 200 && status < 300) timesMs.push(endedMs - startedMs)
    },
    completed: (key, _, atMs) => void doneAtMs.set(key, atMs),
  }
}

interface Run {
  readonly originMs: number
  readonly slots: number
  readonly orders: number
  readonly customers: number
  readonly timesMs: readonly number[]
}

/** The best: every millisecond of every slot that no neighbour held, spent on what these orders need and nothing else. */
function judge(entries: readonly JournalEntry[], own: string, run: Run): Sailed {
  const { originMs, slots, orders, customers } = run
  const ours = entries.filter(({ integration }) => integration === own)
  const others = entries.filter(({ integration }) => integration !== undefined && integration !== own)
  const heldMs = (recordType: string): number[] =>
    ours
      .filter(
        (entry) => entry.recordType === recordType && entry.committed && entry.slotUntilMs !== undefined,
      )
      .map(({ slotFromMs, slotUntilMs }) => slotUntilMs! - slotFromMs!)
  const orderMs = mean(heldMs('salesOrder')) + (customers / orders) * mean(heldMs('customer'))
  const { freeMs } = slotUse(entries, own, originMs, [{ fromMs: 0, slots }], [0, DURATION_MS])
  return {
    orders,
    bestOrders: freeMs / orderMs,
    calls: ours.length,
    refused: ours.filter(({ status }) => status === 429).length,
    timesMs: run.timesMs,
    neighbourCalls: others.length,
    neighboursRefused: others.filter(({ slotFromMs }) => slotFromMs === undefined).length,
  }
}

function rowOf(situation: Situation, engine: string, runs: readonly Sailed[]): EfficiencyRow {
  const total = (pick: (run: Sailed) => number): number => sum(runs.map(pick))
  const sec = (DURATION_MS / 1000) * runs.length
  const neighbourCalls = total((run) => run.neighbourCalls)
  return {
    situation: situation.name,
    engine,
    ordersPerSec: total(({ orders }) => orders) / sec,
    bestPerSec: total(({ bestOrders }) => bestOrders) / sec,
    efficiency: total(({ orders }) => orders) / total(({ bestOrders }) => bestOrders),
    refusedShare: total(({ refused }) => refused) / total(({ calls }) => calls),
    p95Ms: percentile(
      runs.flatMap(({ timesMs }) => timesMs),
      0.95,
    ),
    efficiencyRange: rangeOf(runs, ({ orders, bestOrders }) => orders / bestOrders),
    refusedShareRange: rangeOf(runs, ({ refused, calls }) => refused / calls),
    neighboursServed:
      neighbourCalls === 0
        ? undefined
        : 1 - total(({ neighboursRefused }) => neighboursRefused) / neighbourCalls,
    goal: engine === 'reference' ? situation.goal : undefined,
  }
}

function rangeOf(runs: readonly Sailed[], pick: (run: Sailed) => number): Range | undefined {
  if (runs.length <= SEEDS_OF_OTHERS) return undefined
  const values = runs.map(pick)
  return [Math.min(...values), Math.max(...values)]
}

/** Every engine in every situation. */
async function benchEfficiency(log: (line: string) => void): Promise<EfficiencyRow[]> {
  const rows: EfficiencyRow[] = []
  for (const situation of SITUATIONS) {
    for (const [engine, build] of Object.entries(ENGINES)) {
      const runs: Sailed[] = []
      const seeds = engine === 'reference' ? SEEDS_OF_REFERENCE : SEEDS_OF_OTHERS
      for (let seed = 1; seed <= seeds; seed++) runs.push(await sail(situation, build, `${seed}`))
      const row = rowOf(situation, engine, runs)
      rows.push(row)
      log(
        `${row.situation}, ${engine}: ${(row.efficiency * 100).toFixed(1)} %, 429 ${(row.refusedShare * 100).toFixed(2)} %`,
      )
    }
  }
  return rows
}

const percent = (ratio: number, digits = 1): string => `${(ratio * 100).toFixed(digits)} %`
const between = (range: Range | undefined, digits: number): string =>
  range === undefined ? '' : ` (${range.map((ratio) => (ratio * 100).toFixed(digits)).join('–')})`

function goalCells({ efficiency, refusedShare, goal }: EfficiencyRow): [string, string] {
  if (goal === undefined) return ['', '']
  return [
    `≥ ${percent(goal, 0)}, 429 ≤ ${percent(REFUSED_SHARE_MAX)}`,
    verdict(efficiency >= goal && refusedShare <= REFUSED_SHARE_MAX),
  ]
}

export const efficiency: Part<EfficiencyRow> = {
  name: 'efficiency',
  measure: benchEfficiency,
  document: 'docs/engine.md',
  tables: (rows) => [
    {
      title: 'What engines get out of an account, virtual time',
      columns: [
        'situation',
        'engine',
        'orders/s',
        'best',
        'efficiency',
        '429',
        'goal',
        '',
        'p95 of a call',
        'neighbours served at once',
      ],
      rows: rows.map((row) => [
        row.situation,
        row.engine,
        row.ordersPerSec.toFixed(2),
        row.bestPerSec.toFixed(2),
        percent(row.efficiency) + between(row.efficiencyRange, 1),
        percent(row.refusedShare, 2) + between(row.refusedShareRange, 2),
        ...goalCells(row),
        `${Math.round(row.p95Ms)} ms`,
        row.neighboursServed === undefined ? '' : percent(row.neighboursServed, 0),
      ]),
    },
  ],
}

/**
 * What a voyage may have beside orders, drawn apart from them: a login by tokens that end soon, batches at peak, budgets of calls, and a
 * queue that is busy, slow, or forgets to answer.
 */
import type { PeakOptions } from '../../../harness/engine/index.ts'
import type { CallBudget } from '../../../harness/engine/throttle/pacer.ts'
import { createRng, type Rng } from '../../../kernel/rng.ts'
import type { FaultInput } from '../../../protocol/fault.ts'
import { drawPlan, LASTING, type Plan, UNKNOWN_SKU } from './plan.ts'

/** From `fromMs` on, for a while, calls of the queue fail (`busy`), are carried out and not answered (`lost`), or take long (`slow`). */
export interface Trouble {
  readonly fromMs: number
  readonly untilMs: number
  readonly how: 'busy' | 'lost' | 'slow'
}

export interface Extras {
  /** OAuth 2.0, with access tokens that are good for so long. Absent: OAuth 1.0a. */
  readonly accessTokenSec: number | undefined
  readonly peak: PeakOptions | undefined
  /** Of each process. */
  readonly budgets: readonly CallBudget[]
  readonly troubles: readonly Trouble[]
}

/** The orders of seed `seed`, closer together, and what else there is. */
export function drawPeakPlan(seed: number): Plan {
  const orders = drawPlan(seed)
  const rng = createRng(`peak voyage ${seed}`)
  const share = rng.pick([0.02, 0.1, 1])
  const peak = rng.chance(0.8)
    ? { enterBacklog: rng.integer(3, 10), leaveBacklog: rng.integer(0, 2) }
    : undefined
  const plan = peak === undefined ? orders : withoutRefusals(orders)
  return {
    ...plan,
    deliveries: plan.deliveries.map((one) => ({ ...one, atMs: Math.round(one.atMs * share) })),
    faults: [...plan.faults, ...drawJobFaults(rng.fork('jobs'), plan.stormMs)],
    extras: {
      accessTokenSec: rng.chance(0.5) ? rng.pick([10, 60, 3_600]) : undefined,
      peak,
      budgets: drawBudgets(rng.fork('budgets')),
      troubles: drawTroubles(rng.fork('troubles'), plan),
    },
  }
}

/** What refuses one order or payment hears of single calls only: in a batch it would get through. */
function withoutRefusals(plan: Plan): Plan {
  const unknown = plan.deliveries.filter(({ order }) => order.line_items[0]!.sku === UNKNOWN_SKU)
  return {
    ...plan,
    faults: plan.faults.filter(({ id = '' }) => !id.startsWith(LASTING)),
    poison: new Set(unknown.map(({ order }) => order.id)),
    unpayable: new Set(),
  }
}

function drawBudgets(rng: Rng): CallBudget[] {
  const minute = { name: 'minute', windowMs: 60_000, callsMax: rng.integer(60, 150) }
  const longer = { name: 'longer', windowMs: 600_000, callsMax: rng.integer(400, 1_000), burstRatio: 0.5 }
  return [...(rng.chance(0.5) ? [minute] : []), ...(rng.chance(0.3) ? [longer] : [])]
}

/** Short beside a lease: an engine that cannot say that it lives for longer is taken for dead, and rightly. */
function drawTroubles(rng: Rng, { stormMs, leaseMs }: Plan): Trouble[] {
  return Array.from({ length: rng.pick([0, 1, 3]) }, () => {
    const fromMs = rng.integer(0, stormMs)
    const untilMs = fromMs + rng.integer(500, Math.min(10_000, leaseMs / 6))
    return { fromMs, untilMs, how: rng.pick(['busy', 'lost', 'slow'] as const) }
  })
}

/** Faults of what only batches use. */
function drawJobFaults(rng: Rng, stormMs: number): FaultInput[] {
  if (!rng.chance(0.6)) return []
  const operations = [rng.pick(['batch', 'batch', 'async', 'suiteql', 'token'] as const)]
  const common = { match: { operations }, probabilityRatio: rng.pick([0.2, 0.5]), untilMs: stormMs }
  return [
    {
      fault: rng.pick(['drop-response', 'drop-response', 'reject', 'no-answer'] as const),
      id: 'jobs',
      ...common,
    },
  ]
}

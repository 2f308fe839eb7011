/** The kinds of voyages. Each draws its plan from a seed alone, and gives what was wrong, each as `check: what`. */
import { drawPeakPlan } from './peak-plan.ts'
import { drawPlan } from './plan.ts'
import { drawRush } from './rush-plan.ts'
import { sailRush } from './rush-voyage.ts'
import { drawSyncPlan } from './sync-plan.ts'
import { sailSyncPlan } from './sync-voyage.ts'
import { sailPlan } from './voyage.ts'

export interface Kind {
  /** What a seed tries, as data. */
  readonly draw: (seed: number) => unknown
  readonly sail: (seed: number) => Promise<readonly string[]>
}

export const KINDS = {
  /** Orders, money and what follows them. */
  orders: { draw: drawPlan, sail: (seed) => sailPlan(drawPlan(seed)) },
  /** The same where calls are scarce: batches, budgets, tokens that end, a queue in trouble. */
  peak: { draw: drawPeakPlan, sail: (seed) => sailPlan(drawPeakPlan(seed)) },
  /** Two systems in step: delta, fields, stock levels, nightly comparison. */
  sync: { draw: drawSyncPlan, sail: (seed) => sailSyncPlan(drawSyncPlan(seed)) },
  /** More orders than the account can take: what is granted is found, used, and not overrun. */
  rush: { draw: drawRush, sail: (seed) => sailRush(drawRush(seed)) },
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS

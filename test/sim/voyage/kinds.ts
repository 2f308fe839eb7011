/** The kinds of voyages. Each draws its plan from a seed alone, and gives what was wrong, each as `check: what`. */
import { drawPlan } from './plan.ts'
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
  /** Two systems in step: delta, fields, stock levels, nightly comparison. */
  sync: { draw: drawSyncPlan, sail: (seed) => sailSyncPlan(drawSyncPlan(seed)) },
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS

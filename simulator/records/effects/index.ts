/** The effects of a write, in the order in which they run. Which of them concern a type is worked out once. */
import type { RecordType } from '../../spec/catalogue.ts'
import { moveBalances } from './balances.ts'
import { adjustCounts } from './counts.ts'
import type { Change, Effect } from './effect.ts'
import { guardOrders, moveOrders } from './orders.ts'
import { guardPayments, movePayments } from './payments.ts'
import { settleProposals } from './proposals.ts'
import { moveStock } from './stock.ts'

/** Goods move before the order counts them: a refusal of either undoes both. */
const EFFECTS: readonly Effect[] = [
  guardOrders,
  moveStock,
  moveOrders,
  guardPayments,
  movePayments,
  moveBalances,
  settleProposals,
  adjustCounts,
]

const known = new WeakMap<RecordType, readonly Effect[]>()

function effectsOf(type: RecordType): readonly Effect[] {
  let effects = known.get(type)
  if (effects === undefined) {
    effects = EFFECTS.filter((effect) => effect.concerns(type))
    known.set(type, effects)
  }
  return effects
}

/** Whether writing this type of record moves anything else: a write without effects needs no transaction of its own. */
export function hasEffects(type: RecordType): boolean {
  return effectsOf(type).length > 0
}

export function runEffects(change: Change): void {
  for (const effect of effectsOf(change.type)) effect.run(change)
}

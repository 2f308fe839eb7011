/** The effects of a write, in the order in which they run. */
import type { Change, Effect } from './effect.ts'

const EFFECTS: readonly Effect[] = []

/** Whether writing this kind of record moves anything else: a write without effects needs no transaction of its own. */
export function hasEffects(): boolean {
  return EFFECTS.length > 0
}

export function runEffects(change: Change): void {
  for (const effect of EFFECTS) effect(change)
}

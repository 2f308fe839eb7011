/**
 * Going back: to the start of the account, or to a snapshot. It happens between two requests. What was let in before and is
 * not carried out yet belongs to an earlier generation; the pipeline ends it without an answer.
 */
import type { Account } from './account.ts'

export interface Rewind {
  /** Another number after each reset and restore. */
  generation(): number
  /** Everything back to the start. */
  reset(): void
  /** Records, sequences, stock and jobs back to a snapshot; false when there is no such snapshot. */
  restore(snapshot: string): boolean
}

/** `others` are told of a reset, in their order; `fill` makes what every account holds from the start. */
export function createRewind(
  { store, jobs }: Pick<Account, 'store' | 'jobs'>,
  others: readonly { reset(): void }[],
  fill: () => void,
): Rewind {
  let generation = 0
  return {
    generation: () => generation,
    reset() {
      generation++
      jobs.reset()
      store.reset()
      for (const other of others) other.reset()
      fill()
    },
    restore(snapshot) {
      if (store.snapshots.get(snapshot) === undefined) return false
      generation++
      jobs.suspend()
      try {
        return store.snapshots.restore(snapshot)
      } finally {
        jobs.resume()
      }
    },
  }
}

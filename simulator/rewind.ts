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

/** What goes on in an account without a request. */
export function backgroundOf({ jobs, scripts }: Pick<Account, 'jobs' | 'scripts'>) {
  return scripts === undefined ? [jobs] : [jobs, scripts]
}

/** `others` are told of a reset, in their order; `fill` makes what every account holds from the start. */
export function createRewind(
  account: Pick<Account, 'store' | 'jobs' | 'scripts'>,
  others: readonly { reset(): void }[],
  fill: () => void,
): Rewind {
  const { store } = account
  const background = backgroundOf(account)
  let generation = 0
  return {
    generation: () => generation,
    reset() {
      generation++
      for (const work of background) work.reset()
      store.reset()
      for (const other of others) other.reset()
      fill()
    },
    restore(snapshot) {
      if (store.snapshots.get(snapshot) === undefined) return false
      generation++
      for (const work of background) work.suspend()
      try {
        return store.snapshots.restore(snapshot)
      } finally {
        for (const work of background) work.resume()
      }
    },
  }
}

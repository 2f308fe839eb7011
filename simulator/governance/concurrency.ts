/**
 * The account's pool of concurrency slots. A request over the limit is refused at once, never queued. [GOV-001, GOV-022]
 * A slot is held for as long as the account works on the request, whether or not the client still listens.
 */
import type { SlotsView } from '../../protocol/control.ts'
import { ApiFault } from '../api-fault.ts'

export interface SlotHolder {
  readonly sequence: number
  readonly sinceMs: number
  readonly method: string
  readonly path: string
  readonly integration: string
}

export interface ConcurrencyPool {
  /** Takes a slot, or throws the 429 of GOV-016. Call the result once, when the work is over. */
  acquire(holder: SlotHolder): () => void
  view(): SlotsView
  reset(): void
}

export function createConcurrencyPool(limit: number): ConcurrencyPool {
  const holders = new Map<number, SlotHolder>()
  let peak = 0
  let granted = 0
  let refused = 0
  return {
    acquire(holder) {
      if (holders.size >= limit) {
        refused++
        throw new ApiFault(
          'CONCURRENCY_LIMIT_EXCEEDED',
          'Concurrent request limit exceeded. Request blocked.',
        )
      }
      granted++
      holders.set(holder.sequence, holder)
      if (holders.size > peak) peak = holders.size
      return () => {
        holders.delete(holder.sequence)
      }
    },
    view: () => ({ limit, inUse: holders.size, peak, granted, refused, holders: [...holders.values()] }),
    // Requests still at work keep their slots: a reset empties the account, it does not stop time.
    reset() {
      peak = holders.size
      granted = 0
      refused = 0
    },
  }
}

/** The account's memory of requests: a ring of the newest entries, and exact counts of all. Bounded, whatever the load. [GOV-060] */
import type { JournalEntry, JournalPage, RequestUsage } from '../protocol/control.ts'
import { createRequestCounts } from './request-counts.ts'

export interface Journal {
  /** Number of the next request; call once per request, on arrival. */
  open(): number
  close(entry: JournalEntry): void
  /** Entries with a sequence above `after` that are wanted, in order of arrival, at most `limit`. */
  page(after: number, limit: number, isWanted?: (entry: JournalEntry) => boolean): JournalPage
  usage(): RequestUsage
  reset(): void
}

export function createJournal(capacity: number): Journal {
  // A request's place is fixed on arrival, so pages come out in that order although requests end in any other.
  let ring: (JournalEntry | undefined)[] = []
  let opened = 0
  let overwritten = 0
  /** Numbers go on after a reset, so that what was under way then is told from what came later. */
  let before = 0
  const counts = createRequestCounts()
  return {
    open: () => ++opened,
    close(entry) {
      if (entry.sequence <= before) return
      counts.add(entry)
      const at = (entry.sequence - 1) % capacity
      const there = ring[at]
      if (there !== undefined && there.sequence < entry.sequence) overwritten++
      else if (there !== undefined) return
      ring[at] = entry
    },
    page(after, limit, isWanted = () => true) {
      const items: JournalEntry[] = []
      let sequence = Math.max(after, opened - capacity, before) + 1
      for (; sequence <= opened && items.length < limit; sequence++) {
        const entry = ring[(sequence - 1) % capacity]
        if (entry?.sequence === sequence && isWanted(entry)) items.push(entry)
      }
      return { items, hasMore: sequence <= opened, overwritten, total: opened - before }
    },
    usage: () => ({ operations: counts.operations(), counts: counts.rows() }),
    reset() {
      counts.reset()
      ring = []
      before = opened
      overwritten = 0
    },
  }
}

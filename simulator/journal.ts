/** The account's memory of requests: a ring of the newest entries and a count of all. Bounded, whatever the load. */
import type { JournalEntry, JournalPage } from '../protocol/control.ts'

export interface Journal {
  /** Number of the next request; call once per request, on arrival. */
  open(): number
  close(entry: JournalEntry): void
  /** Entries with a sequence above `after`, in order of arrival, at most `limit`. */
  page(after: number, limit: number): JournalPage
  reset(): void
}

export function createJournal(capacity: number): Journal {
  // A request's place is fixed on arrival, so pages come out in that order although requests end in any other.
  let ring: (JournalEntry | undefined)[] = []
  let opened = 0
  let overwritten = 0
  /** Numbers go on after a reset, so that what was under way then is told from what came later. */
  let before = 0
  return {
    open: () => ++opened,
    close(entry) {
      if (entry.sequence <= before) return
      const at = (entry.sequence - 1) % capacity
      const there = ring[at]
      if (there !== undefined && there.sequence < entry.sequence) overwritten++
      else if (there !== undefined) return
      ring[at] = entry
    },
    page(after, limit) {
      const items: JournalEntry[] = []
      let sequence = Math.max(after, opened - capacity, before) + 1
      for (; sequence <= opened && items.length < limit; sequence++) {
        const entry = ring[(sequence - 1) % capacity]
        if (entry?.sequence === sequence) items.push(entry)
      }
      return { items, hasMore: sequence <= opened, overwritten, total: opened - before }
    },
    reset() {
      ring = []
      before = opened
      overwritten = 0
    },
  }
}

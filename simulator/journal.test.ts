/** If these fail, checks judge a run by a journal that has holes, repeats or grows without bound. */
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../protocol/control.ts'
import { createJournal } from './journal.ts'

const entry = (sequence: number): JournalEntry => ({
  sequence,
  receivedMs: sequence,
  endedMs: sequence,
  method: 'GET',
  path: '/',
  operation: 'record.get',
  status: 200,
  committed: false,
  delivery: 'answered',
  requestBytes: 0,
  responseBytes: 0,
  operationId: String(sequence),
})

describe('the journal', () => {
  it('pages through entries in order of arrival although they end in another', () => {
    const journal = createJournal(10)
    const sequences = [journal.open(), journal.open(), journal.open()]
    for (const sequence of [3, 1, 2]) journal.close(entry(sequence))
    expect(sequences).toEqual([1, 2, 3])
    const first = journal.page(0, 2)
    expect(first.items.map(({ sequence }) => sequence)).toEqual([1, 2])
    expect(first.hasMore).toBe(true)
    const second = journal.page(2, 2)
    expect(second.items.map(({ sequence }) => sequence)).toEqual([3])
    expect(second).toMatchObject({ hasMore: false, overwritten: 0, total: 3 })
  })
  it('keeps the newest, counts what it pushed out, and ignores what ends after its place was taken', () => {
    const journal = createJournal(3)
    for (let count = 0; count < 5; count++) journal.open()
    for (const sequence of [2, 3, 4, 5, 1]) journal.close(entry(sequence))
    // What the ring has lost is counted all the same.
    expect(journal.usage().counts).toEqual([
      { operation: 'record.get', channel: 'rest', status: 200, count: 5 },
    ])
    const { items, overwritten, total } = journal.page(0, 100)
    expect(items.map(({ sequence }) => sequence)).toEqual([3, 4, 5])
    expect({ overwritten, total }).toEqual({ overwritten: 1, total: 5 })
  })
  it('tells the median response time to within one per cent [GOV-066, GOV-067]', () => {
    const journal = createJournal(3)
    for (const ms of [10, 20, 40, 80, 5000])
      journal.close({ ...entry(journal.open()), receivedMs: 0, endedMs: ms })
    const { medianMs } = journal.usage().operations[0]!
    expect(Math.abs(medianMs - 40)).toBeLessThan(0.4)
  })
  it('counts made-up error codes as one, when there are too many', () => {
    const journal = createJournal(3)
    for (let n = 0; n < 3000; n++) journal.close({ ...entry(journal.open()), errorCode: `E${n}` })
    const { counts } = journal.usage()
    expect(counts).toHaveLength(2001)
    expect(counts.find(({ errorCode }) => errorCode === 'other')?.count).toBe(1000)
  })
  it('starts anew after a reset', () => {
    const journal = createJournal(3)
    journal.open()
    journal.reset()
    expect(journal.page(0, 10)).toEqual({ items: [], hasMore: false, overwritten: 0, total: 0 })
    // Numbers go on: what was under way at the reset must not take the place of what came after it.
    expect(journal.open()).toBe(2)
    journal.close(entry(1))
    journal.close(entry(2))
    expect(journal.usage().operations).toMatchObject([{ operation: 'record.get', count: 1 }])
    expect(journal.page(0, 10)).toMatchObject({ items: [{ sequence: 2 }], overwritten: 0, total: 1 })
  })
})

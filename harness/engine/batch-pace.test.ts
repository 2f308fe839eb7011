/** If this fails, batches make orders wait for minutes, cost more calls than they save, or crowd out an account's other jobs. */
import { describe, expect, it } from 'vitest'
import { BATCH_RECORDS_MAX, BATCH_RECORDS_MIN, BATCH_RECORDS_START, BatchPace } from './batch-pace.ts'

const batch = (records: number, tookMs: number, startedMs = 0, type = 'salesOrder') => ({
  type,
  records,
  startedMs,
  endedMs: startedMs + tookMs,
})

describe('the size of a batch', () => {
  it('is what the account writes in half a minute, within what a batch may hold [REC-210]', () => {
    const pace = new BatchPace()
    expect(pace.size('salesOrder')).toBe(BATCH_RECORDS_START)
    const sizes = [batch(20, 20_000), batch(20, 2_000), batch(20, 200_000)].map((ended) => {
      pace.learn(ended)
      return pace.size('salesOrder')
    })
    expect(sizes).toEqual([30, BATCH_RECORDS_MAX, BATCH_RECORDS_MIN])
    expect(pace.size('customer')).toBe(BATCH_RECORDS_START)
  })
  it('knows how long a batch takes at least', () => {
    const pace = new BatchPace()
    expect(pace.leastMs('salesOrder', 10)).toBe(0)
    pace.learn(batch(10, 10_000))
    pace.learn(batch(10, 40_000))
    expect(pace.leastMs('salesOrder', 25)).toBe(25_000)
  })
})

describe('the number of batches at once', () => {
  it('grows by about one a round while they do not slow each other down, to the most [ASY-042]', () => {
    const pace = new BatchPace()
    const seen = [pace.jobsMax]
    for (let round = 0; round < 40; round++) {
      const jobs = pace.jobsMax
      for (let n = 0; n < jobs; n++) pace.learn(batch(10, 10_000))
      seen.push(pace.jobsMax)
    }
    expect(seen.slice(0, 6)).toEqual([3, 3, 4, 5, 6, 7])
    expect(seen.at(-1)).toBe(30)
  })
  it('falls once per round when they wait for each other, and never below two', () => {
    const pace = new BatchPace()
    pace.learn(batch(10, 10_000))
    for (let n = 0; n < 3; n++) pace.learn(batch(10, 20_000, 5_000))
    expect(pace.jobsMax).toBe(2)
    for (let n = 1; n < 50; n++) pace.learn(batch(10, 20_000, n * 100_000))
    expect(pace.jobsMax).toBe(2)
  })
  it('is not lessened twice by batches of one round', () => {
    const pace = new BatchPace()
    for (let n = 0; n < 500; n++) pace.learn(batch(10, 10_000))
    for (let n = 0; n < 30; n++) pace.learn(batch(10, 20_000, 1_000))
    expect(pace.jobsMax).toBe(24)
    pace.learn(batch(10, 20_000, 30_000))
    expect(pace.jobsMax).toBe(19)
  })
  it('stays where it is in between', () => {
    const pace = new BatchPace()
    pace.learn(batch(10, 10_000))
    const before = pace.jobsMax
    for (let n = 0; n < 50; n++) pace.learn(batch(10, 15_000, n * 100_000))
    expect(pace.jobsMax).toBe(before)
  })
})

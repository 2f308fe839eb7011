/** If these fail, a bad hour of an account becomes a storm of retries, or an engine full of retries stands still. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { earned, newRetryBudget, spent } from './retry-budget.ts'

describe('retry budget', () => {
  it('lets a hundred retries pass at once and puts the next ones off, one after the other', () => {
    let budget = newRetryBudget(0)
    const waits: number[] = []
    for (let n = 0; n < 103; n++) {
      const { budget: left, waitMs } = spent(budget, 0)
      budget = left
      waits.push(waitMs)
    }
    expect(waits.slice(0, 100).every((ms) => ms === 0)).toBe(true)
    expect(waits.slice(100)).toEqual([500, 1000, 1500])
  })
  it('earns half a retry with each first try and two a second, up to a hundred', () => {
    const broke = { tokens: 0, atMs: 0 }
    expect(earned(broke, 0).tokens).toBe(0.5)
    expect(earned(broke, 3000).tokens).toBe(6.5)
    expect(earned(broke, 1_000_000).tokens).toBe(100)
  })

  it('allows no more retries than half the first tries, two a second, and a hundred, however they fall', () => {
    const step = fc.record({ isFirst: fc.boolean(), waitMs: fc.integer({ min: 0, max: 500 }) })
    const property = fc.property(fc.array(step, { minLength: 200, maxLength: 800 }), (steps) => {
      let budget = newRetryBudget(0)
      let nowMs = 0
      let firstTries = 0
      const retriesMs: number[] = []
      for (const { isFirst, waitMs } of steps) {
        nowMs += waitMs / 10
        if (isFirst) {
          firstTries++
          budget = earned(budget, nowMs)
        } else {
          const { budget: left, waitMs: putOffMs } = spent(budget, nowMs)
          budget = left
          retriesMs.push(nowMs + putOffMs)
        }
      }
      const made = retriesMs.filter((ms) => ms <= nowMs).length
      expect(made).toBeLessThanOrEqual(100 + firstTries / 2 + (2 * nowMs) / 1000 + 1)
      // Put off, not turned away: the last of them has its moment.
      expect(Math.max(0, ...retriesMs)).toBeLessThanOrEqual(nowMs + (steps.length * 1000) / 2)
    })
    fc.assert(property, { seed: 6, numRuns: 100 })
  })
})

/** If these fail, refused callers come back too early, in step with each other, or not at all. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import { BACKOFF_DEFAULT, backoffMs, RETRY_AFTER_MS_MAX } from './backoff.ts'

describe('backoffMs', () => {
  it('stays within the bound of its attempt, and never before Retry-After', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -1, max: 10_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.option(fc.double({ min: 0, max: 1e7, noNaN: true }), { nil: undefined }),
        (seed, attempt, baseMs, capMs, retryAfterMs) => {
          const delayMs = backoffMs(createRng(seed), attempt, { baseMs, capMs }, retryAfterMs)
          const floorMs = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MS_MAX)
          const boundMs = Math.min(capMs, baseMs * 2 ** Math.min(30, Math.max(0, attempt - 1)))
          return delayMs >= floorMs && delayMs <= floorMs + boundMs
        },
      ),
    )
  })

  it('spreads evenly over its whole bound', () => {
    const rng = createRng('spread')
    const delays = Array.from({ length: 10_000 }, () => backoffMs(rng, 4))
    const boundMs = BACKOFF_DEFAULT.baseMs * 8
    for (let tenth = 0; tenth < 10; tenth++) {
      const inside = delays.filter((ms) => ms >= (tenth * boundMs) / 10 && ms < ((tenth + 1) * boundMs) / 10)
      expect(inside.length).toBeGreaterThan(850)
      expect(inside.length).toBeLessThan(1_150)
    }
  })

  it('doubles its bound until the cap', () => {
    const most = { ...createRng(1), next: () => 1 }
    const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => backoffMs(most, attempt))
    expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })
})

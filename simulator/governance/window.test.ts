/** If these fail, the frequency limits let through or hold back what a rolling window would not. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRollingWindow } from './window.ts'

const WINDOW_MS = 60_000

/** The same by counting every time anew. */
function naiveCounter(limitAtFirst: number) {
  const times: number[] = []
  let limit = limitAtFirst
  return {
    used: (now: number) => times.filter((time) => time > now - WINDOW_MS).length,
    fits(now: number) {
      return this.used(now) < limit
    },
    add: (now: number) => void times.push(now),
    resize: (next: number) => {
      limit = next
    },
  }
}

describe('a rolling window [GOV-030, GOV-031]', () => {
  it('equals a counter that remembers everything, also when the limit changes', () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 0, max: 20_000 }),
      resize: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 12 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 80 }), (limit, steps) => {
        const window = createRollingWindow(WINDOW_MS, limit)
        const naive = naiveCounter(limit)
        let now = 0
        for (const { gapMs, resize } of steps) {
          now += gapMs
          if (resize !== null) {
            window.resize(resize, now)
            naive.resize(resize)
          }
          const fits = window.waitMs(now) === 0
          expect(fits).toBe(naive.fits(now))
          if (fits) {
            window.add(now)
            naive.add(now)
          }
          expect(window.view(now).used).toBe(naive.used(now))
        }
      }),
      { seed: 11, numRuns: 300 },
    )
  })
  it('says exactly how long to wait', () => {
    const window = createRollingWindow(WINDOW_MS, 2)
    window.add(1000)
    window.add(5000)
    expect(window.waitMs(6000)).toBe(55_000)
    expect(window.waitMs(60_999)).toBe(1)
    expect(window.waitMs(61_000)).toBe(0)
  })
})

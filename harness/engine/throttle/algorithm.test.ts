/**
 * If these fail, processes that share an account through a database, or a run that is replayed, come to other limits than
 * the process that learned them, or to one that stops all work.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aimd } from './aimd.ts'
import { createLimiter, type LimitAlgorithm, type Sample } from './algorithm.ts'
import { gradient } from './gradient.ts'
import { knownLevel } from './known-level.ts'
import { vegas } from './vegas.ts'

const ALGORITHMS = [knownLevel, aimd, gradient, vegas] as readonly LimitAlgorithm<unknown>[]

const sample: fc.Arbitrary<Sample> = fc.record({
  signal: fc.constantFrom('ok', 'ok', 'ok', 'refused', 'failed'),
  operation: fc.constantFrom('a', 'b', '__proto__'),
  level: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 200 })),
  binding: fc.constantFrom(true, true, false),
  startedMs: fc.integer({ min: 0, max: 1_000_000 }),
  endedMs: fc.integer({ min: 1_000_000, max: 2_000_000 }),
})

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
}

describe.each(ALGORITHMS)('$name', (algorithm) => {
  it('gives whole limits from 1 to 140, whatever the samples, and goes on from a state written down', () => {
    const property = fc.property(fc.array(sample, { maxLength: 300 }), (samples) => {
      let state = algorithm.initial()
      for (const one of samples) {
        deepFreeze(state)
        state = algorithm.after(state, one)
        const written = JSON.parse(JSON.stringify(state))
        expect(written).toEqual(state)
        const limit = algorithm.limit(written)
        expect(Number.isInteger(limit) && limit >= 1 && limit <= 140, `${limit}`).toBe(true)
      }
    })
    fc.assert(property, { seed: 1, numRuns: 100 })
  })
  it('learns nothing from permits that were not needed', () => {
    const limiter = createLimiter(algorithm)
    for (let n = 0; n < 500; n++)
      limiter.add({ signal: 'ok', operation: 'a', level: 1, binding: false, startedMs: n, endedMs: n + 1 })
    expect(limiter.limit).toBe(2)
  })
})

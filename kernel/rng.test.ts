/** If these fail, equal seeds no longer give equal runs, or a new draw in one part shifts another. */
import { describe, expect, it } from 'vitest'
import { createRng } from './rng.ts'

const draws = (rng: ReturnType<typeof createRng>, count = 100) =>
  Array.from({ length: count }, () => rng.next())

describe('rng', () => {
  it('gives the same stream for the same seed, another for another', () => {
    expect(draws(createRng(7))).toEqual(draws(createRng('7')))
    expect(draws(createRng(7))).not.toEqual(draws(createRng(8)))
  })
  it('pins its values, so that recorded seeds stay good', () => {
    expect(createRng(7).hex(16)).toBe('5f0f2e48142d4867')
    expect(createRng(7).fork('faults').uuid()).toBe('849aa059-3bf3-4d62-8a52-3f167e585e6e')
  })
  it('forks independently of what was drawn before', () => {
    const used = createRng(7)
    draws(used)
    expect(draws(used.fork('a'))).toEqual(draws(createRng(7).fork('a')))
    expect(draws(createRng(7).fork('a'))).not.toEqual(draws(createRng(7).fork('b')))
  })
  it('keeps to its ranges', () => {
    const rng = createRng(1)
    for (let turn = 0; turn < 5000; turn++) {
      const value = rng.integer(-2, 3)
      expect(Number.isInteger(value) && value >= -2 && value <= 3).toBe(true)
    }
    expect(rng.chance(0)).toBe(false)
    expect(rng.chance(1)).toBe(true)
    expect(rng.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
  it('draws normals with mean 0 and deviation 1', () => {
    const rng = createRng(1)
    const values = Array.from({ length: 20_000 }, () => rng.normal())
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })
  it('refuses to pick from nothing', () => {
    expect(() => createRng(1).pick([])).toThrow('invariant')
  })
})

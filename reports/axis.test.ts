/** If this fails, axes have odd or colliding ticks, or a line runs out of its picture. */
import { describe, expect, it } from 'vitest'
import { amountAxis, durationAxis, timeTicks } from './axis.ts'

const HOUR_MS = 3_600_000

describe('timeTicks', () => {
  it.each([
    [2_000, '0.5 s'],
    [60_000, '10 s'],
    [534_000, '1 min'],
    [HOUR_MS, '10 min'],
    [24 * HOUR_MS, '3 h'],
    [30 * 24 * HOUR_MS, '5 d'],
  ])('of an axis of %d ms step by %s', (endMs, first) => {
    const ticks = timeTicks(endMs)
    expect(ticks[0]).toEqual({ at: 0, label: '0' })
    expect(ticks[1]?.label).toBe(first)
    expect(ticks.length).toBeLessThanOrEqual(10)
    expect(ticks.at(-1)!.at).toBeLessThanOrEqual(endMs)
  })
  it('stay few whatever the length', () => {
    for (let endMs = 1; endMs < 1e12; endMs *= 1.7) expect(timeTicks(endMs).length).toBeLessThanOrEqual(11)
  })
})

describe('value axes', () => {
  it('start at zero and leave room above', () => {
    for (let top = 0.003; top < 1e9; top *= 1.9)
      for (const axis of [amountAxis(top, false), amountAxis(Math.ceil(top), true), durationAxis(top)]) {
        expect(axis.ticks[0]!.at).toBe(0)
        expect(axis.max).toBeGreaterThan(top)
        expect(axis.ticks.length).toBeLessThanOrEqual(5)
      }
  })
  it('have whole steps for whole amounts', () => {
    expect(amountAxis(1, true).ticks.map(({ label }) => label)).toEqual(['0', '1', '2'])
  })
  it('choose the unit by the longest', () => {
    expect(durationAxis(448_000).ticks.map(({ label }) => label)).toEqual(['0', '5 min', '10 min'])
    expect(durationAxis(1320).ticks.at(-1)!.label).toBe('1.5 s')
    expect(durationAxis(40).ticks.at(-1)!.label).toBe('60 ms')
  })
  it('stand even without a value', () => {
    expect(amountAxis(0, true)).toEqual({ max: 1, ticks: [{ at: 0, label: '0' }] })
    expect(durationAxis(0).ticks).toHaveLength(1)
  })
})

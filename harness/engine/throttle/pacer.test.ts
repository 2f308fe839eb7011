/** If these fail, an engine spends a day's calls by noon and then stands still, or sends more than it was allowed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pacer } from './pacer.ts'

/** When a caller that always wants to send, sends; milliseconds. */
function greedy(pacer: Pacer, untilMs: number, fromMs = 0): number[] {
  const sentMs: number[] = []
  for (let nowMs = fromMs; nowMs < untilMs; ) {
    const waitMs = pacer.waitMs(nowMs)
    if (waitMs > 0) {
      // Never less than the clock can tell apart.
      nowMs += Math.max(waitMs, 0.001)
      continue
    }
    pacer.take(nowMs)
    sentMs.push(nowMs)
  }
  return sentMs
}

describe('pacer', () => {
  it('sends a quarter at once and the rest evenly, never with a stop [GOV-031]', () => {
    const pacer = new Pacer({ name: 'minute', windowMs: 60_000, callsMax: 1000 })
    const sentMs = greedy(pacer, 300_000)
    expect(sentMs.filter((ms) => ms === 0)).toHaveLength(250)
    const gaps = sentMs.slice(250).map((ms, at) => ms - sentMs[249 + at]!)
    expect(Math.max(...gaps)).toBeLessThan(81)
    expect(sentMs.filter((ms) => ms >= 240_000)).toHaveLength(750)
  })
  it('tells how much of the window is used, and forgets what has left it', () => {
    const pacer = new Pacer({ name: 'day', windowMs: 86_400_000, callsMax: 100, burstRatio: 0.5 })
    for (let n = 0; n < 40; n++) pacer.take(1_000_000)
    expect(pacer.status(2_000_000)).toEqual({ name: 'day', used: 40, limit: 100 })
    expect(pacer.status(86_000_000).used).toBe(40)
    expect(pacer.status(90_000_000).used).toBe(0)
  })
  it('refuses what cannot be kept', () => {
    expect(() => new Pacer({ name: 'x', windowMs: 1000, callsMax: 0 })).toThrow('cannot be kept')
  })

  it('keeps every window within the budget, and uses up what it may', () => {
    const budgets = fc.record({
      callsMax: fc.integer({ min: 1, max: 100 }),
      windowMs: fc.integer({ min: 1000, max: 100_000 }),
      burstRatio: fc.double({ min: 0, max: 0.9, noNaN: true }),
    })
    const property = fc.property(budgets, fc.integer({ min: 0, max: 100_000 }), (budget, pauseMs) => {
      const pacer = new Pacer({ name: 'b', ...budget })
      const first = greedy(pacer, 2 * budget.windowMs)
      const sentMs = [
        ...first,
        ...greedy(pacer, 4 * budget.windowMs + pauseMs, 2 * budget.windowMs + pauseMs),
      ]
      sentMs.forEach((fromMs, at) => {
        const inWindow = sentMs.slice(at).filter((ms) => ms < fromMs + budget.windowMs - 0.01)
        expect(inWindow.length).toBeLessThanOrEqual(budget.callsMax)
      })
      // Two windows hold the burst once and the even flow twice; whole milliseconds cost a little.
      const burst = Math.max(1, Math.floor(budget.callsMax * budget.burstRatio))
      expect(first.length).toBeGreaterThanOrEqual(Math.max(1, 0.8 * (2 * budget.callsMax - burst) - 3))
    })
    fc.assert(property, { seed: 5, numRuns: 40 })
  })
})

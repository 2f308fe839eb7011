/** If these fail, an engine storms an account that is down, never comes back to one that is up again, or waits for nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import { admits, afterCall, afterSending, type Breaker, CLOSED } from './breaker.ts'

const end = (signal: 'ok' | 'refused' | 'failed', nowMs: number, isProbe = false, retryAfterMs?: number) => ({
  signal,
  isProbe,
  nowMs,
  retryAfterMs,
})

function missed(count: number, nowMs = 1000): Breaker {
  let breaker: Breaker = CLOSED
  for (let n = 0; n < count; n++) breaker = afterCall(createRng(n), breaker, end('failed', nowMs))
  return breaker
}

describe('breaker', () => {
  it('opens at the fifth miss in a row, refusals among them, not at the fourth', () => {
    expect(missed(4)).toEqual({ state: 'closed', misses: 4 })
    const opened = afterCall(createRng(1), missed(4), end('refused', 1000))
    expect(opened).toMatchObject({ state: 'open', openings: 1 })
    expect(admits(opened, 1000)).toBe(false)
    expect(admits(opened, 1500)).toBe(true)
  })
  it('counts anew after a success', () => {
    const breaker = afterCall(createRng(1), missed(4), end('ok', 1000))
    expect(afterCall(createRng(1), breaker, end('failed', 1000))).toEqual({ state: 'closed', misses: 1 })
  })
  it('lets one call through when half open, and waits for its end', () => {
    const probing = afterSending(missed(5))
    expect(probing).toEqual({ state: 'half-open', openings: 1, isFull: false })
    expect(admits(probing, 99_999)).toBe(false)
    expect(afterCall(createRng(1), probing, end('failed', 5000))).toBe(probing)
    expect(afterCall(createRng(1), probing, end('ok', 5000))).toBe(probing)
    expect(afterCall(createRng(1), probing, end('failed', 5000, true))).toMatchObject({
      state: 'open',
      openings: 2,
    })
    expect(afterCall(createRng(1), probing, end('ok', 5000, true))).toEqual(CLOSED)
  })
  it('is closed by a call from before where the pool was full: that has a free slot now', () => {
    const full = afterCall(createRng(1), missed(4), end('refused', 1000))
    expect(afterCall(createRng(1), full, end('ok', 1100))).toEqual(CLOSED)
  })
  it('waits at least as long as the account asked [REC-305]', () => {
    const opened = afterCall(createRng(1), missed(4), end('refused', 1000, false, 20_000))
    expect(admits(opened, 20_999)).toBe(false)
    expect(admits(opened, 21_500)).toBe(true)
  })

  const step = fc.record({
    signal: fc.constantFrom('ok' as const, 'refused' as const, 'failed' as const),
    waitMs: fc.integer({ min: 0, max: 40_000 }),
    sends: fc.boolean(),
    ends: fc.nat(),
  })
  it('sends nothing while open, one at a time until one succeeds, and never waits for ever', () => {
    const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const rng = createRng('property')
      let breaker: Breaker = CLOSED
      let nowMs = 0
      let missesInRow = 0
      const inFlight: boolean[] = []
      for (const { signal, waitMs, sends, ends } of steps) {
        nowMs += waitMs
        if (sends && admits(breaker, nowMs)) {
          if (missesInRow >= 5) expect(inFlight.filter((isProbe) => isProbe)).toHaveLength(0)
          breaker = afterSending(breaker)
          inFlight.push(breaker.state === 'half-open')
        } else if (inFlight.length > 0) {
          const [isProbe] = inFlight.splice(ends % inFlight.length, 1) as [boolean]
          const isNews = isProbe || breaker.state === 'closed' || breaker.isFull
          breaker = afterCall(rng, breaker, end(signal, nowMs, isProbe))
          if (signal !== 'ok') missesInRow++
          else if (isNews) missesInRow = 0
          if (missesInRow >= 5) expect(breaker.state).not.toBe('closed')
        }
        if (missesInRow === 0) expect(breaker).toEqual(CLOSED)
        // Nothing in flight and nobody let in within the longest pause: that would be for ever.
        if (inFlight.length === 0) expect(admits(breaker, nowMs + 30_000)).toBe(true)
      }
    })
    fc.assert(property, { seed: 3, numRuns: 300 })
  })
})

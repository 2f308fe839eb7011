/** If these fail, every latency in every report is wrong, or differs between two runs of one seed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram, roundMs } from './histogram.ts'

const filled = (latencies: readonly number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  for (const latencyMs of latencies) histogram.record(latencyMs)
  return histogram
}

describe('LatencyHistogram', () => {
  it('agrees with a sorted list to three significant digits', () => {
    const latency = fc.oneof(
      fc.double({ min: 0.001, max: 10, noNaN: true }),
      fc.double({ min: 1, max: 3_600_000, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (latencies) => {
        const histogram = filled(latencies)
        const sorted = latencies.map(roundMs).sort((a, b) => a - b)
        for (const percentile of [50, 90, 95, 99, 99.9, 100]) {
          const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length))
          const exact = sorted[rank - 1]!
          const got = histogram.percentileMs(percentile)!
          expect(Math.abs(got - exact)).toBeLessThanOrEqual(exact * 0.001 + 0.001)
        }
        expect(histogram.minMs()).toBeCloseTo(sorted[0]!, 3)
        expect(histogram.maxMs()).toBeCloseTo(sorted.at(-1)!, 3)
      }),
      { seed: 7, numRuns: 100 },
    )
  })
  it('gives zeros when it is empty, and no percentile', () => {
    const histogram = new LatencyHistogram()
    expect(new Set(Object.values(histogram.summary()))).toEqual(new Set([0]))
    expect(histogram.percentileMs(95)).toBeUndefined()
  })
  it('keeps the exact extremes when a latency exceeds an hour', () => {
    const histogram = filled([7_200_000, 0])
    expect(histogram.maxMs()).toBe(7_200_000)
    expect(histogram.percentileMs(50)).toBe(0)
    expect(histogram.percentileMs(100)).toBeGreaterThanOrEqual(3_600_000)
  })
  it('does not depend on the order of what it is told', () => {
    expect(filled([3.3, 1.1, 2.2]).summary()).toEqual(filled([1.1, 2.2, 3.3]).summary())
  })
})

/** If this fails, merging steps for the pictures invents or loses orders, or a fault is shaded at the wrong time. */
import { describe, expect, it } from 'vitest'
import { emptySeries, sale, saleFaults } from './fixture.ts'
import { faultText, faultWindows, rates, rateUnit, timelineOf } from './timeline.ts'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('timelineOf', () => {
  const { series } = sale({ loadMs: 86_400_000, stepMs: 10_000, peakPerSec: 1 })
  const timeline = timelineOf(series)!
  it('merges a day into few bins without losing a count', () => {
    expect(timeline.atMs.length).toBeLessThanOrEqual(400)
    expect(timeline.binMs).toBe(timeline.stepsPerBin * 10_000)
    for (const key of ['arrivals', 'completions', 'calls', 'refused', 'faultHits'] as const)
      expect(sum(timeline[key])).toBe(sum(series[key]))
  })
  it('keeps the highest of maxima and percentiles', () => {
    expect(Math.max(...timeline.queueDepth)).toBe(Math.max(...series.queueDepth))
    expect(Math.max(...timeline.latencyP99Ms.map(Number))).toBe(Math.max(...series.latencyP99Ms.map(Number)))
  })
  it('leaves a short series as it is', () => {
    const short = sale({ loadMs: 60_000 }).series
    expect(timelineOf(short)).toMatchObject({
      stepsPerBin: 1,
      arrivals: short.arrivals,
      latencyP50Ms: short.latencyP50Ms,
    })
  })
  it('is undefined without a step', () => {
    expect(timelineOf(emptySeries())).toBeUndefined()
  })
})

describe('rates', () => {
  it('count in the shortest unit that reaches one', () => {
    expect(rateUnit([3], 1000).name).toBe('second')
    expect(rateUnit([3], 60_000).name).toBe('minute')
    expect(rateUnit([0, 0], 60_000).name).toBe('second')
    expect(rates([3, 6], 60_000, rateUnit([6], 60_000))).toEqual([3, 6])
  })
})

describe('faults', () => {
  const timeline = timelineOf(sale().series)!
  it('are cut to the axis', () => {
    const [closed, , open, late] = faultWindows(
      [
        saleFaults[0]!,
        saleFaults[1]!,
        {
          id: 'open',
          spec: { fault: 'reset-before', probabilityRatio: 1, fromMs: 5000 },
          considered: 0,
          hits: 0,
        },
        {
          id: 'late',
          spec: { fault: 'reset-before', probabilityRatio: 1, fromMs: 9e9 },
          considered: 0,
          hits: 0,
        },
      ],
      timeline,
    )
    expect(closed!.span).toEqual({ fromMs: 120_000, untilMs: 180_000 })
    expect(open!.span).toEqual({ fromMs: 5000, untilMs: timeline.endMs })
    expect(late!.span).toBeUndefined()
  })
  it('say what they do', () => {
    expect(saleFaults.map(({ spec }) => faultText(spec))).toEqual([
      '503 to 35% of POST salesOrder',
      'answer lost after 2% of POST',
    ])
    expect(faultText({ fault: 'reset-before', probabilityRatio: 1, fromMs: 0 })).toBe(
      'connection reset before every request',
    )
  })
})

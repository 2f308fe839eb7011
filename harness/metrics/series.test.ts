/** If these fail, the charts show another run than the one that happened, or the peak of slots is wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { journalEntry } from '../testing/fake-control.ts'
import { computeSeries, stepFor } from './series.ts'
import { peakSlots, sweepSlots } from './slots.ts'

const ORIGIN = 1_000_000
const entry = (fromMs: number, untilMs: number, more = {}) =>
  journalEntry(1, ORIGIN + fromMs, ORIGIN + untilMs, more)

describe('sweepSlots', () => {
  it('lets a slot be taken at the instant at which another is given back', () => {
    expect(sweepSlots([entry(0, 10), entry(10, 20)])).toEqual([
      { atMs: ORIGIN, inUse: 1 },
      { atMs: ORIGIN + 10, inUse: 1 },
      { atMs: ORIGIN + 20, inUse: 0 },
    ])
  })
  it('leaves out calls without a slot and slots held for no time, and counts one never given back', () => {
    const none = entry(0, 10, { slotFromMs: undefined, slotUntilMs: undefined })
    const open = entry(5, 10, { slotUntilMs: undefined })
    expect(peakSlots(sweepSlots([none, entry(3, 3)]))).toBe(0)
    expect(sweepSlots([open]).at(-1)).toEqual({ atMs: ORIGIN + 5, inUse: 1 })
  })
  it('agrees with counting at every instant', () => {
    const interval = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 40 }), (intervals) => {
        let most = 0
        for (let at = 0; at <= 70; at++) {
          const held = intervals.filter(([from, length]) => from <= at && at < from + length).length
          most = Math.max(most, held)
        }
        const entries = intervals.map(([from, length]) => entry(from, from + length))
        expect(peakSlots(sweepSlots(entries))).toBe(most)
      }),
      { seed: 7 },
    )
  })
})

describe('computeSeries', () => {
  const journal = [
    entry(500, 1500),
    entry(600, 2500, { status: 429 }),
    entry(3100, 3200, { fault: 'x', status: 0 }),
  ]
  const series = computeSeries({
    originMs: ORIGIN,
    arrivalsMs: [100, 200, 1000],
    completions: [
      { atMs: ORIGIN + 1500, latencyMs: 1400 },
      { atMs: ORIGIN + 1600, latencyMs: 600 },
    ],
    backlog: [
      { atMs: ORIGIN + 100, size: 1 },
      { atMs: ORIGIN + 200, size: 2 },
      { atMs: ORIGIN + 3050, size: 0 },
    ],
    modes: [
      { atMs: ORIGIN + 1100, mode: 'batch' },
      { atMs: ORIGIN + 2100, mode: 'realtime' },
    ],
    batches: [
      { endedMs: ORIGIN + 1200, records: 20 },
      { endedMs: ORIGIN + 3000, records: 5 },
      { endedMs: ORIGIN + 3100, records: 6 },
    ],
    journal,
    slots: sweepSlots(journal),
  })
  it('counts what happened in each step', () => {
    expect(series).toMatchObject({
      stepMs: 1000,
      atMs: [0, 1000, 2000, 3000],
      arrivals: [2, 1, 0, 0],
      completions: [0, 2, 0, 0],
      calls: [0, 1, 1, 1],
      refused: [0, 0, 1, 0],
      faultHits: [0, 0, 0, 1],
      latencyP50Ms: [null, 600, null, null],
      latencyP95Ms: [null, 1400, null, null],
    })
  })
  it('carries levels over from step to step', () => {
    expect(series.slotsInUse).toEqual([2, 2, 1, 1])
    expect(series.queueDepth).toEqual([2, 2, 2, 2])
    expect(series.batchMode).toEqual([0, 1, 1, 0])
  })
  it('counts the records of the batches that ended', () => {
    expect(series.batchRecords).toEqual([0, 20, 0, 11])
  })
  it('gives one empty step to a run in which nothing happened', () => {
    const none = {
      arrivalsMs: [],
      completions: [],
      backlog: [],
      modes: [],
      batches: [],
      journal: [],
      slots: [],
    }
    const nothing = { originMs: ORIGIN, ...none }
    expect(computeSeries(nothing)).toMatchObject({ atMs: [0], calls: [0], latencyP99Ms: [null] })
  })
  it('chooses the step so that the columns stay short', () => {
    expect([0, 299_999, 300_000, 86_400_000].map(stepFor)).toEqual([1000, 1000, 2000, 300_000])
    for (const days of [1, 30, 400])
      expect((days * 86_400_000) / stepFor(days * 86_400_000)).toBeLessThanOrEqual(300)
  })
})

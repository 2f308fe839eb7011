/**
 * If these fail, the load is not the one the scenario asks for: wrong number of arrivals, arrivals too early, or a
 * slow integration that slows the shop down (coordinated omission).
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Clock, VirtualClock } from '../../kernel/clock.ts'
import { type Load, loadSchema } from '../scenario.ts'
import { drive, harnessWasLate, planStarts, startTimes } from './executor.ts'

const load = (input: unknown): Load => loadSchema.parse(input)
const constant = (ratePerSec: number, durationMs: number, startMs = 0): Load =>
  load({ executor: 'constant-arrival-rate', ratePerSec, durationMs, startMs })
const ramping = (startRatePerSec: number, ...stages: [number, number][]): Load =>
  load({
    executor: 'ramping-arrival-rate',
    startRatePerSec,
    stages: stages.map(([durationMs, targetRatePerSec]) => ({ durationMs, targetRatePerSec })),
  })

/** The integral of the rate from the start of the load to `atMs`, by small trapezia: an oracle of its own. */
function dueBy(atMs: number, start: number, stages: readonly (readonly [number, number])[]): number {
  let sum = 0
  let rate = start
  let fromMs = 0
  for (const [durationMs, target] of stages) {
    const inside = Math.min(Math.max(0, atMs - fromMs), durationMs)
    const rateThere = rate + ((target - rate) * inside) / durationMs
    sum += ((rate + rateThere) / 2) * (inside / 1000)
    rate = target
    fromMs += durationMs
  }
  return sum
}

describe('constant-arrival-rate', () => {
  it('spaces arrivals evenly', () => {
    expect(startTimes(constant(4, 1000, 500))).toEqual([750, 1000, 1250, 1500])
    expect(startTimes(constant(0.1, 30_000))).toEqual([10_000, 20_000, 30_000])
    expect(startTimes(constant(1, 999))).toEqual([])
  })
})

describe('ramping-arrival-rate', () => {
  it('follows the exact integral', () => {
    // From 0 to 2/s over 4 s: the integral is t²/4, so arrival n is due at 2·sqrt(n) seconds.
    const times = startTimes(ramping(0, [4000, 2]))
    expect(times).toHaveLength(4)
    times.forEach((atMs, index) => {
      expect(atMs).toBeCloseTo(2000 * Math.sqrt(index + 1), 6)
    })
  })
  it('holds a plateau, falls, and stays silent at rate 0', () => {
    const times = startTimes(ramping(10, [1000, 10], [1000, 0], [5000, 0]))
    expect(times).toHaveLength(15)
    expect(times.slice(0, 3)).toEqual([100, 200, 300])
    expect(times.at(-1)).toBeLessThanOrEqual(2000)
  })
  it('starts as many arrivals as the integral of the rate, none before its time', () => {
    const rate = fc.double({ min: 0, max: 40, noNaN: true })
    const stage = fc.tuple(fc.integer({ min: 100, max: 20_000 }), rate)
    fc.assert(
      fc.property(rate, fc.array(stage, { minLength: 1, maxLength: 5 }), (start, stages) => {
        const times = startTimes(ramping(start, ...stages))
        const totalMs = stages.reduce((sum, [durationMs]) => sum + durationMs, 0)
        expect(times.length).toBe(Math.floor(dueBy(totalMs, start, stages) + 1e-6))
        times.forEach((atMs, index) => {
          expect(atMs).toBeLessThanOrEqual(totalMs)
          expect(atMs).toBeGreaterThanOrEqual(times[index - 1] ?? 0)
          expect(dueBy(atMs, start, stages)).toBeCloseTo(index + 1, 4)
        })
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})

describe('the schedule', () => {
  it('merges loads in time order', () => {
    expect(planStarts([constant(1, 2000), constant(2, 1000)])).toEqual([
      { atMs: 500, load: 1 },
      { atMs: 1000, load: 0 },
      { atMs: 1000, load: 1 },
      { atMs: 2000, load: 0 },
    ])
  })
})

describe('the driver', () => {
  const run = (clock: VirtualClock, handOverMs: number, maxVus: number) =>
    clock.run(async () => {
      const originMs = clock.now()
      const startedAtMs: number[] = []
      const droppedAtMs: number[] = []
      const { report, inFlight } = await drive(clock, {
        starts: planStarts([constant(10, 1000)]),
        originMs,
        maxVus: [maxVus],
        start: (planned) => {
          startedAtMs.push(clock.now() - originMs - planned.atMs)
          return clock.sleep(handOverMs)
        },
        onDropped: (planned) => void droppedAtMs.push(planned.atMs),
      })
      await inFlight
      return { report, startedAtMs, droppedAtMs, tookMs: clock.now() - originMs }
    })

  it('never waits for completions', async () => {
    const { report, startedAtMs, tookMs } = await run(new VirtualClock(), 5000, 100)
    expect(startedAtMs.every((lagMs) => lagMs >= 0 && lagMs < 0.001)).toBe(true)
    expect(report).toEqual({ started: 10, dropped: 0, late: 0, maxStartLagMs: 0 })
    expect(tookMs).toBeCloseTo(6000, 2)
  })
  it('drops and counts what exceeds maxVus instead of delaying it', async () => {
    const { report, droppedAtMs } = await run(new VirtualClock(), 5000, 3)
    expect(report).toMatchObject({ started: 3, dropped: 7 })
    expect(droppedAtMs).toEqual([400, 500, 600, 700, 800, 900, 1000])
  })
  it('says so when the harness itself is late', async () => {
    // A machine that oversleeps by 150 ms each time.
    let nowMs = 0
    const sleepy: Clock = {
      mode: 'wall',
      now: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms + 150
      },
      schedule: () => () => {},
    }
    const { report } = await drive(sleepy, {
      starts: planStarts([constant(1, 5000)]),
      originMs: 0,
      maxVus: [10],
      start: async () => {},
      onDropped: () => {},
    })
    expect(report).toMatchObject({ started: 5, late: 5, maxStartLagMs: 150 })
    expect(harnessWasLate(report)).toBe(true)
    expect(harnessWasLate({ started: 1000, dropped: 0, late: 10, maxStartLagMs: 400 })).toBe(false)
  })
})

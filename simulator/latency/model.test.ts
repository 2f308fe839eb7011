/** If these fail, runs take other times than the profile says, and capacity figures are off. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { createLatencyModel, latencySchema, type Work } from './model.ts'

const order: Work = { verb: 'create', recordType: 'salesOrder', kind: 'transaction', lines: 10 }
const START_MS = Date.UTC(2026, 0, 5, 9, 0, 0)
const model = (options: object, clock = new VirtualClock(START_MS)) =>
  createLatencyModel(clock, createRng('latency'), latencySchema.parse(options), 'America/New_York')

const medianOf = (draw: () => number): number => {
  const times = Array.from({ length: 4001 }, draw).sort((a, b) => a - b)
  return times[2000]!
}

describe('the latency model', () => {
  it('takes base plus lines, in the median', () => {
    const median = medianOf(() => model({ model: 'heavy', sigma: 0 }).serviceMs(order))
    expect(median).toBe(4500 + 10 * 150)
    const lean = model({ model: 'lean' })
    expect(medianOf(() => lean.serviceMs(order)) / (1200 + 10 * 30)).toBeCloseTo(1, 1)
  })
  it('takes longer for the metadata of many types than of one, and little for the time [REC-231, OPQ-030]', () => {
    const lean = model({ model: 'lean', sigma: 0 })
    const about = { recordType: '', kind: 'other' } as const
    expect(lean.serviceMs({ ...about, verb: 'metadata', lines: 1 })).toBe(580)
    expect(lean.serviceMs({ ...about, verb: 'metadata', lines: 206 })).toBe(550 + 206 * 30)
    expect(lean.serviceMs({ ...about, verb: 'system.serverTime', lines: 0 })).toBe(150)
  })
  it('takes no time at all with none', () => {
    expect([model({ model: 'none' }).serviceMs(order), model({ model: 'none' }).errorMs()]).toEqual([0, 0])
  })
  it('multiplies by the factor and prefers the closest override', () => {
    expect(
      model({ sigma: 0, factor: 2, medianMs: { '*.create': 100 } }).serviceMs({ ...order, lines: 0 }),
    ).toBe(200)
    const both = { sigma: 0, medianMs: { '*.create': 100, 'salesOrder.create': 40 } }
    expect(model(both).serviceMs({ ...order, lines: 0 })).toBe(40)
  })
  it('writes no more lines a second than a scripted account did [GOV-080, GOV-081, GOV-082]', () => {
    const heavy = model({ model: 'heavy', sigma: 0 })
    const fifty = { ...order, lines: 50 }
    const secondsAt = (inUse: number) => heavy.serviceMs(fifty, { inUse, limit: 20 }) / 1000
    // Measured: 12.0 s at 1 connection, 16.4 at 10, 30.0 at 20.
    expect(secondsAt(1)).toBeCloseTo(12, 1)
    expect(secondsAt(10)).toBeGreaterThan(15)
    expect(secondsAt(20)).toBeCloseTo(34.8, 1)
    expect((20 * 50) / secondsAt(20)).toBeLessThan(33)
  })
  it('takes 16 s for a list of journal entries [GOV-086, OPQ-030]', () => {
    const list = { verb: 'list', recordType: 'journalEntry', kind: 'transaction', lines: 0 } as const
    expect(model({ sigma: 0 }).serviceMs(list)).toBe(16_000)
    expect(model({ sigma: 0 }).serviceMs({ ...list, recordType: 'vendorBill' })).toBe(450)
  })
  it('draws from a table of percentiles', () => {
    const table = model({ percentilesMs: { '*.get': { '50': 400, '90': 800, '99': 2000 } } })
    const get = { verb: 'get', recordType: 'customer', kind: 'entity', lines: 0 } as const
    const times = Array.from({ length: 20_000 }, () => table.serviceMs(get)).sort((a, b) => a - b)
    expect(times[10_000]! / 400).toBeCloseTo(1, 1)
    expect(times[18_000]! / 800).toBeCloseTo(1, 1)
    expect(times.at(-1)).toBe(2000)
  })
  it('slows down in its hours, in the time zone of the account', async () => {
    const clock = new VirtualClock(START_MS)
    const slow = model({ sigma: 0, hours: [{ fromHour: 5, untilHour: 7, factor: 3 }] }, clock)
    const get = { verb: 'get', recordType: 'customer', kind: 'entity', lines: 0 } as const
    // 09:00 UTC is 04:00 in New York.
    expect(slow.serviceMs(get)).toBe(550)
    await clock.advance(3_600_000)
    expect(slow.serviceMs(get)).toBe(1650)
    await clock.advance(7_200_000)
    expect(slow.serviceMs(get)).toBe(550)
  })
  it('slows down as the last half of the slots fills', () => {
    const busy = model({ sigma: 0, loadFactorMax: 3 })
    const get = { verb: 'get', recordType: 'customer', kind: 'entity', lines: 0 } as const
    expect([5, 15, 20].map((inUse) => busy.serviceMs(get, { inUse, limit: 20 }))).toEqual([550, 1100, 1650])
  })
  it.each([
    ['falling times', { '50': 400, '90': 300 }],
    ['no percentile', {}],
    ['one that is none', { '101': 5 }],
  ])('refuses a table with %s', (_, table) => {
    expect(latencySchema.safeParse({ percentilesMs: { '*.get': table } }).success).toBe(false)
  })
  it('draws the same times for the same seed', () => {
    const times = () => {
      const lean = model({})
      return Array.from({ length: 50 }, () => lean.serviceMs(order))
    }
    expect(times()).toEqual(times())
  })
})

/** If these fail, runs take other times than the profile says, and capacity figures are off. */
import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import { createLatencyModel, latencySchema, type Work } from './model.ts'

const order: Work = { verb: 'create', recordType: 'salesOrder', kind: 'transaction', lines: 10 }
const model = (options: object) => createLatencyModel(createRng('latency'), latencySchema.parse(options))

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
  it('draws the same times for the same seed', () => {
    const times = () => {
      const lean = model({})
      return Array.from({ length: 50 }, () => lean.serviceMs(order))
    }
    expect(times()).toEqual(times())
  })
})

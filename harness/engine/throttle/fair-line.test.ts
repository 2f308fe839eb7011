/** If these fail, one flow can starve another, or gets more of the account than its share. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairLine } from './fair-line.ts'

describe('fair line', () => {
  it('serves by weight, and first in, first out within a lane', () => {
    const line = new FairLine<string>({ order: 3, status: 1 })
    for (let n = 1; n <= 6; n++) {
      line.push('status', `s${n}`)
      line.push('order', `o${n}`)
    }
    const served = Array.from({ length: 8 }, () => line.shift())
    expect(served.filter((one) => one!.startsWith('o'))).toEqual(['o1', 'o2', 'o3', 'o4', 'o5', 'o6'])
    expect(served.filter((one) => one!.startsWith('s'))).toEqual(['s1', 's2'])
    expect(line.size).toBe(4)
  })
  it('lets a lane that was empty save nothing up', () => {
    const line = new FairLine<string>()
    for (let n = 0; n < 100; n++) line.push('busy', 'b')
    for (let n = 0; n < 50; n++) line.shift()
    for (let n = 0; n < 10; n++) line.push('late', 'l')
    expect(Array.from({ length: 8 }, () => line.shift()).filter((one) => one === 'l')).toHaveLength(4)
  })
  it('is empty when it is empty', () => {
    expect(new FairLine().shift()).toBeUndefined()
  })
  it('refuses a weight that would starve a lane', () => {
    expect(() => new FairLine({ a: 0 })).toThrow('weight of a')
  })

  it('gives every lane that always waits its share of any stretch, to within one turn per lane', () => {
    const lanes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    const property = fc.property(
      lanes,
      fc.integer({ min: 1, max: 300 }),
      fc.nat(200),
      (weights, count, skip) => {
        const names = weights.map((_, at) => `lane ${at}`)
        const line = new FairLine<string>(
          Object.fromEntries(weights.map((weight, at) => [names[at]!, weight])),
        )
        for (const name of names) for (let n = 0; n < 600; n++) line.push(name, name)
        for (let n = 0; n < skip; n++) line.shift()
        const served = Array.from({ length: count }, () => line.shift())
        const total = weights.reduce((a, b) => a + b, 0)
        names.forEach((name, at) => {
          const own = served.filter((one) => one === name).length
          expect(Math.abs(own - (count * weights[at]!) / total)).toBeLessThanOrEqual(names.length)
        })
      },
    )
    fc.assert(property, { seed: 4, numRuns: 200 })
  })
})

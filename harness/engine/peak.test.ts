/** If this fails, the engine changes its way of working with every order, or never. */
import { describe, expect, it } from 'vitest'
import { createPeak } from './peak.ts'

describe('peak', () => {
  it('begins at the upper threshold, lasts to the lower one, and changes only there', () => {
    const peak = createPeak({ enterBacklog: 10, leaveBacklog: 3 })
    const told = [9, 10, 50, 9, 4, 3, 4, 9, 10].map((backlog) => [peak.update(backlog), peak.mode])
    expect(told).toEqual([
      [false, 'realtime'],
      [true, 'batch'],
      [false, 'batch'],
      [false, 'batch'],
      [false, 'batch'],
      [true, 'realtime'],
      [false, 'realtime'],
      [false, 'realtime'],
      [true, 'batch'],
    ])
  })
  it.each([
    [5, 5],
    [5, 6],
    [5, -1],
    [5, Number.NaN],
  ])('refuses to enter at %d and leave at %d', (enterBacklog, leaveBacklog) => {
    expect(() => createPeak({ enterBacklog, leaveBacklog })).toThrow('is not below')
  })
})

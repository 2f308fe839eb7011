/** If these fail, the account grants more or fewer requests at once than NetSuite would, and every capacity answer is wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConcurrencyPool } from './concurrency.ts'
import { accountConcurrencyLimit } from './limits.ts'

const holder = (sequence: number) => ({ sequence, sinceMs: 0, method: 'GET', path: '/', integration: 'shop' })

describe('the limit by contract', () => {
  it.each([
    ['standard', 0, 5],
    ['standard', 1, 15],
    ['premium', 0, 15],
    ['premium', 3, 45],
    ['enterprise', 6, 80],
    ['ultimate', 12, 140],
  ] as const)('%s with %d licences has %d slots', (serviceTier, suiteCloudPlus, slots) => {
    expect(accountConcurrencyLimit({ accountType: 'production', serviceTier, suiteCloudPlus })).toBe(slots)
    expect(accountConcurrencyLimit({ accountType: 'sandbox', serviceTier, suiteCloudPlus })).toBe(slots)
    expect(accountConcurrencyLimit({ accountType: 'developer', serviceTier, suiteCloudPlus })).toBe(5)
  })
})

describe('the pool', () => {
  it('never has more holders than its limit, refuses exactly the rest, and shows who holds what', () => {
    const limit = 3
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (steps) => {
        const pool = createConcurrencyPool(limit)
        const held: (() => void)[] = []
        let refused = 0
        steps.forEach((isAcquire, index) => {
          if (!isAcquire) held.shift()?.()
          else if (held.length < limit) held.push(pool.acquire(holder(index)))
          else {
            expect(() => pool.acquire(holder(index))).toThrow(
              'Concurrent request limit exceeded. Request blocked.',
            )
            refused++
          }
          expect(pool.view().inUse).toBe(held.length)
          expect(pool.view().holders).toHaveLength(held.length)
        })
        expect(pool.view()).toMatchObject({ limit, refused, granted: steps.filter(Boolean).length - refused })
      }),
      { seed: 2 },
    )
  })
})

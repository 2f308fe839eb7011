/** If these fail, the account grants more or fewer requests at once than NetSuite would, and every capacity answer is wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConcurrencyPool } from './concurrency.ts'
import { accountConcurrencyLimit } from './limits.ts'

const holder = (sequence: number, integration: string) =>
  ({
    sequence,
    sinceMs: 0,
    method: 'GET',
    path: '/',
    integration,
    channel: 'rest',
    user: integration,
  }) as const

describe('the limit by contract [GOV-002, GOV-004, GOV-006]', () => {
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

const LIMITS = { concurrencyLimit: 5, allocations: {}, overshootSlots: 0, overshootMs: 0 }

it.each([
  [1, 0, 15],
  [2, 0, 25],
  [3, 1, 45],
  [5, 0, 55],
])(
  'tier %d of the field report with %d licences has %d slots [GOV-007]',
  (fieldReportTier, suiteCloudPlus, slots) => {
    const contract = {
      accountType: 'production',
      serviceTier: 'premium',
      suiteCloudPlus,
      fieldReportTier,
    } as const
    expect(accountConcurrencyLimit(contract)).toBe(slots)
  },
)

describe('the pool [GOV-001, GOV-022]', () => {
  it('grants exactly what limit and allocations allow, under any interleaving and while they change [GOV-009, GOV-010, GOV-013]', () => {
    const names = ['shop', 'wms', 'crm']
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ take: fc.constantFrom(...names) }) },
      { weight: 4, arbitrary: fc.record({ release: fc.nat(20) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          limit: fc.integer({ min: 1, max: 8 }),
          allocations: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 4 }), {
            maxKeys: 2,
          }),
        }),
      },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const pool = createConcurrencyPool(LIMITS)
        const held: { integration: string; release: () => void }[] = []
        let rules: { limit: number; allocations: Record<string, number> } = { limit: 5, allocations: {} }
        steps.forEach((one, sequence) => {
          if ('take' in one) {
            const { limit, allocations } = rules
            const own = allocations[one.take]
            const reserved = Object.values(allocations).reduce((sum, slots) => sum + slots, 0)
            const mine = held.filter(({ integration }) =>
              own === undefined ? allocations[integration] === undefined : integration === one.take,
            ).length
            const fits = held.length < limit && mine < (own ?? Math.max(0, limit - reserved))
            const release = pool.take(holder(sequence, one.take))
            expect(release !== undefined).toBe(fits)
            if (release !== undefined) held.push({ integration: one.take, release })
          } else if ('release' in one) {
            const [gone] = held.splice(one.release % Math.max(1, held.length), 1)
            gone?.release()
            gone?.release()
          } else {
            rules = one
            pool.change({ ...LIMITS, concurrencyLimit: one.limit, allocations: one.allocations })
          }
          const view = pool.view()
          expect(view.inUse).toBe(held.length)
          expect(view.unallocated.inUse + view.allocations.reduce((sum, { inUse }) => sum + inUse, 0)).toBe(
            held.length,
          )
        })
      }),
      { seed: 2, numRuns: 300 },
    )
  })
  it('shows who holds which slot since when', () => {
    const pool = createConcurrencyPool(LIMITS)
    pool.take(holder(1, 'shop'))
    expect(pool.view()).toMatchObject({
      limit: 5,
      inUse: 1,
      peak: 1,
      granted: 1,
      holders: [{ sequence: 1, integration: 'shop', sinceMs: 0, channel: 'rest' }],
    })
  })
  it('may grant more for a moment, and no longer [GOV-014]', () => {
    const pool = createConcurrencyPool({
      ...LIMITS,
      concurrencyLimit: 1,
      overshootSlots: 1,
      overshootMs: 1000,
    })
    const at = (sequence: number, sinceMs: number) => pool.take({ ...holder(sequence, 'shop'), sinceMs })
    const first = at(1, 0)
    const second = at(2, 10)
    expect(second).toBeTypeOf('function')
    expect(at(3, 20)).toBeUndefined()
    second?.()
    at(4, 30)
    first?.()
    expect(pool.inUse).toBe(1)
    expect(at(5, 40)).toBeTypeOf('function')
    expect(at(6, 2000)).toBeUndefined()
  })
})

/** If these fail, an order's status is no longer what its quantities say. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Progress, statusOf } from './families.ts'
import { createOrderKit } from './order-kit.ts'

const line = (ordered: number, first: number, second: number, rest: Partial<Progress> = {}): Progress => ({
  ordered,
  first,
  second,
  needsFirst: true,
  isClosed: false,
  ...rest,
})

describe('the status of an order', () => {
  it.each<[string, readonly Progress[], string]>([
    ['nothing done', [line(2, 0, 0), line(1, 0, 0)], 'B'],
    ['one line fulfilled', [line(2, 2, 0), line(1, 0, 0)], 'D'],
    ['a part of that billed', [line(2, 2, 1), line(1, 0, 0)], 'E'],
    ['all of that billed', [line(2, 2, 2), line(1, 0, 0)], 'D'],
    ['all fulfilled', [line(2, 2, 0), line(1, 1, 0)], 'F'],
    ['all fulfilled, a part billed', [line(2, 2, 2), line(1, 1, 0)], 'F'],
    ['all billed', [line(2, 2, 2), line(1, 1, 1)], 'G'],
    ['the rest closed', [line(2, 2, 2), line(1, 0, 0, { isClosed: true })], 'G'],
    ['all closed', [line(2, 1, 0, { isClosed: true })], 'H'],
    ['services only', [line(2, 0, 0, { needsFirst: false })], 'F'],
    ['no lines', [], 'B'],
  ])('%s [REC-342, REC-348]', (_, lines, letter) => {
    expect(statusOf(lines, 'approved', 'D')).toBe(letter)
  })
  it('is A until it is approved, E from the first fulfilment where the profile says so [REC-341, REC-348]', () => {
    expect(statusOf([line(2, 0, 0)], 'unapproved', 'D')).toBe('A')
    expect(statusOf([line(2, 1, 0)], 'approved', 'E')).toBe('E')
  })
})

/** The model of one order with two lines: what was taken by each fulfilment and bill that still exists. */
interface Model {
  readonly ordered: readonly [number, number]
  readonly shipments: Map<string, [number, number]>
  readonly bills: Map<string, [number, number]>
}
const ORDERED = [5, 3] as const
const total = (of: Map<string, [number, number]>, at: 0 | 1): number =>
  [...of.values()].reduce((sum, taken) => sum + taken[at], 0)

/** Written down anew, in the words of the facts, so that the code under test does not judge itself. */
function labelOf({ ordered, shipments, bills }: Model): string {
  const shipped = [total(shipments, 0), total(shipments, 1)]
  const billed = [total(bills, 0), total(bills, 1)]
  if (shipped.every((quantity, at) => quantity === ordered[at])) {
    return billed.every((quantity, at) => quantity === ordered[at]) ? 'Billed' : 'Pending Billing'
  }
  if (shipped.every((quantity) => quantity === 0)) return 'Pending Fulfillment'
  const waits = shipped.some((quantity, at) => quantity > billed[at]!)
  const isBilled = shipped.some((quantity, at) => quantity > 0 && billed[at]! > 0)
  return waits && isBilled ? 'Pending Billing/Partially Fulfilled' : 'Partially Fulfilled'
}

const step = fc.record({
  what: fc.constantFrom('ship', 'bill', 'change', 'undo'),
  first: fc.nat(5),
  second: fc.nat(3),
  which: fc.nat(3),
})

describe('an order under any sequence of transforms, changes and deletes', () => {
  it('says what the model says: quantities, status, and what is refused [REC-348, REC-174]', async () => {
    const kit = await createOrderKit()
    const item = { id: kit.goods }
    const location = { id: '1' }
    const { send } = kit.account
    const run = async (steps: readonly { what: string; first: number; second: number; which: number }[]) => {
      const id = await kit.order(
        {},
        ORDERED.map((quantity) => ({ item, quantity, rate: 1, location })),
      )
      const model: Model = { ordered: ORDERED, shipments: new Map(), bills: new Map() }
      for (const { what, first, second, which } of steps) {
        const wanted: [number, number] = [first, second]
        const fits = (of: Map<string, [number, number]>, without: readonly number[] = [0, 0]): boolean =>
          wanted.every((quantity, at) => {
            const most = of === model.bills ? total(model.shipments, at as 0 | 1) : ORDERED[at as 0 | 1]
            const now = total(of, at as 0 | 1) - without[at]!
            return quantity <= without[at]! || now + quantity <= most
          })
        const of = what === 'bill' ? model.bills : model.shipments
        if (what === 'ship' || what === 'bill') {
          const lines = wanted.map((quantity, at) => ({ orderLine: at + 1, quantity }))
          const target = what === 'ship' ? 'itemFulfillment' : 'invoice'
          const made = await kit.transform(`salesOrder/${id}`, target, { item: { items: lines } })
          const isRight = fits(of) && first + second > 0
          expect(made.status, `${what} ${first} ${second}: ${made.body}`).toBe(isRight ? 204 : 400)
          if (isRight) of.set(made.id, wanted)
        } else {
          const key = [...of.keys()][which % Math.max(of.size, 1)]
          if (key === undefined) continue
          const path = `itemFulfillment/${key}`
          if (what === 'undo') {
            expect((await send('DELETE', path)).status).toBe(204)
            of.delete(key)
          } else {
            const old = of.get(key)!
            // Lines that were left out when it was made cannot come back by a change.
            if (old[0] === 0 || old[1] === 0 || first === 0 || second === 0) continue
            const lines = wanted.map((quantity, at) => ({ line: at + 1, quantity }))
            const answer = await send('PATCH', path, { item: { items: lines } })
            expect(answer.status, answer.body).toBe(fits(of, old) ? 204 : 400)
            if (answer.status === 204) of.set(key, wanted)
          }
        }
        expect(await kit.status(`salesOrder/${id}`)).toBe(labelOf(model))
        const counted = await kit.lines(`salesOrder/${id}`, 'quantityFulfilled quantityBilled')
        expect(counted.map(([a, b]) => [a ?? 0, b ?? 0])).toEqual(
          ([0, 1] as const).map((at) => [total(model.shipments, at), total(model.bills, at)]),
        )
      }
    }
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), run), { seed: 1, numRuns: 25 })
  })
})

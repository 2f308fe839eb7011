/** If these fail, an order of an item group is an order of nothing. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createOrderKit, type OrderKit } from './transform/order-kit.ts'

let kit: OrderKit
let group: string
beforeEach(async () => {
  kit = await createOrderKit()
  group = await kit.account.create('itemGroup', {
    itemId: 'SET',
    member: {
      items: [
        { item: { id: kit.goods }, quantity: 3 },
        { item: { id: kit.service }, quantity: 1 },
      ],
    },
  })
})

const shown = async (path: string) =>
  (await kit.lines(path, 'line item quantity')).map(([line, item, quantity]) => [
    line,
    (item as { id: string }).id,
    quantity,
  ])

describe('an item group on an order', () => {
  it('brings its members in its own quantities; only a PATCH changes them [REC-347]', async () => {
    const id = await kit.order({}, [{ item: { id: group }, quantity: 2, location: { id: '1' } }])
    expect(await shown(`salesOrder/${id}`)).toEqual([
      [1, group, 2],
      [2, kit.goods, 6],
      [3, kit.service, 2],
    ])
    await kit.account.send('PATCH', `salesOrder/${id}`, { item: { items: [{ line: 2, quantity: 5 }] } })
    expect(await shown(`salesOrder/${id}`)).toEqual([
      [1, group, 2],
      [2, kit.goods, 5],
      [3, kit.service, 2],
    ])
  })
  it('is shipped and billed by its members, and not expanded again [REC-347, REC-348]', async () => {
    const id = await kit.order({}, [{ item: { id: group }, quantity: 1, location: { id: '1' } }])
    const shipped = await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    expect(await kit.lines(`itemFulfillment/${shipped.id}`, 'orderLine quantity')).toEqual([[2, 3]])
    const billed = await kit.transform(`salesOrder/${id}`, 'invoice')
    expect(await shown(`invoice/${billed.id}`)).toEqual([
      [1, group, 1],
      [2, kit.goods, 3],
      [3, kit.service, 1],
    ])
    expect(await kit.status(`salesOrder/${id}`)).toBe('Billed')
  })
  it('may be added to an order that is there', async () => {
    const id = await kit.order({}, [{ item: { id: kit.service }, quantity: 1 }])
    await kit.account.send('PATCH', `salesOrder/${id}`, { item: { items: [{ item: { id: group } }] } })
    expect(await shown(`salesOrder/${id}`)).toEqual([
      [1, kit.service, 1],
      [2, group, undefined],
      [3, kit.goods, 3],
      [4, kit.service, 1],
    ])
  })
})

/** If these fail, goods that are shipped or received stay where they were, or are counted twice. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../../test-account.ts'
import { stockKit } from './stock-test-kit.ts'

let account: TestAccount
let kit: Awaited<ReturnType<typeof stockKit>>
beforeEach(async () => {
  account = createTestAccount()
  kit = await stockKit(account)
})

const fulfil = async (order: string, quantity: number, shipStatus = 'C'): Promise<string> => {
  const items = [{ orderLine: 1, quantity, location: { id: '1' } }]
  const answer = await account.send('POST', `salesOrder/${order}/!transform/itemFulfillment`, {
    shipStatus,
    item: { items },
  })
  expect(answer.status).toBe(204)
  return answer.id
}

describe('deliveries of orders', () => {
  it('a shipment takes what was committed; deleting it commits it again [REC-361]', async () => {
    await kit.adjust(10)
    const order = await kit.order(7)
    await kit.order(5)
    const shipment = await fulfil(order, 4)
    expect(await kit.promised(order)).toEqual([{ committed: 3, backOrdered: 0, available: 0 }])
    expect(await kit.stock()).toMatchObject({ onHand: 6, committed: 6, backOrdered: 2 })
    await account.send('DELETE', `itemFulfillment/${shipment}`)
    expect(await kit.promised(order)).toEqual([{ committed: 7, backOrdered: 0, available: 0 }])
    expect(await kit.stock()).toMatchObject({ onHand: 10, committed: 10, backOrdered: 2 })
  })
  it('goods that are picked or packed leave when they are shipped [REC-360]', async () => {
    await kit.adjust(10)
    const shipment = await fulfil(await kit.order(7), 7, 'A')
    expect(await kit.stock()).toMatchObject({ onHand: 10, committed: 7 })
    await account.send('PATCH', `itemFulfillment/${shipment}`, { shipStatus: 'C' })
    expect(await kit.stock()).toMatchObject({ onHand: 3, committed: 0, available: 3 })
  })
  it('a receipt turns what is on order into stock at its price, and serves who waits [REC-363]', async () => {
    const vendor = await account.create('vendor', { companyName: 'Maker' })
    const item = { items: [{ item: { id: kit.item }, quantity: 8, rate: 2, location: { id: '1' } }] }
    const order = await account.create('purchaseOrder', { entity: { id: vendor }, item })
    const waiting = await kit.order(5)
    const items = [{ orderLine: 1, quantity: 4, location: { id: '1' } }]
    const receipt = await account.send('POST', `purchaseOrder/${order}/!transform/itemReceipt`, {
      item: { items },
    })
    expect(receipt.status).toBe(204)
    expect(await kit.stock()).toMatchObject({ onHand: 4, onOrder: 4, committed: 4, backOrdered: 1 })
    expect(await kit.promised(waiting)).toEqual([{ committed: 4, backOrdered: 1, available: 0 }])
    expect(await kit.locations()).toMatchObject([{ averageCostMli: 2, onHandValueMli: 8 }])
  })
  it('a transfer arrives at the other location, whether or not the receipt says where [REC-173, REC-363]', async () => {
    await kit.adjust(10)
    const order = await account.create('transferOrder', {
      location: { id: '1' },
      transferLocation: { id: '2' },
      item: { items: [{ item: { id: kit.item }, quantity: 6 }] },
    })
    const make = (type: string, quantity: number) =>
      account.send('POST', `transferOrder/${order}/!transform/${type}`, {
        item: { items: [{ orderLine: 1, quantity }] },
      })
    await make('itemFulfillment', 4)
    expect(await kit.stock('2')).toMatchObject({ onHand: 0, inTransit: 4, onOrder: 2 })
    const receipt = await make('itemReceipt', 1)
    expect(await kit.stock('1')).toMatchObject({ onHand: 6, inTransit: 0 })
    expect(await kit.stock('2')).toMatchObject({ onHand: 1, inTransit: 3, onOrder: 2 })
    const shown = (await account.send('GET', `itemReceipt/${receipt.id}`)).json
    expect(shown.location).toMatchObject({ id: '2' })
  })
})

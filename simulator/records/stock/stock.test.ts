/** If these fail, quantities of items do not follow the transactions: an integration sees stock that is not there, or misses some. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type Body, createTestAccount, type TestAccount } from '../../test-account.ts'
import { stockKit } from './stock-test-kit.ts'

let account: TestAccount
let kit: Awaited<ReturnType<typeof stockKit>>
beforeEach(async () => {
  account = createTestAccount()
  kit = await stockKit(account)
})

describe('orders and what is on hand', () => {
  it('commits what is available, oldest order first, and back-orders the rest [REC-345]', async () => {
    const { adjust, order, stock, promised } = kit
    expect(await stock()).toBeUndefined()
    await adjust(10)
    const first = await order(7)
    const second = await order(5)
    expect(await promised(first)).toEqual([{ committed: 7, backOrdered: 0, available: 0 }])
    expect(await promised(second)).toEqual([{ committed: 3, backOrdered: 2, available: 0 }])
    expect(await stock()).toMatchObject({ onHand: 10, committed: 10, available: 0, backOrdered: 2 })
    await adjust(4)
    expect(await promised(second)).toEqual([{ committed: 5, backOrdered: 0, available: 2 }])
    expect(await stock()).toMatchObject({ onHand: 14, committed: 12, available: 2, backOrdered: 0 })
  })
  it('takes back from the newest order what is no longer there [REC-345]', async () => {
    const { adjust, order, promised } = kit
    await adjust(10)
    const [first, second] = [await order(6), await order(4)]
    await adjust(-3)
    expect(await promised(first)).toEqual([{ committed: 6, backOrdered: 0, available: 0 }])
    expect(await promised(second)).toEqual([{ committed: 1, backOrdered: 3, available: 0 }])
  })
  it('shows nothing committed before approval, and releases on un-approval and deletion [REC-341, REC-345]', async () => {
    const { adjust, order, stock, promised } = kit
    await adjust(5)
    const id = await order(3, { orderStatus: 'A' })
    expect(await promised(id)).toEqual([{ committed: 0, backOrdered: 0, available: 5 }])
    await account.send('PATCH', `salesOrder/${id}`, { orderStatus: 'B' })
    expect(await stock()).toMatchObject({ committed: 3, available: 2 })
    await account.send('PATCH', `salesOrder/${id}`, { orderStatus: 'A' })
    expect(await stock()).toMatchObject({ committed: 0, available: 5 })
    await account.send('PATCH', `salesOrder/${id}`, { orderStatus: 'B' })
    await account.send('DELETE', `salesOrder/${id}`)
    expect(await stock()).toMatchObject({ onHand: 5, committed: 0, available: 5 })
  })
  it('releases a closed line to the order that waits [REC-344]', async () => {
    const { adjust, order, promised } = kit
    await adjust(4)
    const [first, second] = [await order(4), await order(3)]
    await account.send('PATCH', `salesOrder/${first}`, { item: { items: [{ line: 1, isClosed: true }] } })
    expect(await promised(first)).toEqual([{ committed: 0, backOrdered: 0, available: 1 }])
    expect(await promised(second)).toEqual([{ committed: 3, backOrdered: 0, available: 1 }])
  })
  it('heeds commitInventory: 1 available, 2 complete only, 3 not at all [REC-345]', async () => {
    const { adjust, order, promised } = kit
    await adjust(5)
    const none = await order(1, {}, { commitInventory: '3' })
    const whole = await order(6, {}, { commitInventory: '2' })
    const part = await order(4, {}, { commitInventory: '1' })
    const shown = async () =>
      (await Promise.all([none, whole, part].map(promised))).map(([line]) => line?.committed)
    expect(await shown()).toEqual([0, 0, 4])
    await adjust(5)
    expect(await shown()).toEqual([0, 6, 4])
  })
  it('follows a change of quantity and keeps the rest of the record untouched [REC-345]', async () => {
    const { adjust, order, promised } = kit
    await adjust(8)
    const [first, second] = [await order(8), await order(2)]
    const modified = (await account.send('GET', `salesOrder/${second}`)).json.lastModifiedDate
    await account.clock.advance(60_000)
    await account.send('PATCH', `salesOrder/${first}`, { item: { items: [{ line: 1, quantity: 7 }] } })
    expect(await promised(second)).toEqual([{ committed: 1, backOrdered: 1, available: 0 }])
    expect((await account.send('GET', `salesOrder/${second}`)).json.lastModifiedDate).toBe(modified)
  })
  it('back-orders for an item without stock, never refuses [REC-345]', async () => {
    const id = await kit.order(3)
    expect(await kit.promised(id)).toEqual([{ committed: 0, backOrdered: 3, available: 0 }])
    expect(await kit.stock()).toMatchObject({ onHand: 0, backOrdered: 3 })
  })
  it('leaves items alone that are not kept in stock', async () => {
    const item = await account.create('serviceSaleItem', { itemId: 'HELP' })
    const id = await kit.order(2, {}, { item: { id: item } })
    expect(await kit.promised(id)).toEqual([
      { committed: undefined, backOrdered: undefined, available: undefined },
    ])
  })
})

describe('locations', () => {
  it('takes the line’s location, else the order’s, else the item’s, else the account’s [REC-363]', async () => {
    const { adjust, order, promised } = kit
    await adjust(1)
    await adjust(20, '2')
    const available = async (id: string) => (await promised(id))[0]?.available
    expect(await available(await order(1))).toBe(0)
    expect(await available(await order(1, { location: { id: '2' } }))).toBe(19)
    expect(await available(await order(1, { location: { id: '1' } }, { location: { id: '2' } }))).toBe(18)
    await account.send('PATCH', `inventoryItem/${kit.item}`, { preferredLocation: { id: '2' } })
    expect(await available(await order(1))).toBe(17)
  })
  it('keeps one stock in an account without locations [REC-363]', async () => {
    account = createTestAccount({ profile: { features: { multiLocationInventory: false } } })
    kit = await stockKit(account)
    await kit.adjust(3, '2')
    await kit.order(1)
    const { json } = await account.send('GET', `inventoryItem/${kit.item}`)
    expect(json).toMatchObject({ quantityOnHand: 3, quantityCommitted: 1, quantityAvailable: 2 })
    expect(json).not.toHaveProperty('locations')
  })
  it('shows the item’s sums and one line per location [REC-363]', async () => {
    const { adjust, order, locations } = kit
    await adjust(10, '1', 2)
    await adjust(6, '2', 4)
    await order(4, { location: { id: '2' } })
    const { json } = await account.send('GET', `inventoryItem/${kit.item}`)
    expect(json).toMatchObject({
      quantityOnHand: 16,
      quantityAvailable: 12,
      quantityCommitted: 4,
      quantityBackOrdered: 0,
      quantityOnOrder: 0,
      averageCost: 2.75,
      totalValue: 44,
    })
    expect(await locations()).toMatchObject([
      { quantityOnHand: 10, quantityAvailable: 10, averageCostMli: 2, onHandValueMli: 20 },
      { quantityOnHand: 6, quantityAvailable: 2, averageCostMli: 4, onHandValueMli: 24 },
    ])
  })
  it('keeps what a client set on a location line, and takes no quantity from it [REC-363]', async () => {
    await kit.adjust(10)
    const items = [{ location: { id: '1' }, reorderPoint: 5, quantityOnHand: 99 }]
    await account.send('PATCH', `inventoryItem/${kit.item}`, { quantityOnHand: 99, locations: { items } })
    expect(await kit.locations()).toMatchObject([{ reorderPoint: 5, quantityOnHand: 10 }])
  })
  it('moves goods by an inventory transfer, at their cost [REC-363]', async () => {
    await kit.adjust(10, '1', 3)
    const inventory = { items: [{ item: { id: kit.item }, adjustQtyBy: 4 }] }
    await account.create('inventoryTransfer', {
      location: { id: '1' },
      transferLocation: { id: '2' },
      inventory,
    })
    expect(await kit.locations()).toMatchObject([
      { quantityOnHand: 6, onHandValueMli: 18 },
      { quantityOnHand: 4, onHandValueMli: 12 },
    ])
  })
})

describe('transactions that move goods', () => {
  it('shows before and after on the lines of an adjustment, and its value [REC-364]', async () => {
    await kit.adjust(10, '1', 2.5)
    const id = await kit.adjust(-4)
    await kit.adjust(100)
    const { json } = await account.send('GET', `inventoryAdjustment/${id}?expandSubResources=true`)
    expect(json.estimatedTotalValue).toBe(-10)
    expect((json.inventory as { items: Body[] }).items).toMatchObject([
      { adjustQtyBy: -4, quantityOnHand: 10, newQuantity: 6, currentValue: 25 },
    ])
  })
  it('undoes an adjustment that is deleted or changed [REC-364]', async () => {
    const id = await kit.adjust(10)
    await account.send('PATCH', `inventoryAdjustment/${id}`, {
      inventory: { items: [{ line: 1, adjustQtyBy: 6 }] },
    })
    expect(await kit.stock()).toMatchObject({ onHand: 6 })
    await account.send('DELETE', `inventoryAdjustment/${id}`)
    expect(await kit.stock()).toMatchObject({ onHand: 0, available: 0 })
  })
  it('averages the cost of what comes in [REC-362]', async () => {
    await kit.adjust(10, '1', 2)
    await kit.adjust(10, '1', 4)
    await kit.adjust(-5)
    expect(await kit.locations()).toMatchObject([{ averageCostMli: 3, onHandValueMli: 45 }])
  })
  it.each([
    ['cashSale', -2],
    ['invoice', -2],
    ['creditMemo', 2],
    ['cashRefund', 2],
  ])('a %s without an order moves %d [REC-363]', async (type, difference) => {
    await kit.adjust(10)
    const item = { items: [{ item: { id: kit.item }, quantity: 2, rate: 9 }] }
    const id = await account.create(type, { entity: { id: kit.customer }, item })
    expect(await kit.stock()).toMatchObject({ onHand: 10 + difference })
    await account.send('DELETE', `${type}/${id}`)
    expect(await kit.stock()).toMatchObject({ onHand: 10 })
  })
  it('counts a purchase order as on order, its bill moves nothing by itself [REC-363]', async () => {
    const vendor = await account.create('vendor', { companyName: 'Maker' })
    const item = { items: [{ item: { id: kit.item }, quantity: 8, rate: 2 }] }
    const id = await account.create('purchaseOrder', { entity: { id: vendor }, item })
    expect(await kit.stock()).toMatchObject({ onHand: 0, onOrder: 8 })
    await account.send('PATCH', `purchaseOrder/${id}`, { item: { items: [{ line: 1, isClosed: true }] } })
    expect(await kit.stock()).toMatchObject({ onOrder: 0 })
  })
  it('lets stock go below zero, or refuses and leaves no trace, as set [REC-363]', async () => {
    await kit.adjust(1)
    await kit.adjust(-3)
    expect(await kit.stock()).toMatchObject({ onHand: -2, committed: 0 })
    account = createTestAccount({ profile: { settings: { negativeStock: 'refuse' } } })
    kit = await stockKit(account)
    await kit.adjust(1)
    const refused = await kit.adjusting(-3)
    expect([refused.status, refused.error?.detail]).toEqual([
      400,
      'Error while accessing a resource. The quantity on hand of SKU at Main Warehouse would become -2.',
    ])
    expect(await kit.stock()).toMatchObject({ onHand: 1 })
    expect((await account.send('GET', 'inventoryAdjustment')).json.totalResults).toBe(1)
  })
})

describe('the account as a whole', () => {
  it('exports what it shows, and forgets it on reset [REC-363]', async () => {
    await kit.adjust(10)
    const id = await kit.order(4)
    const exported = await account.send('GET', '/_seatrial/records/salesOrder')
    expect((exported.json.items as Body[]).map(({ body }) => body)).toMatchObject([
      { id, item: { items: [{ quantityCommitted: 4, quantityBackOrdered: 0, quantityAvailable: 6 }] } },
    ])
    await account.send('POST', '/_seatrial/reset')
    kit = await stockKit(account)
    expect(await kit.stock()).toBeUndefined()
    expect(await kit.promised(await kit.order(1))).toEqual([{ committed: 0, backOrdered: 1, available: 0 }])
  })
  it('undoes an import of which one record is refused', async () => {
    const good = { account: { id: '8' }, inventory: { items: [kit.line(5)] } }
    const answer = await account.send('POST', '/_seatrial/records/inventoryAdjustment', { items: [good, {}] })
    expect(answer.status).toBe(400)
    expect(await kit.stock()).toBeUndefined()
    await kit.adjust(2)
    expect(await kit.stock()).toMatchObject({ onHand: 2 })
  })
})

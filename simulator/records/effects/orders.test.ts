/** If these fail, an order says something else than what was shipped and billed of it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createOrderKit, type OrderKit } from '../transform/order-kit.ts'

let kit: OrderKit
beforeEach(async () => {
  kit = await createOrderKit()
})

const ship = (quantity: number, orderLine = 1) => ({
  item: {
    items: [
      { orderLine, quantity },
      { orderLine: 3 - orderLine, quantity: 0 },
    ],
  },
})

describe('a sales order', () => {
  it('goes from B to F when all is fulfilled, and to G when all is billed [REC-342, REC-348]', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Billing')
    expect(await kit.lines(`salesOrder/${id}`, 'quantityFulfilled quantityBilled')).toEqual([
      [10, undefined],
      [4, undefined],
    ])
    await kit.transform(`salesOrder/${id}`, 'invoice')
    expect(await kit.status(`salesOrder/${id}`)).toBe('Billed')
    expect(await kit.lines(`salesOrder/${id}`, 'quantityFulfilled quantityBilled')).toEqual([
      [10, 10],
      [4, 4],
    ])
  })
  it('is D when fulfilled in part, E when a part of that is billed [REC-348]', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment', ship(6))
    expect(await kit.status(`salesOrder/${id}`)).toBe('Partially Fulfilled')
    await kit.transform(`salesOrder/${id}`, 'invoice', ship(2))
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Billing/Partially Fulfilled')
    await kit.transform(`salesOrder/${id}`, 'invoice')
    expect(await kit.status(`salesOrder/${id}`)).toBe('Partially Fulfilled')
  })
  it('moves back when a fulfilment is changed or deleted', async () => {
    const id = await kit.order()
    const made = await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    const { send } = kit.account
    await send('PATCH', `itemFulfillment/${made.id}`, { item: { items: [{ line: 1, quantity: 7 }] } })
    expect(await kit.lines(`salesOrder/${id}`, 'quantityFulfilled')).toEqual([[7], [4]])
    expect(await kit.status(`salesOrder/${id}`)).toBe('Partially Fulfilled')
    const over = { item: { items: [{ line: 1, quantity: 11 }] } }
    expect((await send('PATCH', `itemFulfillment/${made.id}`, over)).status).toBe(400)
    expect((await send('DELETE', `itemFulfillment/${made.id}`)).status).toBe(204)
    expect(await kit.lines(`salesOrder/${id}`, 'quantityFulfilled')).toEqual([[0], [0]])
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Fulfillment')
  })
  it('counts what is picked as fulfilled when it is shipped [REC-360]', async () => {
    const id = await kit.order()
    const picked = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', { shipStatus: 'A' })
    expect(await kit.status(`itemFulfillment/${picked.id}`)).toBe('Picked')
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Fulfillment')
    expect((await kit.transform(`salesOrder/${id}`, 'itemFulfillment')).status).toBe(400)
    await kit.account.send('PATCH', `itemFulfillment/${picked.id}`, { shipStatus: { id: 'C' } })
    expect(await kit.status(`itemFulfillment/${picked.id}`)).toBe('Shipped')
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Billing')
  })
  it('counts closed lines as done, and is closed when all are [REC-344]', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment', ship(10))
    const close = (line: number) => ({ item: { items: [{ line, isClosed: true }] } })
    await kit.account.send('PATCH', `salesOrder/${id}`, close(2))
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Billing')
    const other = await kit.order()
    await kit.account.send('PATCH', `salesOrder/${other}`, close(1))
    await kit.account.send('PATCH', `salesOrder/${other}`, close(2))
    expect(await kit.status(`salesOrder/${other}`)).toBe('Closed')
  })
  it('of services waits for its bill at once, and is un-approved again only before anything is done [REC-341]', async () => {
    const id = await kit.order({}, [{ item: { id: kit.service }, quantity: 2, rate: 50 }])
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Billing')
    const goods = await kit.order()
    const unapprove = () => kit.account.send('PATCH', `salesOrder/${goods}`, { orderStatus: 'A' })
    expect((await unapprove()).status).toBe(204)
    expect(await kit.status(`salesOrder/${goods}`)).toBe('Pending Approval')
    await kit.account.send('PATCH', `salesOrder/${goods}`, { orderStatus: 'B' })
    await kit.transform(`salesOrder/${goods}`, 'itemFulfillment', ship(1))
    expect((await unapprove()).status).toBe(400)
  })
  it('keeps the lines and quantities that something rests on, and is not deleted', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment', ship(6))
    const { send } = kit.account
    const less = { item: { items: [{ line: 1, quantity: 5 }] } }
    expect((await send('PATCH', `salesOrder/${id}`, less)).status).toBe(400)
    const without = { item: { items: [{ line: 2, quantity: 4 }] } }
    expect((await send('PATCH', `salesOrder/${id}?replace=item`, without)).status).toBe(400)
    expect((await send('DELETE', `salesOrder/${id}`)).status).toBe(400)
    const enough = { item: { items: [{ line: 1, quantity: 6 }] } }
    expect((await send('PATCH', `salesOrder/${id}`, enough)).status).toBe(204)
  })
  it('is billed by a create that names it, as by a transform', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    const item = { id: kit.goods }
    const invoice = await kit.account.create('invoice', {
      entity: { id: kit.customer },
      createdFrom: { id },
      item: { items: [{ item, quantity: 10, rate: 5 }] },
    })
    expect(await kit.lines(`invoice/${invoice}`, 'orderLine quantity amount')).toEqual([[1, 10, 50]])
    expect(await kit.lines(`salesOrder/${id}`, 'quantityBilled')).toEqual([[10], [undefined]])
  })
  it('ships only what stock is committed to it, unless the profile says otherwise [OPQ-063, OPQ-019]', async () => {
    const strict = await createOrderKit({ fulfilUncommitted: 'refuse' })
    const id = await strict.order()
    const none = await strict.transform(`salesOrder/${id}`, 'itemFulfillment')
    expect(none.error?.detail).toBe(
      'Error while accessing a resource. You must enter at least one line item for this transaction.',
    )
    await strict.account.create('inventoryAdjustment', {
      account: { id: '8' },
      inventory: { items: [{ item: { id: strict.goods }, location: { id: '1' }, adjustQtyBy: 3 }] },
    })
    expect((await strict.transform(`salesOrder/${id}`, 'itemFulfillment', ship(4))).status).toBe(400)
    const some = await strict.transform(`salesOrder/${id}`, 'itemFulfillment')
    expect(await strict.lines(`itemFulfillment/${some.id}`, 'orderLine quantity')).toEqual([[1, 3]])
  })
})

describe('a fulfilment or receipt that is changed', () => {
  it('knows its lines by orderLine as well, and adds none without an item [REC-136, REC-174]', async () => {
    const { send } = kit.account
    const id = await kit.purchase()
    const made = await kit.transform(`purchaseOrder/${id}`, 'itemReceipt', {
      item: { items: [{ orderLine: 1, quantity: 4 }] },
    })
    const path = `itemReceipt/${made.id}`
    expect((await send('PATCH', path, { item: { items: [{ orderLine: 1, quantity: 3 }] } })).status).toBe(204)
    expect(await kit.lines(path, 'line orderLine quantity')).toEqual([[1, 1, 3]])
    expect(await kit.lines(`purchaseOrder/${id}`, 'quantityReceived')).toEqual([[3]])
    const other = await send('PATCH', path, { item: { items: [{ orderLine: 2, quantity: 1 }] } })
    expect([other.status, other.error?.detail]).toEqual([
      400,
      'Error while accessing a resource. Please enter value(s) for: Items list: Item.',
    ])
    expect(await kit.lines(path, 'line orderLine quantity')).toEqual([[1, 1, 3]])
  })
})

describe('other orders', () => {
  it('a purchase order is received, then billed [OPQ-041]', async () => {
    const id = await kit.purchase()
    const path = `purchaseOrder/${id}`
    expect((await kit.transform(path, 'vendorBill')).status).toBe(400)
    await kit.transform(path, 'itemReceipt', { item: { items: [{ orderLine: 1, quantity: 2 }] } })
    expect(await kit.status(path)).toBe('Partially Received')
    await kit.transform(path, 'vendorBill', { item: { items: [{ orderLine: 1, quantity: 1 }] } })
    expect(await kit.status(path)).toBe('Pending Billing/Partially Received')
    await kit.transform(path, 'itemReceipt')
    expect(await kit.status(path)).toBe('Pending Bill')
    const bill = await kit.transform(path, 'vendorBill')
    expect(await kit.status(path)).toBe('Fully Billed')
    expect(await kit.lines(path, 'quantityReceived quantityBilled')).toEqual([[6, 6]])
    expect((await kit.read(`vendorBill/${bill.id}`)).total).toBe(15)
  })
  it('a return is received, then refunded [REC-173, OPQ-041]', async () => {
    const sale = await kit.account.create('cashSale', {
      entity: { id: kit.customer },
      item: { items: [{ item: { id: kit.goods }, quantity: 2, rate: 5, location: { id: '1' } }] },
    })
    const { id } = await kit.transform(`cashSale/${sale}`, 'returnAuthorization')
    const path = `returnAuthorization/${id}`
    expect(await kit.lines(path, 'quantity')).toEqual([[2]])
    await kit.transform(path, 'itemReceipt')
    expect(await kit.status(path)).toBe('Pending Refund')
    await kit.transform(path, 'cashRefund')
    expect(await kit.status(path)).toBe('Refunded')
  })
  it('a transfer order is shipped, then received [REC-173]', async () => {
    const id = await kit.account.create('transferOrder', {
      location: { id: '1' },
      transferLocation: { id: '2' },
      item: { items: [{ item: { id: kit.goods }, quantity: 3 }] },
    })
    const path = `transferOrder/${id}`
    expect((await kit.transform(path, 'itemReceipt')).status).toBe(400)
    await kit.transform(path, 'itemFulfillment', { item: { items: [{ orderLine: 1, quantity: 2 }] } })
    expect(await kit.status(path)).toBe('Partially Fulfilled')
    await kit.transform(path, 'itemFulfillment')
    expect(await kit.status(path)).toBe('Pending Receipt')
    await kit.transform(path, 'itemReceipt')
    expect(await kit.status(path)).toBe('Received')
  })
  it('a transfer that has arrived was shipped: its shipment stays [REC-173]', async () => {
    const id = await kit.account.create('transferOrder', {
      location: { id: '1' },
      transferLocation: { id: '2' },
      item: { items: [{ item: { id: kit.goods }, quantity: 3 }] },
    })
    const path = `transferOrder/${id}`
    const shipped = await kit.transform(path, 'itemFulfillment')
    const one = await kit.transform(path, 'itemReceipt', { item: { items: [{ orderLine: 1, quantity: 1 }] } })
    const remove = async (of: string) => (await kit.account.send('DELETE', of)).status
    expect(await remove(`itemFulfillment/${shipped.id}`)).toBe(400)
    expect(await kit.lines(path, 'quantityFulfilled quantityReceived')).toEqual([[3, 1]])
    const more = await kit.transform(path, 'itemReceipt', {
      item: { items: [{ orderLine: 1, quantity: 3 }] },
    })
    expect(more.error?.detail).toBe(
      'Error while accessing a resource. The quantity entered exceeds the quantity remaining to be received on the order.',
    )
    expect([await remove(`itemReceipt/${one.id}`), await remove(`itemFulfillment/${shipped.id}`)]).toEqual([
      204, 204,
    ])
  })
  it('an estimate is processed as long as an order comes from it [REC-173]', async () => {
    const id = await kit.account.create('estimate', {
      entity: { id: kit.customer },
      item: { items: [{ item: { id: kit.goods }, quantity: 3, rate: 7 }] },
    })
    const order = await kit.transform(`estimate/${id}`, 'salesOrder', { orderStatus: 'B' })
    expect(await kit.read(`salesOrder/${order.id}`)).toMatchObject({ total: 21, createdFrom: { id } })
    expect(await kit.status(`estimate/${id}`)).toBe('Processed')
    await kit.account.send('DELETE', `salesOrder/${order.id}`)
    expect(await kit.status(`estimate/${id}`)).toBe('Open')
  })
})

/** If these fail, records made from others lack lines, links or amounts, or are made where NetSuite refuses. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createOrderKit, type OrderKit } from '../records/transform/order-kit.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'
const NO_LINES =
  'Error while accessing a resource. You must enter at least one line item for this transaction.'

let kit: OrderKit
beforeEach(async () => {
  kit = await createOrderKit()
})

describe('the request', () => {
  it('answers 204 with the new record in Location, the target spelled as the client did [REC-170, REC-005]', async () => {
    const id = await kit.order()
    const answer = await kit.transform(`SALESORDER/${id}`, 'itemfulfillment')
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(answer.headers.location).toBe(`${HOST}/itemfulfillment/${answer.id}`)
    const other = await kit.transform(`salesOrder/${id}`, 'Invoice')
    expect(other.headers.location).toBe(`${HOST}/Invoice/${other.id}`)
  })
  it('takes eid: for the source, and an external id for what is made', async () => {
    await kit.order({ externalId: 'WEB-1' })
    const made = await kit.transform('salesOrder/eid:WEB-1', 'itemFulfillment', { externalId: 'SHIP-1' })
    expect((await kit.account.send('GET', 'itemFulfillment/eid:SHIP-1')).json.id).toBe(made.id)
  })
  it('warns of names that the target lacks, and refuses bad values [REC-105]', async () => {
    const id = await kit.order()
    const warned = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', { shoeSize: 43 })
    expect([warned.status, warned.headers['x-netsuite-propertyvalidation']]).toEqual([204, 'shoeSize'])
    const other = await kit.order()
    const refused = await kit.transform(`salesOrder/${other}`, 'itemFulfillment', { shipStatus: 'Z' })
    expect([refused.status, refused.error?.['o:errorCode']]).toEqual([400, 'INVALID_VALUE'])
  })
  it.each([
    ['GET', 'salesOrder/1/!transform/invoice', 405, 'INVALID_METHOD'],
    ['POST', 'salesOrder/1/!transform', 400, 'INVALID_URL'],
    ['POST', 'salesOrder/1/!transform/invoice/2', 400, 'INVALID_URL'],
    ['POST', 'salesOrder/1/!transform/nothing', 404, 'NONEXISTENT_ID'],
    ['POST', 'salesOrder/424242/!transform/invoice', 404, 'NONEXISTENT_ID'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const answer = await kit.account.send(method, path, method === 'POST' ? {} : undefined)
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([status, code])
  })
})

describe('refusals', () => {
  const invalid = (target: string, id: string) =>
    `Error while accessing a resource. You can not initialize ${target}: invalid reference ${id}.`
  it('answers 400 in the words of SOAP for a pair that is none [REC-505, REC-171]', async () => {
    const id = await kit.order()
    const answer = await kit.transform(`salesOrder/${id}`, 'purchaseOrder')
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([400, 'USER_ERROR'])
    expect(answer.error?.detail).toBe(invalid('purchaseOrder', id))
  })
  it('answers the same for an order that is not approved, or billed [OPQ-019, REC-175]', async () => {
    const pending = await kit.order({ orderStatus: 'A' })
    const early = await kit.transform(`salesOrder/${pending}`, 'invoice')
    expect([early.status, early.error?.detail]).toEqual([400, invalid('invoice', pending)])
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    await kit.transform(`salesOrder/${id}`, 'invoice')
    const late = await kit.transform(`salesOrder/${id}`, 'invoice')
    expect([late.status, late.error?.detail]).toEqual([400, invalid('invoice', id)])
  })
  it('answers 404 where the profile says so [REC-505]', async () => {
    const other = await createOrderKit({ transformRefused: '404' })
    const id = await other.order()
    expect((await other.transform(`salesOrder/${id}`, 'purchaseOrder')).status).toBe(404)
  })
  it('says that a line is needed when nothing is left to bill or ship [OPQ-019]', async () => {
    const id = await kit.order()
    const bill = await kit.transform(`salesOrder/${id}`, 'invoice')
    expect([bill.status, bill.error?.detail]).toEqual([400, NO_LINES])
    const none = {
      item: {
        items: [
          { orderLine: 1, itemreceive: false },
          { orderLine: 2, quantity: 0 },
        ],
      },
    }
    const ship = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', none)
    expect([ship.status, ship.error?.detail]).toEqual([400, NO_LINES])
  })
  it('names the missing location of a line that is sent, and leaves out one that is not [OPQ-019, OPQ-063]', async () => {
    const item = { id: kit.goods }
    const id = await kit.order({}, [
      { item, quantity: 1 },
      { item, quantity: 2, location: { id: '2' } },
    ])
    const named = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', {
      item: { items: [{ orderLine: 1 }] },
    })
    expect(named.error?.detail).toBe(
      'Error while accessing a resource. Please enter value(s) for: Items list: Location.',
    )
    const made = await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    expect(await kit.lines(`itemFulfillment/${made.id}`, 'orderLine quantity')).toEqual([[2, 2]])
    const placed = { item: { items: [{ orderLine: 1, location: { id: '1' } }] } }
    expect((await kit.transform(`salesOrder/${id}`, 'itemFulfillment', placed)).status).toBe(204)
  })
  it('refuses a line that the order has not, and more than is left of one', async () => {
    const id = await kit.order()
    const unknown = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', {
      item: { items: [{ orderLine: 9 }] },
    })
    expect([unknown.error?.detail, unknown.error?.['o:errorPath']]).toEqual([
      'Error while accessing a resource. You have entered an Invalid Field Value 9 for the following field: orderLine.',
      'item.items[0]',
    ])
    const more = { item: { items: [{ orderLine: 1, quantity: 11 }] } }
    const refused = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', more)
    expect([refused.status, refused.error?.['o:errorCode']]).toEqual([400, 'USER_ERROR'])
    expect(await kit.lines(`salesOrder/${id}`, 'line quantityFulfilled')).toEqual([
      [1, undefined],
      [2, undefined],
    ])
  })
})

describe('lines', () => {
  it('takes what is named in part, the rest whole, and leaves out on request [REC-174]', async () => {
    const id = await kit.order()
    const part = { item: { items: [{ orderLine: 1, quantity: 3 }] } }
    const first = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', part)
    expect(await kit.lines(`itemFulfillment/${first.id}`, 'line orderLine quantity itemReceive')).toEqual([
      [1, 1, 3, true],
      [2, 2, 4, true],
    ])
    const second = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', {
      item: {
        items: [
          { orderLine: 1, itemreceive: true, quantity: 2 },
          { orderLine: 2, itemreceive: false },
        ],
      },
    })
    expect(await kit.lines(`itemFulfillment/${second.id}`, 'orderLine quantity')).toEqual([[1, 2]])
  })
  it('takes a unique key of a line for its number [OPQ-064]', async () => {
    const id = await kit.order()
    const [[key] = []] = await kit.lines(`salesOrder/${id}`, 'lineUniqueKey')
    if (key === undefined) return
    const made = await kit.transform(`salesOrder/${id}?replace=item`, 'itemFulfillment')
    expect(made.status).not.toBe(204)
    const byKey = await kit.account.send('POST', `salesOrder/${id}/!transform/itemFulfillment?replace=item`, {
      item: { items: [{ orderLine: Number(key), quantity: 1 }] },
    })
    expect(await kit.lines(`itemFulfillment/${byKey.id}`, 'orderLine quantity')).toEqual([[1, 1]])
  })
  it('with replace keeps the named lines only [REC-170]', async () => {
    const id = await kit.order()
    const made = await kit.account.send('POST', `salesOrder/${id}/!transform/itemFulfillment?replace=item`, {
      item: { items: [{ orderLine: 2, quantity: 1 }] },
    })
    expect(await kit.lines(`itemFulfillment/${made.id}`, 'orderLine quantity')).toEqual([[2, 1]])
  })
  it('ships no line by itself where the profile says so [OPQ-063]', async () => {
    const other = await createOrderKit({ fulfilmentLines: 'named' })
    const id = await other.order()
    const empty = await other.transform(`salesOrder/${id}`, 'itemFulfillment', {})
    expect(empty.error?.detail).toBe(NO_LINES)
    const made = await other.transform(`salesOrder/${id}`, 'itemFulfillment', {
      item: { items: [{ orderLine: 2, itemreceive: true }] },
    })
    expect(await other.lines(`itemFulfillment/${made.id}`, 'orderLine quantity')).toEqual([[2, 4]])
  })
  it('bills what is fulfilled and unbilled, with its share of the amount [REC-175]', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment', {
      item: { items: [{ orderLine: 1, quantity: 3 }] },
    })
    const bill = await kit.transform(`salesOrder/${id}`, 'invoice', { memo: 'first' })
    expect(await kit.lines(`invoice/${bill.id}`, 'orderLine quantity rate amount')).toEqual([
      [1, 3, 5, 15],
      [2, 4, 2.5, 10],
    ])
    expect(await kit.read(`invoice/${bill.id}`)).toMatchObject({
      memo: 'first',
      total: 25,
      entity: { id: kit.customer },
      createdFrom: { id },
      amountPaid: 0,
      amountRemaining: 25,
    })
  })
  it('bills a smaller quantity when told [REC-175]', async () => {
    const id = await kit.order()
    await kit.transform(`salesOrder/${id}`, 'itemFulfillment')
    const bill = await kit.transform(`salesOrder/${id}`, 'invoice', {
      item: {
        items: [
          { orderLine: 1, quantity: 4 },
          { orderLine: 2, quantity: 0 },
        ],
      },
    })
    expect(await kit.lines(`invoice/${bill.id}`, 'orderLine quantity amount')).toEqual([[1, 4, 20]])
    expect((await kit.read(`invoice/${bill.id}`)).total).toBe(20)
  })
  it('bills services without shipping them, goods ahead of shipping only where the profile says so', async () => {
    const lines = [
      { item: { id: kit.service }, quantity: 2, rate: 50 },
      { item: { id: kit.goods }, quantity: 1, rate: 1 },
    ]
    const id = await kit.order({}, lines)
    const bill = await kit.transform(`salesOrder/${id}`, 'cashSale')
    expect(await kit.lines(`cashSale/${bill.id}`, 'orderLine quantity')).toEqual([[1, 2]])
    const other = await createOrderKit({ billUnfulfilled: 'accept' })
    const ahead = await other.transform(`salesOrder/${await other.order()}`, 'invoice')
    expect((await other.read(`invoice/${ahead.id}`)).total).toBe(60)
  })
})

describe('forms', () => {
  it('shows the record that would be made, and saves nothing [OPQ-058, REC-185]', async () => {
    const id = await kit.order()
    const before = await kit.account.send('GET', '/_seatrial/records')
    const form = await kit.account.send(
      'POST',
      `salesOrder/${id}/!transform/itemFulfillment?expandSubResources=true`,
      {},
      { accept: 'application/vnd.oracle.resource+json; type=create-form' },
    )
    expect([form.status, form.headers['content-type']]).toEqual([
      200,
      'application/vnd.oracle.resource+json; type=create-form; charset=UTF-8',
    ])
    const path = `${HOST}/salesOrder/${id}/!transform/itemFulfillment`
    expect(form.json.links).toEqual([
      {
        rel: 'self',
        method: 'POST',
        mediaType: 'application/vnd.oracle.resource+json; type=create-form',
        href: `${path}?expandSubResources=true`,
      },
      { rel: 'transform', method: 'POST', href: path },
    ])
    const { items } = form.json.item as { items: { quantity: number }[] }
    expect(items.map(({ quantity }) => quantity)).toEqual([10, 4])
    expect((await kit.account.send('GET', '/_seatrial/records')).body).toBe(before.body)
    expect(await kit.status(`salesOrder/${id}`)).toBe('Pending Fulfillment')
  })
})

/** If these fail, a client that follows the links of an answer to a line, an address or a target is sent astray. */
import { beforeEach, describe, expect, it } from 'vitest'
import { accountWithRole, createTestAccount, type TestAccount } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})

interface Sublist {
  readonly links: unknown[]
  readonly items: Record<string, unknown>[]
  readonly totalResults: number
}

async function newOrder() {
  const customer = await account.create('customer', { companyName: 'Acme', externalId: 'C1' })
  const item = await account.create('inventoryItem', { itemId: 'SKU-1', externalId: 'SKU-1' })
  const inventoryDetail = {
    quantity: 2,
    inventoryAssignment: { items: [{ internalId: 1, quantity: 2, receiptInventoryNumber: 'LOT-1' }] },
  }
  const order = await account.create('salesOrder', {
    entity: { id: customer },
    externalId: 'SO-1',
    billingAddress: { addr1: '1 Main St', city: 'Boston' },
    item: {
      items: [
        { item: { id: item }, quantity: 2, rate: 10, inventoryDetail },
        { item: { id: item }, quantity: 1, rate: 5 },
      ],
    },
  })
  return { customer, item, order }
}

describe('reading a part', () => {
  it('gives a sublist with its lines as links, and whole with expandSubResources [REC-160, REC-163]', async () => {
    const { order } = await newOrder()
    const folded = await account.send('GET', `salesOrder/${order}/item`)
    expect([folded.status, folded.headers['content-type']]).toEqual([
      200,
      'application/vnd.oracle.resource+json; type=collection; charset=UTF-8',
    ])
    expect(folded.json).toEqual({
      links: [{ rel: 'self', href: `${HOST}/salesOrder/${order}/item`, method: 'GET' }],
      items: [
        { links: [{ rel: 'self', href: `${HOST}/salesorder/${order}/item/1`, method: 'GET' }] },
        { links: [{ rel: 'self', href: `${HOST}/salesorder/${order}/item/2`, method: 'GET' }] },
      ],
      totalResults: 2,
    })
    const whole = await account.send('GET', `salesOrder/${order}/item?expandSubResources=true`)
    const { items } = whole.json as unknown as Sublist
    expect(items.map(({ line, quantity }) => [line, quantity])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })
  it('gives an empty sublist as an envelope without lines [OPQ-026]', async () => {
    const { order } = await newOrder()
    const { json } = await account.send('GET', `salesOrder/${order}/partners`)
    expect(Object.keys(json)).toEqual(['links', 'items', 'totalResults'])
    expect(json).toMatchObject({ items: [], totalResults: 0 })
  })
  it('gives a line by its key, not by its place [REC-027, REC-138, REC-160]', async () => {
    const { order, item } = await newOrder()
    await account.send('PATCH', `salesOrder/${order}?replace=item`, {
      item: { items: [{ line: 2 }, { item: { id: item }, quantity: 7, rate: 1 }] },
    })
    expect((await account.send('GET', `salesOrder/${order}/item/2`)).json).toMatchObject({
      links: [{ rel: 'self', href: `${HOST}/salesOrder/${order}/item/2`, method: 'GET' }],
      line: 2,
      quantity: 1,
    })
    expect((await account.send('GET', `salesOrder/${order}/item/3`)).json).toMatchObject({ quantity: 7 })
    expect((await account.send('GET', `salesOrder/${order}/item/1`)).status).toBe(404)
  })
  it('gives subrecords in the body, on lines, and sublists inside them, to any depth [REC-160]', async () => {
    const { order, customer } = await newOrder()
    const address = await account.send('GET', `salesOrder/${order}/billingaddress`)
    expect(address.json).toMatchObject({ addr1: '1 Main St', city: 'Boston' })
    const lot = await account.send('GET', `salesOrder/${order}/item/1/inventoryDetail/inventoryAssignment/1`)
    expect(lot.json).toMatchObject({ receiptInventoryNumber: 'LOT-1', quantity: 2 })
    await account.send('PATCH', `customer/${customer}`, {
      addressBook: { items: [{ label: 'Home', addressBookAddress: { city: 'Lyon' } }] },
    })
    const book = await account.send('GET', `customer/${customer}/addressBook?expandSubResources=true`)
    const { id } = (book.json as unknown as Sublist).items[0]!
    const home = await account.send('GET', `customer/${customer}/addressBook/${id}/addressBookAddress`)
    expect(home.json).toMatchObject({ city: 'Lyon' })
  })
  it('folds what is inside a line unless asked to expand', async () => {
    const { order } = await newOrder()
    const at = `${HOST}/salesorder/${order}/item/1/inventoryDetail`
    const folded = await account.send('GET', `salesOrder/${order}/item/1`)
    expect(folded.json.inventoryDetail).toEqual({ links: [{ rel: 'self', href: at, method: 'GET' }] })
    const whole = await account.send('GET', `salesOrder/${order}/item/1?expandSubResources=true`)
    expect(whole.json.inventoryDetail).toMatchObject({ inventoryAssignment: { totalResults: 1 } })
  })
  it('follows a reference to its target, from the body and from a line [REC-160]', async () => {
    const { order, customer } = await newOrder()
    expect((await account.send('GET', `salesOrder/${order}/entity`)).json).toMatchObject({
      links: [{ rel: 'self', href: `${HOST}/salesOrder/${order}/entity`, method: 'GET' }],
      id: customer,
      companyName: 'Acme',
    })
    expect((await account.send('GET', `salesOrder/${order}/item/2/item`)).json.itemId).toBe('SKU-1')
    const further = await account.send('GET', `salesOrder/${order}/entity/addressBook`)
    expect(further.json).toMatchObject({ items: [], totalResults: 0 })
  })
  it('gives a multi-select, and a record in it [REC-031]', async () => {
    const item = await account.create('inventoryItem', {
      itemId: 'SKU-2',
      subsidiary: { items: [{ id: '1' }] },
    })
    const all = await account.send('GET', `inventoryItem/${item}/subsidiary`)
    expect(all.json).toMatchObject({ items: [{ id: '1', refName: 'Parent Company' }], totalResults: 1 })
    expect((await account.send('GET', `inventoryItem/${item}/subsidiary/1`)).json.name).toBe('Parent Company')
  })
  it('takes external ids at the start and in the middle of a path [REC-008]', async () => {
    await newOrder()
    expect((await account.send('GET', 'salesOrder/eid:SO-1/item/eid:SKU-1')).json).toMatchObject({ line: 1 })
    expect((await account.send('GET', 'salesOrder/eid:SO-1/item/eid:none')).status).toBe(404)
  })
  it('takes a line of the price matrix by several columns [REC-037]', async () => {
    const line = { currencyPage: { id: '1' }, priceLevel: { id: '1' }, quantity: { value: 10 }, price: 25.5 }
    const item = await account.create('inventoryItem', { itemId: 'SKU-3', price: { items: [line] } })
    const key = 'currencypage=1,pricelevel=1,quantity=10'
    expect((await account.send('GET', `inventoryItem/${item}/price/${key}`)).json.price).toBe(25.5)
    const other = key.replace('10', '20')
    expect((await account.send('GET', `inventoryItem/${item}/price/${other}`)).status).toBe(404)
  })
  it('answers 404 for a part that is not there, or as the profile says', async () => {
    const { order } = await newOrder()
    for (const path of ['nothing', 'item/9', 'tranId', 'status', 'shippingAddress', 'item/1/nothing/1']) {
      const answer = await account.send('GET', `salesOrder/${order}/${path}`)
      expect([path, answer.status, answer.error?.['o:errorCode']]).toEqual([path, 404, 'NONEXISTENT_ID'])
    }
    expect((await account.send('GET', 'salesOrder/999/item')).status).toBe(404)
    account = createTestAccount({ profile: { settings: { missingSubResource: '400' } } })
    const id = await account.create('customer', { companyName: 'Acme' })
    const answer = await account.send('GET', `customer/${id}/nothing`)
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([400, 'INVALID_URL'])
  })
})

it('parts have addresses that the metadata does not name [REC-164]', async () => {
  const accept = { accept: 'application/swagger+json' }
  const { json } = await account.send('GET', 'metadata-catalog/salesOrder', undefined, accept)
  const paths = Object.keys(json.paths as object)
  expect(paths).toContain('/salesOrder/{id}')
  expect(paths.filter((path) => /^\/salesOrder\/\{id\}\/[^!]/i.test(path))).toEqual([])
})

describe('writing a part', () => {
  it('changes a line, and the totals of its record [REC-162, OPQ-067]', async () => {
    const { order } = await newOrder()
    const answer = await account.send('PATCH', `salesOrder/${order}/item/2`, { quantity: 4 })
    expect([answer.status, answer.body, answer.headers.location]).toEqual([
      204,
      '',
      `${HOST}/salesorder/${order}/item/2`,
    ])
    expect((await account.send('GET', `salesOrder/${order}/item/2`)).json).toMatchObject({
      quantity: 4,
      amount: 20,
    })
    expect((await account.send('GET', `salesOrder/${order}`)).json.total).toBe(40)
    expect((await account.send('GET', `salesOrder/${order}/item`)).json.totalResults).toBe(2)
  })
  it('does not move a line to another key', async () => {
    const { order } = await newOrder()
    await account.send('PATCH', `salesOrder/${order}/item/2`, { line: 9, quantity: 4 })
    expect((await account.send('GET', `salesOrder/${order}/item/2`)).json.quantity).toBe(4)
  })
  it('changes a subrecord and keeps what is not named [REC-112]', async () => {
    const { order } = await newOrder()
    const answer = await account.send('PATCH', `salesOrder/${order}/billingAddress`, { city: 'Salem' })
    expect(answer.status).toBe(204)
    expect((await account.send('GET', `salesOrder/${order}/billingAddress`)).json).toMatchObject({
      addr1: '1 Main St',
      city: 'Salem',
    })
  })
  it('changes one cell of the price matrix [REC-037, REC-162]', async () => {
    const cell = (quantity: number, price: number) => ({
      currencyPage: { id: '1' },
      priceLevel: { id: '1' },
      quantity: { value: quantity },
      price,
    })
    const item = await account.create('inventoryItem', {
      itemId: 'SKU-3',
      price: { items: [cell(5, 20), cell(10, 15)] },
    })
    const path = `inventoryItem/${item}/price/currencypage=1,pricelevel=1,quantity=10`
    const answer = await account.send('PATCH', path, { price: 10 })
    expect([answer.status, answer.headers.location]).toEqual([204, `${HOST}/${path.replace('I', 'i')}`])
    const { json } = await account.send('GET', `inventoryItem/${item}/price?expandSubResources=true`)
    expect((json as unknown as Sublist).items.map(({ price }) => price)).toEqual([20, 10])
  })
  it('changes a line inside a line and leaves its neighbours alone [REC-113, REC-160, OPQ-067]', async () => {
    const { order } = await newOrder()
    const lots = `salesOrder/${order}/item/1/inventoryDetail/inventoryAssignment`
    expect((await account.send('PATCH', `${lots}/1`, { receiptInventoryNumber: 'LOT-2' })).status).toBe(204)
    const { json } = await account.send('GET', `${lots}?expandSubResources=true`)
    expect((json as unknown as Sublist).items).toMatchObject([
      { receiptInventoryNumber: 'LOT-2', quantity: 2 },
    ])
    expect((await account.send('GET', `salesOrder/${order}/item/1`)).json.quantity).toBe(2)
  })
  it('changes an address by the number its line shows [OPQ-027]', async () => {
    const customer = await account.create('customer', {
      companyName: 'Acme',
      addressBook: {
        items: [
          { label: 'Home', addressBookAddress: { addr1: '1 Main St', city: 'Lyon' } },
          { label: 'Work', addressBookAddress: { city: 'Nice' } },
        ],
      },
    })
    const book = await account.send('GET', `customer/${customer}/addressBook?expandSubResources=true`)
    const { id, internalId, addressId } = (book.json as unknown as Sublist).items[1]!
    expect([id, internalId, addressId]).toEqual([2, 2, '2'])
    const path = `customer/${customer}/addressBook/2/addressBookAddress`
    expect((await account.send('PATCH', path, { city: 'Paris' })).status).toBe(204)
    expect((await account.send('GET', path)).json.city).toBe('Paris')
    const other = await account.send('GET', `customer/${customer}/addressBook/1/addressBookAddress`)
    expect(other.json).toMatchObject({ addr1: '1 Main St', city: 'Lyon' })
  })
  it('refuses a line that only its place tells from others [REC-132]', async () => {
    const customer = await account.create('customer', {
      companyName: 'Acme',
      groupPricing: { items: [{ level: { id: '1' } }] },
    })
    expect((await account.send('GET', `customer/${customer}/groupPricing/1`)).status).toBe(200)
    const answer = await account.send('PATCH', `customer/${customer}/groupPricing/1`, { level: { id: '2' } })
    expect([answer.status, answer.error?.detail]).toEqual([
      405,
      'This operation is not allowed for a customer record. Use one of the following valid operations: load.',
    ])
  })
  it('points at the mistake in the body that was sent [REC-250]', async () => {
    const { order } = await newOrder()
    const wrong = await account.send('PATCH', `salesOrder/${order}/item/2`, { quantity: 'many' })
    expect(wrong.error).toMatchObject({ 'o:errorCode': 'INVALID_VALUE', 'o:errorPath': 'quantity' })
    const missing = await account.send('PATCH', `salesOrder/${order}/item/2`, { item: null })
    expect(missing.status).toBe(400)
    expect((await account.send('GET', `salesOrder/${order}/item/2/item`)).status).toBe(200)
  })
  it('warns of names in the body that was sent, and never replaces neighbours [REC-108, REC-133]', async () => {
    const { order } = await newOrder()
    const answer = await account.send('PATCH', `salesOrder/${order}/item/2?replace=item`, {
      quantity: 3,
      nonsense: 1,
    })
    expect([answer.status, answer.headers['x-netsuite-propertyvalidation']]).toEqual([204, 'nonsense'])
    expect((await account.send('GET', `salesOrder/${order}/item`)).json.totalResults).toBe(2)
  })
  it('neither makes nor removes a part: 405 in words [REC-161, OPQ-010]', async () => {
    const { order } = await newOrder()
    for (const [method, path] of [
      ['POST', 'item'],
      ['DELETE', 'item/1'],
      ['PUT', 'item/1'],
      ['DELETE', 'billingAddress'],
    ] as const) {
      const answer = await account.send(method, `salesOrder/${order}/${path}`, {})
      expect([method, answer.status, answer.error]).toEqual([
        method,
        405,
        {
          detail:
            'This operation is not allowed for a salesOrder record. Use one of the following valid operations: edit, load.',
          'o:errorCode': 'INVALID_METHOD',
        },
      ])
    }
    expect((await account.send('PATCH', `salesOrder/${order}/shippingAddress`, { city: 'x' })).status).toBe(
      404,
    )
    expect((await account.send('PATCH', `salesOrder/${order}/entity`, { email: 'a@b.example' })).status).toBe(
      405,
    )
  })
  it('removes a subrecord by null in its record [REC-161]', async () => {
    const { order } = await newOrder()
    await account.send('PATCH', `salesOrder/${order}`, { billingAddress: null })
    expect((await account.send('GET', `salesOrder/${order}/billingAddress`)).status).toBe(404)
  })
  it('refuses a whole sublist unless the profile allows it', async () => {
    const { order } = await newOrder()
    const lines = { items: [{ line: 2, quantity: 3 }] }
    expect((await account.send('PATCH', `salesOrder/${order}/item`, lines)).status).toBe(405)
    account = createTestAccount({ profile: { settings: { sublistPatch: 'accept' } } })
    const again = (await newOrder()).order
    expect((await account.send('PATCH', `salesOrder/${again}/item`, lines)).status).toBe(204)
    expect((await account.send('GET', `salesOrder/${again}/item/2`)).json.quantity).toBe(3)
  })
})

describe('a role', () => {
  it('follows references only to what it may see, and writes no locked part [REC-118, REC-E24]', async () => {
    const { clerk, create, send } = accountWithRole({
      permissions: { salesOrder: 'edit', inventoryItem: 'view' },
      lockedFields: { salesOrder: ['item'] },
    })
    const customer = await create('customer', { companyName: 'Acme' })
    const item = await create('inventoryItem', { itemId: 'SKU-1' })
    const order = await create('salesOrder', {
      entity: { id: customer },
      item: { items: [{ item: { id: item }, quantity: 1 }] },
    })
    expect((await clerk('GET', `salesOrder/${order}/entity`)).status).toBe(403)
    expect((await clerk('GET', `salesOrder/${order}/item/1/item`)).json.itemId).toBe('SKU-1')
    expect((await clerk('PATCH', `salesOrder/${order}/item/1`, { quantity: 9 })).status).toBe(204)
    expect((await send('GET', `salesOrder/${order}/item/1`)).json.quantity).toBe(1)
  })
})

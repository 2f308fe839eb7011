/** If these fail, a transaction lacks what its customer, items and terms give it, or its money does not add up. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'

type Json = Record<string, unknown>
let account: TestAccount
let item: string
beforeEach(async () => {
  account = createTestAccount()
  item = await account.create('inventoryItem', {
    itemId: 'SKU-1',
    price: {
      items: [
        { price: 20 },
        { priceLevel: { id: '2' }, price: 15 },
        { priceLevel: { id: '2' }, quantity: { value: 10 }, price: 12 },
      ],
    },
  })
})

const read = async (path: string): Promise<Json> =>
  (await account.send('GET', `${path}?expandSubResources=true`)).json
const linesOf = (json: Json): Json[] => (json.item as { items: Json[] }).items
const ofOne = (line: Json) => ({ items: [{ item: { id: item }, ...line }] })

const address = {
  addressee: 'Acme',
  addr1: '1 Main St',
  city: 'Springfield',
  state: 'OR',
  zip: '97477',
  country: 'US',
}

describe('a price of its own', () => {
  it('has the level -1 that every account has [REC-007, REC-345]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const line = { price: { id: '-1' }, rate: 7.5, quantity: 2 }
    const id = await account.create('salesOrder', { entity: { id: customer }, item: ofOne(line) })
    const order = await read(`salesOrder/${id}`)
    expect(linesOf(order)[0]).toMatchObject({ rate: 7.5, amount: 15, price: { id: '-1', refName: 'Custom' } })
  })
})

describe('an address book', () => {
  it('gives the order the address by its label, and takes the default address with it when it goes [REC-331, REC-134, REC-340]', async () => {
    const line = { label: 'HQ', defaultBilling: true, addressBookAddress: address }
    const customer = await account.create('customer', { companyName: 'Acme', addressBook: { items: [line] } })
    const id = await account.create('salesOrder', { entity: { id: customer }, item: ofOne({}) })
    expect((await read(`salesOrder/${id}`)).billAddressList).toEqual({ links: [], id: '1', refName: 'HQ' })
    const cleared = await account.send('PATCH', `customer/${customer}?replace=addressBook`, {
      addressBook: { items: [] },
    })
    expect(cleared.status).toBe(204)
    expect((await read(`customer/${customer}`)).defaultAddress).toBeUndefined()
  })
})

describe('another address of the same customer', () => {
  it('comes with its number in the address book, on create and on PATCH [REC-340, REC-346]', async () => {
    const items = ['1 Main St', '2 Dock Rd'].map((addr1, index) => ({
      label: `L${index + 1}`,
      defaultShipping: index === 0,
      addressBookAddress: { addr1 },
    }))
    const customer = await account.create('customer', { companyName: 'Acme', addressBook: { items } })
    const id = await account.create('salesOrder', { entity: { id: customer }, item: ofOne({}) })
    const street = async () => {
      const { shippingAddress, shipAddressList } = await read(`salesOrder/${id}`)
      return [(shippingAddress as Json).addr1, (shipAddressList as Json).refName]
    }
    expect(await street()).toEqual(['1 Main St', 'L1'])
    await account.send('PATCH', `salesOrder/${id}`, { shipAddressList: { id: '2' } })
    expect(await street()).toEqual(['2 Dock Rd', 'L2'])
    await account.send('PATCH', `salesOrder/${id}`, { memo: 'same' })
    expect(await street()).toEqual(['2 Dock Rd', 'L2'])
  })
})

describe('the name of a person', () => {
  it('without a number is first and last name [REC-334]', async () => {
    const contact = await account.create('contact', { firstName: 'Ann', lastName: 'Ng' })
    const id = await account.create('contact', {
      firstName: 'Bo',
      lastName: 'Li',
      supervisor: { id: contact },
    })
    expect((await read(`contact/${id}`)).supervisor).toMatchObject({ refName: 'Ann Ng' })
  })
})

describe('from the customer', () => {
  it('come terms, currency and the price level, unless the order says otherwise [REC-340]', async () => {
    const customer = await account.create('customer', {
      companyName: 'Acme',
      terms: { id: '2' },
      currency: { id: '4' },
      priceLevel: { id: '2' },
    })
    const order = await account.create('salesOrder', {
      entity: { id: customer },
      item: ofOne({ quantity: 1 }),
    })
    expect(await read(`salesOrder/${order}`)).toMatchObject({ terms: { id: '2' }, currency: { id: '4' } })
    const own = await account.create('salesOrder', {
      entity: { id: customer },
      terms: { id: '1' },
      item: ofOne({ quantity: 1 }),
    })
    expect((await read(`salesOrder/${own}`)).terms).toMatchObject({ id: '1' })
  })
  it('come the default addresses, with their texts [REC-333, REC-340, REC-346, OPQ-027]', async () => {
    const customer = await account.create('customer', {
      companyName: 'Acme',
      addressBook: {
        items: [
          { defaultBilling: true, addressBookAddress: address },
          { defaultShipping: true, addressBookAddress: { ...address, addr1: '2 Dock Rd' } },
        ],
      },
    })
    const text = 'Acme\n1 Main St\nSpringfield OR 97477\nUnited States'
    const book = (await read(`customer/${customer}`)).addressBook as { items: Json[] }
    expect(book.items[0]).toMatchObject({
      id: 1,
      internalId: 1,
      addressId: '1',
      addressBookAddress_text: text,
    })
    expect((book.items[0]!.addressBookAddress as Json).country).toEqual({
      links: [],
      id: 'US',
      refName: 'United States',
    })
    const order = await account.create('salesOrder', {
      entity: { id: customer },
      item: ofOne({ quantity: 1 }),
    })
    const json = await read(`salesOrder/${order}`)
    expect(json).toMatchObject({
      billingAddress: { addr1: '1 Main St', addrText: text },
      billingAddress_text: text,
      shippingAddress: { addr1: '2 Dock Rd', city: 'Springfield' },
    })
    const own = await account.create('salesOrder', {
      entity: { id: customer },
      item: ofOne({ quantity: 1 }),
      shippingAddress: { addr1: '9 Own Way' },
    })
    expect((await read(`salesOrder/${own}`)).shippingAddress).not.toHaveProperty('city')
  })
  it('comes one default address of each kind, the one named last [REC-332]', async () => {
    const line = { defaultBilling: true, addressBookAddress: address }
    const customer = await account.create('customer', { companyName: 'A', addressBook: { items: [line] } })
    await account.send('PATCH', `customer/${customer}`, { addressBook: { items: [line] } })
    const book = (await read(`customer/${customer}`)).addressBook as { items: Json[] }
    expect(book.items.map(({ id, defaultBilling }) => [id, defaultBilling])).toEqual([
      [1, false],
      [2, true],
    ])
  })
})

describe('prices', () => {
  it('come from the level of the line, of the customer, or the base price, by quantity [REC-340, REC-037]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme', priceLevel: { id: '2' } })
    const plain = await account.create('customer', { companyName: 'Plain' })
    const rates = async (entity: string, lines: Json[]) => {
      const items = lines.map((line) => ({ item: { id: item }, ...line }))
      const order = await account.create('salesOrder', { entity: { id: entity }, item: { items } })
      return linesOf(await read(`salesOrder/${order}`)).map(({ rate, amount }) => [rate, amount])
    }
    expect(
      await rates(plain, [{ quantity: 2 }, { quantity: 2, price: { id: '2' } }, { quantity: 2, rate: 7 }]),
    ).toEqual([
      [20, 40],
      [15, 30],
      [7, 14],
    ])
    expect(await rates(customer, [{ quantity: 9 }, { quantity: 10 }])).toEqual([
      [15, 135],
      [12, 120],
    ])
  })
  it('are lines with a compound key, changed by it [REC-037, REC-132]', async () => {
    const level = { currencyPage: { id: '1' }, priceLevel: { id: '2' }, quantity: { value: 10 } }
    await account.send('PATCH', `inventoryItem/${item}`, { price: { items: [{ ...level, price: 11 }] } })
    const price = (await read(`inventoryItem/${item}`)).price as { items: Json[] }
    expect(price.items.map((line) => line.price)).toEqual([20, 15, 11])
    expect((price.items[2]!.links as { href: string }[])[0]!.href).toMatch(
      new RegExp(`/inventoryitem/${item}/price/currencypage=1,pricelevel=2,quantity=10$`),
    )
  })
})

describe('money of a transaction', () => {
  const totals = async (body: Json) => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const order = await account.create('salesOrder', { entity: { id: customer }, ...body })
    return read(`salesOrder/${order}`)
  }
  it('adds up lines, tax, shipping and discount [REC-321]', async () => {
    const json = await totals({
      item: {
        items: [
          { item: { id: item }, quantity: 2, rate: 50, taxRate1: 10 },
          { item: { id: item }, amount: 5 },
        ],
      },
      shippingCost: 7.5,
      discountRate: -20,
    })
    expect(json).toMatchObject({ subtotal: 105, taxTotal: 10, discountTotal: -20, total: 102.5 })
    expect(linesOf(json)[0]).toMatchObject({ amount: 100, tax1Amt: 10, grossAmt: 110 })
  })
  it('follows a gross amount on a taxable line [REC-324]', async () => {
    const line = { quantity: 1, rate: 50, taxRate1: 10, grossAmt: 220 }
    expect(linesOf(await totals({ item: ofOne(line) }))[0]).toMatchObject({
      amount: 200,
      tax1Amt: 20,
      grossAmt: 220,
    })
    account = createTestAccount({ profile: { settings: { grossAmounts: 'ignore' } } })
    item = await account.create('inventoryItem', { itemId: 'SKU-1' })
    expect(linesOf(await totals({ item: ofOne(line) }))[0]).toMatchObject({ amount: 50 })
  })
  it('keeps its amount when a gross amount comes to a line without tax [REC-324]', async () => {
    const { id } = await totals({ item: ofOne({ quantity: 3, amount: 10 }) })
    const line = { line: 1, grossAmt: 11 }
    expect((await account.send('PATCH', `salesOrder/${id}`, { item: { items: [line] } })).status).toBe(204)
    const order = await read(`salesOrder/${id}`)
    expect([order.total, linesOf(order)[0]]).toMatchObject([10, { amount: 10, grossAmt: 11 }])
  })
  it('is worked out anew when a line changes, and is no field to write [REC-321, REC-345]', async () => {
    const json = await totals({ item: ofOne({ quantity: 2, rate: 50, taxRate1: 10 }), total: 1, subtotal: 1 })
    expect(json.total).toBe(110)
    await account.send('PATCH', `salesOrder/${json.id}`, { item: { items: [{ line: 1, quantity: 4 }] } })
    const changed = await read(`salesOrder/${json.id}`)
    expect(changed).toMatchObject({ subtotal: 200, taxTotal: 20, total: 220 })
    expect(linesOf(changed)[0]).toMatchObject({ amount: 200, grossAmt: 220 })
  })
  it('is due by the terms [REC-352]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme', terms: { id: '2' } })
    const body = { entity: { id: customer }, tranDate: '2026-01-31', item: ofOne({ quantity: 1, rate: 1 }) }
    const invoice = await account.create('invoice', body)
    expect((await read(`invoice/${invoice}`)).dueDate).toBe('2026-03-02')
    const own = await account.create('invoice', { ...body, dueDate: '2026-02-01' })
    expect((await read(`invoice/${own}`)).dueDate).toBe('2026-02-01')
  })
})

describe('numbers and statuses', () => {
  it('are given by the account: transactions, their lines, entities [REC-320, REC-330, REC-345]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const order = await account.create('salesOrder', {
      entity: { id: customer },
      item: { items: [{ item: { id: item } }, { item: { id: item } }] },
    })
    const json = await read(`salesOrder/${order}`)
    expect(json).toMatchObject({ tranId: `SO${order}`, transactionNumber: `SALESORD${order}` })
    expect(json).toMatchObject({ webStore: 'F', storeOrder: 'F', source: { id: 'restWebServices' } })
    expect(linesOf(json).map(({ line, lineUniqueKey }) => [line, lineUniqueKey])).toEqual([
      [1, '1'],
      [2, '2'],
    ])
    expect((await read(`customer/${customer}`)).entityId).toBe(`CUST${customer}`)
  })
  it('leak hidden checkboxes as letters [REC-034]; name where a record came from [REC-322]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const order = await account.create('salesOrder', { entity: { id: customer }, item: ofOne({}) })
    const json = await read(`salesOrder/${order}`)
    expect([json.webStore, json.toBeEmailed ?? false]).toEqual(['F', false])
    expect(json.source).toEqual({ links: [], id: 'restWebServices', refName: 'restWebServices' })
  })
  it('number the lines of a journal from 0, without an address [OPQ-027]', async () => {
    const journal = await account.create('journalEntry', {
      line: {
        items: [
          { account: { id: '1' }, debit: 5 },
          { account: { id: '2' }, credit: 5 },
        ],
      },
    })
    const { items } = (await read(`journalEntry/${journal}`)).line as { items: Json[] }
    expect(items.map(({ line, links }) => [line, links])).toEqual([
      [0, []],
      [1, []],
    ])
  })
  it('close an order by closing every line, and open it again [REC-344]; un-approve by A [REC-341]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const order = await account.create('salesOrder', {
      entity: { id: customer },
      orderStatus: 'B',
      item: {
        items: [
          { item: { id: item }, quantity: 1 },
          { item: { id: item }, quantity: 1 },
        ],
      },
    })
    const status = async () => (await read(`salesOrder/${order}`)).status
    const close = (lines: number[], isClosed: boolean) =>
      account.send('PATCH', `salesOrder/${order}`, {
        item: { items: lines.map((line) => ({ line, isClosed })) },
      })
    await close([1], true)
    expect(await status()).toMatchObject({ id: 'Pending Fulfillment' })
    await close([2], true)
    expect(await status()).toMatchObject({ id: 'Closed' })
    await close([1], false)
    expect(await status()).toMatchObject({ id: 'Pending Fulfillment' })
    await account.send('PATCH', `salesOrder/${order}`, { orderStatus: 'A' })
    expect(await status()).toMatchObject({ id: 'Pending Approval' })
    const refused = await account.send('PATCH', `salesOrder/${order}`, { orderStatus: 'C' })
    expect(refused.status).toBe(400)
  })
})

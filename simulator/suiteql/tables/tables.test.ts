/** If this fails, a table that clients join, or a dataset, is missing or says something else than the records. */
import { beforeAll, describe, expect, it } from 'vitest'
import { accountWithRole, createTestAccount, type TestAccount } from '../../test-account.ts'

const TRANSIENT = { prefer: 'transient' }
const rowsOf = (json: Record<string, unknown>): unknown =>
  ((json.items ?? [json]) as Record<string, unknown>[]).map(({ links: _, ...row }) => row)

let account: TestAccount
const rows = async (q: string): Promise<unknown> =>
  rowsOf((await account.send('POST', '/services/rest/query/v1/suiteql', { q }, TRANSIENT)).json)
let order: string
let invoice: string
let item: string

/** An order of two mugs at 5, invoiced. */
beforeAll(async () => {
  account = createTestAccount()
  const vendor = await account.create('vendor', { companyName: 'Mill' })
  const customer = await account.create('customer', { companyName: 'Acme', comments: 'old' })
  item = await account.create('serviceSaleItem', {
    itemId: 'MUG',
    itemVendor: { items: [{ vendor: { id: vendor }, purchasePrice: 2.5, preferredVendor: true }] },
  })
  const line = { item: { id: item }, quantity: 2, rate: 5 }
  order = await account.create('salesOrder', {
    entity: { id: customer },
    orderStatus: 'B',
    item: { items: [line] },
  })
  invoice = (await account.send('POST', `salesOrder/${order}/!transform/invoice`)).id
  await account.send('PATCH', `customer/${customer}`, { comments: 'new', phone: '555 1234' })
  await account.send('PATCH', `customer/${customer}`, { phone: null })
})

describe('tables', () => {
  it('transactionaccountingline: what lines post, in balance [SQL-075]', async () => {
    const q = `SELECT BUILTIN.DF(account) AS account, amount, debit, credit, posting FROM transactionaccountingline
      WHERE transaction = ${invoice} ORDER BY transactionline`
    expect(await rows(q)).toEqual([
      { account: 'Accounts Receivable', amount: '10', debit: '10', posting: 'T' },
      { account: 'Sales', amount: '-10', credit: '10', posting: 'T' },
    ])
    const posted =
      'SELECT SUM(amount) AS s, posting FROM transactionaccountingline GROUP BY posting ORDER BY posting'
    expect(await rows(posted)).toEqual([
      { s: '0', posting: 'F' },
      { s: '0', posting: 'T' },
    ])
  })

  it('transactionaccountingline: money moves between two accounts [SQL-075]', async () => {
    const own = createTestAccount()
    const { create } = own
    const asked = async (q: string) =>
      rowsOf((await own.send('POST', '/services/rest/query/v1/suiteql', { q }, TRANSIENT)).json)
    const [customer, vendor] = [
      await create('customer', { companyName: 'Acme' }),
      await create('vendor', { companyName: 'Mill' }),
    ]
    const hour = await create('serviceSaleItem', { itemId: 'HOUR' })
    const line = { item: { id: hour }, quantity: 1, rate: 40 }
    const sold = await create('invoice', { entity: { id: customer }, item: { items: [line] } })
    const bought = await create('vendorBill', { entity: { id: vendor }, item: { items: [line] } })
    const apply = (doc: string) => ({ items: [{ doc: { id: doc }, apply: true, amount: 40 }] })
    const paid = await create('customerPayment', {
      customer: { id: customer },
      payment: 40,
      apply: apply(sold),
    })
    const out = await create('vendorPayment', { entity: { id: vendor }, total: 40, apply: apply(bought) })
    const deposit = await create('customerDeposit', { customer: { id: customer }, payment: 15 })
    const q = (id: string) =>
      `SELECT transactionline AS l, BUILTIN.DF(account) AS account, amount FROM transactionaccountingline WHERE transaction = ${id} ORDER BY transactionline`
    expect(await asked(q(paid))).toEqual([
      { l: '0', account: 'Undeposited Funds', amount: '40' },
      { l: '1', account: 'Accounts Receivable', amount: '-40' },
    ])
    expect(await asked(q(out))).toEqual([
      { l: '0', account: 'Checking', amount: '-40' },
      { l: '1', account: 'Accounts Payable', amount: '40' },
    ])
    expect(await asked(q(deposit))).toEqual([
      { l: '0', account: 'Undeposited Funds', amount: '15' },
      { l: '1', account: 'Customer Deposits', amount: '-15' },
    ])
    const balances = `SELECT BUILTIN.DF(account) AS account, SUM(amount) AS s FROM transactionaccountingline
      GROUP BY BUILTIN.DF(account) HAVING BUILTIN.DF(account) LIKE 'Accounts %' ORDER BY BUILTIN.DF(account)`
    expect(await asked(balances)).toEqual([
      { account: 'Accounts Payable', s: '0' },
      { account: 'Accounts Receivable', s: '0' },
    ])
    expect(await asked('SELECT SUM(amount) AS s FROM transactionaccountingline')).toEqual([{ s: '0' }])
  })

  it('transactionline: what of a sale moves stock [SQL-074]', async () => {
    const own = createTestAccount({ profile: { settings: { billUnfulfilled: 'accept' } } })
    const { create } = own
    const customer = await create('customer', { companyName: 'Acme' })
    const [mug, hour] = [
      await create('inventoryItem', { itemId: 'MUG' }),
      await create('serviceSaleItem', { itemId: 'HOUR' }),
    ]
    const items = [mug, hour].map((id) => ({ item: { id }, quantity: 1, rate: 5 }))
    const sale = { entity: { id: customer }, item: { items } }
    const ordered = await create('salesOrder', { ...sale, orderStatus: 'B' })
    const alone = await create('invoice', sale)
    const billed = await create('invoice', { ...sale, createdFrom: { id: ordered } })
    const q = `SELECT transaction, item FROM transactionline WHERE isinventoryaffecting = 'T'`
    const { json } = await own.send('POST', '/services/rest/query/v1/suiteql', { q }, TRANSIENT)
    expect(rowsOf(json)).toEqual([{ transaction: alone, item: mug }])
    expect(billed).not.toBe(alone)
  })

  it.each([
    ['previoustransactionlink', 'nextdoc', 'invoice'],
    ['nexttransactionlink', 'previousdoc', 'order'],
  ])('%s: from which a transaction came', async (table, by, which) => {
    const q = `SELECT previousdoc, nextdoc, linktype, previoustype, nexttype FROM ${table}
      WHERE ${by} = ${which === 'order' ? order : invoice}`
    expect(await rows(q)).toEqual([
      {
        previousdoc: order,
        nextdoc: invoice,
        linktype: 'OrdBill',
        previoustype: 'SalesOrd',
        nexttype: 'CustInvc',
      },
    ])
  })

  it('systemnote: creations, changes with both values, deletions [SQL-076]', async () => {
    const gone = await account.create('customer', { companyName: 'Gone' })
    await account.send('DELETE', `customer/${gone}`)
    const q = (
      id: string,
    ): string => `SELECT BUILTIN.DF(type) AS type, field, oldvalue, newvalue, recordtypeid
      FROM systemnote WHERE recordtypeid = -2 AND recordid = ${id} ORDER BY ABS(id)`
    const [customer] = (await rows('SELECT id FROM customer')) as { id: string }[]
    const notes = (await rows(q(customer!.id))) as object[]
    expect(notes).toEqual(
      expect.arrayContaining([
        { type: 'Create', recordtypeid: '-2' },
        { type: 'Change', field: 'COMMENTS', oldvalue: 'old', newvalue: 'new', recordtypeid: '-2' },
        { type: 'Set', field: 'PHONE', newvalue: '555 1234', recordtypeid: '-2' },
        { type: 'Unset', field: 'PHONE', oldvalue: '555 1234', recordtypeid: '-2' },
      ]),
    )
    expect(notes).toHaveLength(4)
    expect(await rows(q(gone))).toEqual([{ type: 'Delete', oldvalue: 'CUST3 Gone', recordtypeid: '-2' }])
  })

  it.each([
    ['inventorynumber'],
    ['accountingperiod'],
    ['inventorybalance'],
    ['transactionstatus'],
    ['location'],
  ])('%s is there [SQL-076, SQL-077]', async (table) => {
    expect(await rows(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: expect.stringMatching(/^\d+$/) }])
  })

  it('inventoryassignment: lots, serial numbers and bins of lines [SQL-076]', async () => {
    const own = createTestAccount()
    const { create } = own
    const lot = await create('lotNumberedInventoryItem', { itemId: 'LOT' })
    const assigned = [
      { receiptInventoryNumber: 'A', quantity: 2 },
      { receiptInventoryNumber: 'B', quantity: 3 },
    ]
    const id = await create('inventoryAdjustment', {
      account: { id: '8' },
      inventory: {
        items: [
          {
            item: { id: lot },
            location: { id: '1' },
            adjustQtyBy: 5,
            inventoryDetail: { inventoryAssignment: { items: assigned } },
          },
        ],
      },
    })
    const q =
      'SELECT transaction, transactionline, receiptinventorynumber AS n, quantity, bin FROM inventoryassignment ORDER BY id'
    const { json } = await own.send('POST', '/services/rest/query/v1/suiteql', { q }, TRANSIENT)
    expect(rowsOf(json)).toEqual([
      { transaction: id, transactionline: '1', n: 'A', quantity: '2' },
      { transaction: id, transactionline: '1', n: 'B', quantity: '3' },
    ])
  })

  it('each can be read as a whole, and without any column of it', async () => {
    const names = `account accountingperiod aggregateitemlocation contact currency customer department employee entity
      inventoryassignment inventorybalance inventoryitemlocations item itemvendor location nexttransactionlink
      nexttransactionlinelink previoustransactionlink previoustransactionlinelink systemnote transaction
      transactionaccountingline transactionline transactionstatus vendor`
    const failed: string[] = []
    for (const table of names.split(/\s+/))
      for (const what of ['*', '1 AS one']) {
        const q = `SELECT ${what} FROM ${table} FETCH FIRST 1 ROWS ONLY`
        const { status } = await account.send('POST', '/services/rest/query/v1/suiteql', { q }, TRANSIENT)
        if (status !== 200) failed.push(q)
      }
    expect(failed).toEqual([])
  })

  it('lines, links, postings and notes of hidden types are hidden [SQL-033, SQL-061]', async () => {
    const permissions = { invoice: 'view', customer: 'view', suiteAnalyticsWorkbook: 'edit' } as const
    const other = accountWithRole({ permissions })
    const customer = await other.create('customer', { companyName: 'Acme' })
    const mug = await other.create('serviceSaleItem', { itemId: 'MUG' })
    const line = { item: { id: mug }, quantity: 2, rate: 5 }
    await other.create('salesOrder', { entity: { id: customer }, item: { items: [line] } })
    const seen = async (q: string) =>
      rowsOf((await other.clerk('POST', '/services/rest/query/v1/suiteql', { q }, TRANSIENT)).json)
    for (const table of [
      'transaction',
      'transactionline',
      'transactionaccountingline',
      'nexttransactionlink',
    ])
      expect(await seen(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: '0' }])
    expect(await seen('SELECT DISTINCT recordtypeid FROM systemnote')).toEqual([{ recordtypeid: '-2' }])
    for (const table of ['item', 'itemvendor', 'aggregateitemlocation'])
      expect(JSON.stringify(await seen(`SELECT COUNT(*) AS n FROM ${table}`))).toContain(
        `Record '${table}' was not found.`,
      )
  })
})

describe('datasets', () => {
  const DATASETS = '/services/rest/query/v1/dataset'
  const profile = {
    datasets: [
      {
        id: 'custdataset_vendors',
        name: 'Vendors',
        description: 'All of them',
        query: 'SELECT id, companyname AS label FROM vendor',
      },
      { id: 'custdataset_bad', name: 'Bad', recordType: 'customer', query: 'SELECT nothing FROM customer' },
    ],
  }

  it('are listed by page, with their addresses [SQL-080]', async () => {
    const { send, simulator } = createTestAccount({ profile })
    const { status, json } = await send('GET', `${DATASETS}/?limit=1`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ count: 1, hasMore: true, offset: 0, totalResults: 2 })
    expect(json.items).toEqual([
      {
        links: [{ rel: 'self', href: `${simulator.baseUrl}${DATASETS}/custdataset_vendors` }],
        id: 'custdataset_vendors',
        name: 'Vendors',
        description: 'All of them',
      },
    ])
  })

  it('run as a query does, their own link with its paging [SQL-080]', async () => {
    const { send, create, simulator } = createTestAccount({ profile })
    await create('vendor', { companyName: 'Mill' })
    const { status, json } = await send('GET', `${DATASETS}/custdataset_vendors/result`)
    expect(status).toBe(200)
    const self = `${simulator.baseUrl}${DATASETS}/custdataset_vendors/result?limit=1000&offset=0`
    expect(json).toEqual({
      links: [{ rel: 'self', href: self }],
      count: 1,
      hasMore: false,
      items: [{ links: [], id: '1', label: 'Mill' }],
      offset: 0,
      totalResults: 1,
    })
  })

  it.each([
    ['of an unknown id', 'GET', 'custdataset_none/result', 404],
    ['below another path', 'GET', 'custdataset_vendors/metadata', 400],
    ['by another method', 'POST', 'custdataset_vendors/result', 405],
    ['with a bad statement', 'GET', 'custdataset_bad/result', 400],
  ])('are refused %s', async (_, method, path, status) => {
    const { send } = createTestAccount({ profile })
    expect((await send(method, `${DATASETS}/${path}`, method === 'POST' ? {} : undefined)).status).toBe(
      status,
    )
  })

  it('need ids of their own', () => {
    const [first] = profile.datasets
    expect(() => createTestAccount({ profile: { datasets: [first!, first!] } })).toThrow(
      'two datasets have the id',
    )
  })
})

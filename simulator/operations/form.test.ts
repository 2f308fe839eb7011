/** If these fail, an application that fills in NetSuite's forms gets wrong ones, or saves by looking. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'
const TYPE = 'application/vnd.oracle.resource+json; type='
const CREATE = { accept: `${TYPE}create-form` }
const EDIT = { accept: `${TYPE}edit-form` }

let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})

async function countOf(type: string): Promise<unknown> {
  return (await account.send('GET', type)).json.totalResults
}

describe('create-form', () => {
  it('answers 200 with the record pre-filled and sourced, and saves nothing [REC-102, REC-185]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme', terms: { id: '2' } })
    const item = await account.create('inventoryItem', { itemId: 'SKU-1' })
    const lines = { items: [{ item: { id: item }, quantity: 2, rate: 10 }] }
    const { status, headers, json } = await account.send(
      'POST',
      'salesorder',
      { entity: { id: customer }, item: lines },
      CREATE,
    )
    expect([status, headers['content-type'], headers.location]).toEqual([
      200,
      `${TYPE}create-form; charset=UTF-8`,
      undefined,
    ])
    expect(json.links).toEqual([
      { rel: 'self', method: 'POST', mediaType: `${TYPE}create-form`, href: `${HOST}/salesorder` },
      { rel: 'create', method: 'POST', href: `${HOST}/salesorder` },
    ])
    expect(json).toMatchObject({
      entity: { id: customer },
      terms: { id: '2', refName: 'Net 30' },
      orderStatus: { id: 'A' },
      total: 20,
    })
    for (const name of ['id', 'tranId', 'createdDate', 'lastModifiedDate'])
      expect(json).not.toHaveProperty(name)
    expect(await countOf('salesOrder')).toBe(0)
  })
  it('takes no number: the next record follows the last one', async () => {
    const first = await account.create('customer', { companyName: 'Acme' })
    await account.send('POST', 'customer', { companyName: 'Other' }, CREATE)
    expect(Number(await account.create('customer', { companyName: 'Other' }))).toBe(Number(first) + 1)
  })
  it('needs no complete record, and no body', async () => {
    const { status, json } = await account.send('POST', 'salesOrder', undefined, CREATE)
    expect([status, json.orderStatus]).toEqual([200, { links: [], id: 'A', refName: 'Pending Approval' }])
    expect((await account.send('POST', 'salesOrder', { entity: { id: '999' } }, CREATE)).status).toBe(400)
  })
  it('keeps lists folded unless named by expand or expandSubResources [REC-029, REC-187]', async () => {
    const item = await account.create('inventoryItem', { itemId: 'SKU-1' })
    const body = {
      item: { items: [{ item: { id: item }, quantity: 2 }] },
      billingAddress: { city: 'Lyon' },
      memo: 'm',
    }
    const of = async (query: string) => (await account.send('POST', `salesOrder${query}`, body, CREATE)).json
    expect(await of('')).toMatchObject({ item: { links: [] }, billingAddress: { links: [] } })
    const named = await of('?expand=item')
    expect(named).toMatchObject({ item: { items: [{ line: 1, quantity: 2 }], totalResults: 1 } })
    expect(named.billingAddress).toEqual({ links: [] })
    expect(await of('?expandSubResources=true')).toMatchObject({ billingAddress: { city: 'Lyon' } })
    expect(Object.keys(await of('?fields=memo'))).toEqual(['links', 'memo'])
  })
})

describe('edit-form', () => {
  it('answers 200 with the record as it would be, and saves nothing [REC-186]', async () => {
    const id = await account.create('customer', { companyName: 'Acme', email: 'a@example.com' })
    const { status, headers, json } = await account.send(
      'PATCH',
      `customer/${id}`,
      { phone: '555-7654321' },
      EDIT,
    )
    expect([status, headers['content-type']]).toEqual([200, `${TYPE}edit-form; charset=UTF-8`])
    expect(json.links).toEqual([
      { rel: 'self', method: 'PATCH', mediaType: `${TYPE}edit-form`, href: `${HOST}/customer/${id}` },
      { rel: 'edit', method: 'PATCH', href: `${HOST}/customer/${id}` },
      { rel: 'create', method: 'POST', href: `${HOST}/customer` },
      { rel: 'create-form', method: 'POST', mediaType: `${TYPE}create-form`, href: `${HOST}/customer` },
    ])
    expect(json).toMatchObject({ id, email: 'a@example.com', phone: '555-7654321' })
    expect((await account.send('GET', `customer/${id}`)).json).not.toHaveProperty('phone')
  })
  it('works out totals of changed lines without touching the stored ones', async () => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const item = await account.create('inventoryItem', { itemId: 'SKU-1' })
    const lines = { items: [{ item: { id: item }, quantity: 2, rate: 10 }] }
    const id = await account.create('salesOrder', { entity: { id: customer }, item: lines })
    const change = { item: { items: [{ line: 1, quantity: 3 }] } }
    expect((await account.send('PATCH', `salesOrder/${id}`, change, EDIT)).json.total).toBe(30)
    expect((await account.send('GET', `salesOrder/${id}`)).json.total).toBe(20)
  })
  it('answers 404 for a record that is not there, 406 for the other form [REC-502]', async () => {
    expect((await account.send('PATCH', 'customer/999', {}, EDIT)).status).toBe(404)
    const answer = await account.send('POST', 'customer', {}, EDIT)
    expect([answer.status, answer.error?.['o:errorHeader']]).toEqual([406, 'Accept'])
  })
})

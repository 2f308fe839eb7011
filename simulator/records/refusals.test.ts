/** If these fail, the account takes what NetSuite refuses, or refuses in other words than the user interface's. */
import { describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

type Json = Record<string, unknown>
const PREFIX = 'Error while accessing a resource. '
const accountWith = (profile: ProfileInput = {}): TestAccount => createTestAccount({ profile })
const detailOf = async (account: TestAccount, method: string, path: string, body?: unknown) => {
  const { status, error } = await account.send(method, path, body)
  expect([status, error?.['o:errorCode']]).toEqual([400, 'USER_ERROR'])
  return error!.detail!.slice(PREFIX.length)
}
const orderIn = async ({ create }: TestAccount, more: Json = {}) => {
  const customer = await create('customer', { companyName: 'Acme' })
  const item = await create('inventoryItem', { itemId: 'SKU-1' })
  const body = {
    entity: { id: customer },
    item: { items: [{ item: { id: item }, quantity: 2, rate: 1, ...more }] },
  }
  return { customer, item, body, order: await create('salesOrder', body) }
}

describe('what must be there', () => {
  it('is named by labels, of a line after its list [REC-E20, REC-254, REC-325, OPQ-019]', async () => {
    const account = accountWith({
      settings: { mandatoryFields: { salesorder: ['location', 'item.location', 'otherRefNum'] } },
    })
    expect(await detailOf(account, 'POST', 'salesOrder', { item: { items: [{ quantity: 1 }] } })).toBe(
      'Please enter value(s) for: Customer, Location, Other Ref Num, Items list: Item, Items list: Location.',
    )
  })
  it('is a line, which no replace takes away again [REC-134, REC-340]', async () => {
    const account = accountWith()
    const { order, customer } = await orderIn(account)
    const text = 'You must enter at least one line item for this transaction.'
    expect(await detailOf(account, 'POST', 'salesOrder', { entity: { id: customer } })).toBe(text)
    expect(
      await detailOf(account, 'PATCH', `salesOrder/${order}?replace=item`, { item: { items: [] } }),
    ).toBe(text)
  })
  it('is a subsidiary in OneWorld [REC-330, REC-334, REC-364]', async () => {
    const account = accountWith({ features: { oneWorld: true } })
    expect(await detailOf(account, 'POST', 'customer', { companyName: 'A' })).toBe(
      'Please enter value(s) for: Subsidiary.',
    )
    expect(await account.create('customer', { companyName: 'A', subsidiary: { id: '1' } })).not.toBe('')
    expect(await accountWith().create('customer', { companyName: 'A' })).not.toBe('')
  })
  it('is an entity id where entities do not number themselves [REC-330]', async () => {
    const account = accountWith({ settings: { entityAutoName: false } })
    expect(await detailOf(account, 'POST', 'customer', { companyName: 'A' })).toBe(
      'Please enter value(s) for: Customer ID.',
    )
    const id = await account.create('customer', { companyName: 'A', entityId: 'A-1' })
    expect((await account.send('GET', `customer/${id}`)).json.entityId).toBe('A-1')
  })
})

describe('what may not be', () => {
  it('two entities of one name [REC-E21]', async () => {
    const account = accountWith()
    const id = await account.create('customer', { companyName: 'A', entityId: 'ACME' })
    expect(await detailOf(account, 'POST', 'customer', { companyName: 'B', entityId: 'ACME' })).toBe(
      'This entity already exists.',
    )
    expect((await account.send('PATCH', `customer/${id}`, { entityId: 'ACME' })).status).toBe(204)
    expect(await account.create('vendor', { companyName: 'B', entityId: 'ACME' })).not.toBe('')
    const lenient = accountWith({ settings: { duplicateEntityNames: 'accept' } })
    for (const companyName of ['A', 'B']) await lenient.create('customer', { companyName, entityId: 'ACME' })
  })
  it('a blank in a web address [REC-E26]', async () => {
    expect(await detailOf(accountWith(), 'POST', 'customer', { companyName: 'A', url: 'http://a b' })).toBe(
      'Invalid url. Spaces are not allowed in the URL.',
    )
  })
  it('an account, a location or a customer of another subsidiary [REC-E27]', async () => {
    const account = accountWith({ features: { oneWorld: true } })
    const { create } = account
    const other = await create('subsidiary', { name: 'Other Inc' })
    const bank = await create('account', {
      acctName: 'Other Bank',
      subsidiary: { items: [{ id: other }] },
    })
    const adjustment = { subsidiary: { id: '1' }, account: { id: bank }, inventory: { items: [] } }
    expect(await detailOf(account, 'POST', 'inventoryAdjustment', adjustment)).toMatch(
      /^The .*Other Bank account cannot be used with the Parent Company subsidiary\.$/,
    )
    const customer = await create('customer', { companyName: 'A', subsidiary: { id: other } })
    const item = await create('inventoryItem', { itemId: 'X', subsidiary: { items: [{ id: '1' }] } })
    const order = { entity: { id: customer }, item: { items: [{ item: { id: item } }] } }
    expect(await detailOf(account, 'POST', 'salesOrder', { ...order, subsidiary: { id: '1' } })).toBe(
      `You have entered an Invalid Field Value ${customer} for the following field: entity.`,
    )
    const made = await create('salesOrder', order)
    expect((await account.send('GET', `salesOrder/${made}`)).json.subsidiary).toMatchObject({ id: other })
  })
  it('deleting a record that transactions need (common knowledge)', async () => {
    const account = accountWith()
    const { customer, item, order } = await orderIn(account)
    const text = 'This record cannot be deleted because it has dependent records.'
    expect(await detailOf(account, 'DELETE', `customer/${customer}`)).toBe(text)
    expect(await detailOf(account, 'DELETE', `inventoryItem/${item}`)).toBe(text)
    for (const path of [`salesOrder/${order}`, `customer/${customer}`, `inventoryItem/${item}`]) {
      expect((await account.send('DELETE', path)).status).toBe(204)
    }
    const lenient = accountWith({ settings: { dependents: 'ignore' } })
    const { customer: free } = await orderIn(lenient)
    expect((await lenient.send('DELETE', `customer/${free}`)).status).toBe(204)
  })
  it('more lines than a save gets done [GOV-038, GOV-039]', async () => {
    const account = accountWith({ settings: { transactionLinesMax: 2 } })
    const { body, item, order } = await orderIn(account)
    const line = { item: { id: item }, quantity: 1 }
    const many = { ...body, item: { items: [line, line, line] } }
    expect(await detailOf(account, 'POST', 'salesOrder', many)).toBe(
      'This transaction has more than 2 lines. Split it into several.',
    )
    const two = { item: { items: [line, line] } }
    expect((await account.send('PATCH', `salesOrder/${order}`, two)).status).toBe(400)
  })
  it('a locked record or what a script forbids, as a fault says [REC-E25, REC-E28, OPQ-075]', async () => {
    const detail = `${PREFIX}This record has been locked by a user defined workflow.`
    const account = accountWith({
      faults: [
        { fault: 'reject', status: 400, errorCode: 'USER_ERROR', detail, match: { recordTypes: ['job'] } },
      ],
    })
    for (const method of ['GET', 'PATCH']) {
      expect(await detailOf(account, method, 'job/1', method === 'GET' ? undefined : {})).toBe(
        'This record has been locked by a user defined workflow.',
      )
    }
  })
})

describe('inventory detail that does not add up', () => {
  const detail = { inventoryAssignment: { items: [{ quantity: 1, receiptInventoryNumber: 'LOT-1' }] } }
  it('is dropped with a warning [OPQ-068, REC-365, REC-301]', async () => {
    const account = accountWith()
    const { body, item } = await orderIn(account)
    const lines = { items: [{ item: { id: item }, quantity: 2, inventoryDetail: detail }] }
    const answer = await account.send('POST', 'salesOrder', { ...body, item: lines })
    expect(answer.headers['x-netsuite-warning']).toBe(
      'item.items[0].inventoryDetail was dropped: its quantities do not add up to the quantity of the line',
    )
    const { json } = await account.send('GET', `salesOrder/${answer.id}/item/1`)
    expect(json).not.toHaveProperty('inventoryDetail')
    const exact = await account.create('salesOrder', {
      ...body,
      item: { items: [{ item: { id: item }, quantity: 1, inventoryDetail: detail }] },
    })
    expect((await account.send('GET', `salesOrder/${exact}/item/1`)).json).toHaveProperty('inventoryDetail')
  })
  it('or refused, as the profile says [OPQ-068]', async () => {
    const account = accountWith({ settings: { inventoryDetailMismatch: 'refuse' } })
    const { body, item } = await orderIn(account)
    const lines = { items: [{ item: { id: item }, quantity: 2, inventoryDetail: detail }] }
    expect((await account.send('POST', 'salesOrder', { ...body, item: lines })).error).toMatchObject({
      'o:errorCode': 'USER_ERROR',
      'o:errorPath': 'item.items[0].inventoryDetail',
    })
  })
})

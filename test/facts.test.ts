/** If this fails, the account stands at another address than NetSuite's, or says old things in a new way. One small fact each. */
import { describe, expect, it } from 'vitest'
import { createTestAccount } from '../simulator/test-account.ts'

const host = (accountId: string): string => createTestAccount({ profile: { accountId } }).simulator.baseUrl

describe('the address of an account', () => {
  it('is its number below suitetalk.api.netsuite.com [REC-001, AUT-007]', () => {
    expect(host('1234567')).toBe('https://1234567.suitetalk.api.netsuite.com')
  })
  it('of a sandbox is lower case with a hyphen, the realm upper case with an underscore [REC-002, AUT-008]', () => {
    const { simulator } = createTestAccount({ profile: { accountId: '1234567_SB1' } })
    expect(simulator.baseUrl).toBe('https://1234567-sb1.suitetalk.api.netsuite.com')
    expect(simulator.credentials.accountId).toBe('1234567_SB1')
  })
})

describe('records that are not there', () => {
  it('are 404 with NONEXISTENT_ID, whether the type or the id is free [REC-504, REC-510]', async () => {
    const { send } = createTestAccount()
    for (const path of [
      'noSuchType/1',
      'customer/999999999',
      'currency/999999999',
      'inventoryItem/999999999',
    ]) {
      const answer = await send('GET', path)
      expect([answer.status, answer.error?.['o:errorCode']], path).toEqual([404, 'NONEXISTENT_ID'])
    }
  })
  it('are 400 in the words for a wrong type where another transaction has the id [REC-E03]', async () => {
    const { send, create } = createTestAccount()
    const customer = await create('customer', { companyName: 'Stone' })
    const item = await create('serviceSaleItem', { itemId: 'Hour' })
    const lines = { items: [{ item: { id: item }, quantity: 1, rate: 1 }] }
    const order = await create('salesOrder', { entity: { id: customer }, item: lines })
    const answer = await send('GET', `invoice/${order}`)
    expect([answer.status, answer.error?.detail]).toEqual([
      400,
      'Error while accessing a resource. Transaction type specified is incorrect.',
    ])
  })
})

describe('answers', () => {
  it('carry no validator, server, link or retry header [REC-507]', async () => {
    const { send } = createTestAccount()
    const { headers } = await send('GET', 'currency/1')
    const unwanted = ['etag', 'last-modified', 'server', 'link', 'allow', 'retry-after', 'set-cookie']
    expect(unwanted.filter((name) => name in headers)).toEqual([])
  })
  it('to an upsert are 204 with the internal id, the first time and the second [REC-512]', async () => {
    const { send } = createTestAccount()
    for (const companyName of ['Stone', 'Clay']) {
      const answer = await send('PUT', 'customer/eid:A', { companyName })
      expect([answer.status, answer.id, answer.body]).toEqual([204, '1', ''])
    }
  })
  it('of a new sales order say Pending Approval unless the order was approved [REC-343]', async () => {
    const { send, create } = createTestAccount()
    const customer = await create('customer', { companyName: 'Stone' })
    const item = await create('serviceSaleItem', { itemId: 'Hour' })
    const lines = { items: [{ item: { id: item }, quantity: 1, rate: 1 }] }
    const order = await create('salesOrder', { entity: { id: customer }, item: lines })
    expect((await send('GET', `salesOrder/${order}`)).json.status).toEqual({
      links: [],
      id: 'Pending Approval',
      refName: 'Pending Approval',
    })
  })
})

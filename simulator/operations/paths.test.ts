/** If these fail, the record service is not where clients look for it, or offers what NetSuite's does not. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const BASE = '/services/rest/record/v1'

let account: TestAccount
let customer: string
beforeEach(async () => {
  account = createTestAccount()
  customer = await account.create('customer', { companyName: 'Acme' })
})

describe('the record service', () => {
  it.each([
    ['a collection', 'GET', 'customer', 200],
    ['a record', 'GET', 'customer/1', 200],
    ['a part of one', 'GET', 'customer/1/addressBook', 200],
    ['an operation, with !', 'POST', 'customer/1/!transform/opportunity', 204],
    ['an action, with @', 'POST', 'invoice/1/@markforgrouping', 404],
    ['no other operation', 'POST', 'customer/1/!copy', 400],
    ['no other version', 'GET', '../v2/customer', 400],
  ])('has %s below its base: %s %s [REC-003, REC-199]', async (_, method, path, status) => {
    const url = new URL(path, `https://x${BASE}/`).pathname
    expect((await account.send(method, url)).status).toBe(status)
  })
  it('knows actions by type: one that a type lacks is not there [REC-003, REC-195]', async () => {
    const answer = await account.send('POST', `customer/${customer}/@approve`)
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([404, 'NONEXISTENT_ID'])
  })
})

describe('sublists of translations', () => {
  it('are neither written nor read [REC-015]', async () => {
    const translations = { items: [{ language: 'German', displayName: 'Schraube' }] }
    const id = await account.create('inventoryItem', { itemId: 'SKU', displayName: 'Screw', translations })
    const { json } = await account.send('GET', `inventoryItem/${id}?expandSubResources=true`)
    expect(json.displayName).toBe('Screw')
    expect(json).not.toHaveProperty('translations')
    expect((await account.send('GET', `inventoryItem/${id}/translations`)).status).toBe(404)
  })
})

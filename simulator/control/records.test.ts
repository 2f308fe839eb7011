/** If these fail, a check reads an account back without what it asked for, or pays for what it did not. */
import { describe, expect, it } from 'vitest'
import type { RecordPage } from '../../protocol/control.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const exported = async (account: TestAccount, type: string, fields: string) =>
  ((await account.send('GET', `/_seatrial/records/${type}?fields=${fields}`)).json as unknown as RecordPage)
    .items

async function withOrder(): Promise<TestAccount> {
  const account = createTestAccount()
  await account.create('inventoryItem', { itemId: 'MUG', externalId: 'mug' })
  await account.create('customer', { companyName: 'Acme', externalId: 'acme' })
  const line = { item: { externalId: 'mug' }, quantity: 2, rate: 3 }
  const order = {
    entity: { externalId: 'acme' },
    otherRefNum: 'shop-1',
    orderStatus: { id: 'B' },
    item: { items: [line] },
  }
  await account.create('salesOrder', { externalId: 'so-1', ...order })
  return account
}

describe('an export of some fields', () => {
  it('has them as the full export has them, and no other', async () => {
    const account = await withOrder()
    expect(
      await exported(account, 'salesOrder', 'otherRefNum,entity,item.quantity,item.item,item.rate'),
    ).toEqual([
      {
        id: expect.any(String),
        externalId: 'so-1',
        body: {
          otherRefNum: 'shop-1',
          entity: { id: expect.any(String), refName: 'CUST1 Acme' },
          item: { items: [{ item: { id: expect.any(String), refName: 'MUG' }, quantity: 2, rate: 3 }] },
        },
      },
    ])
  })
  it('fills what stock shows, alone or with a whole list [REC-345]', async () => {
    const account = await withOrder()
    const line = (lines: unknown) => (lines as { item: { items: object[] } }).item.items[0]
    const [narrow] = await exported(account, 'salesOrder', 'item.quantityBackOrdered')
    expect(line(narrow!.body)).toEqual({ quantityBackOrdered: 2 })
    const [whole] = await exported(account, 'salesOrder', 'item')
    expect(line(whole!.body)).toMatchObject({ quantity: 2, quantityBackOrdered: 2, quantityCommitted: 0 })
    expect(await exported(account, 'salesOrder', 'item,item.rate')).toEqual([whole])
  })
  it('is in any spelling that a client may use, and leaves out what a record has not', async () => {
    const account = await withOrder()
    const [customer] = await exported(account, 'customer', 'COMPANYNAME,email')
    expect(customer!.body).toEqual({ companyName: 'Acme' })
  })
  it.each(['', 'nothing', 'companyName.x', 'addressBook.nothing', 'email,', 'a.'])(
    'refuses fields=%s',
    async (fields) => {
      const { status, json } = await createTestAccount().send(
        'GET',
        `/_seatrial/records/customer?fields=${fields}`,
      )
      expect([status, json]).toMatchObject([400, { error: { code: 'E_BAD_REQUEST' } }])
    },
  )
})

/** If this fails, a query answers what the records were, not what they are, or a line stands where it does not. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../../test-account.ts'

let account: TestAccount
let customer: string
let item: string
const rows = async (q: string): Promise<unknown> => {
  const { json, body } = await account.send(
    'POST',
    '/services/rest/query/v1/suiteql',
    { q },
    { prefer: 'transient' },
  )
  return ((json.items ?? [body]) as Record<string, unknown>[]).map(({ links: _, ...row }) => row)
}
const line = (quantity: number, rate: number) => ({ item: { id: item }, quantity, rate })
const order = (...lines: unknown[]) =>
  account.create('salesOrder', { entity: { id: customer }, item: { items: lines } })
const LINES = `SELECT id, mainline, quantity, foreignamount FROM transactionline ORDER BY transaction, id`

beforeEach(async () => {
  account = createTestAccount()
  customer = await account.create('customer', { companyName: 'Acme' })
  item = await account.create('inventoryItem', { itemId: 'X' })
})

describe('rows of transactions', () => {
  it('are there at the next query, changed and removed with their records [SQL-073, SQL-074]', async () => {
    const id = await order(line(2, 5))
    expect(await rows('SELECT id, foreigntotal FROM transaction')).toEqual([{ id, foreigntotal: '10' }])
    const other = await order(line(1, 3))
    await account.send('PATCH', `salesOrder/${id}`, {
      item: { items: [{ line: 1, quantity: 4 }, line(1, 1)] },
    })
    expect(await rows('SELECT id, foreigntotal FROM transaction ORDER BY id')).toEqual([
      { id, foreigntotal: '21' },
      { id: other, foreigntotal: '3' },
    ])
    await account.send('DELETE', `salesOrder/${other}`)
    expect(await rows(LINES)).toEqual([
      { id: '0', mainline: 'T', foreignamount: '21' },
      { id: '1', mainline: 'F', quantity: '-4', foreignamount: '-20' },
      { id: '2', mainline: 'F', quantity: '-1', foreignamount: '-1' },
    ])
  })

  it('are gone after a reset, and back after a restore', async () => {
    await order(line(2, 5))
    const count = 'SELECT COUNT(*) AS n FROM transactionline'
    expect(await rows(count)).toEqual([{ n: '2' }])
    await account.send('POST', '/_seatrial/snapshots', { name: 'one' })
    await order(line(1, 1))
    expect(await rows(count)).toEqual([{ n: '4' }])
    await account.send('POST', '/_seatrial/snapshots/one/restore')
    expect(await rows(count)).toEqual([{ n: '2' }])
    await account.send('POST', '/_seatrial/reset')
    expect(await rows(count)).toEqual([{ n: '0' }])
  })

  it('have no row of a write that was refused', async () => {
    await rows(LINES)
    const refused = await account.send('POST', 'salesOrder', {
      entity: { id: customer },
      item: { items: [{ item: { id: '999' } }] },
    })
    expect([refused.status, await rows(LINES)]).toEqual([400, []])
  })

  it('number the lines of several sublists through, and buy with the other sign [SQL-074, SQL-075]', async () => {
    const vendor = await account.create('vendor', { companyName: 'Mill' })
    await account.create('vendorBill', {
      entity: { id: vendor },
      item: { items: [line(2, 5)] },
      expense: { items: [{ account: { id: '4' }, amount: 7 }] },
    })
    expect(await rows(LINES)).toEqual([
      { id: '0', mainline: 'T', foreignamount: '-17' },
      { id: '1', mainline: 'F', quantity: '2', foreignamount: '10' },
      { id: '2', mainline: 'F', foreignamount: '7' },
    ])
  })

  it('are the lines alone in a journal, counted from 0 [OPQ-027]', async () => {
    await account.create('journalEntry', {
      subsidiary: { id: '1' },
      line: {
        items: [
          { account: { id: '1' }, debit: 5 },
          { account: { id: '6' }, credit: 5 },
        ],
      },
    })
    expect(await rows(LINES)).toEqual([
      { id: '0', mainline: 'F', foreignamount: '5' },
      { id: '1', mainline: 'F', foreignamount: '-5' },
    ])
  })

  it('are the same whether built at once or one by one', async () => {
    await order(line(2, 5), line(1, 3))
    await rows(LINES)
    await order(line(3, 1))
    await account.create('invoice', { entity: { id: customer }, item: { items: [line(1, 2)] } })
    const all = 'SELECT * FROM transactionline ORDER BY transaction, id'
    const kept = await rows(all)
    await account.send('POST', '/_seatrial/snapshots', { name: 'now' })
    await account.send('POST', '/_seatrial/snapshots/now/restore')
    expect(await rows(all)).toEqual(kept)
  })
})

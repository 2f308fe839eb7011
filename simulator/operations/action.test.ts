/** If these fail, a button that a client presses does nothing, or the wrong thing, or fails in the wrong shape. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})

/** Presses the buttons one after the other; gives the statuses. */
async function press(path: string, ...actions: string[]): Promise<number[]> {
  const statuses: number[] = []
  for (const action of actions) statuses.push((await account.send('POST', `${path}/@${action}`)).status)
  return statuses
}

async function newPayment(): Promise<string> {
  const vendor = await account.create('vendor', { companyName: 'Acme' })
  return account.create('vendorPayment', { entity: { id: vendor } })
}

describe('record actions', () => {
  it('answer 200 with a result [REC-195]', async () => {
    const id = await newPayment()
    const { status, headers, json } = await account.send('POST', `vendorPayment/${id}/@confirm`)
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/vnd.oracle.resource+json; type=singular; charset=UTF-8',
    ])
    expect(json).toEqual({
      links: [{ rel: 'self', href: `${HOST}/vendorPayment/${id}/@confirm`, method: 'POST' }],
      result: true,
    })
  })
  it('take parameters as a body [REC-195]', async () => {
    const id = await newPayment()
    const body = { confirmationDate: '2019-1-31', exchangeRate: '4.2' }
    expect((await account.send('POST', `vendorPayment/${id}/@confirm`, body)).status).toBe(200)
    expect((await account.send('GET', `vendorPayment/${id}`)).json.exchangeRate).toBe(4.2)
    const other = await newPayment()
    const wrong = await account.send('POST', `vendorPayment/${other}/@confirm`, { exchangeRate: 'x' })
    expect(wrong.error?.['o:errorCode']).toBe('INVALID_VALUE')
  })
  it('fail flat when they do not fit the state [REC-195, REC-E42]', async () => {
    const id = await newPayment()
    expect(await press(`vendorPayment/${id}`, 'decline')).toEqual([200])
    const again = await account.send('POST', `vendorPayment/${id}/@decline`)
    expect(again.status).toBe(400)
    expect(again.json).toEqual({
      type: 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html',
      title: 'Payment already declined',
      detail: 'A payment you are trying to decline is already declined',
      status: 400,
      'o:errorCode': 'USER_ERROR',
    })
    expect(await press(`vendorPayment/${id}`, 'confirm')).toEqual([400])
  })
  it('submit, retract, reject and approve time [REC-195]', async () => {
    const employee = await account.create('employee', { entityId: 'Ann Lee' })
    const id = await account.create('timeBill', { employee: { id: employee }, hours: '8:00' })
    const statusOf = async () => (await account.send('GET', `timeBill/${id}`)).json.approvalStatus
    expect(await press(`timeBill/${id}`, 'reject', 'submit', 'retract', 'submit')).toEqual([
      400, 200, 200, 200,
    ])
    expect(await statusOf()).toBe('2')
    expect(await press(`timeBill/${id}`, 'reject', 'submit', 'approve')).toEqual([200, 200, 200])
    expect(await statusOf()).toBe('3')
    expect(await press(`timeBill/${id}`, 'retract', 'submit', 'approve')).toEqual([400, 400, 400])
    const sheet = await account.create('timeSheet', { employee: { id: employee } })
    expect(await press(`timeSheet/${sheet}`, 'approve', 'submit', 'approve')).toEqual([400, 200, 200])
  })
  it('count stock: open, started, completed, approved [REC-195]', async () => {
    const id = await account.create('inventoryCount', {})
    const statusOf = async () =>
      ((await account.send('GET', `inventoryCount/${id}`)).json.status as { refName: string }).refName
    expect(await statusOf()).toBe('Open')
    expect(await press(`inventoryCount/${id}`, 'completecount', 'startcount')).toEqual([400, 200])
    expect(await statusOf()).toBe('Started')
    expect(await press(`inventoryCount/${id}`, 'completecount', 'reject')).toEqual([200, 200])
    expect(await statusOf()).toBe('Open')
    expect(await press(`inventoryCount/${id}`, 'startcount', 'completecount', 'approve')).toEqual([
      200, 200, 200,
    ])
    expect(await statusOf()).toBe('Approved')
  })
  it('mark an invoice for grouping, in the words of the help [REC-195]', async () => {
    const customer = await account.create('customer', { companyName: 'Acme' })
    const item = await account.create('serviceSaleItem', { itemId: 'SERVICE' })
    const body = { entity: { id: customer }, item: { items: [{ item: { id: item }, quantity: 1, rate: 1 }] } }
    const alone = await account.create('invoice', body)
    const refused = await account.send('POST', `invoice/${alone}/@markforgrouping`)
    expect(refused.json).toMatchObject({
      title: 'There is no sales order associated with this invoice.',
      'o:errorCode': 'USER_ERROR',
    })
    const order = await account.create('salesOrder', { ...body, orderStatus: 'B' })
    const id = await account.create('invoice', { ...body, createdFrom: { id: order } })
    expect(await press(`invoice/${id}`, 'unmarkforgrouping', 'markforgrouping')).toEqual([400, 200])
    expect((await account.send('GET', `invoice/${id}`)).json.forInvoiceGrouping).toBe(true)
    expect(await press(`invoice/${id}`, 'MarkForGrouping', 'unmarkforgrouping')).toEqual([400, 200])
    expect(await press(`invoice/${id}`, 'removeinvoicefromgroup')).toEqual([400])
  })
  it('exist for few types, and not for sales orders [REC-195]', async () => {
    for (const path of ['salesOrder/1/@approve', 'vendorPayment/1/@approve', 'customer/1/@toString']) {
      const answer = await account.send('POST', path)
      expect([path, answer.status, answer.error?.['o:errorCode']]).toEqual([path, 404, 'NONEXISTENT_ID'])
    }
    expect((await account.send('GET', 'vendorPayment/1/@confirm')).status).toBe(405)
    expect((await account.send('POST', 'vendorPayment/999/@confirm')).status).toBe(404)
    expect((await account.send('POST', 'charge/1/@clearBudgetAmounts')).status).toBe(501)
  })
})

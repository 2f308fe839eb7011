/** If these fail, invoices, cash sales and payments cannot be made as documented, or begin in another state. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount } from '../test-account.ts'
import { createOrderKit, type OrderKit } from './transform/order-kit.ts'

let kit: OrderKit
beforeEach(async () => {
  kit = await createOrderKit()
})

const lines = (...items: object[]) => ({ items })
const sale = (more: object = {}) => ({
  entity: { id: kit.customer },
  item: lines({ item: { id: kit.service }, quantity: 2, rate: 50 }),
  ...more,
})

describe('invoices and cash sales', () => {
  it('need a customer and a line, which may be billable time or costs [REC-350]', async () => {
    const { send, create } = kit.account
    for (const type of ['invoice', 'cashSale']) {
      const nobody = await send('POST', type, { item: sale().item })
      expect(nobody.error?.detail).toBe(
        'Error while accessing a resource. Please enter value(s) for: Customer.',
      )
      const nothing = await send('POST', type, { entity: { id: kit.customer } })
      expect(nothing.error?.detail).toBe(
        'Error while accessing a resource. You must enter at least one line item for this transaction.',
      )
      const id = await create(type, {
        entity: { id: kit.customer },
        time: lines({ apply: true, doc: 7, line: 1, amount: 80 }, { apply: false, doc: 8, amount: 5 }),
        expCost: lines({ apply: true, doc: '9', line: 1, amount: 20 }),
      })
      expect(await kit.read(`${type}/${id}`), type).toMatchObject({ subtotal: 100, total: 100 })
    }
  })
  it('are not there without the A/R feature [REC-350, REC-E24]', async () => {
    const { send, create } = createTestAccount({ profile: { features: { accountsReceivable: false } } })
    const entity = { id: await create('customer', { companyName: 'Acme' }) }
    const item = lines({ item: { id: await create('serviceSaleItem', { itemId: 'S' }) }, quantity: 1 })
    for (const type of ['invoice', 'cashSale']) {
      const { status, error } = await send('POST', type, { entity, item })
      expect([status, error?.['o:errorCode']], type).toEqual([403, 'INSUFFICIENT_PERMISSION'])
    }
    expect(await create('salesOrder', { entity, item })).not.toBe('')
  })
  it('begin as Open and as Not Deposited; a payment pays in full [REC-351, REC-354, REC-355]', async () => {
    const { create } = kit.account
    const invoice = await create('invoice', sale())
    expect(await kit.status(`invoice/${invoice}`)).toBe('Open')
    expect(await kit.status(`cashSale/${await create('cashSale', sale())}`)).toBe('Not Deposited')
    const payment = await create('customerPayment', {
      customer: { id: kit.customer },
      payment: 100,
      apply: lines({ doc: { id: invoice }, apply: true, amount: 100 }),
    })
    expect(await kit.status(`customerPayment/${payment}`)).toBe('Not Deposited')
    expect(await kit.status(`invoice/${invoice}`)).toBe('Paid In Full')
  })
  it.each([
    ['invoice', ['Open', 'Paid In Full', 'Pending Approval', 'Rejected', 'Voided']],
    ['cashSale', ['Deposited', 'Not Deposited', 'Unapproved Payment']],
    ['customerPayment', ['Deposited', 'Not Deposited', 'R', 'Unapproved Payment']],
  ])('%s has these states by name [REC-351, REC-354, OPQ-041]', async (type, labels) => {
    const accept = { accept: 'application/vnd.oracle.resource+json; type=select-options' }
    const { json } = await kit.account.send('POST', `${type}?fields=status`, {}, accept)
    const { _selectOptions: options } = json.status as { _selectOptions: { items: { refName: string }[] } }
    expect(options.items.map(({ refName }) => refName).sort()).toEqual(labels)
  })
})

describe('a transaction', () => {
  it('is in the base currency where its customer has none [REC-320]', async () => {
    const id = await kit.account.create('salesOrder', sale())
    expect((await kit.read(`salesOrder/${id}`)).currency).toMatchObject({ id: '1', refName: 'US Dollar' })
  })
  it('shows its estimated profit when its lines say what they cost [REC-321]', async () => {
    const cost = { item: { id: kit.service }, quantity: 2, rate: 50, costEstimate: 75 }
    const id = await kit.account.create('salesOrder', sale({ item: lines(cost) }))
    expect(await kit.read(`salesOrder/${id}`)).toMatchObject({
      totalCostEstimate: 75,
      estGrossProfit: 25,
      estGrossProfitPercent: 25,
    })
    const plain = await kit.account.create('salesOrder', sale())
    expect(await kit.read(`salesOrder/${plain}`)).not.toHaveProperty('estGrossProfit')
  })
})

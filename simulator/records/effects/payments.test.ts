/** If these fail, an invoice is paid that nobody paid, or money is applied twice. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createOrderKit, type OrderKit } from '../transform/order-kit.ts'

let kit: OrderKit
beforeEach(async () => {
  kit = await createOrderKit()
})

/** An invoice of 100.00. */
const invoice = () =>
  kit.account.create('invoice', {
    entity: { id: kit.customer },
    item: { items: [{ item: { id: kit.service }, quantity: 2, rate: 50 }] },
  })
const owed = async (id: string) => {
  const { amountPaid, amountRemaining } = await kit.read(`invoice/${id}`)
  return [amountPaid, amountRemaining, await kit.status(`invoice/${id}`)]
}
const apply = (...lines: object[]) => ({ apply: { items: lines } })

describe('a customer payment', () => {
  it('made from an invoice pays it in full unless told otherwise [REC-353, REC-355, REC-352]', async () => {
    const id = await invoice()
    expect(await owed(id)).toEqual([0, 100, 'Open'])
    const made = await kit.transform(`invoice/${id}`, 'customerPayment')
    expect(await owed(id)).toEqual([100, 0, 'Paid In Full'])
    expect(await kit.read(`customerPayment/${made.id}`)).toMatchObject({
      customer: { id: kit.customer },
      payment: 100,
      applied: 100,
      unapplied: 0,
      total: 100,
    })
    expect(await kit.lines(`customerPayment/${made.id}`, 'apply amount due total', 'apply')).toEqual([
      [true, 100, 100, 100],
    ])
    expect((await kit.transform(`invoice/${id}`, 'customerPayment')).status).toBe(400)
  })
  it('made from a customer applies what its lines say; the customer may not be set [REC-178, REC-353]', async () => {
    const [a, b] = [await invoice(), await invoice()]
    const body = { payment: 130, ...apply({ doc: { id: a } }, { doc: { id: b }, apply: true, amount: 20 }) }
    const made = await kit.transform(`customer/${kit.customer}`, 'customerPayment', body)
    expect(await kit.read(`customerPayment/${made.id}`)).toMatchObject({ applied: 120, unapplied: 10 })
    expect([await owed(a), await owed(b)]).toEqual([
      [100, 0, 'Paid In Full'],
      [20, 80, 'Open'],
    ])
    const fixed = { customer: { id: kit.customer }, payment: 1 }
    expect((await kit.transform(`customer/${kit.customer}`, 'customerPayment', fixed)).status).toBe(400)
  })
  it('is un-applied by apply:false or amount:0, and gives back what it paid when deleted [REC-139]', async () => {
    const [a, b] = [await invoice(), await invoice()]
    const id = await kit.account.create('customerPayment', {
      customer: { id: kit.customer },
      payment: 200,
      ...apply({ doc: { id: a }, apply: true, amount: 100 }, { doc: { id: b }, apply: true, amount: 60 }),
    })
    const { send } = kit.account
    await send('PATCH', `customerPayment/${id}`, apply({ doc: { id: a }, apply: false }))
    expect([await owed(a), await owed(b)]).toEqual([
      [0, 100, 'Open'],
      [60, 40, 'Open'],
    ])
    await send('PATCH', `customerPayment/${id}`, apply({ doc: { id: b }, amount: 0 }))
    expect(await owed(b)).toEqual([0, 100, 'Open'])
    expect(await kit.read(`customerPayment/${id}`)).toMatchObject({ applied: 0, unapplied: 200 })
    await send('PATCH', `customerPayment/${id}`, apply({ doc: { id: a }, apply: true, amount: 100 }))
    expect((await send('DELETE', `invoice/${a}`)).status).toBe(400)
    expect((await send('DELETE', `customerPayment/${id}`)).status).toBe(204)
    expect(await owed(a)).toEqual([0, 100, 'Open'])
  })
  it('applies no more than is due, nor more than there is', async () => {
    const id = await invoice()
    const send = (payment: number, amount: number) =>
      kit.account.send('POST', 'customerPayment', {
        customer: { id: kit.customer },
        payment,
        ...apply({ doc: { id }, apply: true, amount }),
      })
    expect((await send(200, 101)).status).toBe(400)
    expect((await send(50, 60)).status).toBe(400)
    expect(await owed(id)).toEqual([0, 100, 'Open'])
  })
})

describe('credits, deposits, bills', () => {
  it('a credit memo made from an invoice must name it [REC-177]', async () => {
    const id = await invoice()
    expect((await kit.transform(`invoice/${id}`, 'creditMemo')).status).toBe(400)
    const made = await kit.transform(`invoice/${id}`, 'creditMemo', apply({ doc: { id }, amount: 30 }))
    expect(await owed(id)).toEqual([30, 70, 'Open'])
    const path = `creditMemo/${made.id}`
    expect(await kit.read(path)).toMatchObject({
      total: 100,
      applied: 30,
      unapplied: 70,
      createdFrom: { id },
    })
    await kit.account.send('PATCH', path, apply({ doc: { id }, amount: 100 }))
    expect([await kit.status(path), (await owed(id))[2]]).toEqual(['Fully Applied', 'Paid In Full'])
  })
  it('a deposit is spent by its applications [REC-173]', async () => {
    const id = await invoice()
    const deposit = await kit.account.create('customerDeposit', {
      customer: { id: kit.customer },
      payment: 80,
    })
    const body = apply({ doc: { id }, amount: 80 })
    const made = await kit.transform(`customerDeposit/${deposit}`, 'depositApplication', body)
    expect(made.error).toBeUndefined()
    expect(await owed(id)).toEqual([80, 20, 'Open'])
    const more = apply({ doc: { id }, amount: 10 })
    expect((await kit.transform(`customerDeposit/${deposit}`, 'depositApplication', more)).status).toBe(400)
  })
  it('a bill is paid in full by the payment made from it [REC-173, REC-355]', async () => {
    const id = await kit.account.create('vendorBill', {
      entity: { id: kit.vendor },
      item: { items: [{ item: { id: kit.service }, quantity: 1, rate: 30 }] },
    })
    const made = await kit.transform(`vendorBill/${id}`, 'vendorPayment', { account: { id: '4' } })
    expect(made.error).toBeUndefined()
    expect(await kit.status(`vendorBill/${id}`)).toBe('Paid In Full')
    await kit.account.send('DELETE', `vendorPayment/${made.id}`)
    expect(await kit.status(`vendorBill/${id}`)).toBe('Open')
  })
})

describe('whose money it is', () => {
  it('pays only transactions of its own customer, or of one under the same parent [REC-353, REC-E17]', async () => {
    const id = await invoice()
    const { create, send } = kit.account
    const stranger = await create('customer', { companyName: 'Stranger' })
    const child = await create('customer', { companyName: 'Branch', parent: { id: kit.customer } })
    const pay = (customer: string) =>
      send('POST', 'customerPayment', {
        customer: { id: customer },
        payment: 10,
        ...apply({ doc: { id }, amount: 10 }),
      })
    const refused = await pay(stranger)
    expect([refused.status, refused.error?.detail, refused.error?.['o:errorPath']]).toEqual([
      400,
      `Error while accessing a resource. You have entered an Invalid Field Value ${id} for the following field: doc.`,
      'apply.items[0]',
    ])
    expect(await owed(id)).toEqual([0, 100, 'Open'])
    expect((await pay(child)).status).toBe(204)
    expect(await owed(id)).toEqual([10, 90, 'Open'])
    expect((await send('PATCH', `invoice/${id}`, { entity: { id: stranger } })).status).toBe(400)
  })
  it('shows the number of what it pays, however the line was sent [REC-354, OPQ-025]', async () => {
    const id = await invoice()
    const body = { customer: { id: kit.customer }, payment: 50, ...apply({ doc: { id }, amount: 10 }) }
    const path = `customerPayment/${await kit.account.create('customerPayment', body)}`
    const doc = { links: [], id, refName: `INV${id}` }
    expect(await kit.lines(path, 'doc', 'apply')).toEqual([[doc]])
    await kit.account.send('PATCH', path, apply({ doc: { id }, amount: 20 }))
    expect(await kit.lines(path, 'doc amount', 'apply')).toEqual([[doc, 20]])
  })
})

describe('the balance of a customer or vendor', () => {
  const balance = async (path: string) => {
    const { balance, depositBalance } = await kit.read(path)
    return [balance, depositBalance]
  }
  it('is what its invoices still owe, less what is not applied yet, and comes back when they go [REC-331]', async () => {
    const { create, send } = kit.account
    const path = `customer/${kit.customer}`
    const modified = (await kit.read(path)).lastModifiedDate
    expect(await balance(path)).toEqual([undefined, undefined])
    const id = await invoice()
    expect(await balance(path)).toEqual([100, 0])
    const body = { customer: { id: kit.customer }, payment: 50.5, ...apply({ doc: { id }, amount: 30 }) }
    const payment = await create('customerPayment', body)
    expect(await balance(path)).toEqual([49.5, 0])
    const deposit = await create('customerDeposit', { customer: { id: kit.customer }, payment: 20 })
    expect(await balance(path)).toEqual([49.5, 20])
    await kit.transform(`customerDeposit/${deposit}`, 'depositApplication', apply({ doc: { id }, amount: 5 }))
    expect(await balance(path)).toEqual([44.5, 15])
    const memo = await kit.transform(`invoice/${id}`, 'creditMemo', apply({ doc: { id }, amount: 10 }))
    expect(await balance(path)).toEqual([-55.5, 15])
    for (const gone of [`creditMemo/${memo.id}`, `customerPayment/${payment}`]) await send('DELETE', gone)
    expect(await balance(path)).toEqual([95, 15])
    const refused = await send('PATCH', `invoice/${id}`, { item: { items: [{ line: 1, quantity: 0.01 }] } })
    expect([refused.status, await balance(path)]).toEqual([400, [95, 15]])
    expect((await kit.read(path)).lastModifiedDate).toBe(modified)
  })
  it('is not remembered beyond a restore [REC-331]', async () => {
    const { send } = kit.account
    const path = `customer/${kit.customer}`
    await send('POST', '/_seatrial/snapshots', { name: 'before' })
    await invoice()
    expect(await balance(path)).toEqual([100, 0])
    await send('POST', '/_seatrial/snapshots/before/restore')
    expect(await balance(path)).toEqual([undefined, undefined])
    await invoice()
    expect(await balance(path)).toEqual([100, 0])
  })
  it('moves with an invoice to another customer, and is a vendor’s too [REC-331]', async () => {
    const { create, send } = kit.account
    const other = await create('customer', { companyName: 'Other' })
    const id = await invoice()
    await send('PATCH', `invoice/${id}`, { entity: { id: other } })
    expect([await balance(`customer/${kit.customer}`), await balance(`customer/${other}`)]).toEqual([
      [0, 0],
      [100, 0],
    ])
    await create('vendorBill', {
      entity: { id: kit.vendor },
      item: { items: [{ item: { id: kit.service }, quantity: 1, rate: 30 }] },
    })
    expect(await balance(`vendor/${kit.vendor}`)).toEqual([30, undefined])
  })
})

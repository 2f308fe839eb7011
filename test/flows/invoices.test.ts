/** If these fail, money for an order that is billed does not pay its invoice, or is booked twice when it is billed in between. */
import { describe, expect, it } from 'vitest'
import type { Work } from '../../harness/engine/index.ts'
import { orderOf } from '../../harness/engine/testing/fake-account.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createWorld, type World } from './world.ts'

const payment = (paymentId: string, amount: string): Work => ({
  flow: 'payment',
  paymentId,
  orderId: '1',
  amount,
  at: '2026-01-06T10:00:00Z',
})
const POST = { methods: ['POST' as const] }
const money = (recordTypes: string[], more: Partial<FaultInput> = {}): FaultInput =>
  ({ fault: 'drop-response', match: { ...POST, recordTypes }, countMax: 1, ...more }) as FaultInput

/** An order of 39.80 is in the account; `bill` bills so many of its two pieces. */
async function billedWorld(payments: 'deposit' | 'invoice') {
  const world = createWorld({ withoutShop: true })
  const { engine, recorder } = world.start(undefined, { payments })
  const bill = async (quantity: number): Promise<void> => {
    const body = { item: { items: [{ orderLine: 1, quantity }] } }
    const answer = await world.send('POST', 'salesOrder/eid:SHOP-1/!transform/invoice', body)
    expect(answer.status, answer.body).toBe(204)
  }
  await world.clock.run(async () => {
    await world.importRecords('serviceSaleItem', [{ itemId: 'SKU-1', externalId: 'SKU-1' }])
    await engine.accept(orderOf('1'))
    await engine.idle()
    await world.send('PATCH', 'salesOrder/eid:SHOP-1', { orderStatus: { id: 'B' } })
  })
  const pay = async (...works: Work[]): Promise<void> => {
    for (const work of works) await engine.submit(work)
    await engine.idle()
  }
  return { ...world, bill, pay, recorder }
}

const owed = async (world: Pick<World, 'records'>): Promise<unknown[]> =>
  (await world.records('invoice')).map(({ body }) => body.amountRemaining)
const booked = async (world: Pick<World, 'records'>) => ({
  deposits: (await world.records('customerDeposit')).map(({ body }) => [body.externalId, body.payment]),
  payments: (await world.records('customerPayment')).map(({ body }) => [
    body.externalId,
    body.payment,
    body.applied,
  ]),
})

describe('money of an order that is billed', () => {
  it('pays its invoices, the oldest first, and what is left over stays unapplied [REC-353, REC-355]', async () => {
    const world = await billedWorld('invoice')
    await world.clock.run(async () => {
      await world.bill(1)
      await world.bill(1)
      expect(await owed(world)).toEqual([19.9, 19.9])
      await world.pay(payment('a', '30.00'))
      expect(await owed(world)).toEqual([0, 9.8])
      await world.pay(payment('b', '15.00'))
      expect(await owed(world)).toEqual([0, 0])
      expect(await booked(world)).toEqual({
        deposits: [],
        payments: [
          ['SHOPPAY-a', 30, 30],
          ['SHOPPAY-b', 15, 9.8],
        ],
      })
      // Nothing is open any more: what comes now is a deposit.
      await world.pay(payment('c', '1.00'))
      expect((await booked(world)).deposits).toEqual([['SHOPPAY-c', 1]])
    })
  })

  it('is a deposit while it is not billed, and always where invoices do not count', async () => {
    const early = await billedWorld('invoice')
    await early.clock.run(() => early.pay(payment('a', '39.80')))
    expect(await booked(early)).toEqual({ deposits: [['SHOPPAY-a', 39.8]], payments: [] })
    const plain = await billedWorld('deposit')
    await plain.clock.run(async () => {
      await plain.bill(2)
      await plain.pay(payment('a', '39.80'))
    })
    expect(await booked(plain)).toEqual({ deposits: [['SHOPPAY-a', 39.8]], payments: [] })
  })

  it.each<[string, FaultInput]>([
    ['a lost answer', money(['customerPayment'])],
    ['a lost connection', money(['customerPayment'], { fault: 'reset-before' } as Partial<FaultInput>)],
    [
      'a commit after the time-out',
      money(['customerPayment'], { fault: 'slow', delayMs: 66_000 } as Partial<FaultInput>),
    ],
  ])('is booked once with %s', async (_, fault) => {
    const world = await billedWorld('invoice')
    await world.clock.run(async () => {
      await world.bill(2)
      await world.fault(fault)
      await world.pay(payment('a', '39.80'))
      await world.clock.sleep(600_000)
      expect(await owed(world)).toEqual([0])
      expect((await booked(world)).payments).toEqual([['SHOPPAY-a', 39.8, 39.8]])
    })
  })

  it('is booked once when it is billed between two tries [OPQ-014]', async () => {
    const world = await billedWorld('invoice')
    await world.clock.run(async () => {
      await world.fault(money(['customerDeposit'], { fault: 'slow', delayMs: 66_000 } as Partial<FaultInput>))
      const paid = world.pay(payment('a', '39.80'))
      await world.clock.sleep(30_000)
      await world.bill(2)
      await paid
      await world.clock.sleep(600_000)
      expect(await booked(world)).toEqual({ deposits: [['SHOPPAY-a', 39.8]], payments: [] })
    })
    expect(world.recorder.flows.at(-1)).toMatchObject({ flow: 'payment', end: 'done' })
  })

  it('that is refused for good takes nothing back of what is billed', async () => {
    const world = await billedWorld('invoice')
    await world.clock.run(async () => {
      await world.bill(2)
      await world.fault(
        money(['customerPayment'], {
          fault: 'reject',
          status: 400,
          errorCode: 'USER_ERROR',
          detail: 'You cannot post to a locked period.',
        } as Partial<FaultInput>),
      )
      await world.pay(payment('a', '39.80'))
    })
    expect(world.recorder.flows.at(-1)).toMatchObject({
      end: 'dead',
      reason: expect.stringMatching(/locked period\.; undone: nothing: sales order \d+ is billed already$/),
    })
  })
})

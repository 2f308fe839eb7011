/**
 * If these fail, money is booked twice or not at all, an order that cannot be paid is shipped, or a shop never hears what
 * became of its order.
 */
import { describe, expect, it } from 'vitest'
import { MemoryQueue, type Work, type WorkQueue } from '../../harness/engine/index.ts'
import { done } from '../../harness/engine/outcome.ts'
import type { TryProgress } from '../../harness/engine/retry.ts'
import { orderOf } from '../../harness/engine/testing/fake-account.ts'
import type { ShopOrder } from '../../harness/shop/order.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createWorld, mortal, paidOrder, type WorldOptions, withItem } from './world.ts'

const DEPOSIT = { methods: ['POST' as const], recordTypes: ['customerDeposit'] }
const LOCKED = 'You cannot post to a locked period.'
const lockedPeriod: FaultInput = {
  fault: 'reject',
  status: 400,
  errorCode: 'USER_ERROR',
  detail: LOCKED,
  match: DEPOSIT,
}

/** Lets one engine do the work, in the order given. */
async function run(
  works: readonly (Work | ShopOrder)[],
  faults: readonly FaultInput[],
  options: WorldOptions = {},
) {
  const world = createWorld(options)
  const { engine, recorder } = world.start()
  const [orders, deposits] = await world.clock.run(async () => {
    await withItem(world)
    for (const spec of faults) await world.fault(spec)
    for (const work of works) await ('flow' in work ? engine.submit(work) : engine.accept(work))
    await engine.idle()
    await world.clock.sleep(10 * 60_000)
    await engine.stop()
    return [await world.records('salesOrder'), await world.records('customerDeposit')]
  })
  return { ...world, recorder, orders: orders!, deposits: deposits! }
}

const status = (body: Record<string, unknown> | undefined) => body?.status

describe('the payment flow', () => {
  it('books a paid order, then its money as a deposit on it, then tells the shop', async () => {
    const { orders, deposits, words, recorder, journal } = await run([paidOrder('1001')], [])
    expect(orders).toHaveLength(1)
    expect(deposits.map(({ body }) => body)).toEqual([
      expect.objectContaining({
        externalId: 'SHOPPAY-1001',
        payment: 39.8,
        salesOrder: { id: orders[0]!.id, refName: expect.any(String) },
        customer: expect.objectContaining({ id: expect.stringMatching(/^\d+$/) }),
        tranDate: '2026-01-05',
      }),
    ])
    expect(words).toEqual([
      { orderId: '1001', result: 'booked', salesOrderId: orders[0]!.id, reason: undefined },
    ])
    expect(
      recorder.flows.map(({ flow, subject, end, netSuiteId }) => [flow, subject, end, netSuiteId]),
    ).toEqual([
      ['payment', '1001', 'done', deposits[0]!.id],
      ['acknowledge', '1001', 'done', orders[0]!.id],
    ])
    // Three calls: the ids are handed on, not asked for again.
    expect((await journal()).map(({ path }) => path.split('/').at(-1))).toEqual([
      'eid:SHOP-C-c-1001',
      'salesOrder',
      'customerDeposit',
    ])
  })

  it('takes no money of an order that is not paid', async () => {
    const { deposits, words } = await run([orderOf('1'), paidOrder('2', { total_price: '0.00' })], [])
    expect(deposits).toEqual([])
    expect(words.map(({ orderId }) => orderId).sort()).toEqual(['1', '2'])
  })

  const passing: Record<string, FaultInput> = {
    'its answer lost': { fault: 'drop-response', match: DEPOSIT, countMax: 2 },
    'its connection lost': { fault: 'reset-before', match: DEPOSIT, countMax: 2 },
    'a 503': { fault: 'reject', match: DEPOSIT, countMax: 3 },
    'a 500': { fault: 'reject', status: 500, match: DEPOSIT, countMax: 3 },
  }
  it.each(Object.entries(passing))('makes exactly one deposit with %s', async (_, fault) => {
    const { deposits, recorder } = await run([paidOrder('1')], [fault])
    expect(deposits).toHaveLength(1)
    expect(recorder.flows[0]).toMatchObject({ flow: 'payment', end: 'done', netSuiteId: deposits[0]!.id })
  })

  it('finds the sales order by itself for a payment that comes later', async () => {
    const payment: Work = {
      flow: 'payment',
      paymentId: 'p/7',
      orderId: '1',
      amount: '10.00',
      at: '2026-01-06T10:00:00Z',
    }
    const { orders, deposits } = await run([orderOf('1'), payment, payment], [])
    expect(deposits.map(({ body }) => [body.externalId, body.payment])).toEqual([['SHOPPAY-p_2f_7', 10]])
    expect(deposits[0]!.body.salesOrder).toMatchObject({ id: orders[0]!.id })
  })

  it('says that there is no order to put the money on', async () => {
    const payment: Work = {
      flow: 'payment',
      paymentId: 'p7',
      orderId: '1',
      amount: '10',
      at: '2026-01-06T10:00:00Z',
    }
    const { recorder } = await run([payment], [])
    expect(recorder.flows).toMatchObject([
      { end: 'dead', reason: 'order 1 has no sales order to put the money on' },
    ])
  })
})

describe('compensation', () => {
  it('closes the order whose money is refused for good, and tells the shop and the operator [REC-344]', async () => {
    const { orders, deposits, words, recorder } = await run([paidOrder('1')], [lockedPeriod])
    expect(deposits).toEqual([])
    expect(status(orders[0]!.body)).toBe('H')
    const reason = `customerDeposit.create: 400 USER_ERROR: ${LOCKED}`
    expect(recorder.flows[0]).toMatchObject({
      flow: 'payment',
      end: 'dead',
      reason: `${reason}; undone: sales order ${orders[0]!.id} is closed`,
    })
    expect(words).toEqual([{ orderId: '1', result: 'cancelled', salesOrderId: orders[0]!.id, reason }])
  })

  it.each<[string, FaultInput]>([
    ['a lost answer', { fault: 'drop-response', match: { methods: ['PATCH'] }, countMax: 2 }],
    ['a 503', { fault: 'reject', match: { methods: ['PATCH'] }, countMax: 2 }],
    ['a 503 to the reading', { fault: 'reject', match: { methods: ['GET'] }, countMax: 2 }],
  ])('goes on with undoing after %s, and never forward again', async (_, fault) => {
    const { orders, recorder, journal } = await run([paidOrder('1')], [lockedPeriod, fault])
    expect(status(orders[0]!.body)).toBe('H')
    expect(recorder.flows[0]!.reason).toMatch(/; undone: sales order \d+ (is closed|was closed already)$/)
    expect((await journal()).filter(({ path }) => path.endsWith('customerDeposit'))).toHaveLength(1)
  })

  it('says that it could not undo', async () => {
    const refuse: FaultInput = { ...lockedPeriod, match: { methods: ['PATCH'] } }
    const { recorder, words } = await run([paidOrder('1')], [lockedPeriod, refuse])
    expect(recorder.flows[0]!.reason).toBe(
      `customerDeposit.create: 400 USER_ERROR: ${LOCKED}; not undone: salesOrder.close: 400 USER_ERROR: ${LOCKED}`,
    )
    expect(words).toEqual([])
  })

  it('takes nothing back while the deposit may be there after all', async () => {
    // The first answer is lost before anything is done, the second says no: was the first one carried out?
    const lost: FaultInput = { fault: 'reset-before', match: DEPOSIT, countMax: 1 }
    const { orders, recorder } = await run([paidOrder('1')], [lost, lockedPeriod])
    expect(status(orders[0]!.body)).not.toBe('H')
    expect(recorder.flows[0]!.reason).toMatch(/locked period.*may be in the account all the same/)
  })

  it('is not for what merely takes too long', async () => {
    const { orders, recorder } = await run([paidOrder('1')], [{ fault: 'reject', match: DEPOSIT }])
    expect(status(orders[0]!.body)).not.toBe('H')
    expect(recorder.flows[0]!.reason).toMatch(/503.*given up after/)
  })

  it('goes on with undoing after a crash, and never forward again', async () => {
    const world = createWorld()
    const queue: WorkQueue = new MemoryQueue<Work, TryProgress>(world.clock)
    const process = { queue: mortal(queue), transport: mortal(world.transport) }
    const first = world.start(process.queue, { transport: process.transport })
    const second = world.start(queue)
    const orders = await world.clock.run(async () => {
      await withItem(world)
      await world.fault(lockedPeriod)
      await world.fault({ fault: 'slow', match: { methods: ['GET'] }, delayMs: 60_000, countMax: 1 })
      await first.engine.accept(paidOrder('1'))
      await world.clock.sleep(30_000)
      // It is reading the order in order to close it, and dies.
      process.queue.kill()
      process.transport.kill()
      await second.engine.idle()
      return world.records('salesOrder')
    })
    expect(status(orders[0]!.body)).toBe('H')
    expect(second.recorder.flows).toMatchObject([
      { flow: 'payment', end: 'dead', reason: expect.stringMatching(/locked period.; undone: sales order/) },
      { flow: 'acknowledge', end: 'done' },
    ])
    const deposits = (await world.journal()).filter(({ path }) => path.endsWith('customerDeposit'))
    expect(deposits).toHaveLength(1)
  })
})

describe('the status flow', () => {
  const change = (change: 'approve' | 'cancel', orderId = '1'): Work => ({
    flow: 'status',
    orderId,
    change,
    at: '2026-01-06T10:00:00Z',
  })
  it('closes a cancelled order and tells the shop [REC-344]', async () => {
    const { orders, words } = await run([orderOf('1'), change('cancel'), change('cancel')], [])
    expect(status(orders[0]!.body)).toBe('H')
    expect(words.map(({ result }) => result)).toEqual(['booked', 'cancelled'])
  })
  it('approves an order, once [REC-341]', async () => {
    const again: Work = { ...change('approve'), at: '2026-01-07T10:00:00Z' } as Work
    const { orders, journal } = await run([orderOf('1'), change('approve'), again], [])
    expect(status(orders[0]!.body)).toBe('B')
    expect((await journal()).filter(({ operation }) => operation === 'record.update')).toHaveLength(1)
  })
  it('reads the status as letters, too [OPQ-040]', async () => {
    const profile = { settings: { statusId: 'letter' as const } }
    const { orders, recorder } = await run([orderOf('1'), change('approve')], [], { profile })
    expect(status(orders[0]!.body)).toBe('B')
    expect(recorder.flows.map(({ end }) => end)).toEqual(['done', 'done'])
  })
  it.each<[string, FaultInput]>([
    ['a lost answer', { fault: 'drop-response', match: { methods: ['PATCH'] }, countMax: 2 }],
    ['a lost connection', { fault: 'reset-before', match: { methods: ['PATCH'] }, countMax: 2 }],
  ])('is through after %s', async (_, fault) => {
    const { orders, recorder } = await run([orderOf('1'), change('cancel')], [fault])
    expect(status(orders[0]!.body)).toBe('H')
    expect(recorder.flows.every(({ end }) => end === 'done')).toBe(true)
  })
  it('says why it cannot', async () => {
    const { recorder } = await run(
      [change('cancel', '9'), orderOf('1'), change('cancel'), change('approve')],
      [],
    )
    const reasons = recorder.flows.filter(({ end }) => end === 'dead').map(({ reason }) => reason)
    expect(reasons).toEqual([
      'cannot cancel order 9: it has no sales order',
      expect.stringMatching(/^cannot approve order 1: sales order \d+ is closed$/),
    ])
  })
  it('leaves an order that has been shipped to a return', async () => {
    const world = createWorld()
    const { engine, recorder } = world.start()
    await world.clock.run(async () => {
      await withItem(world)
      const adjustment = { item: { externalId: 'SKU-1' }, location: { id: '1' }, adjustQtyBy: 10 }
      await world.importRecords('inventoryAdjustment', [
        { account: { id: '8' }, inventory: { items: [adjustment] } },
      ])
      await engine.accept(orderOf('1'))
      await engine.submit(change('approve'))
      await engine.idle()
      const lines = { items: [{ line: 1, location: { id: '1' } }] }
      await world.send('PATCH', 'salesOrder/eid:SHOP-1', { item: lines })
      const shipped = await world.send('POST', 'salesOrder/eid:SHOP-1/!transform/itemFulfillment', {})
      expect(shipped.status, shipped.body).toBe(204)
      await engine.submit(change('cancel'))
      await engine.idle()
    })
    expect(recorder.flows.at(-1)!.reason).toMatch(/has been shipped or billed in part; it takes a return$/)
  })
})

describe('the acknowledge flow', () => {
  it('tells a shop that is down again, and holds up nothing meanwhile', async () => {
    const down = { kind: 'unknown', status: 0, code: 'E_TIMEOUT', detail: 'no answer' } as const
    const { words, orders, recorder } = await run([orderOf('1'), orderOf('2')], [], {
      hears: (n) => (n < 5 ? down : done(undefined)),
    })
    expect(orders).toHaveLength(2)
    expect(words.length).toBe(6)
    expect(recorder.flows.map(({ end }) => end)).toEqual(['done', 'done'])
  })
  it('hands a word that the shop will not hear to a person', async () => {
    const no = {
      kind: 'refused',
      cause: 'missing',
      retry: 'never',
      status: 404,
      code: 'HTTP_404',
      detail: 'no such order',
    } as const
    const { recorder } = await run([orderOf('1')], [], { hears: () => no })
    expect(recorder.flows).toMatchObject([
      { end: 'dead', reason: 'shop.acknowledge: 404 HTTP_404: no such order' },
    ])
  })
})

describe('work in a queue', () => {
  it('is read although an earlier version wrote it, and refused clearly when a later one did', async () => {
    const world = createWorld({ withoutShop: true })
    const queue: WorkQueue = new MemoryQueue<Work, TryProgress>(world.clock)
    const bare = orderOf('1') as unknown as Work
    const newer = { flow: 'teleport', order: orderOf('2') } as unknown as Work
    const { engine, recorder } = world.start(queue)
    const orders = await world.clock.run(async () => {
      await withItem(world)
      await queue.enqueue([
        { dedupeKey: '1', orderKey: '1', payload: bare },
        { dedupeKey: '2', orderKey: '2', payload: newer },
        { dedupeKey: '3', orderKey: '3', payload: 7 as unknown as Work },
      ])
      await engine.accept(orderOf('1'))
      await engine.idle()
      return world.records('salesOrder')
    })
    expect(orders).toHaveLength(1)
    expect(recorder.deduplicatedKeys).toEqual(['1'])
    expect([...recorder.reasons]).toEqual([
      ['2', 'this version has no flow named "teleport"'],
      ['3', 'the queue holds something that is no work'],
    ])
  })
  it('keeps the order of one order, whatever shop ids look like', async () => {
    const { orders, words } = await run([orderOf(':payment:1'), paidOrder('1')], [])
    expect(orders).toHaveLength(2)
    expect(words).toHaveLength(2)
  })
  it.each<[string, Partial<Work>, RegExp]>([
    ['no order', { orderId: '' } as Partial<Work>, /names no order/],
    ['no money', { amount: '0' } as Partial<Work>, /amount of 0/],
    ['no time', { at: 'noon' } as Partial<Work>, /date-time/],
  ])('is refused at the door with %s', async (_, wrong, message) => {
    const { engine } = createWorld().start()
    const payment = {
      flow: 'payment',
      paymentId: '1',
      orderId: '1',
      amount: '1',
      at: '2026-01-06T10:00:00Z',
      ...wrong,
    }
    await expect(engine.submit(payment as Work)).rejects.toThrow(message)
  })
})

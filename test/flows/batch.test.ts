/**
 * If these fail, orders of a peak are lost in a batch, doubled by one, or blamed for another's mistake; or batches cost more
 * than they save.
 */
import { describe, expect, it } from 'vitest'
import { orderOf } from '../../harness/engine/testing/fake-account.ts'
import type { ShopOrder } from '../../harness/shop/order.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createWorld, paidOrder, type WorldOptions, withItem } from './world.ts'

const PEAK = { enterBacklog: 100, leaveBacklog: 20 }
const BATCH = { operations: ['batch' as const] }

async function run(
  orders: readonly ShopOrder[],
  faults: readonly FaultInput[],
  { peak = PEAK, ...options }: WorldOptions & { peak?: typeof PEAK | 'never' } = {},
) {
  const world = createWorld({ withoutShop: true, ...options })
  const { engine, recorder } = world.start(undefined, { peak: peak === 'never' ? undefined : peak })
  const made = await world.clock.run(async () => {
    await withItem(world)
    for (const spec of faults) await world.fault(spec)
    const startMs = world.clock.now()
    await Promise.all(orders.map((order) => engine.accept(order)))
    await engine.idle()
    const tookMs = world.clock.now() - startMs
    await world.clock.sleep(3_600_000)
    const [salesOrders, customers, deposits] = [
      await world.records('salesOrder'),
      await world.records('customer'),
      await world.records('customerDeposit'),
    ]
    return { salesOrders, customers, deposits, tookMs }
  })
  return { recorder, journal: await world.journal(), ...made }
}

const orders = (count: number, make: (id: string) => ShopOrder = orderOf): ShopOrder[] =>
  Array.from({ length: count }, (_, n) => make(String(1001 + n)))
const externalIds = (records: readonly { body: Record<string, unknown> }[]): unknown[] =>
  records.map(({ body }) => body.externalId).sort()
const wanted = Array.from({ length: 300 }, (_, n) => `SHOP-${1001 + n}`).sort()

describe('at peak', () => {
  it('orders go in batches beside the usual way, each once, for fewer calls and hardly later [REC-210, REC-217, ASY-050]', async () => {
    const profile = { async: { processors: 10 } }
    const batched = await run(orders(900), [], { profile })
    expect(batched.salesOrders).toHaveLength(900)
    for (const { id, body } of batched.salesOrders)
      expect(batched.recorder.completedIds.get(String(body.externalId).slice(5))).toBe(id)
    expect(batched.recorder.modes).toEqual(['batch', 'realtime'])
    const written = (type: string) =>
      batched.recorder.batches
        .filter((batch) => batch.type === type)
        .reduce((sum, { written }) => sum + written, 0)
    expect(written('salesOrder')).toBeGreaterThan(100)
    expect(written('customer')).toBeGreaterThan(100)

    const single = await run(orders(900), [], { profile, peak: 'never' })
    expect(single.recorder.batches).toEqual([])
    expect(batched.journal.length).toBeLessThan(single.journal.length * 0.9)
    expect(batched.tookMs).toBeLessThan(single.tookMs * 1.15)
  })

  it('money goes in batches, too', async () => {
    const { deposits, recorder } = await run(orders(200, paidOrder), [])
    expect(deposits).toHaveLength(200)
    expect(recorder.batches.some(({ type }) => type === 'customerDeposit')).toBe(true)
    expect(recorder.flows.every(({ end }) => end === 'done')).toBe(true)
  })

  it('a poison order in a batch is given up alone, in its own words [REC-218]', async () => {
    const some = orders(150)
    some[7]!.line_items[0]!.sku = 'NOBODY'
    some[70]!.line_items[0]!.sku = 'NEITHER'
    const { salesOrders, recorder } = await run(some, [])
    expect(salesOrders).toHaveLength(148)
    expect([...recorder.reasons].sort()).toEqual([
      ['1008', expect.stringMatching(/^salesOrder.create: 400 .*NOBODY/)],
      ['1071', expect.stringMatching(/^salesOrder.create: 400 .*NEITHER/)],
    ])
  })

  it.each<[string, FaultInput]>([
    ['their answers lost', { fault: 'drop-response', match: BATCH, countMax: 3 }],
    ['connections lost', { fault: 'reset-before', match: BATCH, countMax: 3 }],
    ['503s', { fault: 'reject', match: BATCH, countMax: 3 }],
    [
      '429s',
      { fault: 'reject', status: 429, errorCode: 'CONCURRENCY_LIMIT_EXCEEDED', match: BATCH, countMax: 3 },
    ],
    [
      'polls that fail',
      { fault: 'reject', match: { operations: ['async'] }, probabilityRatio: 0.5, untilMs: 60_000 },
    ],
    [
      'a query that is refused',
      { fault: 'reject', status: 400, errorCode: 'USER_ERROR', match: { operations: ['suiteql'] } },
    ],
    ['every answer of a batch lost for good', { fault: 'drop-response', match: BATCH }],
  ])('batches with %s make each order once', async (_, fault) => {
    const { salesOrders, recorder } = await run(orders(300), [fault])
    expect(externalIds(salesOrders)).toEqual(wanted)
    expect(recorder.completedIds.size).toBe(300)
  })

  it('asks for the results one by one where the query is refused [ASY-028]', async () => {
    const refused: FaultInput = {
      fault: 'reject',
      status: 400,
      errorCode: 'USER_ERROR',
      match: { operations: ['suiteql'] },
    }
    const { journal, recorder } = await run(orders(150), [refused])
    const records = recorder.batches.reduce((sum, batch) => sum + batch.records, 0)
    expect(journal.filter(({ operation }) => operation === 'async.result')).toHaveLength(records)
  })

  it('an account without batches is asked once, and everybody goes the usual way', async () => {
    const none: FaultInput = { fault: 'reject', status: 405, errorCode: 'INVALID_METHOD', match: BATCH }
    const { salesOrders, journal, recorder } = await run(orders(300), [none])
    expect(externalIds(salesOrders)).toEqual(wanted)
    expect(recorder.reasons.size).toBe(0)
    expect(journal.filter(({ status }) => status === 405).length).toBeLessThanOrEqual(3)
  })
})

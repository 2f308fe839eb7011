/**
 * If these fail, work that the account does later is done twice, or its end is never heard of: a lost 202, a lost job and a
 * process that dies while the job runs must all end with one record.
 */
import { describe, expect, it } from 'vitest'
import { MemoryQueue, type Work, type WorkQueue } from '../../harness/engine/index.ts'
import type { TryProgress } from '../../harness/engine/retry.ts'
import { orderOf } from '../../harness/engine/testing/fake-account.ts'
import type { ShopOrder } from '../../harness/shop/order.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createWorld, mortal, type WorldOptions, withItem } from './world.ts'

/** So many lines that it goes by an asynchronous job. */
function largeOrder(id: string, lines = 250): ShopOrder {
  const line = { sku: 'SKU-1', quantity: 1, price: '1.00' }
  return {
    ...orderOf(id),
    line_items: Array.from({ length: lines }, (_, n) => ({ ...line, id: `${id}-${n}` })),
  }
}

const SUBMIT = { headers: { prefer: 'respond-async' } }

async function run(orders: readonly ShopOrder[], faults: readonly FaultInput[], options: WorldOptions = {}) {
  const world = createWorld({ withoutShop: true, ...options })
  const { engine, recorder } = world.start()
  const made = await world.clock.run(async () => {
    await withItem(world)
    for (const spec of faults) await world.fault(spec)
    for (const order of orders) await engine.accept(order)
    await engine.idle()
    await world.clock.sleep(3_600_000)
    return world.records('salesOrder')
  })
  const journal = await world.journal()
  const submits = journal.filter(({ operation }) => operation === 'async.submit')
  return { ...world, recorder, made, journal, submits }
}

describe('an order of very many lines', () => {
  it('is submitted, followed from job to result, and never sent at once [ASY-001, ASY-002, ASY-025, ASY-026]', async () => {
    const { made, recorder, journal, submits } = await run([largeOrder('1'), largeOrder('2', 199)], [])
    expect(made.map(({ body }) => body.externalId).sort()).toEqual(['SHOP-1', 'SHOP-2'])
    expect(recorder.completedIds.get('1')).toBe(made.find(({ body }) => body.externalId === 'SHOP-1')!.id)
    expect(submits).toHaveLength(1)
    expect(journal.filter(({ operation }) => operation === 'record.create')).toHaveLength(1)
  })

  it('is submitted again with the same key when its 202 is lost, and the first job is followed [ASY-070, ASY-074]', async () => {
    const lost: FaultInput = { fault: 'drop-response', match: SUBMIT, countMax: 1 }
    const { made, recorder, submits } = await run([largeOrder('1')], [lost])
    expect(submits.map(({ status }) => status)).toEqual([202, 400])
    expect(made).toHaveLength(1)
    expect(recorder.completedIds.get('1')).toBe(made[0]!.id)
    expect(recorder.attempts.filter(({ operation }) => operation === 'salesOrder.find')).toEqual([])
  })

  it('follows the first job of an account that answers 409, and of one that gives a path [OPQ-055, ASY-003]', async () => {
    const lost: FaultInput = { fault: 'drop-response', match: SUBMIT, countMax: 1 }
    const profile = { async: { keyStatus: 409 as const, location: 'path' as const } }
    const { made, submits, recorder } = await run([largeOrder('1')], [lost], { profile })
    expect(submits.map(({ status }) => status)).toEqual([202, 409])
    expect(recorder.completedIds.get('1')).toBe(made[0]!.id)
  })

  it.each<[string, FaultInput]>([
    ['submits that reach nobody', { fault: 'reset-before', match: SUBMIT, countMax: 3 }],
    ['submits answered 503', { fault: 'reject', match: SUBMIT, countMax: 3 }],
    [
      'submits answered 429',
      { fault: 'reject', status: 429, errorCode: 'CONCURRENCY_LIMIT_EXCEEDED', match: SUBMIT, countMax: 3 },
    ],
    ['polls that fail', { fault: 'reject', match: { operations: ['async'] }, countMax: 5 }],
    ['answers to polls lost', { fault: 'drop-response', match: { operations: ['async'] }, countMax: 5 }],
  ])('is there once after %s', async (_, fault) => {
    const { made, recorder } = await run([largeOrder('1')], [fault])
    expect(made).toHaveLength(1)
    expect(recorder.completedIds.get('1')).toBe(made[0]!.id)
  })

  it('is looked up when its job is gone [ASY-076]', async () => {
    const { made, recorder } = await run([largeOrder('1')], [], { profile: { async: { retentionDays: 0 } } })
    expect(made).toHaveLength(1)
    expect(recorder.completedIds.get('1')).toBe(made[0]!.id)
    const outcomes = recorder.attempts.map(({ operation, outcome }) => `${operation} ${outcome}`)
    expect(outcomes.at(-1)).toBe('salesOrder.find done')
  })

  it('is given up with the words of its result when the account refuses it [ASY-027, OPQ-052]', async () => {
    const unknownItem = largeOrder('1')
    unknownItem.line_items[0]!.sku = 'NOBODY'
    const { made, recorder } = await run([unknownItem], [])
    expect(made).toEqual([])
    expect(recorder.reasons.get('1')).toMatch(/^salesOrder.create: 400 \w+: .*NOBODY/)
  })

  it('is found by its key when the process dies while the job runs [ASY-074]', async () => {
    const world = createWorld({ withoutShop: true, profile: { latency: { model: 'heavy' } } })
    const queue: WorkQueue = new MemoryQueue<Work, TryProgress>(world.clock)
    const process = { queue: mortal(queue), transport: mortal(world.transport) }
    const first = world.start(process.queue, { transport: process.transport })
    const second = world.start(queue)
    const made = await world.clock.run(async () => {
      await withItem(world)
      // The first job is stuck for longer than a lease, so the look-up of the second engine cannot find the order.
      await world.fault({ fault: 'reject', match: { operations: ['async'] }, untilMs: 60_000 })
      await first.engine.accept(largeOrder('1'))
      while ((await world.journal()).every(({ operation }) => operation !== 'async.submit'))
        await world.clock.sleep(100)
      process.queue.kill()
      process.transport.kill()
      await second.engine.idle()
      return world.records('salesOrder')
    })
    expect(made).toHaveLength(1)
    expect(second.recorder.completedIds.get('1')).toBe(made[0]!.id)
  })
})

describe('a synchronous create whose answer comes too late', () => {
  it('is covered by the unique external ID, whenever it commits after the look-up [REC-116, ASY-079]', async () => {
    let late = 0
    for (let delayMs = 60_000; delayMs <= 76_000; delayMs += 500) {
      const slow: FaultInput = {
        fault: 'slow',
        match: { methods: ['POST'], recordTypes: ['salesOrder'] },
        delayMs,
        countMax: 1,
      }
      const { made, recorder, journal } = await run([orderOf('1')], [slow])
      expect(made, `delay of ${delayMs} ms`).toHaveLength(1)
      expect(recorder.completedIds.get('1')).toBe(made[0]!.id)
      const creates = journal.filter(
        ({ path, operation }) => /salesOrder$/.test(path) && operation === 'record.create',
      )
      if (creates.length > 1) late++
    }
    // Some of them commit only after the look-up found nothing and the create was sent again.
    expect(late).toBeGreaterThan(5)
  })
})

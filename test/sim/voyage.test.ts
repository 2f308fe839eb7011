/**
 * If this fails, there is a mix of account, faults, wrong clocks, kills and load in which the reference engine loses, doubles or
 * spoils something, breaks the order of a key, or never comes to rest; or in which nothing would show that it does.
 * The message names the seed; `npm run -s sim -- --seed N` sails it again.
 */
import { describe, expect, it } from 'vitest'
import { MemoryQueue } from '../../harness/engine/index.ts'
import { VirtualClock } from '../../kernel/clock.ts'
import fixed from './seeds.json' with { type: 'json' }
import { KINDS, type KindName } from './voyage/kinds.ts'
import { drawPlan } from './voyage/plan.ts'
import { judge, type Outcome } from './voyage/verdict.ts'
import { sailPlan } from './voyage/voyage.ts'
import { WatchedQueue } from './voyage/watched-queue.ts'

/** 200 in groups, so that one report line does not stand for one second. */
const GROUPS = Array.from({ length: 20 }, (_, index) => index * 10 + 1)

describe('the reference engine', () => {
  it.each(GROUPS)('comes through ten storms from seed %i', async (from) => {
    const breaches: string[] = []
    for (let seed = from; seed < from + 10; seed++)
      for (const breach of await sailPlan(drawPlan(seed))) breaches.push(`seed ${seed}: ${breach}`)
    expect(breaches).toEqual([])
  })
  it.each(fixed)('stays mended: $kind $seed, $taught', async ({ kind, seed }) => {
    expect(await KINDS[kind as KindName].sail(seed)).toEqual([])
  })
})

describe('the voyages', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(drawPlan(3)).toEqual(drawPlan(3))
    expect(drawPlan(3)).not.toEqual(drawPlan(4))
  })
  it('try everything that there is to try', () => {
    const plans = Array.from({ length: 200 }, (_, index) => drawPlan(index + 1))
    const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ fault }) => fault)))
    expect(kinds.size).toBe(12)
    for (const tried of [
      plans.filter(({ engines }) => engines.length > 1),
      plans.filter(({ engines }) => engines.some(({ kills }) => kills.length > 0)),
      plans.filter(({ engines }) => engines.some(({ skewMs }) => skewMs !== 0)),
      plans.filter(({ engines }) => engines.some(({ jump }) => jump !== undefined)),
      plans.filter(({ neighbours }) => neighbours.length > 0),
      plans.filter(({ limits }) => limits.length > 0),
      plans.filter(({ poison }) => poison.size > 0),
      plans.filter(({ unpayable }) => unpayable.size > 0),
      plans.filter(({ changes }) => changes.length > 0),
    ])
      expect(tried.length).toBeGreaterThan(20)
  })
})

describe('the verdict', () => {
  const plan = { ...drawPlan(2), poison: new Set<string>(), unpayable: new Set<string>(), changes: [] }
  const order = { ...plan.deliveries[0]!.order, financial_status: 'paid' as const }
  const items = order.line_items.map(({ quantity, price }) => ({
    quantity,
    rate: Number(price),
    isClosed: false,
  }))
  const record = { id: '1', body: { otherRefNum: order.name, item: { items } } }
  const well: Outcome = {
    breaches: [],
    drainedMs: 1,
    orders: [order],
    dead: [],
    salesOrders: [record],
    customers: [{ id: '2', body: {} }],
    deposits: [
      { id: '3', body: { memo: `payment of shop order ${order.id}`, payment: Number(order.total_price) } },
    ],
    words: [{ orderId: order.id, result: 'booked', salesOrderId: '1' }],
    calls: [],
    wire: [],
  }
  const dead = { key: order.id, work: { flow: 'order', order }, reason: 'tired' } as const
  const closed = {
    ...record,
    body: { ...record.body, item: { items: items.map((one) => ({ ...one, isClosed: true })) } },
  }

  it('is silent when all is well', () => {
    expect(judge(plan, well)).toEqual([])
  })
  it.each<[string, Partial<Outcome>]>([
    ['lost', { salesOrders: [] }],
    ['doubled', { salesOrders: [record, { ...record, id: '4' }] }],
    [
      'content',
      { salesOrders: [{ ...record, body: { ...record.body, item: { items: [...items, items[0]!] } } }] },
    ],
    ['money', { deposits: [] }],
    ['money', { deposits: [...well.deposits, ...well.deposits] }],
    ['money', { deposits: [{ id: '3', body: { ...well.deposits[0]!.body, payment: 1 } }] }],
    ['status', { salesOrders: [closed] }],
    ['words', { words: [] }],
    ['words', { words: [...well.words, { orderId: order.id, result: 'cancelled' }] }],
    ['words', { words: [{ orderId: order.id, result: 'booked', salesOrderId: '9' }] }],
    ['stranger', { salesOrders: [record, { id: '5', body: { otherRefNum: '#9' } }] }],
    ['customers', { customers: [] }],
    ['dead', { dead: [dead] }],
    ['dead', { dead: [{ ...dead, reason: ' ' }] }],
    ['liveness', { drainedMs: undefined }],
    ['limit', { calls: Array.from({ length: 50 }, () => ({ status: 429 })) as never }],
    ['circles', { calls: Array.from({ length: 61 }, () => ({ status: 204 })) as never }],
    ['order-per-key', { breaches: ['order-per-key: x'] }],
  ])('says %s when it must', (check, changes) => {
    expect(judge(plan, { ...well, ...changes }).map((breach) => breach.split(':')[0])).toContain(check)
  })
  it('says poison when an order refused for good is there, or nobody is told', () => {
    const poison = { ...plan, poison: new Set([order.id]) }
    expect(judge(poison, { ...well, dead: [dead] })).toContain(`poison: order ${order.id} is in the account`)
    expect(judge(poison, { ...well, salesOrders: [] })).toContain(
      `poison: order ${order.id} was refused for good, and nobody is told`,
    )
  })
})

describe('the watched queue', () => {
  const input = (dedupeKey: string) => ({ dedupeKey, orderKey: 'k', payload: 0 })

  it('sees an item handed out twice, before its turn, or settled by who lost it', async () => {
    const clock = new VirtualClock()
    const honest = new MemoryQueue<number, number>(clock, 1_000)
    const queue = new WatchedQueue(clock, honest)
    await queue.enqueue([input('a'), input('b')])
    const [first] = await queue.claim(1)
    expect(queue.breaches).toEqual([])
    const lying = new WatchedQueue<number, number>(clock, {
      leaseMs: 1_000,
      enqueue: async (inputs: readonly unknown[]) => inputs.map(() => 'queued' as const),
      claim: async () => [
        { ...first!, dedupeKey: 'a' },
        { ...first!, dedupeKey: 'b' },
        { ...first!, dedupeKey: 'a', deliveries: 2 },
      ],
      ack: async () => true,
    } as never)
    await lying.enqueue([input('a'), input('b'), input('a')])
    await lying.claim(3)
    await lying.ack(first!)
    expect(lying.breaches.map((breach) => breach.split(':')[0])).toEqual([
      'dedupe',
      'order-per-key',
      'double-claim',
      'stale-claim',
    ])
  })
})

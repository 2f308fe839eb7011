/**
 * If these fail, a run with lost, damaged or doubled orders passes. Each check is shown an account that is right, and
 * then the same account with one kind of damage after the other.
 */
import { describe, expect, it } from 'vitest'
import { recordHistory } from '../metrics/history.ts'
import type { CheckResult } from '../result.ts'
import { checkIds } from '../scenario.ts'
import { type ShopOrder, shopOrderSchema } from '../shop/order.ts'
import { journalEntry } from '../testing/fake-control.ts'
import { type CheckInput, EVIDENCE_MAX } from './check.ts'
import { runChecks } from './index.ts'

type Body = Record<string, unknown>
interface World {
  sent: { order: ShopOrder; refusal: string | undefined }[]
  salesOrders: { id: string; body: Body }[]
  customers: { id: string; body: Body }[]
  items: { id: string; body: Body }[]
  deposits: { id: string; body: Body }[]
  heard?: Map<string, string[]>
  events: ReturnType<typeof recordHistory>
  journal: CheckInput['journal'] & { entries: ReturnType<typeof journalEntry>[] }
  ordersBefore: Set<string>
  drain: CheckInput['drain']
}

/** Three orders of two shoppers, all as they should be. */
function soundWorld(orderCount = 3): World {
  const orders = Array.from({ length: orderCount }, (_, n) =>
    shopOrderSchema.parse({
      id: `${n + 1}`,
      name: `#${1001 + n}`,
      created_at: '2026-01-05T09:00:00Z',
      customer: {
        id: `c${n % 2}`,
        email: `C${n % 2}@Example.com`,
        first_name: 'Ava',
        last_name: `Lee ${n % 2}`,
      },
      line_items: [
        { id: 'a', sku: 'MUG-1', quantity: 2, price: '19.90' },
        { id: 'b', sku: 'BAG-2', quantity: 1, price: '5.00' },
      ],
      total_price: '44.80',
    }),
  )
  const events = recordHistory()
  orders.forEach((order, n) => {
    events.observer.accepted(order, n)
    events.observer.backlog(1, n)
    events.observer.completed(order.id, String(100 + n), n)
    events.observer.backlog(0, n)
  })
  return {
    sent: orders.map((order) => ({ order, refusal: undefined })),
    salesOrders: orders.map(({ name }, n) => ({
      id: String(100 + n),
      body: {
        otherRefNum: name,
        entity: { id: String(50 + (n % 2)), refName: 'someone' },
        item: {
          items: [
            { item: { id: '8', refName: 'Bag' }, quantity: 1, rate: 5, amount: 5 },
            { item: { id: '7', refName: 'Mug' }, quantity: 2, rate: 19.9, amount: 39.8 },
          ],
        },
      },
    })),
    customers: [0, 1].map((n) => ({
      id: String(50 + n),
      body: { email: `c${n}@example.com`, companyName: `Ava Lee ${n}` },
    })),
    items: [
      { id: '7', body: { itemId: 'MUG-1' } },
      { id: '8', body: { itemId: 'BAG-2' } },
    ],
    deposits: [],
    events,
    journal: { entries: [journalEntry(1, 0, 10), journalEntry(2, 5, 15)], overwritten: 0, total: 2 },
    ordersBefore: new Set(),
    drain: { ended: { end: 'done' }, limitMs: 600_000 },
  }
}

function judgeAll(world: World): Record<string, CheckResult> {
  const { salesOrders, customers, items, deposits, events, ...rest } = world
  const account = { salesOrders, customers, items, deposits }
  const input: CheckInput = { ...rest, account, history: events.history, concurrencyLimit: 2 }
  return Object.fromEntries(runChecks(checkIds, input).map((result) => [result.id, result]))
}

/** Three paid orders with their money, of all of which the shop has heard. */
function paidWorld(): World {
  const world = soundWorld()
  for (const { order } of world.sent) order.financial_status = 'paid'
  world.deposits = world.salesOrders.map(({ id }, n) => ({
    id: String(200 + n),
    body: { salesOrder: { id, refName: 'SO' }, payment: 44.8 },
  }))
  world.heard = new Map(world.sent.map(({ order }) => [order.id, ['booked']]))
  return world
}

/** The sound world after `damage`: which checks do not pass, and the evidence of the first of them. */
function seenIn(damage: (world: World) => void, world: World = soundWorld()) {
  damage(world)
  const results = Object.values(judgeAll(world)).filter(({ status }) => status !== 'pass')
  return { failed: results.map(({ id }) => id), evidence: results.flatMap(({ evidence }) => evidence) }
}
const linesOf = (world: World, at: number) => (world.salesOrders[at]!.body.item as { items: Body[] }).items

describe('a sound account', () => {
  it('passes every check', () => {
    expect(Object.values(judgeAll(soundWorld())).map(({ status }) => status)).toEqual(Array(4).fill('pass'))
  })
  it('runs wanted checks only, in a fixed order', () => {
    const { salesOrders, customers, items, deposits, events, ...rest } = soundWorld()
    const account = { salesOrders, customers, items, deposits }
    const input = { ...rest, account, history: events.history, concurrencyLimit: 2 }
    expect(runChecks(['converged', 'no-lost-writes'], input).map(({ id }) => id)).toEqual([
      'no-lost-writes',
      'converged',
    ])
  })
})

describe('no-lost-writes', () => {
  it.each<[string, (world: World) => void, RegExp]>([
    [
      'a wrong SKU',
      (w) => {
        linesOf(w, 0)[0]!.item = { id: '7' }
      },
      /sent .*BAG-2.*; the account has 1 × MUG-1 at 5/,
    ],
    [
      'an unknown item',
      (w) => {
        linesOf(w, 0)[0]!.item = { id: '9', refName: 'Ghost' }
      },
      /1 × Ghost at 5/,
    ],
    [
      'a wrong quantity',
      (w) => {
        linesOf(w, 0)[1]!.quantity = 3
      },
      /3 × MUG-1 at 19.9/,
    ],
    [
      'a wrong price',
      (w) => {
        linesOf(w, 0)[1]!.rate = 19.89
      },
      /2 × MUG-1 at 19.89/,
    ],
    ['a line too few', (w) => void linesOf(w, 0).pop(), /the account has 1 × BAG-2 at 5$/],
    ['a line too many', (w) => void linesOf(w, 0).push(linesOf(w, 0)[0]!), /1 × BAG-2 at 5, 1 × BAG-2 at 5/],
    [
      'no lines at all',
      (w) => {
        w.salesOrders[0]!.body.item = undefined
      },
      /the account has no lines/,
    ],
    [
      'the wrong customer',
      (w) => {
        w.salesOrders[0]!.body.entity = { id: '51' }
      },
      /belongs to customer 51 \(c1@example.com\)/,
    ],
    [
      'no customer',
      (w) => void delete w.salesOrders[0]!.body.entity,
      /its customer \(none\) is not in the account/,
    ],
  ])('sees %s', (_, damage, evidence) => {
    const seen = seenIn(damage)
    expect(seen.failed).toEqual(['no-lost-writes'])
    expect(seen.evidence[0]).toMatch(/^order #1001 \(sales order 100\)/)
    expect(seen.evidence[0]).toMatch(evidence)
  })
  const lose = (world: World): void => void world.salesOrders.shift()
  const never = (world: World): void => {
    lose(world)
    world.events = recordHistory()
  }
  it.each<[string, (world: World) => void, RegExp]>([
    ['called done', lose, /the engine called it done \(sales order 100\)/],
    ['never spoken of', never, /took the delivery and never spoke of it/],
    [
      'accepted and forgotten',
      (w) => {
        never(w)
        w.events.observer.accepted(w.sent[0]!.order, 0)
      },
      /accepted it and never said what became of it/,
    ],
    [
      'refused at the door',
      (w) => {
        never(w)
        w.sent[0]!.refusal = 'disk full'
      },
      /refused the delivery: disk full/,
    ],
    [
      'given up without a reason',
      (w) => {
        never(w)
        w.events.observer.deadLettered('1', ' ', 0)
      },
      /gave it up without a reason/,
    ],
  ])('sees an order that is nowhere and was %s', (_, damage, evidence) => {
    const seen = seenIn(damage)
    expect(seen.failed).toContain('no-lost-writes')
    expect(seen.evidence[0]).toMatch(/^order #1001 \(1\): not in the account; /)
    expect(seen.evidence[0]).toMatch(evidence)
  })
  it('accepts an order given up with a reason', () => {
    const seen = seenIn((world) => {
      never(world)
      world.events.observer.deadLettered('1', 'NetSuite refused the address', 0)
    })
    expect(seen.failed).toEqual([])
  })
  it('recognises a shopper without e-mail by name', () => {
    const world = soundWorld()
    for (const { order } of world.sent) order.customer.email = null
    world.customers.forEach(({ body }) => void delete body.email)
    expect(judgeAll(world)['no-lost-writes']!.status).toBe('pass')
    world.customers[0]!.body.companyName = 'Somebody else'
    expect(judgeAll(world)['no-lost-writes']!.status).toBe('fail')
  })
  it('keeps the evidence short and says how much it left out', () => {
    const world = soundWorld(30)
    world.salesOrders = []
    const { evidence, evidenceOmitted, summary } = judgeAll(world)['no-lost-writes']!
    expect([evidence.length, evidenceOmitted]).toEqual([EVIDENCE_MAX, 10])
    expect(summary).toMatch(/^0 of 30 orders in the account, .*30 lost/)
  })
})

describe('no-duplicates', () => {
  it('sees an order twice', () => {
    const seen = seenIn((world) => void world.salesOrders.push({ ...world.salesOrders[0]!, id: '999' }))
    expect(seen.failed).toEqual(['no-duplicates'])
    expect(seen.evidence[0]).toBe('order #1001 (1): 2 times in the account, sales orders 100, 999')
  })
  it('sees a shopper who became two customers, whatever the case of the address', () => {
    const seen = seenIn((world) => void world.customers.push({ id: '60', body: { email: 'C0@EXAMPLE.com' } }))
    expect(seen.failed).toEqual(['no-duplicates'])
    expect(seen.evidence[0]).toBe(
      'shopper c0 (e-mail c0@example.com): 2 customers in the account, ids 50, 60',
    )
  })
  it('sees a double whose reference was damaged, and leaves older orders alone', () => {
    const stray = (world: World): void =>
      void world.salesOrders.push({ id: '999', body: { ...world.salesOrders[0]!.body, otherRefNum: '#10' } })
    expect(seenIn(stray)).toEqual({
      failed: ['no-duplicates'],
      evidence: ['sales order 999: carries otherRefNum "#10", which the shop never sent'],
    })
    const older = (world: World): void => {
      stray(world)
      world.ordersBefore.add('999')
    }
    expect(seenIn(older).failed).toEqual([])
  })
  it('does not take namesakes for one person, nor blame the account for two shop customers of one address', () => {
    const seen = seenIn((world) => {
      world.customers.push({ id: '60', body: { email: 'other@example.com', companyName: 'Ava Lee 0' } })
      world.sent[0]!.order.customer.id = 'second-account'
      world.customers.push({ id: '61', body: { email: 'c0@example.com' } })
    })
    expect(seen.failed).toEqual([])
  })
})

describe('limit-respected', () => {
  it('sees more slots held than there are', () => {
    const seen = seenIn((world) => void world.journal.entries.push(journalEntry(3, 9, 10)))
    expect(seen.failed).toEqual(['limit-respected'])
    expect(seen.evidence[0]).toMatch(/^3 slots were held at once, 2 exist/)
  })
  it('sees an engine that is refused too often', () => {
    const refused = (count: number) => (world: World) => {
      const answer = { status: 429, slotFromMs: undefined, slotUntilMs: undefined }
      for (let n = 0; n < 100 - count; n++) world.journal.entries.push(journalEntry(n, n * 100, n * 100 + 1))
      for (let n = 0; n < count; n++) world.journal.entries.push(journalEntry(n, n, n, answer))
    }
    expect(seenIn(refused(5)).failed).toEqual([])
    const seen = seenIn(refused(6))
    expect(seen.failed).toEqual(['limit-respected'])
    expect(seen.evidence[0]).toBe('6 of 102 calls (5.9 %) were refused with 429; at most 5.0 % may be')
  })
  it('counts slots of everybody and refusals of the engine alone', () => {
    const answer = { status: 429, slotFromMs: undefined, slotUntilMs: undefined }
    const world = soundWorld()
    const { entries } = world.journal
    for (const entry of entries) Object.assign(entry, { integration: 'engine' })
    for (let n = 0; n < 50; n++)
      entries.push(journalEntry(n, n, n, { ...answer, integration: 'warehouse', channel: 'soap' }))
    const { salesOrders, customers, items, deposits, events, ...rest } = world
    const account = { salesOrders, customers, items, deposits }
    const input = { ...rest, account, history: events.history, concurrencyLimit: 2, integration: 'engine' }
    const judged = () => runChecks(['limit-respected'], input)[0]!
    expect(judged()).toMatchObject({
      status: 'pass',
      summary: 'At most 2 of 2 slots held at once; 0 of 2 calls (0.0 %) refused with 429.',
    })
    entries.push(journalEntry(99, 9, 10, { integration: 'warehouse' }))
    expect(judged().evidence[0]).toMatch(/^3 slots were held at once, 2 exist/)
  })
  it('errs when the journal has gaps', () => {
    const world = soundWorld()
    world.journal = { ...world.journal, overwritten: 3, total: 5 }
    expect(judgeAll(world)['limit-respected']).toMatchObject({
      status: 'error',
      summary: expect.stringMatching(/lost 3 of 5/),
    })
  })
})

describe('converged', () => {
  it.each<[string, (world: World) => void, RegExp]>([
    [
      'an engine still at work',
      (w) => {
        w.drain = { ...w.drain, ended: { end: 'timeout' } }
        w.events.observer.backlog(4, 99)
      },
      /still at work 600 s after the last arrival, with 4 orders/,
    ],
    [
      'an engine that fails',
      (w) => {
        w.drain = { ...w.drain, ended: { end: 'error', reason: 'queue closed' } }
      },
      /failed: queue closed/,
    ],
    ['an idle engine with work left', (w) => w.events.observer.backlog(1, 99), /idle, with 1 order waiting/],
    [
      'an order done under another id',
      (w) => {
        w.salesOrders[0]!.id = '777'
      },
      /done as sales order 100, the account has it as 777/,
    ],
    [
      'an order given up that is there',
      (w) => {
        w.events = recordHistory()
        w.events.observer.deadLettered('1', 'too slow', 0)
      },
      /gave it up \(too slow\), the account has it as 100/,
    ],
  ])('sees %s', (_, damage, evidence) => {
    const seen = seenIn(damage)
    expect(seen.failed).toEqual(['converged'])
    expect(seen.evidence[0]).toMatch(evidence)
  })
  it('sees an order called done that is not there', () => {
    const seen = seenIn((world) => void world.salesOrders.shift())
    expect(seen.failed).toEqual(['no-lost-writes', 'converged'])
    expect(seen.evidence[1]).toMatch(/calls it done, the account does not have it/)
  })
})

describe('money and words', () => {
  const seen = (damage: (world: World) => void) => seenIn(damage, paidWorld())
  const givenUp = (world: World, reason = 'locked period'): void =>
    world.events.observer.flowEnded({
      flow: 'payment',
      key: ':payment:1',
      subject: '1',
      end: 'dead',
      reason,
      atMs: 9,
    })
  it('are in order where every deposit is there once and every word was heard', () => {
    expect(seen(() => {}).failed).toEqual([])
    const { 'no-lost-writes': lost, 'no-duplicates': doubled } = judgeAll(paidWorld())
    expect(lost!.summary).toMatch(/0 of 3 payments lost\.$/)
    expect(doubled!.summary).toMatch(/0 payments more than once/)
  })
  it('are lost where a deposit is not there', () => {
    expect(seen((world) => void world.deposits.shift())).toEqual({
      failed: ['no-lost-writes'],
      evidence: ['order #1001 (1): its payment of 44.8 is not in the account'],
    })
  })
  it('are lost where the deposit is of another amount, or on no order', () => {
    const wrong = seen((world) => void Object.assign(world.deposits[0]!.body, { payment: 44.79 }))
    expect(wrong.evidence).toEqual(['order #1001 (1): paid 44.8; the account has a deposit of 44.79'])
    const astray = seen((world) => void delete world.deposits[0]!.body.salesOrder)
    expect(astray.failed).toEqual(['no-lost-writes'])
  })
  it('may be given up with a reason, and not without', () => {
    const without = (reason: string) => (world: World) => {
      world.deposits.shift()
      givenUp(world, reason)
    }
    expect(seen(without('locked period')).failed).toEqual([])
    expect(seen(without(' ')).failed).toEqual(['no-lost-writes'])
  })
  it('are doubled where an order has two deposits', () => {
    expect(seen((world) => void world.deposits.push({ ...world.deposits[0]!, id: '300' }))).toEqual({
      failed: ['no-duplicates'],
      evidence: ['order #1001 (1): paid once, 2 deposits in the account, ids 200, 300'],
    })
  })
  it('disagree where a payment given up is there', () => {
    expect(seen(givenUp)).toEqual({
      failed: ['converged'],
      evidence: [
        'order #1001 (1): the engine gave its payment up (locked period), the account has it as 200',
      ],
    })
  })
  it('are not expected of an order that is not paid, or not there', () => {
    const unpaid = (world: World): void => {
      world.sent[0]!.order.financial_status = 'pending'
      world.deposits.shift()
    }
    expect(seen(unpaid).failed).toEqual([])
  })
  it('are missed by a shop that never heard, unless that was given up', () => {
    const unheard = (world: World): void => void world.heard!.delete('2')
    expect(seen(unheard)).toEqual({
      failed: ['converged'],
      evidence: ['order 2: done, and the shop never heard of it'],
    })
    const silenced = seen((world) => {
      unheard(world)
      world.events.observer.flowEnded({
        flow: 'acknowledge',
        key: 'k',
        subject: '2',
        end: 'dead',
        reason: '404',
        atMs: 9,
      })
    })
    expect(silenced.failed).toEqual([])
  })
})

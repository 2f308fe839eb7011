/**
 * If these fail, an order can be lost or doubled in a user's account: every fault at every step of the flow must end
 * with exactly one sales order, or with a dead letter that says why.
 */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { CALL_TIMEOUT_MS } from './client.ts'
import { createEngine, createReferenceEngine } from './index.ts'
import { FakeAccount, type FakeAccountOptions, type Fault, orderOf } from './testing/fake-account.ts'
import { createRecorder, depsOf, type Recorder } from './testing/recorder.ts'

interface Ran {
  readonly account: FakeAccount
  readonly recorder: Recorder
  readonly endedMs: number
}

/** Lets the reference engine work off the orders against a scripted account. */
async function run(
  ids: readonly [order: string, customer?: string][],
  options: FakeAccountOptions,
): Promise<Ran> {
  const clock = new VirtualClock(0)
  const account = new FakeAccount(clock, options)
  const recorder = createRecorder()
  const engine = createEngine('reference', depsOf(clock, account.transport, recorder))
  await clock.run(async () => {
    for (const [id, customer] of ids) await engine.accept(orderOf(id, customer))
    await engine.idle()
    // Whatever was given up may still commit; nothing may come of that.
    await clock.sleep(10 * 60_000)
    await engine.stop()
  })
  return { account, recorder, endedMs: clock.now() }
}

const at = (kind: string, number: number, fault: Fault): FakeAccountOptions => ({
  fault: (seen, count) => (seen === kind && count === number ? fault : undefined),
})

const PASSING: Record<string, Fault> = {
  'drop after commit': 'drop-response',
  'reset before': 'reset-before',
  '429': { status: 429, code: 'CONCURRENCY_LIMIT_EXCEEDED' },
  '503': { status: 503, code: 'UNEXPECTED_ERROR' },
  '503 with Retry-After': { status: 503, code: 'UNEXPECTED_ERROR', retryAfterSec: 20 },
  '500': { status: 500, code: 'UNEXPECTED_ERROR' },
  '401 once': { status: 401, code: 'INVALID_LOGIN' },
  'record changed': { status: 400, code: 'USER_ERROR', detail: 'Record has been changed.' },
  'late commit, soon': { lateMs: CALL_TIMEOUT_MS },
  'late commit, after the look-up': { lateMs: CALL_TIMEOUT_MS + 1_200 },
  'late commit, much later': { lateMs: CALL_TIMEOUT_MS + 60_000 },
}

describe('reference engine', () => {
  for (const kind of ['PUT customer', 'POST salesOrder']) {
    for (const [name, fault] of Object.entries(PASSING)) {
      it(`makes exactly one order when ${kind} meets: ${name}`, async () => {
        const { account, recorder } = await run(
          [
            ['1001', 'c1'],
            ['1002', 'c1'],
          ],
          at(kind, 1, fault),
        )
        expect(account.customer.map((record) => record.externalId)).toEqual(['SHOP-C-c1'])
        expect(account.salesOrder.map((record) => record.externalId).sort()).toEqual([
          'SHOP-1001',
          'SHOP-1002',
        ])
        for (const { externalId, id } of account.salesOrder)
          expect(recorder.completedIds.get(externalId!.slice(5))).toBe(id)
        expect(recorder.reasons.size).toBe(0)
      })
    }
    it(`hands ${kind} refused for good to a person, with NetSuite's words`, async () => {
      const detail = 'Error while accessing a resource. Please enter value(s) for: Subsidiary.'
      const { account, recorder } = await run(
        [
          ['1', 'c1'],
          ['2', 'c2'],
        ],
        {
          fault: (seen, _, { body, url }) =>
            seen === kind && (body + url).match(/"#1"|C-c1/)
              ? { status: 400, code: 'USER_ERROR', detail }
              : undefined,
        },
      )
      expect([...recorder.reasons]).toEqual([['1', expect.stringContaining(`400 USER_ERROR: ${detail}`)]])
      expect([...recorder.completedIds.keys()]).toEqual(['2'])
      expect(account.salesOrder).toHaveLength(1)
    })
  }

  it('looks up before it repeats a create whose fate is unknown', async () => {
    const { account } = await run([['1']], at('POST salesOrder', 1, 'reset-before'))
    expect(account.kinds).toEqual(['PUT customer', 'POST salesOrder', 'GET salesOrder', 'POST salesOrder'])
  })

  it('resolves doubt although the look-up fails as well', async () => {
    const { account, recorder } = await run([['1']], {
      fault: (kind, number) =>
        kind === 'POST salesOrder' && number === 1
          ? 'drop-response'
          : kind === 'GET salesOrder' && number < 5
            ? number % 2
              ? 'reset-before'
              : { status: 500, code: 'UNEXPECTED_ERROR' }
            : undefined,
    })
    expect(account.salesOrder).toHaveLength(1)
    expect(account.kinds.filter((kind) => kind === 'POST salesOrder')).toHaveLength(1)
    expect(recorder.completedIds.get('1')).toBe(account.salesOrder[0]!.id)
  })

  it('is covered by the external ID when a create commits after the look-up said no', async () => {
    const { account, recorder } = await run(
      [['1']],
      at('POST salesOrder', 1, { lateMs: CALL_TIMEOUT_MS + 1_200 }),
    )
    const creates = recorder.attempts.filter(({ operation }) => operation === 'salesOrder.create')
    expect(creates.map(({ outcome }) => outcome)[0]).toBe('unknown')
    expect(account.kinds.filter((kind) => kind === 'GET salesOrder').length).toBeGreaterThan(0)
    expect(account.salesOrder).toHaveLength(1)
  })

  it('takes a redelivered order once', async () => {
    const { account, recorder } = await run([['1'], ['1'], ['2'], ['1']], {})
    expect(recorder.acceptedKeys).toEqual(['1', '2'])
    expect(recorder.deduplicatedKeys).toEqual(['1', '1'])
    expect(account.salesOrder).toHaveLength(2)
    expect(recorder.backlogs.at(-1)).toBe(0)
    expect(Math.max(...recorder.backlogs)).toBe(2)
  })

  it('takes "already exists" for done after a crash forgot the first delivery', async () => {
    const clock = new VirtualClock(0)
    const account = new FakeAccount(clock)
    const second = createRecorder()
    await clock.run(async () => {
      for (const recorder of [createRecorder(), second]) {
        const engine = createEngine(
          'reference',
          depsOf(clock, account.transport, recorder, recorder === second ? 2 : 1),
        )
        await engine.accept(orderOf('1'))
        await engine.idle()
      }
    })
    expect(account.salesOrder).toHaveLength(1)
    expect(second.completedIds.get('1')).toBe(account.salesOrder[0]!.id)
  })

  it('never sends two upserts of one customer at once', async () => {
    const ids = Array.from({ length: 60 }, (_, i): [string, string] => [String(i), `c${i % 3}`])
    const { account } = await run(ids, { slots: 15 })
    expect(account.kinds.filter((kind) => kind === 'PUT customer')).toHaveLength(3)
    expect(account.salesOrder).toHaveLength(60)
  })

  it('upserts a customer anew when the remembered one is gone, and asks for it only once', async () => {
    const clock = new VirtualClock(0)
    const account = new FakeAccount(clock)
    const recorder = createRecorder()
    const engine = createEngine('reference', depsOf(clock, account.transport, recorder))
    await clock.run(async () => {
      await engine.accept(orderOf('1', 'c1'))
      await engine.idle()
      account.customer.length = 0
      await engine.accept(orderOf('2', 'c1'))
      await engine.idle()
    })
    expect(account.salesOrder).toHaveLength(2)
    expect(account.kinds.slice(2)).toEqual(['POST salesOrder', 'PUT customer', 'POST salesOrder'])
  })

  it('ends even when many orders meet an account that never comes back', async () => {
    const ids = Array.from({ length: 60 }, (_, i): [string] => [String(i)])
    const { recorder } = await run(ids, { fault: () => 'reset-before', workMs: () => 20 })
    expect(recorder.reasons.size).toBe(60)
  })

  it('fills 15 slots under overload with hardly a 429', async () => {
    const rng = createRng('work')
    const workMs: number[] = []
    const draw = (): number => {
      workMs.push(300 + rng.next() * 800)
      return workMs.at(-1)!
    }
    const ids = Array.from({ length: 3_000 }, (_, i): [string, string] => [String(i), `c${i % 1_800}`])
    const { recorder, endedMs } = await run(ids, { slots: 15, workMs: draw })
    const refusedShare =
      recorder.attempts.filter(({ status }) => status === 429).length / recorder.attempts.length
    const used = workMs.reduce((sum, ms) => sum + ms, 0) / (15 * (endedMs - 10 * 60_000))
    expect(recorder.completedIds.size).toBe(3_000)
    expect(refusedShare).toBeLessThan(0.01)
    expect(used).toBeGreaterThan(0.9)
  })

  it('sits out an outage of the login without giving orders up', async () => {
    const { account, recorder, endedMs } = await run(
      Array.from({ length: 100 }, (_, i): [string] => [String(i)]),
      {
        fault: (_, __, { headers }) =>
          Number(/oauth_timestamp="(\d+)"/.exec(headers.authorization ?? '')?.[1]) < 120
            ? { status: 401, code: 'INVALID_LOGIN' }
            : undefined,
      },
    )
    expect(account.salesOrder).toHaveLength(100)
    expect(recorder.reasons.size).toBe(0)
    expect(recorder.attempts.filter(({ status }) => status === 401).length).toBeLessThan(100)
    expect(endedMs).toBeLessThan(20 * 60_000)
  })

  it('gives an order up in bounded time when nothing ever works', async () => {
    for (const fault of Object.values(PASSING).filter(
      (fault) => typeof fault !== 'object' || 'status' in fault,
    )) {
      const { recorder, endedMs } = await run([['1']], { fault: () => fault, workMs: () => 20 })
      expect(recorder.completedIds.size + recorder.reasons.size).toBe(1)
      expect(endedMs).toBeLessThan(20 * 60_000)
    }
  })

  it('maps an order to the wire as NetSuite wants it', async () => {
    const { account } = await run([['gid://1_2', 'c#1']], {})
    const [order] = account.salesOrder
    expect(account.customer[0]!.externalId).toBe('SHOP-C-c_23_1')
    expect(order!.body).toEqual({
      externalId: 'SHOP-gid_3a__2f__2f_1_5f_2',
      entity: { id: account.customer[0]!.id },
      otherRefNum: '#gid://1_2',
      tranDate: '2026-01-05',
      memo: 'shop order #gid://1_2',
      item: { items: [{ item: { externalId: 'SKU-1' }, quantity: 2, rate: 19.9 }] },
    })
  })

  it('tells of each attempt with its times, from one', async () => {
    const { recorder } = await run([['1']], at('POST salesOrder', 1, 'drop-response'))
    expect(
      recorder.attempts.map(({ operation, attempt, status, outcome }) => [
        operation,
        attempt,
        status,
        outcome,
      ]),
    ).toEqual([
      ['customer.upsert', 1, 204, 'done'],
      ['salesOrder.create', 1, 0, 'unknown'],
      ['salesOrder.find', 2, 200, 'done'],
    ])
    for (const { startedMs, endedMs } of recorder.attempts) expect(endedMs - startedMs).toBe(500)
  })
})

it('tells how it is: the backlog and its age, the throttle, whether it takes work', async () => {
  const clock = new VirtualClock(0)
  const account = new FakeAccount(clock, {})
  const engine = createReferenceEngine(depsOf(clock, account.transport, createRecorder()))
  await clock.run(async () => {
    for (let n = 0; n < 20; n++) await engine.accept(orderOf(`${n}`))
    await clock.sleep(1)
    const busy = await engine.status()
    expect(busy).toMatchObject({ accepting: true, inUse: 2, limit: 2, paused: false, oldestAgeMs: 1 })
    expect(busy.queue.waiting + busy.queue.leased).toBe(20)
    await engine.idle()
    await engine.stop()
    expect(await engine.status()).toMatchObject({ accepting: false, inUse: 0, line: 0, oldestAgeMs: 0 })
  })
})

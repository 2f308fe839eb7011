/**
 * If this fails, the reference engine loses, doubles or spoils something when it goes over to batches, runs out of budget, is let in by
 * tokens that end, or stands on a queue in trouble; or nothing would show that it does.
 * `npm run -s sim -- --kind peak --seed N` sails a seed again.
 */
import { describe, expect, it } from 'vitest'
import { MemoryQueue } from '../../harness/engine/index.ts'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { judgePeakManners, type PeakManners } from './voyage/peak-manners.ts'
import { drawPeakPlan } from './voyage/peak-plan.ts'
import { TroubledQueue } from './voyage/troubled-queue.ts'
import { sailPlan } from './voyage/voyage.ts'
import type { Exchange } from './voyage/wire-log.ts'

describe('the reference engine', () => {
  it.each([1, 11])('comes through ten peaks from seed %i', async (from) => {
    const breaches: string[] = []
    for (let seed = from; seed < from + 10; seed++)
      for (const breach of await sailPlan(drawPeakPlan(seed))) breaches.push(`seed ${seed}: ${breach}`)
    expect(breaches).toEqual([])
  })
})

describe('the voyages', () => {
  it('try everything that there is to try', () => {
    const plans = Array.from({ length: 200 }, (_, index) => drawPeakPlan(index + 1).extras)
    for (const tried of [
      plans.filter(({ accessTokenSec }) => accessTokenSec !== undefined),
      plans.filter(({ peak }) => peak !== undefined),
      plans.filter(({ budgets }) => budgets.length > 0),
      ...(['busy', 'lost', 'slow'] as const).map((how) =>
        plans.filter(({ troubles }) => troubles.some((trouble) => trouble.how === how)),
      ),
    ])
      expect(tried.length).toBeGreaterThan(20)
  })
})

describe('manners at peak', () => {
  const call: Exchange = {
    life: '0/0',
    method: 'GET',
    type: '',
    externalId: undefined,
    nonce: undefined,
    sentMs: 0,
    heardMs: 1,
    status: 200,
    isUnsent: false,
    retryAfterMs: undefined,
    detail: '',
  }
  const submit: Exchange = {
    ...call,
    method: 'POST',
    type: 'salesOrder.batch',
    status: 202,
    batch: { key: 'k', ids: ['SHOP-1', 'SHOP-2'] },
    job: '7',
  }
  const lost: Exchange = { ...submit, status: 0, job: undefined }
  const poll: Exchange = { ...call, sentMs: 10, heardMs: 11, poll: '7', isCompleted: true }
  const result: Exchange = { ...call, sentMs: 20, heardMs: 21, resultOf: '7' }
  const look = (externalId: string): Exchange => ({ ...call, sentMs: 5, externalId, status: 404 })
  const other: Exchange = { ...submit, sentMs: 30, heardMs: undefined, batch: { key: 'n', ids: ['SHOP-1'] } }
  const budgets = [{ name: 'minute', windowMs: 60_000, callsMax: 2 }]
  const judge = (wire: readonly Exchange[], more: Partial<PeakManners> = {}) => {
    const extras = { accessTokenSec: undefined, peak: undefined, budgets: [], troubles: [] }
    return judgePeakManners({ wire, calls: [], isMoved: false, extras, ...more }).map(
      (one) => one.split(':')[0],
    )
  }

  it.each<[string, readonly Exchange[]]>([
    ['a job that is followed to its end', [submit, poll, result]],
    ['the same key again', [lost, { ...submit, sentMs: 5, heardMs: 6 }, poll, result]],
    ['another key after a look', [lost, look('SHOP-1'), other]],
    ['a death', [submit]],
  ])('allow %s', (_, wire) => {
    expect(judge(wire)).toEqual([])
  })
  it.each<[string, readonly Exchange[]]>([
    ['job-key', [lost, other]],
    ['job', [submit, { ...call, sentMs: 200_000 }]],
    ['job-early', [submit, { ...poll, isCompleted: false }, result]],
    ['job-early', [submit, { ...call, method: 'POST', externalId: 'SHOP-1', sentMs: 5 }, poll]],
  ])('are wanting: %s', (check, wire) => {
    expect(judge(wire)).toContain(check)
  })
  it('say so when a budget is exceeded, or a token used beyond its end', () => {
    const extras = { accessTokenSec: 60, peak: undefined, budgets, troubles: [] }
    const three = [0, 30_000, 59_999].map((sentMs) => ({ ...call, sentMs }))
    expect(judge(three, { extras })).toEqual(['budget'])
    expect(judge([...three.slice(0, 2), { ...call, sentMs: 60_000 }], { extras })).toEqual([])
    const calls = [{ status: 401, loginFailure: 'AccessTokenExpired' }] as never
    expect(judge([], { extras, calls })).toEqual(['token'])
  })
})

describe('the queue in trouble', () => {
  it.each([
    ['busy', 'E_QUEUE_BUSY', 0],
    ['lost', 'E_QUEUE_UNREACHABLE', 1],
  ] as const)('%s: fails, and has done it or not', async (how, code, waiting) => {
    const clock = new VirtualClock()
    const troubles = [{ fromMs: 0, untilMs: 1_000, how }]
    const queue = new TroubledQueue(clock, createRng(2), new MemoryQueue<number, number>(clock), troubles)
    const input = { dedupeKey: 'a', orderKey: 'a', payload: 1 }
    await expect(queue.enqueue([input])).rejects.toMatchObject({ code })
    expect((await queue.stats()).waiting).toBe(waiting)
    await clock.run(() => clock.sleep(1_000))
    expect(await queue.enqueue([input])).toEqual([waiting === 1 ? 'duplicate' : 'queued'])
  })
})

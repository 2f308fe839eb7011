/** If these fail, a network cut ends a worker, or doubles or loses what it was doing, or is never reported. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/error.ts'
import { createRng } from '../../kernel/rng.ts'
import { isQueueTrouble, type Queue } from './queue.ts'
import { MemoryQueue } from './queue-memory.ts'
import { patientQueue, type QueueTrouble } from './queue-patience.ts'
import { createReferenceEngine, type WorkQueue } from './reference.ts'
import type { TryProgress } from './retry.ts'
import { FakeAccount, orderOf } from './testing/fake-account.ts'
import { createRecorder, depsOf } from './testing/recorder.ts'
import type { Work } from './work.ts'

const LEASE_MS = 30_000
const cut = (): AppError => new AppError('E_QUEUE_UNREACHABLE', 'db gives no answer')

/** A queue behind a network: while it is cut every call fails, half of them after they were carried out. */
function behindNetwork<T, P>(clock: VirtualClock, isCut: () => boolean): Queue<T, P> {
  const queue = new MemoryQueue<T, P>(clock, LEASE_MS)
  let calls = 0
  const far = <A extends unknown[], R>(call: (...all: A) => Promise<R>) => {
    return async (...all: A): Promise<R> => {
      const isCarriedOut = !isCut() || calls++ % 2 === 0
      const answer = isCarriedOut ? await call.apply(queue, all) : undefined
      if (isCut()) throw cut()
      return answer!
    }
  }
  return {
    leaseMs: LEASE_MS,
    pollMs: 250,
    enqueue: far(queue.enqueue),
    claim: far(queue.claim),
    renew: far(queue.renew),
    ack: far(queue.ack),
    retryAt: far(queue.retryAt),
    deadLetter: far(queue.deadLetter),
    deadLetters: far(queue.deadLetters),
    redrive: far(queue.redrive),
    scan: far(queue.scan),
    stats: far(queue.stats),
    nextDueMs: far(queue.nextDueMs),
    close: () => queue.close(),
  }
}

describe('a patient queue', () => {
  it('makes the call again until it is answered, and says so once', async () => {
    const clock = new VirtualClock(0)
    const told: QueueTrouble[] = []
    const queue = patientQueue(
      clock,
      createRng(1),
      behindNetwork<number, never>(clock, () => clock.now() < 20_000),
      {
        onTrouble: (trouble) => told.push(trouble),
      },
    )
    await clock.run(async () => {
      const input = { dedupeKey: 'a', orderKey: 'a', payload: 1 }
      // The first call was carried out although nobody said so.
      expect(await queue.enqueue([input])).toEqual(['duplicate'])
    })
    expect(told.length).toBeGreaterThan(5)
    expect(told[0]).toMatchObject({ error: { code: 'E_QUEUE_UNREACHABLE' }, lastedMs: 0 })
    expect(told.filter(({ error }) => error === undefined)).toHaveLength(1)
    expect(told.at(-1)!.lastedMs).toBeGreaterThanOrEqual(20_000)
  })

  it('gives up ten minutes into an outage, and a claim when its lease is over', async () => {
    const clock = new VirtualClock(0)
    let isDown = false
    const queue = patientQueue(
      clock,
      createRng(1),
      behindNetwork<number, never>(clock, () => isDown),
    )
    await clock.run(async () => {
      await queue.enqueue([{ dedupeKey: 'a', orderKey: 'a', payload: 1 }])
      const [item] = await queue.claim(1)
      isDown = true
      expect(await queue.deadLetter(item!, 'x')).toBe(false)
      expect(clock.now()).toBeLessThanOrEqual(LEASE_MS)
      await expect(queue.claim(1)).rejects.toMatchObject({ code: 'E_QUEUE_UNREACHABLE' })
      expect(clock.now()).toBeGreaterThan(590_000)
    })
  })

  it('lets an error that is none of the network through at once', async () => {
    const clock = new VirtualClock(0)
    const broken = { ...behindNetwork(clock, () => false), stats: () => Promise.reject(new Error('ours')) }
    await clock.run(() => expect(patientQueue(clock, createRng(1), broken).stats()).rejects.toThrow('ours'))
    expect(isQueueTrouble(new AppError('E_QUEUE_REFUSED', 'x'))).toBe(false)
  })
})

describe('an engine whose database is cut off', () => {
  it('goes on when it is back, each order in the account once', async () => {
    const clock = new VirtualClock(0)
    const ids = Array.from({ length: 60 }, (_, n) => `${100 + n}`)
    const queue: WorkQueue = behindNetwork<Work, TryProgress>(clock, () => {
      const sec = clock.now() / 1_000
      return (sec > 2 && sec < 9) || (sec > 15 && sec < 70)
    })
    const account = new FakeAccount(clock, { slots: 4 })
    const recorder = createRecorder()
    await clock.run(async () => {
      const deps = depsOf(clock, account.transport, recorder)
      const engine = createReferenceEngine(deps, queue)
      for (const id of ids) await engine.accept(orderOf(id))
      const working = engine.run()
      for (;;) {
        await clock.sleep(1_000)
        const left = await queue.stats().catch(() => undefined)
        if (left !== undefined && left.waiting + left.delayed + left.leased === 0) break
      }
      await engine.stop()
      await working
    })
    expect(account.salesOrder.map(({ externalId }) => externalId).sort()).toEqual(
      ids.map((id) => `SHOP-${id}`),
    )
    expect(recorder.reasons.size).toBe(0)
  })

  it('can be stopped while it is', async () => {
    const clock = new VirtualClock(0)
    let isDown = false
    const queue: WorkQueue = behindNetwork<Work, TryProgress>(clock, () => isDown)
    const deps = depsOf(clock, new FakeAccount(clock).transport, createRecorder())
    await clock.run(async () => {
      const engine = createReferenceEngine(deps, queue)
      const working = engine.run()
      await clock.sleep(1_000)
      isDown = true
      await clock.sleep(60_000)
      await engine.stop()
      await working
    })
    expect(clock.now()).toBeLessThan(70_000)
  })
})

/** If these fail, orders of a worker that died lie about for longer than the lease, or one that lives loses its own. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { MemoryQueue } from './queue-memory.ts'
import type { WorkQueue } from './reference.ts'
import type { TryProgress } from './retry.ts'
import { FakeAccount, orderOf } from './testing/fake-account.ts'
import { dying, type FleetBoard, startMember } from './testing/fleet.ts'
import { MemoryBoard } from './throttle/shared-limit.ts'
import { type Work, workInput } from './work.ts'

const LEASE_MS = 30_000
const POLL_MS = 250
/** Customer and order take 16 s: at the kill everything has been renewed once. */
const CALL_MS = 8_000
const KILL_MS = 12_000

interface Claim {
  readonly worker: number
  readonly key: string
  readonly atMs: number
  /** When the lease ends, by its last renewal. */
  untilMs: number
  isSettled: boolean
}

/** `queue` with some methods of others. */
function instead(queue: WorkQueue, methods: Partial<WorkQueue>): WorkQueue {
  return new Proxy(queue, {
    get: (target, name) => {
      const value = Reflect.get(methods, name) ?? Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** `queue` as one worker has it; its claims are written down, oldest first. */
function witnessed(clock: VirtualClock, queue: WorkQueue, worker: number, claims: Claim[]): WorkQueue {
  const claimOf = ({ dedupeKey }: { readonly dedupeKey: string }): Claim =>
    claims.findLast((claim) => claim.worker === worker && claim.key === dedupeKey)!
  const settling = (settle: WorkQueue['ack']): WorkQueue['ack'] => {
    return async (item) => {
      const isHeld = await settle(item)
      claimOf(item).isSettled = isHeld
      return isHeld
    }
  }
  const seen: Partial<WorkQueue> = {
    claim: async (count) => {
      const items = await queue.claim(count)
      const atMs = clock.now()
      for (const { dedupeKey: key } of items)
        claims.push({ worker, key, atMs, untilMs: atMs + LEASE_MS, isSettled: false })
      return items
    },
    renew: async (item) => {
      const isHeld = await queue.renew(item)
      if (isHeld) claimOf(item).untilMs = clock.now() + LEASE_MS
      return isHeld
    },
    ack: settling((item) => queue.ack(item)),
    retryAt: (item, atMs, progress) => settling((one) => queue.retryAt(one, atMs, progress))(item),
  }
  return instead(queue, seen)
}

/** Every claim that was ever made, where the first of `workers` dies at `KILL_MS` and the others work everything off. */
async function claimsOf(workers: number) {
  const clock = new VirtualClock(0)
  const account = new FakeAccount(clock, { slots: 15, workMs: () => CALL_MS })
  const queue = new MemoryQueue<Work, TryProgress>(clock, LEASE_MS, POLL_MS)
  const board: FleetBoard = new MemoryBoard(clock)
  const orders = Array.from({ length: 3 * workers }, (_, n) => orderOf(`${n}`))
  await queue.enqueue(orders.map((order) => workInput({ flow: 'order', order })))
  const claims: Claim[] = []
  await clock.run(async () => {
    let isDead = false
    const members = Array.from({ length: workers }, (_, n) => {
      const parts = { transport: account.transport, queue: witnessed(clock, queue, n, claims), board }
      if (n > 0) return startMember(clock, `w${n}`, parts)
      const mortal = {
        transport: dying(parts.transport, () => isDead),
        queue: dying(parts.queue, () => isDead),
      }
      return startMember(clock, 'w0', { ...mortal, board: dying(board, () => isDead) })
    })
    await clock.sleep(KILL_MS)
    isDead = true
    await members.at(-1)!.engine.idle()
    for (const member of members.slice(1)) await member.stop()
  })
  return { claims, account, orders }
}

describe.each([2, 4])('of %i workers, one that dies', (workers) => {
  it('loses each order to another when its lease is over, no earlier, and no later than the next poll', async () => {
    const { claims, account, orders } = await claimsOf(workers)
    const held = claims.filter(({ worker, isSettled }) => worker === 0 && !isSettled)
    expect(held.length).toBeGreaterThan(1)
    for (const { key, untilMs } of held) {
      expect(untilMs).toBeGreaterThan(LEASE_MS)
      const [, next] = claims.filter((claim) => claim.key === key)
      expect(next!.worker).not.toBe(0)
      expect(next!.atMs).toBeGreaterThanOrEqual(untilMs)
      expect(next!.atMs).toBeLessThanOrEqual(untilMs + POLL_MS)
    }
    const ids = account.salesOrder.map(({ externalId }) => externalId)
    expect(ids.sort()).toEqual(orders.map(({ id }) => `SHOP-${id}`).sort())
    // The others kept their own throughout.
    const others = claims.filter(({ key }) => !held.some((claim) => claim.key === key))
    expect(others.map(({ key }) => key).sort()).toEqual([...new Set(others.map(({ key }) => key))].sort())
  })
})

it('a worker whose claim was answered after the lease was over leaves the order to its new owner', async () => {
  const clock = new VirtualClock(0)
  const account = new FakeAccount(clock)
  const queue = new MemoryQueue<Work, TryProgress>(clock, LEASE_MS, POLL_MS)
  await queue.enqueue([workInput({ flow: 'order', order: orderOf('1') })])
  const late = instead(queue, {
    claim: async () => {
      const items = await queue.claim(1)
      if (items.length > 0) await clock.sleep(LEASE_MS + 1)
      return items
    },
  })
  await clock.run(async () => {
    const { engine } = startMember(clock, 'w', {
      transport: account.transport,
      queue: late,
      board: new MemoryBoard(clock),
    })
    await clock.sleep(LEASE_MS)
    const [item] = await queue.claim(1)
    await clock.sleep(LEASE_MS / 2)
    await engine.stop()
    expect(await queue.ack(item!)).toBe(true)
  })
  expect(account.kinds).toContain('PUT customer')
  expect(account.kinds).not.toContain('POST salesOrder')
})

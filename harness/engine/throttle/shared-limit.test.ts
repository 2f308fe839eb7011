/** If these fail, workers on several machines overrun an account together, leave it unused, or go on sending when cut off. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import { AppError } from '../../../kernel/error.ts'
import { createRng } from '../../../kernel/rng.ts'
import { MemoryQueue } from '../queue-memory.ts'
import type { TryProgress } from '../retry.ts'
import { describeBoard } from '../testing/board-contract.ts'
import { FakeAccount, orderOf } from '../testing/fake-account.ts'
import { dying, type FleetBoard, startMember } from '../testing/fleet.ts'
import { type Work, workInput } from '../work.ts'
import { knownLevel } from './known-level.ts'
import { MemoryBoard, SharedLimit } from './shared-limit.ts'

describeBoard('MemoryBoard', async (clock, count) => {
  const board: FleetBoard = new MemoryBoard(clock)
  return Array.from({ length: count }, () => board)
})

const SLOTS = 15
const ORDERS = 1_500

/** How long `workers` take for the orders, and what it cost. `killAtMs`: one of them dies then. */
async function workOff(workers: number, killAtMs?: number) {
  const clock = new VirtualClock(0)
  const rng = createRng('fleet')
  const account = new FakeAccount(clock, { slots: SLOTS, workMs: () => 400 + rng.next() * 800 })
  const queue = new MemoryQueue<Work, TryProgress>(clock, 30_000, 250)
  const board: FleetBoard = new MemoryBoard(clock)
  const orders = Array.from({ length: ORDERS }, (_, n) => orderOf(`${n}`, `c-${n % 20}`))
  await queue.enqueue(orders.map((order) => workInput({ flow: 'order', order })))
  await clock.run(async () => {
    let isDead = false
    const mortal = { transport: dying(account.transport, () => isDead), queue: dying(queue, () => isDead) }
    const members = Array.from({ length: workers }, (_, n) =>
      startMember(clock, `w${n}`, { transport: account.transport, queue, board, ...(n === 0 && mortal) }),
    )
    if (killAtMs !== undefined) {
      await clock.sleep(killAtMs)
      isDead = true
      members[0]!.limit.turn = () => new Promise(() => {})
    }
    await members.at(-1)!.engine.idle()
    if (killAtMs === undefined) for (const member of members) await member.stop()
  })
  return { account, tookMs: clock.now(), calls: account.kinds.length }
}

describe('a fleet', () => {
  it('of two and of four gets as much done as one worker alone, within five per cent', async () => {
    const one = await workOff(1)
    const two = await workOff(2)
    const four = await workOff(4)
    for (const { account } of [one, two, four]) expect(account.salesOrder).toHaveLength(ORDERS)
    expect(two.tookMs / one.tookMs).toBeLessThan(1.05)
    expect(four.tookMs / one.tookMs).toBeLessThan(1.05)
    // Each worker makes the twenty customers known to itself; what is more was refused, most of it at the start.
    const refused = [one, two, four].map(({ calls }, n) => calls - ORDERS - 20 * 2 ** n)
    expect(Math.max(...refused)).toBeLessThan(60)
  })

  it('takes over the slots and the orders of one that dies', async () => {
    const { account, tookMs } = await workOff(2, 10_000)
    expect(new Set(account.salesOrder.map(({ externalId }) => externalId)).size).toBe(ORDERS)
    expect(account.salesOrder).toHaveLength(ORDERS)
    // A lease of orders and one of slots, on top of what one worker alone would need.
    expect(tookMs).toBeLessThan((await workOff(1)).tookMs + 40_000)
  })
})

describe('a worker that is cut off from the board', () => {
  it('sends nothing once its lease is over, and goes on when it is back', async () => {
    const clock = new VirtualClock(0)
    const board: FleetBoard = new MemoryBoard(clock)
    let isCut = false
    const far: FleetBoard = {
      read: () => (isCut ? Promise.reject(new AppError('E_QUEUE_UNREACHABLE', 'x')) : board.read()),
      swap: (version, next) => board.swap(version, next),
    }
    const limit = new SharedLimit(clock, far, { algorithm: knownLevel, id: 'a' })
    let woken = 0
    limit.attach({ inUse: 0, waiting: 9, wake: () => woken++ })
    expect(limit.limit).toBe(0)
    void limit.run()
    await clock.advance(1_000)
    expect([limit.limit, woken]).toEqual([2, 1])
    isCut = true
    await clock.advance(4_000)
    expect(limit.limit).toBe(2)
    await clock.advance(1_001)
    expect(limit.limit).toBe(0)
    isCut = false
    await clock.advance(300)
    expect([limit.limit, woken]).toEqual([2, 2])
    await limit.stop()
    expect((await board.read()).board!.members).toEqual({})
  })

  it('says so when the board fails for good', async () => {
    const clock = new VirtualClock(0)
    const broken = {
      ...new MemoryBoard(clock),
      read: () => Promise.reject(new Error('ours')),
    } as unknown as FleetBoard
    const limit = new SharedLimit(clock, broken, { algorithm: knownLevel, id: 'a' })
    const ended = limit.run()
    await Promise.all([expect(ended).rejects.toThrow('ours'), clock.advance(10)])
  })
})

/** If these fail, the queue loses, doubles or reorders orders, or slows down with its length. */
import { expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { MemoryQueue } from './queue-memory.ts'
import { describeQueue } from './testing/queue-contract.ts'

describeQueue('MemoryQueue', (clock, leaseMs) => [new MemoryQueue(clock, leaseMs)], 300)

it('works a backlog of 100,000 off without slowing down', async () => {
  const clock = new SystemClock()
  const queue = new MemoryQueue<number, undefined>(clock)
  const startedMs = clock.now()
  await queue.enqueue(
    Array.from({ length: 100_000 }, (_, n) => ({
      dedupeKey: `k${n}`,
      orderKey: `o${n % 50_000}`,
      payload: n,
    })),
  )
  let done = 0
  for (;;) {
    const items = await queue.claim(30)
    if (items.length === 0) break
    for (const item of items) {
      if (item.deliveries === 1 && item.payload % 10 === 0) await queue.retryAt(item, 0, undefined)
      else if (await queue.ack(item)) done++
    }
  }
  expect(done).toBe(100_000)
  // A scan per claim would take minutes; this takes a fraction of a second on any machine.
  expect(clock.now() - startedMs).toBeLessThan(5_000)
})

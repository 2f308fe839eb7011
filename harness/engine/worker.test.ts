/** If these fail, a run ends too early or never, or a mistake in a handler passes unseen. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { LEASE_MS_DEFAULT, type WorkItem } from './queue.ts'
import { MemoryQueue } from './queue-memory.ts'
import { type Verdict, WorkerPool } from './worker.ts'

type Item = WorkItem<number, number>

function setUp(handle: (item: Item, clock: VirtualClock) => Promise<Verdict<number>>, width = 3) {
  const clock = new VirtualClock(0)
  const queue = new MemoryQueue<number, number>(clock)
  const settled: string[] = []
  const pool = new WorkerPool<number, number>(clock, queue, {
    width: () => width,
    handle: (item) => handle(item, clock),
    settled: (item, verdict) => settled.push(`${item.dedupeKey} ${verdict.kind} ${clock.now()}`),
  })
  const add = async (...numbers: number[]): Promise<void> => {
    await queue.enqueue(numbers.map((n) => ({ dedupeKey: `k${n}`, orderKey: `k${n}`, payload: n })))
    pool.wake()
  }
  return { clock, queue, pool, settled, add }
}

describe('WorkerPool', () => {
  it('works as many items at once as there is room for', async () => {
    let active = 0
    let most = 0
    const { clock, pool, settled, add } = setUp(async (_, clock) => {
      most = Math.max(most, ++active)
      await clock.sleep(100)
      active--
      return { kind: 'ack', id: undefined }
    })
    await clock.run(async () => {
      await add(1, 2, 3, 4, 5, 6, 7)
      await pool.idle()
    })
    expect(most).toBe(3)
    expect(settled).toHaveLength(7)
    expect(clock.now()).toBe(300)
  })

  it('is idle exactly when the last retry is through', async () => {
    const { clock, pool, settled, add } = setUp(async ({ progress = 0 }, clock) => {
      if (progress < 2) return { kind: 'retry', atMs: clock.now() + 1_000, progress: progress + 1 }
      return progress === 2 ? { kind: 'dead', reason: 'enough' } : { kind: 'lost' }
    })
    await clock.run(async () => {
      await pool.idle()
      expect(clock.now()).toBe(0)
      await add(1)
      await pool.idle()
      expect(clock.now()).toBe(2_000)
    })
    expect(settled).toEqual(['k1 retry 0', 'k1 retry 1000', 'k1 dead 2000'])
  })

  it('finishes what is in work when stopped, and takes nothing more', async () => {
    const { clock, queue, pool, settled, add } = setUp(async (_, clock) => {
      await clock.sleep(100)
      return { kind: 'ack', id: undefined }
    })
    await clock.run(async () => {
      await add(1, 2, 3, 4, 5)
      await clock.sleep(50)
      await pool.stop()
      expect(clock.now()).toBe(100)
      await pool.idle()
    })
    expect(settled).toHaveLength(3)
    expect(await queue.stats()).toMatchObject({ waiting: 2, leased: 0 })
  })

  it('takes up again what a silent holder left', async () => {
    const { clock, pool, settled, add } = setUp(async ({ deliveries }) =>
      deliveries === 1 ? { kind: 'lost' } : { kind: 'ack', id: undefined },
    )
    await clock.run(async () => {
      await add(1)
      await pool.idle()
    })
    expect(settled).toEqual(['k1 ack 300000'])
  })

  it('keeps the lease of what takes longer than a lease', async () => {
    let handled = 0
    const { clock, pool, settled, add } = setUp(async (_, clock) => {
      handled++
      await clock.sleep(3 * LEASE_MS_DEFAULT)
      return { kind: 'ack', id: undefined }
    })
    await clock.run(async () => {
      await add(1)
      await pool.idle()
    })
    expect(handled).toBe(1)
    expect(settled).toEqual(['k1 ack 900000'])
  })

  it('shows a fault of ours to whoever waits', async () => {
    const { clock, pool, add } = setUp(async () => {
      throw new Error('ours')
    })
    await clock.run(async () => {
      await add(1)
      await expect(pool.idle()).rejects.toThrow('ours')
      await expect(pool.idle()).rejects.toThrow('ours')
    })
  })
})

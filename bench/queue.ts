/**
 * The queue file: what one process gets through when every answer waits for the disk, and whether a backlog slows claims
 * down. One-kilobyte items in batches, synchronous=FULL. The disk of the machine decides; the ratio does not depend on it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteQueue } from '../harness/engine/queue-sqlite.ts'
import { SystemClock } from '../kernel/clock.ts'

export interface QueueRow {
  readonly name: string
  readonly value: number
  readonly goal: number
}

const ENQUEUE_BATCH = 100
const CLAIM_BATCH = 50
const BACKLOG = 1_000_000
const CLAIMS = 5_000
const ROUNDS = 9
const clock = new SystemClock()
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const payload = 'x'.repeat(1_000)
type BenchQueue = SqliteQueue<string, never>

async function perSec(count: number, work: () => Promise<void>): Promise<number> {
  const startedMs = clock.now()
  await work()
  return (count / (clock.now() - startedMs)) * 1_000
}

function fill(queue: BenchQueue, from: number, count: number): Promise<number> {
  return perSec(count, async () => {
    for (let at = from; at < from + count; at += ENQUEUE_BATCH)
      await queue.enqueue(
        Array.from({ length: ENQUEUE_BATCH }, (_, n) => {
          const key = `order-${at + n}`
          return { dedupeKey: key, orderKey: key, payload }
        }),
      )
  })
}

function work(queue: BenchQueue, count: number): Promise<number> {
  return perSec(count, async () => {
    for (let done = 0; done < count; done += CLAIM_BATCH) {
      const items = await queue.claim(CLAIM_BATCH)
      if (items.length !== CLAIM_BATCH) throw new Error('the backlog is shorter than it should be')
      await Promise.all(items.map((item) => queue.ack(item)))
    }
  })
}

/** A short and a long queue in turn, round by round: the best of each, and the median of what a round's ratios are. */
export async function benchQueue(log: (line: string) => void): Promise<QueueRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-bench-queue-'))
  const open = (name: string): BenchQueue => new SqliteQueue(clock, { file: join(folder, name) })
  const [short, long] = [open('short.queue'), open('long.queue')]
  const best = { enqueues: 0, short: 0, long: 0 }
  const ratios: number[] = []
  try {
    log(`filled with ${BACKLOG} items at ${Math.round(await fill(long, 0, BACKLOG))}/s`)
    for (let round = 0; round < ROUNDS; round++) {
      const enqueues = await fill(short, round * CLAIMS, CLAIMS)
      const [fast, slow] = [await work(short, CLAIMS), await work(long, CLAIMS)]
      best.enqueues = Math.max(best.enqueues, enqueues)
      best.short = Math.max(best.short, fast)
      best.long = Math.max(best.long, slow)
      ratios.push(slow / fast)
      const [a, b, c] = [enqueues, fast, slow].map(Math.round)
      log(`per second: ${a} enqueued, ${b} claimed and acknowledged, ${c} behind a backlog`)
    }
  } finally {
    await short.close()
    await long.close()
    rmSync(folder, { recursive: true })
  }
  return [
    { name: 'durable enqueues/s, 100 at a time', value: best.enqueues, goal: 30_000 },
    { name: 'claims with acknowledgement/s, 50 at a time', value: best.short, goal: 15_000 },
    { name: 'the same behind a backlog of 1,000,000', value: best.long, goal: 15_000 },
    { name: 'ratio of the two, median of the rounds', value: median(ratios), goal: 0.9 },
  ]
}

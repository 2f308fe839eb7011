/**
 * The durable queues: what one process gets through when every answer waits for the disk, and whether a backlog slows claims
 * down. One-kilobyte items in batches. The disk of the machine decides; the ratio does not depend on it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres, openPostgresQueue, type Queue } from '../harness/engine/index.ts'
import { SqliteQueue } from '../harness/engine/queue-sqlite.ts'
import { SystemClock } from '../kernel/clock.ts'
import { withDatabases } from './database.ts'
import { figure, median, type Part, type Table, verdict } from './part.ts'

export interface QueueRow {
  readonly name: string
  readonly value: number
  readonly goal: number | undefined
}

const ENQUEUE_BATCH = 100
const CLAIM_BATCH = 50
const SQLITE_BACKLOG = 1_000_000
/** A tenth: filling a database over a socket takes its time, and 100,000 lanes are a deep index as well. */
const POSTGRES_BACKLOG = 100_000
const CLAIMS = 5_000
const ROUNDS = 9
const clock = new SystemClock()
const payload = 'x'.repeat(1_000)
type BenchQueue = Queue<string, never>

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

interface Measured {
  readonly enqueues: number
  readonly short: number
  readonly long: number
  readonly ratio: number
}

/** A short and a long queue in turn, round by round: the best of each, and the median of what a round's ratios are. */
async function measure(short: BenchQueue, long: BenchQueue, backlog: number, log: (line: string) => void) {
  const best = { enqueues: 0, short: 0, long: 0 }
  const ratios: number[] = []
  log(`filled with ${backlog} items at ${Math.round(await fill(long, 0, backlog))}/s`)
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
  return { ...best, ratio: median(ratios) }
}

function rowsOf(
  where: string,
  backlog: number,
  { enqueues, short, long, ratio }: Measured,
  goals: readonly (number | undefined)[],
): QueueRow[] {
  const [enqueueGoal, claimGoal] = goals
  return [
    { name: `${where}: durable enqueues/s, 100 at a time`, value: enqueues, goal: enqueueGoal },
    { name: `${where}: claims with acknowledgement/s, 50 at a time`, value: short, goal: claimGoal },
    {
      name: `${where}: the same behind a backlog of ${backlog.toLocaleString('en')}`,
      value: long,
      goal: claimGoal,
    },
    { name: `${where}: ratio of the two, median of the rounds`, value: ratio, goal: 0.9 },
  ]
}

async function benchSqlite(log: (line: string) => void): Promise<QueueRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-bench-queue-'))
  const open = (name: string): SqliteQueue<string, never> =>
    new SqliteQueue(clock, { file: join(folder, name) })
  const [short, long] = [open('short.queue'), open('long.queue')]
  try {
    return rowsOf('SQLite', SQLITE_BACKLOG, await measure(short, long, SQLITE_BACKLOG, log), [30_000, 15_000])
  } finally {
    await short.close()
    await long.close()
    rmSync(folder, { recursive: true })
  }
}

function benchPostgres(server: string, log: (line: string) => void): Promise<QueueRow[]> {
  return withDatabases(server, ['seatrial_bench_short', 'seatrial_bench_long'], async (urls) => {
    const open = async (url: string): Promise<BenchQueue> => openPostgresQueue(clock, await openPostgres(url))
    const [short, long] = (await Promise.all(urls.map(open))) as [BenchQueue, BenchQueue]
    const measured = await measure(short, long, POSTGRES_BACKLOG, log)
    await Promise.all([short.close(), long.close()])
    return rowsOf('PostgreSQL', POSTGRES_BACKLOG, measured, [undefined, undefined])
  })
}

const tables = (rows: readonly QueueRow[]): readonly Table[] => [
  {
    title: 'A durable queue, one process, 1 kB items, every answer after the disk',
    columns: ['what', 'measured', 'goal', ''],
    rows: rows.map(({ name, value, goal }) =>
      goal === undefined
        ? [name, figure(value), '', '']
        : [name, figure(value, goal < 1 ? 2 : 0), `≥ ${figure(goal, 2)}`, verdict(value >= goal)],
    ),
  },
]

export const queue: Part<QueueRow> = { name: 'queue', measure: benchSqlite, tables }

export const queuePostgres: Part<QueueRow> = {
  name: 'queue-postgres',
  needs: 'SEATRIAL_PG_URL',
  measure: (log) => benchPostgres(process.env.SEATRIAL_PG_URL!, log),
  tables,
}

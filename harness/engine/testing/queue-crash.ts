/**
 * Kills processes that share a queue file, at random moments, round after round, and holds the file against what they were
 * told before they died. For tests only.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SystemClock } from '../../../kernel/clock.ts'
import { createRng } from '../../../kernel/rng.ts'
import { SqliteQueue } from '../queue-sqlite.ts'

const LEASE_MS = 150
/** About three turns of the child's loop: on a slow machine, too, some work of every kind has been done before the kill. */
const WARM_UP_CHARS = 1_000
const CHILD = join(import.meta.dirname, 'queue-crasher.ts')
const clock = new SystemClock()
type CrashQueue = SqliteQueue<{ text: string }, { step: number }>

/** What the processes were told, by kind of line: key → id where there is one. */
class Told {
  readonly queued = new Map<string, string>()
  readonly done = new Map<string, string>()
  readonly dead = new Map<string, string>()
  readonly 'done?' = new Map<string, string>()
  readonly 'dead?' = new Map<string, string>()
  readonly breaches: string[] = []

  read(output: string): void {
    for (const line of output.split('\n').slice(0, -1)) {
      const [kind, key, id = ''] = line.split(' ') as [keyof Omit<Told, 'read' | 'breaches'>, string, string?]
      if (kind === 'done' && this.done.has(key)) this.breaches.push(`${key} was done twice`)
      this[kind].set(key, id)
    }
  }
}

/** Starts a process; gives a function that kills it and waits for its last words. */
async function start(file: string, name: string, told: Told): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [CHILD, file, name, String(LEASE_MS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let complaint = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data
  })
  child.stderr.on('data', (data: Buffer) => {
    complaint += data
  })
  const closed = once(child, 'close')
  while (output.length < WARM_UP_CHARS && child.exitCode === null)
    await Promise.race([once(child.stdout, 'data'), closed])
  return async () => {
    child.kill('SIGKILL')
    await closed
    if (child.signalCode !== 'SIGKILL') told.breaches.push(`${name} ended by itself: ${complaint}`)
    told.read(output)
  }
}

/** Holds the file against what was told so far. */
async function check(file: string, told: Told): Promise<void> {
  const db = new DatabaseSync(file)
  const [integrity] = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[]
  if (integrity!.integrity_check !== 'ok') told.breaches.push(`integrity: ${integrity!.integrity_check}`)
  db.close()
  const queue: CrashQueue = new SqliteQueue(clock, { file })
  const open = await queue.scan(undefined, 1_000_000)
  const letters = await queue.deadLetters(undefined, 1_000_000)
  await queue.close()
  const openKeys = new Set(open.map(({ dedupeKey }) => dedupeKey))
  const deadKeys = new Set(letters.map(({ dedupeKey }) => dedupeKey))
  for (const key of told.queued.keys()) {
    const isDone = told.done.has(key)
    if (isDone && (openKeys.has(key) || deadKeys.has(key))) told.breaches.push(`${key} came back`)
    if (told.dead.has(key) && !deadKeys.has(key)) told.breaches.push(`dead letter ${key} is lost`)
    const isKept = isDone || openKeys.has(key) || deadKeys.has(key)
    if (!isKept && !told['done?'].has(key)) told.breaches.push(`${key} is lost`)
  }
  // What is done or dead of an order key came before everything that is open.
  const firstOpen = new Map<string, number>()
  for (const { orderKey, id } of open)
    firstOpen.set(orderKey, Math.min(firstOpen.get(orderKey) ?? Number.POSITIVE_INFINITY, Number(id)))
  for (const [key, id] of told.done) {
    const orderKey = `o${Number(key.split('-')[1]) % 7}`
    if (Number(id) > (firstOpen.get(orderKey) ?? Number.POSITIVE_INFINITY))
      told.breaches.push(`${key} passed an earlier item of ${orderKey}`)
  }
}

/** Works the rest off; gives the keys. Leases of the dead run out while it waits. */
async function drain(file: string): Promise<string[]> {
  const queue: CrashQueue = new SqliteQueue(clock, { file, leaseMs: 60_000 })
  const keys: string[] = []
  for (;;) {
    const items = await queue.claim(500)
    await Promise.all(items.map((item) => queue.ack(item)))
    keys.push(...items.map(({ dedupeKey }) => dedupeKey))
    const dueMs = await queue.nextDueMs()
    if (dueMs === undefined) break
    await clock.sleep(dueMs - clock.now())
  }
  await queue.close()
  return keys
}

/** Two processes on one file, both killed, `rounds` times. Gives what was broken, and how much was at stake. */
export async function crashRounds(rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-queue-crash-'))
  const file = join(folder, 'orders.queue')
  const rng = createRng('queue-crash')
  const told = new Told()
  for (let round = 0; round < rounds; round++) {
    const kills = await Promise.all(['a', 'b'].map((name) => start(file, `${name}${round}`, told)))
    for (const kill of kills) {
      await clock.sleep(rng.next() * 60)
      await kill()
    }
    await check(file, told)
  }
  for (const key of await drain(file))
    if (told.done.has(key)) told.breaches.push(`${key} was done, and came again`)
  rmSync(folder, { recursive: true })
  const { breaches, queued, done, dead } = told
  return { breaches, queued: queued.size, done: done.size, dead: dead.size }
}

/**
 * A process that works on a queue file until it is killed, and says on its standard output what it was told: `queued key`
 * after the answer, `done? key` before and `done key id` after an acknowledgement, `dead? key` and `dead key id` likewise.
 * Usage: node queue-crasher.ts FILE NAME LEASE_MS. For tests only.
 */
import { writeSync } from 'node:fs'
import { SystemClock } from '../../../kernel/clock.ts'
import type { WorkItem } from '../queue.ts'
import { SqliteQueue } from '../queue-sqlite.ts'

const [file, name, leaseMs] = process.argv.slice(2) as [string, string, string]
const clock = new SystemClock()
const queue = new SqliteQueue<{ text: string }, { step: number }>(clock, {
  file,
  leaseMs: Number(leaseMs),
  busyMs: 30_000,
})
// Unlike process.stdout this does not return before the line is out of this process.
const say = (line: string): void => void writeSync(1, `${line}\n`)
const ORDER_KEYS = 7
let last = 0

async function settle(item: WorkItem<{ text: string }, { step: number }>): Promise<void> {
  const { dedupeKey: key, id } = item
  const choice = Number(id) % 10
  if (choice === 0 && item.progress === undefined) await queue.retryAt(item, clock.now() + 20, { step: 1 })
  else if (choice === 1) {
    say(`dead? ${key}`)
    if (await queue.deadLetter(item, 'poison')) say(`dead ${key} ${id}`)
  } else {
    say(`done? ${key}`)
    if (await queue.ack(item)) say(`done ${key} ${id}`)
  }
}

// By itself it ends only where its parent died without killing it.
const endMs = clock.now() + 60_000
while (clock.now() < endMs) {
  const inputs = Array.from({ length: 10 }, () => {
    const n = ++last
    return { dedupeKey: `${name}-${n}`, orderKey: `o${n % ORDER_KEYS}`, payload: { text: 'x'.repeat(500) } }
  })
  await queue.enqueue(inputs)
  for (const { dedupeKey } of inputs) say(`queued ${dedupeKey}`)
  // Two rounds of claims, as a key gives one item at a time; a little less than what came in.
  for (const count of [5, 4]) await Promise.all((await queue.claim(count)).map(settle))
}

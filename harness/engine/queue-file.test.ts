/** If these fail, a queue file that cannot be used is changed or misread, or a full or damaged disk loses accepted work. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import type { WorkInput } from './queue.ts'
import { openQueueFile } from './queue-file.ts'
import { SqliteQueue, type SqliteQueueOptions } from './queue-sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'seatrial-queue-file-'))
let folders = 0
/** A name in a folder of its own, so that a test sees every file that was made. */
function newFile(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return join(own, 'orders.queue')
}
afterAll(() => rmSync(folder, { recursive: true }))

const open = (file: string, options: Partial<SqliteQueueOptions> = {}): SqliteQueue<string, never> =>
  new SqliteQueue(new VirtualClock(0), { file, busyMs: 50, ...options })
const inputs = (prefix: string, count: number, payload = 'x'): WorkInput<string>[] =>
  Array.from({ length: count }, (_, n) => ({
    dedupeKey: `${prefix}${n}`,
    orderKey: `${prefix}${n}`,
    payload,
  }))

/** The file as a closed queue of one item leaves it. */
async function closedQueue(): Promise<string> {
  const file = newFile()
  const queue = open(file)
  await queue.enqueue(inputs('a', 1))
  await queue.close()
  return file
}

/** Opening must fail with `code`, and leave the folder as it was. */
function expectUntouched(file: string, code: string): void {
  const names = readdirSync(join(file, '..'))
  const bytes = readFileSync(file)
  expect(() => open(file)).toThrow(
    expect.objectContaining({ code, details: expect.objectContaining({ file }) }),
  )
  expect(readdirSync(join(file, '..'))).toEqual(names)
  expect(readFileSync(file).equals(bytes)).toBe(true)
}

describe('a queue file', () => {
  it('waits for the disk at every commit, and for another writer before it gives up', () => {
    const db = openQueueFile(newFile())
    const [journal] = db.prepare('PRAGMA journal_mode').all()
    const [synchronous] = db.prepare('PRAGMA synchronous').all()
    const [timeout] = db.prepare('PRAGMA busy_timeout').all()
    db.close()
    // 2 is FULL.
    expect({ ...journal, ...synchronous, ...timeout }).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      timeout: 5_000,
    })
  })

  it('keeps what is in it for the next process, and stands alone once closed', async () => {
    const file = await closedQueue()
    expect(readdirSync(join(file, '..'))).toEqual(['orders.queue'])
    const queue = open(file)
    expect(await queue.enqueue(inputs('a', 1))).toEqual(['duplicate'])
    expect(await queue.claim(9)).toMatchObject([{ dedupeKey: 'a0', payload: 'x', deliveries: 1 }])
    await queue.close()
    await expect(queue.claim(1)).rejects.toMatchObject({ code: 'E_QUEUE_CLOSED' })
  })

  it('writes what was asked for before it was closed', async () => {
    const file = newFile()
    const queue = open(file)
    const asked = queue.enqueue(inputs('a', 3))
    await queue.close()
    expect(await asked).toEqual(['queued', 'queued', 'queued'])
    const again = open(file)
    expect((await again.stats()).waiting).toBe(3)
    await again.close()
  })

  it('is refused and left alone when it is no queue', async () => {
    const text = newFile()
    writeFileSync(text, 'order;customer\n1;2\n')
    expectUntouched(text, 'E_QUEUE_FOREIGN')
    const other = newFile()
    const db = new DatabaseSync(other)
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE invoice (id INTEGER PRIMARY KEY)')
    db.close()
    expectUntouched(other, 'E_QUEUE_FOREIGN')
  })

  it('is refused and left alone when another version wrote it', async () => {
    const file = await closedQueue()
    const db = new DatabaseSync(file)
    db.exec('PRAGMA user_version = 2')
    db.close()
    expectUntouched(file, 'E_QUEUE_VERSION')
    expect(() => open(file)).toThrow('is a queue of format 2; this version reads format 1')
  })

  it('is refused when its folder does not exist, or it is a folder', () => {
    expect(() => open(join(folder, 'none', 'a.queue'))).toThrow(
      expect.objectContaining({ code: 'E_QUEUE_FILE' }),
    )
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'E_QUEUE_FILE' }))
  })

  it('is refused while another program has it to itself', async () => {
    const file = await closedQueue()
    const holder = new DatabaseSync(file)
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    expect(() => open(file)).toThrow(expect.objectContaining({ code: 'E_QUEUE_LOCKED' }))
    holder.exec('ROLLBACK')
    holder.close()
    const queue = open(file)
    expect((await queue.stats()).waiting).toBe(1)
    await queue.close()
  })

  it('gives up a write after a while when another process does not let go, and takes the next one', async () => {
    const file = newFile()
    const queue = open(file)
    const holder = new DatabaseSync(file)
    holder.exec('BEGIN IMMEDIATE')
    const refused = await Promise.allSettled([queue.enqueue(inputs('a', 1)), queue.claim(1)])
    expect(refused.map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
      'E_QUEUE_LOCKED',
      'E_QUEUE_LOCKED',
    ])
    holder.exec('ROLLBACK')
    holder.close()
    expect(await queue.enqueue(inputs('a', 1))).toEqual(['queued'])
    await queue.close()
  })

  it('says that it is damaged when its pages are', async () => {
    const file = newFile()
    const queue = open(file)
    await queue.enqueue(inputs('a', 200, 'x'.repeat(1_000)))
    await queue.close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4_096)
    writeFileSync(file, bytes)
    const opens = async (): Promise<unknown> => open(file).claim(1)
    await expect(opens()).rejects.toMatchObject({ code: 'E_QUEUE_DAMAGED' })
  })
})

describe('a queue file on a full disk', () => {
  const LIMIT = { maxBytes: 300_000 }
  const big = 'x'.repeat(1_000)

  it('refuses what does not fit as a whole, loses nothing accepted, and goes on when there is room', async () => {
    const file = newFile()
    const queue = open(file, LIMIT)
    let accepted = 0
    const fill = async (): Promise<void> => {
      for (;;) {
        await queue.enqueue(inputs(`${accepted}-`, 10, big))
        accepted += 10
      }
    }
    await expect(fill()).rejects.toMatchObject({ code: 'E_QUEUE_FULL', details: { file } })
    expect(accepted).toBeGreaterThan(100)
    expect((await queue.stats()).waiting).toBe(accepted)
    const items = await queue.claim(1_000)
    expect(items).toHaveLength(accepted)
    // In one group with what does not fit, the acknowledgements must stand.
    const [tooBig, ...acks] = await Promise.allSettled([
      queue.enqueue(inputs('no', 500, big)),
      ...items.map((item) => queue.ack(item)),
    ])
    expect(tooBig).toMatchObject({ status: 'rejected', reason: { code: 'E_QUEUE_FULL' } })
    expect(acks.every((ack) => ack.status === 'fulfilled' && ack.value === true)).toBe(true)
    expect(await queue.enqueue(inputs('no', 1, big))).toEqual(['queued'])
    await queue.close()
    expect(statSync(file).size).toBeLessThanOrEqual(LIMIT.maxBytes)
  })
})

describe('the write-ahead log of a queue file', () => {
  /** The files as a power cut would leave them after three batches: nothing has been copied out of the log. */
  async function cutOff(): Promise<string> {
    const file = newFile()
    const queue = open(file)
    for (const batch of ['a', 'b', 'c']) await queue.enqueue(inputs(batch, 20))
    const copy = newFile()
    copyFileSync(file, copy)
    copyFileSync(`${file}-wal`, `${copy}-wal`)
    await queue.close()
    return copy
  }

  async function keysOf(file: string): Promise<string> {
    const queue = open(file)
    const items = await queue.scan(undefined, 1_000)
    expect(await queue.enqueue(inputs('d', 1))).toEqual(['queued'])
    await queue.close()
    return items.map(({ dedupeKey }) => dedupeKey).join(' ')
  }
  const batch = (name: string): string =>
    inputs(name, 20)
      .map(({ dedupeKey }) => dedupeKey)
      .join(' ')

  it('is read back whole', async () => {
    expect(await keysOf(await cutOff())).toBe([batch('a'), batch('b'), batch('c')].join(' '))
  })

  it('gives everything before a damaged or torn end, and the last batch not in part', async () => {
    const damaged = await cutOff()
    const log = readFileSync(`${damaged}-wal`)
    log.fill(0xff, log.length - 100)
    writeFileSync(`${damaged}-wal`, log)
    expect(await keysOf(damaged)).toBe([batch('a'), batch('b')].join(' '))
    const torn = await cutOff()
    truncateSync(`${torn}-wal`, log.length - 1_000)
    expect(await keysOf(torn)).toBe([batch('a'), batch('b')].join(' '))
  })

  it('that is not one is passed over', async () => {
    const file = await cutOff()
    writeFileSync(`${file}-wal`, 'nonsense')
    expect(await keysOf(file)).toBe('')
  })
})

/** If these fail, the queue in PostgreSQL loses, doubles or reorders orders. One engine is in this process, one a server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { openPostgres, type Postgres } from './postgres.ts'
import { PostgresBoard } from './postgres-board.ts'
import { ensureSchema } from './postgres-schema.ts'
import { openPostgresQueue, PostgresQueue } from './queue-postgres.ts'
import { openPostgresSyncStore } from './sync/store-postgres.ts'
import { describeBoard } from './testing/board-contract.ts'
import { createDatabase, emptyQueue, openPglite, SERVER_URL, shared } from './testing/postgres.ts'
import { describeQueue } from './testing/queue-contract.ts'
import { describeStore } from './testing/store-contract.ts'

const clock = new SystemClock()

/** The contracts on one database, opened once. */
function describePostgresQueue(name: string, open: () => Promise<Postgres>, numRuns: number): void {
  let db: Postgres
  beforeAll(async () => {
    db = await open()
    await ensureSchema(db, true)
  })
  describeQueue(
    name,
    async (clock, leaseMs) => {
      await emptyQueue(db)
      return [1, 2].map(() => new PostgresQueue(clock, shared(db), leaseMs))
    },
    numRuns,
  )
  it('does not slow down with its length', () => expectNoSlowing(db))
  describeBoard(name.replace('PostgresQueue', 'PostgresBoard'), async (clock, count) => {
    await emptyQueue(db)
    return Array.from({ length: count }, () => new PostgresBoard(clock, db, '1234567'))
  })
  describeStore(name.replace('PostgresQueue on ', ''), async () => {
    const store = await openPostgresSyncStore(shared(db))
    await db.exec('DELETE FROM seatrial.sync')
    return store
  })
}

/** Pages that a claim of ten touches: a measure that no busy machine changes. */
async function pagesOfClaim(db: Postgres): Promise<number> {
  const [row] = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: Record<string, number> }[] }>(
    'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM seatrial.claim(NULL, 60000, 10)',
  )
  const plan = row!['QUERY PLAN'][0]!.Plan
  return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!
}

/** If the planner preferred to read the table, the second figure would be in the hundreds. */
async function expectNoSlowing(db: Postgres): Promise<void> {
  await emptyQueue(db)
  const queue = new PostgresQueue<string, never>(clock, shared(db), 60_000)
  const fill = async (from: number, to: number): Promise<void> => {
    const inputs = Array.from({ length: to - from }, (_, n) => {
      const key = `${from + n}`
      return { dedupeKey: key, orderKey: key, payload: 'x'.repeat(500) }
    })
    await queue.enqueue(inputs)
  }
  await fill(0, 100)
  await pagesOfClaim(db)
  const few = await pagesOfClaim(db)
  await fill(100, 5_000)
  expect(few).toBeGreaterThan(10)
  expect(await pagesOfClaim(db)).toBeLessThan(few * 1.5)
}

/** Starts and ends without our schema. */
function describeDatabase(open: () => Promise<Postgres>): void {
  let db: Postgres
  beforeAll(async () => {
    db = await open()
  })
  const schemas = async (): Promise<unknown> =>
    db.query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'seatrial' ORDER BY 1`)
  const drop = (): Promise<void> => db.exec('DROP SCHEMA IF EXISTS seatrial CASCADE')

  it('is left alone where one only wants to look, and there is no queue', async () => {
    await expect(openPostgresQueue(clock, shared(db), { mayCreate: false })).rejects.toMatchObject({
      code: 'E_QUEUE_MISSING',
    })
    expect(await db.query("SELECT 1 FROM pg_namespace WHERE nspname = 'seatrial'")).toEqual([])
  })

  it('is refused and left alone when its schema of our name is not ours', async () => {
    await db.exec('CREATE SCHEMA seatrial; CREATE TABLE seatrial.invoice (id int)')
    await expect(ensureSchema(db, true)).rejects.toMatchObject({ code: 'E_QUEUE_FOREIGN' })
    expect(await schemas()).toEqual([{ table_name: 'invoice' }])
    await drop()
  })

  it('is refused and left alone when a newer version made its queue', async () => {
    await ensureSchema(db, true)
    await db.exec('UPDATE seatrial.product SET version = 2')
    const before = await schemas()
    await expect(ensureSchema(db, true)).rejects.toThrow(
      'holds a queue of version 2; this program reads version 1',
    )
    expect(await schemas()).toEqual(before)
    expect(await db.query('SELECT version FROM seatrial.product')).toEqual([{ version: 2 }])
    await drop()
  })

  it('gets its bookmarks when they are first needed, and is refused when a newer version made those', async () => {
    const open = () => openPostgresSyncStore(shared(db))
    await ensureSchema(db, true)
    await Promise.all([open(), open()])
    await db.exec("UPDATE seatrial.product SET version = 2 WHERE name = 'sync'")
    await expect(open()).rejects.toThrow('holds a sync of version 2; this program reads version 1')
    await openPostgresQueue(clock, shared(db))
    await drop()
  })
}

describe('in this process', () => {
  let opened: Promise<Postgres> | undefined
  const open = (): Promise<Postgres> => (opened ??= openPglite())
  afterAll(async () => (await opened)?.close())
  describe('a database', () => describeDatabase(open))
  describe('a queue', () => describePostgresQueue('PostgresQueue on PGlite', open, 6))
})

describe.skipIf(SERVER_URL === undefined)('on a server', () => {
  let close = async (): Promise<void> => {}
  afterAll(() => close())
  describePostgresQueue(
    'PostgresQueue on PostgreSQL',
    async () => {
      const { url, drop } = await createDatabase(SERVER_URL!)
      const db = await openPostgres(url)
      close = () => db.close().then(drop)
      return db
    },
    15,
  )
})

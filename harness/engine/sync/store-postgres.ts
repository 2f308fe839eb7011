/**
 * The state of synchronisation in PostgreSQL, for workers on many machines: one table in our schema, beside the queue. Values
 * are kept as the text they are, so that what `get` gave can be named in a `swap`.
 */
import type { Postgres } from '../postgres.ts'
import { ensurePart, ensureSchema } from '../postgres-schema.ts'
import type { Json, SyncStore } from './store.ts'

const VERSION = 1
const TABLES = 'CREATE TABLE seatrial.sync (key text COLLATE "C" PRIMARY KEY, value text NOT NULL)'

const SQL = {
  get: 'SELECT value FROM seatrial.sync WHERE key = $1',
  // One statement, so all or nothing; what is taken away is never written as well.
  write: `WITH gone AS (DELETE FROM seatrial.sync WHERE key = ANY ($1::text[]))
    INSERT INTO seatrial.sync SELECT * FROM unnest($2::text[], $3::text[])
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  add: 'INSERT INTO seatrial.sync VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key',
  replace: 'UPDATE seatrial.sync SET value = $2 WHERE key = $1 AND value = $3 RETURNING key',
  // The upper bound ends the search in the index; it is no character, so no key has it.
  scan: `SELECT key, value FROM seatrial.sync WHERE key >= $1 AND key > $2 AND key < $1 || U&'\\+10FFFF' AND starts_with(key, $1)
    ORDER BY key LIMIT $3`,
} as const

/**
 * Opens the store in a database, and makes it there where it is not. Throws an `AppError` for a database that cannot be
 * reached, is not ours or of another version.
 */
export async function openPostgresSyncStore(db: Postgres): Promise<PostgresSyncStore> {
  await ensureSchema(db, true)
  await ensurePart(db, { name: 'sync', version: VERSION, tables: TABLES })
  return new PostgresSyncStore(db)
}

export class PostgresSyncStore implements SyncStore {
  readonly #db: Postgres

  /** On a database with the tables; `openPostgresSyncStore` sees to that. Closing the store closes `db`. */
  constructor(db: Postgres) {
    this.#db = db
  }

  async get(key: string): Promise<Json | undefined> {
    const [row] = await this.#db.query<{ value: string }>(SQL.get, [key])
    return row && (JSON.parse(row.value) as Json)
  }

  async write(changes: Readonly<Record<string, Json | undefined>>): Promise<void> {
    // In order of keys, so that two writers never wait for each other in a circle.
    const sorted = Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1))
    const gone = sorted.filter(([, value]) => value === undefined).map(([key]) => key)
    const kept = sorted.filter(([, value]) => value !== undefined)
    const texts = kept.map(([, value]) => JSON.stringify(value))
    await this.#db.query(SQL.write, [gone, kept.map(([key]) => key), texts])
  }

  async swap(key: string, expected: Json | undefined, next: Json): Promise<boolean> {
    const known = expected === undefined ? [] : [JSON.stringify(expected)]
    const sql = expected === undefined ? SQL.add : SQL.replace
    return (await this.#db.query(sql, [key, JSON.stringify(next), ...known])).length === 1
  }

  async scan(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (readonly [string, Json])[]> {
    const rows = await this.#db.query<{ key: string; value: string }>(SQL.scan, [prefix, after ?? '', limit])
    return rows.map(({ key, value }) => [key, JSON.parse(value) as Json] as const)
  }

  close(): Promise<void> {
    return this.#db.close()
  }
}

/**
 * The state of synchronisation in a SQLite file. Ours by its application id; a database of another program or version is
 * refused and stays as it is. WAL with `synchronous=FULL`: what is written survives a power cut.
 */
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../kernel/error.ts'
import type { Json, SyncStore } from './store.ts'

/** "STSY". */
const APPLICATION_ID = 0x53545359
const FORMAT_VERSION = 1
const BUSY_MS = 5_000

export class SqliteSyncStore implements SyncStore {
  readonly #db: DatabaseSync

  /** Opens the file, or creates it where there is none. Throws `E_SYNC_FILE`. */
  constructor(file: string) {
    this.#db = open(file)
  }

  async get(key: string): Promise<Json | undefined> {
    const row = this.#db.prepare('SELECT value FROM entry WHERE key = ?').get(key)
    return row === undefined ? undefined : (JSON.parse(row.value as string) as Json)
  }

  async write(changes: Readonly<Record<string, Json | undefined>>): Promise<void> {
    const put = this.#db.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?)')
    const remove = this.#db.prepare('DELETE FROM entry WHERE key = ?')
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) remove.run(key)
        else put.run(key, JSON.stringify(value))
      }
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  async swap(key: string, expected: Json | undefined, next: Json): Promise<boolean> {
    const statement =
      expected === undefined
        ? 'INSERT INTO entry VALUES (?1, ?2) ON CONFLICT DO NOTHING'
        : 'UPDATE entry SET value = ?2 WHERE key = ?1 AND value = ?3'
    const values = expected === undefined ? [] : [JSON.stringify(expected)]
    return this.#db.prepare(statement).run(key, JSON.stringify(next), ...values).changes === 1
  }

  async scan(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (readonly [string, Json])[]> {
    const from = after === undefined || after < prefix ? prefix : after
    const rows = this.#db
      .prepare(
        'SELECT key, value FROM entry WHERE key >= ?1 AND key IS NOT ?2 AND substr(key, 1, length(?3)) = ?3 ORDER BY key LIMIT ?4',
      )
      .all(from, after ?? null, prefix, limit)
    return rows.map(({ key, value }) => [key as string, JSON.parse(value as string) as Json] as const)
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }
}

function open(file: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file)
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
    prepare(db, file)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    return db
  } catch (error) {
    db?.close()
    if (error instanceof AppError) throw error
    throw new AppError('E_SYNC_FILE', `cannot be opened: ${(error as Error).message}`, {
      file,
      expected: 'a file of bookmarks, or a name that does not exist yet',
      cause: error,
    })
  }
}

/** Makes the table in an empty database; refuses any other that is not ours. */
function prepare(db: DatabaseSync, file: string): void {
  db.exec('BEGIN IMMEDIATE')
  const { application_id: id } = db.prepare('PRAGMA application_id').get() as { application_id: number }
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (!isEmpty && (id !== APPLICATION_ID || version !== FORMAT_VERSION)) {
    db.exec('ROLLBACK')
    throw new AppError('E_SYNC_FILE', 'is a database of another program or version', {
      file,
      expected: 'a file of bookmarks, or a name that does not exist yet',
      mend: 'name another file; this one was not changed',
    })
  }
  if (isEmpty)
    db.exec(`CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}`)
  db.exec('COMMIT')
}

/**
 * The file behind a SQLite queue: its form, opening it, and what SQLite's errors mean to a user. A file is ours when its
 * header says so (application id and version); anything else is refused before SQLite may touch it, so nothing changes.
 * WAL with `synchronous=FULL`: what is committed survives a power cut, and readers never wait for a writer.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../kernel/error.ts'

/** "STRQ": tells a queue from the databases of other programs. */
const APPLICATION_ID = 0x53545251
const FORMAT_VERSION = 1
/** Four times SQLite's default: a checkpoint syncs the whole file, so it should not come with every few batches. */
const CHECKPOINT_PAGES = 4_000
const BUSY_MS_DEFAULT = 5_000
/** Each try lost is one won by another process; more than a few processes never start at one moment. */
const WAL_TRIES_MAX = 20
const SQLITE_BUSY = 5

/** Values of `item.state`. Queries name them as literals: only so do they find the partial indexes. */
export const BLOCKED = 0
export const WAITING = 1
export const DELAYED = 2
export const LEASED = 3

/**
 * Open items in order of arrival. Exactly one item per order key, the first, is not blocked: claims look at one narrow
 * index and never skip anything. `until_ms` is the end of the lease, or the time before which it must wait.
 * AUTOINCREMENT, because the id of a done item must not come back while an old claim still names it.
 */
const SCHEMA = `
  CREATE TABLE known (dedupe_key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, priority INTEGER NOT NULL, until_ms REAL NOT NULL,
    deliveries INTEGER NOT NULL, abandoned INTEGER NOT NULL, enqueued_ms REAL NOT NULL,
    dedupe_key TEXT NOT NULL, order_key TEXT NOT NULL, progress TEXT, payload TEXT NOT NULL
  ) STRICT;
  CREATE INDEX item_key ON item (order_key, id);
  CREATE INDEX item_waiting ON item (priority DESC, id) WHERE state = ${WAITING};
  CREATE INDEX item_due ON item (until_ms) WHERE state IN (${DELAYED}, ${LEASED});
  CREATE TABLE dead (
    id INTEGER PRIMARY KEY, priority INTEGER NOT NULL, dedupe_key TEXT NOT NULL, order_key TEXT NOT NULL,
    payload TEXT NOT NULL, reason TEXT NOT NULL, at_ms REAL NOT NULL
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT_VERSION};
`

export interface QueueFileOptions {
  /** How long to wait for another process that writes. Milliseconds, default 5,000. */
  readonly busyMs?: number | undefined
  /** The file may not grow beyond this many bytes, e.g. to spare a shared disk. Default: no limit. */
  readonly maxBytes?: number | undefined
}

/** Opens a queue file, or creates it where there is none. Throws an `AppError` and leaves any other file as it is. */
export function openQueueFile(file: string, options: QueueFileOptions = {}): DatabaseSync {
  checkHeader(file)
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file)
    db.exec(`PRAGMA busy_timeout = ${options.busyMs ?? BUSY_MS_DEFAULT}`)
    createTables(db)
    switchToWal(db)
    db.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    if (options.maxBytes !== undefined) limitSize(db, options.maxBytes)
    return db
  } catch (error) {
    db?.close()
    throw queueFileError(error, file)
  }
}

/** Reads the header without SQLite, which would already create files beside a database that is not ours. */
function checkHeader(file: string): void {
  const header = Buffer.alloc(100)
  const length = readHeader(file, header)
  if (length === 0) return
  const isDatabase = length === 100 && header.toString('latin1', 0, 15) === 'SQLite format 3'
  if (!isDatabase || header.readUInt32BE(68) !== APPLICATION_ID)
    throw new AppError(
      'E_QUEUE_FOREIGN',
      isDatabase ? 'is the database of another program' : 'is not a queue',
      {
        file,
        expected: 'a queue file, or a name that does not exist yet',
        mend: 'name another file; this one was not changed',
      },
    )
  const version = header.readUInt32BE(60)
  if (version !== FORMAT_VERSION)
    throw new AppError(
      'E_QUEUE_VERSION',
      `is a queue of format ${version}; this version reads format ${FORMAT_VERSION}`,
      {
        file,
        mend: 'let the version that wrote it work it off, then start with a new file; this one was not changed',
      },
    )
}

/** Bytes read; 0 for a file that is not there or empty. */
function readHeader(file: string, header: Buffer): number {
  let handle: number | undefined
  try {
    handle = openSync(file, 'r')
    return readSync(handle, header)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw new AppError('E_QUEUE_FILE', `cannot be read: ${(error as Error).message}`, {
      file,
      mend: 'name a file in a folder that exists and may be written to',
      cause: error,
    })
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Before WAL is switched on, so that the header is in the file itself as soon as the tables are. */
function createTables(db: DatabaseSync): void {
  inTransaction(db, () => {
    const [row] = db.prepare('PRAGMA application_id').all() as { application_id: number }[]
    if (row!.application_id !== APPLICATION_ID) db.exec(SCHEMA)
  })
}

/**
 * The switch needs the file for itself and, unlike a transaction, does not wait for it: two processes that create one
 * file meet here. So wait as a transaction does, then try again.
 */
function switchToWal(db: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      db.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (primaryCode(error) !== SQLITE_BUSY || tries === WAL_TRIES_MAX) throw error
      db.exec('BEGIN EXCLUSIVE; ROLLBACK')
    }
  }
}

function limitSize(db: DatabaseSync, maxBytes: number): void {
  const { page_size } = db.prepare('PRAGMA page_size').get() as { page_size: number }
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / page_size))}`)
}

/** All of `work` or nothing. Takes the right to write at once: a transaction that only then asks for it may be refused. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** SQLite's primary result code → what a user is told. */
const ERRORS: Record<number, readonly [code: string, message: string, mend: string]> = {
  5: [
    'E_QUEUE_LOCKED',
    'is locked by another process',
    'end the program that holds it, or name another file',
  ],
  6: [
    'E_QUEUE_LOCKED',
    'is locked by another process',
    'end the program that holds it, or name another file',
  ],
  8: [
    'E_QUEUE_FILE',
    'may not be written to',
    'give the process the right to write to the file and its folder',
  ],
  10: ['E_QUEUE_FILE', 'cannot be read or written', 'check the disk'],
  11: [
    'E_QUEUE_DAMAGED',
    'is damaged',
    'keep the file for recovery (sqlite3 .recover) and start with a new one',
  ],
  13: ['E_QUEUE_FULL', 'cannot grow: disk full or size limit reached', 'make room, or raise the limit'],
  14: ['E_QUEUE_FILE', 'cannot be opened', 'name a file in a folder that exists and may be written to'],
  26: [
    'E_QUEUE_DAMAGED',
    'is damaged',
    'keep the file for recovery (sqlite3 .recover) and start with a new one',
  ],
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  // The low byte is the primary code, the rest says more precisely how.
  return typeof code === 'number' ? code & 0xff : undefined
}

/** An error of SQLite as an `AppError`; anything else as it is. */
export function queueFileError(error: unknown, file: string): unknown {
  const code = primaryCode(error)
  const known = code === undefined ? undefined : ERRORS[code]
  if (known === undefined) return error
  const [name, message, mend] = known
  return new AppError(name, message, { file, mend, cause: error })
}

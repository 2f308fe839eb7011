/**
 * Where records live: SQLite through `node:sqlite`, in memory or in a file. Ids and external ids are unique per record
 * *group*, not per type [OPQ-014]. Bodies are the JSON that the rest of `records/` reads and writes, kept in SQLite's
 * binary form so that filters need not parse it; this file knows nothing of fields. No call costs more when there are
 * more records, save listings that skip or scan them.
 */
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../kernel/error.ts'
import { invariant } from '../../kernel/invariant.ts'
import { createGroupedCache } from './cache.ts'
import { createCounter, createSequence } from './counters.ts'
import { createMatching, type Matches, type PageOfMatches, type SqlCondition } from './matching.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'
import { createTransactions, type Transactions } from './transactions.ts'
import { type ChangeListener, createWatch } from './watch.ts'

export type RecordBody = Record<string, unknown>

/** One record. Shared with a cache, so its body and everything in it must not be changed in place. */
export interface StoredRecord {
  readonly type: string
  readonly id: number
  readonly externalId: string | undefined
  /** What references to it show as `refName`. */
  readonly display: string
  readonly body: RecordBody
}

/** What a reference needs to know of its target. */
export interface RecordName {
  readonly id: number
  readonly type: string
  readonly display: string
}

export interface RecordStore extends Transactions {
  /** Takes the next internal id of a group. Ids are never given twice, also after a delete. */
  nextId(group: string): number
  insert(group: string, record: StoredRecord, nowMs: number): void
  /** `before` is the record as it was. */
  update(group: string, record: StoredRecord, before: StoredRecord, nowMs: number): void
  remove(group: string, record: StoredRecord): void
  get(group: string, id: number): StoredRecord | undefined
  getByExternalId(group: string, externalId: string): StoredRecord | undefined
  /** Type and display name only: what a reference needs. */
  peek(group: string, id: number): RecordName | undefined
  find(group: string, externalId: string): RecordName | undefined
  /** Ids of a type in ascending order. */
  ids(type: string, limit: number, offset: number): number[]
  /** The same among those that meet a condition, and how many do, counted up to `max`. */
  matching(type: string, condition: SqlCondition, page: PageOfMatches): Matches
  count(type: string): number
  counts(): Record<string, number>
  /** Records of a type with an id above `after`, ascending. */
  page(type: string, after: number, limit: number): StoredRecord[]
  /** The database, for tables of the account that are no records: stock, jobs. They share its transactions. */
  readonly db: DatabaseSync
  /** Copies of all of it, under names. */
  readonly snapshots: Snapshots
  /** Calls `listener` after an undo, a reset and a restore: what it remembers of the database may be wrong. */
  onForget(listener: () => void): void
  /** Tells one listener of every record that is written or removed, also where an undo follows. */
  onChange(listener: ChangeListener): void
  /** Empties all tables, those of `db` too. */
  reset(): void
  close(): void
}

/** External ids are told apart by case and yet found without regard to it: the index has them both ways. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS record (
    grp TEXT NOT NULL, id INTEGER NOT NULL, type TEXT NOT NULL, external_id TEXT, display TEXT NOT NULL,
    created_ms REAL NOT NULL, modified_ms REAL NOT NULL, body BLOB NOT NULL, UNIQUE (grp, id)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS record_external_id ON record (grp, external_id COLLATE NOCASE, external_id)
    WHERE external_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS record_type ON record (type, id);
  CREATE INDEX IF NOT EXISTS record_modified ON record (type, modified_ms);
  CREATE TABLE IF NOT EXISTS system_note (
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, type TEXT NOT NULL, at_ms REAL NOT NULL, changes TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sequence (grp TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
`

interface Row {
  type: string
  id: number
  external_id: string | null
  display: string
  body: string
}

const COLUMNS = 'type, id, external_id, display, json(body) AS body'

export function createRecordStore(file = ':memory:'): RecordStore {
  const db = open(file)
  const sql = prepare(db)
  const counter = createCounter(sql.counts)
  const known = createKnown()
  const sequence = createSequence(sql, file !== ':memory:')
  const watch = createWatch()
  for (const cache of Object.values(known)) watch.onForget(cache.clear)
  /** Reads anew what memory holds of the tables. */
  const recall = (): void => {
    sequence.forget()
    counter.load()
    watch.forgotten()
    watch.replaced()
  }
  const forget = (group: string, { id, externalId }: StoredRecord): void => {
    known.names.of(group).delete(id)
    if (externalId !== undefined) known.externals.of(group).delete(externalId)
    watch.changed(group, id)
    known.recent.of(group).delete(id)
  }
  return {
    nextId: sequence.next,
    insert(group, record, nowMs) {
      const { type, id, externalId, display, body } = record
      sequence.atLeast(group, id)
      unique(() =>
        sql.insert.run(group, id, type, externalId ?? null, display, nowMs, nowMs, JSON.stringify(body)),
      )
      counter.add(type, 1, db.isTransaction)
      watch.changed(group, id)
      known.recent.of(group).set(id, record)
    },
    update(group, record, before, nowMs) {
      const { id, externalId, display, body } = record
      const text = JSON.stringify(body)
      // An external id that is named is indexed anew, also when it is the same.
      const { changes } =
        externalId === before.externalId
          ? sql.update.run(display, nowMs, text, group, id)
          : unique(() => sql.updateExternalId.run(externalId ?? null, display, nowMs, text, group, id))
      invariant(changes === 1, `update of ${group} ${id}`)
      forget(group, before)
      known.recent.of(group).set(id, record)
    },
    remove(group, record) {
      const { changes } = sql.remove.run(group, record.id)
      counter.add(record.type, -Number(changes), db.isTransaction)
      forget(group, record)
    },
    ...lookups(sql, known),
    ...listings(sql),
    matching: createMatching(db),
    count: counter.of,
    counts: counter.all,
    ...createTransactions(db, counter, watch.forgotten),
    db,
    onForget: watch.onForget,
    onChange: watch.onChange,
    snapshots: createSnapshots(db, { before: sequence.save, after: recall }),
    reset() {
      for (const { name } of sql.tables.all()) db.exec(`DELETE FROM "${name}"`)
      recall()
    },
    close: () => db.close(),
  }
}

function open(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  refuseForeign(db, file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;')
  db.exec(SCHEMA)
  db.function('fold_case', { deterministic: true }, (text) =>
    typeof text === 'string' ? foldCase(text) : null,
  )
  return db
}

/** Another record of the group has the external id; nothing was written. */
export class ExternalIdTaken extends Error {}

const SQLITE_CONSTRAINT_UNIQUE = 2067

function unique<T>(write: () => T): T {
  try {
    return write()
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string }
    if (errcode === SQLITE_CONSTRAINT_UNIQUE && message.includes('external_id'))
      throw new ExternalIdTaken(message)
    throw error
  }
}

/** "SEAT": tells our files from those of other programs. */
const APPLICATION_ID = 0x53454154
/** Of the tables in this file. 0: bodies as text; 1: in binary. */
const SCHEMA_VERSION = 1

/** A database of another program, or of another version of this one, is left as it is. */
function refuseForeign(db: DatabaseSync, file: string): void {
  const { application_id: id } = db.prepare('PRAGMA application_id').get() as { application_id: number }
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
  const refuse = (what: string, mend: string): never => {
    db.close()
    throw new AppError('E_DB_UNUSABLE', what, { file, mend })
  }
  if (id !== APPLICATION_ID && tables > 0)
    refuse('is a database of another program', 'name a new file, or one that Seatrial made')
  if (tables > 0 && version !== SCHEMA_VERSION) {
    refuse(
      `was made by another version of Seatrial (format ${version}, this one writes ${SCHEMA_VERSION})`,
      'name a new file, or open it with the version that made it',
    )
  }
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`)
}

type Statements = ReturnType<typeof prepare>

/** What is remembered of records, by group. */
function createKnown() {
  return {
    names: createGroupedCache<RecordName, number>(NAMES_MAX),
    externals: createGroupedCache<RecordName, string>(NAMES_MAX),
    recent: createGroupedCache<StoredRecord, number>(RECENT_MAX),
  }
}

/** What reads one record. */
function lookups(
  sql: Statements,
  { names, externals, recent }: ReturnType<typeof createKnown>,
): Pick<RecordStore, 'get' | 'getByExternalId' | 'peek' | 'find'> {
  return {
    get: (group, id) => recent.of(group).get(id, () => toRecord(sql.get.get(group, id))),
    getByExternalId: (group, externalId) => toRecord(sql.getByExternalId.get(group, externalId)),
    peek(group, id) {
      // Who was just saved is referred to next.
      const saved = recent.of(group).known(id)
      return saved ?? names.of(group).get(id, () => sql.peek.get(group, id) as RecordName | undefined)
    },
    find: (group, externalId) =>
      externals.of(group).get(externalId, () => sql.find.get(group, externalId) as RecordName | undefined),
  }
}

/** What reads many records at once. */
function listings(sql: Statements): Pick<RecordStore, 'ids' | 'page'> {
  return {
    ids: (type, limit, offset) => (sql.ids.all(type, limit, offset) as { id: number }[]).map(({ id }) => id),
    page: (type, after, limit) => sql.page.all(type, after, limit).map((row) => toRecord(row)!),
  }
}

/** Text as it is compared where case does not count. */
export function foldCase(text: string): string {
  return text.toLowerCase()
}

/** The same items and customers are referred to again and again. */
const NAMES_MAX = 5000
/** Records just written are read next. Their bodies are never changed in place: writers copy. */
const RECENT_MAX = 256

/** Says it both ways, as the index has it. */
const BY_EXTERNAL_ID = 'grp = ?1 AND external_id = ?2 COLLATE NOCASE AND external_id = ?2'

function prepare(db: DatabaseSync) {
  return {
    insert: db.prepare(
      'INSERT INTO record (grp, id, type, external_id, display, created_ms, modified_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?, jsonb(?))',
    ),
    update: db.prepare(
      'UPDATE record SET display = ?, modified_ms = ?, body = jsonb(?) WHERE grp = ? AND id = ?',
    ),
    updateExternalId: db.prepare(
      'UPDATE record SET external_id = ?, display = ?, modified_ms = ?, body = jsonb(?) WHERE grp = ? AND id = ?',
    ),
    remove: db.prepare('DELETE FROM record WHERE grp = ? AND id = ?'),
    get: db.prepare(`SELECT ${COLUMNS} FROM record WHERE grp = ? AND id = ?`),
    getByExternalId: db.prepare(`SELECT ${COLUMNS} FROM record WHERE ${BY_EXTERNAL_ID}`),
    peek: db.prepare('SELECT id, type, display FROM record WHERE grp = ? AND id = ?'),
    find: db.prepare(`SELECT id, type, display FROM record WHERE ${BY_EXTERNAL_ID}`),
    ids: db.prepare('SELECT id FROM record WHERE type = ? ORDER BY id LIMIT ? OFFSET ?'),
    counts: db.prepare('SELECT type, count(*) AS n FROM record GROUP BY type ORDER BY type'),
    page: db.prepare(`SELECT ${COLUMNS} FROM record WHERE type = ? AND id > ? ORDER BY id LIMIT ?`),
    lastId: db.prepare('SELECT last FROM sequence WHERE grp = ?'),
    saveId: db.prepare(
      'INSERT INTO sequence (grp, last) VALUES (?, ?) ON CONFLICT (grp) DO UPDATE SET last = excluded.last',
    ),
    tables: db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"),
  }
}

function toRecord(row: unknown): StoredRecord | undefined {
  if (row === undefined) return undefined
  const { type, id, external_id, display, body } = row as Row
  return { type, id, externalId: external_id ?? undefined, display, body: JSON.parse(body) }
}

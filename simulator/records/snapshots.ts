/**
 * Copies of the account's whole database under a name, kept in memory: records, sequences, stock, jobs, and every table that
 * others may add. A copy has the same tables and indexes, so that SQLite moves whole pages of rows without reading
 * them, both ways. Taking one and restoring one is a transaction: all of it, or nothing.
 */
import type { DatabaseSync } from 'node:sqlite'

export interface Snapshot {
  readonly name: string
  readonly takenMs: number
  /** Records of all types. */
  readonly records: number
  /** Memory that the copy takes. */
  readonly bytes: number
}

export interface Snapshots {
  /** Copies the database as it is now. The name must be free, and `SNAPSHOTS_MAX` not reached. */
  take(name: string, nowMs: number): Snapshot
  /** Brings the database back; false when there is no such copy. */
  restore(name: string): boolean
  /** False when there is no such copy. */
  remove(name: string): boolean
  get(name: string): Snapshot | undefined
  /** In the order they were taken. */
  list(): readonly Snapshot[]
}

/** What the owner of the database does around a copy: write down what only memory knows, then read it anew. */
export interface Surroundings {
  readonly before: () => void
  readonly after: () => void
}

/** Each is a database attached to the account's; SQLite grants ten. */
export const SNAPSHOTS_MAX = 8

interface Part {
  readonly type: 'table' | 'index'
  readonly name: string
  readonly sql: string
}

/** Rows of AUTOINCREMENT: made by SQLite with the first such table, and written as any other. */
const SEQUENCES = 'sqlite_sequence'

export function createSnapshots(db: DatabaseSync, { before, after }: Surroundings): Snapshots {
  const taken = new Map<string, Taken>()
  const drop = (schema: string): void => db.exec(`DETACH ${schema}`)
  return {
    take(name, takenMs) {
      const schema = freeSchema(taken)
      before()
      db.exec(`ATTACH ':memory:' AS ${schema}`)
      try {
        transaction(db, () => copyOut(db, schema))
      } catch (error) {
        drop(schema)
        throw error
      }
      const snapshot = { name, takenMs, ...sizeOf(db, schema) }
      taken.set(name, { schema, snapshot })
      return snapshot
    },
    restore(name) {
      const found = taken.get(name)
      if (found === undefined) return false
      transaction(db, () => copyBack(db, found.schema))
      after()
      return true
    },
    remove(name) {
      const found = taken.get(name)
      if (found !== undefined) drop(found.schema)
      return taken.delete(name)
    },
    get: (name) => taken.get(name)?.snapshot,
    list: () => [...taken.values()].map(({ snapshot }) => snapshot),
  }
}

interface Taken {
  /** Name of the attached database. */
  readonly schema: string
  readonly snapshot: Snapshot
}

function freeSchema(taken: ReadonlyMap<string, Taken>): string {
  const used = new Set([...taken.values()].map(({ schema }) => schema))
  for (let number = 1; ; number++) if (!used.has(`snapshot_${number}`)) return `snapshot_${number}`
}

function sizeOf(db: DatabaseSync, schema: string): Pick<Snapshot, 'records' | 'bytes'> {
  const number = (sql: string): number => Number(Object.values(db.prepare(sql).get()!)[0])
  return {
    records: number(`SELECT count(*) FROM ${schema}.record`),
    bytes: number(`PRAGMA ${schema}.page_count`) * number(`PRAGMA ${schema}.page_size`),
  }
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

function copyOut(db: DatabaseSync, schema: string): void {
  for (const { type, name, sql } of partsOf(db, 'main')) {
    db.exec(sql.replace(/^CREATE (UNIQUE )?(TABLE|INDEX) /, `CREATE $1$2 ${schema}.`))
    if (type === 'table') db.exec(`INSERT INTO ${schema}."${name}" SELECT * FROM main."${name}"`)
  }
  copySequences(db, 'main', schema)
}

function copyBack(db: DatabaseSync, schema: string): void {
  const kept = new Set(tablesOf(db, schema))
  for (const name of tablesOf(db, 'main')) {
    db.exec(`DELETE FROM main."${name}"`)
    // A table made since was not there: it is empty, and so it stays.
    if (kept.has(name)) db.exec(`INSERT INTO main."${name}" SELECT * FROM ${schema}."${name}"`)
  }
  copySequences(db, schema, 'main')
}

function copySequences(db: DatabaseSync, from: string, to: string): void {
  if (!hasSequences(db, to)) return
  db.exec(`DELETE FROM ${to}.${SEQUENCES}`)
  if (hasSequences(db, from)) db.exec(`INSERT INTO ${to}.${SEQUENCES} SELECT * FROM ${from}.${SEQUENCES}`)
}

function hasSequences(db: DatabaseSync, schema: string): boolean {
  return db.prepare(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = '${SEQUENCES}'`).get() !== undefined
}

/** Tables, each before its indexes: those of constraints have no text and come with their table. */
function partsOf(db: DatabaseSync, schema: string): Part[] {
  const select = `SELECT type, name, sql FROM ${schema}.sqlite_schema
    WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite#_%' ESCAPE '#' ORDER BY type DESC, name`
  return db.prepare(select).all() as unknown as Part[]
}

function tablesOf(db: DatabaseSync, schema: string): string[] {
  return partsOf(db, schema).flatMap(({ type, name }) => (type === 'table' ? [name] : []))
}

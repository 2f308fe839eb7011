/**
 * What a change changed, kept for SuiteQL's `systemnote`: one row a change, with the fields of the body that are not what they
 * were. A creation keeps nothing, since the record has its time; a deletion keeps one entry without a field. Lines and
 * subrecords are not told apart: a sublist that changed has no entry of its own.
 */
import type { StatementSync } from 'node:sqlite'
import type { RecordBody, RecordStore, StoredRecord } from './store.ts'

const statements = new WeakMap<RecordStore, StatementSync>()

function statementOf(store: RecordStore): StatementSync {
  let statement = statements.get(store)
  if (statement === undefined) {
    statement = store.db.prepare('INSERT INTO system_note (record, type, at_ms, changes) VALUES (?, ?, ?, ?)')
    statements.set(store, statement)
  }
  return statement
}

type Entry = readonly [field: string | null, before: string | null, after: string | null]

/** In the transaction of the write. `after` is undefined for a deletion. */
export function noteChange(
  store: RecordStore,
  before: StoredRecord,
  after: StoredRecord | undefined,
  nowMs: number,
): void {
  const entries: readonly Entry[] =
    after === undefined ? [[null, before.display, null]] : changesOf(before.body, after.body)
  if (entries.length === 0) return
  statementOf(store).run(before.id, before.type, nowMs, JSON.stringify(entries))
}

const TIMES: ReadonlySet<string> = new Set(['lastModifiedDate', 'lastModified'])

function changesOf(before: RecordBody, after: RecordBody): Entry[] {
  const entries: Entry[] = []
  for (const name in after) {
    if (before[name] === after[name] || TIMES.has(name)) continue
    const [was, is] = [shown(before[name]), shown(after[name])]
    if (was !== is) entries.push([name.toUpperCase(), was, is])
  }
  for (const name in before) {
    if (name in after) continue
    const was = shown(before[name])
    if (was !== null) entries.push([name.toUpperCase(), was, null])
  }
  return entries
}

/** A value as a text: references by their id, checkboxes as T and F. NULL for what has no text. */
function shown(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  const id = value !== null && typeof value === 'object' ? (value as { id?: unknown }).id : undefined
  return typeof id === 'string' ? id : null
}

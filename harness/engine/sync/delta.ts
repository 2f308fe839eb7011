/**
 * What changed in the account since the last time, read by SuiteQL: every change is delivered at least once, and no clock but
 * the account's is asked.
 *
 * A pass begins by reading the account's own time. It asks for everything modified since the time of the last pass less an
 * overlap, page by page in order of id [SQL-007, SQL-053]: so it is blind to the 100,000 rows a query may have, and a row that is
 * modified while the pass runs belongs to the next one. The overlap covers what is stamped earlier than it becomes visible:
 * long transactions, and servers of the account whose clocks differ. Rows that are read twice because of it are recognised by
 * their content and not delivered again. Rows are delivered before the bookmark moves: a crash repeats a page and skips none.
 *
 * Stamps are local time of the account [SQL-015], which runs through an hour twice when summer time ends: the bookmark is kept in
 * UTC, and the smaller of the offsets then and now is used.
 */
import { createHash } from 'node:crypto'
import type { CallContext } from '../client.ts'
import { done, type Outcome } from '../outcome.ts'
import { PAGE_ROWS_MAX, type Query, type Row } from '../suiteql.ts'
import type { Json, SyncStore } from './store.ts'

export interface DeltaSource {
  /** Names the bookmark; two sources never share one. */
  readonly name: string
  readonly table: string
  /** Beside `id` and the time of modification. */
  readonly columns: readonly string[]
  /** Further condition, as SQL. */
  readonly where?: string | undefined
  /**
   * How far a pass reaches back behind the beginning of the last one. At least how much longer a change may take to be seen than
   * its stamp says, plus how far the account's servers may differ. Milliseconds, default `OVERLAP_MS_DEFAULT`.
   */
  readonly overlapMs?: number | undefined
  /** Rows of a page, default and at most `PAGE_ROWS_MAX`. */
  readonly pageRows?: number | undefined
}

/** A save with heavy scripts may take minutes, and its stamp is from its beginning. */
export const OVERLAP_MS_DEFAULT = 600_000

/** Takes changed rows, in order of id within a pass; must be durable once resolved, and may be given a row twice. */
export type Deliver = (rows: readonly Row[]) => Promise<void>

export interface PassResult {
  /** Rows that the account gave, and those of them that were news. */
  readonly read: number
  readonly delivered: number
}

/** A moment by the account: UTC, and how much its local time is ahead. Milliseconds. */
interface AccountTime {
  readonly utcMs: number
  readonly offsetMs: number
}

/** Row → digest of its content, of rows that the next pass will read again. */
type Seen = Readonly<Record<string, string>>

interface Bookmark {
  /** When the last complete pass began. Absent: there has been none. */
  readonly since?: AccountTime
  /** What the last complete pass delivered and this one may read again. */
  readonly seen: Seen
  /** A pass that has begun: when, from which local time on, behind which id it goes on, and what the next one may read again. */
  readonly pass?: {
    readonly at: AccountTime
    readonly from: string
    readonly afterId: string
    readonly seen: Seen
  }
}

const FORMAT = 'YYYY-MM-DD HH24:MI:SS'
/** Before anything was ever modified. */
const EVER = '1900-01-01 00:00:00'
/** Zones change their offset at full quarters of an hour. */
const OFFSET_STEP_MS = 900_000
/** So many rows are remembered, at most: more are delivered a second time, which does no harm. */
const SEEN_MAX = 20_000

/** One pass, or the rest of one that was broken off. Ends early with the first outcome that is not done: call it again. */
export async function pullDelta(
  source: DeltaSource,
  { query, store }: { readonly query: Query; readonly store: SyncStore },
  context: CallContext,
  deliver: Deliver,
): Promise<Outcome<PassResult>> {
  const key = `delta/${source.name}`
  const save = (bookmark: Bookmark): Promise<void> => store.write({ [key]: bookmark as unknown as Json })
  const { since, seen, pass: begun } = ((await store.get(key)) ?? { seen: {} }) as unknown as Bookmark
  let pass = begun
  if (pass === undefined) {
    const at = await readTime(source, query, context)
    if (at.kind !== 'done') return at
    pass = { at: at.value, from: startOf(source, since, at.value), afterId: '0', seen: {} }
    await save({ ...(since && { since }), seen, pass })
  }
  const result = { read: 0, delivered: 0 }
  for (;;) {
    const page = await query(pageOf(source, pass.from, pass.afterId), context)
    if (page.kind !== 'done') return page
    const { rows } = page.value
    const news = rows.filter((row) => seen[row.id!] !== digestOf(row))
    if (news.length > 0) await deliver(news)
    result.read += rows.length
    result.delivered += news.length
    const kept = remember(pass.seen, rows, localText(pass.at, overlapOf(source)))
    if (rows.length < pageRowsOf(source)) {
      await save({ since: pass.at, seen: kept })
      return done(result)
    }
    pass = { ...pass, afterId: rows.at(-1)!.id!, seen: kept }
    await save({ ...(since && { since }), seen, pass })
  }
}

/** Asks the account for its time; it is the same for all tables. [SQL-050] */
async function readTime(
  { name }: DeltaSource,
  query: Query,
  context: CallContext,
): Promise<Outcome<AccountTime>> {
  const text = `SELECT TO_CHAR(CURRENT_TIMESTAMP, '${FORMAT}') AS local,
    TO_CHAR(SYS_EXTRACT_UTC(CURRENT_TIMESTAMP), '${FORMAT}') AS utc FROM dual`
  const answer = await query({ operation: `${name}.time`, text }, context)
  if (answer.kind !== 'done') return answer
  const { local = '', utc = '' } = answer.value.rows[0] ?? {}
  // One of the two may be rounded up: together they tell the zone, and the local one, which stamps are made of, the time.
  const offsetMs = Math.round((msOf(local) - msOf(utc)) / OFFSET_STEP_MS) * OFFSET_STEP_MS
  if (Number.isFinite(offsetMs)) return done({ utcMs: msOf(local) - offsetMs, offsetMs })
  const detail = `the account gave its time as "${local}", "${utc}"`
  return { kind: 'refused', cause: 'request', retry: 'never', status: 200, code: 'E_NO_TIME', detail }
}

/** Local time from which on a pass reads. */
function startOf(source: DeltaSource, since: AccountTime | undefined, now: AccountTime): string {
  if (since === undefined) return EVER
  // Where the clock was put back between the passes, the hour that ran twice is read twice.
  const offsetMs = Math.min(since.offsetMs, now.offsetMs)
  return localText({ utcMs: since.utcMs, offsetMs }, overlapOf(source))
}

function pageOf(source: DeltaSource, from: string, afterId: string) {
  const { name, table, columns, where } = source
  const text = `SELECT id, ${columns.map((column) => `${column}, `).join('')}TO_CHAR(lastmodifieddate, '${FORMAT}') AS modified
    FROM ${table} WHERE lastmodifieddate >= TO_TIMESTAMP(?, '${FORMAT}') AND id > TO_NUMBER(?)${where === undefined ? '' : ` AND (${where})`}
    ORDER BY id FETCH FIRST ${pageRowsOf(source)} ROWS ONLY`
  return { operation: `${name}.delta`, text, params: [from, afterId] }
}

function pageRowsOf({ pageRows = PAGE_ROWS_MAX }: DeltaSource): number {
  return pageRows
}

function overlapOf({ overlapMs = OVERLAP_MS_DEFAULT }: DeltaSource): number {
  return overlapMs
}

/** Adds what the next pass, which begins at local time `from`, will read again. */
function remember(seen: Seen, rows: readonly Row[], from: string): Seen {
  const next = { ...seen }
  let room = SEEN_MAX - Object.keys(next).length
  for (const row of rows) {
    if (row.modified! < from || room-- <= 0) continue
    next[row.id!] = digestOf(row)
  }
  return next
}

function digestOf({ links: _, ...columns }: Row): string {
  const text = JSON.stringify(Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256').update(text).digest('base64').slice(0, 16)
}

function localText({ utcMs, offsetMs }: AccountTime, lessMs: number): string {
  return new Date(utcMs + offsetMs - lessMs).toISOString().slice(0, 19).replace('T', ' ')
}

function msOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}

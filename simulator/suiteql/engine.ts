/**
 * SuiteQL of one account: its tables, its functions in SQLite, and running a statement. Made by the first query. What a run
 * may do and take: limits.ts. [SQL-001..018]
 */
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import type { Account } from '../account.ts'
import { dayText, localTime } from '../account-dates.ts'
import { ApiFault } from '../api-fault.ts'
import type { Role } from '../permissions/principal.ts'
import { createCache } from '../records/cache.ts'
import { combinations } from './bounds.ts'
import { numberText } from './functions/numbers.ts'
import { registerFunctions } from './functions/register.ts'
import { createLimits, type Limits } from './limits.ts'
import { unsupported } from './refusals.ts'
import { readerOf } from './rownum.ts'
import { createProjection } from './tables/projection.ts'
import type { Projected } from './tables/table.ts'
import { tablesOf } from './tables/tables.ts'
import { type Bind, type OutputColumn, type Translated, translate } from './translate.ts'

/** One page of an answer: rows with their keys sorted and NULLs left out. [OPQ-001, OPQ-002] */
export interface ResultPage {
  readonly rows: readonly Readonly<Record<string, string>>[]
  /** How many rows all pages have, counted up to one more than `max`. */
  readonly total: number
}

export interface Asked {
  readonly q: string
  readonly params: readonly (string | null)[]
  readonly role: Role
  /** Whom the login stands for, for BUILTIN.NAMED_GROUP. */
  readonly user?: string
  readonly limit: number
  readonly offset: number
  /** Rows beyond this are not reached. [SQL-007] */
  readonly max: number
  /** Asked now and then while it runs: whether nobody waits for it any more. */
  readonly hungUp?: (() => boolean) | undefined
}

export interface SuiteQl {
  /** Throws the refusal of a statement without running it. */
  check(asked: Pick<Asked, 'q' | 'params' | 'role'>): void
  run(asked: Asked): ResultPage
}

/** A statement, and what bounds its run at the present size of its tables. */
interface Ready {
  readonly prepared: Prepared
  readonly limit: keyof Limits
}

interface Prepared extends Translated {
  readonly projected: ReadonlySet<Projected>
  readonly page: StatementSync
  readonly count: StatementSync
}

/** Where a statement could make more combinations of rows, it is cut off in time. A watchdog costs more than a small one. */
const WATCHED_FROM = 10_000
/** Where it could make more than these, they are counted while they are joined. */
const COUNTED_FROM = 2_000_000
const PREPARED_MAX = 300

const engines = new WeakMap<Account, SuiteQl>()

export function suiteQlOf(account: Account): SuiteQl {
  let engine = engines.get(account)
  if (engine === undefined) {
    engine = createEngine(account)
    engines.set(account, engine)
  }
  return engine
}

function createEngine(account: Account): SuiteQl {
  const projection = createProjection(account)
  registerFunctions(account, projection.version)
  const read = readerOf(account.profile.settings)
  const limits = createLimits(account)
  const kept = createKept()
  const isShuffled = account.profile.settings.queryTies === 'shuffled'
  const isOneWorld = account.profile.features.oneWorld
  const tables = tablesOf(account)
  const projectedBy = (names: readonly string[]): ReadonlySet<Projected> =>
    new Set(names.flatMap((name) => tables.get(name)?.projected ?? []))
  const byRole = new WeakMap<Role, ReturnType<typeof createCache<Prepared>>>()
  const prepareFor = ({ q, params, role }: Pick<Asked, 'q' | 'params' | 'role'>): Ready => {
    const statement = read(q)
    if (statement.params !== params.length)
      throw unsupported(`${statement.params} question marks, ${params.length} params`)
    const most = combinations(statement.selects, tables)
    const isCounted = most > COUNTED_FROM
    let cache = byRole.get(role)
    if (cache === undefined) {
      cache = createCache<Prepared>(PREPARED_MAX)
      byRole.set(role, cache)
    }
    const prepared = cache.get(`${isCounted} ${q}`, () => {
      const translated = translate(statement.query, tables, role, { isCounted, isShuffled, isOneWorld })
      const statements = limits.reading(() => prepare(account, translated))
      return { ...translated, ...statements, projected: projectedBy(statement.tables) }
    })!
    return { prepared, limit: isCounted ? 'counting' : most > WATCHED_FROM ? 'watching' : 'reading' }
  }
  return {
    check: (asked) => void guarded(() => prepareFor(asked)),
    run: (asked) =>
      guarded(() => {
        const { prepared, limit } = prepareFor(asked)
        projection.refresh(prepared.projected)
        const work = () => runPage(account, prepared, asked, kept.of(asked, projection.version()))
        return limits[limit](work, asked.hungUp)
      }),
  }
}

/** What SQLite says is never shown; the journal has it. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ApiFault) throw error
    const { code, message } = error as { code?: unknown; message?: unknown }
    if (code === 'ERR_SQLITE_ERROR' || code === 'ERR_OUT_OF_RANGE') throw unsupported(String(message))
    throw error
  }
}

function prepare({ store: { db } }: Account, { sql, binds }: Translated): Pick<Prepared, 'page' | 'count'> {
  const at = binds.length
  const page = db.prepare(`SELECT * FROM (${sql}) LIMIT ?${at + 1} OFFSET ?${at + 2}`)
  page.setReturnArrays(true)
  const count = db.prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM (${sql}) LIMIT ?${at + 1})`)
  return { page, count }
}

function runPage(
  account: Account,
  { binds, columns, page, count }: Prepared,
  asked: Asked,
  kept: Kept,
): ResultPage {
  const { limit, offset, max } = asked
  const values = binds.map((bind) => boundValue(bind, asked, account))
  const room = Math.max(0, Math.min(limit, max - offset))
  const read = (size: number, from: number): SQLInputValue[][] =>
    size <= 0 ? [] : (page.all(...values, size, from) as unknown as SQLInputValue[][])
  const isSteady = binds.every(({ kind }) => kind === 'value' || kind === 'param')
  if (isSteady && offset > 0 && (kept.total ?? Number.NaN) <= KEPT_ROWS_MAX) kept.rows ??= read(max, 0)
  const rows = kept.rows?.slice(offset, offset + room) ?? read(room, offset)
  // A page that is not full is the last one.
  const isLast = rows.length < room && (rows.length > 0 || offset === 0)
  kept.total ??= isLast ? offset + rows.length : (count.get(...values, max + 1) as { n: number }).n
  return { rows: rows.map(rowFormat(account, columns)), total: kept.total }
}

function boundValue(bind: Bind, { params, offset, user }: Asked, { clock, profile }: Account): SQLInputValue {
  switch (bind.kind) {
    case 'value':
      return bind.value
    case 'param':
      return params[bind.index] ?? null
    case 'now':
      return localTime(clock.now(), profile.preferences.timeZone)
    case 'offset':
      return offset
    case 'user':
      return user ?? null
  }
}

/** What is known of the result that was last asked for, as long as nothing is written and no other is asked for. */
interface Kept {
  total?: number
  /** All rows: from its second page on a result is computed no more. */
  rows?: readonly SQLInputValue[][]
}

/** Rows of a result that is kept. */
const KEPT_ROWS_MAX = 100_000

function createKept() {
  let known: { readonly key: string; readonly role: Role; readonly kept: Kept } | undefined
  return {
    of({ q, params, role, user, max }: Asked, version: number): Kept {
      const key = JSON.stringify([version, max, params, q, user])
      if (known?.key !== key || known.role !== role) known = { key, role, kept: {} }
      return known.kept
    },
  }
}

/** Values are texts, dates in the account's format; the time of day only by TO_CHAR. [SQL-011, SQL-014, SQL-015] */
function rowFormat({ profile }: Account, columns: readonly OutputColumn[]) {
  const order = columns
    .map(({ name, type }, at) => ({ name, type, at }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return (values: readonly SQLInputValue[]): Record<string, string> => {
    const row: Record<string, string> = {}
    for (const { name, type, at } of order) {
      const value = values[at]
      if (value === null || value === undefined) continue
      row[name] =
        type === 'date'
          ? dayText(String(value), profile.preferences)
          : typeof value === 'number'
            ? numberText(value)
            : String(value)
    }
    return row
  }
}

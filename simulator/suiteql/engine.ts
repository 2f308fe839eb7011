/**
 * SuiteQL of one account: its tables, its functions in SQLite, and running a statement. Made by the first query. Runs are
 * bounded by joined rows, not by time, so that the same query ends the same way on every machine. [SQL-001..018]
 */
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import type { Account } from '../account.ts'
import { dayText, localTime } from '../account-dates.ts'
import { ApiFault } from '../api-fault.ts'
import type { Role } from '../permissions/principal.ts'
import { createCache } from '../records/cache.ts'
import { numberText } from './functions/numbers.ts'
import { registerFunctions, type StepCounter } from './functions/register.ts'
import { parse } from './parse.ts'
import { unsupported } from './refusals.ts'
import { createProjection } from './tables/projection.ts'
import type { Projected } from './tables/table.ts'
import { tablesOf } from './tables/tables.ts'
import { type OutputColumn, productOfSizes, type Translated, translate } from './translate.ts'

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
  readonly limit: number
  readonly offset: number
  /** Rows beyond this are not reached. [SQL-007] */
  readonly max: number
}

export interface SuiteQl {
  /** Throws the refusal of a statement without running it. */
  check(asked: Pick<Asked, 'q' | 'params' | 'role'>): void
  run(asked: Asked): ResultPage
}

interface Prepared extends Translated {
  readonly projected: ReadonlySet<Projected>
  readonly page: StatementSync
  readonly count: StatementSync
}

/** Beyond this many combinations of rows they are counted while they are joined. */
const COUNTED_FROM = 3_000_000
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
  const counter: StepCounter = { steps: 0, max: account.profile.settings.queryStepsMax }
  registerFunctions(account, counter)
  const projection = createProjection(account)
  const tables = tablesOf(account)
  const projectedBy = (names: readonly string[]): ReadonlySet<Projected> =>
    new Set(names.flatMap((name) => tables.get(name)?.projected ?? []))
  const prepared = new WeakMap<Role, ReturnType<typeof createCache<Prepared>>>()
  const prepareFor = ({ q, params, role }: Pick<Asked, 'q' | 'params' | 'role'>): Prepared => {
    const statement = parse(q)
    if (statement.params !== params.length)
      throw unsupported(`${statement.params} question marks, ${params.length} params`)
    const isCounted = productOfSizes(statement.tables, tables) > COUNTED_FROM
    let cache = prepared.get(role)
    if (cache === undefined) {
      cache = createCache<Prepared>(PREPARED_MAX)
      prepared.set(role, cache)
    }
    return cache.get(`${isCounted} ${q}`, () =>
      prepare(account, translate(statement.query, tables, role, isCounted), projectedBy(statement.tables)),
    )!
  }
  return {
    check: (asked) => void guarded(() => prepareFor(asked)),
    run: (asked) =>
      guarded(() => {
        const statement = prepareFor(asked)
        projection.refresh(statement.projected)
        counter.steps = 0
        return runPage(account, statement, asked)
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

function prepare(
  { store: { db } }: Account,
  translated: Translated,
  projected: ReadonlySet<Projected>,
): Prepared {
  const { sql, binds } = translated
  const at = binds.length
  const page = db.prepare(`SELECT * FROM (${sql}) LIMIT ?${at + 1} OFFSET ?${at + 2}`)
  page.setReturnArrays(true)
  const count = db.prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM (${sql}) LIMIT ?${at + 1})`)
  return { ...translated, projected, page, count }
}

function runPage(account: Account, { binds, columns, page, count }: Prepared, asked: Asked): ResultPage {
  const { limit, offset, max } = asked
  const nowText = localTime(account.clock.now(), account.profile.preferences.timeZone)
  const values = binds.map(
    (bind): SQLInputValue =>
      bind.kind === 'value' ? bind.value : bind.kind === 'now' ? nowText : (asked.params[bind.index] ?? null),
  )
  const room = Math.max(0, Math.min(limit, max - offset))
  const format = rowFormat(account, columns)
  const rows =
    room === 0 ? [] : (page.all(...values, room, offset) as unknown as SQLInputValue[][]).map(format)
  // A page that is not full is the last one.
  const isLast = rows.length < room && (rows.length > 0 || offset === 0)
  const total = isLast ? offset + rows.length : (count.get(...values, max + 1) as { n: number }).n
  return { rows, total }
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

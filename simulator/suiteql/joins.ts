/** FROM: tables and subselects, ANSI joins, and Oracle's `(+)` as the LEFT JOIN that it is. [SQL-041, SQL-042] */
import type { Expr, Select, Source } from './ast.ts'
import { condition } from './expression.ts'
import { unsupported } from './refusals.ts'
import { findColumn, type Scope, type ScopeSource } from './scope.ts'
import { translateQuery } from './select.ts'
import { plainColumn } from './tables/table.ts'
import type { Translation } from './translate.ts'
import { contains, isOuter, isRownum, partsOf } from './walk.ts'

/** A source and the SQL that stands for it. */
interface Placed {
  readonly source: Source
  readonly scoped: ScopeSource
  readonly sql: string
}

export interface From {
  readonly scope: Scope
  readonly placed: readonly Placed[]
}

/** Names and columns of FROM. Subselects in it see what is around the SELECT, not each other. */
export function openFrom({ from }: Select, outer: Scope | undefined, t: Translation): From {
  const placed = from.map((source, at): Placed => {
    const sqlAlias = t.alias()
    if (typeof source.of === 'string')
      return placeTable(
        source,
        source.of,
        { sqlAlias, isDerived: false, isOptional: isOptional(from, at) },
        t,
      )
    const { sql, columns } = translateQuery(source.of, outer, t)
    const entries = columns.map(
      ({ name, type }, index) => [name, plainColumn(`c${index + 1}`, type)] as const,
    )
    // Of two columns of one name the first can be named.
    const scoped = {
      alias: source.alias,
      table: source.alias,
      sqlAlias,
      columns: new Map(entries.toReversed()),
      rowKey: 'c1',
      isDerived: true,
      isOptional: isOptional(from, at),
    }
    return { source, scoped, sql: `(${sql})` }
  })
  const names = placed.map(({ scoped }) => scoped.alias).filter((name) => name !== '')
  if (new Set(names).size < names.length) throw unsupported('two tables of one name')
  const sources = placed.map(({ scoped }) => scoped)
  return { placed, scope: { sources, outer, stage: undefined, aggregates: 'none', groups: undefined } }
}

/** Whether an ANSI join may leave the columns of the source at this place NULL. */
function isOptional(from: readonly Source[], at: number): boolean {
  const { join } = from[at]!
  return (
    join === 'LEFT' ||
    join === 'FULL' ||
    from.slice(at + 1).some((later) => later.join === 'RIGHT' || later.join === 'FULL')
  )
}

function placeTable(
  source: Source,
  name: string,
  own: Pick<ScopeSource, 'sqlAlias' | 'isDerived' | 'isOptional'>,
  t: Translation,
): Placed {
  if (name === 'dual') {
    const columns = new Map([['dummy', plainColumn('dummy', 'text')]])
    return {
      source,
      sql: "(SELECT 'X' AS dummy)",
      scoped: { ...own, alias: source.alias, table: name, columns, rowKey: undefined },
    }
  }
  const { table, source: sql } = t.table(name)
  return {
    source,
    sql,
    scoped: { ...own, alias: source.alias, table: name, columns: table.columns, rowKey: table.rowKey },
  }
}

const KEEPING: ReadonlySet<Source['join']> = new Set(['LEFT', 'RIGHT', 'FULL'])

/** Counts a step for each combination of rows. */
export function stepTest(sources: readonly ScopeSource[], { isCounted }: Translation): string[] {
  const keys = sources.flatMap(({ sqlAlias, rowKey }) =>
    rowKey === undefined ? [] : [`${sqlAlias}.${rowKey}`],
  )
  return isCounted && keys.length > 0 ? [`ql_step(${keys.join(', ')})`] : []
}

/** Text of FROM, and those conjuncts of WHERE that no join has taken. */
export function joinAll(
  { placed, scope }: From,
  where: readonly Expr[],
  t: Translation,
): { readonly sql: string; readonly rest: readonly Expr[] } {
  const text = ({ sql, scoped }: Placed): string => `${sql} AS ${scoped.sqlAlias}`
  const marked = where.filter((part) => contains(part, isOuter))
  if (marked.length > 0) return joinMarked({ placed, scope }, where, marked, text, t)
  const sql = placed
    .map((entry, index) => {
      const { join, on } = entry.source
      if (join === 'comma') return index === 0 ? text(entry) : `, ${text(entry)}`
      if (contains(on, isOuter) || contains(on, isRownum)) throw unsupported('(+) or ROWNUM in ON')
      // Rows that an outer join tries and does not keep never reach WHERE.
      const tries = KEEPING.has(join) ? stepTest(scope.sources.slice(0, index + 1), t) : []
      const tests = on === undefined ? tries : [...tries, condition(on, scope, t)]
      return ` ${join} JOIN ${text(entry)}${tests.length === 0 ? '' : ` ON ${tests.join(' AND ')}`}`
    })
    .join('')
  return { sql, rest: where }
}

/** Tables whose rows may be missing come after those that their conditions name. */
function joinMarked(
  { placed, scope }: From,
  where: readonly Expr[],
  marked: readonly Expr[],
  text: (entry: Placed) => string,
  t: Translation,
): { readonly sql: string; readonly rest: readonly Expr[] } {
  const conditions = new Map<ScopeSource, Expr[]>()
  for (const part of marked) {
    const optional = optionalSource(part, scope)
    optional.isOptional = true
    conditions.set(optional, [...(conditions.get(optional) ?? []), part])
  }
  const joined = placed.filter(({ scoped }) => !conditions.has(scoped))
  let sql = joined.map(text).join(', ')
  const there = new Set(joined.map(({ scoped }) => scoped))
  const waiting = placed.filter(({ scoped }) => conditions.has(scoped))
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ scoped }) =>
      conditions
        .get(scoped)!
        .every((part) => sourcesIn(part, scope).every((source) => source === scoped || there.has(source))),
    )
    if (at < 0 || sql === '') throw unsupported('(+) joins that go round in a circle')
    const [entry] = waiting.splice(at, 1) as [Placed]
    const on = conditions.get(entry.scoped)!.map((part) => condition(unmarked(part), scope, t))
    there.add(entry.scoped)
    sql += ` LEFT JOIN ${text(entry)} ON ${[...stepTest([...there], t), ...on].join(' AND ')}`
  }
  return { sql, rest: where.filter((part) => !marked.includes(part)) }
}

/** The one table that a condition marks; only comparisons can. */
function optionalSource(part: Expr, scope: Scope): ScopeSource {
  if (part.kind !== 'compare' || part.right.kind !== 'outer')
    throw unsupported('(+) in another place than the right of a comparison')
  const { source, scope: home } = findColumn(scope, part.right.column)
  if (home !== scope) throw unsupported('(+) on a table of an outer SELECT')
  return source
}

function sourcesIn(expr: Expr, scope: Scope): ScopeSource[] {
  if (expr.kind !== 'column') return partsOf(expr).flatMap((part) => sourcesIn(part, scope))
  const { source, scope: home } = findColumn(scope, expr)
  return home === scope ? [source] : []
}

function unmarked(part: Expr): Expr {
  return part.kind === 'compare' && part.right.kind === 'outer' ? { ...part, right: part.right.column } : part
}

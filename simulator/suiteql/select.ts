/**
 * One SELECT, or several joined by set operations, as SQLite. ROWNUM cuts the rows before they are sorted and grouped, so
 * a SELECT with ROWNUM becomes two: the cut rows, and what is made of them. [SQL-041, SQL-053..056]
 */
import type { Comparison, Expr, Item, Order, Query, Select } from './ast.ts'
import { condition, hasAggregate, keyOf, ordered, value } from './expression.ts'
import { joinAll, openFrom, stepTest } from './joins.ts'
import { unknownColumn, unsupported } from './refusals.ts'
import type { Scope } from './scope.ts'
import type { ColumnType } from './tables/table.ts'
import type { OutputColumn, Translation } from './translate.ts'
import { as, settled, type Typed } from './typed.ts'
import { conjuncts, contains, isRownum } from './walk.ts'

export interface TranslatedQuery {
  /** Its columns are named c1, c2 … */
  readonly sql: string
  readonly columns: readonly OutputColumn[]
}

type Ties = (columns: number) => readonly string[]

/** `ties` gives what rows that no ORDER BY tells apart are ordered by; without it they come as SQLite finds them. */
export function translateQuery(
  query: Query,
  outer: Scope | undefined,
  t: Translation,
  ties: Ties = () => [],
): TranslatedQuery {
  const { body, orderBy, first } = query
  if (body.kind === 'select') return translateSelect(body, orderBy, first, outer, t, ties)
  const { op, left, right } = body
  const [a, b] = [left, right].map((side) => translateQuery(side, outer, t)) as [
    TranslatedQuery,
    TranslatedQuery,
  ]
  const columns = unitedColumns(a.columns, b.columns)
  const order = orderBy.map((entry) =>
    ordered(entry, { sql: `c${positionIn(entry.expr, a.columns)}`, type: 'text' }),
  )
  const sql = `SELECT * FROM (SELECT * FROM (${a.sql}) ${op} SELECT * FROM (${b.sql}))`
  return { sql: sql + orderText([...order, ...ties(columns.length)]) + limitText([first]), columns }
}

/** Names of the first SELECT; the types must be the same, save that NULL is of every type. */
function unitedColumns(a: readonly OutputColumn[], b: readonly OutputColumn[]): OutputColumn[] {
  if (a.length !== b.length) throw unsupported('set operation of columns that differ in number')
  return a.map((column, index) => {
    const other = b[index]!
    if (column.isNull === true) return { ...column, type: other.type, isNull: other.isNull === true }
    if (other.isNull !== true && other.type !== column.type)
      throw unsupported('set operation of columns that differ in type')
    return column
  })
}

/** After a set operation only columns of the answer can be sorted by. */
function positionIn(expr: Expr, columns: readonly OutputColumn[]): number {
  const at =
    expr.kind === 'number'
      ? expr.value
      : expr.kind === 'column' && expr.table === undefined
        ? columns.findIndex(({ name }) => name === expr.name) + 1
        : 0
  if (!Number.isInteger(at) || at < 1 || at > columns.length)
    throw unsupported('ORDER BY no column of a set operation')
  return at
}

const orderText = (order: readonly string[]): string =>
  order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''

function limitText(limits: readonly (number | undefined)[]): string {
  const set = limits.filter((limit) => limit !== undefined)
  return set.length > 0 ? ` LIMIT ${Math.max(0, Math.min(...set))}` : ''
}

/** Whether a query has at most one row, whatever the data. */
export function isOneRow({ body, first }: Query): boolean {
  if (first !== undefined && first <= 1) return true
  if (body.kind !== 'select') return false
  const { top, groupBy, items, having } = body
  if (top !== undefined && top <= 1) return true
  const values = items.map((item) => (item.kind === 'value' ? item.expr : undefined))
  return groupBy.length === 0 && hasAggregate([...values, having])
}

interface Output extends OutputColumn {
  readonly expr: Expr
  /** Named in the statement, by an alias or as a column. */
  readonly alias: string | undefined
}

function translateSelect(
  select: Select,
  orderBy: readonly Order[],
  first: number | undefined,
  outer: Scope | undefined,
  t: Translation,
  ties: Ties,
): TranslatedQuery {
  const from = openFrom(select, outer, t)
  const { scope } = from
  const items = select.items.flatMap((item) => openItem(item, scope))
  const exprs = [...items.map(({ expr }) => expr), select.having, ...orderBy.map(({ expr }) => expr)]
  const conditions = conjuncts(select.where)
  const cuts = conditions.filter((part) => contains(part, isRownum))
  const isCut = cuts.length > 0 || [...exprs, ...select.groupBy].some((expr) => contains(expr, isRownum))
  const { sql: joined, rest } = joinAll(
    from,
    conditions.filter((part) => !cuts.includes(part)),
    t,
  )
  const where = [...stepTest(scope.sources, t), ...rest.map((part) => condition(part, scope, t))]
  const rows = `${joined}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''}`
  const stage = isCut ? { alias: t.alias(), slots: new Map<string, string>() } : undefined
  scope.stage = stage
  const made = makeOutput(select, items, orderBy, scope, t)
  scope.stage = undefined
  const source = stage === undefined ? rows : cutRows(rows, stage, cutText(cuts, t))
  const order = [...made.order, ...ties(made.columns.length)]
  const list = made.columns.map(({ sql }, index) => `${sql} AS c${index + 1}`).join(', ')
  const sql = `SELECT ${select.isDistinct ? 'DISTINCT ' : ''}${list} FROM ${source}${made.tail}${orderText(order)}${limitText([select.top, first])}`
  return { sql, columns: made.columns.map(({ name, type, isNull }) => ({ name, type, isNull })) }
}

function cutRows(rows: string, { alias, slots }: NonNullable<Scope['stage']>, limit: string): string {
  const list = slots.size === 0 ? '1 AS c' : [...slots].map(([sql, slot]) => `${sql} AS ${slot}`).join(', ')
  return `(SELECT ${list} FROM ${rows}${limit}) AS ${alias}`
}

/** The row after which ROWNUM is too great. A number is given to a row only when the one before it was kept. */
function cutText(cuts: readonly Expr[], t: Translation): string {
  if (cuts.length === 0) return ''
  const bounds = cuts.map((cut) =>
    cut.kind === 'compare' ? comparedBound(cut, t) : String(betweenBound(cut)),
  )
  return ` LIMIT ${bounds.length === 1 ? bounds[0] : `min(${bounds.join(', ')})`}`
}

const ANY_ROW = Number.MAX_SAFE_INTEGER

function betweenBound(cut: Expr): number {
  if (cut.kind === 'between' && !cut.isNegated && isRownum(cut.expr)) {
    if (cut.low.kind === 'number' && cut.high.kind === 'number')
      return cut.low.value <= 1 ? Math.max(0, Math.floor(cut.high.value)) : 0
  }
  throw unsupported('ROWNUM in a condition of another form')
}

const TURNED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function comparedBound(cut: Expr & { kind: 'compare' }, t: Translation): string {
  const [op, left, right] = isRownum(cut.left)
    ? [cut.op, cut.left, cut.right]
    : [TURNED[cut.op], cut.right, cut.left]
  if (!isRownum(left)) throw unsupported('ROWNUM in a condition of another form')
  if (right.kind === 'number') return String(Math.max(0, rownumBound(op, right.value)))
  // Of no rows when it is NULL.
  if (right.kind === 'param' && (op === '<=' || op === '<')) {
    const bound = `ql_number(${t.bind({ kind: 'param', index: right.index })})`
    return `max(0, coalesce(CAST(${op === '<=' ? `floor(${bound})` : `ceil(${bound}) - 1`} AS INTEGER), 0))`
  }
  throw unsupported('ROWNUM in a condition of another form')
}

function rownumBound(op: Comparison, bound: number): number {
  const bounds: Record<Comparison, number> = {
    '<=': Math.floor(bound),
    '<': Math.ceil(bound) - 1,
    '=': bound === 1 ? 1 : 0,
    '>': bound < 1 ? ANY_ROW : 0,
    '>=': bound <= 1 ? ANY_ROW : 0,
    '<>': bound === 1 ? 0 : bound > 1 && Number.isInteger(bound) ? bound - 1 : ANY_ROW,
  }
  return bounds[op]
}

type OpenItem = Pick<Output, 'expr' | 'alias'>

/** `*` is every column of its tables. */
function openItem(item: Item, { sources }: Scope): OpenItem[] {
  if (item.kind === 'value') return [{ expr: item.expr, alias: item.alias }]
  const named = item.table === undefined ? sources : sources.filter(({ alias }) => alias === item.table)
  if (named.length === 0)
    throw unknownColumn(
      `${item.table}.*`,
      sources.map(({ alias, table }) => [alias, table]),
    )
  const isNamed = sources.every(({ alias }) => alias !== '')
  return named.flatMap(({ alias, columns }) =>
    [...columns.keys()].map((name) => ({
      expr: { kind: 'column' as const, table: isNamed ? alias : undefined, name },
      alias: undefined,
    })),
  )
}

interface Made {
  readonly columns: readonly (OutputColumn & { readonly sql: string })[]
  /** GROUP BY and HAVING. */
  readonly tail: string
  readonly order: readonly string[]
}

function makeOutput(
  { groupBy, having, isDistinct }: Select,
  items: readonly OpenItem[],
  orderBy: readonly Order[],
  scope: Scope,
  t: Translation,
): Made {
  if (groupBy.some((expr) => expr.kind === 'number')) throw unsupported('GROUP BY a position')
  const grouping = groupBy.map((expr) => settled(value(expr, scope, t)))
  const isGrouped =
    groupBy.length > 0 ||
    hasAggregate([...items.map(({ expr }) => expr), having, ...orderBy.map(({ expr }) => expr)])
  if (having !== undefined && !isGrouped) throw unsupported('HAVING without groups')
  scope.aggregates = 'allowed'
  if (isGrouped) scope.groups = new Set(groupBy.map((expr) => keyOf(expr, scope)))
  const names = nameAll(items)
  const columns = items.map(({ expr }, index) => outputColumn(value(expr, scope, t), names[index]!))
  const tail = [
    grouping.length > 0 ? ` GROUP BY ${grouping.join(', ')}` : '',
    having === undefined ? '' : ` HAVING ${condition(having, scope, t)}`,
  ].join('')
  const order = orderBy.map((entry) =>
    ordered(entry, orderValue(entry.expr, { items, isGrouped, isDistinct, scope, t })),
  )
  scope.groups = undefined
  scope.aggregates = 'none'
  return { columns, tail, order }
}

function outputColumn(made: Typed, name: string): OutputColumn & { readonly sql: string } {
  const type: ColumnType = made.type === 'null' || made.type === 'param' ? 'text' : made.type
  return { name, type, sql: as(made, type), isNull: made.type === 'null' }
}

interface Ordering {
  readonly items: readonly OpenItem[]
  readonly isGrouped: boolean
  readonly isDistinct: boolean
  readonly scope: Scope
  readonly t: Translation
}

/** A position, an alias, or any expression; with groups an alias is refused. [SQL-034, SQL-056] */
function orderValue(expr: Expr, ordering: Ordering): Typed {
  const { items, isGrouped, isDistinct, scope, t } = ordering
  if (expr.kind === 'number') {
    if (!Number.isInteger(expr.value) || expr.value < 1 || expr.value > items.length)
      throw unsupported('ORDER BY a position that is not there')
    return { sql: `c${expr.value}`, type: 'text' }
  }
  const at =
    expr.kind === 'column' && expr.table === undefined
      ? items.findIndex(({ alias }) => alias === expr.name)
      : -1
  const item = items[at]
  if (item === undefined) {
    if (!isDistinct) return value(expr, scope, t)
    // Which of the rows that DISTINCT makes one would its value be of?
    const key = keyOf(expr, scope)
    const place = items.findIndex((candidate) => keyOf(candidate.expr, scope) === key)
    if (place < 0) throw unsupported('ORDER BY what SELECT DISTINCT does not select')
    return { sql: `c${place + 1}`, type: 'text' }
  }
  const isColumnItself = item.expr.kind === 'column' && item.expr.name === item.alias
  if (isColumnItself) return value(item.expr, scope, t)
  if (isGrouped) throw unsupported('ORDER BY an alias together with GROUP BY [SQL-056]')
  return { sql: `c${at + 1}`, type: 'text' }
}

/** Aliases, names of columns, or `expr1`, `expr2` by place; a name that is taken gets a number (common knowledge). */
function nameAll(items: readonly OpenItem[]): string[] {
  const taken = new Set<string>()
  return items.map(({ expr, alias }, index) => {
    const wanted = alias ?? (expr.kind === 'column' ? expr.name : `expr${index + 1}`)
    let name = wanted
    for (let n = 1; taken.has(name); n++) name = `${wanted}_${n}`
    taken.add(name)
    return name
  })
}

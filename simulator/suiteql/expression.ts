/** Values and conditions of a checked statement as SQLite, with Oracle's types and NULLs. [SQL-041, SQL-050..052] */
import type { Call, ColumnName, Condition, Expr, Order } from './ast.ts'
import { BUILTINS } from './functions/builtins.ts'
import { concat, POLYMORPHIC } from './functions/polymorphic.ts'
import { SETS } from './functions/sets.ts'
import { AGGREGATES, RANKINGS, SIGNATURES } from './functions/signatures.ts'
import { unsupported } from './refusals.ts'
import { findColumn, type Scope, type ScopeSource, staged } from './scope.ts'
import { isOneRow, translateQuery } from './select.ts'
import type { Column, Expansion } from './tables/table.ts'
import type { Translation } from './translate.ts'
import {
  as,
  asNumber,
  asText,
  choiceType,
  comparisonType,
  type Owner,
  roughNumber,
  settled,
  type Typed,
} from './typed.ts'
import { contains, isAggregate, isRownum, partsOf } from './walk.ts'

/** A value. Refuses conditions, and columns that a grouped SELECT does not group by. */
export function value(expr: Expr, scope: Scope, t: Translation): Typed {
  const { groups } = scope
  if (groups?.has(keyOf(expr, scope))) {
    scope.groups = undefined
    const grouped = ungroupedValue(expr, scope, t)
    scope.groups = groups
    return grouped
  }
  return ungroupedValue(expr, scope, t)
}

function ungroupedValue(expr: Expr, scope: Scope, t: Translation): Typed {
  switch (expr.kind) {
    case 'column':
      return columnValue(expr, scope, t)
    case 'text':
      return { sql: t.bind({ kind: 'value', value: expr.value }), type: 'text', literal: expr.value }
    case 'number':
      return { sql: t.bind({ kind: 'value', value: expr.value }), type: 'number' }
    case 'null':
      return { sql: 'NULL', type: 'null' }
    case 'param':
      return { sql: t.bind({ kind: 'param', index: expr.index }), type: 'param' }
    case 'arithmetic':
      return arithmetic(expr.op, value(expr.left, scope, t), value(expr.right, scope, t))
    case 'concat':
      return concat(value(expr.left, scope, t), value(expr.right, scope, t))
    case 'minus': {
      const inner = value(expr.expr, scope, t)
      const sql = `(- ${roughNumber(inner)})`
      return inner.rough === undefined ? { sql, type: 'number' } : { sql, type: 'number', rough: inner.rough }
    }
    case 'case':
      return caseValue(expr, scope, t)
    case 'call':
      return callValue(expr, scope, t)
    case 'scalar': {
      const { sql, columns } = translateQuery(expr.query, scope, t)
      if (columns.length !== 1) throw unsupported('a subselect of several columns as a value')
      // SQLite would take the first of several rows.
      const one = isOneRow(expr.query)
        ? sql
        : `SELECT ql_single(count(*), max(c1)) FROM (SELECT * FROM (${sql}) LIMIT 2)`
      return { sql: `(${one})`, type: columns[0]!.isNull ? 'null' : columns[0]!.type }
    }
    default:
      throw unsupported('a condition where a value is wanted')
  }
}

/** The same for the same expression: columns by the table they come from. Subselects are compared as they are written. */
export function keyOf(expr: Expr, scope: Scope): string {
  return JSON.stringify(expr, (key, part: unknown) => {
    if (key === 'query') return JSON.stringify(part)
    const column = part as ColumnName | null
    if (column === null || typeof column !== 'object' || column.kind !== 'column' || isPseudo(column))
      return part
    return columnKey(findColumn(scope, column))
  })
}

const columnKey = ({ source, name }: { source: ScopeSource; name: string }): string =>
  `${source.sqlAlias}.${name}`

/** SYSDATE is Oracle's own clock; here that is the account's. [SQL-052] */
const NOW: ReadonlySet<string> = new Set(['SYSDATE', 'CURRENT_DATE', 'CURRENT_TIMESTAMP', 'LOCALTIMESTAMP'])

const isPseudo = ({ table, name }: ColumnName): boolean =>
  table === undefined && (name === 'rownum' || NOW.has(name.toUpperCase()))

function columnValue(expr: ColumnName, scope: Scope, t: Translation): Typed {
  if (isRownum(expr)) {
    if (scope.stage === undefined) throw unsupported('ROWNUM in a place where it cannot be counted')
    return { sql: staged(scope, 'row_number() OVER ()'), type: 'number' }
  }
  if (isPseudo(expr)) return { sql: t.bind({ kind: 'now' }), type: 'date' }
  const found = findColumn(scope, expr)
  const { scope: home, source, column } = found
  if (home.groups !== undefined && home.aggregates !== 'inside') {
    // A subselect may use what the SELECT around it groups by.
    if (home === scope || !home.groups.has(JSON.stringify(columnKey(found))))
      throw unsupported(`column ${expr.name} is neither grouped nor aggregated [SQL-034]`)
  }
  const sql = staged(home, closed(column.sql(source.sqlAlias)))
  const shown = {
    ...column,
    ...(column.display && { display: (alias: string) => staged(home, column.display!(alias)) }),
    ...(column.path && {
      path: (alias: string, expansion: Expansion) => staged(home, column.path!(alias, expansion)),
    }),
    ...(column.code && { code: (alias: string) => staged(home, column.code!(alias)) }),
  }
  return {
    sql,
    type: column.type,
    ...(source.isDerived ? {} : { column: { column: shown, alias: source.sqlAlias } }),
    ...(column.type === 'number' && !source.isDerived && { amount: () => amountOf(home, source, column) }),
    isNeverNull: column.isNeverNull === true && !source.isOptional,
  }
}

/** What an amount is in, and whose. */
function amountOf(home: Scope, { sqlAlias }: ScopeSource, { currency, subsidiary }: Column): Owner {
  const owner = subsidiary === undefined ? 'NULL' : staged(home, subsidiary(sqlAlias))
  const own = currency === undefined ? 'NULL' : staged(home, currency(sqlAlias))
  return { currency: `coalesce(${own}, ql_base_currency(${owner}))`, subsidiary: owner }
}

/** Closed against the operators around it: unary minus binds tighter than `->>`. */
function closed(sql: string): string {
  return /^[\w."]+$/.test(sql) ? sql : `(${sql})`
}

/** A date plus or minus days, days between dates, or numbers. Texts become numbers: `+` never joins them. [SQL-043] */
function arithmetic(op: '+' | '-' | '*' | '/', left: Typed, right: Typed): Typed {
  if (
    op === '+' &&
    [left, right].some(
      ({ type, literal }) => type === 'text' && literal !== undefined && Number.isNaN(Number(literal)),
    )
  )
    throw unsupported('+ between texts; use || [SQL-043]')
  const [isDate, isOtherDate] = [left.type === 'date', right.type === 'date']
  if (op === '-' && isDate && isOtherDate)
    return { sql: `ql_days_between(${left.sql}, ${right.sql})`, type: 'number' }
  if ((op === '+' || op === '-') && isDate && !isOtherDate)
    return { sql: `ql_add_days(${left.sql}, ${op === '-' ? '- ' : ''}(${asNumber(right)}))`, type: 'date' }
  if (op === '+' && isOtherDate && !isDate)
    return { sql: `ql_add_days(${right.sql}, ${asNumber(left)})`, type: 'date' }
  if (isDate || isOtherDate) throw unsupported(`${op} of dates`)
  if (op === '+' || op === '-')
    return { sql: `(${roughNumber(left)} ${op} ${roughNumber(right)})`, type: 'number', rough: 'sum' }
  // A sum that should be zero must not be multiplied.
  const [a, b] = [left, right].map((side) => (side.rough === 'sum' ? settled(side) : roughNumber(side)))
  const sql = op === '/' ? `ql_divide(${a}, ${b})` : `(${a} * ${b})`
  return { sql, type: 'number', rough: 'product' }
}

function caseValue(
  { operand, branches, otherwise }: Expr & { kind: 'case' },
  scope: Scope,
  t: Translation,
): Typed {
  const results = [
    ...branches.map(({ result }) => result),
    ...(otherwise === undefined ? [] : [otherwise]),
  ].map((part) => value(part, scope, t))
  const type = choiceType(results)
  const tests = branches.map(({ when }) =>
    operand === undefined
      ? condition(when, scope, t)
      : condition({ kind: 'compare', op: '=', left: operand, right: when }, scope, t),
  )
  const sql = tests.map((test, index) => `WHEN ${test} THEN ${as(results[index]!, type)}`).join(' ')
  const last = otherwise === undefined ? 'NULL' : as(results.at(-1)!, type)
  return { sql: `CASE ${sql} ELSE ${last} END`, type }
}

function callValue(call: Call, scope: Scope, t: Translation): Typed {
  const { name, args } = call
  if (Object.hasOwn(AGGREGATES, name))
    return call.over === undefined ? aggregate(call, scope, t) : windowed(call, scope, t)
  if (Object.hasOwn(RANKINGS, name)) return windowed(call, scope, t)
  if (call.over !== undefined || call.isDistinct || call.isStar)
    throw unsupported(`${name} with OVER, DISTINCT or *`)
  if (NOW.has(name) && args.length === 0) return { sql: t.bind({ kind: 'now' }), type: 'date' }
  if (Object.hasOwn(SETS, name))
    return { sql: `(SELECT ql_single(count(*), max(value)) FROM (${setOf(call, scope, t)}))`, type: 'number' }
  const values = (): Typed[] => args.map((arg) => value(arg, scope, t))
  const polymorphic = [POLYMORPHIC, BUILTINS].find((functions) => Object.hasOwn(functions, name))?.[name]
  if (polymorphic !== undefined) {
    refuseCount(name, args.length, polymorphic.least, polymorphic.most)
    const made = values()
    // One letter of a status is that of several types: of which row of the group would its words be?
    const isComposite = name.startsWith('BUILTIN.') && made[0]?.column?.column.code !== undefined
    if (isComposite && scope.groups !== undefined && scope.aggregates !== 'inside')
      throw unsupported(`${name} of a field that is grouped without it`)
    return polymorphic.make(made, t)
  }
  const signature = Object.hasOwn(SIGNATURES, name) ? SIGNATURES[name] : undefined
  if (signature === undefined) throw unsupported(`function ${name} [SQL-051]`)
  refuseCount(name, args.length, signature.least ?? signature.takes.length, signature.takes.length)
  const converted = values().map((arg, index) => as(arg, signature.takes[index]!))
  return { sql: `${signature.sql}(${converted.join(', ')})`, type: signature.gives }
}

/** SELECT of the ids that a function gives which stands for a list. */
function setOf({ name, args }: Call, scope: Scope, t: Translation): string {
  const { takes, make } = SETS[name]!
  refuseCount(name, args.length, takes, takes)
  return make(
    args.map((arg) => value(arg, scope, t)),
    t,
  )
}

function refuseCount(name: string, count: number, least: number, most: number): void {
  if (count < least || count > most) throw unsupported(`${name} with ${count} arguments`)
}

function aggregate(call: Call, scope: Scope, t: Translation): Typed {
  if (scope.aggregates !== 'allowed') throw unsupported(`${call.name} where no aggregate may stand`)
  scope.aggregates = 'inside'
  const inner = aggregateCall(call, scope, t)
  scope.aggregates = 'allowed'
  return inner
}

function aggregateCall({ name, args, isDistinct, isStar }: Call, scope: Scope, t: Translation): Typed {
  const { takes, gives, sql, rough, ...always } = AGGREGATES[name]!
  if (isStar) {
    if (name !== 'COUNT' || isDistinct) throw unsupported(`${name}(${isDistinct ? 'DISTINCT ' : ''}*)`)
    return { sql: 'count(*)', type: 'number' }
  }
  refuseCount(name, args.length, 1, 1)
  if (isDistinct && (name === 'MEDIAN' || always.isDistinct)) throw unsupported(`${name} of distinct values`)
  refuseOuterAggregate(args[0]!, scope)
  const arg = value(args[0]!, scope, t)
  const isOfDistinct = isDistinct || always.isDistinct === true
  const converted =
    takes === 'number' && !isOfDistinct ? roughNumber(arg) : takes === 'number' ? asNumber(arg) : settled(arg)
  const type = gives === 'number' ? 'number' : arg.type === 'param' ? 'text' : arg.type
  const { amount } = arg
  const kept = name !== 'COUNT' &&
    amount && { amount: () => ({ ...amount(), currency: `max(${amount().currency})` }) }
  const made = { sql: `${sql}(${isOfDistinct ? 'DISTINCT ' : ''}${converted})`, type, ...kept } as const
  return rough === undefined ? made : { ...made, rough }
}

/** An aggregate of outer columns alone would be taken for one of the outer SELECT, and make its rows one. */
function refuseOuterAggregate(arg: Expr, scope: Scope): void {
  const columns = columnsIn(arg).filter((column) => !isPseudo(column))
  if (columns.length > 0 && columns.every((column) => findColumn(scope, column).scope !== scope))
    throw unsupported('an aggregate of columns of an outer SELECT')
}

function columnsIn(expr: Expr): ColumnName[] {
  return expr.kind === 'column' ? [expr] : partsOf(expr).flatMap(columnsIn)
}

/** Rankings and aggregates OVER a window: computed over the rows, or over the groups of a SELECT that groups. */
function windowed(call: Call, scope: Scope, t: Translation): Typed {
  const { over, name } = call
  if (over === undefined) throw unsupported(`${name} without OVER`)
  if (scope.aggregates === 'none' || scope.aggregates === 'inside')
    throw unsupported(`${name} OVER in this place`)
  const isRanking = Object.hasOwn(RANKINGS, name)
  if (isRanking && (over.orderBy.length === 0 || call.args.length > 0))
    throw unsupported(`${name} without an order`)
  if (call.isDistinct || name === 'MEDIAN') throw unsupported(`${name} OVER of that form`)
  if (contains(call, (part) => part !== call && part.kind === 'call' && part.over !== undefined))
    throw unsupported('a window in a window')
  const inner = isRanking
    ? ({ sql: `${RANKINGS[name]}()`, type: 'number' } as const)
    : aggregateCall(call, scope, t)
  const partition = over.partitionBy.map((part) => settled(value(part, scope, t)))
  const order = over.orderBy.map((part) => ordered(part, value(part.expr, scope, t)))
  const window = [
    partition.length > 0 ? `PARTITION BY ${partition.join(', ')}` : '',
    order.length > 0 ? `ORDER BY ${order.join(', ')}` : '',
  ]
  return { ...inner, sql: `${inner.sql} OVER (${window.filter((part) => part !== '').join(' ')})` }
}

/** NULL is the greatest value: last when rising, first when falling. */
export function ordered({ isDescending, nullsFirst }: Order, typed: Typed): string {
  // [SQL-044]
  const sql = typed.isLong ? `substr(${typed.sql}, 1, ${LONG_SORTED})` : settled(typed)
  const nulls = typed.isNeverNull ? '' : ` NULLS ${(nullsFirst ?? isDescending) ? 'FIRST' : 'LAST'}`
  return `${sql}${isDescending ? ' DESC' : ''}${nulls}`
}

/** Characters of a long text that are looked at when rows are sorted. [SQL-044] */
const LONG_SORTED = 250

const KINDS: ReadonlySet<string> = new Set<Condition['kind']>([
  'compare',
  'logic',
  'not',
  'isNull',
  'inList',
  'inQuery',
  'between',
  'like',
  'exists',
])

export function condition(expr: Expr, scope: Scope, t: Translation): string {
  if (!KINDS.has(expr.kind)) throw unsupported(`a value where a condition is wanted`)
  const test = expr as Exclude<Condition, { kind: 'outer' }>
  switch (test.kind) {
    case 'logic':
      return `(${condition(test.left, scope, t)} ${test.op} ${condition(test.right, scope, t)})`
    case 'not':
      return `(NOT ${condition(test.expr, scope, t)})`
    case 'exists':
      return `(${test.isNegated ? 'NOT ' : ''}EXISTS (${translateQuery(test.query, scope, t).sql}))`
    case 'inQuery':
      return inQuery(test, scope, t)
    case 'isNull':
      return `(${value(test.expr, scope, t).sql} IS ${test.isNegated ? 'NOT ' : ''}NULL)`
    default:
      return comparison(test, scope, t)
  }
}

type Comparing = Condition & { kind: 'compare' | 'inList' | 'between' | 'like' }

function comparison(test: Comparing, scope: Scope, t: Translation): string {
  const of = (expr: Expr): Typed => value(expr, scope, t)
  const not = 'isNegated' in test && test.isNegated ? 'NOT ' : ''
  if (test.kind === 'like') {
    const mark = test.escape === undefined ? '' : `, ${t.bind({ kind: 'value', value: test.escape })}`
    return `(${not}ql_like(${asText(of(test.expr))}, ${asText(of(test.pattern))}${mark}))`
  }
  if (test.kind === 'compare') {
    const sides = [of(test.left), of(test.right)]
    const type = comparisonType(sides)
    return `(${as(sides[0]!, type)} ${test.op} ${as(sides[1]!, type)})`
  }
  if (test.kind === 'inList' && test.list.length === 1) {
    const [only] = test.list
    if (only?.kind === 'call' && Object.hasOwn(SETS, only.name))
      return `(${asNumber(of(test.expr))} ${not}IN (${setOf(only, scope, t)}))`
  }
  const others = (test.kind === 'inList' ? test.list : [test.low, test.high]).map(of)
  const subject = of(test.expr)
  const type = comparisonType([subject, ...others])
  const [first, ...rest] = [subject, ...others].map((side) => as(side, type))
  return test.kind === 'inList'
    ? `(${first} ${not}IN (${rest.join(', ')}))`
    : `(${first} ${not}BETWEEN ${rest[0]} AND ${rest[1]})`
}

function inQuery(
  { expr, query, isNegated }: Condition & { kind: 'inQuery' },
  scope: Scope,
  t: Translation,
): string {
  const subject = value(expr, scope, t)
  const { sql, columns } = translateQuery(query, scope, t)
  if (columns.length !== 1) throw unsupported('IN a subselect of several columns')
  const inner: Typed = { sql: 'c1', type: columns[0]!.type }
  const type = comparisonType([subject, inner])
  const list = inner.type === type ? sql : `SELECT ${as(inner, type)} FROM (${sql})`
  return `(${as(subject, type)} ${isNegated ? 'NOT ' : ''}IN (${list}))`
}

/** Whether the SELECT has one row for each group. */
export function hasAggregate(exprs: readonly (Expr | undefined)[]): boolean {
  return exprs.some((expr) => contains(expr, isAggregate))
}

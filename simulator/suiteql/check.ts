/**
 * The white list: the parser's tree becomes our own (`ast.ts`), and what has no form there is refused. A key that the
 * parser adds some day is refused as well, since every node says which keys it may have. [SQL-030..043, SQL-051]
 */
import type { Body, Expr, Item, Order, Query, Select, SetOperation, Source } from './ast.ts'
import { expression, limitOf, orders } from './check-expression.ts'
import type { Statement } from './parse.ts'
import { type Position, positionAt, syntaxError, unsupported } from './refusals.ts'
import { type Checking, type Node, only, openIdent, openName, variantOf } from './tree.ts'

/** Exactly one SELECT. [SQL-001] */
export function checkStatements(q: string, tree: unknown): Statement {
  const statements = tree as Node[]
  const checking: Checking = {
    q,
    params: [],
    tables: [],
    selects: [],
    joins: new Set(),
    query: (node, depth) => checkQuery(checking, node, depth),
  }
  if (statements.length !== 1) throw syntaxError(q, ';', placeOfSemicolon(q))
  const [name, node] = variantOf(statements[0])
  if (name !== 'Query') throw syntaxError(q, q.trim().split(/\s/)[0] ?? '', { line: 1, column: 1 })
  const query = checkQuery(checking, node as Node, 0)
  if (checking.joins.size > 1) throw unsupported('both join styles in one query [SQL-040, SQL-042]')
  // The walk meets them in another order than the text has them.
  checking.params
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .forEach(({ param }, index) => {
      param.index = index
    })
  return { query, params: checking.params.length, tables: checking.tables, selects: checking.selects }
}

function checkQuery(checking: Checking, node: Node, depth: number): Query {
  if (node.with !== undefined && node.with !== null)
    throw syntaxError(checking.q, 'WITH', placeOfWord(checking.q, 'with'))
  const limit = node.limit_clause as Node | null | undefined
  if (limit != null) refuseLimit(checking, limit)
  only(node, ['body', 'order_by', 'limit_clause', 'fetch', 'locks', 'pipe_operators'])
  const locks = node.locks as unknown[]
  if (locks.length > 0) throw unsupported('FOR UPDATE')
  return {
    body: checkBody(checking, node.body, depth),
    orderBy: node.order_by == null ? [] : ordering(checking, node.order_by as Node),
    first: node.fetch == null ? undefined : fetchOf(checking, node.fetch as Node),
  }
}

/** OFFSET is taken and has no effect. [SQL-054, OPQ-005] */
function refuseLimit({ q }: Checking, clause: Node): void {
  const [kind, inner] = variantOf(clause)
  const { limit, limit_by } = inner as { limit?: unknown; limit_by?: unknown[] }
  if (kind !== 'LimitOffset' || limit != null || (limit_by ?? []).length > 0)
    throw syntaxError(q, 'LIMIT', placeOfWord(q, 'limit'))
}

function placeOfWord(q: string, word: string): Position {
  return positionAt(q, Math.max(0, q.toLowerCase().search(new RegExp(`\\b${word}\\b`))))
}

/** Of the first that is in no text, name or comment. */
function placeOfSemicolon(q: string): Position {
  const tokens = q.matchAll(/'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|;/g)
  return positionAt(q, [...tokens].find(([token]) => token === ';')?.index ?? 0)
}

/** [SQL-053] */
function fetchOf(checking: Checking, fetch: Node): number {
  if (fetch.with_ties === true || fetch.percent === true) throw unsupported('FETCH WITH TIES or PERCENT')
  return fetch.quantity == null ? 1 : limitOf(checking, fetch.quantity)
}

function ordering(checking: Checking, node: Node): Order[] {
  only(node, ['kind', 'interpolate'])
  const [kind, list] = variantOf(node.kind)
  if (kind !== 'Expressions') throw unsupported('ORDER BY ALL')
  return orders(checking, list as Node[])
}

const SET_OPERATIONS: Readonly<Record<string, SetOperation['op']>> = {
  Union: 'UNION',
  Intersect: 'INTERSECT',
  Minus: 'EXCEPT',
}

function checkBody(checking: Checking, body: unknown, depth: number): Body {
  const [name, inner] = variantOf(body)
  const node = inner as Node
  if (name === 'Select') return checkSelect(checking, node, depth)
  if (name === 'Query') {
    const query = checkQuery(checking, node, depth)
    if (query.orderBy.length > 0 || query.first !== undefined)
      throw unsupported('ORDER BY inside a set operation')
    return query.body
  }
  if (name !== 'SetOperation') throw unsupported(`${name} as a query`)
  const side = (body: Body): Query => ({ body, orderBy: [], first: undefined })
  const [first, ...rest] = setOperands(body)
  return rest.reduce<Body>(
    (left, { op, operand }) => ({
      kind: 'set',
      op: op!,
      left: side(left),
      right: side(checkBody(checking, operand, depth)),
    }),
    checkBody(checking, first!.operand, depth),
  )
}

interface SetOperand {
  /** What joins it to those before it; the first has none. */
  readonly op: SetOperation['op'] | undefined
  readonly operand: unknown
}

/** Oracle takes UNION, INTERSECT and MINUS from left to right; the parser's tree has INTERSECT bind tighter. */
function setOperands(body: unknown): SetOperand[] {
  const [name, inner] = variantOf(body)
  if (name !== 'SetOperation') return [{ op: undefined, operand: body }]
  const node = inner as Node
  const op = SET_OPERATIONS[node.op as string]
  const isAll = node.set_quantifier === 'All'
  if (
    op === undefined ||
    (isAll && op !== 'UNION') ||
    !['All', 'None'].includes(node.set_quantifier as string)
  )
    throw unsupported(`set operation ${String(node.op)}`)
  const [next, ...rest] = setOperands(node.right)
  return [...setOperands(node.left), { op: isAll ? 'UNION ALL' : op, operand: next!.operand }, ...rest]
}

const SELECT_KEYS = [
  'select_token',
  'optimizer_hints',
  'top_before_distinct',
  'distinct',
  'top',
  'projection',
  'from',
  'selection',
  'group_by',
  'having',
  'flavor',
  'window_before_qualify',
]

function checkSelect(checking: Checking, node: Node, depth: number): Select {
  only(node, SELECT_KEYS)
  if (node.distinct != null && node.distinct !== 'Distinct') throw unsupported('DISTINCT ON')
  const from = node.from as Node[]
  if (from.length === 0) throw syntaxError(checking.q, '', { line: 1, column: checking.q.length })
  const select: Select = {
    kind: 'select',
    isDistinct: node.distinct === 'Distinct',
    top: node.top == null ? undefined : topOf(checking, node.top as Node),
    items: (node.projection as Node[]).map((item) => checkItem(checking, item, depth)),
    from: checkFrom(checking, from, depth),
    where: node.selection == null ? undefined : expression(checking, node.selection, depth),
    groupBy: groupExpressions(checking, node.group_by),
    having: node.having == null ? undefined : expression(checking, node.having, depth),
  }
  checking.selects.push(select)
  return select
}

function topOf(checking: Checking, top: Node): number {
  if (top.with_ties === true || top.percent === true) throw unsupported('TOP with PERCENT or TIES')
  const [kind, value] = variantOf(top.quantity)
  return kind === 'Constant' ? Number(value) : limitOf(checking, value)
}

function groupExpressions(checking: Checking, groupBy: unknown): Expr[] {
  const [kind, lists] = variantOf(groupBy)
  const [expressions, modifiers] = lists as [unknown[], unknown[]]
  if (kind !== 'Expressions' || modifiers.length > 0) throw unsupported('GROUP BY of another form')
  return expressions.map((entry) => expression(checking, entry))
}

/** A quoted alias is for the outermost SELECT only. [SQL-043] */
function checkItem(checking: Checking, item: unknown, depth: number): Item {
  const [name, inner] = variantOf(item)
  if (name === 'UnnamedExpr')
    return { kind: 'value', expr: expression(checking, inner, depth), alias: undefined }
  if (name === 'ExprWithAlias') {
    const { expr, alias } = inner as { expr: unknown; alias: { value: string; quote_style?: string | null } }
    if (alias.quote_style === "'") throw unsupported('a text as an alias')
    if (alias.quote_style != null && depth > 0) throw unsupported('quoted alias in a subselect [SQL-043]')
    return { kind: 'value', expr: expression(checking, expr, depth), alias: alias.value.toLowerCase() }
  }
  if (name === 'Wildcard') return { kind: 'all', table: undefined }
  if (name === 'QualifiedWildcard') {
    const [kind, table] = variantOf((inner as unknown[])[0])
    if (kind === 'ObjectName') return { kind: 'all', table: openName(table) }
  }
  throw unsupported(`${name} in SELECT`)
}

const JOINS: Readonly<Record<string, Source['join']>> = {
  Join: 'INNER',
  Inner: 'INNER',
  Left: 'LEFT',
  LeftOuter: 'LEFT',
  Right: 'RIGHT',
  RightOuter: 'RIGHT',
  FullOuter: 'FULL',
  CrossJoin: 'CROSS',
}

function checkFrom(checking: Checking, list: readonly Node[], depth: number): Source[] {
  const sources = list.flatMap(({ relation, joins }) => [
    { ...checkSource(checking, relation, depth), join: 'comma' as const, on: undefined },
    ...(joins as Node[]).map((join) => checkJoin(checking, join, depth)),
  ])
  if (sources.some(({ join }) => join !== 'comma')) checking.joins.add('ansi')
  if (list.length > 1 && sources.length > list.length)
    throw unsupported('both join styles in one FROM [SQL-042]')
  return sources
}

function checkJoin(checking: Checking, { relation, join_operator }: Node, depth: number): Source {
  const [name, constraint] = variantOf(join_operator)
  const join = JOINS[name]
  if (join === undefined) throw unsupported(`join ${name}`)
  const source = checkSource(checking, relation, depth)
  const [kind, on] = constraint === undefined ? ['None', undefined] : variantOf(constraint)
  if (join === 'CROSS' && kind === 'None') return { ...source, join, on: undefined }
  if (kind !== 'On') throw unsupported(`join by ${kind}`)
  return { ...source, join, on: expression(checking, on, depth) }
}

function checkSource(checking: Checking, relation: unknown, depth: number): Pick<Source, 'alias' | 'of'> {
  const [kind, inner] = variantOf(relation)
  const node = inner as Node
  const alias = node.alias as { name: unknown; columns?: unknown[] } | null | undefined
  if ((alias?.columns ?? []).length > 0) throw unsupported('alias with columns')
  const named = alias == null ? undefined : openIdent(alias.name)
  if (kind === 'Table') {
    only(node, ['name', 'alias', 'with_ordinality'])
    const name = openName(node.name)
    checking.tables.push(name)
    return { alias: named ?? name, of: name }
  }
  if (kind !== 'Derived' || node.lateral === true) throw unsupported(`${kind} in FROM`)
  only(node, ['lateral', 'subquery', 'alias'])
  return { alias: named ?? '', of: checkQuery(checking, node.subquery as Node, depth + 1) }
}

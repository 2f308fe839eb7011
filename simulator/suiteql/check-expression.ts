/** The white list for values and conditions; see `check.ts`. [SQL-041..043, SQL-050..052] */
import type { Branch, Call, Comparison, Expr, Order, Window } from './ast.ts'
import { syntaxError, unsupported } from './refusals.ts'
import { type Checking, type Node, only, openIdent, variantOf } from './tree.ts'

/** [SQL-043] */
const IN_MAX = 1000

type Handler = (checking: Checking, node: Node, depth: number) => Expr

/** `depth`: how many subselects we are in. */
export function expression(checking: Checking, tree: unknown, depth = 1): Expr {
  const [name, inner] = variantOf(tree)
  const handler = HANDLERS[name]
  if (handler === undefined) throw unsupported(`${name} is not known to SuiteQL`)
  return handler(checking, inner as Node, depth)
}

/** A bare number of rows. */
export function limitOf(checking: Checking, tree: unknown): number {
  const value = expression(checking, tree)
  if (value.kind !== 'number' || !Number.isSafeInteger(value.value))
    throw unsupported('a number of rows that is none')
  return value.value
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  Identifier: (_, ident) => ({ kind: 'column', table: undefined, name: openIdent(ident) }),
  CompoundIdentifier(_, node) {
    const parts = node as unknown as unknown[]
    if (parts.length !== 2) throw unsupported('a name of several parts')
    return { kind: 'column', table: openIdent(parts[0]), name: openIdent(parts[1]) }
  },
  Value: value,
  Nested: (checking, node, depth) => expression(checking, node, depth),
  BinaryOp: binary,
  UnaryOp(checking, { op, expr }, depth) {
    const inner = expression(checking, expr, depth)
    if (op === 'Not') return { kind: 'not', expr: inner }
    if (op === 'Minus')
      return inner.kind === 'number'
        ? { kind: 'number', value: -inner.value }
        : { kind: 'minus', expr: inner }
    if (op === 'Plus') return inner
    throw unsupported(`operator ${String(op)}`)
  },
  IsNull: (checking, node, depth) => ({
    kind: 'isNull',
    expr: expression(checking, node, depth),
    isNegated: false,
  }),
  IsNotNull: (checking, node, depth) => ({
    kind: 'isNull',
    expr: expression(checking, node, depth),
    isNegated: true,
  }),
  InList(checking, node, depth) {
    const list = node.list as unknown[]
    if (list.length > IN_MAX) throw unsupported(`${list.length} items in IN; at most 1,000 [SQL-043]`)
    return {
      kind: 'inList',
      expr: expression(checking, node.expr, depth),
      list: list.map((entry) => expression(checking, entry, depth)),
      isNegated: node.negated === true,
    }
  },
  InSubquery: (checking, node, depth) => ({
    kind: 'inQuery',
    expr: expression(checking, node.expr, depth),
    query: checking.query(node.subquery as Node, depth + 1),
    isNegated: node.negated === true,
  }),
  Between: (checking, node, depth) => ({
    kind: 'between',
    expr: expression(checking, node.expr, depth),
    low: expression(checking, node.low, depth),
    high: expression(checking, node.high, depth),
    isNegated: node.negated === true,
  }),
  Like: like,
  Case: caseOf,
  Function: call,
  Exists: (checking, node, depth) => ({
    kind: 'exists',
    query: checking.query(node.subquery as Node, depth + 1),
    isNegated: node.negated === true,
  }),
  Subquery: (checking, node, depth) => ({ kind: 'scalar', query: checking.query(node, depth + 1) }),
  OuterJoin(checking, node, depth) {
    const column = expression(checking, node, depth)
    if (column.kind !== 'column') throw unsupported('(+) on what is no column')
    checking.joins.add('oracle')
    return { kind: 'outer', column }
  },
  // Oracle's own functions that the parser has a syntax of its own for.
  Trim: (checking, node, depth) =>
    builtCall(checking, TRIMS[String(node.trim_where ?? 'Both')]!, [node.expr, node.trim_what], depth, node),
  Ceil: (checking, node, depth) => builtCall(checking, 'CEIL', [node.expr], depth, node),
  Floor: (checking, node, depth) => builtCall(checking, 'FLOOR', [node.expr], depth, node),
  Substring(checking, node, depth) {
    if (node.shorthand !== true || node.special !== true) throw unsupported('SUBSTRING [SQL-051]')
    return builtCall(checking, 'SUBSTR', [node.expr, node.substring_from, node.substring_for], depth, node)
  },
}

const TRIMS: Readonly<Record<string, string>> = { Both: 'TRIM', Leading: 'LTRIM', Trailing: 'RTRIM' }

function builtCall(
  checking: Checking,
  name: string,
  parts: readonly unknown[],
  depth: number,
  node: Node,
): Call {
  const field = node.field as { DateTimeField?: unknown } | undefined
  if (field !== undefined && field.DateTimeField !== 'NoDateTime')
    throw unsupported(`${name} to a date field`)
  const args = parts.filter((part) => part != null).map((part) => expression(checking, part, depth))
  return { kind: 'call', name, args, isDistinct: false, isStar: false }
}

/** Dates in quotes with a word before them are no literals here. [SQL-043] */
function value(checking: Checking, node: Node): Expr {
  const [name, inner] = variantOf(node.value)
  const { line, column } = (node.span as { start: { line: number; column: number } }).start
  if (name === 'Number') return { kind: 'number', value: numberOf((inner as [string])[0]) }
  if (name === 'SingleQuotedString' || name === 'NationalStringLiteral')
    return inner === '' ? { kind: 'null' } : { kind: 'text', value: inner as string }
  if (name === 'Null') return { kind: 'null' }
  if (name === 'Placeholder' && inner === '?') {
    const param: Expr & { kind: 'param' } = { kind: 'param', index: -1 }
    checking.params.push({ param, line, column })
    return param
  }
  throw syntaxError(checking.q, String(typeof inner === 'string' ? inner : name), { line, column })
}

/** Digits that a binary number keeps; Oracle would keep 38. */
const DIGITS_MAX = 15

function numberOf(text: string): number {
  const [digits = ''] = text.split(/e/i)
  const significant = digits.replace('.', '').replace(/^0+|0+$/g, '')
  if (significant.length > DIGITS_MAX)
    throw unsupported(`${text}: a number of more than ${DIGITS_MAX} digits`)
  return Number(text)
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  Eq: '=',
  NotEq: '<>',
  Lt: '<',
  LtEq: '<=',
  Gt: '>',
  GtEq: '>=',
}
const ARITHMETIC = { Plus: '+', Minus: '-', Multiply: '*', Divide: '/' } as const

function binary(checking: Checking, { left, op, right }: Node, depth: number): Expr {
  const sides = { left: expression(checking, left, depth), right: expression(checking, right, depth) }
  const name = String(op)
  if (name === 'And' || name === 'Or') return { kind: 'logic', op: name === 'And' ? 'AND' : 'OR', ...sides }
  if (name === 'StringConcat') return { kind: 'concat', ...sides }
  const arithmetic = ARITHMETIC[name as keyof typeof ARITHMETIC]
  if (arithmetic !== undefined) return { kind: 'arithmetic', op: arithmetic, ...sides }
  const comparison = COMPARISONS[name]
  if (comparison === undefined) throw unsupported(`operator ${name}`)
  // [SQL-042]
  if (sides.left.kind === 'outer') throw unsupported('(+) on the left side [SQL-042]')
  return { kind: 'compare', op: comparison, ...sides }
}

function like(checking: Checking, node: Node, depth: number): Expr {
  if (node.any === true) throw unsupported('LIKE ANY')
  const mark = node.escape_char as { value: { SingleQuotedString?: string } } | null | undefined
  const character = mark == null ? undefined : mark.value.SingleQuotedString
  if (mark != null && character?.length !== 1) throw unsupported('ESCAPE takes one character')
  return {
    kind: 'like',
    expr: expression(checking, node.expr, depth),
    pattern: expression(checking, node.pattern, depth),
    escape: character,
    isNegated: node.negated === true,
  }
}

function caseOf(checking: Checking, node: Node, depth: number): Expr {
  const optional = (part: unknown): Expr | undefined =>
    part == null ? undefined : expression(checking, part, depth)
  const branches = (node.conditions as { condition: unknown; result: unknown }[]).map(
    ({ condition, result }): Branch => ({
      when: expression(checking, condition, depth),
      result: expression(checking, result, depth),
    }),
  )
  return { kind: 'case', operand: optional(node.operand), branches, otherwise: optional(node.else_result) }
}

function call(checking: Checking, node: Node, depth: number): Call {
  only(node, ['name', 'args', 'over', 'parameters', 'uses_odbc_syntax'])
  const name = (node.name as Node[])
    .map((part) => openIdent(variantOf(part)[1]))
    .join('.')
    .toUpperCase()
  const over = node.over == null ? {} : { over: windowOf(checking, node.over, depth) }
  const [kind, inner] = variantOf(node.args)
  if (kind === 'None') return { kind: 'call', name, args: [], isDistinct: false, isStar: false, ...over }
  const list = inner as { args: unknown[]; duplicate_treatment?: string | null; clauses?: unknown[] }
  if (kind !== 'List' || (list.clauses ?? []).length > 0) throw unsupported(`arguments of ${name}`)
  const args = list.args.map((arg) => {
    const [form, unnamed] = variantOf(arg)
    return form === 'Unnamed' ? variantOf(unnamed) : (['', undefined] as const)
  })
  const isStar = args.length === 1 && args[0]![0] === 'Wildcard'
  if (!isStar && args.some(([form]) => form !== 'Expr')) throw unsupported(`arguments of ${name}`)
  return {
    kind: 'call',
    name,
    args: isStar ? [] : args.map(([, arg]) => expression(checking, arg, depth)),
    isDistinct: list.duplicate_treatment === 'Distinct',
    isStar,
    ...over,
  }
}

function windowOf(checking: Checking, over: unknown, depth: number): Window {
  const [kind, inner] = variantOf(over)
  const node = inner as Node
  if (kind !== 'WindowSpec' || node.window_frame != null || node.window_name != null)
    throw unsupported('window frame')
  return {
    partitionBy: (node.partition_by as unknown[]).map((entry) => expression(checking, entry, depth)),
    orderBy: orders(checking, node.order_by as Node[]),
  }
}

export function orders(checking: Checking, list: readonly Node[]): Order[] {
  return list.map((entry) => {
    only(entry, ['expr', 'options', 'with_fill'])
    const { asc, nulls_first } = entry.options as { asc?: boolean | null; nulls_first?: boolean | null }
    return {
      expr: expression(checking, entry.expr),
      isDescending: asc === false,
      nullsFirst: nulls_first ?? undefined,
    }
  })
}

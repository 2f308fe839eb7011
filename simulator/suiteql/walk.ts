/** Looking through expressions without entering their subselects. */
import type { Expr } from './ast.ts'
import { AGGREGATES } from './functions/signatures.ts'

export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'call':
      return [
        ...expr.args,
        ...(expr.over?.partitionBy ?? []),
        ...(expr.over?.orderBy ?? []).map((order) => order.expr),
      ]
    case 'arithmetic':
    case 'concat':
    case 'compare':
    case 'logic':
      return [expr.left, expr.right]
    case 'minus':
    case 'not':
    case 'isNull':
    case 'inQuery':
      return [expr.expr]
    case 'inList':
      return [expr.expr, ...expr.list]
    case 'between':
      return [expr.expr, expr.low, expr.high]
    case 'like':
      return [expr.expr, expr.pattern]
    case 'case':
      return [
        expr.operand,
        ...expr.branches.flatMap(({ when, result }) => [when, result]),
        expr.otherwise,
      ].filter((part) => part !== undefined)
    case 'outer':
      return [expr.column]
    default:
      return []
  }
}

export function contains(expr: Expr | undefined, test: (expr: Expr) => boolean): boolean {
  return expr !== undefined && (test(expr) || partsOf(expr).some((part) => contains(part, test)))
}

export const isAggregate = (expr: Expr): boolean =>
  expr.kind === 'call' && expr.over === undefined && Object.hasOwn(AGGREGATES, expr.name)
export const isRownum = (expr: Expr): boolean =>
  expr.kind === 'column' && expr.table === undefined && expr.name === 'rownum'
export const isOuter = (expr: Expr): boolean => expr.kind === 'outer'

/** The parts of a condition that must all hold. */
export function conjuncts(expr: Expr | undefined): readonly Expr[] {
  if (expr === undefined) return []
  if (expr.kind === 'logic' && expr.op === 'AND') return [...conjuncts(expr.left), ...conjuncts(expr.right)]
  return [expr]
}

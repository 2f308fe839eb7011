/**
 * How many combinations of rows a statement could make at most, before it runs: whether its rows must be counted. A table
 * that a SELECT finds by its own key, `t.id = l.transaction`, gives one row to each of the others, so joins along
 * references are as many rows as the lines they start from.
 */
import type { ColumnName, Expr, Select, Source } from './ast.ts'
import type { Table } from './tables/table.ts'
import { conjuncts, partsOf } from './walk.ts'

/** The key that each record's row has to itself. */
const KEY = 'id'

/**
 * Of all SELECTs of a statement together, as if each ran for every row of every other. What a SELECT makes itself, n times
 * one row of DUAL, united and joined in the worst way, is fewer than 1.5 to the power of n.
 */
export function combinations(selects: readonly Select[], tables: ReadonlyMap<string, Table>): number {
  return selects.reduce((product, select) => product * rowsOf(select, tables), 1)
}

function rowsOf(select: Select, tables: ReadonlyMap<string, Table>): number {
  const found = foundByKey(select, tables)
  return select.from
    .filter((source) => !found.has(source))
    .reduce((product, { of }) => product * (typeof of === 'string' ? sizeOf(tables.get(of)) : 1), 1)
}

const sizeOf = (table: Table | undefined): number => Math.max(1.5, table?.size() ?? 1)

/** Sources of which there is one row at most for each combination of the others. */
function foundByKey({ from, where }: Select, tables: ReadonlyMap<string, Table>): ReadonlySet<Source> {
  // These keep rows of either side that match nothing.
  if (from.some(({ join }) => join === 'RIGHT' || join === 'FULL')) return new Set()
  const conditions = [...conjuncts(where), ...from.flatMap(({ on }) => conjuncts(on))]
  const keyed = from.filter(({ of }) => typeof of === 'string' && tables.get(of)?.hasKey === true)
  const found = new Map<Source, readonly Source[]>()
  for (const source of keyed) {
    const needs = conditions
      .map((condition) => neededBy(source, condition, from))
      .find((needed) => needed !== undefined && !leadsTo(source, needed, found))
    if (needs !== undefined) found.set(source, needs)
  }
  return new Set(found.keys())
}

/** What must be there before a condition finds a source by its key; undefined when it does not. */
function neededBy(source: Source, condition: Expr, from: readonly Source[]): Source[] | undefined {
  if (condition.kind !== 'compare' || condition.op !== '=') return undefined
  const [left, right] = [condition.left, condition.right].map((side) =>
    side.kind === 'outer' ? side.column : side,
  ) as [Expr, Expr]
  const value = isKeyOf(source, left, from) ? right : isKeyOf(source, right, from) ? left : undefined
  const columns = value === undefined ? undefined : columnsIn(value)
  if (columns === undefined) return undefined
  const needed = columns.map((column) => from.find(({ alias }) => alias === column.table))
  // A column without a table's name may be of any of them; that of none is of a SELECT around.
  if (columns.some(({ table }) => table === undefined) && from.length > 1) return undefined
  const there = needed.filter((other) => other !== undefined)
  return there.includes(source) ? undefined : there
}

function isKeyOf({ alias }: Source, side: Expr, from: readonly Source[]): boolean {
  if (side.kind !== 'column' || side.name !== KEY) return false
  return side.table === alias || (side.table === undefined && from.length === 1)
}

/** Undefined where a subselect is in it. */
function columnsIn(expr: Expr): readonly ColumnName[] | undefined {
  if (expr.kind === 'column') return [expr]
  if (expr.kind === 'scalar' || expr.kind === 'inQuery' || expr.kind === 'exists') return undefined
  const parts = partsOf(expr).map(columnsIn)
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part!)
}

/** Whether any of these is found by way of the source itself. */
function leadsTo(
  source: Source,
  needs: readonly Source[],
  found: ReadonlyMap<Source, readonly Source[]>,
): boolean {
  return needs.some((need) => need === source || leadsTo(source, found.get(need) ?? [], found))
}

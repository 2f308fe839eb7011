/** Which column a name means: the tables of the SELECT it stands in, then those of the SELECTs around it. [SQL-031] */
import type { ColumnName } from './ast.ts'
import { unknownColumn, unsupported } from './refusals.ts'
import type { Column } from './tables/table.ts'

export interface ScopeSource {
  /** As the statement calls it. */
  readonly alias: string
  /** What the message about unknown columns calls it. */
  readonly table: string
  /** As the SQL calls it. */
  readonly sqlAlias: string
  readonly columns: ReadonlyMap<string, Column>
  /** A column that differs from row to row, if there is one. */
  readonly rowKey: string | undefined
  /** A subselect: its columns are values, not fields. */
  readonly isDerived: boolean
  /** An outer join may leave its columns NULL. */
  isOptional: boolean
}

/** Rows that were cut to size before they are sorted or grouped: their columns by the SQL that made them. [SQL-055] */
export interface Stage {
  readonly alias: string
  readonly slots: Map<string, string>
}

export interface Scope {
  readonly sources: readonly ScopeSource[]
  readonly outer: Scope | undefined
  stage: Stage | undefined
  /** Whether aggregates may stand here; `inside` one, they may not, and every column may. */
  aggregates: 'none' | 'allowed' | 'inside'
  /** Expressions of GROUP BY by their key, in a SELECT that groups. [SQL-034] */
  groups: ReadonlySet<string> | undefined
}

export interface Found {
  readonly scope: Scope
  readonly source: ScopeSource
  readonly column: Column
  readonly name: string
}

/** Throws when no table has it, or several have. */
export function findColumn(scope: Scope, { table, name }: ColumnName): Found {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const named = table === undefined ? at.sources : at.sources.filter(({ alias }) => alias === table)
    const having = named.filter(({ columns }) => columns.has(name))
    if (having.length > 1) throw unsupported(`column ${name} is in several tables`)
    const [source] = having
    if (source !== undefined) return { scope: at, source, column: source.columns.get(name)!, name }
    if (table !== undefined && named.length > 0) break
  }
  throw unknownColumn(
    table === undefined ? name : `${table}.${name}`,
    scope.sources.map(({ alias, table: of }) => [alias, of]),
  )
}

/** The SQL as it is after the cut: a column of the cut rows. */
export function staged(scope: Scope, sql: string): string {
  const { stage } = scope
  if (stage === undefined) return sql
  let slot = stage.slots.get(sql)
  if (slot === undefined) {
    slot = `c${stage.slots.size}`
    stage.slots.set(sql, slot)
  }
  return `${stage.alias}.${slot}`
}

/**
 * What a table of SuiteQL is to the translator: its columns as SQL over a source, and the record types whose rows it
 * shows. A column says its type, because the translation of every operator depends on it.
 */
import type { RecordType } from '../../spec/catalogue.ts'

/** Dates are texts `YYYY-MM-DD HH:MM:SS` of the account's zone; checkboxes are the texts T and F. [SQL-014, SQL-015] */
export type ColumnType = 'text' | 'number' | 'date'

export interface Column {
  readonly type: ColumnType
  /** The value, of a row of `alias`. */
  sql(alias: string): string
  /** What BUILTIN.DF and BUILTIN.CF show instead. [SQL-058, SQL-060] */
  readonly display?: (alias: string) => string
  readonly code?: (alias: string) => string
  readonly isNeverNull?: true
  /** For BUILTIN.HIERARCHY: one of its expansions. */
  readonly path?: (alias: string, expansion: Expansion) => string
  /** Of an amount: its currency, by id. Without it, the currency that its subsidiary keeps its books in. */
  readonly currency?: (alias: string) => string
  /** Of an amount: its subsidiary, by id. */
  readonly subsidiary?: (alias: string) => string
  /** Ids with a comma and a blank between them. */
  readonly isMultiSelect?: true
}

/** Tables that are kept beside the records. */
export type Projected = 'transaction' | 'transactionline' | 'item'

export interface Table {
  readonly name: string
  /** By lower-case name. */
  readonly columns: ReadonlyMap<string, Column>
  /** Whose rows it shows; a role needs to see one of them. None: everybody sees it. */
  readonly types: readonly RecordType[]
  /** What stands in FROM; with rows of these types only, where `visible` is given. */
  source(visible: readonly RecordType[] | undefined): string
  /** Columns of the source that are different in each row; the step counter looks at the first. */
  readonly rowKey: string
  /** `id` is another one in each row. */
  readonly hasKey?: true
  /** What must be up to date before it is read. */
  readonly projected?: readonly Projected[]
  /** Its feature is off: nobody sees it. */
  readonly isOff?: true
  /** About how many rows there are. */
  size(): number
}

/** A text as SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A plain column of the source. */
export function plainColumn(name: string, type: ColumnType, more: Partial<Column> = {}): Column {
  return { type, sql: (alias) => `${alias}.${name}`, ...more }
}

/** Names of records of these groups, the first that has the id. */
export function displayOf(groups: readonly string[], id: string): string {
  if (groups.length === 0) return id
  const names = groups.map(
    (group) => `(SELECT display FROM main.record WHERE grp = ${quoted(group)} AND id = ${id})`,
  )
  return names.length === 1 ? names[0]! : `coalesce(${names.join(', ')})`
}

/** How deep a tree of records may be. */
const DEPTH_MAX = 50

/** What BUILTIN.HIERARCHY shows of a record: something of it and of all above it, the root first. [SQL-057] */
export const EXPANSIONS = {
  DISPLAY: "group_concat(name, ' : ' ORDER BY depth DESC)",
  DISPLAY_JOINED: "group_concat(name, ' : ' ORDER BY depth DESC)",
  // How separated levels look, and from where levels count: no source.
  DISPLAY_SEPARATED: "group_concat(name, '|' ORDER BY depth DESC)",
  IDENTIFIER: "group_concat(id, ' : ' ORDER BY depth DESC)",
  IDENTIFIER_SEPARATED: "group_concat(id, '|' ORDER BY depth DESC)",
  LEVEL: 'max(depth) + 1',
} as const
export type Expansion = keyof typeof EXPANSIONS

function pathOf(group: string, id: string, expansion: Expansion): string {
  const step = (depth: string, from: string, is: string): string =>
    `SELECT ${depth} AS depth, r.id AS id, r.display AS name, r.body ->> '$.parent.id' AS parent
      FROM ${from}main.record AS r WHERE r.grp = ${quoted(group)} AND r.id = ${is}`
  return `(WITH RECURSIVE up AS (${step('0', '', id)} UNION ALL
    ${step('up.depth + 1', 'up JOIN ', `CAST(up.parent AS INTEGER) AND up.depth < ${DEPTH_MAX}`)})
    SELECT ${EXPANSIONS[expansion]} FROM up)`
}

/** Expansions of a reference to records of one group. */
export function hierarchyOf(groups: readonly string[], id: (alias: string) => string): Pick<Column, 'path'> {
  const [group, ...others] = groups
  if (group === undefined || others.length > 0) return {}
  return { path: (alias, expansion) => pathOf(group, id(alias), expansion) }
}

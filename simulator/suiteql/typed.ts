/** SQL with the type of its value, and Oracle's silent conversions between types. [SQL-045] */
import { unsupported } from './refusals.ts'
import type { Column, ColumnType } from './tables/table.ts'

/** `null`: the word NULL, which fits every type. `param`: a text that becomes what is needed. */
export type Type = ColumnType | 'null' | 'param'

export interface Typed {
  readonly sql: string
  readonly type: Type
  /** The value of a literal text, to convert it once. */
  readonly literal?: string
  /** Where it comes from, for BUILTIN.DF and its like. */
  readonly column?: { readonly column: Column; readonly alias: string }
  readonly isNeverNull?: boolean
}

export function asNumber({ sql, type }: Typed): string {
  if (type === 'number' || type === 'null') return sql
  if (type === 'date') throw unsupported('a date where a number is wanted')
  return `ql_number(${sql})`
}

/** Dates become texts in the account's format. [SQL-015] */
export function asText({ sql, type }: Typed): string {
  if (type === 'number') return `ql_char(${sql})`
  return type === 'date' ? `ql_day(${sql})` : sql
}

/** A text is read in the account's date format. [SQL-045] */
export function asDate({ sql, type }: Typed): string {
  if (type === 'date' || type === 'null') return sql
  if (type === 'number') throw unsupported('a number where a date is wanted')
  return `ql_date(${sql})`
}

export function as(value: Typed, type: ColumnType): string {
  return type === 'number' ? asNumber(value) : type === 'date' ? asDate(value) : asText(value)
}

/** The type two sides are compared in: dates win over numbers, numbers over texts. */
export function comparisonType(values: readonly Typed[]): ColumnType {
  const types = values.map(({ type }) => type)
  return types.includes('date') ? 'date' : types.includes('number') ? 'number' : 'text'
}

/** The type of a choice among values: that of the first with a type, to which the others are converted. */
export function choiceType(values: readonly Typed[]): ColumnType {
  const first = values.find(({ type }) => type !== 'null' && type !== 'param')
  return (first?.type as ColumnType | undefined) ?? 'text'
}

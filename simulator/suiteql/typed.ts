/** SQL with the type of its value, and Oracle's silent conversions between types. [SQL-045] */
import { unsupported } from './refusals.ts'
import type { Column, ColumnType } from './tables/table.ts'

/** `null`: the word NULL, which fits every type. `param`: a text that becomes what is needed. */
export type Type = ColumnType | 'null' | 'param'

/** SQL of ids; NULL: the account's own. */
export interface Owner {
  readonly currency: string
  readonly subsidiary: string
}

export interface Typed {
  readonly sql: string
  readonly type: Type
  /** The value of a literal text, to convert it once. */
  readonly literal?: string
  /** Where it comes from, for BUILTIN.DF and its like. */
  readonly column?: { readonly column: Column; readonly alias: string }
  readonly isNeverNull?: boolean
  /**
   * Computed in binary, so its last digits are not Oracle's, whose numbers are decimal: a sum is off by an absolute, a
   * product by a relative error. Settled where it is compared, grouped, shown or converted, not at every step.
   */
  readonly rough?: 'sum' | 'product'
  /** Of an amount: its currency and its subsidiary, made when they are asked for. */
  readonly amount?: () => Owner
  /** A CLOB. [SQL-044] */
  readonly isLong?: boolean
}

/** Decimals that sums keep; amounts and rates of an account have no more. [SQL-011] */
const SUM_DECIMALS = 8

/** As Oracle has it, so that 0.1 + 0.2 equals 0.3 and debits less credits are zero. */
export function settled({ sql, rough }: Typed): string {
  if (rough === undefined) return sql
  return rough === 'sum' ? `round(${sql}, ${SUM_DECIMALS})` : `ql_settle(${sql})`
}

/** A number to go on computing with. */
export function roughNumber(value: Typed): string {
  return value.type === 'number' ? value.sql : asNumber(value)
}

export function asNumber(value: Typed): string {
  if (value.type === 'number' || value.type === 'null') return settled(value)
  if (value.type === 'date') throw unsupported('a date where a number is wanted')
  return `ql_number(${value.sql})`
}

/** Dates become texts in the account's format. [SQL-015] */
export function asText(value: Typed): string {
  if (value.type === 'number') return `ql_char(${settled(value)})`
  return value.type === 'date' ? `ql_day(${value.sql})` : value.sql
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

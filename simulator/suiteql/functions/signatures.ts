/**
 * Functions that SuiteQL has and we have: what they take and give, and how SQLite is told. A function that is not here is
 * refused, also when Oracle lists it. Those that take values of any type are in `polymorphic.ts`. [SQL-050, SQL-051]
 */
import type { ColumnType } from '../tables/table.ts'

export interface Signature {
  /** Types of the arguments; the last one repeats never. */
  readonly takes: readonly ColumnType[]
  /** How many of them must be there; default: all. */
  readonly least?: number
  readonly gives: ColumnType
  /** SQLite's name for it. */
  readonly sql: string
}

const [T, N, D] = ['text', 'number', 'date'] as const
const f = (
  sql: string,
  takes: readonly ColumnType[],
  gives: ColumnType,
  least = takes.length,
): Signature => ({ sql, takes, gives, least })

export const SIGNATURES: Readonly<Record<string, Signature>> = {
  ABS: f('abs', [N], N),
  ADD_MONTHS: f('ql_add_months', [D, N], D),
  CEIL: f('ceil', [N], N),
  CHR: f('ql_chr', [N], T),
  FLOOR: f('floor', [N], N),
  INITCAP: f('ql_initcap', [T], T),
  INSTR: f('ql_instr', [T, T, N, N], N, 2),
  LAST_DAY: f('ql_last_day', [D], D),
  LENGTH: f('length', [T], N),
  LOWER: f('ql_lower', [T], T),
  LPAD: f('ql_lpad', [T, N, T], T, 2),
  LTRIM: f('ql_ltrim', [T, T], T, 1),
  MOD: f('ql_mod', [N, N], N),
  MONTHS_BETWEEN: f('ql_months_between', [D, D], N),
  NEXT_DAY: f('ql_next_day', [D, T], D),
  POWER: f('ql_power', [N, N], N),
  REGEXP_INSTR: f('ql_regexp_instr', [T, T, N, N, N, T], N, 2),
  REGEXP_REPLACE: f('ql_regexp_replace', [T, T, T, N, N, T], T, 2),
  REGEXP_SUBSTR: f('ql_regexp_substr', [T, T, N, N, T, N], T, 2),
  REPLACE: f('ql_replace', [T, T, T], T, 2),
  RPAD: f('ql_rpad', [T, N, T], T, 2),
  RTRIM: f('ql_rtrim', [T, T], T, 1),
  SIGN: f('sign', [N], N),
  SQRT: f('ql_sqrt', [N], N),
  SUBSTR: f('ql_substr', [T, N, N], T, 2),
  SYS_EXTRACT_UTC: f('ql_utc', [D], D),
  TO_CLOB: f('', [T], T),
  TRANSLATE: f('ql_translate', [T, T, T], T),
  TRIM: f('ql_trim', [T, T], T, 1),
  UPPER: f('ql_upper', [T], T),
  WIDTH_BUCKET: f('ql_width_bucket', [N, N, N, N], N),
}

/** Aggregates; `any`: the type of the argument. */
export const AGGREGATES: Readonly<
  Record<string, { readonly takes: ColumnType | 'any'; readonly sql: string }>
> = {
  AVG: { takes: 'number', sql: 'avg' },
  COUNT: { takes: 'any', sql: 'count' },
  MAX: { takes: 'any', sql: 'max' },
  MEDIAN: { takes: 'number', sql: 'median' },
  MIN: { takes: 'any', sql: 'min' },
  SUM: { takes: 'number', sql: 'sum' },
}

/** Need OVER with an order. [SQL-050] */
export const RANKINGS: Readonly<Record<string, string>> = {
  DENSE_RANK: 'dense_rank',
  RANK: 'rank',
  ROW_NUMBER: 'row_number',
}

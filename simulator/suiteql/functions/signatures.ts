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
  ACOS: f('ql_acos', [N], N),
  ADD_MONTHS: f('ql_add_months', [D, N], D),
  ASCII: f('ql_ascii', [T], N),
  ASIN: f('ql_asin', [N], N),
  ATAN: f('ql_atan', [N], N),
  ATAN2: f('ql_atan2', [N, N], N),
  BITAND: f('ql_bitand', [N, N], N),
  CEIL: f('ceil', [N], N),
  CHR: f('ql_chr', [N], T),
  COS: f('ql_cos', [N], N),
  COSH: f('ql_cosh', [N], N),
  EXP: f('ql_exp', [N], N),
  FLOOR: f('floor', [N], N),
  INITCAP: f('ql_initcap', [T], T),
  INSTR: f('ql_instr', [T, T, N, N], N, 2),
  LAST_DAY: f('ql_last_day', [D], D),
  LENGTH: f('length', [T], N),
  LN: f('ql_ln', [N], N),
  LOG: f('ql_log', [N, N], N),
  LOWER: f('ql_lower', [T], T),
  LPAD: f('ql_lpad', [T, N, T], T, 2),
  LTRIM: f('ql_ltrim', [T, T], T, 1),
  MOD: f('ql_mod', [N, N], N),
  MONTHS_BETWEEN: f('ql_months_between', [D, D], N),
  NEXT_DAY: f('ql_next_day', [D, T], D),
  POWER: f('ql_power', [N, N], N),
  REGEXP_INSTR: f('ql_regexp_instr', [T, T, N, N, N, T, N], N, 2),
  REGEXP_REPLACE: f('ql_regexp_replace', [T, T, T, N, N, T], T, 2),
  REGEXP_SUBSTR: f('ql_regexp_substr', [T, T, N, N, T, N], T, 2),
  REMAINDER: f('ql_remainder', [N, N], N),
  REPLACE: f('ql_replace', [T, T, T], T, 2),
  RPAD: f('ql_rpad', [T, N, T], T, 2),
  RTRIM: f('ql_rtrim', [T, T], T, 1),
  SIGN: f('sign', [N], N),
  SIN: f('ql_sin', [N], N),
  SINH: f('ql_sinh', [N], N),
  SOUNDEX: f('ql_soundex', [T], T),
  SQRT: f('ql_sqrt', [N], N),
  SUBSTR: f('ql_substr', [T, N, N], T, 2),
  SYS_EXTRACT_UTC: f('ql_utc', [D], D),
  TAN: f('ql_tan', [N], N),
  TANH: f('ql_tanh', [N], N),
  TRANSLATE: f('ql_translate', [T, T, T], T),
  TRIM: f('ql_trim', [T, T], T, 1),
  UPPER: f('ql_upper', [T], T),
  WIDTH_BUCKET: f('ql_width_bucket', [N, N, N, N], N),
}

/** Aggregates, by their names. */
export const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  // Exact is one of the answers that Oracle's estimate may give.
  APPROX_COUNT_DISTINCT: { takes: 'any', gives: 'number', sql: 'count', isDistinct: true },
  AVG: { takes: 'number', gives: 'number', sql: 'avg', rough: 'product' },
  COUNT: { takes: 'any', gives: 'number', sql: 'count' },
  MAX: { takes: 'any', gives: 'same', sql: 'max' },
  MEDIAN: { takes: 'number', gives: 'number', sql: 'median', rough: 'product' },
  MIN: { takes: 'any', gives: 'same', sql: 'min' },
  SUM: { takes: 'number', gives: 'number', sql: 'sum', rough: 'sum' },
}

interface Aggregate {
  readonly takes: 'number' | 'any'
  /** `same`: the type of the argument. */
  readonly gives: 'number' | 'same'
  readonly sql: string
  readonly isDistinct?: true
  readonly rough?: 'sum' | 'product'
}

/** Need OVER with an order. [SQL-050] */
export const RANKINGS: Readonly<Record<string, string>> = {
  DENSE_RANK: 'dense_rank',
  RANK: 'rank',
  ROW_NUMBER: 'row_number',
}

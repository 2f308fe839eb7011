/**
 * Test support: random customers, random conditions on them, the SQL of a condition, and what it is in TypeScript: true,
 * false or neither. Knows nothing of the translation to SQLite. Amounts are counted in cents, so that nothing is rounded.
 */
import fc from 'fast-check'

/** As a row of the table: amounts in cents, days as `YYYY-MM-DD`. */
export interface Person {
  readonly id: number
  readonly name: string
  readonly phone: string | null
  readonly limit: number | null
  readonly start: string | null
  readonly inactive: 'T' | 'F'
}

type Key = keyof Person
/** What SuiteQL calls it. */
export const COLUMNS = {
  id: 'id',
  name: 'companyname',
  phone: 'phone',
  limit: 'creditlimit',
  start: 'startdate',
  inactive: 'isinactive',
} as const satisfies Record<Key, string>

const NAMES = ['Acme', 'acme', 'Acme Ltd', 'Best', 'Best_1', '100%', 'Ärger', 'o’x', "O'Neil", 'Zz top']
const PHONES = ['555-0100', '555-0101', '+49 30', 'x']
const DAYS = ['2024-02-28', '2024-02-29', '2024-03-01', '2025-12-31', '2026-01-01', '2026-01-31']
const CENTS = [0, 10, 20, 30, 1005, 9999, 10_000, 123_456_789]

const orNull = <T>(values: readonly T[]): fc.Arbitrary<T | null> =>
  fc.option(fc.constantFrom(...values), { freq: 3, nil: null })

/** Without its id. */
export const person: fc.Arbitrary<Omit<Person, 'id'>> = fc.record({
  name: fc.constantFrom(...NAMES),
  phone: orNull(PHONES),
  limit: orNull(CENTS),
  start: orNull(DAYS),
  inactive: fc.constantFrom('T', 'F'),
})

type Kind = 'text' | 'number' | 'day'
type Value = string | number | null

/** A value of a row: its SQL, and what it is. */
export interface Term {
  readonly sql: (alias: string) => string
  readonly of: (row: Person) => Value
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const decimal = (cents: number): string => (cents / 100).toFixed(2)
const column = (key: Key): Term => ({ sql: (alias) => `${alias}${COLUMNS[key]}`, of: (row) => row[key] })

function literal(kind: Kind, value: Value): Term {
  const sql =
    value === null
      ? 'NULL'
      : kind === 'text'
        ? quoted(String(value))
        : kind === 'number'
          ? decimal(Number(value))
          : `TO_DATE('${value}', 'YYYY-MM-DD')`
  return { sql: () => sql, of: () => value }
}

const LITERALS: Readonly<Record<Kind, fc.Arbitrary<Term>>> = {
  text: orNull([...NAMES, ...PHONES, 'T', 'F']).map((value) => literal('text', value)),
  number: orNull(CENTS).map((value) => literal('number', value)),
  day: orNull(DAYS).map((value) => literal('day', value)),
}
const FIELDS: Readonly<Record<Kind, fc.Arbitrary<Term>>> = {
  text: fc.constantFrom<Key[]>('name', 'phone', 'inactive').map(column),
  number: fc.constant<Term>(column('limit')),
  day: fc.constant<Term>(column('start')),
}

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Functions of a value; NULL in, NULL out. */
function derived(kind: Kind, of: Term): fc.Arbitrary<Term> {
  const lifted = (sql: (inner: string) => string, compute: (value: never) => Value): Term => ({
    sql: (alias) => sql(of.sql(alias)),
    of: (row) => {
      const value = of.of(row)
      return value === null ? null : compute(value as never)
    },
  })
  const others: Readonly<Record<Kind, readonly Term[]>> = {
    text: [
      lifted(
        (sql) => `UPPER(${sql})`,
        (text: string) => text.toUpperCase(),
      ),
      lifted(
        (sql) => `SUBSTR(${sql}, 1, 2)`,
        (text: string) => text.slice(0, 2),
      ),
      { sql: (alias) => `${of.sql(alias)} || 'z'`, of: (row) => `${of.of(row) ?? ''}z` },
    ],
    number: [
      lifted(
        (sql) => `${sql} + 0.1`,
        (cents: number) => cents + 10,
      ),
      lifted(
        (sql) => `${sql} - 0.2 - 0.1`,
        (cents: number) => cents - 30,
      ),
      lifted(
        (sql) => `-(${sql})`,
        (cents: number) => -cents,
      ),
      lifted(
        (sql) => `${sql} * 3`,
        (cents: number) => cents * 3,
      ),
    ],
    day: [
      lifted(
        (sql) => `${sql} + 1`,
        (day: string) => addDays(day, 1),
      ),
      lifted(
        (sql) => `LAST_DAY(${sql})`,
        (day: string) => addDays(`${nextMonth(day)}-01`, -1),
      ),
      lifted(
        (sql) => `TRUNC(${sql}, 'MM')`,
        (day: string) => `${day.slice(0, 7)}-01`,
      ),
    ],
  }
  const fallback = LITERALS[kind].map(
    (other): Term => ({
      sql: (alias) => `NVL(${of.sql(alias)}, ${other.sql(alias)})`,
      of: (row) => of.of(row) ?? other.of(row),
    }),
  )
  return fc.oneof(fc.constantFrom(...others[kind]), fallback)
}

function nextMonth(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}

/** A column, or something computed from one, of this kind. */
export const term = (kind: Kind): fc.Arbitrary<Term> =>
  FIELDS[kind].chain((field) => fc.oneof({ weight: 2, arbitrary: fc.constant(field) }, derived(kind, field)))

/** True, false or, where NULL has a part in it, neither. */
export type Truth = boolean | null

export interface Condition {
  readonly sql: (alias: string) => string
  readonly holds: (row: Person) => Truth
}

const not = (truth: Truth): Truth => (truth === null ? null : !truth)
const and = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true
const or = (a: Truth, b: Truth): Truth => not(and(not(a), not(b)))

const COMPARISONS = {
  '=': (a: number) => a === 0,
  '<>': (a: number) => a !== 0,
  '<': (a: number) => a < 0,
  '<=': (a: number) => a <= 0,
  '>': (a: number) => a > 0,
  '>=': (a: number) => a >= 0,
}
type Comparison = keyof typeof COMPARISONS

function compared(a: Value, op: Comparison, b: Value): Truth {
  if (a === null || b === null) return null
  return COMPARISONS[op](a < b ? -1 : a > b ? 1 : 0)
}

/** `%` is any text, `_` one character. */
function matches(text: string, pattern: string): boolean {
  if (pattern === '') return text === ''
  const [sign, rest] = [pattern[0]!, pattern.slice(1)]
  if (sign === '%') return matches(text, rest) || (text !== '' && matches(text.slice(1), pattern))
  return text !== '' && (sign === '_' || sign === text[0]) && matches(text.slice(1), rest)
}

const kinds = fc.constantFrom<Kind[]>('text', 'number', 'day')
const negation = fc.boolean()

const comparison: fc.Arbitrary<Condition> = kinds.chain((kind) =>
  fc
    .tuple(
      term(kind),
      fc.constantFrom(...(Object.keys(COMPARISONS) as Comparison[])),
      fc.oneof(LITERALS[kind], term(kind)),
    )
    .map(([left, op, right]) => ({
      sql: (alias) => `${left.sql(alias)} ${op} ${right.sql(alias)}`,
      holds: (row) => compared(left.of(row), op, right.of(row)),
    })),
)

const between: fc.Arbitrary<Condition> = kinds.chain((kind) =>
  fc.tuple(term(kind), LITERALS[kind], LITERALS[kind], negation).map(([of, low, high, isNot]) => ({
    sql: (alias) => `${of.sql(alias)} ${isNot ? 'NOT ' : ''}BETWEEN ${low.sql(alias)} AND ${high.sql(alias)}`,
    holds: (row) => {
      const inside = and(compared(of.of(row), '>=', low.of(row)), compared(of.of(row), '<=', high.of(row)))
      return isNot ? not(inside) : inside
    },
  })),
)

const inList: fc.Arbitrary<Condition> = kinds.chain((kind) =>
  fc
    .tuple(term(kind), fc.array(LITERALS[kind], { minLength: 1, maxLength: 4 }), negation)
    .map(([of, list, isNot]) => ({
      sql: (alias) =>
        `${of.sql(alias)} ${isNot ? 'NOT ' : ''}IN (${list.map((entry) => entry.sql(alias)).join(', ')})`,
      holds: (row) => {
        const found = list.map((entry) => compared(of.of(row), '=', entry.of(row))).reduce(or, false)
        return isNot ? not(found) : found
      },
    })),
)

const isNull: fc.Arbitrary<Condition> = kinds.chain((kind) =>
  fc.tuple(term(kind), negation).map(([of, isNot]) => ({
    sql: (alias) => `${of.sql(alias)} IS ${isNot ? 'NOT ' : ''}NULL`,
    holds: (row) => (of.of(row) === null) !== isNot,
  })),
)

const like: fc.Arbitrary<Condition> = fc
  .tuple(
    term('text'),
    fc.constantFrom('A%', '%e', '%c%', '_est%', '%', '100%', 'T', '%\u00e4%', ''),
    negation,
  )
  .map(([of, pattern, isNot]) => ({
    sql: (alias) => `${of.sql(alias)} ${isNot ? 'NOT ' : ''}LIKE ${quoted(pattern)}`,
    holds: (row) => {
      const text = of.of(row)
      // An empty pattern is NULL.
      const found = text === null || pattern === '' ? null : matches(String(text), pattern)
      return isNot ? not(found) : found
    },
  }))

const joined = (a: Condition, op: string, b: Condition): Condition => ({
  sql: (alias) => `(${a.sql(alias)} ${op} ${b.sql(alias)})`,
  holds: (row) => (op === 'AND' ? and : or)(a.holds(row), b.holds(row)),
})
const negated = (inner: Condition): Condition => ({
  sql: (alias) => `NOT (${inner.sql(alias)})`,
  holds: (row) => not(inner.holds(row)),
})
const decided = (inner: Condition): Condition => ({
  sql: (alias) => `CASE WHEN ${inner.sql(alias)} THEN 'yes' ELSE 'no' END = 'yes'`,
  holds: (row) => inner.holds(row) === true,
})

/** A condition, of conditions joined by AND, OR, NOT and CASE up to some depth. */
export const condition: fc.Arbitrary<Condition> = fc.letrec<Record<'any' | 'leaf' | 'node', Condition>>(
  (tie) => ({
    any: fc.oneof({ maxDepth: 3, depthSize: 'medium' }, tie('leaf'), tie('node')),
    leaf: fc.oneof(comparison, between, inList, isNull, like),
    node: fc.oneof(
      fc.tuple(tie('any'), fc.constantFrom('AND', 'OR'), tie('any')).map(([a, op, b]) => joined(a, op, b)),
      tie('any').map(negated),
      tie('any').map(decided),
    ),
  }),
).any

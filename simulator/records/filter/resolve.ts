/**
 * A query's names and values against the record type: each condition becomes a `Test` on one stored value, with values
 * of that value's kind. What the type or the account cannot make sense of is refused here. [REC-083..088, REC-E11..E13]
 */
import { javaDateFormat, MINUTE_MS, readCalendarDay, readMoment, type Span } from '../../account-dates.ts'
import { ApiFault } from '../../api-fault.ts'
import type { Preferences } from '../../preferences.ts'
import { type Field, findField, type RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import type { DateTest, Family, Verb } from './operators.ts'
import type { Condition, Query, Tree } from './parse.ts'

/** Where the store has the value. `body`: under the field's name. */
export type Place = 'id' | 'externalId' | 'modified' | 'body'

export interface Column {
  readonly place: Place
  /** As the catalogue spells it. */
  readonly name: string
  readonly family: Family
  /** The document gives no type: whatever is stored is compared as text. */
  readonly isUntyped: boolean
  /** Stored letter → label; both are compared. [OPQ-040] */
  readonly labels: Readonly<Record<string, string>>
}

/** From `fromMs` on and before `toMs`; a side that is absent is open. Dates without a time are days of UTC. */
export type Range = Partial<Span>

interface TestOf<Kind extends string, Value> {
  readonly kind: Kind
  readonly column: Column
  readonly verb: Verb
  readonly isNegated: boolean
  readonly value: Value
}
/** By the form of the value. `text` also holds internal ids, which are stored as texts. */
export type Test =
  | TestOf<'empty', undefined>
  | TestOf<'text', string>
  | TestOf<'boolean', boolean>
  | TestOf<'numbers', readonly number[]>
  | TestOf<'range', Range>

export type Filter = Tree<Test>

export function resolveQuery(query: Query, type: RecordType, preferences: Preferences): Filter {
  if (query.kind === 'condition') return resolveCondition(query, type, preferences)
  return { kind: query.kind, parts: query.parts.map((part) => resolveQuery(part, type, preferences)) }
}

function resolveCondition(
  { field, operator, values }: Condition,
  type: RecordType,
  preferences: Preferences,
): Test {
  const column = columnOf(type, field)
  if (column === undefined) throw unknownField(field)
  const { word, verb, isNegated, fits } = operator
  if (!fits.includes(column.family))
    throw searchError(`Operator '${word}' cannot be used with the field '${column.name}'.`)
  const test = { column, verb, isNegated }
  if (verb === 'EMPTY') return { ...test, kind: 'empty', value: undefined }
  const value = values[0]!
  switch (column.family) {
    case 'string':
      return { ...test, kind: 'text', value }
    case 'boolean':
      return { ...test, kind: 'boolean', value: readBoolean(column, value) }
    case 'number':
      return { ...test, kind: 'numbers', value: values.map((text) => readNumber(column, text, NUMBER)) }
    case 'reference':
    case 'multiSelect':
      return { ...test, kind: 'numbers', value: values.map((text) => readNumber(column, text, WHOLE)) }
    case 'date':
    case 'dateTime':
      return { ...test, kind: 'range', value: readRange(column.family, verb as DateTest, value, preferences) }
  }
}

/** Times of the last change are kept beside the body, with an index. */
const MODIFIED = ['lastmodifieddate', 'lastmodified']

/** Only filterable body fields; a dotted name is a join and a sublist's column is no body field. [REC-085, REC-086] */
function columnOf(type: RecordType, asked: string): Column | undefined {
  const key = asked.toLowerCase()
  const plain = { name: asked, isUntyped: false, labels: {} }
  if (key === 'id') return { ...plain, place: 'id', family: 'number' }
  if (key === 'externalid') return { ...plain, place: 'externalId', family: 'string' }
  const field = findField(type.body, asked)
  const family = field === undefined ? undefined : familyOf(field)
  // A path of SQLite's JSON functions cannot name a field with a quotation mark in it.
  if (field === undefined || family === undefined || field.name.includes('"')) return undefined
  const { filterable } = type.body
  if (filterable !== undefined && !filterable.some((name) => name.toLowerCase() === key)) return undefined
  const place = MODIFIED.includes(key) && family === 'dateTime' ? 'modified' : 'body'
  const isUntyped = field.kind === 'scalar' && field.type === 'any'
  const isStatus = field.kind === 'enum' && (key === 'status' || key === 'orderstatus')
  const labels = (isStatus ? rulesFor(type).statuses : undefined) ?? {}
  return { place, name: field.name, family, isUntyped, labels }
}

function familyOf(field: Field): Family | undefined {
  switch (field.kind) {
    case 'sublist':
    case 'subrecord':
      return undefined
    case 'enum':
      return 'string'
    case 'scalar':
      return SCALAR_FAMILIES[field.type]
    default:
      return field.kind
  }
}

const SCALAR_FAMILIES = {
  string: 'string',
  any: 'string',
  boolean: 'boolean',
  integer: 'number',
  double: 'number',
  float: 'number',
  date: 'date',
  'date-time': 'dateTime',
} as const

const NUMBER = /^-?\d{1,30}(\.\d{1,30})?$/
const WHOLE = /^-?\d{1,15}$/

function readNumber({ name }: Column, text: string, form: RegExp): number {
  if (!form.test(text)) throw searchError(`'${text}' is no number for the field '${name}'.`)
  // Not -0, which would be another text than 0.
  return Number(text) || 0
}

function readBoolean({ name }: Column, text: string): boolean {
  const word = text.toLowerCase()
  if (word !== 'true' && word !== 'false')
    throw searchError(`'${text}' is neither true nor false for the field '${name}'.`)
  return word === 'true'
}

/**
 * A bare date is that date at midnight in the account's zone; only ON means the whole day, as nothing else could match.
 * What is stored is precise to the minute, so after a moment means from the next minute on. [REC-087, OPQ-028]
 */
function readRange(
  family: 'date' | 'dateTime',
  verb: DateTest,
  text: string,
  preferences: Preferences,
): Range {
  const span = family === 'date' ? readCalendarDay(text, preferences) : readMoment(text, preferences)
  if (span === undefined) throw badDate(text, preferences)
  const { fromMs, toMs } = span
  const next = family === 'date' ? toMs : fromMs + MINUTE_MS
  switch (verb) {
    case 'ON':
      return span
    case 'AFTER':
      return { fromMs: next }
    case 'ON_OR_AFTER':
      return { fromMs }
    case 'BEFORE':
      return { toMs: fromMs }
    case 'ON_OR_BEFORE':
      return { toMs: next }
  }
}

/** [REC-E11] */
function badDate(text: string, preferences: Preferences): ApiFault {
  return invalidParameter(
    `Invalid search query. Search error occurred: Parse of date/time "${text}" failed with date format ` +
      `"${javaDateFormat(preferences)}" in time zone ${preferences.timeZone}`,
  )
}

/** [REC-E12] */
function searchError(cause: string): ApiFault {
  return invalidParameter(
    `Invalid search query. Detailed unprocessed description follows. Search error occurred: ${cause}`,
  )
}

/** [REC-E13] */
function unknownField(name: string): ApiFault {
  return invalidParameter(`Unknown field name '${name}' in the search query.`)
}

function invalidParameter(text: string): ApiFault {
  return new ApiFault('INVALID_PARAMETER', text, { queryParam: 'q' })
}

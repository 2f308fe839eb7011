/**
 * From JSON to what is stored: every value of a request body is checked against its field and brought into one form.
 *   scalar → its JSON value · enum → its id · reference → { id } · multi-select → [{ id }] · sublist → [line] · subrecord → { … }
 * Unknown names and badly typed values follow the two validation headers. [REC-104..110]
 */
import { ApiFault, invalidReference, invalidValue } from '../api-fault.ts'
import {
  type EnumField,
  type Field,
  findField,
  type ReferenceField,
  type ScalarField,
  type Shape,
} from '../spec/catalogue.ts'
import type { RecordBody } from './store.ts'

export type Validation = 'ignore' | 'warning' | 'error'

/** What reading a body needs to know of the account and of the request. */
export interface ReadContext {
  readonly nameValidation: Validation
  readonly valueValidation: Validation
  /** Paths of properties dropped with a warning; goes into a response header. [REC-108] */
  readonly warnings: string[]
  /** Whether line breaks are stored only when their escape was escaped again. [REC-014] */
  readonly newlineEscape: 'twice' | 'once'
  /** Form of the refusal of a reference to nothing. [REC-E16, REC-E17] */
  readonly invalidReference: 'observed' | 'documented'
  /** Finds the target of a reference; undefined when there is none. `unchecked`: the account cannot know. */
  resolve(
    targets: readonly string[],
    wanted: { id: string } | { externalId: string },
  ): string | 'unchecked' | undefined
}

/** Stored form of a reference. `refName` only where the account cannot look it up. */
export interface StoredReference {
  readonly id: string
  readonly refName?: string
}

/** Values by canonical field name; `null` where the body says null. */
export type FieldValues = RecordBody

/** Deeper than this no record body goes; it bounds the recursion of everything that walks a stored value. */
const DEPTH_MAX = 32

/** Reads one JSON object against a shape. `skip` names fields that clients cannot set. */
export function readFields(
  shape: Shape,
  json: Record<string, unknown>,
  path: string,
  context: ReadContext,
  skip: ReadonlySet<string> = NOTHING,
): FieldValues {
  const values: FieldValues = {}
  for (const name in json) {
    const value = json[name]
    const field = findField(shape, name)
    const at = path === '' ? name : `${path}.${name}`
    // Who sends back what he read sends links too; they are in every schema and mean nothing. [REC-024]
    if (name === 'links') continue
    if (field === undefined) unknownName(at, context)
    else if (skip.has(field.name)) continue
    else if (value === null) values[field.name] = null
    else keepIfValid(values, field, value, at, context)
  }
  return values
}

const NOTHING: ReadonlySet<string> = new Set()

function unknownName(path: string, { nameValidation, warnings }: ReadContext): void {
  if (nameValidation === 'error') {
    const name = path.slice(path.lastIndexOf('.') + 1)
    throw new ApiFault('INVALID_CONTENT', `Unknown field '${name}'. Provide a valid field name.`, { path })
  }
  if (nameValidation === 'warning') warnings.push(path)
}

function keepIfValid(
  values: FieldValues,
  field: Field,
  value: unknown,
  path: string,
  context: ReadContext,
): void {
  try {
    values[field.name] = readValue(field, value, path, context)
  } catch (error) {
    // Only syntax may be forgiven; a reference to nothing is a semantic error and always fails. [REC-106]
    const forgivable = error instanceof ApiFault && error.code === 'INVALID_VALUE'
    if (!forgivable || context.valueValidation === 'error') throw error
    if (context.valueValidation === 'warning') context.warnings.push(path)
  }
}

function readValue(field: Field, value: unknown, path: string, context: ReadContext): unknown {
  switch (field.kind) {
    case 'scalar':
      return readScalar(field, value, path, context)
    case 'enum':
      return readEnum(field, value, path)
    case 'reference':
      return readReference(field, value, path, context)
    case 'multiSelect':
      return itemsOf(field.name, value, path).map((item, index) =>
        readReference({ name: field.name, targets: field.targets }, item, `${path}.items[${index}]`, context),
      )
    case 'sublist':
      return itemsOf(field.name, value, path).map((item, index) => {
        const at = `${path}.items[${index}]`
        return readFields(field.line, objectOf(field.name, item, at), at, context)
      })
    case 'subrecord':
      return readFields(field.body, objectOf(field.name, value, path), path, context)
  }
}

function objectOf(name: string, value: unknown, path: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalidValue(name, path)
  return value as Record<string, unknown>
}

/** `{ items: […] }`; an array in its place is malformed content. [REC-111, REC-E15] */
function itemsOf(name: string, value: unknown, path: string): unknown[] {
  if (Array.isArray(value))
    throw new ApiFault('INVALID_CONTENT', 'Invalid content in the request body.', { path })
  const { items } = objectOf(name, value, path)
  if (!Array.isArray(items)) throw invalidValue(name, path)
  return items
}

function readScalar(
  { name, type }: ScalarField,
  value: unknown,
  path: string,
  { newlineEscape }: ReadContext,
): unknown {
  const read = READERS[type](value)
  if (read === undefined) throw invalidValue(name, path)
  if (type !== 'string') return read
  const text = read as string
  return newlineEscape === 'twice' && /[\n\r\\]/.test(text) ? unescapeNewlines(text) : text
}

/** A line break reaches the record only as `\\n` or `\\r`; a plain one is lost. [REC-014] */
function unescapeNewlines(text: string): string {
  return text
    .replace(/[\n\r]/g, '')
    .replaceAll('\\n', '\n')
    .replaceAll('\\r', '\r')
}

/** Type → reader that gives the stored value, or undefined for a wrong one. [REC-032..035] */
const READERS: Readonly<Record<ScalarField['type'], (value: unknown) => unknown>> = {
  // Half of a character pair cannot be stored.
  string: (value) =>
    typeof value === 'string' ? value.toWellFormed() : typeof value === 'number' ? String(value) : undefined,
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  integer: (value) => {
    const number = numberOf(value)
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined
  },
  double: numberOf,
  float: numberOf,
  date: readDate,
  'date-time': readDateTime,
  any: (value) => plainCopy(value),
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

/** Padded, and a day that every month has: nothing is left to check. */
const USUAL_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/

/** `YYYY-MM-DD`; unpadded parts are tolerated. [REC-032, REC-033] */
function readDate(value: unknown): string | undefined {
  if (typeof value === 'string' && USUAL_DATE.test(value)) return value
  const parts = typeof value === 'string' ? /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?$/.exec(value) : null
  if (parts === null) return undefined
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return same ? date.toISOString().slice(0, 10) : undefined
}

/** RFC 3339 with any offset; kept in UTC, cut to the minute. [REC-032, OPQ-028] */
function readDateTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value)) return undefined
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`)
  return Number.isNaN(ms) ? undefined : dateTimeText(ms)
}

/** A date-time as answers show it: UTC, minute precision. [OPQ-028] */
export function dateTimeText(ms: number): string {
  const minute = Math.floor(ms / 60_000)
  // Nearly all calls are for the current minute.
  if (minute !== textMinute) {
    textMinute = minute
    minuteText = `${new Date(minute * 60_000).toISOString().slice(0, 16)}:00Z`
  }
  return minuteText
}

let textMinute = Number.NaN
let minuteText = ''

/** A date as answers show it. */
export function dateText(ms: number): string {
  return dateTimeText(ms).slice(0, 10)
}

/** Also by `refName`, which is the id where the document gives no label. [REC-109] */
function readEnum({ name, values }: EnumField, value: unknown, path: string): string {
  let id: unknown = value
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const { id: inner, refName } = value as { id?: unknown; refName?: unknown }
    id = inner ?? refName
  }
  if (typeof id === 'number' || typeof id === 'boolean') id = String(id)
  if (typeof id !== 'string') throw invalidValue(name, path)
  if (values.length === 0 || values.includes(id)) return id
  const sameWord = values.find((known) => known.toLowerCase() === (id as string).toLowerCase())
  if (sameWord === undefined) throw invalidValue(name, path)
  return sameWord
}

/** `{id}`, a bare id, or `{externalId}`; `refName` alone does not name a record. [REC-109, REC-110] */
function readReference(
  { name, targets }: Pick<ReferenceField, 'name' | 'targets'>,
  value: unknown,
  path: string,
  context: ReadContext,
): StoredReference {
  const bare = typeof value === 'string' || typeof value === 'number'
  const { id, externalId, refName } = (bare ? { id: value } : objectOf(name, value, path)) as Record<
    string,
    unknown
  >
  const wanted =
    typeof id === 'string' || typeof id === 'number'
      ? { id: String(id) }
      : typeof externalId === 'string'
        ? { externalId }
        : undefined
  if (wanted === undefined) throw invalidValue(name, path)
  const found = context.resolve(targets, wanted)
  const shown = 'id' in wanted ? wanted.id : wanted.externalId
  if (found === undefined) throw invalidReference(context.invalidReference, name, shown, path)
  if (found !== 'unchecked') return { id: found }
  return typeof refName === 'string' ? { id: shown, refName } : { id: shown }
}

/** The value without names that objects of ours could trip over; undefined when it is nested too deep. */
function plainCopy(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value
  if (depth >= DEPTH_MAX) return undefined
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__') continue
    const kept = plainCopy(inner, depth + 1)
    if (kept === undefined) return undefined
    ;(copy as Record<string, unknown>)[name] = kept
  }
  return copy
}

/** Keys as answers show them: by name without regard to case. [REC-021] */
export function sortKeys(body: RecordBody): RecordBody {
  const { names, blank } = orderOf(Object.keys(body))
  const sorted = { ...blank }
  for (const name of names) sorted[name] = body[name]
  return sorted
}

/** The same for the lines and subrecords of a record. Gives fresh objects throughout. */
export function sortDeep(body: RecordBody): RecordBody {
  const { names, blank } = orderOf(Object.keys(body))
  const sorted = { ...blank }
  for (const name of names) sorted[name] = sortParts(body[name])
  return sorted
}

function sortParts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((line) => (isObject(line) ? sortDeep(line) : line))
  return isObject(value) ? sortDeep(value) : value
}

function isObject(value: unknown): value is RecordBody {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

interface Order {
  /** Sorted. */
  readonly names: readonly string[]
  /** Has all the names. A copy of it stays a plain object, where one that grows name by name becomes a slow hash table. */
  readonly blank: RecordBody
}

interface KnownOrder extends Order {
  readonly unsorted: readonly string[]
}

/** Bodies of one kind come with the same keys again and again; so do the lines within one. By number of keys. */
const orders: (KnownOrder[] | undefined)[] = []
/** Of as many keys. */
const ORDERS_MAX = 32
/** No record type has more; only what a client makes up. */
const KEYS_MAX = 1000

function orderOf(unsorted: readonly string[]): Order {
  if (unsorted.length > KEYS_MAX) return { names: unsorted.toSorted(byLowerCase), blank: {} }
  let known = orders[unsorted.length]
  if (known === undefined) {
    known = []
    orders[unsorted.length] = known
  }
  for (const one of known) if (isSame(one.unsorted, unsorted)) return one
  if (known.length >= ORDERS_MAX) known.length = 0
  const names = unsorted.toSorted(byLowerCase)
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null]))))
  const order = { unsorted, names, blank }
  known.push(order)
  return order
}

/** Lists of as many names. Keys of objects are one string each, so this compares addresses. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

function byLowerCase(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

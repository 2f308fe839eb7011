/**
 * What `ql.header`, `ql.line` and `ql.item` store, and how each column is read from a record of one type: SQL over `r`
 * the record and, in a line, `h` the header's row and `j` the line. The projection is made by SQLite from bodies in binary
 * form, so that no body passes through JavaScript; fields that a type lacks cost nothing. [SQL-070..075]
 */

import { DELIVERED, roleOf } from '../../records/stock/roles.ts'
import { findField, type RecordType, type Shape } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { HEADER_SIGN, NOT_POSTING, QUANTITY_AS_WRITTEN } from './codes.ts'
import { itemTypeOf } from './item-types.ts'
import { type ColumnType, quoted } from './table.ts'

/** What a record type means to its rows. */
export interface Kind {
  readonly type: RecordType
  /** `type` of a transaction, `itemtype` of an item. */
  readonly code: string
  readonly sign: 1 | -1
  /** Its sublists whose lines are lines of a transaction, in order. */
  readonly sublists: readonly string[]
  /** A journal is its lines: there is no row for its header. (no source) */
  readonly isJournal: boolean
}

const SUBLISTS = ['item', 'expense', 'inventory', 'line'] as const

export function kindOf(type: RecordType): Kind {
  const code = rulesFor(type).transactionCode ?? (/^custom/i.test(type.name) ? 'Custom' : type.name)
  const sublists = SUBLISTS.filter((name) => findField(type.body, name)?.kind === 'sublist')
  return { type, code, sign: HEADER_SIGN[code] ?? 1, sublists, isJournal: sublists.includes('line') }
}

export function itemKindOf(type: RecordType): Kind {
  return { type, code: itemTypeOf(type.name) ?? '', sign: 1, sublists: [], isJournal: false }
}

/** What a column is, without where it comes from. */
export interface Stored {
  readonly type: ColumnType
  /** Record types that the value names by id. */
  readonly refers?: readonly string[]
  /** Kept for the projection alone; no column of SuiteQL's table. */
  readonly isHidden?: true
}

interface HeaderColumn extends Stored {
  readonly sql: (kind: Kind) => string
}

/** The first of several expressions that is not NULL; those of fields that are not there are left out. */
function first(...parts: readonly (string | undefined)[]): string {
  const there = parts.filter((part) => part !== undefined)
  return there.length > 1 ? `coalesce(${there.join(', ')})` : (there[0] ?? 'NULL')
}

/** SQL of a field's value, or undefined where the shape lacks the field. */
function field(shape: Shape, body: string, name: string, below = ''): string | undefined {
  const found = findField(shape, name)
  return found && `${body} ->> ${quoted(`$.${found.name}${below}`)}`
}

const inBody = (name: string, { type }: Kind): string | undefined => field(type.body, 'r.body', name)
const idInBody = (name: string, { type }: Kind): string | undefined => {
  const found = field(type.body, 'r.body', name, '.id')
  return found && `nullif(${found}, '')`
}

const ofText = (name: string): HeaderColumn => ({
  type: 'text',
  sql: (kind) => `nullif(CAST(${first(inBody(name, kind))} AS TEXT), '')`,
})
const ofNumber = (name: string): HeaderColumn => ({
  type: 'number',
  sql: (kind) => first(inBody(name, kind)),
})
const ofDay = (name: string): HeaderColumn => ({
  type: 'date',
  sql: (kind) => {
    const found = inBody(name, kind)
    return found === undefined ? 'NULL' : `substr(nullif(${found}, ''), 1, 10) || ' 00:00:00'`
  },
})
const ofReference = (name: string, ...refers: string[]): HeaderColumn => ({
  type: 'number',
  refers,
  sql: (kind) => first(idInBody(name, kind)),
})

const ENTITIES = ['customer', 'vendor', 'employee'] as const

/** What queries filter, sort and join by; all other fields are read from the record when they are asked for. */
export const TRANSACTION: Readonly<Record<string, HeaderColumn>> = {
  id: { type: 'number', sql: () => 'r.id' },
  tranid: ofText('tranId'),
  type: { type: 'text', sql: ({ code }) => quoted(code) },
  recordtype: { type: 'text', sql: ({ type }) => quoted(type.name.toLowerCase()) },
  entity: {
    type: 'number',
    refers: ENTITIES,
    sql: (kind) => first(...['entity', 'customer', 'vendor'].map((name) => idInBody(name, kind))),
  },
  trandate: ofDay('tranDate'),
  duedate: ofDay('dueDate'),
  status: { type: 'text', sql: () => `nullif(r.body ->> '$.status', '')` },
  currency: ofReference('currency', 'currency'),
  exchangerate: ofNumber('exchangeRate'),
  foreigntotal: {
    type: 'number',
    sql: (kind) => `${kind.sign} * ${first(inBody('total', kind), inBody('payment', kind))}`,
  },
  externalid: { type: 'text', sql: () => 'r.external_id' },
  createddate: { type: 'date', sql: () => 'ql_local_ms(r.created_ms)' },
  lastmodifieddate: { type: 'date', sql: () => 'ql_local_ms(r.modified_ms)' },
  subsidiary: ofReference('subsidiary', 'subsidiary'),
  posting: { type: 'text', sql: ({ code }) => (NOT_POSTING.has(code) ? "'F'" : "'T'") },
  location: ofReference('location', 'location'),
  department: ofReference('department', 'department'),
  createdfrom: { ...ofReference('createdFrom', 'salesOrder'), isHidden: true },
  class: { ...ofReference('class', 'classification'), isHidden: true },
}

/** Items are joined with every line, so the fields that reports group by are stored too. */
export const ITEM: Readonly<Record<string, HeaderColumn>> = {
  id: { type: 'number', sql: () => 'r.id' },
  recordtype: { type: 'text', isHidden: true, sql: ({ type }) => quoted(type.name) },
  itemtype: { type: 'text', sql: ({ code }) => (code === '' ? 'NULL' : quoted(code)) },
  itemid: ofText('itemId'),
  displayname: ofText('displayName'),
  externalid: { type: 'text', sql: () => 'r.external_id' },
  lastmodifieddate: { type: 'date', sql: () => 'ql_local_ms(r.modified_ms)' },
}

/** Rows of one transaction are told apart below this. */
const LINES_PER_TRANSACTION_MAX = 1_000_000
/** Unique keys of lines that REST does not show, above all that it gives. */
const OWN_KEYS_FROM = 1_000_000_000_000

/** A sublist of a kind, and SQL of what stands before it: how many lines, and the highest number of one. */
export interface Sublist {
  readonly kind: Kind
  readonly name: string
  readonly shape: Shape
  readonly before: string
  readonly taken: string
}

/** A line's column; in the row of the header and of the tax it is NULL unless told otherwise. */
interface LineColumn extends Stored {
  readonly main?: (kind: Kind) => string
  readonly line: (of: Sublist) => string
  readonly tax?: (kind: Kind, sums: Pick<Sublist, 'before' | 'taken'>) => string
}

const inLine = (name: string, { shape }: Sublist): string | undefined => field(shape, 'j.value', name)
const idInLine = (name: string, { shape }: Sublist): string | undefined => {
  const found = field(shape, 'j.value', name, '.id')
  return found && `nullif(${found}, '')`
}
const everywhere = (sql: string): Pick<LineColumn, 'main' | 'line' | 'tax'> => ({
  main: () => sql,
  line: () => sql,
  tax: () => sql,
})
/** The line's own reference, else what the whole transaction has. */
const ownOrShared = (shared: string, refers: readonly string[], ...names: string[]): LineColumn => ({
  type: 'number',
  refers,
  ...everywhere(`h.${shared}`),
  line: (of) => first(...names.map((name) => idInLine(name, of)), `h.${shared}`),
})

/** The other side of a payment, after its lines; what differs from a line for the tax. */
export const COUNTER: Readonly<Record<string, string>> = {
  key: `h.id * ${LINES_PER_TRANSACTION_MAX} + ${LINES_PER_TRANSACTION_MAX - 2}`,
  uniquekey: `${OWN_KEYS_FROM} + h.id * ${LINES_PER_TRANSACTION_MAX} + ${LINES_PER_TRANSACTION_MAX - 2}`,
  taxline: "'F'",
  foreignamount: '- h.foreigntotal',
}

const keyOf = (seq: string): string => `h.id * ${LINES_PER_TRANSACTION_MAX} + ${seq}`
const TAX_KEY = keyOf(String(LINES_PER_TRANSACTION_MAX - 1))

/** Lines have the other sign than the header, so that a transaction adds up to nothing. Journals post what they say. */
function amountOf(of: Sublist): string {
  const amount = inLine('amount', of)
  const credit = inLine('credit', of)
  return first(inLine('debit', of), credit && `- (${credit})`, amount && `${-of.kind.sign} * (${amount})`)
}

function quantityOf(of: Sublist): string {
  const found = [inLine('quantity', of), inLine('adjustQtyBy', of)].filter((part) => part !== undefined)
  if (found.length === 0) return 'NULL'
  return QUANTITY_AS_WRITTEN.has(of.kind.code) ? first(...found) : `${-of.kind.sign} * ${first(...found)}`
}

/** Whether a line changes what is on hand: of an invoice only where no fulfilment did. */
function movesStock(of: Sublist): string {
  const role = roleOf(of.kind.type)
  if (role?.kind !== 'move' || role.sublist !== of.name) return '0'
  const item = `(SELECT itemtype FROM ql.item WHERE id = ${first(idInLine('item', of))})`
  const isStocked = `coalesce(${item}, '') IN ('InvtPart', 'Assembly')`
  if (role.standsAlone !== true) return isStocked
  const order = first(idInLine('orderDoc', of), idInLine('createdFrom', of), 'h.createdfrom')
  const types = [...DELIVERED].map(quoted).join(', ')
  const source = `(SELECT recordtype FROM ql.header WHERE id = ${order})`
  return `${isStocked} AND coalesce(${source}, '') NOT IN (${types})`
}

export const LINE: Readonly<Record<string, LineColumn>> = {
  key: {
    type: 'number',
    isHidden: true,
    main: () => keyOf('0'),
    line: ({ before }) => keyOf(`${before} + j.key + 1`),
    tax: () => TAX_KEY,
  },
  transaction: { type: 'number', refers: ['salesOrder'], ...everywhere('h.id') },
  id: {
    type: 'number',
    main: () => '0',
    line: (of) => `${first(inLine('line', of), 'j.key + 1')} + ${of.taken}`,
    tax: (_, { taken }) => `${taken} + 1`,
  },
  uniquekey: {
    type: 'number',
    main: () => `${OWN_KEYS_FROM} + ${keyOf('0')}`,
    line: (of) =>
      first(inLine('lineUniqueKey', of), `${OWN_KEYS_FROM} + ${keyOf(`${of.before} + j.key + 1`)}`),
    tax: () => `${OWN_KEYS_FROM} + ${TAX_KEY}`,
  },
  linesequencenumber: {
    type: 'number',
    main: () => '0',
    line: ({ before, kind }) => `${before} + j.key + ${kind.isJournal ? 0 : 1}`,
    tax: (_, { before }) => `${before} + 1`,
  },
  mainline: { type: 'text', ...everywhere("'F'"), main: () => "'T'" },
  taxline: { type: 'text', ...everywhere("'F'"), tax: () => "'T'" },
  item: { type: 'number', refers: ['inventoryItem'], line: (of) => first(idInLine('item', of)) },
  quantity: { type: 'number', line: quantityOf },
  rate: { type: 'number', line: (of) => first(inLine('rate', of)) },
  foreignamount: {
    type: 'number',
    main: () => 'h.foreigntotal',
    line: amountOf,
    tax: (kind) => `${-kind.sign} * (${first(inBody('taxTotal', kind))})`,
  },
  exchangerate: { type: 'number', isHidden: true, ...everywhere('coalesce(h.exchangerate, 1)') },
  entity: ownOrShared('entity', ENTITIES, 'entity', 'customer'),
  location: ownOrShared('location', ['location'], 'location'),
  department: ownOrShared('department', ['department'], 'department'),
  class: ownOrShared('class', ['classification'], 'class'),
  subsidiary: { type: 'number', refers: ['subsidiary'], ...everywhere('h.subsidiary') },
  createdfrom: { type: 'number', refers: ['salesOrder'], ...everywhere('h.createdfrom') },
  isclosed: {
    type: 'text',
    ...everywhere("'F'"),
    line: (of) => `CASE ${first(inLine('isClosed', of))} WHEN 1 THEN 'T' ELSE 'F' END`,
  },
  isinventoryaffecting: {
    type: 'text',
    ...everywhere("'F'"),
    line: (of) => `iif(${movesStock(of)}, 'T', 'F')`,
  },
  recordtype: { type: 'text', isHidden: true, ...everywhere('h.recordtype') },
  sublist: { type: 'text', isHidden: true, line: ({ name }) => quoted(name) },
  place: { type: 'number', isHidden: true, line: () => 'j.key' },
}

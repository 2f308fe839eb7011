/**
 * Tables that are records of one type, or of one kind, read straight from the store: every type of the catalogue, custom
 * record types among them, and `entity` and `item` over all of theirs. [SQL-076, OPQ-062]
 */
import type { Account } from '../../account.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { bodyColumns } from './fields.ts'
import { ITEM } from './layout.ts'
import { type Column, plainColumn, quoted, type Table } from './table.ts'

/** In REST, and an unknown identifier in SuiteQL. [OPQ-062] */
const MISSING: Readonly<Record<string, readonly string[]>> = { customer: ['balance'] }

/** Always there, whatever the document says of the type. */
const COMMON: readonly (readonly [string, Column])[] = [
  ['id', plainColumn('id', 'number', { isNeverNull: true })],
  ['externalid', plainColumn('external_id', 'text')],
  [
    'lastmodifieddate',
    { type: 'date', sql: (alias) => `ql_local_ms(${alias}.modified_ms)`, isNeverNull: true },
  ],
]
const NOT_FIELDS = ['links', 'refname', 'id', 'externalid', 'lastmodifieddate']

const body = (alias: string): string => `${alias}.body`

/** A table of records; `name` in lower case. */
export function recordTable(account: Account, name: string, types: readonly RecordType[]): Table {
  const { catalogue, store } = account
  const whole = types.length > 1 && wholeGroup(account, types)
  return {
    name,
    types,
    columns: new Map([
      ...COMMON,
      ...bodyColumns(catalogue, types, body, hiddenFields(account, name)),
      ...extrasOf(types),
    ]),
    source: (visible) =>
      whole && visible === undefined ? groupOf(rulesFor(types[0]!).group) : recordsOf(visible ?? types),
    rowKey: 'id',
    hasKey: true,
    size: () => types.reduce((sum, type) => sum + store.count(type.name), 0),
  }
}

/** `item`: kept as a table of its own, because every line is joined with it; fields that it does not store are read. */
export function itemTable(account: Account, types: readonly RecordType[]): Table {
  const { catalogue, store } = account
  const read = (alias: string): string =>
    `(SELECT body FROM main.record WHERE grp = 'item' AND id = ${alias}.id)`
  const stored = Object.entries(ITEM).flatMap(([name, { type, isHidden }]): [string, Column][] =>
    isHidden ? [] : [[name, plainColumn(name, type, name === 'id' ? { isNeverNull: true } : {})]],
  )
  const rest = bodyColumns(catalogue, types, read, hiddenFields(account, 'item'))
  return {
    name: 'item',
    types,
    columns: new Map([...stored, ...[...rest].filter(([name]) => !Object.hasOwn(ITEM, name))]),
    source: (visible) =>
      visible === undefined
        ? 'ql.item'
        : `(SELECT * FROM ql.item WHERE recordtype IN (${visible.map((type) => quoted(type.name)).join(', ')}))`,
    rowKey: 'id',
    hasKey: true,
    projected: ['item'],
    size: () => types.reduce((sum, type) => sum + store.count(type.name), 0),
  }
}

/** Fields of the body that are no columns of the table. */
function hiddenFields({ profile }: Account, name: string): ReadonlySet<string> {
  const hidden = [...NOT_FIELDS, ...(MISSING[name] ?? [])]
  // [SQL-036]
  return new Set(profile.features.oneWorld ? hidden : [...hidden, 'subsidiary'])
}

function wholeGroup({ catalogue }: Account, types: readonly RecordType[]): boolean {
  const { group } = rulesFor(types[0]!)
  return catalogue.types.every((type) => rulesFor(type).group !== group || types.includes(type))
}

const FROM_RECORDS = 'SELECT id, type, external_id, display, modified_ms, body FROM main.record'

function recordsOf(types: readonly RecordType[]): string {
  return `(${FROM_RECORDS} WHERE type IN (${types.map((type) => quoted(type.name)).join(', ')}))`
}

/** All records that share a group's ids: one search by id, not one in each type. */
function groupOf(group: string): string {
  return `(${FROM_RECORDS} WHERE grp = ${quoted(group)})`
}

const text =
  (field: string) =>
  (alias: string): string =>
    `nullif(${alias}.body ->> '$."${field}"', '')`

/** Columns that no REST field is. `altname` and `entitytitle`: common knowledge, no source. */
function extrasOf(types: readonly RecordType[]): [string, Column][] {
  const { kind } = rulesFor(types[0]!)
  if (kind === 'item') return [['itemtype', { type: 'text', sql: (alias) => `ql_item_type(${alias}.type)` }]]
  if (kind !== 'entity') return []
  const person = (alias: string): string =>
    `nullif(trim(coalesce(${text('firstName')(alias)}, '') || ' ' || coalesce(${text('lastName')(alias)}, '')), '')`
  return [
    [
      'altname',
      { type: 'text', sql: (alias) => `coalesce(${text('companyName')(alias)}, ${person(alias)})` },
    ],
    ['entitytitle', plainColumn('display', 'text')],
    [
      'balancesearch',
      {
        type: 'number',
        sql: (alias) => `${alias}.body ->> '$."balance"'`,
        currency: (alias) => `ql_id(${alias}.body ->> '$.currency.id')`,
      },
    ],
    ['type', { type: 'text', sql: (alias) => `ql_entity_type(${alias}.type)` }],
  ]
}

const ENTITY_TYPES: Readonly<Record<string, string>> = {
  customer: 'CustJob',
  lead: 'CustJob',
  prospect: 'CustJob',
  job: 'Job',
  vendor: 'Vendor',
  employee: 'Employee',
  contact: 'Contact',
  partner: 'Partner',
  othername: 'OtherName',
}

/** `type` of an entity's record type (common knowledge). */
export function entityTypeOf(type: string): string {
  return ENTITY_TYPES[type.toLowerCase()] ?? type
}

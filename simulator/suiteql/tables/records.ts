/**
 * Tables that are records of one type, or of one kind, read straight from the store: every type of the catalogue, custom
 * record types among them, and `entity` and `item` over all of theirs. [SQL-076, OPQ-062]
 */
import type { Account } from '../../account.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { bodyColumns } from './fields.ts'
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
  const { catalogue, store, profile } = account
  const without = new Set([...NOT_FIELDS, ...(MISSING[name] ?? [])])
  // [SQL-036]
  if (!profile.features.oneWorld) without.add('subsidiary')
  return {
    name,
    types,
    columns: new Map([...COMMON, ...bodyColumns(catalogue, types, body, without), ...extrasOf(types)]),
    source: (visible) => recordsOf(visible ?? types),
    rowKey: 'id',
    size: () => types.reduce((sum, type) => sum + store.count(type.name), 0),
  }
}

function recordsOf(types: readonly RecordType[]): string {
  const names = types.map((type) => quoted(type.name)).join(', ')
  return `(SELECT id, type, external_id, display, modified_ms, body FROM main.record WHERE type IN (${names}))`
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
    ['balancesearch', { type: 'number', sql: (alias) => `${alias}.body ->> '$."balance"'` }],
    ['type', { type: 'text', sql: (alias) => `ql_entity_type(${alias}.type)` }],
  ]
}

/** The codes of SQL-076; the rest is common knowledge. */
const ITEM_TYPES: readonly (readonly [RegExp, string])[] = [
  [/assemblyitem$/, 'Assembly'],
  [/noninventory/, 'NonInvtPart'],
  [/inventoryitem$/, 'InvtPart'],
  [/^service/, 'Service'],
  [/^othercharge/, 'OthCharge'],
  [/^kititem/, 'Kit'],
  [/^itemgroup/, 'Group'],
  [/^discountitem/, 'Discount'],
  [/^descriptionitem/, 'Description'],
  [/^markupitem/, 'Markup'],
  [/^paymentitem/, 'Payment'],
  [/^subtotalitem/, 'Subtotal'],
  [/^giftcert/, 'GiftCert'],
  [/^downloaditem/, 'DwnLdItem'],
  [/^shipitem/, 'ShipItem'],
  [/^salestaxitem/, 'TaxItem'],
  [/^taxgroup/, 'TaxGroup'],
  [/^subscriptionplan/, 'SubscriPlan'],
]

/** `itemtype` of an item's record type. */
export function itemTypeOf(type: string): string | null {
  const name = type.toLowerCase()
  return ITEM_TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? null
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

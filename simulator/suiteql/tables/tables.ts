/** All tables of an account by lower-case name. [SQL-073..077, OPQ-007] */
import type { Account } from '../../account.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { TYPE_LABELS } from './codes.ts'
import { ledgerTable } from './ledger.ts'
import { linkTables } from './links.ts'
import { inventoryAssignmentTable, itemVendorTable } from './lists-of-lines.ts'
import { systemNoteTable } from './notes-table.ts'
import { itemTable, recordTable } from './records.ts'
import { type Column, displayOf, plainColumn, quoted, type Table } from './table.ts'
import { transactionTables } from './transactions.ts'

export function tablesOf(account: Account): ReadonlyMap<string, Table> {
  const { catalogue } = account
  const tables = new Map<string, Table>()
  const add = (table: Table): void => void tables.set(table.name, table)
  const ofKind = (kind: string): RecordType[] =>
    catalogue.types.filter((type) => rulesFor(type).kind === kind)
  // Transactions are rows of one table; their own names are none of a table.
  for (const type of catalogue.types)
    if (rulesFor(type).kind !== 'transaction') add(recordTable(account, type.name.toLowerCase(), [type]))
  const [entities, items] = [ofKind('entity'), ofKind('item')]
  if (entities.length > 0) add(recordTable(account, 'entity', entities))
  if (items.length > 0) add(itemTable(account, items))
  for (const table of transactionTables(account)) add(table)
  for (const table of stockTables(items)) add(table)
  const transactions = ofKind('transaction')
  const sizeOf = (types: readonly RecordType[]) => () =>
    types.reduce((sum, type) => sum + account.store.count(type.name), 0)
  const lines = (): number => 4 * sizeOf(transactions)()
  add(ledgerTable(transactions, lines))
  for (const table of linkTables(transactions, lines)) add(table)
  add(itemVendorTable(account, items))
  add(inventoryAssignmentTable(account, transactions, lines))
  add(systemNoteTable(catalogue.types, sizeOf(catalogue.types)))
  add(statusTable(ofKind('transaction')))
  return account.profile.features.oneWorld ? tables : withoutSubsidiaries(tables)
}

/** The feature is off: as a table that the role may not see. [SQL-033] */
function withoutSubsidiaries(tables: Map<string, Table>): Map<string, Table> {
  const table = tables.get('subsidiary')
  if (table !== undefined) tables.set('subsidiary', { ...table, isOff: true })
  return tables
}

/** [SQL-076, SQL-077, OPQ-007] */
const STOCK = [
  'quantityonhand',
  'quantityavailable',
  'quantitycommitted',
  'quantitybackordered',
  'quantityonorder',
]
const AGGREGATE = [
  ...STOCK,
  'quantityintransit',
  'averagecostmli',
  'onhandvaluemli',
  'reorderpoint',
  'preferredstocklevel',
]
const BALANCE = ['binnumber', 'inventorystatus', 'quantityonhand', 'quantityavailable']

function stockTables(types: readonly RecordType[]): Table[] {
  const table = (name: string, columns: readonly string[], source: string): Table => ({
    name,
    types,
    columns: new Map<string, Column>([
      [
        'item',
        plainColumn('item', 'number', {
          isNeverNull: true,
          display: (alias) => displayOf(['item'], `${alias}.item`),
        }),
      ],
      [
        'location',
        plainColumn('location', 'number', {
          isNeverNull: true,
          display: (alias) => displayOf(['location'], `${alias}.location`),
        }),
      ],
      ...columns.map((column) => [column, plainColumn(column, 'number')] as const),
    ]),
    source: (visible) =>
      visible === undefined ? source : `(SELECT * FROM ${source} WHERE ${ofTypes(visible)})`,
    rowKey: 'item',
    size: () => 1000,
  })
  const plainItems = types.filter(({ name }) => /^inventoryitem$/i.test(name))
  const plain = `(SELECT * FROM main.aggregateitemlocation WHERE ${ofTypes(plainItems)})`
  return [
    table('aggregateitemlocation', AGGREGATE, 'main.aggregateitemlocation'),
    table('inventoryitemlocations', [...STOCK, 'averagecostmli'], plain),
    table('inventorybalance', BALANCE, 'main.inventorybalance'),
  ]
}

function ofTypes(types: readonly RecordType[]): string {
  const names = types.map(({ name }) => quoted(name)).join(', ')
  return `item IN (SELECT id FROM main.record WHERE grp = 'item' AND type IN (${names}))`
}

/** Every status of every type: letter, code of the type, and both in words. */
function statusTable(types: readonly RecordType[]): Table {
  const rows = types.flatMap((type) => {
    const { transactionCode: code, statuses } = rulesFor(type)
    if (code === undefined) return []
    return Object.entries(statuses ?? {}).map(([letter, label]) => [
      letter,
      code,
      label,
      `${TYPE_LABELS[code] ?? code} : ${label}`,
    ])
  })
  const values = rows.map((row) => `(${row.map(quoted).join(', ')})`).join(', ')
  const names = ['id', 'trantype', 'name', 'fullname']
  const list = names.map((name, index) => `column${index + 1} AS ${name}`).join(', ')
  return {
    name: 'transactionstatus',
    types: [],
    columns: new Map(names.map((name) => [name, plainColumn(name, 'text')])),
    source: () => `(SELECT ${list} FROM (VALUES ${values}))`,
    rowKey: 'id',
    size: () => rows.length,
  }
}

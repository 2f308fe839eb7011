/**
 * `transaction` and `transactionline`: real columns in temporary tables, kept by `projection.ts`, because queries join and
 * group all lines. Fields that have no column of their own are read from the record. [SQL-060, SQL-070..075]
 */
import type { Account } from '../../account.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { bodyColumns, shapeColumns } from './fields.ts'
import {
  type Column,
  type ColumnType,
  displayOf,
  hierarchyOf,
  plainColumn,
  quoted,
  type Table,
} from './table.ts'

/** Column → type and, for a reference, the record type it names. The order is that of the tables below. */
type Layout = Readonly<Record<string, ColumnType | readonly [reference: string, ...string[]]>>

export const TRANSACTION = {
  id: 'number',
  tranid: 'text',
  transactionnumber: 'text',
  type: 'text',
  recordtype: 'text',
  entity: ['customer', 'vendor', 'employee'],
  trandate: 'date',
  duedate: 'date',
  status: 'text',
  currency: ['currency'],
  exchangerate: 'number',
  foreigntotal: 'number',
  memo: 'text',
  terms: ['term'],
  postingperiod: ['accountingPeriod'],
  approvalstatus: 'text',
  externalid: 'text',
  createddate: 'date',
  lastmodifieddate: 'date',
  subsidiary: ['subsidiary'],
  posting: 'text',
} as const satisfies Layout

export const LINE = {
  transaction: ['salesOrder'],
  id: 'number',
  uniquekey: 'number',
  linesequencenumber: 'number',
  mainline: 'text',
  taxline: 'text',
  item: ['inventoryItem'],
  itemtype: 'text',
  quantity: 'number',
  rate: 'number',
  rateamount: 'number',
  netamount: 'number',
  foreignamount: 'number',
  entity: ['customer', 'vendor', 'employee'],
  location: ['location'],
  department: ['department'],
  class: ['classification'],
  subsidiary: ['subsidiary'],
  createdfrom: ['salesOrder'],
  isclosed: 'text',
  isbillable: 'text',
  expectedshipdate: 'date',
  dropship: 'text',
  costestimatetype: 'text',
  isinventoryaffecting: 'text',
  inventoryreportinglocation: ['location'],
  memo: 'text',
} as const satisfies Layout

/** Tables and indexes; lines also say where in the record they stand. */
export const PROJECTION_SCHEMA = `
  CREATE TEMP TABLE ql_transaction (${declared(TRANSACTION, 'id INTEGER PRIMARY KEY')});
  CREATE INDEX temp.ql_transaction_modified ON ql_transaction (lastmodifieddate);
  CREATE TEMP TABLE ql_transactionline (${declared(LINE)}, recordtype TEXT, sublist TEXT, place INTEGER,
    PRIMARY KEY ("transaction", id)) WITHOUT ROWID;
`

function declared(layout: Layout, first?: string): string {
  const names = Object.entries(layout).map(([name, type]) =>
    name === 'id' && first !== undefined ? first : `"${name}" ${sqlType(type)}`,
  )
  return names.join(', ')
}

function sqlType(type: Layout[string]): string {
  return Array.isArray(type) ? 'INTEGER' : type === 'number' ? 'NUMERIC' : 'TEXT'
}

/** In REST, and unknown here. [OPQ-062] */
const NOT_COLUMNS = new Set(
  'links refname id total subtotal taxtotal balance status entity class lastmodifieddate'.split(' '),
)

export function transactionTables(account: Account): Table[] {
  const { catalogue, store, profile } = account
  const types = catalogue.types.filter((type) => rulesFor(type).kind === 'transaction')
  const isOneWorld = profile.features.oneWorld
  const columns = layoutColumns(account, TRANSACTION)
  columns.set(
    'type',
    plainColumn('"type"', 'text', {
      display: (alias) => `ql_type_label(${alias}."type")`,
      isNeverNull: true,
    }),
  )
  columns.set('status', statusColumn())
  const body = (alias: string): string =>
    `(SELECT body FROM main.record WHERE grp = 'transaction' AND id = ${alias}.id)`
  const without = new Set([...NOT_COLUMNS, ...(isOneWorld ? [] : ['subsidiary'])])
  for (const [name, column] of bodyColumns(catalogue, types, body, without))
    if (!columns.has(name)) columns.set(name, column)
  const lines = layoutColumns(account, LINE)
  for (const [name, column] of customLineColumns(account, types))
    if (!lines.has(name)) lines.set(name, column)
  const size = (): number => types.reduce((sum, type) => sum + store.count(type.name), 0)
  return [
    { name: 'transaction', types, columns, source: only('ql_transaction'), rowKey: 'id', size },
    {
      name: 'transactionline',
      types,
      columns: lines,
      source: only('ql_transactionline'),
      rowKey: '"transaction"',
      size: () => 4 * size(),
    },
  ]
}

/** Rows of the types that a role may see. */
const only =
  (table: string) =>
  (visible: readonly RecordType[] | undefined): string =>
    visible === undefined
      ? `temp.${table}`
      : `(SELECT * FROM temp.${table} WHERE recordtype IN (${visible.map(({ name }) => quoted(name.toLowerCase())).join(', ')}))`

function layoutColumns({ catalogue, profile }: Account, layout: Layout): Map<string, Column> {
  const columns = new Map<string, Column>()
  for (const [name, type] of Object.entries(layout)) {
    // [SQL-036]
    if (name === 'subsidiary' && !profile.features.oneWorld) continue
    const isNeverNull = ['id', 'transaction', 'mainline', 'taxline'].includes(name)
      ? { isNeverNull: true as const }
      : {}
    if (typeof type === 'string') {
      columns.set(name, plainColumn(`"${name}"`, type, isNeverNull))
      continue
    }
    const groups = [
      ...new Set(
        type.flatMap((target) => catalogue.find(target) ?? []).map((target) => rulesFor(target).group),
      ),
    ]
    columns.set(
      name,
      plainColumn(`"${name}"`, 'number', {
        ...isNeverNull,
        display: (alias) => displayOf(groups, `${alias}."${name}"`),
        ...hierarchyOf(groups, (alias) => `${alias}."${name}"`),
      }),
    )
  }
  return columns
}

/** [SQL-060, OPQ-042] */
function statusColumn(): Column {
  return plainColumn('"status"', 'text', {
    display: (alias) => `ql_status_label(${alias}.recordtype, ${alias}."status")`,
    code: (alias) => `${alias}."type" || ':' || ${alias}."status"`,
  })
}

/** Custom columns of lines, read from the record at the line's place. */
function customLineColumns({ catalogue }: Account, types: readonly RecordType[]): Map<string, Column> {
  const shapes = types.flatMap((type) => {
    const field = findField(type.body, 'item')
    return field?.kind === 'sublist'
      ? [{ ...field.line, fields: field.line.fields.filter(({ name }) => /^custcol/i.test(name)) }]
      : []
  })
  return shapeColumns(catalogue, shapes, lineBody)
}

/** The JSON of a line's own place in its record. */
function lineBody(alias: string): string {
  const place = `'$."' || ${alias}.sublist || '"[' || ${alias}.place || ']'`
  return `(SELECT body -> (${place}) FROM main.record WHERE grp = 'transaction' AND id = ${alias}."transaction")`
}

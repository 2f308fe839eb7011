/**
 * `transaction` and `transactionline`: real columns in tables of their own, kept by `projection.ts`, because queries join and
 * group all lines. Fields that have no column of their own are read from the record. [SQL-060, SQL-070..075]
 */
import type { Account } from '../../account.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { bodyColumns, shapeColumns } from './fields.ts'
import { LINE, type Stored, TRANSACTION } from './layout.ts'
import { type Column, displayOf, hierarchyOf, plainColumn, quoted, type Table } from './table.ts'

/** In REST, and unknown here. [OPQ-062] */
const NOT_COLUMNS = new Set(
  'links refname id total subtotal taxtotal balance status entity class lastmodifieddate'.split(' '),
)

export function transactionTables(account: Account): Table[] {
  const { catalogue, store, profile } = account
  const types = catalogue.types.filter((type) => rulesFor(type).kind === 'transaction')
  const isOneWorld = profile.features.oneWorld
  const columns = storedColumns(account, TRANSACTION)
  columns.set(
    'type',
    plainColumn('"type"', 'text', {
      display: (alias) => `ql_type_label(${alias}."type")`,
      isNeverNull: true,
    }),
  )
  columns.set('status', statusColumn())
  columns.set('postingperiod', postingPeriodColumn())
  own(columns, ['foreigntotal'], { currency: (alias) => `${alias}."currency"`, subsidiary })
  const body = (alias: string): string =>
    `(SELECT body FROM main.record WHERE grp = 'transaction' AND id = ${alias}.id)`
  const without = new Set([...NOT_COLUMNS, ...(isOneWorld ? [] : ['subsidiary'])])
  for (const [name, column] of bodyColumns(catalogue, types, body, without))
    if (!columns.has(name)) columns.set(name, column)
  const lines = new Map([...storedColumns(account, LINE), ...readColumns()])
  for (const [name, column] of customLineColumns(account, types))
    if (!lines.has(name)) lines.set(name, column)
  own(lines, ['foreignamount', 'rate', 'rateamount'], { currency: currencyOfLine, subsidiary })
  own(lines, ['netamount'], { subsidiary })
  const size = (): number => types.reduce((sum, type) => sum + store.count(type.name), 0)
  return [
    {
      name: 'transaction',
      types,
      columns,
      source: only('header'),
      rowKey: 'id',
      hasKey: true,
      projected: ['transaction'],
      size,
    },
    {
      name: 'transactionline',
      types,
      columns: lines,
      source: only('line'),
      rowKey: 'key',
      projected: ['transaction', 'transactionline', 'item'],
      size: () => 4 * size(),
    },
  ]
}

const subsidiary = (alias: string): string => `${alias}.subsidiary`
const currencyOfLine = (alias: string): string =>
  `(SELECT "currency" FROM ql.header WHERE id = ${alias}."transaction")`

/** Says of amounts what they are in and whose they are. */
function own(
  columns: Map<string, Column>,
  names: readonly string[],
  owner: Pick<Column, 'currency' | 'subsidiary'>,
): void {
  for (const name of names) columns.set(name, { ...columns.get(name)!, ...owner })
}

/** Rows of the types that a role may see. */
const only =
  (table: string) =>
  (visible: readonly RecordType[] | undefined): string =>
    visible === undefined
      ? `ql.${table}`
      : `(SELECT * FROM ql.${table} WHERE recordtype IN (${visible.map(({ name }) => quoted(name.toLowerCase())).join(', ')}))`

const NEVER_NULL = new Set(['id', 'transaction', 'mainline', 'taxline'])

function storedColumns(
  { catalogue, profile }: Account,
  layout: Readonly<Record<string, Stored>>,
): Map<string, Column> {
  const columns = new Map<string, Column>()
  for (const [name, { type, refers, isHidden }] of Object.entries(layout)) {
    // [SQL-036]
    if (isHidden || (name === 'subsidiary' && !profile.features.oneWorld)) continue
    const groups = [
      ...new Set(
        refers?.flatMap((target) => catalogue.find(target) ?? []).map((target) => rulesFor(target).group),
      ),
    ]
    columns.set(
      name,
      plainColumn(`"${name}"`, type, {
        ...(NEVER_NULL.has(name) && { isNeverNull: true as const }),
        ...(refers && {
          display: (alias: string) => displayOf(groups, `${alias}."${name}"`),
          ...hierarchyOf(groups, (alias) => `${alias}."${name}"`),
        }),
      }),
    )
  }
  return columns
}

/** Columns of a line that few ask for: read from the record. */
function readColumns(): Map<string, Column> {
  const at = (path: string) => (alias: string) => `${lineBody(alias)} ->> '$.${path}'`
  const flag = (path: string): Column => ({
    type: 'text',
    sql: (alias) => `CASE ${at(path)(alias)} WHEN 1 THEN 'T' ELSE 'F' END`,
  })
  const headerMemo = (alias: string): string =>
    `CASE ${alias}.mainline WHEN 'T' THEN ${headerField('memo')(alias)} END`
  return new Map<string, Column>([
    ['itemtype', { type: 'text', sql: itemType }],
    [
      'netamount',
      { type: 'number', sql: (alias) => `round(${alias}.foreignamount * ${alias}.exchangerate, 2)` },
    ],
    ['rateamount', plainColumn('rate', 'number')],
    ['isbillable', flag('isBillable')],
    ['dropship', flag('dropShip')],
    [
      'expectedshipdate',
      { type: 'date', sql: (alias) => `substr(${at('expectedShipDate')(alias)}, 1, 10) || ' 00:00:00'` },
    ],
    [
      'costestimatetype',
      {
        type: 'text',
        sql: (alias) => `coalesce(${at('costEstimateType.id')(alias)}, ${at('costEstimateType')(alias)})`,
      },
    ],
    [
      'inventoryreportinglocation',
      plainColumn('location', 'number', { display: (alias) => displayOf(['location'], `${alias}.location`) }),
    ],
    [
      'memo',
      {
        type: 'text',
        sql: (alias) =>
          `coalesce(nullif(${at('description')(alias)}, ''), nullif(${at('memo')(alias)}, ''), ${headerMemo(alias)})`,
      },
    ],
  ])
}

const headerField = (path: string) => (alias: string) =>
  `(SELECT body ->> '$.${path}' FROM main.record WHERE grp = 'transaction' AND id = ${alias}."transaction")`

const itemType = (alias: string): string => `(SELECT itemtype FROM ql.item WHERE id = ${alias}.item)`

/** What the record names, else the period of its date; nothing for what posts nothing. [SQL-073] */
function postingPeriodColumn(): Column {
  const named = (alias: string): string =>
    `(SELECT ql_id(body ->> '$.postingPeriod.id') FROM main.record WHERE grp = 'transaction' AND id = ${alias}.id)`
  const id = (alias: string): string =>
    `iif(${alias}.posting = 'F', NULL, coalesce(${named(alias)}, ql_posting_period(${alias}.trandate)))`
  return { type: 'number', sql: id, display: (alias) => displayOf(['accountingperiod'], id(alias)) }
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

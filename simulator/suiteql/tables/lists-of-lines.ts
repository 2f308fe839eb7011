/** Lists inside records that are tables of their own; columns are those of the lines, and the record they are in. [SQL-076] */
import type { Account } from '../../account.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import { shapeColumns } from './fields.ts'
import { type Column, displayOf, plainColumn, quoted, type Table } from './table.ts'

/** Lots, serial numbers and bins of transaction lines. Beside the names of REST, `inventorynumber` and `bin`, as clients ask. */
export function inventoryAssignmentTable(
  { catalogue }: Account,
  types: readonly RecordType[],
  size: () => number,
): Table {
  const shapes = types.flatMap(({ body }) =>
    body.fields.flatMap((field) => {
      const detail = field.kind === 'sublist' ? findField(field.line, 'inventoryDetail') : undefined
      const found = detail?.kind === 'subrecord' ? findField(detail.body, 'inventoryAssignment') : undefined
      return found?.kind === 'sublist' ? [found.line] : []
    }),
  )
  const ofLine = shapeColumns(catalogue, shapes, (alias) => `${alias}.line`, new Set(['links', 'refname']))
  const renamed = (name: string, as: string): [string, Column][] => {
    const column = ofLine.get(name)
    return column === undefined ? [] : [[as, column]]
  }
  const list = `'$."' || l.sublist || '"[' || l.place || '].inventoryDetail.inventoryAssignment'`
  const source = `SELECT l.key * 10000 + j.key AS id, l."transaction" AS "transaction", l.id AS transactionline, j.value AS line,
      l.recordtype AS recordtype
    FROM ql.line AS l JOIN main.record AS r ON r.grp = 'transaction' AND r.id = l."transaction", json_each(r.body, ${list}) AS j`
  return {
    name: 'inventoryassignment',
    types,
    columns: new Map<string, Column>([
      ...ofLine,
      ...renamed('issueinventorynumber', 'inventorynumber'),
      ...renamed('binnumber', 'bin'),
      ['id', plainColumn('id', 'number', { isNeverNull: true })],
      [
        'transaction',
        plainColumn('"transaction"', 'number', {
          display: (alias) => displayOf(['transaction'], `${alias}."transaction"`),
        }),
      ],
      ['transactionline', plainColumn('transactionline', 'number')],
    ]),
    source: (visible) =>
      visible === undefined
        ? `(${source})`
        : `(${source} WHERE l.recordtype IN (${visible.map(({ name }) => quoted(name.toLowerCase())).join(', ')}))`,
    rowKey: 'id',
    projected: ['transaction', 'transactionline', 'item'],
    size,
  }
}

export function itemVendorTable({ catalogue, store }: Account, items: readonly RecordType[]): Table {
  const having = items.flatMap((type) => {
    const field = findField(type.body, 'itemVendor')
    return field?.kind === 'sublist' ? [{ type, line: field.line }] : []
  })
  const types = having.map(({ type }) => type)
  const source = (of: readonly RecordType[]): string =>
    `(SELECT r.id AS item, j.value AS line FROM main.record AS r, json_each(r.body, '$.itemVendor') AS j
      WHERE r.type IN (${of.map(({ name }) => quoted(name)).join(', ')}))`
  return {
    name: 'itemvendor',
    types,
    columns: new Map<string, Column>([
      ['item', plainColumn('item', 'number', { display: (alias) => displayOf(['item'], `${alias}.item`) })],
      ...shapeColumns(
        catalogue,
        having.map(({ line }) => line),
        (alias) => `${alias}.line`,
        new Set(['links', 'refname']),
      ),
    ]),
    source: (visible) => source(visible ?? types),
    rowKey: 'item',
    size: () => types.reduce((sum, type) => sum + store.count(type.name), 0),
  }
}

/** Sublists that are tables of their own: `itemvendor`. Its columns are those of the lines, and the record they are in. [SQL-076] */
import type { Account } from '../../account.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import { shapeColumns } from './fields.ts'
import { type Column, displayOf, plainColumn, quoted, type Table } from './table.ts'

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

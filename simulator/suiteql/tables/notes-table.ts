/**
 * `systemnote`: a row for each field that a write changed, one for each creation and each deletion. Creations are read from
 * the records themselves, so an insert keeps nothing more than it did. Who wrote is not kept: `name` and `role` are NULL.
 * [SQL-076] Columns as clients select them; codes of record types: common knowledge.
 */
import type { RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { type Column, plainColumn, quoted, type Table } from './table.ts'

/** Internal ids of record types. */
const TYPE_IDS: Readonly<Record<string, number>> = {
  customer: -2,
  vendor: -3,
  employee: -4,
  contact: -6,
}
const KIND_IDS: Readonly<Record<string, number>> = { item: -10, transaction: -30 }

/** What `type` is called: the words are the interface's, the numbers ours. */
const CHANGES = { Create: 1, Set: 2, Unset: 3, Change: 4, Delete: 5 } as const

const SOURCE = `SELECT n.id * 1000 + c.key AS id, n.at_ms AS at_ms, n.record AS recordid, n.type AS recordtype,
    c.value ->> 0 AS field, c.value ->> 1 AS oldvalue, c.value ->> 2 AS newvalue,
    CASE WHEN c.value ->> 0 IS NULL THEN ${CHANGES.Delete} WHEN c.value ->> 1 IS NULL THEN ${CHANGES.Set}
      WHEN c.value ->> 2 IS NULL THEN ${CHANGES.Unset} ELSE ${CHANGES.Change} END AS type
  FROM main.system_note AS n, json_each(n.changes) AS c
  UNION ALL SELECT - rowid, created_ms, id, type, NULL, NULL, NULL, ${CHANGES.Create} FROM main.record`

export function systemNoteTable(types: readonly RecordType[], size: () => number): Table {
  const rows = types.flatMap((type) => {
    const id = TYPE_IDS[type.name.toLowerCase()] ?? KIND_IDS[rulesFor(type).kind]
    return id === undefined ? [] : [`WHEN ${quoted(type.name)} THEN ${id}`]
  })
  const typeId = (alias: string): string =>
    rows.length === 0 ? 'NULL' : `CASE ${alias}.recordtype ${rows.join(' ')} END`
  const words = Object.entries(CHANGES).map(([word, id]) => `WHEN ${id} THEN '${word}'`)
  return {
    name: 'systemnote',
    types,
    columns: new Map<string, Column>([
      ['id', plainColumn('id', 'number', { isNeverNull: true })],
      ['date', { type: 'date', sql: (alias) => `ql_local_ms(${alias}.at_ms)`, isNeverNull: true }],
      ['recordid', plainColumn('recordid', 'number')],
      ['recordtypeid', { type: 'number', sql: typeId, display: (alias) => `${alias}.recordtype` }],
      ['field', plainColumn('field', 'text')],
      ['oldvalue', plainColumn('oldvalue', 'text')],
      ['newvalue', plainColumn('newvalue', 'text')],
      [
        'type',
        plainColumn('type', 'number', { display: (alias) => `CASE ${alias}.type ${words.join(' ')} END` }),
      ],
      ['name', { type: 'number', sql: () => 'NULL' }],
      ['role', { type: 'number', sql: () => 'NULL' }],
      ['context', { type: 'text', sql: () => "'RST'", display: () => "'REST Web Services'" }],
      ['lineid', { type: 'number', sql: () => 'NULL' }],
    ]),
    source: (visible) =>
      visible === undefined
        ? `(${SOURCE})`
        : `(SELECT * FROM (${SOURCE}) WHERE recordtype IN (${visible.map(({ name }) => quoted(name)).join(', ')}))`,
    rowKey: 'id',
    size,
  }
}

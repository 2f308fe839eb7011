/**
 * Which transaction came from which: `previoustransactionlink` and `nexttransactionlink` by document, the same with `line` in
 * the name by line. One set of rows under four names: what a record was created from, and what a payment or credit is
 * applied to. (no facts; `linktype` as clients use it: OrdBill, ShipRcpt, Payment, OrdDep, DepAppl)
 */
import type { RecordType } from '../../spec/catalogue.ts'
import { type Column, displayOf, plainColumn, quoted, type Table } from './table.ts'

const LINK_TYPE = `CASE h."type" WHEN 'ItemShip' THEN 'ShipRcpt' WHEN 'ItemRcpt' THEN 'ShipRcpt' WHEN 'CustDep' THEN 'OrdDep'
  WHEN 'DepAppl' THEN 'DepAppl' ELSE 'OrdBill' END`
const PAID = `SELECT h.id, CAST(j.value ->> '$.doc.id' AS INTEGER), NULL, NULL,
  iif(h."type" = 'DepAppl', 'DepAppl', 'Payment'), h."type", h.recordtype, j.value ->> '$.amount'
  FROM ql.header AS h JOIN main.record AS r ON r.grp = 'transaction' AND r.id = h.id, json_each(r.body, '$.apply') AS j
  WHERE j.value ->> '$.doc.id' IS NOT NULL AND coalesce(j.value ->> '$.apply', 1) <> 0`
const SOURCES = {
  document: `SELECT h.id AS nextdoc, h.createdfrom AS previousdoc, NULL AS nextline, NULL AS previousline,
    ${LINK_TYPE} AS linktype, h."type" AS nexttype, h.recordtype AS recordtype, abs(h.foreigntotal) AS foreignamount
    FROM ql.header AS h WHERE h.createdfrom IS NOT NULL UNION ALL ${PAID}`,
  line: `SELECT h.id AS nextdoc, h.createdfrom AS previousdoc, l.id AS nextline,
    (SELECT CAST(body ->> ('$."' || l.sublist || '"[' || l.place || '].orderLine') AS INTEGER)
      FROM main.record WHERE grp = 'transaction' AND id = h.id) AS previousline,
    ${LINK_TYPE} AS linktype, h."type" AS nexttype, h.recordtype AS recordtype, abs(l.foreignamount) AS foreignamount
    FROM ql.header AS h JOIN ql.line AS l ON l."transaction" = h.id
    WHERE h.createdfrom IS NOT NULL AND l.mainline = 'F' AND l.taxline = 'F' UNION ALL ${PAID}`,
}

const transaction = (name: string): [string, Column] => [
  name,
  plainColumn(name, 'number', { display: (alias) => displayOf(['transaction'], `${alias}.${name}`) }),
]

export function linkTables(types: readonly RecordType[], size: () => number): Table[] {
  const columns = new Map<string, Column>([
    transaction('previousdoc'),
    transaction('nextdoc'),
    ['linktype', plainColumn('linktype', 'text')],
    [
      'previoustype',
      { type: 'text', sql: (alias) => `(SELECT "type" FROM ql.header WHERE id = ${alias}.previousdoc)` },
    ],
    ['nexttype', plainColumn('nexttype', 'text')],
    ['foreignamount', plainColumn('foreignamount', 'number')],
  ])
  const withLines = new Map<string, Column>([
    ...columns,
    ['previousline', plainColumn('previousline', 'number')],
    ['nextline', plainColumn('nextline', 'number')],
  ])
  return (['document', 'line'] as const).flatMap((by) =>
    ['previous', 'next'].map(
      (side): Table => ({
        name: `${side}transaction${by === 'line' ? 'line' : ''}link`,
        types,
        columns: by === 'line' ? withLines : columns,
        source: (visible) => {
          if (visible === undefined) return `(${SOURCES[by]})`
          const seen = visible.map(({ name }) => quoted(name.toLowerCase())).join(', ')
          return `(SELECT * FROM (${SOURCES[by]}) WHERE recordtype IN (${seen}))`
        },
        rowKey: 'nextdoc',
        projected: ['transaction', 'transactionline'],
        size,
      }),
    ),
  )
}

/** If this fails, a query that could make very many rows runs uncounted, or joins along references are slowed by counting. */
import { describe, expect, it } from 'vitest'
import { combinations } from './bounds.ts'
import { parse } from './parse.ts'
import { plainColumn, type Table } from './tables/table.ts'

const table = (name: string, rows: number, hasKey: boolean): [string, Table] => [
  name,
  {
    name,
    columns: new Map([['id', plainColumn('id', 'number')]]),
    types: [],
    source: () => name,
    rowKey: 'id',
    ...(hasKey && { hasKey: true as const }),
    size: () => rows,
  },
]
const TABLES = new Map([
  table('transaction', 1000, true),
  table('transactionline', 5000, false),
  table('item', 100, true),
  table('customer', 10, true),
])
const LINES = 'transaction t, transactionline l, item i, customer c WHERE l.transaction = t.id'

describe('a bound for the rows a statement joins', () => {
  it.each([
    ['one table', 'transactionline l', 5000],
    ['joined by nothing', 'transaction t, transactionline l', 5_000_000],
    ['along references', `${LINES} AND i.id = l.item AND c.id = t.entity`, 5000],
    [
      'a key compared with an expression',
      'transactionline l, item i WHERE NVL(l.item, l.item + 1) = i.id',
      5000,
    ],
    ['a key that is a value', 'transaction t, item i WHERE t.id = 7 AND i.id = ?', 1],
    [
      'left joins',
      'transactionline l LEFT JOIN transaction t ON t.id = l.transaction LEFT JOIN item i ON i.id = l.item',
      5000,
    ],
    ['(+)', 'transactionline l, item i WHERE l.item = i.id(+)', 5000],
    ['by what is no key', 'transaction t, transactionline l WHERE l.id = t.id AND l.item = t.entity', 5000],
    ['both by the other’s key: one of them is run through', 'transaction t, item i WHERE t.id = i.id', 100],
    [
      'in a circle',
      'transaction t, item i, customer c WHERE t.id = i.parent AND i.id = c.parent AND c.id = t.entity',
      10,
    ],
    ['by a condition that need not hold', 'transaction t, item i WHERE i.id = t.item OR i.id = 1', 100_000],
    ['by another comparison', 'transaction t, item i WHERE i.id >= t.item', 100_000],
    ['by its own columns', 'transaction t, item i WHERE i.id = i.parent', 100_000],
    ['by a column of who knows which table', 'transaction t, item i WHERE i.id = item', 100_000],
    ['by a subselect', 'transaction t, item i WHERE i.id = (SELECT MAX(id) FROM customer)', 1_000_000],
    ['a full join keeps what matches nothing', 'transaction t FULL JOIN item i ON i.id = t.item', 100_000],
    [
      'a subselect for every row',
      'transaction t WHERE EXISTS (SELECT 1 FROM transactionline l WHERE l.item = t.id)',
      5_000_000,
    ],
    ['derived tables', '(SELECT id FROM item) a, (SELECT id FROM item) b', 10_000],
  ])('%s', (_, from, rows) => {
    expect(combinations(parse(`SELECT 1 AS one FROM ${from}`).selects, TABLES)).toBe(rows)
  })
})

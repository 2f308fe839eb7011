/**
 * If these fail, a file that is not what it seems starts a run, or the person who wrote it is not told which row
 * and which column to correct.
 */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/error.ts'
import { isInstant } from './order.ts'
import { readOrders } from './order-file.ts'

const HEADER = 'order_id,order_name,created_at,email,customer_id,sku,quantity,price'
const ROW = '1,#1001,2026-01-05T09:00:00Z,ava@example.com,c1,MUG-1,2,19.90'
const csv = (...rows: string[]): string => [HEADER, ...rows].join('\n')
const order = (changes: object = {}): Record<string, unknown> => ({
  id: '1',
  name: '#1001',
  created_at: '2026-01-05T09:00:00Z',
  email: 'ava@example.com',
  customer: { id: 'c1', email: 'ava@example.com' },
  line_items: [{ id: 'l1', sku: 'MUG-1', quantity: 2, price: '19.90' }],
  total_price: '39.80',
  ...changes,
})
const ndjson = (...orders: object[]): string => orders.map((item) => JSON.stringify(item)).join('\n')

const mistakeIn = (text: string): AppError => {
  try {
    readOrders(text, 'day.csv')
  } catch (error) {
    return error as AppError
  }
  throw new Error('was accepted')
}

describe('readOrders: CSV', () => {
  it('joins rows of one order, wherever they are', () => {
    const [first, second, ...more] = readOrders(
      csv(ROW, ROW.replace('1,#1001', '2,#1002'), ROW.replace('MUG-1,2', 'BAG-2,1')),
      'day.csv',
    )
    expect(more).toEqual([])
    expect(second!.name).toBe('#1002')
    expect(first).toMatchObject({
      id: '1',
      total_price: '59.70',
      currency: 'USD',
      customer: { id: 'c1', email: 'ava@example.com' },
      line_items: [
        { id: '1-1', sku: 'MUG-1', quantity: 2, price: '19.90' },
        { id: '1-2', sku: 'BAG-2', quantity: 1, price: '19.90' },
      ],
    })
  })
  it('takes a byte order mark, CRLF, quotes, columns in any order, extra columns and no e-mail', () => {
    const text = `\ufeffSKU,note,quantity,price,title,order_id,order_name,created_at,email,customer_id,city,country_code\r
MUG-1,"a ""note""\r
over two lines",1,5,"Mug, blue",1,#1001,2026-01-05 04:00:00 -0500,,c1,Zürich,CH\r\n`
    expect(readOrders(text, 'x')).toMatchObject([
      {
        created_at: '2026-01-05T04:00:00-0500',
        line_items: [{ title: 'Mug, blue', price: '5' }],
        shipping_address: { city: 'Zürich', country_code: 'CH' },
      },
    ])
  })
  it('reads a repeat of all rows as a redelivery, unless line ids tell the lines apart', () => {
    expect(readOrders(csv(ROW, ROW), 'x').map(({ line_items }) => line_items.length)).toEqual([1, 1])
    const withIds = `${HEADER},line_id\n${ROW},a\n${ROW},b`
    expect(readOrders(withIds, 'x').map(({ line_items }) => line_items.length)).toEqual([2])
    expect(readOrders(`${withIds}\n${ROW},a\n${ROW},b`, 'x')).toHaveLength(2)
    const otherLine = ROW.replace('MUG-1', 'BAG-1')
    expect(readOrders(csv(ROW, ROW, otherLine), 'x').map((o) => o.line_items.length)).toEqual([3])
  })
  it.each([
    [
      'a missing column',
      csv(ROW).replace(',sku', ',item'),
      1,
      '/sku',
      /"sku" is missing/,
      /add a column "sku"/,
    ],
    [
      'a misspelt column',
      csv(ROW).replace('created_at', 'create_at'),
      1,
      '/created_at',
      /missing/,
      /rename column "create_at"/,
    ],
    ['a column twice', csv(ROW).replace('email', 'sku'), 1, '/sku', /twice/, /remove/],
    [
      'a bad date',
      csv(ROW, ROW.replace('2026-01-05T', '05.01.2026 ')),
      3,
      '/created_at',
      /05\.01\.2026/,
      /correct/,
    ],
    ['a date that does not exist', csv(ROW.replace('01-05', '02-30')), 2, '/created_at', /02-30/, /correct/],
    ['a date without zone', csv(ROW.replace('00Z', '00')), 2, '/created_at', /09:00:00/, /correct/],
    ['a quantity in words', csv(ROW.replace(',2,', ',two,')), 2, '/quantity', /"two"/, /correct/],
    ['half a piece', csv(ROW.replace(',2,', ',0.5,')), 2, '/quantity', /"0.5"/, /correct/],
    ['no piece', csv(ROW.replace(',2,', ',0,')), 2, '/quantity', /"0"/, /correct/],
    ['a decimal comma', csv(ROW.replace('19.90', '"19,90"')), 2, '/price', /"19,90"/, /correct/],
    ['an empty SKU', csv(ROW.replace('MUG-1', '')), 2, '/sku', /empty/, /fill it in/],
    ['a cell too few', csv(ROW, '2,#1002'), 3, undefined, /record length/i, /correct the row/],
    ['an open quote', csv(ROW, '2,"#1002'), 3, undefined, /quote/i, /correct the row/],
    [
      'an id with other content',
      csv(ROW, ROW.replace('c1', 'c2')),
      3,
      '/customer_id',
      /"c2" here and "c1" in line 2/,
      /different ids/,
    ],
    [
      'a name used twice',
      csv(ROW, ROW.replace('1,#', '2,#')),
      3,
      '/name',
      /#1001 belongs to order 1 in line 2/,
      /different names/,
    ],
    ['a header only', `${HEADER}\n`, 1, undefined, /no orders/, /give a file/],
    ['an empty file', '', 1, undefined, /no orders/, /give a file/],
    ['blank lines only', ' \n\n', 1, undefined, /no orders/, /give a file/],
  ])('refuses %s', (_, text, line, pointer, message, mend) => {
    const mistake = mistakeIn(text)
    expect(mistake).toBeInstanceOf(AppError)
    expect(mistake.code).toBe('E_ORDERS_INVALID')
    expect(mistake.message).toMatch(message)
    expect(mistake.details).toMatchObject({ file: 'day.csv', line })
    if (pointer !== undefined) expect(mistake.details.pointer).toBe(pointer)
    expect(mistake.details.expected).toBeTruthy()
    expect(mistake.details.mend).toMatch(mend)
  })
})

describe('readOrders: JSON', () => {
  const two = [order(), order({ id: 2, name: '#1002', total_price: 39.8 })]
  it.each([
    ['NDJSON', ndjson(...two)],
    ['NDJSON with blank lines', `\n${ndjson(...two).replace('\n', '\r\n\r\n')}\n`],
    ['an array', JSON.stringify(two)],
    ['a printed array', JSON.stringify(two, null, 2)],
    ["Shopify's list", JSON.stringify({ orders: two })],
    ["Shopify's list, printed", JSON.stringify({ orders: two }, null, 2)],
  ])('reads %s', (_, text) => {
    expect(readOrders(text, 'x').map(({ id, total_price }) => [id, total_price])).toEqual([
      ['1', '39.80'],
      ['2', '39.8'],
    ])
  })
  it('reads one printed order, and keeps exact repeats', () => {
    expect(readOrders(JSON.stringify(order(), null, 2), 'x')).toHaveLength(1)
    expect(readOrders(ndjson(order(), order()), 'x')).toHaveLength(2)
  })
  it.each([
    [
      'a missing field',
      ndjson(order(), order({ id: '2', name: undefined })),
      2,
      '/name',
      /"name" is missing/,
    ],
    ['a bad date', ndjson(order({ created_at: 'yesterday' })), 1, '/created_at', /not valid/],
    [
      'a bad number',
      ndjson(order({ line_items: [{ id: 'a', sku: 'S', quantity: '2', price: '1' }] })),
      1,
      '/line_items/0/quantity',
      /not valid/,
    ],
    ['a bad price', ndjson(order({ total_price: '12,50' })), 1, '/total_price', /not valid/],
    ['no lines', ndjson(order({ line_items: [] })), 1, '/line_items', /not valid/],
    ['a broken line', `${ndjson(order())}\n{"id": 2,\n`, 2, undefined, /not JSON/],
    ['a broken first line', `{"id": 1,\n${ndjson(order())}`, 1, undefined, /not JSON/],
    ['a broken array', '[\n{"id": 1},\n{"id": }\n]', 3, undefined, /not JSON/],
    ['an array of something else', '[1]', 1, '/', /not valid/],
    ['an empty array', '[]', 1, undefined, /no orders/],
    [
      'an id with other content',
      ndjson(order(), order({ email: 'x@example.com' })),
      2,
      '/id',
      /line 1 already/,
    ],
    ['a name used twice', ndjson(order(), order({ id: '2' })), 2, '/name', /belongs to order 1/],
  ])('refuses %s', (_, text, line, pointer, message) => {
    const mistake = mistakeIn(text)
    expect(mistake).toBeInstanceOf(AppError)
    expect(mistake.code).toBe('E_ORDERS_INVALID')
    expect(mistake.message).toMatch(message)
    expect(mistake.details).toMatchObject({ file: 'day.csv', line })
    if (pointer !== undefined) expect(mistake.details.pointer).toBe(pointer)
    expect(mistake.details.expected).toBeTruthy()
    expect(mistake.details.mend).toBeTruthy()
  })
  it('says what a union field would take', () => {
    expect(mistakeIn(ndjson(order({ total_price: 'x' }))).details.expected).toMatch(/decimal amount/)
  })
})

describe('isInstant', () => {
  it.each([
    ['2026-01-05T09:00:00Z', true],
    ['2026-01-05T09:00:00.123+01:00', true],
    ['2024-02-29T09:00Z', true],
    ['2026-02-29T09:00:00Z', false],
    ['2026-13-01T09:00:00Z', false],
    ['2026-01-05T25:00:00Z', false],
    ['2026-01-05T09:00:00', false],
    ['2026-01-05', false],
    ['foo 1', false],
  ])('%s: %s', (text, expected) => {
    expect(isInstant(text)).toBe(expected)
  })
})

/**
 * Orders from CSV: one row per order line, a header row first, columns in any order, others ignored.
 *   required: order_id order_name created_at email customer_id sku quantity price
 *   optional: line_id title first_name last_name currency total_price address1 address2 city province_code zip country_code phone
 * Rows of one order need not be adjacent. An order all of whose rows occur n times was delivered n times; with a `line_id`,
 * equal products on two lines stay apart from that. `total_price` defaults to the sum of the lines.
 */
import { type Info, parse } from 'csv-parse/sync'
import { closest, distance } from 'fastest-levenshtein'
import { isInstant } from './order.ts'
import { orderError } from './order-error.ts'

const REQUIRED = [
  'order_id',
  'order_name',
  'created_at',
  'email',
  'customer_id',
  'sku',
  'quantity',
  'price',
] as const
const OPTIONAL = [
  'line_id',
  'title',
  'first_name',
  'last_name',
  'currency',
  'total_price',
  'address1',
  'address2',
  'city',
  'province_code',
  'zip',
  'country_code',
  'phone',
] as const
/** Must be the same on all rows of an order. */
const PER_ORDER = [
  'order_name',
  'created_at',
  'email',
  'customer_id',
  'first_name',
  'last_name',
  'currency',
  'total_price',
] as const
/** Letters that may differ for an unknown column to be taken for a misspelt one. */
const MISSPELT_DISTANCE_MAX = 3

type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number]
type Row = { readonly line: number; readonly cells: Readonly<Partial<Record<Column, string>>> }

/** An order as the schema will see it, with the line it starts on. */
export interface RawOrder {
  readonly line: number
  readonly data: unknown
}

/** Reads CSV text into raw orders, in order of their first row. Throws `E_ORDERS_INVALID`. */
export function readCsvOrders(text: string, file: string): RawOrder[] {
  const byOrder = new Map<string, Row[]>()
  for (const row of rowsOf(text, file)) {
    checkRow(row, file)
    const rows = byOrder.get(row.cells.order_id!)
    if (rows === undefined) byOrder.set(row.cells.order_id!, [row])
    else {
      checkSameOrder(rows[0]!, row, file)
      rows.push(row)
    }
  }
  return [...byOrder.values()].flatMap(deliveriesOf)
}

function rowsOf(text: string, file: string): Row[] {
  let records: { record: string[]; info: Info }[]
  try {
    // `info` gives the line a record ends on; quoted cells may span lines.
    records = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records
  } catch (error) {
    const { message, lines, column } = error as { message: string; lines?: number; column?: number | string }
    throw orderError({
      file,
      line: lines,
      column: column === undefined ? undefined : String(column),
      message: message.split('\n')[0]!,
      expected: 'comma-separated cells, quotes doubled inside quotes, as many cells as the header',
      mend: 'correct the row',
    })
  }
  const [header, ...rows] = records
  if (header === undefined || rows.length === 0) {
    throw orderError({
      file,
      line: 1,
      message: 'the file holds no orders',
      expected: 'a header row and one row per order line',
      mend: 'give a file with orders',
    })
  }
  const places = columnPlaces(header.record, file)
  return rows.map(({ record, info }) => {
    const cells: Partial<Record<Column, string>> = {}
    for (const [column, place] of places) {
      const cell = record[place]!
      if (cell !== '') cells[column] = cell
    }
    return { line: info.lines, cells }
  })
}

function columnPlaces(header: readonly string[], file: string): [Column, number][] {
  const names = header.map((name) => name.toLowerCase())
  const known: readonly Column[] = [...REQUIRED, ...OPTIONAL]
  const twice = known.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice !== undefined) {
    const message = `column "${twice}" is there twice`
    throw orderError({
      file,
      line: 1,
      column: twice,
      message,
      expected: 'each column once',
      mend: 'remove one',
    })
  }
  const missing = REQUIRED.find((name) => !names.includes(name))
  if (missing !== undefined) {
    const strangers = names.filter((name) => !known.includes(name as Column))
    const nearest = strangers.length === 0 ? undefined : closest(missing, strangers)
    const misspelt = nearest !== undefined && distance(missing, nearest) <= MISSPELT_DISTANCE_MAX
    throw orderError({
      file,
      line: 1,
      column: missing,
      message: `column "${missing}" is missing`,
      expected: `the columns ${REQUIRED.join(', ')}`,
      mend: misspelt ? `rename column "${nearest}" to "${missing}"` : `add a column "${missing}"`,
    })
  }
  return known.flatMap((name): [Column, number][] =>
    names.includes(name) ? [[name, names.indexOf(name)]] : [],
  )
}

/** Cell rules: column → test, what is expected. E-mail may be empty: not every shopper leaves one. */
const CELL_RULES: readonly (readonly [Column, (cell: string) => boolean, string])[] = [
  [
    'created_at',
    (cell) => isInstant(asInstant(cell)),
    'a date-time with its zone, e.g. 2026-01-05T09:00:00Z',
  ],
  ['quantity', (cell) => /^[1-9]\d{0,8}$/.test(cell), 'a whole number from 1'],
  ['price', (cell) => /^\d+(\.\d+)?$/.test(cell), 'a decimal amount with a point, e.g. 19.90'],
  ['total_price', (cell) => /^\d+(\.\d+)?$/.test(cell), 'a decimal amount with a point, e.g. 39.80'],
  ['currency', (cell) => cell.length === 3, 'three letters, e.g. USD'],
  ['country_code', (cell) => cell.length === 2, 'two letters, e.g. US'],
]

function checkRow({ line, cells }: Row, file: string): void {
  for (const column of REQUIRED) {
    if (cells[column] !== undefined || column === 'email') continue
    const message = `column "${column}" is empty`
    throw orderError({
      file,
      line,
      column,
      message,
      expected: 'a value',
      mend: 'fill it in or remove the row',
    })
  }
  for (const [column, holds, expected] of CELL_RULES) {
    const cell = cells[column]
    if (cell === undefined || holds(cell)) continue
    const message = `column "${column}" holds "${cell}"`
    throw orderError({ file, line, column, message, expected, mend: `correct "${column}" in this row` })
  }
}

function checkSameOrder(first: Row, row: Row, file: string): void {
  const column = PER_ORDER.find((name) => first.cells[name] !== row.cells[name])
  if (column === undefined) return
  throw orderError({
    file,
    line: row.line,
    column,
    message: `order ${row.cells.order_id} has "${row.cells[column] ?? ''}" here and "${first.cells[column] ?? ''}" in line ${first.line}`,
    expected: `the same "${column}" on all rows of an order`,
    mend: 'correct one of the two rows, or give the orders different ids',
  })
}

/** Shopify's CSV export writes `2026-01-05 09:00:00 -0500`: the same moment, other punctuation. */
function asInstant(cell: string): string {
  if (cell[10] === 'T') return cell
  return cell
    .replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T')
    .replace(/ (?=[+-]\d{2}:?\d{2}$|Z$|UTC$)/, '')
    .replace(/UTC$/, 'Z')
}

/** The rows of one order as one delivery, or as n of them when every row is there n times. */
function deliveriesOf(rows: readonly Row[]): RawOrder[] {
  // Nearly all orders: no product twice, so no row can be there twice.
  if (new Set(rows.map(({ cells }) => cells.sku)).size === rows.length) return [orderOf(rows)]
  const copies = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify(row.cells)
    const same = copies.get(key)
    if (same === undefined) copies.set(key, [row])
    else same.push(row)
  }
  const groups = [...copies.values()]
  const times = groups[0]!.length
  if (times === 1 || groups.some((group) => group.length !== times)) return [orderOf(rows)]
  return Array.from({ length: times }, (_, copy) => orderOf(groups.map((group) => group[copy]!)))
}

function orderOf(rows: readonly Row[]): RawOrder {
  const { line, cells } = rows[0]!
  const lineItems = rows.map((row, index) => ({
    id: row.cells.line_id ?? `${cells.order_id}-${index + 1}`,
    sku: row.cells.sku,
    title: row.cells.title,
    quantity: Number(row.cells.quantity),
    price: row.cells.price,
  }))
  const person = { first_name: cells.first_name, last_name: cells.last_name }
  const { address1, address2, city, province_code, zip, country_code, phone } = cells
  const address = { ...person, address1, address2, city, province_code, zip, country_code, phone }
  const hasAddress = [address1, address2, city, province_code, zip, country_code, phone].some(Boolean)
  const data = {
    id: cells.order_id,
    name: cells.order_name,
    created_at: asInstant(cells.created_at!),
    email: cells.email,
    currency: cells.currency,
    customer: { id: cells.customer_id, email: cells.email, ...person },
    line_items: lineItems,
    shipping_address: hasAddress ? address : undefined,
    total_price: cells.total_price ?? sumOf(lineItems),
  }
  return { line, data }
}

function sumOf(lines: readonly { readonly quantity: number; readonly price: string | undefined }[]): string {
  return lines.reduce((sum, { quantity, price }) => sum + quantity * Number(price), 0).toFixed(2)
}

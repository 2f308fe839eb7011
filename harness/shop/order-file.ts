/**
 * Reads orders that a user brings: NDJSON (one Shopify-shaped order per line), a JSON array, Shopify's own
 * `{ "orders": [...] }`, or CSV (columns: order-csv.ts). Which one it is, the first character tells. Every mistake stops
 * the run before it starts and says where it is, what was expected and how to mend it.
 */
import type { z } from 'zod'
import { type ShopOrder, shopOrderSchema } from './order.ts'
import { type RawOrder, readCsvOrders } from './order-csv.ts'
import { orderError } from './order-error.ts'

/**
 * All orders of `text` in their order there; exact repeats are kept, as redeliveries. `file` is only named in errors.
 * Throws `E_ORDERS_INVALID` for anything that could not be replayed faithfully.
 */
export function readOrders(text: string, file: string): ShopOrder[] {
  const content = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const first = /\S/.exec(content)?.[0]
  if (first === undefined) throw noOrders(file)
  const raw =
    first === '[' || first === '{' ? readJsonOrders(content, first, file) : readCsvOrders(content, file)
  if (raw.length === 0) throw noOrders(file)
  const orders = raw.map(({ data, line }) => parseOrder(data, line, file))
  checkIdentity(orders, raw, file)
  return orders
}

function noOrders(file: string) {
  return orderError({
    file,
    line: 1,
    message: 'the file holds no orders',
    expected: 'NDJSON, a JSON array or CSV with at least one order',
    mend: 'give a file with orders',
  })
}

function readJsonOrders(text: string, first: '[' | '{', file: string): RawOrder[] {
  if (first === '[') return inArray(parseJson(text, 1, file) as unknown[])
  const lines = text.split('\n')
  const firstLine = lines.find((line) => line.trim() !== '')!
  // An object that ends on its first line is NDJSON; otherwise the whole text is one document.
  if (isJson(firstLine) && !isOrderList(JSON.parse(firstLine))) {
    return lines.flatMap((line, index): RawOrder[] =>
      line.trim() === '' ? [] : [{ line: index + 1, data: parseJson(line, index + 1, file) }],
    )
  }
  if (lines.filter((line) => line.startsWith('{')).length > 1) {
    // Several objects, the first of them broken: name its line rather than complain about the document.
    parseJson(firstLine, lines.indexOf(firstLine) + 1, file)
  }
  const document = parseJson(text, 1, file)
  return isOrderList(document) ? inArray(document.orders) : [{ line: 1, data: document }]
}

function inArray(items: readonly unknown[]): RawOrder[] {
  return items.map((data, index) => ({ line: index + 1, data }))
}

function isOrderList(value: unknown): value is { orders: unknown[] } {
  return typeof value === 'object' && value !== null && Array.isArray((value as { orders?: unknown }).orders)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function parseJson(text: string, firstLine: number, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const line = firstLine + brokenLine(text)
    throw orderError({
      file,
      line,
      // The runtime counts lines within the piece it was given; ours is the line of the file.
      message: `not JSON: ${message.replace(/ \(line \d+ column \d+\)$/, '')}`,
      expected: 'one JSON object per line, or one JSON array',
      mend: 'correct this line',
    })
  }
}

/**
 * Index of the line that breaks `text`. The runtime's message often has no position, so: the first line with which
 * the text so far is more than merely unfinished, by bisection.
 */
function brokenLine(text: string): number {
  const ends = [...text.matchAll(/\n|$/g)].map(({ index }) => index)
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (isUnfinished(text.slice(0, ends[middle]))) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether more text could still make `text` valid: it fails at its very end only. */
function isUnfinished(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const { message } = error as Error
    const position = /position (\d+)/.exec(message)?.[1]
    return /end of JSON input/.test(message) || Number(position ?? -1) >= text.length
  }
}

function parseOrder(data: unknown, line: number, file: string): ShopOrder {
  const parsed = shopOrderSchema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const column = issue.path.map(String).join('/')
  const absent = valueAt(data, issue.path) === undefined
  throw orderError({
    file,
    line,
    column,
    message: absent ? `field "${column}" is missing` : `field "${column}" is not valid`,
    expected: expectedBy(issue),
    mend: absent ? `add "${column}" to this order` : `correct "${column}" in this order`,
  })
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  )
}

/** How the schema library words a wrong type. */
const TYPE_MESSAGE = /^Invalid input: expected (\w+), received .*$/

/** What a union expected is in its branches, the issue itself only says "invalid input". */
function expectedBy(issue: z.core.$ZodIssue): string {
  const branches = issue.code === 'invalid_union' ? issue.errors.flat() : []
  const messages = branches.length === 0 ? [issue.message] : branches.map(({ message }) => message)
  return [...new Set(messages.map((text) => text.replace(TYPE_MESSAGE, 'a $1')))].join(', or ')
}

/** One id, one content; one name, one id: otherwise the account could not be checked against the file. */
function checkIdentity(orders: readonly ShopOrder[], raw: readonly RawOrder[], file: string): void {
  const byId = new Map<string, { order: ShopOrder; line: number }>()
  const byName = new Map<string, { id: string; line: number }>()
  orders.forEach((order, index) => {
    const { line } = raw[index]!
    const sameId = byId.get(order.id)
    if (sameId !== undefined && JSON.stringify(sameId.order) !== JSON.stringify(order)) {
      throw orderError({
        file,
        line,
        column: 'id',
        message: `order id ${order.id} was in line ${sameId.line} already, with other content`,
        expected: 'each id once; an exact repeat counts as a redelivery',
        mend: 'remove one of the two, or make them equal',
      })
    }
    const sameName = byName.get(order.name)
    if (sameName !== undefined && sameName.id !== order.id) {
      throw orderError({
        file,
        line,
        column: 'name',
        message: `order name ${order.name} belongs to order ${sameName.id} in line ${sameName.line} and to order ${order.id} here`,
        expected: 'a name of its own for each order: it is how orders are found in the account',
        mend: 'give the orders different names',
      })
    }
    byId.set(order.id, { order, line })
    byName.set(order.name, { id: order.id, line })
  })
}

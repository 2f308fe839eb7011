/**
 * The exported account as checks see it: sales orders by the shop's order name (`otherRefNum`), their lines with
 * SKUs instead of item ids, customers by what identifies a shopper. Independent of external IDs, which are the
 * engine's own device and may be what is broken.
 */
import type { ControlClient, ExportedRecord } from '../control-client.ts'
import type { ShopOrder } from '../shop/order.ts'
import type { AccountExport } from './check.ts'

/** One line as both sides can state it. */
export interface Line {
  readonly sku: string
  readonly quantity: number
  readonly rate: number
}

/** Rates are compared to a millionth: exact for money, blind to binary fractions. */
const RATE_DECIMALS = 6

/** Reads back what the checks look at, and no more: the account is large by then. */
export async function exportAccount(control: ControlClient): Promise<AccountExport> {
  return {
    salesOrders: await control.exportRecords('salesOrder', [
      'otherRefNum',
      'entity',
      'item.item',
      'item.quantity',
      'item.rate',
    ]),
    customers: await control.exportRecords('customer', ['email', 'firstName', 'lastName', 'companyName']),
    items: await control.exportRecords('inventoryItem', ['itemId']),
    deposits: await control.exportRecords('customerDeposit', ['salesOrder', 'payment']),
  }
}

/** `otherRefNum` → sales orders that carry it, in id order. */
export function ordersByName(salesOrders: readonly ExportedRecord[]): Map<string, ExportedRecord[]> {
  return groupBy(salesOrders, ({ body }) => textOf(body.otherRefNum))
}

/** Groups in order of first appearance; items without a key are left out. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Non-empty text, or `undefined`. Numbers count as their text: a PO number may come back as one. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Internal id of a reference field such as `{ id, refName }`. */
export function referenceId(value: unknown): string | undefined {
  return textOf((value as { id?: unknown } | null | undefined)?.id)
}

/** Item id → SKU (`itemId`). */
export function skusOf({ items }: AccountExport): Map<string, string> {
  return new Map(items.map(({ id, body }) => [id, textOf(body.itemId) ?? `item ${id}`]))
}

/** Lines of a sales order. A line whose item is not in the account shows the reference's name instead of a SKU. */
export function linesInAccount(order: ExportedRecord, skus: ReadonlyMap<string, string>): Line[] {
  // item: { items: [ { item: { id, refName }, quantity, rate } ] }
  const sublist = order.body.item as { items?: unknown } | undefined
  const rows = Array.isArray(sublist?.items) ? (sublist.items as Record<string, unknown>[]) : []
  return rows.map((row) => {
    const item = row.item as { refName?: unknown } | undefined
    const sku = skus.get(referenceId(item) ?? '') ?? textOf(item?.refName) ?? 'no item'
    return { sku, quantity: Number(row.quantity), rate: Number(row.rate) }
  })
}

/** Lines of the shop's order. */
export function linesSent(order: ShopOrder): Line[] {
  return order.line_items.map(({ sku, quantity, price }) => ({ sku, quantity, rate: Number(price) }))
}

/** Whether both hold the same lines, in whatever order. Nearly always in the same one, which spares writing them out. */
export function sameLines(lines: readonly Line[], others: readonly Line[]): boolean {
  const isAt = ({ sku, quantity, rate }: Line, at: number): boolean => {
    const other = others[at]
    return other?.sku === sku && other.quantity === quantity && other.rate === rate
  }
  return (lines.length === others.length && lines.every(isAt)) || linesText(lines) === linesText(others)
}

/** `2 × MUG-0001 at 19.9, …`: sorted, so that equal sets of lines give equal text. */
export function linesText(lines: readonly Line[]): string {
  const texts = lines.map(
    ({ sku, quantity, rate }) => `${quantity} × ${sku} at ${Number(rate.toFixed(RATE_DECIMALS))}`,
  )
  return texts.length === 0 ? 'no lines' : texts.sort().join(', ')
}

/** How a shopper is recognised: the e-mail address in lower case, else the name. `undefined`: by nothing. */
export function shopperKeys(order: ShopOrder): string[] {
  const emails = [order.customer.email, order.email].flatMap((email) => (email ? [emailKey(email)] : []))
  if (emails.length > 0) return [...new Set(emails)]
  const { first_name, last_name } = order.customer
  const name = [first_name, last_name].filter(Boolean).join(' ')
  return name === '' ? [] : [nameKey(name)]
}

/** The keys under which a customer record could be a shopper's. */
export function customerKeys({ body }: ExportedRecord): string[] {
  const email = textOf(body.email)
  const person = [textOf(body.firstName), textOf(body.lastName)].filter(Boolean).join(' ')
  const name = textOf(body.companyName) ?? (person === '' ? undefined : person)
  return [...(email === undefined ? [] : [emailKey(email)]), ...(name === undefined ? [] : [nameKey(name)])]
}

function emailKey(email: string): string {
  return `e-mail ${email.trim().toLowerCase()}`
}

function nameKey(name: string): string {
  return `name ${name.trim().toLowerCase()}`
}

/** What the account works out by itself: line numbers, line amounts, totals of a transaction. [REC-136, REC-138, REC-321] */
import { findField, type RecordType } from '../spec/catalogue.ts'
import type { TypeRules } from '../spec/rules.ts'
import type { RecordBody } from './store.ts'

/** Gives new lines of keyed sublists their number: one more than the highest there. Keys that are references are the client's. */
export function numberLines(type: RecordType, { lineKeys }: TypeRules, body: RecordBody): void {
  for (const [sublist, key] of Object.entries(lineKeys)) {
    const field = findField(type.body, sublist)
    if (field?.kind !== 'sublist' || body[field.name] === undefined) continue
    const column = findField(field.line, key)
    if (column?.kind !== 'scalar') continue
    const lines = body[field.name] as RecordBody[]
    let last = lines.reduce((most, line) => Math.max(most, Number(line[column.name] ?? 0)), 0)
    // Only lines of this request have none yet, and those are ours to change.
    for (const line of lines) {
      if (line[column.name] === undefined)
        line[column.name] = column.type === 'string' ? String(++last) : ++last
    }
  }
}

/** Line `amount` = quantity × rate unless it was sent; subtotal and total from the lines. [REC-321] */
export function computeTransaction(type: RecordType, body: RecordBody): void {
  const items = findField(type.body, 'item')
  if (items?.kind !== 'sublist') return
  const hasAmount = findField(items.line, 'amount') !== undefined
  let subtotal = 0
  for (const line of (body[items.name] as RecordBody[] | undefined) ?? []) {
    // As above: a stored line with a rate has its amount, unless this request took it away to have it worked out anew.
    if (hasAmount && line.amount === undefined && line.rate !== undefined) {
      line.amount = toCents(numberOr(line.quantity, 1) * numberOr(line.rate, 0))
    }
    subtotal += numberOr(line.amount, 0)
  }
  const set = (name: string, value: number): void => {
    if (findField(type.body, name) !== undefined) body[name] = toCents(value)
  }
  const total =
    subtotal + numberOr(body.taxTotal, 0) + numberOr(body.shippingCost, 0) - numberOr(body.discountTotal, 0)
  set('subtotal', subtotal)
  set('total', total)
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

/** Amounts have two decimals in the account's currency. */
function toCents(amount: number): number {
  return Math.round((amount + Number.EPSILON * Math.sign(amount)) * 100) / 100
}

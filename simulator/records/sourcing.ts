/**
 * What a transaction takes from other records unless its body says otherwise: from its customer or vendor, from the address
 * book, from the price lists of its items, from its terms. [REC-340, REC-352]
 */
import type { Account } from '../account.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { toId } from './references.ts'
import type { RecordBody } from './store.ts'
import type { FieldValues, StoredReference } from './values.ts'

/** [REC-340] `salesRep` is common knowledge. */
const SOURCED = ['subsidiary', 'currency', 'terms', 'salesRep']

/** For a new record, and for one that changes its customer. Lays what is sourced into `body`, before the request's values. */
export function sourceFromEntity(
  { store }: Account,
  type: RecordType,
  values: FieldValues,
  body: RecordBody,
): void {
  const entity = (values.entity ?? values.customer) as StoredReference | null | undefined
  const before = (body.entity ?? body.customer) as StoredReference | undefined
  if (entity === undefined || entity === null || entity.id === before?.id) {
    if (before === undefined || !ADDRESSES.some(({ list }) => values[list])) return
    const book = store.get('entity', toId(before.id) ?? 0)?.body.addressBook as RecordBody[] | undefined
    if (book !== undefined) sourceAddresses(type, book, values, body, true)
    return
  }
  const source = store.get('entity', toId(entity.id) ?? 0)?.body
  if (source === undefined) return
  for (const name of SOURCED) {
    const field = findField(type.body, name)
    if (field?.kind === 'reference' && source[name] !== undefined) body[field.name] = source[name]
  }
  sourceCurrency(store, type, body)
  const book = source.addressBook as RecordBody[] | undefined
  if (book !== undefined) sourceAddresses(type, book, values, body)
}

/** The first currency of an account is its base currency (common knowledge), and every transaction has one. [REC-320] */
const BASE_CURRENCY = 1

function sourceCurrency(store: Account['store'], type: RecordType, body: RecordBody): void {
  const field = body.currency === undefined ? findField(type.body, 'currency') : undefined
  if (field?.kind !== 'reference' || store.peek('currency', BASE_CURRENCY) === undefined) return
  body[field.name] = { id: String(BASE_CURRENCY) }
}

const ADDRESSES = [
  { name: 'billingAddress', list: 'billAddressList', flag: 'defaultBilling' },
  { name: 'shippingAddress', list: 'shipAddressList', flag: 'defaultShipping' },
] as const

/** The line that the request chose, else the default one. A sent address replaces both. */
function sourceAddresses(
  type: RecordType,
  book: readonly RecordBody[],
  values: FieldValues,
  body: RecordBody,
  onlyChosen = false,
): void {
  for (const { name, list, flag } of ADDRESSES) {
    if (onlyChosen && !values[list]) continue
    if (name in values || findField(type.body, name)?.kind !== 'subrecord') continue
    const chosen = (values[list] as StoredReference | null | undefined)?.id
    const line = book.find((one) => (chosen === undefined ? one[flag] === true : String(one.id) === chosen))
    if (line?.addressBookAddress === undefined) continue
    body[name] = line.addressBookAddress
    if (findField(type.body, list)?.kind !== 'reference') continue
    const reference = { id: String(line.id), ...(typeof line.label === 'string' && { refName: line.label }) }
    body[list] = reference
    if (chosen !== undefined) values[list] = reference
  }
}

/** Prices of item lines that came without one, from the price level of the line, of the customer, or the base price. */
export function sourcePrices({ store }: Account, type: RecordType, body: RecordBody): void {
  const items = findField(type.body, 'item')
  if (items?.kind !== 'sublist') return
  const lines = body[items.name] as RecordBody[] | undefined
  if (lines === undefined || !lines.some(isUnpriced)) return
  const { line: shape } = items
  if (findField(shape, 'rate') === undefined || findField(shape, 'price')?.kind !== 'reference') return
  const entity = toId((body.entity as StoredReference | undefined)?.id ?? '')
  const ofEntity = entity === undefined ? undefined : store.get('entity', entity)?.body.priceLevel
  body[items.name] = lines.map((line) => {
    if (!isUnpriced(line)) return line
    const level = ((line.price ?? ofEntity) as StoredReference | undefined)?.id ?? BASE_PRICE
    const item = store.get('item', toId((line.item as StoredReference).id) ?? 0)
    const rate = item === undefined ? undefined : priceOf(item.body, level, body, line)
    return rate === undefined ? line : { ...line, rate, price: { id: level } }
  })
}

/** The price level of every account; -1 is a price of one's own. (common knowledge) */
const BASE_PRICE = '1'

function isUnpriced({ item, rate, amount, grossAmt }: RecordBody): boolean {
  return item !== undefined && rate === undefined && amount === undefined && grossAmt === undefined
}

/** Of the prices of a level in the currency, the one for the highest quantity that is reached. [REC-037] */
function priceOf(
  item: RecordBody,
  level: string,
  { currency }: RecordBody,
  { quantity }: RecordBody,
): number | undefined {
  const wanted = typeof quantity === 'number' ? quantity : 1
  const money = (currency as StoredReference | undefined)?.id
  let best: { from: number; price: number } | undefined
  for (const line of (item.price as RecordBody[] | undefined) ?? []) {
    if ((line.priceLevel as StoredReference | undefined)?.id !== level || typeof line.price !== 'number')
      continue
    const page = (line.currencyPage as StoredReference | undefined)?.id
    if (money !== undefined && page !== undefined && page !== money) continue
    const from = Number((line.quantity as { value?: unknown } | null | undefined)?.value ?? 0)
    if (from <= wanted && (best === undefined || from >= best.from)) best = { from, price: line.price }
  }
  return best?.price
}

const DUE_BY_TERMS: ReadonlySet<string> = new Set(['invoice', 'vendorBill'])
const DAY_MS = 86_400_000

/** The date plus the days of the terms, unless a due date was sent. [REC-352] */
export function sourceDueDate(
  { store }: Account,
  type: RecordType,
  values: FieldValues,
  body: RecordBody,
): void {
  if (!DUE_BY_TERMS.has(type.name) || ('dueDate' in values && values.dueDate !== null)) return
  const isNew = body.dueDate === undefined
  if (!isNew && !('terms' in values) && !('tranDate' in values)) return
  const terms = toId((body.terms as StoredReference | undefined)?.id ?? '')
  const days = terms === undefined ? undefined : store.get('term', terms)?.body.daysUntilNetDue
  if (typeof days !== 'number' || typeof body.tranDate !== 'string') return
  body.dueDate = new Date(Date.parse(body.tranDate) + days * DAY_MS).toISOString().slice(0, 10)
}

/**
 * Orders of a web shop, from a seed: Shopify-shaped, with new and returning customers, few and many lines, a few
 * popular products and a long tail. The same seed, options and times give the same orders; nothing is drawn while
 * the load runs, so that no race can change what is sent.
 */
import type { Rng } from '../../kernel/rng.ts'
import type { Scenario } from '../scenario.ts'
import { type CatalogueItem, centsText } from './catalogue.ts'
import { CITIES, FIRST_NAMES, LAST_NAMES, STREETS } from './names.ts'
import type { ShopOrder } from './order.ts'

export interface GeneratorOptions {
  readonly shop: Pick<Scenario['shop'], 'newCustomerRatio' | 'linesMin' | 'linesMax'> & {
    /** Share of orders that come paid. Default 0. */
    readonly paidRatio?: number
  }
  readonly catalogue: readonly CatalogueItem[]
  /** When each order is created, milliseconds since the epoch; its length is the number of orders. */
  readonly createdMs: readonly number[]
}

type Customer = ShopOrder['customer']
type Address = NonNullable<ShopOrder['shipping_address']>

/** Shaped like Shopify's ids: numbers beyond 32 bits, sent as text. */
const ORDER_ID_BASE = 5_400_000_000_000
const CUSTOMER_ID_BASE = 7_100_000_000_000
const LINE_ID_BASE = 13_800_000_000_000
const ORDER_NUMBER_FIRST = 1001
/** Sales tax of the shop's state, applied to all: tax is not on trial. */
const TAX_RATIO = 0.0825
/** Two of three lines are for a single piece. */
const SINGLE_PIECE_RATIO = 0.67
const PIECES_MAX = 5

/** One order per creation time, in their order. */
export function generateOrders(rng: Rng, options: GeneratorOptions): ShopOrder[] {
  const { shop, catalogue, createdMs } = options
  const customers = new CustomerBase(rng.fork('customers'), shop.newCustomerRatio)
  const linesRng = rng.fork('lines')
  const paidRng = rng.fork('paid')
  const popularity = popularityOf(catalogue.length)
  return createdMs.map((atMs, index) => {
    const { customer, address } = customers.next()
    const lines = drawLines(linesRng, shop, catalogue, popularity)
    const subtotalCents = lines.reduce((sum, { item, quantity }) => sum + item.priceCents * quantity, 0)
    const taxCents = Math.round(subtotalCents * TAX_RATIO)
    return {
      id: String(ORDER_ID_BASE + index),
      name: `#${ORDER_NUMBER_FIRST + index}`,
      created_at: new Date(atMs).toISOString(),
      email: customer.email,
      currency: 'USD',
      ...(paidRng.chance(shop.paidRatio ?? 0) ? { financial_status: 'paid' } : {}),
      customer,
      line_items: lines.map(({ item, quantity }, line) => ({
        // As many ids per order as it may have lines, so that none is used twice.
        id: String(LINE_ID_BASE + index * shop.linesMax + line),
        sku: item.sku,
        title: item.title,
        quantity,
        price: centsText(item.priceCents),
      })),
      shipping_address: address,
      subtotal_price: centsText(subtotalCents),
      total_tax: centsText(taxCents),
      total_price: centsText(subtotalCents + taxCents),
    }
  })
}

/** Everybody who has ordered so far. A returning customer is one of them, each equally likely. */
class CustomerBase {
  readonly #rng: Rng
  readonly #newRatio: number
  readonly #known: { customer: Customer; address: Address }[] = []

  constructor(rng: Rng, newRatio: number) {
    this.#rng = rng
    this.#newRatio = newRatio
  }

  next(): { customer: Customer; address: Address } {
    const rng = this.#rng
    if (this.#known.length > 0 && !rng.chance(this.#newRatio)) return rng.pick(this.#known)
    const number = this.#known.length + 1
    const firstName = rng.pick(FIRST_NAMES)
    const lastName = rng.pick(LAST_NAMES)
    const name = { first_name: firstName, last_name: lastName }
    const email = `${ascii(firstName)}.${ascii(lastName)}.${number}@mail.example.com`
    const [city, province, zip, country] = rng.pick(CITIES)
    const made = {
      customer: { id: String(CUSTOMER_ID_BASE + number), email, ...name },
      address: {
        ...name,
        address1: `${rng.integer(1, 9999)} ${rng.pick(STREETS)}`,
        city,
        province_code: province,
        zip: zip + String(rng.integer(0, 99)).padStart(2, '0'),
        country_code: country,
        phone: `+1 555 ${rng.integer(200, 999)} ${String(rng.integer(0, 9999)).padStart(4, '0')}`,
      },
    }
    this.#known.push(made)
    return made
  }
}

/** Lower-case letters only: what a mailbox name takes. `ł` is a letter of its own, not an accented l. */
function ascii(name: string): string {
  return name
    .toLowerCase()
    .replace(/ł/g, 'l')
    .normalize('NFD')
    .replace(/[^a-z]/g, '')
}

/** Cumulated shares by rank, 1/rank each (Zipf): the first product sells as much as the next few together. */
function popularityOf(itemCount: number): number[] {
  let sum = 0
  const cumulated = Array.from({ length: itemCount }, (_, rank) => {
    sum += 1 / (rank + 1)
    return sum
  })
  return cumulated.map((share) => share / sum)
}

function drawLines(
  rng: Rng,
  { linesMin, linesMax }: GeneratorOptions['shop'],
  catalogue: readonly CatalogueItem[],
  popularity: readonly number[],
): { item: CatalogueItem; quantity: number }[] {
  // Squared: most orders are short, some are long.
  const wanted = linesMin + Math.floor((linesMax - linesMin + 1) * rng.next() ** 2)
  const taken = new Set<number>()
  const count = Math.min(wanted, catalogue.length)
  while (taken.size < count) {
    // A product is on one line only; the next free one stands in, so the loop always ends.
    let rank = rankAt(popularity, rng.next())
    while (taken.has(rank)) rank = (rank + 1) % catalogue.length
    taken.add(rank)
  }
  return [...taken].map((rank) => ({
    item: catalogue[rank]!,
    quantity: rng.chance(SINGLE_PIECE_RATIO) ? 1 : rng.integer(2, PIECES_MAX),
  }))
}

/** The first rank whose cumulated share exceeds `share` (0..1), by bisection. */
function rankAt(popularity: readonly number[], share: number): number {
  let low = 0
  let high = popularity.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (popularity[middle]! > share) high = middle
    else low = middle + 1
  }
  return low
}

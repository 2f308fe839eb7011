/**
 * What the shop sells: SKUs, names and prices, drawn from a seed, or collected from orders that came from a file.
 * Prices are whole cents here; the text of money is made in one place, `centsText`.
 */
import type { Rng } from '../../kernel/rng.ts'
import type { ShopOrder } from './order.ts'

export interface CatalogueItem {
  /** Unique, e.g. `MUG-0003`. */
  readonly sku: string
  readonly title: string
  /** 490..24900. */
  readonly priceCents: number
}

const KINDS = ['Mug', 'Shirt', 'Lamp', 'Bag', 'Towel', 'Poster', 'Candle', 'Notebook', 'Bottle', 'Blanket']
const COLOURS = ['Sand', 'Harbour Blue', 'Moss', 'Brick', 'Chalk', 'Ink', 'Saffron']
const PRICE_CENTS_MIN = 490
const PRICE_CENTS_MAX = 24_900
/** Shop prices end in 90, 95, 99 or 00 cents. */
const ENDINGS = [90, 95, 99, 0]

/** `itemCount` (1 or more) items; the first are the most popular ones. */
export function createCatalogue(rng: Rng, itemCount: number): CatalogueItem[] {
  return Array.from({ length: itemCount }, (_, index) => {
    const kind = KINDS[index % KINDS.length]!
    // Skewed towards the cheap end, as shops are.
    const whole = PRICE_CENTS_MIN + (PRICE_CENTS_MAX - PRICE_CENTS_MIN) * rng.next() ** 3
    const priceCents = Math.max(PRICE_CENTS_MIN, Math.floor(whole / 100) * 100 + rng.pick(ENDINGS))
    return {
      sku: `${kind.slice(0, 3).toUpperCase()}-${String(index + 1).padStart(4, '0')}`,
      title: `${kind}, ${rng.pick(COLOURS)}`,
      priceCents,
    }
  })
}

/** What the account must know before orders can name it. */
export interface ItemToImport {
  readonly sku: string
  readonly title: string
}

/** Distinct SKUs of `orders` in order of appearance; the first title wins, a SKU without one is its own title. */
export function itemsOf(orders: Iterable<ShopOrder>): ItemToImport[] {
  const titles = new Map<string, string>()
  for (const { line_items } of orders) {
    for (const { sku, title } of line_items) if (!titles.has(sku)) titles.set(sku, title || sku)
  }
  return [...titles].map(([sku, title]) => ({ sku, title }))
}

/** 1990 → "19.90". */
export function centsText(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

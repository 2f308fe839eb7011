/** If these fail, equal seeds no longer send equal orders, or the shop is not like a shop and the trial proves little. */
import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import { scenarioSchema } from '../scenario.ts'
import { createCatalogue, itemsOf } from './catalogue.ts'
import { scheduleDeliveries } from './delivery.ts'
import { generateOrders } from './generator.ts'
import { type ShopOrder, shopOrderSchema } from './order.ts'
import { replayDeliveries } from './replay.ts'

const COUNT = 2000
const shop = scenarioSchema.shape.shop.parse({ itemCount: 40, newCustomerRatio: 0.6 })

const generate = (seed: number, options: object = {}): ShopOrder[] => {
  const rng = createRng(seed)
  const shopHere = { ...shop, ...options }
  return generateOrders(rng.fork('shop'), {
    shop: shopHere,
    catalogue: createCatalogue(rng.fork('catalogue'), shopHere.itemCount),
    createdMs: Array.from({ length: COUNT }, (_, index) => Date.UTC(2026, 0, 5) + index * 500),
  })
}
const orders = generate(7)
const cents = (text: string): number => Math.round(Number(text) * 100)

describe('generateOrders', () => {
  it('is a function of its seed', () => {
    expect(JSON.stringify(generate(7))).toBe(JSON.stringify(orders))
    expect(JSON.stringify(generate(8))).not.toBe(JSON.stringify(orders))
  })
  it('makes orders that pass the schema of a shop order unchanged', () => {
    for (const order of orders) expect(shopOrderSchema.parse(order)).toEqual(order)
  })
  it('uses ids, names and e-mail addresses once', () => {
    expect(new Set(orders.map(({ id }) => id)).size).toBe(COUNT)
    expect(new Set(orders.map(({ name }) => name)).size).toBe(COUNT)
    expect(new Set(orders.flatMap(({ line_items }) => line_items.map(({ id }) => id))).size).toBe(
      orders.reduce((sum, { line_items }) => sum + line_items.length, 0),
    )
    const byEmail = new Map<string, Set<string>>()
    for (const { customer } of orders) {
      expect(customer.email).toMatch(/^[a-z]+\.[a-z]+\.\d+@mail\.example\.com$/)
      byEmail.set(customer.email!, (byEmail.get(customer.email!) ?? new Set()).add(customer.id))
    }
    expect([...byEmail.values()].every((ids) => ids.size === 1)).toBe(true)
  })
  it('adds up', () => {
    for (const { line_items, subtotal_price, total_tax, total_price } of orders) {
      const sum = line_items.reduce((total, { price, quantity }) => total + cents(price) * quantity, 0)
      expect(cents(subtotal_price!)).toBe(sum)
      expect(cents(total_price)).toBe(sum + cents(total_tax!))
    }
  })
  it('keeps the ratio of new customers, the range of lines and the skew of products', () => {
    const customers = new Set(orders.map(({ customer }) => customer.id)).size
    expect(customers / COUNT).toBeGreaterThan(0.55)
    expect(customers / COUNT).toBeLessThan(0.65)
    const lines = orders.map(({ line_items }) => line_items.length)
    expect(Math.min(...lines)).toBe(1)
    expect(Math.max(...lines)).toBe(8)
    for (const { line_items } of orders) {
      expect(new Set(line_items.map(({ sku }) => sku)).size).toBe(line_items.length)
    }
    const sold = new Map<string, number>()
    for (const { sku } of orders.flatMap(({ line_items }) => line_items)) {
      sold.set(sku, (sold.get(sku) ?? 0) + 1)
    }
    const ranked = [...sold.values()].sort((a, b) => b - a)
    expect(ranked[0]! / ranked.at(-1)!).toBeGreaterThan(5)
  })
  it('never wants more lines than there are products', () => {
    const few = generate(7, { itemCount: 2, linesMin: 5, linesMax: 9 })
    expect(few.every(({ line_items }) => line_items.length === 2)).toBe(true)
    expect(itemsOf(few)).toHaveLength(2)
  })
})

describe('deliveries', () => {
  it('repeats a share of the orders, after their first delivery', () => {
    const starts = orders.map((_, index) => ({ atMs: index * 10, load: 0 }))
    const deliveries = scheduleDeliveries(createRng(7), orders, starts, 0.1)
    const repeats = deliveries.filter(({ redelivery }) => redelivery)
    expect(repeats.length).toBeGreaterThan(COUNT * 0.07)
    expect(repeats.length).toBeLessThan(COUNT * 0.13)
    const seen = new Set<string>()
    deliveries.forEach(({ order, redelivery, atMs }, index) => {
      expect(seen.has(order.id)).toBe(redelivery)
      seen.add(order.id)
      expect(atMs).toBeGreaterThanOrEqual(deliveries[index - 1]?.atMs ?? 0)
    })
  })
  it('replays a file at its own speed, or faster, whatever order its rows are in', () => {
    const [a, b, c] = orders as [ShopOrder, ShopOrder, ShopOrder]
    const plan = (speed: number) =>
      replayDeliveries([c, a, b, a], speed).map(({ order, atMs, redelivery }) => [order.id, atMs, redelivery])
    expect(plan(1)).toEqual([
      [a.id, 0, false],
      [b.id, 500, false],
      [c.id, 1000, false],
      [a.id, 1000, true],
    ])
    expect(plan(10)).toEqual([
      [a.id, 0, false],
      [b.id, 50, false],
      [c.id, 100, false],
      [a.id, 1000, true],
    ])
    expect(() => plan(0)).toThrowError(/speed 0/)
    expect(() => plan(Number.NaN)).toThrowError(/speed NaN/)
  })
})

/** If this fails, somebody who replays his own order history loses orders, doubles them, or replays another day. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { runResultSchema } from '../../harness/result.ts'
import { scenarioSchema } from '../../harness/scenario.ts'
import { createCatalogue } from '../../harness/shop/catalogue.ts'
import { generateOrders } from '../../harness/shop/generator.ts'
import type { ShopOrder } from '../../harness/shop/order.ts'
import { readOrders } from '../../harness/shop/order-file.ts'
import { VIRTUAL_EPOCH_MS } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { JournalEntry } from '../../protocol/control.ts'
import { put, scratchFolder, seatrial } from '../e2e/cli.ts'

const cwd = scratchFolder()
const ORDERS = 2000
const REPEATED = 25
const DAY_MS = 900_000

/** A quarter of an hour with a rush in its middle third; everything that CSV can say as well. */
function history(): ShopOrder[] {
  const rng = createRng('a day')
  const shop = scenarioSchema.shape.shop.parse({ itemCount: 80, linesMax: 6 })
  const createdMs = Array.from({ length: ORDERS }, () => {
    const [from, to] = rng.chance(0.5) ? [DAY_MS / 3, (DAY_MS * 2) / 3] : [0, DAY_MS]
    return VIRTUAL_EPOCH_MS - 86_400_000 + rng.integer(from, to)
  }).sort((a, b) => a - b)
  const catalogue = createCatalogue(rng.fork('catalogue'), shop.itemCount)
  return generateOrders(rng.fork('orders'), { shop, catalogue, createdMs }).map(
    ({ subtotal_price: _, total_tax: __, ...order }) => order,
  )
}

const COLUMNS =
  'order_id,order_name,created_at,email,customer_id,first_name,last_name,currency,total_price,address1,city,' +
  'province_code,zip,country_code,phone,line_id,sku,title,quantity,price'
const quoted = (value: unknown): string => `"${String(value ?? '').replaceAll('"', '""')}"`

function csvOf(orders: readonly ShopOrder[]): string {
  const rows = orders.flatMap(
    ({ id, name, created_at, email, customer, currency, total_price, shipping_address: to, line_items }) =>
      line_items.map((line) =>
        [
          ...[
            id,
            name,
            created_at,
            email,
            customer.id,
            customer.first_name,
            customer.last_name,
            currency,
            total_price,
          ],
          ...[to?.address1, to?.city, to?.province_code, to?.zip, to?.country_code, to?.phone],
          ...[line.id, line.sku, line.title, line.quantity, line.price],
        ]
          .map(quoted)
          .join(','),
      ),
  )
  return `${COLUMNS}\r\n${rows.join('\r\n')}\r\n`
}

const orders = history()
const delivered = [...orders, ...orders.slice(0, REPEATED)]
const ndjson = put(cwd, 'day.ndjson', delivered.map((order) => `${JSON.stringify(order)}\n`).join(''))
const csv = put(cwd, 'day.csv', csvOf(orders))
const resultOf = (folder: string) =>
  runResultSchema.parse(JSON.parse(readFileSync(join(cwd, folder, 'result.json'), 'utf8')))

describe('seatrial run order-spike --orders', () => {
  const codes = new Map<string, number | null>()
  beforeAll(async () => {
    const run = async (out: string, ...args: string[]) => {
      const { code, text } = await seatrial(['run', 'order-spike', '--seed', '7', '--out', out, ...args], cwd)
      codes.set(out, code)
      expect(text).not.toContain('internal error')
    }
    await Promise.all([run('ndjson', '--orders', ndjson), run('csv', '--orders', csv)])
    await run('fast', '--orders', csv, '--speed', '1.5')
  })

  it.each([
    ['ndjson', 'day.ndjson', REPEATED],
    ['csv', 'day.csv', 0],
  ])('puts each of 2,000 orders into the account exactly once, from %s', (out, ordersFrom, redeliveries) => {
    expect(codes.get(out)).toBe(0)
    expect(resultOf(out)).toMatchObject({
      ordersFrom,
      verdict: 'pass',
      totals: {
        arrivals: ORDERS,
        inAccount: ORDERS,
        completed: ORDERS,
        redeliveries,
        lost: 0,
        doubled: 0,
        deadLettered: 0,
      },
    })
    const text = gunzipSync(readFileSync(join(cwd, out, 'journal.ndjson.gz'))).toString('utf8')
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry)
    const written = entries.filter(({ recordType, committed }) => recordType === 'salesOrder' && committed)
    // The same external id twice is an upsert that changed nothing: one record all the same.
    expect(new Set(written.map(({ recordId }) => recordId)).size).toBe(ORDERS)
    expect(new Set(written.map(({ externalId }) => externalId)).size).toBe(ORDERS)
  })
  it('reads the same orders from CSV', () => {
    const [fromCsv, fromJson] = [csv, ndjson].map((file) => readOrders(readFileSync(file, 'utf8'), file))
    expect(fromJson).toHaveLength(ORDERS + REPEATED)
    const plain = (order: ShopOrder): unknown => JSON.parse(JSON.stringify(order))
    const withName = ({ shipping_address: to, ...order }: ShopOrder): unknown =>
      plain({ ...order, shipping_address: { ...to, address2: undefined } })
    expect(fromCsv!.map(withName)).toEqual(fromJson!.slice(0, ORDERS).map(withName))
  })
  it('replays at the speed it happened, and 1.5 times as fast', () => {
    const first = Date.parse(orders[0]!.created_at)
    const lastMs = Date.parse(orders.at(-1)!.created_at) - first
    expect(resultOf('csv').totals.loadMs).toBe(lastMs)
    expect(codes.get('fast')).toBe(0)
    expect(resultOf('fast').totals).toMatchObject({
      arrivals: ORDERS,
      inAccount: ORDERS,
      lost: 0,
      doubled: 0,
    })
    expect(resultOf('fast').totals.loadMs).toBeCloseTo(lastMs / 1.5, 0)
  })
})

/**
 * Keeps a copy of an account's orders by delta-sync.ts, in virtual time. Run: node examples/07-delta-sync/run.ts
 * With --readme it also writes what it printed into the README beside it; test/docs.test.ts compares the two.
 */
import { createAccount, createPrinter } from '../example.ts'
import { deltaSync, type Order } from './delta-sync.ts'

const MINUTE_MS = 60_000
const PAGE_SIZE = 100
const ORDERS = 250

const { clock, send, ask, close } = createAccount()
const { print, done } = createPrinter(import.meta.dirname)
const copy = new Map<string, Order>()
let watermark = '2026-01-01 00:00:00'

async function sync(what: string): Promise<void> {
  const { watermark: next, pages, rows, changed } = await deltaSync(ask<Order>, copy, watermark, PAGE_SIZE)
  watermark = next
  const figures = [`${pages} pages`, `${rows} rows`, `${changed} changed`, `${copy.size} in the copy`]
  print(`${what.padEnd(32)} ${figures.map((figure) => figure.padStart(17)).join('')}   ${watermark}`)
}

async function aDay(): Promise<void> {
  await send('POST', 'record/v1/customer', { externalId: 'C', companyName: 'Clay & Co' })
  await send('POST', 'record/v1/serviceSaleItem', { externalId: 'MUG', itemId: 'MUG' })
  const item = { items: [{ item: { externalId: 'MUG' }, quantity: 1, rate: 9.9 }] }
  const order = (n: number) =>
    send('POST', 'record/v1/salesOrder', { externalId: `S-${n}`, entity: { externalId: 'C' }, item })
  for (let n = 1; n <= ORDERS; n++) await order(n)
  await sync(`${ORDERS} orders in the account`)
  await clock.sleep(10 * MINUTE_MS)
  await sync('ten minutes later, nothing new')
  await order(ORDERS + 1)
  for (const n of [7, 8]) await send('PATCH', `record/v1/salesOrder/eid:S-${n}`, { orderStatus: 'B' })
  await sync('one more, two approved')
  await clock.sleep(MINUTE_MS)
  await send('PATCH', 'record/v1/salesOrder/eid:S-7', { memo: 'leave at the door' })
  await sync('a minute later, one changed')
}

await clock.run(aDay)
close()
done()

/**
 * A day of a shop whose integration is careless, and the reconciliation at night. Run: node examples/08-reconciliation/run.ts
 * With --readme it also writes what it printed into the README beside it; test/docs.test.ts compares the two.
 */
import { createAccount, createPrinter } from '../example.ts'
import { type AccountOrder, reconcile, type ShopOrder } from './reconcile.ts'

const PAGE_SIZE = 50

const { clock, send, ask, close } = createAccount()
const { print, done } = createPrinter(import.meta.dirname)

/** What the shop sold: 120 orders of one to three mugs. */
const shop: ShopOrder[] = Array.from({ length: 120 }, (_, n) => ({
  number: `SHOP-${1001 + n}`,
  total: (1 + (n % 3)) * 9.9,
}))

/** No external id, so nothing keeps a second try from making a second order. */
async function deliver({ number }: ShopOrder, quantity: number): Promise<void> {
  const item = { items: [{ item: { externalId: 'MUG' }, quantity, rate: 9.9 }] }
  await send('POST', 'record/v1/salesOrder', { otherRefNum: number, entity: { externalId: 'C' }, item })
}

/** One order is lost, one is sent again after an answer that never came, one with a wrong quantity, one was a test. */
async function aCarelessDay(): Promise<void> {
  await send('POST', 'record/v1/customer', { externalId: 'C', companyName: 'Clay & Co' })
  await send('POST', 'record/v1/serviceSaleItem', { externalId: 'MUG', itemId: 'MUG' })
  for (const [n, order] of shop.entries()) {
    if (n === 16) continue
    await deliver(order, n === 70 ? 4 : 1 + (n % 3))
    if (n === 41) await deliver(order, 1 + (n % 3))
  }
  await deliver({ number: 'TEST-1', total: 0 }, 1)
}

const money = (amount: number): string => amount.toFixed(2)

await clock.run(async () => {
  await aCarelessDay()
  const found = await reconcile(ask<AccountOrder>, shop, PAGE_SIZE)
  print(`${shop.length} orders of the shop`)
  for (const number of found.missing) print(`missing          ${number}`)
  for (const [number, tranIds] of found.doubled) print(`doubled          ${number}: ${tranIds.join(', ')}`)
  for (const [number, ofShop, ofAccount] of found.differentTotals)
    print(`different total  ${number}: ${money(ofShop)} in the shop, ${money(ofAccount)} in the account`)
  for (const number of found.unknown) print(`not of the shop  ${number}`)
})
close()
done()

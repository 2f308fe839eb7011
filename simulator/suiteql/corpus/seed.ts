/**
 * The data that the statements of the corpus ask: little enough to work out every answer by hand. Written through REST,
 * like everything in an account. Now is 2026-01-05 12:00 in Los Angeles, a Monday; all was written on the 3rd, customer 2
 * and order 4 were changed on the 4th.
 *
 *   entities      1 Acme, 2 Best, 3 Cole, 4 Dürr 10% (inactive, below Acme); vendor 5; contacts 6 Ann of 1, 7 Bob of 2, 8 Cid
 *   items         1 X and 2 Y have stock, 3 Z has none
 *   locations     1 Main Warehouse, 2 Second Warehouse, 3 Annex of 1
 *   rates         euro (4) 1.25 dollars from 2024-01-01, 1.50 from 2026-01-01; pound (2) 2.00 from 2025-01-01
 *   transactions  1 adds stock: X 10 at 1 and 4 at 2, Y 3 at 1 and 2 at 3
 *                 2 order of Acme, 2024-02-29: X 2 at 5.00, Y 1 at 20.00        30.00
 *                 3 order of Best, 2024-03-31: X 3 at 5.00                       15.00
 *                 4 order of Acme, 2025-12-31: Z 1 at 100.10, memo rush         100.10
 *                 5 order of Cole, 2026-01-01: Y 2 at 20.00, X 1 at 5.00         45.00
 *                 6 invoice of Acme, 2026-01-02: as 2                            30.00
 *                 7 invoice of Best, 2024-03-31: as 3                            15.00
 *                 8 journal entry, 2025-12-31: debits 0.10 and 0.20, credit 0.30
 */
import { type Body, createTestAccount, type TestAccount } from '../../test-account.ts'

const NOW_MS = Date.UTC(2026, 0, 5, 20)
const DAY_MS = 86_400_000

const ref = (id: string): Body => ({ id })
const line = (item: string, quantity: number, rate: number): Body => ({ item: ref(item), quantity, rate })

export async function seed(): Promise<TestAccount> {
  const account = createTestAccount({ startMs: NOW_MS - 2 * DAY_MS })
  await writeEntities(account)
  await writeItems(account)
  await writeRates(account)
  await writeTransactions(account)
  await account.clock.advance(DAY_MS)
  await account.send('PATCH', 'customer/2', { comments: 'paid late' })
  await account.send('PATCH', 'salesOrder/4', { memo: 'rush' })
  await account.clock.advance(DAY_MS)
  return account
}

async function writeEntities({ create }: TestAccount): Promise<void> {
  const acme = { companyName: 'Acme', email: 'a@acme.test', phone: '555-0100', creditLimit: 1000 }
  await create('customer', { ...acme, comments: 'key account' })
  await create('customer', { companyName: 'Best', creditLimit: 500.5 })
  await create('customer', { companyName: 'Cole', email: 'c@cole.test', phone: '555-0100' })
  await create('customer', { companyName: 'Dürr 10%', isInactive: true, parent: ref('1') })
  await create('vendor', { companyName: 'Vend', manufacturingLocations: { items: [ref('1'), ref('2')] } })
  await create('contact', { entityId: 'Ann', company: ref('1') })
  await create('contact', { entityId: 'Bob', company: ref('2') })
  await create('contact', { entityId: 'Cid' })
}

async function writeItems({ create }: TestAccount): Promise<void> {
  await create('inventoryItem', { itemId: 'X' })
  await create('inventoryItem', { itemId: 'Y' })
  await create('nonInventorySaleItem', { itemId: 'Z' })
  await create('location', { name: 'Annex', parent: ref('1') })
}

async function writeRates({ create }: TestAccount): Promise<void> {
  const rate = (currency: string, effectiveDate: string, exchangeRate: number) =>
    create('currencyRate', {
      baseCurrency: ref('1'),
      transactionCurrency: ref(currency),
      effectiveDate,
      exchangeRate,
    })
  await rate('4', '2024-01-01', 1.25)
  await rate('4', '2026-01-01', 1.5)
  await rate('2', '2025-01-01', 2)
}

async function writeTransactions({ create }: TestAccount): Promise<void> {
  const adjust = (item: string, location: string, adjustQtyBy: number, unitCost: number): Body => ({
    item: ref(item),
    location: ref(location),
    adjustQtyBy,
    unitCost,
  })
  const adjusted = [
    adjust('1', '1', 10, 2.5),
    adjust('1', '2', 4, 2.5),
    adjust('2', '1', 3, 8),
    adjust('2', '3', 2, 8),
  ]
  await create('inventoryAdjustment', {
    account: ref('8'),
    tranDate: '2026-01-03',
    inventory: { items: adjusted },
  })
  const sell = (type: string, entity: string, tranDate: string, items: Body[], more: Body = {}) =>
    create(type, { entity: ref(entity), tranDate, item: { items }, ...more })
  await sell('salesOrder', '1', '2024-02-29', [line('1', 2, 5), line('2', 1, 20)])
  await sell('salesOrder', '2', '2024-03-31', [line('1', 3, 5)])
  await sell('salesOrder', '1', '2025-12-31', [line('3', 1, 100.1)], { externalId: 'web-7' })
  await sell('salesOrder', '3', '2026-01-01', [line('2', 2, 20), line('1', 1, 5)])
  await sell('invoice', '1', '2026-01-02', [line('1', 2, 5), line('2', 1, 20)])
  await sell('invoice', '2', '2024-03-31', [line('1', 3, 5)])
  const post = (id: string, side: Body): Body => ({ account: ref(id), ...side })
  const lines = [post('4', { debit: 0.1 }), post('4', { debit: 0.2 }), post('6', { credit: 0.3 })]
  await create('journalEntry', { tranDate: '2025-12-31', line: { items: lines } })
}

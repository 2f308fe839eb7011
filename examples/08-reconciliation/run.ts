/**
 * A day of a shop whose integration is careless, and the reconciliation at night. Run: node examples/08-reconciliation/run.ts
 * With --readme it also writes what it printed into the README beside it; test/docs.test.ts compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { createInProcessTransport } from '../../protocol/in-process-transport.ts'
import { createSigner } from '../../protocol/signing.ts'
import { createSimulator } from '../../simulator/index.ts'
import { loadProfile } from '../../simulator/profile.ts'
import { type AccountOrder, type Ask, reconcile, type ShopOrder } from './reconcile.ts'

const TIMEOUT_MS = 30_000
const PAGE_SIZE = 50

const clock = new VirtualClock()
const simulator = createSimulator({ clock, rng: createRng('account'), profile: loadProfile('premium') })
const transport = createInProcessTransport(clock, simulator.handle)
const sign = createSigner(clock, createRng('client'), simulator.credentials)

async function send(method: string, path: string, body: object, headers = {}) {
  const url = `${simulator.baseUrl}/services/rest/${path}`
  const request = { method, url, headers: { 'content-type': 'application/json', ...headers } }
  const answer = await transport.send(sign({ ...request, body: JSON.stringify(body) }), {
    timeoutMs: TIMEOUT_MS,
  })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.body}`)
  return answer
}

const ask: Ask = async (q, params, limit) => {
  const path = `query/v1/suiteql?limit=${limit}&offset=0`
  const { body } = await send('POST', path, { q, params }, { prefer: 'transient' })
  return (JSON.parse(body) as { items: AccountOrder[] }).items
}

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
  const { missing, doubled, differentTotals, unknown } = await reconcile(ask, shop, PAGE_SIZE)
  const lines = [
    `${shop.length} orders of the shop`,
    ...missing.map((number) => `missing          ${number}`),
    ...doubled.map(([number, tranIds]) => `doubled          ${number}: ${tranIds.join(', ')}`),
    ...differentTotals.map(
      ([number, ofShop, ofAccount]) =>
        `different total  ${number}: ${money(ofShop)} in the shop, ${money(ofAccount)} in the account`,
    ),
    ...unknown.map((number) => `not of the shop  ${number}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  if (!process.argv.includes('--readme')) return
  const readme = join(import.meta.dirname, 'README.md')
  const text = readFileSync(readme, 'utf8')
  const fence = '```'
  writeFileSync(readme, text.replace(/```\n120 orders[\s\S]*?```/, `${fence}\n${lines.join('\n')}\n${fence}`))
})
simulator.close()

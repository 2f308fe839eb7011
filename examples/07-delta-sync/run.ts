/**
 * Keeps a copy of an account's orders by delta-sync.ts, in virtual time. Run: node examples/07-delta-sync/run.ts
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
import { type Ask, deltaSync, type Order } from './delta-sync.ts'

const TIMEOUT_MS = 30_000
const MINUTE_MS = 60_000
const PAGE_SIZE = 100
const ORDERS = 250

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
  return (JSON.parse(body) as { items: Order[] }).items
}

const printed: string[] = []
const copy = new Map<string, Order>()
let watermark = '2026-01-01 00:00:00'

async function sync(what: string): Promise<void> {
  const { watermark: next, pages, rows, changed } = await deltaSync(ask, copy, watermark, PAGE_SIZE)
  watermark = next
  const figures = [`${pages} pages`, `${rows} rows`, `${changed} changed`, `${copy.size} in the copy`]
  printed.push(`${what.padEnd(32)} ${figures.map((figure) => figure.padStart(17)).join('')}   ${watermark}`)
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
simulator.close()
process.stdout.write(`${printed.join('\n')}\n`)
if (process.argv.includes('--readme')) {
  const readme = join(import.meta.dirname, 'README.md')
  const text = readFileSync(readme, 'utf8')
  const fence = '```'
  writeFileSync(
    readme,
    text.replace(/```\n250 orders[\s\S]*?```/, `${fence}\n${printed.join('\n')}\n${fence}`),
  )
}

/**
 * Starts `seatrial serve` with account.yaml, sends batches to its RESTlet and prints what became of them. Run:
 * node examples/05-batch-restlet/run.ts; with --readme it also writes what it printed into the README beside it, and
 * test/docs.test.ts compares the two.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner, type TbaCredentials } from '../../protocol/signing.ts'
import type { Transport } from '../../protocol/transport.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { createPrinter, withAccount } from '../example.ts'

type Ready = TbaCredentials & { readonly baseUrl: string; readonly restletUrl: string }

const { print, done } = createPrinter(import.meta.dirname)
const clock = new SystemClock()
const TIMEOUT_MS = 30_000
const RESTLET = '?script=customscript_batch_upsert&deploy=customdeploy_batch_upsert'

/** Makes the function that sends one signed request; gives the body of its answer. */
function createSend(transport: Transport, ready: Ready) {
  const sign = createSigner(clock, createRng(entropySeed()), ready)
  return async (method: string, url: string, status: number, body?: object): Promise<string> => {
    const headers = { 'content-type': 'application/json' }
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await transport.send(sign({ method, url, headers, ...text }), { timeoutMs: TIMEOUT_MS })
    if (answer.status !== status) throw new Error(`${method} ${url} answered ${answer.status}`)
    return answer.body
  }
}

interface Answer {
  readonly unitsLeft: number
  readonly results: readonly { readonly externalId: string; readonly outcome: string }[]
}

/** `124 created, 6 not done`. */
function tally({ results }: Answer): string {
  const counts = new Map<string, number>()
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
}

async function show(send: ReturnType<typeof createSend>, { baseUrl, restletUrl }: Ready): Promise<void> {
  const restlet = restletUrl + RESTLET
  const post = async (batch: object): Promise<Answer> =>
    JSON.parse(await send('POST', restlet, 200, batch)) as Answer
  const customers = {
    recordType: 'customer',
    records: [
      { externalId: 'C1', companyName: 'Clay & Co' },
      { externalId: 'C2', companyName: 'Test 2' },
      { externalId: 'C3', companyName: 'Stone Ltd' },
    ],
  }
  print(`> POST /app/site/hosting/restlet.nl${RESTLET}\n  ${JSON.stringify(customers)}`)
  for (const result of (await post(customers)).results) print(`  ${JSON.stringify(result)}`)
  print('> the same again')
  for (const result of (await post(customers)).results) print(`  ${JSON.stringify(result)}`)
  const seen = await send(
    'GET',
    `${baseUrl + RECORD_BASE_PATH}/customer/eid:C1?fields=companyName,comments`,
    200,
  )
  print(`> GET /customer/eid:C1?fields=companyName,comments\n  ${seen.replace(/"links":\[.*?\],/, '')}`)
  await send('POST', `${baseUrl + RECORD_BASE_PATH}/inventoryItem`, 204, { externalId: 'MUG', itemId: 'MUG' })
  const line = { item: { externalId: 'MUG' }, quantity: 1, rate: 9.9 }
  const orders = Array.from({ length: 130 }, (_, index) => ({
    externalId: `ORDER-${index + 1}`,
    entity: { externalId: 'C1' },
    item: { items: [line] },
  }))
  const answer = await post({ recordType: 'salesOrder', records: orders })
  print(`> 130 sales orders in one call\n  ${tally(answer)}; ${answer.unitsLeft} of 5000 units left`)
  const open = new Set(
    answer.results.flatMap(({ externalId, outcome }) => (outcome === 'not done' ? [externalId] : [])),
  )
  const rest = await post({
    recordType: 'salesOrder',
    records: orders.filter((one) => open.has(one.externalId)),
  })
  print(`> those that were not done\n  ${tally(rest)}; ${rest.unitsLeft} of 5000 units left`)
  const refused = await send('POST', restlet, 400, {})
  print(`> POST an empty object\n  ${refused}`)
}

const transport = createHttpTransport()
try {
  const profile = join(import.meta.dirname, 'account.yaml')
  await withAccount(['--latency', 'none', '--profile', profile], async (readyFile) => {
    const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
    await show(createSend(transport, ready), ready)
  })
  done()
} finally {
  await transport.close()
}

/**
 * Starts `seatrial serve`, writes and reads records over HTTP with signed requests, looks behind the scenes through the
 * control API, and stops the account again. Prints every request and answer. Run: node examples/01-serve-and-curl/run.ts
 * With --readme it also writes what it printed, long bodies cut, into the README beside it; test/docs.test.ts compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner, type TbaCredentials } from '../../protocol/signing.ts'
import type { Transport } from '../../protocol/transport.ts'
import { RECORD_BASE_PATH, type WireRequest, type WireResponse } from '../../protocol/wire.ts'
import { withAccount } from '../example.ts'

type Ready = TbaCredentials & { readonly baseUrl: string }

const clock = new SystemClock()
const WAIT_MS = 50
/** Ten seconds: many times what starting takes. */
const WAITS_MAX = 200
const TIMEOUT_MS = 30_000

interface Sending {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  /** The same request again until the body says this; only the last answer is printed. */
  readonly until?: string
}

/** Makes the function that sends one request, prints it with its answer, and checks the status. */
function createSend(transport: Transport, ready: Ready) {
  const sign = createSigner(clock, createRng(entropySeed()), ready)
  return async (line: string, status: number, sending: Sending = {}): Promise<void> => {
    const { body, headers = {}, until } = sending
    const [method, path] = line.split(' ') as [string, string]
    const isControl = path.startsWith('/_seatrial')
    const text = body === undefined ? undefined : JSON.stringify(body)
    const request: WireRequest = {
      method,
      url: ready.baseUrl + (isControl || path.startsWith('/services') ? path : RECORD_BASE_PATH + path),
      headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: text,
    }
    const ask = (): Promise<WireResponse> =>
      transport.send(isControl ? request : sign(request), { timeoutMs: TIMEOUT_MS })
    let answer = await ask()
    for (let waits = 0; until !== undefined && !answer.body.includes(until) && waits < WAITS_MAX; waits++) {
      await clock.sleep(WAIT_MS)
      answer = await ask()
    }
    const { location } = answer.headers
    print(`\n> ${line}`)
    for (const [name, value] of Object.entries(headers)) print(`  ${name}: ${value}`)
    if (text !== undefined) print(`  ${text}`)
    print(`< ${answer.status}${location === undefined ? '' : ` Location: ${location}`}`)
    if (answer.body !== '') print(`  ${answer.body}`)
    if (answer.status !== status) throw new Error(`${line} answered ${answer.status}, expected ${status}`)
  }
}

type Send = ReturnType<typeof createSend>

const printed: string[] = []

function print(text: string): void {
  printed.push(...text.split('\n'))
  process.stdout.write(`${text}\n`)
}

const LINE_CHARACTERS_MAX = 360

function writeReadme(): void {
  const file = join(import.meta.dirname, 'README.md')
  const lines = printed.map((line) =>
    line.length > LINE_CHARACTERS_MAX ? `${line.slice(0, LINE_CHARACTERS_MAX)}…` : line,
  )
  const fence = '```'
  const text = readFileSync(file, 'utf8')
  const head = text.slice(0, text.indexOf(`${fence}\nserving at`))
  writeFileSync(file, `${head}${fence}\n${lines.join('\n')}\n${fence}\n`)
}

/** What a shop integration does with one order, and what an account says to a second try. */
async function anOrder(send: Send): Promise<void> {
  const order = {
    externalId: 'SHOP-1001',
    orderStatus: 'B',
    entity: { externalId: 'SHOPPER-7' },
    item: { items: [{ item: { externalId: 'MUG' }, quantity: 2, rate: 9.9, location: { id: '1' } }] },
  }
  await send('POST /inventoryItem', 204, {
    body: { externalId: 'MUG', itemId: 'MUG', displayName: 'Mug, Sand' },
  })
  await send('PUT /customer/eid:SHOPPER-7', 204, {
    body: { firstName: 'Ada', lastName: 'Stone', isPerson: true },
  })
  await send('POST /salesOrder', 204, { body: order })
  await send('GET /salesOrder/eid:SHOP-1001?expandSubResources=true', 200)
  await send('PATCH /salesOrder/eid:SHOP-1001', 204, {
    body: { item: { items: [{ line: 1, quantity: 3 }] } },
  })
  await send('GET /salesOrder/eid:SHOP-1001?fields=total,otherRefNum,entity', 200)
  await send('GET /salesOrder/eid:SHOP-1001/item/1', 200)
  await send('POST /salesOrder', 400, { body: order })
}

/** Finding records, and being told what is wrong with a question. */
async function filters(send: Send): Promise<void> {
  await send('GET /customer?q=lastName%20IS%20Stone%20AND%20email%20EMPTY', 200)
  await send('GET /salesOrder?q=total%20GREATER%2020&limit=5', 200)
  await send("GET /customer?q=lastName%20IS%20'Stone'", 400)
}

/** Stock comes in, part of the order is shipped and billed; the order moves through its states by itself. */
async function transforms(send: Send): Promise<void> {
  const line = { item: { externalId: 'MUG' }, location: { id: '1' }, adjustQtyBy: 10 }
  await send('POST /inventoryAdjustment', 204, {
    body: { account: { id: '1' }, subsidiary: { id: '1' }, inventory: { items: [line] } },
  })
  await send('POST /salesOrder/eid:SHOP-1001/!transform/itemFulfillment', 204, {
    body: { shipStatus: 'C', item: { items: [{ orderLine: 1, quantity: 1, location: { id: '1' } }] } },
  })
  await send('GET /salesOrder/eid:SHOP-1001?fields=status', 200)
  await send('POST /salesOrder/eid:SHOP-1001/!transform/itemFulfillment', 204, { body: { shipStatus: 'C' } })
  await send('POST /salesOrder/eid:SHOP-1001/!transform/invoice', 204)
  await send('GET /salesOrder/eid:SHOP-1001?fields=status', 200)
  await send('POST /salesOrder/eid:SHOP-1001/!transform/invoice', 400)
}

/** Several records in one request: accepted at once, worked off one after another, each with its own result. */
async function aBatch(send: Send): Promise<void> {
  const headers = {
    'content-type': 'application/vnd.oracle.resource+json; type=collection',
    prefer: 'respond-async',
  }
  const body = { items: [{ externalId: 'SHOPPER-8', companyName: 'Clay & Co' }, { externalId: 'SHOPPER-9' }] }
  const job = '/services/rest/async/v1/job/1'
  await send('POST /customer', 202, { body, headers })
  await send(`GET ${job}`, 200, { until: '"completed":true' })
  await send(`GET ${job}/task`, 200)
  await send(`GET ${job}/task/1/result`, 204)
  await send(`GET ${job}/task/2/result`, 400)
}

/** What the account says of itself. */
async function metadata(send: Send): Promise<void> {
  await send('GET /metadata-catalog?select=customer', 200)
  await send('GET /metadata-catalog/customer', 200, { headers: { accept: 'application/schema+json' } })
}

async function behindTheScenes(send: Send): Promise<void> {
  await send('GET /_seatrial/health', 200)
  await send('GET /_seatrial/records', 200)
  await send('GET /_seatrial/journal?after=2&limit=1', 200)
  await send('POST /_seatrial/faults', 200, {
    body: { fault: 'reject', id: 'bad-day', status: 503, match: { methods: ['GET'] } },
  })
  await send('GET /salesOrder/1', 503)
  await send('DELETE /_seatrial/faults/bad-day', 204)
  await send('GET /salesOrder/1?fields=total', 200)
}

const transport = createHttpTransport()
try {
  await withAccount(['--latency', 'none'], async (readyFile) => {
    const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
    print(`serving at ${ready.baseUrl}`)
    const send = createSend(transport, ready)
    await anOrder(send)
    await filters(send)
    await transforms(send)
    await aBatch(send)
    await metadata(send)
    await behindTheScenes(send)
  })
  print(`\nstopped, exit code ${process.exitCode}`)
  if (process.argv.includes('--readme')) writeReadme()
} finally {
  await transport.close()
}

/**
 * Starts `seatrial serve`, writes and reads records over HTTP with signed requests, looks behind the scenes through the
 * control API, and stops the account again. Prints every request and answer. Run: node examples/01-serve-and-curl/run.ts
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner, type TbaCredentials } from '../../protocol/signing.ts'
import type { Transport } from '../../protocol/transport.ts'
import { RECORD_BASE_PATH, type WireRequest, type WireResponse } from '../../protocol/wire.ts'

type Ready = TbaCredentials & { readonly baseUrl: string; readonly controlUrl: string }

const clock = new SystemClock()
const WAIT_MS = 50
/** Ten seconds: many times what starting takes. */
const WAITS_MAX = 200
const TIMEOUT_MS = 30_000

/** Starts an account on a free port; the ready file says where it is and with which credentials. */
async function startAccount(folder: string): Promise<{ child: ChildProcess; ready: Ready }> {
  const main = resolve(import.meta.dirname, '../../cli/main.ts')
  const readyFile = join(folder, 'ready.json')
  const options = ['--port', '0', '--ready-file', readyFile, '--latency', 'none']
  const child = spawn(process.execPath, [main, 'serve', ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let waits = 0; waits < WAITS_MAX && child.exitCode === null; waits++) {
    if (existsSync(readyFile)) return { child, ready: JSON.parse(readFileSync(readyFile, 'utf8')) as Ready }
    await clock.sleep(WAIT_MS)
  }
  child.kill()
  throw new Error('the account did not start')
}

/** Makes the function that sends one request, prints it with its answer, and checks the status. */
function createSend(transport: Transport, ready: Ready) {
  const sign = createSigner(clock, createRng(entropySeed()), ready)
  return async (line: string, status: number, body?: object): Promise<WireResponse> => {
    const [method, path] = line.split(' ') as [string, string]
    const isControl = path.startsWith('/_seatrial')
    const text = body === undefined ? undefined : JSON.stringify(body)
    const request: WireRequest = {
      method,
      url: ready.baseUrl + (isControl ? path : RECORD_BASE_PATH + path),
      headers: text === undefined ? {} : { 'content-type': 'application/json' },
      body: text,
    }
    const answer = await transport.send(isControl ? request : sign(request), { timeoutMs: TIMEOUT_MS })
    print(`\n> ${line}${text === undefined ? '' : `\n  ${text}`}`)
    print(
      `< ${answer.status}${answer.headers.location === undefined ? '' : ` Location: ${answer.headers.location}`}`,
    )
    if (answer.body !== '') print(`  ${answer.body}`)
    if (answer.status !== status) throw new Error(`${line} answered ${answer.status}, expected ${status}`)
    return answer
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** What a shop integration does with one order, and what an account says to a second try. */
async function tour(send: ReturnType<typeof createSend>): Promise<void> {
  const order = {
    externalId: 'SHOP-1001',
    entity: { externalId: 'SHOPPER-7' },
    item: { items: [{ item: { externalId: 'MUG' }, quantity: 2, rate: 9.9 }] },
  }
  await send('POST /inventoryItem', 204, { externalId: 'MUG', itemId: 'MUG', displayName: 'Mug, Sand' })
  await send('PUT /customer/eid:SHOPPER-7', 204, { firstName: 'Ada', lastName: 'Stone', isPerson: true })
  await send('POST /salesOrder', 204, order)
  await send('GET /salesOrder/eid:SHOP-1001?expandSubResources=true', 200)
  await send('PATCH /salesOrder/eid:SHOP-1001', 204, { item: { items: [{ line: 1, quantity: 3 }] } })
  await send('GET /salesOrder/eid:SHOP-1001?fields=total,otherRefNum,entity', 200)
  await send('POST /salesOrder', 400, order)
  await send('GET /customer?q=lastName%20IS%20Stone', 200)
}

async function behindTheScenes(send: ReturnType<typeof createSend>): Promise<void> {
  await send('GET /_seatrial/health', 200)
  await send('GET /_seatrial/records', 200)
  await send('GET /_seatrial/journal?after=2&limit=1', 200)
  await send('POST /_seatrial/faults', 200, {
    fault: 'reject',
    id: 'bad-day',
    status: 503,
    match: { methods: ['GET'] },
  })
  await send('GET /salesOrder/1', 503)
  await send('DELETE /_seatrial/faults/bad-day', 204)
  await send('GET /salesOrder/1?fields=total', 200)
}

const folder = mkdtempSync(join(tmpdir(), 'seatrial-example-'))
const transport = createHttpTransport()
try {
  const { child, ready } = await startAccount(folder)
  const ended = once(child, 'exit')
  print(`serving at ${ready.baseUrl}`)
  try {
    const send = createSend(transport, ready)
    await tour(send)
    await behindTheScenes(send)
  } finally {
    child.kill('SIGINT')
  }
  const [code] = await ended
  print(`\nstopped, exit code ${code}`)
  process.exitCode = code === 0 ? 0 : 1
} finally {
  await transport.close()
  rmSync(folder, { recursive: true, force: true })
}

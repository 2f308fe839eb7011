/**
 * Starts `seatrial serve` with account.yaml, sends batches to its RESTlet and prints what became of them. Run:
 * node examples/05-batch-restlet/run.ts; with --readme it also writes what it printed into the README beside it, and
 * test/docs.test.ts compares the two.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { createSigner, type TbaCredentials } from '../../protocol/signing.ts'
import type { Transport } from '../../protocol/transport.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'

type Ready = TbaCredentials & { readonly baseUrl: string; readonly restletUrl: string }

const clock = new SystemClock()
const WAIT_MS = 50
const WAITS_MAX = 200
const TIMEOUT_MS = 30_000
const RESTLET = '?script=customscript_batch_upsert&deploy=customdeploy_batch_upsert'

async function startAccount(folder: string): Promise<{ child: ChildProcess; ready: Ready }> {
  const main = resolve(import.meta.dirname, '../../cli/main.ts')
  const readyFile = join(folder, 'ready.json')
  const profile = join(import.meta.dirname, 'account.yaml')
  const options = ['--port', '0', '--ready-file', readyFile, '--latency', 'none', '--profile', profile]
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

const printed: string[] = []

function print(text: string): void {
  printed.push(...text.split('\n'))
  process.stdout.write(`${text}\n`)
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

function writeReadme(): void {
  const file = join(import.meta.dirname, 'README.md')
  const fence = '```'
  const text = readFileSync(file, 'utf8')
  const head = text.slice(0, text.indexOf(`${fence}\n> POST`))
  writeFileSync(file, `${head}${fence}\n${printed.join('\n')}\n${fence}\n`)
}

const folder = mkdtempSync(join(tmpdir(), 'seatrial-example-'))
const transport = createHttpTransport()
try {
  const { child, ready } = await startAccount(folder)
  const ended = once(child, 'exit')
  try {
    await show(createSend(transport, ready), ready)
  } finally {
    child.kill('SIGINT')
  }
  const [code] = await ended
  process.exitCode = code === 0 ? 0 : 1
  if (process.argv.includes('--readme')) writeReadme()
} finally {
  await transport.close()
  rmSync(folder, { recursive: true, force: true })
}

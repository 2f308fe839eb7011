/**
 * Server throughput by autocannon: signed GET of one record and signed POST of a five-line order, beside the raw server in
 * the same run and with the same signed requests. Every request is signed beforehand and sent once, so the generator does
 * the same work for both. Rounds alternate between the servers; the medians make the ratio.
 */
import autocannon from 'autocannon'
import { SystemClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createSigner } from '../protocol/signing.ts'
import { RECORD_BASE_PATH } from '../protocol/wire.ts'
import { type Served, startRaw, startSeatrial } from './child.ts'
import { figure, median, type Part, verdict } from './part.ts'

const CONNECTIONS = 20
const ROUNDS = 5
const AMOUNT = { GET: 60_000, POST: 40_000 }

/** Everything on, except waiting: no latency and more slots than connections. */
const PROFILE = 'preset: premium\nconcurrencyLimit: 1000\nlatency: { model: none }\n'

export interface HttpRow {
  readonly name: string
  readonly rawPerSec: number
  readonly seatrialPerSec: number
  readonly ratio: number
  readonly goal: number
  /** Processor time of the server per request, both. */
  readonly rawCpuUs: number
  readonly seatrialCpuUs: number
  readonly p99Ms: number
}

type Verb = 'GET' | 'POST'

interface Server {
  readonly baseUrl: string
  cpuUs(): number
}

interface Round {
  readonly perSec: number
  readonly cpuUs: number
  readonly p99Ms: number
}

let orderNumber = 0

function orderBody(): string {
  const line = { item: { externalId: 'SKU-1' }, quantity: 2, rate: 19.9 }
  return JSON.stringify({
    externalId: `BENCH-${++orderNumber}`,
    entity: { externalId: 'BENCH-C' },
    otherRefNum: `#${orderNumber}`,
    item: { items: Array.from({ length: 5 }, () => line) },
  })
}

/** One connection's share of requests, each with a signature of its own. */
function signedRequests(
  verb: Verb,
  count: number,
  server: Server,
  sign: ReturnType<typeof createSigner>,
  recordPath: string,
) {
  const path = verb === 'GET' ? recordPath : `${RECORD_BASE_PATH}/salesOrder`
  return Array.from({ length: count }, () => {
    const { headers } = sign({ method: verb, url: server.baseUrl + path, headers: {} })
    const typed = verb === 'GET' ? {} : { 'content-type': 'application/json' }
    return {
      method: verb,
      path,
      headers: { ...headers, ...typed },
      ...(verb === 'GET' ? {} : { body: orderBody() }),
    }
  })
}

async function round(verb: Verb, server: Server, credentials: Served, recordPath: string): Promise<Round> {
  const sign = createSigner(new SystemClock(), createRng(`${performance.now()}`), credentials)
  const share = AMOUNT[verb] / CONNECTIONS
  const prepared = Array.from({ length: CONNECTIONS }, () =>
    signedRequests(verb, share, server, sign, recordPath),
  )
  const cpuBefore = server.cpuUs()
  const result = await autocannon({
    url: server.baseUrl,
    connections: CONNECTIONS,
    amount: AMOUNT[verb],
    // The run ends on a tick of the sampler; one of a second would round short runs.
    sampleInt: 20,
    timeout: 30,
    setupClient: (client) => client.setRequests(prepared.pop() as autocannon.Request[]),
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} non-2xx answers, ${result.errors} errors`)
  const seconds = (result.finish.valueOf() - result.start.valueOf()) / 1000
  return {
    perSec: AMOUNT[verb] / seconds,
    cpuUs: (server.cpuUs() - cpuBefore) / AMOUNT[verb],
    p99Ms: result.latency.p99,
  }
}

async function prepare(served: Served): Promise<{ path: string; record: string }> {
  const put = async (type: string, item: object): Promise<string> => {
    const answer = await fetch(`${served.controlUrl}/records/${type}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items: [item] }),
    })
    const { ids } = (await answer.json()) as { ids: string[] }
    return ids[0]!
  }
  await put('inventoryItem', { itemId: 'SKU-1', externalId: 'SKU-1' })
  const customer = {
    companyName: 'Bench Ltd',
    email: 'bench@example.com',
    phone: '555-0100',
    externalId: 'BENCH-C',
  }
  const path = `${RECORD_BASE_PATH}/customer/${await put('customer', customer)}`
  const sign = createSigner(new SystemClock(), createRng('prepare'), served)
  const { headers } = sign({ method: 'GET', url: served.baseUrl + path, headers: {} })
  const record = await (await fetch(served.baseUrl + path, { headers })).text()
  return { path, record }
}

/** Runs both rows and gives them with their goals. */
async function benchHttp(log: (line: string) => void): Promise<HttpRow[]> {
  const seatrial = await startSeatrial(PROFILE)
  const { path, record } = await prepare(seatrial)
  const raw = await startRaw(record)
  const rows: HttpRow[] = []
  for (const [verb, name, goal] of [
    ['GET', 'signed GET of one record', 0.5],
    ['POST', 'signed POST of a five-line order', 0.35],
  ] as const) {
    const rounds: { raw: Round; seatrial: Round }[] = []
    for (let number = 0; number <= ROUNDS; number++) {
      const pair = {
        raw: await round(verb, raw, seatrial, path),
        seatrial: await round(verb, seatrial, seatrial, path),
      }
      log(`${verb} ${Math.round(pair.raw.perSec)} raw, ${Math.round(pair.seatrial.perSec)} seatrial`)
      // The first round warms both up.
      if (number > 0) rounds.push(pair)
    }
    const of = (server: 'raw' | 'seatrial', figure: keyof Round): number =>
      median(rounds.map((pair) => pair[server][figure]))
    rows.push({
      name,
      rawPerSec: of('raw', 'perSec'),
      seatrialPerSec: of('seatrial', 'perSec'),
      ratio: median(rounds.map((pair) => pair.seatrial.perSec / pair.raw.perSec)),
      goal,
      rawCpuUs: of('raw', 'cpuUs'),
      seatrialCpuUs: of('seatrial', 'cpuUs'),
      p99Ms: of('seatrial', 'p99Ms'),
    })
  }
  await Promise.all([seatrial.stop(), raw.stop()])
  return rows
}

export const http: Part<HttpRow> = {
  name: 'http',
  measure: benchHttp,
  tables: (rows) => [
    {
      title: 'Server throughput, ratio to a raw `node:http` server in the same run',
      columns: [
        'request',
        'raw/s',
        'seatrial/s',
        'ratio',
        'goal',
        '',
        'server CPU raw, seatrial (µs)',
        'p99 ms',
      ],
      rows: rows.map((row) => [
        row.name,
        figure(row.rawPerSec),
        figure(row.seatrialPerSec),
        figure(row.ratio, 2),
        `≥ ${row.goal}`,
        verdict(row.ratio >= row.goal),
        `${figure(row.rawCpuUs, 1)}, ${figure(row.seatrialCpuUs, 1)}`,
        figure(row.p99Ms, 1),
      ]),
    },
  ],
}

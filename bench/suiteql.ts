/**
 * SuiteQL over 100,000 orders of five lines: whole signed requests without sockets, in processor time of the account's
 * thread, the median of several; parsing and translating by themselves; and what queries cost those who write.
 */
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createSigner } from '../protocol/signing.ts'
import type { WireRequest } from '../protocol/wire.ts'
import type { Account } from '../simulator/account.ts'
import { createSimulator } from '../simulator/index.ts'
import { ADMINISTRATOR } from '../simulator/permissions/principal.ts'
import { loadProfile } from '../simulator/profile.ts'
import { createRecordStore, type RecordBody } from '../simulator/records/store.ts'
import { loadBundledCatalogue } from '../simulator/spec/bundled.ts'
import { suiteQlOf } from '../simulator/suiteql/engine.ts'
import { goalTable, median, type Part } from './part.ts'

export interface SuiteQlRow {
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 'times'
  /** Undefined: shown for its own sake. */
  readonly goal: number | undefined
}

const ORDERS = 100_000
const ITEMS = 200
const CUSTOMERS = 50
const LINES = 5
const ROUNDS = 7
const MINUTE_MS = 60_000

/** It ticks in steps of some milliseconds, so short work is measured in batches. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

async function bulkAccount(count: number) {
  const clock = new VirtualClock()
  const store = createRecordStore()
  const profile = loadProfile('premium', { latency: { model: 'none' }, journalCapacity: 1000 })
  const simulator = createSimulator({ clock, rng: createRng('bench'), profile, store })
  const sign = createSigner(clock, createRng('client'), simulator.credentials)
  const signed = (method: string, path: string, body: object, headers = {}): WireRequest =>
    sign({
      method,
      url: `${simulator.baseUrl}/services/rest/${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const send = async (request: WireRequest): Promise<string> => {
    const answer = await simulator.handle(request)
    if (typeof answer === 'string' || answer.status >= 300) throw new Error(JSON.stringify(answer))
    return answer.headers.location?.split('/').at(-1) ?? answer.body
  }
  const post = (type: string, body: object): Promise<string> =>
    send(signed('POST', `record/v1/${type}`, body))
  for (let n = 0; n < CUSTOMERS; n++) await post('customer', { companyName: `Customer ${n}` })
  for (let n = 0; n < ITEMS; n++) await post('inventoryItem', { itemId: `SKU-${n}` })
  const firstId = Number(await post('salesOrder', orderOf(0)))
  const first = store.get('transaction', firstId)!
  store.transaction(() => {
    for (let number = 1; number < count; number++) {
      const id = store.nextId('transaction')
      const [externalId, display] = [`X-${number}`, `SO${id}`]
      const body = {
        ...first.body,
        id: String(id),
        externalId,
        tranId: display,
        ...mixed(first.body, number),
      }
      // The last one was changed a minute ago, the one before it two minutes ago.
      store.insert(
        'transaction',
        { ...first, id, externalId, display, body },
        clock.now() - (count - number) * MINUTE_MS,
      )
    }
  })
  const ask = async (q: string, page = '') => {
    const text = await send(signed('POST', `query/v1/suiteql${page}`, { q }, { prefer: 'transient' }))
    return JSON.parse(text) as { count: number; totalResults: number }
  }
  return { ask, post, send, signed, firstId, close: () => simulator.close() }
}

type BulkAccount = Awaited<ReturnType<typeof bulkAccount>>

function orderOf(number: number): object {
  const line = (n: number) => ({
    item: { id: String(((number * 7 + n * 31) % ITEMS) + 1) },
    quantity: 2,
    rate: 19.9,
  })
  const entity = { id: String((number % CUSTOMERS) + 1) }
  return {
    externalId: `X-${number}`,
    entity,
    item: { items: Array.from({ length: LINES }, (_, n) => line(n)) },
  }
}

/** Other items, quantities and customers than the first order's. */
function mixed(body: RecordBody, number: number): RecordBody {
  const item = (body.item as RecordBody[]).map((line, n) => ({
    ...line,
    item: { id: String(((number * 7 + n * 31) % ITEMS) + 1) },
    quantity: 1 + ((number + n) % 9),
  }))
  return { item, entity: { id: String((number % CUSTOMERS) + 1) } }
}

const BY_ID = 'SELECT id, tranid, BUILTIN.DF(entity) AS customer FROM transaction WHERE id = '
const GROUPED = `SELECT i.itemid, SUM(l.quantity) AS quantity, COUNT(*) AS n FROM transaction t, transactionline l, item i
  WHERE l.transaction = t.id AND i.id = l.item AND t.type = 'SalesOrd' AND l.mainline = 'F' GROUP BY i.itemid`
// The account's time is 1 am on 1/5/2026; a thousand orders were changed in the thousand minutes before.
const DELTA = `SELECT id, tranid, lastmodifieddate FROM transaction
  WHERE lastmodifieddate > TO_DATE('2026-01-04 08:20:00', 'YYYY-MM-DD HH24:MI:SS') ORDER BY lastmodifieddate, id`
const ALL = 'SELECT id, tranid, entity FROM transaction ORDER BY id'

/** Median milliseconds of one call, of batches of `batch`. */
async function timeOf(batch: number, work: (number: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const startedMs = threadMs()
    for (let number = 0; number < batch; number++) await work(round * batch + number)
    times.push((threadMs() - startedMs) / batch)
  }
  // The first half warms up.
  return median(times.slice(ROUNDS))
}

async function once(work: () => Promise<unknown>): Promise<number> {
  const startedMs = threadMs()
  await work()
  return threadMs() - startedMs
}

async function benchSuiteQl(log: (line: string) => void): Promise<SuiteQlRow[]> {
  const rows: SuiteQlRow[] = []
  const add = (name: string, value: number, goal?: number, unit: SuiteQlRow['unit'] = 'ms'): void => {
    rows.push({ name, value, unit, goal })
    log(`${name}: ${value.toFixed(2)} ${unit}`)
  }
  const account = await bulkAccount(ORDERS)
  const { ask, firstId } = account
  add('loading the parser, first statement', await once(() => ask('SELECT 1 AS one FROM dual')))
  add('first query of `transaction` after a bulk load', await once(() => ask(BY_ID + firstId)))
  add('first query of `transactionline`', await once(() => ask('SELECT COUNT(*) AS n FROM transactionline')))
  add('by id', await timeOf(50, (number) => ask(`${BY_ID}${firstId + number}`)), 3)
  const delta = await ask(DELTA)
  if (delta.count !== 1000) throw new Error(`the delta has ${delta.count} rows`)
  add('delta of 1,000 rows by lastmodifieddate', await timeOf(10, () => ask(DELTA)), 25)
  add('transaction, lines and items joined, grouped', await timeOf(1, () => ask(GROUPED)), 600)
  add('page 50 of 100 to page 1', await pageRatio(account), 2, 'times')
  await addParsing(add)
  add('a query after 1,000 new orders', await catchUp(account))
  add(
    'POST of an order where queries are asked to one where none are',
    await insertRatio(account),
    1.25,
    'times',
  )
  account.close()
  return rows
}

async function pageRatio({ ask }: BulkAccount): Promise<number> {
  const first: number[] = []
  const later: number[] = []
  for (let round = 0; round < 2 * ROUNDS; round++) {
    first.push(
      await once(async () => {
        for (let n = 0; n < 5; n++) await ask(ALL, '?limit=1000')
      }),
    )
    later.push(
      await once(async () => {
        for (let n = 0; n < 5; n++) await ask(ALL, '?limit=1000&offset=49000')
      }),
    )
  }
  return median(later.slice(ROUNDS)) / median(first.slice(ROUNDS))
}

/** Without an account around it: parse, check, find the names, write SQLite's statement and prepare it. */
async function addParsing(add: (name: string, value: number, goal: number) => void): Promise<void> {
  const clock = new VirtualClock()
  const [store, profile, catalogue] = [createRecordStore(), loadProfile('premium'), loadBundledCatalogue()]
  const engine = suiteQlOf({ clock, store, profile, catalogue } as unknown as Account)
  const check = async (q: string): Promise<void> => engine.check({ q, params: [], role: ADMINISTRATOR })
  add('parse and translate, known statement', await timeOf(2000, () => check(GROUPED)), 0.3)
  add('parse and translate, new statement', await timeOf(100, (n) => check(`${GROUPED} /* ${n} */`)), 1.5)
  store.close()
}

/** What the writing of a thousand orders leaves to do to the next query. */
async function catchUp({ post, ask }: BulkAccount): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 1000; n++) await post('salesOrder', orderOf(1_000_000 + round * 1000 + n))
    times.push(await once(() => ask('SELECT COUNT(*) AS n FROM transactionline')))
  }
  return median(times)
}

/** The same orders into two accounts in turn: one that is queried now and then, one that never was. */
async function insertRatio(queried: BulkAccount): Promise<number> {
  const silent = await bulkAccount(1000)
  const batch = (account: BulkAccount, round: number) => async () => {
    for (let n = 0; n < 200; n++) await account.post('salesOrder', orderOf(2_000_000 + round * 200 + n))
  }
  let [withQueries, without] = [0, 0]
  for (let round = 0; round < 30; round++) {
    const isWarm = round >= 5
    const asked = await once(batch(queried, round))
    await queried.ask(BY_ID + queried.firstId)
    const never = await once(batch(silent, round))
    if (isWarm) [withQueries, without] = [withQueries + asked, without + never]
  }
  silent.close()
  return withQueries / without
}

export const suiteql: Part<SuiteQlRow> = {
  name: 'suiteql',
  measure: benchSuiteQl,
  tables: (rows) => [
    goalTable(
      'SuiteQL: processor time of whole requests without sockets, 100,000 orders of five lines',
      rows,
      2,
    ),
  ],
}

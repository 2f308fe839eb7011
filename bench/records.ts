/**
 * The record service without sockets: signed requests through the whole account in one process, over stores that were
 * filled beforehand. What a request costs must not depend on how many records there are; sizes are measured in turn, round
 * by round, and ratios are taken over all rounds. Times are processor times of the account's thread.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createSigner } from '../protocol/signing.ts'
import { RECORD_BASE_PATH, type WireRequest } from '../protocol/wire.ts'
import { createSimulator } from '../simulator/index.ts'
import { loadProfile } from '../simulator/profile.ts'
import { createRecordStore, type RecordBody, type StoredRecord } from '../simulator/records/store.ts'
import { figure, goalTable, median, type Part, verdict } from './part.ts'

export interface RecordRow {
  readonly name: string
  readonly ms: number
  /** Undefined: shown for its own sake. */
  readonly goal: number | undefined
}

/** One kind of request at every size: microseconds, and the last size's cost as a ratio to the first's. */
export interface GrowthRow {
  readonly name: string
  readonly us: readonly number[]
  readonly ratio: number
}

const SIZES = [1000, 10_000, 100_000, 1_000_000] as const
const GROWTH_MAX = 1.1
const ORDERS = 100_000
const ROUNDS = 11
const GROWTH_ROUNDS = 40
/** Further than the store remembers records, so that no size profits from that. */
const STRIDE = 389

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

type Send = (method: string, path: string, body?: object) => WireRequest

/** An account that holds `count` orders like one that a client created. Each has an external id of its own. */
export async function accountWith(count: number, lines: number) {
  const clock = new VirtualClock()
  const store = createRecordStore()
  const profile = loadProfile('premium', { latency: { model: 'none' }, journalCapacity: 1000 })
  const simulator = createSimulator({ clock, rng: createRng('bench'), profile, store })
  const sign = createSigner(clock, createRng('client'), simulator.credentials)
  const signed: Send = (method, path, body) =>
    sign({
      method,
      url: `${simulator.baseUrl}${RECORD_BASE_PATH}/${path}`,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  const send = async (request: WireRequest): Promise<string> => {
    const answer = await simulator.handle(request)
    if (typeof answer === 'string' || answer.status >= 300) throw new Error(JSON.stringify(answer))
    return answer.headers.location?.split('/').at(-1) ?? answer.body
  }
  await send(signed('POST', 'customer', { companyName: 'Bench Ltd', externalId: 'C' }))
  await send(signed('POST', 'inventoryItem', { itemId: 'SKU-1', externalId: 'SKU-1' }))
  const firstId = Number(await send(signed('POST', 'salesOrder', orderOf('X-0', lines))))
  const first = store.get('transaction', firstId)!
  store.transaction(() => {
    for (let number = 1; number < count; number++) {
      const copy = copyOf(first, store.nextId('transaction'), `X-${number}`)
      store.insert('transaction', copy, clock.now() - (count - number) * 60_000)
    }
  })
  return { store, send, signed, firstId, count, control: simulator.control, close: () => simulator.close() }
}

type BenchAccount = Awaited<ReturnType<typeof accountWith>>

function orderOf(externalId: string, lines: number): object {
  const line = { item: { externalId: 'SKU-1' }, quantity: 2, rate: 19.9 }
  return {
    externalId,
    entity: { externalId: 'C' },
    memo: externalId,
    item: { items: Array(lines).fill(line) },
  }
}

function copyOf(first: StoredRecord, id: number, externalId: string): StoredRecord {
  const body: RecordBody = { ...first.body, id: String(id), externalId, memo: externalId, tranId: `SO${id}` }
  return { ...first, id, externalId, display: `SO${id}`, body }
}

/** Mean time of a batch of requests, signed beforehand, in milliseconds. */
async function timeOf(
  { send }: BenchAccount,
  requests: readonly WireRequest[],
  nowMs: () => number,
): Promise<number> {
  const startedMs = nowMs()
  for (const request of requests) await send(request)
  return (nowMs() - startedMs) / requests.length
}

/**
 * Processor time of this thread: other programs on the machine do not add to it. It ticks in steps of about ten
 * milliseconds, so what is measured is always a batch of several times that.
 */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

type RecordKind = readonly [
  name: string,
  goal: number | undefined,
  batch: number,
  request: (number: number) => WireRequest,
]

/** The requests of the first table; `big` is an order of 100 lines. */
function kindsOf({ signed, firstId }: BenchAccount, big: string): readonly RecordKind[] {
  const list = (q: string): string => `salesOrder?q=${encodeURIComponent(q)}`
  // 100 orders were changed in the hundred minutes before the account's time, 1 am on 1/5/2026.
  return [
    ['list page of 1,000', undefined, 25, () => signed('GET', 'salesOrder?limit=1000')],
    [
      'filter by last change, 100 of 100,000',
      5,
      50,
      () => signed('GET', list('lastModifiedDate AFTER "1/4/2026 11:20 pm"')),
    ],
    [
      'filter by external id, 1 of 100,000',
      5,
      100,
      (number) => signed('GET', list(`externalId IS x-${number + 1}`)),
    ],
    [
      'filter by memo, no index, 111 of 100,000',
      150,
      2,
      () => signed('GET', list('memo START_WITH "X-777"')),
    ],
    ['filter by total, no index, all of 100,000', 150, 2, () => signed('GET', list('total GREATER 5'))],
    [
      'PATCH of one line of five',
      undefined,
      100,
      (number) =>
        signed('PATCH', `salesOrder/${firstId + 1 + number}`, {
          item: { items: [{ line: 2, quantity: number + 3 }] },
        }),
    ],
    [
      'expand of a 100-line order',
      undefined,
      50,
      () => signed('GET', `salesOrder/${big}?expandSubResources=true`),
    ],
    [
      'upsert of an order that exists',
      undefined,
      100,
      (number) => signed('PUT', `salesOrder/eid:X-${number + 1}`, { memo: `m${number}` }),
    ],
    [
      'upsert of a new order',
      undefined,
      100,
      (number) => signed('PUT', `salesOrder/eid:N-${number}`, orderOf(`N-${number}`, 5)),
    ],
  ]
}

/** The figures of one store of 100,000 orders of five lines. */
async function benchRecords(log: (line: string) => void): Promise<RecordRow[]> {
  const account = await accountWith(ORDERS, 5)
  const { signed, send } = account
  const big = await send(signed('POST', 'salesOrder', orderOf('BIG', 100)))
  const kinds = kindsOf(account, big)
  const rows: RecordRow[] = []
  for (const [name, goal, batch, request] of kinds) {
    const times: number[] = []
    for (let round = 0; round < 2 * ROUNDS; round++) {
      const requests = Array.from({ length: batch }, (_, number) => request(round * batch + number))
      times.push(await timeOf(account, requests, threadMs))
    }
    // The first half warms up.
    rows.push({ name, ms: median(times.slice(ROUNDS)), goal })
    log(`${name}: ${rows.at(-1)!.ms.toFixed(2)} ms`)
  }
  account.close()
  rows.push({ name: 'loading the catalogue of 206 types', ms: catalogueMs(), goal: 150 })
  return rows
}

/** In a process of its own, modules included. */
function catalogueMs(): number {
  const program = `const startedMs = performance.now()
    const { loadBundledCatalogue } = await import('./simulator/spec/bundled.ts')
    if (loadBundledCatalogue().types.length !== 206) throw new Error('not the bundled catalogue')
    process.stdout.write(String(performance.now() - startedMs))`
  const once = (): number => {
    const options = { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' } as const
    return Number(spawnSync(process.execPath, ['--input-type=module', '-e', program], options).stdout)
  }
  return median([once(), once(), once(), once(), once()])
}

interface Kind {
  readonly name: string
  readonly batch: number
  request(account: BenchAccount, number: number): WireRequest
}

/** Ids all over the store, none twice in a long time. */
const spread = ({ count }: BenchAccount, number: number): number => ((number + 1) * STRIDE) % count

const KINDS: readonly Kind[] = [
  {
    name: 'GET by id',
    batch: 400,
    request: (account, number) =>
      account.signed('GET', `salesOrder/${account.firstId + spread(account, number)}`),
  },
  {
    name: 'GET by external id',
    batch: 400,
    request: (account, number) => account.signed('GET', `salesOrder/eid:X-${spread(account, number)}`),
  },
  {
    name: 'POST',
    batch: 250,
    request: ({ signed }, number) => signed('POST', 'salesOrder', orderOf(`N-${number}`, 1)),
  },
  {
    name: 'PATCH',
    batch: 250,
    request: (account, number) =>
      account.signed('PATCH', `salesOrder/${account.firstId + spread(account, number)}`, {
        memo: `m${number}`,
      }),
  },
  {
    name: 'list, first page of 1,000',
    batch: 40,
    request: ({ signed }) => signed('GET', 'salesOrder?limit=1000'),
  },
]

/** What each kind of request costs this thread with more and more orders stored. */
async function benchGrowth(log: (line: string) => void): Promise<GrowthRow[]> {
  const accounts: BenchAccount[] = []
  for (const size of SIZES) {
    const startedMs = performance.now()
    accounts.push(await accountWith(size, 1))
    log(`${size} orders stored in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  }
  const rows: GrowthRow[] = []
  for (const kind of KINDS) {
    const rounds: number[][] = []
    for (let round = 0; round < GROWTH_ROUNDS + 2; round++) rounds.push(await oneRound(kind, accounts, round))
    // The first rounds warm up.
    const measured = rounds.slice(2)
    // Sums over all rounds: single batches are only a few ticks of the processor's clock long.
    const us = SIZES.map((_, index) => 1000 * mean(measured.map((times) => times[index]!)))
    const ratio = us.at(-1)! / us[0]!
    rows.push({ name: kind.name, us, ratio })
    log(`${kind.name}: ${us.map((each) => each.toFixed(1)).join(', ')} µs, ratio ${ratio.toFixed(2)}`)
  }
  for (const account of accounts) account.close()
  return rows
}

/** A batch at each size; a different one begins each time. */
async function oneRound(
  { batch, request }: Kind,
  accounts: readonly BenchAccount[],
  round: number,
): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; turn < accounts.length; turn++) {
    const index = (round + turn) % accounts.length
    const account = accounts[index]!
    const requests = Array.from({ length: batch }, (_, number) => request(account, round * batch + number))
    const lastId = account.store.ids('salesOrder', 1, account.store.count('salesOrder') - 1)[0]!
    times[index] = await timeOf(account, requests, threadMs)
    // What a batch creates goes again, or small stores would not stay small.
    for (const record of account.store.page('salesOrder', lastId, batch))
      account.store.remove('transaction', record)
  }
  return times
}

export const records: Part<RecordRow> = {
  name: 'records',
  measure: benchRecords,
  tables: (rows) => [
    goalTable(
      'The record service: processor time, without sockets, 100,000 orders of five lines',
      rows.map(({ ms, ...row }) => ({ ...row, value: ms, unit: 'ms' })),
      2,
    ),
  ],
}

export const growth: Part<GrowthRow> = {
  name: 'growth',
  measure: benchGrowth,
  tables: (rows) => [
    {
      title: 'Processor time of a request by number of stored orders, in µs',
      columns: ['request', ...SIZES.map((size) => figure(size)), 'last to first', 'goal', ''],
      rows: rows.map(({ name, us, ratio }) => [
        name,
        ...us.map((each) => figure(each, 1)),
        figure(ratio, 2),
        `≤ ${GROWTH_MAX}`,
        verdict(ratio <= GROWTH_MAX),
      ]),
    },
  ],
}

/**
 * If these fail, a run is not replayable, hangs with the integration it tries, or calls broken integrations fine.
 * The engines here write straight into a fake account; each is broken in one way.
 */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { Transport } from '../protocol/transport.ts'
import type { EngineDeps, IntegrationEngine } from './engine/engine.ts'
import { runResultSchema } from './result.ts'
import { type Progress, type RunOptions, runScenario } from './run.ts'
import { parseScenario, type ScenarioInput } from './scenario.ts'
import type { ShopOrder } from './shop/order.ts'
import { FakeControl } from './testing/fake-control.ts'

const SAVE_MS = 400
const scenarioOf = (changes: Partial<ScenarioInput> = {}) =>
  parseScenario({
    id: 'trial',
    title: 'Trial',
    why: 'to see the harness work',
    shop: { redeliveryRatio: 0.2 },
    load: [{ executor: 'constant-arrival-rate', ratePerSec: 5, durationMs: 20_000 }],
    drainMs: 60_000,
    thresholds: { order_latency_ms: ['p(95) < 1000'], dropped_iterations: ['count == 0'] },
    ...changes,
  })

/** How an engine double differs from one that does everything right. */
interface Defects {
  /** What it makes of the n-th order (from 1) instead of one record. */
  readonly copies?: (n: number) => number
  readonly onAccept?: (n: number) => void | Promise<void>
  readonly idle?: () => Promise<void>
  readonly stop?: () => Promise<void>
}

/** An engine without a wire: dedupes, waits a moment, writes the order and its customer into `account`. */
function createDouble(
  account: FakeControl,
  { clock, rng, observer }: EngineDeps,
  { copies = () => 1, onAccept = () => {}, idle, stop = async () => {} }: Defects,
): IntegrationEngine {
  const known = new Set<string>()
  const customers = new Map<string, string>()
  const working = new Set<Promise<void>>()
  const itemId = (sku: string) => account.records.inventoryItem.find(({ body }) => body.itemId === sku)!.id
  const save = async (order: ShopOrder, n: number): Promise<void> => {
    const startedMs = clock.now()
    await clock.sleep(SAVE_MS + rng.integer(0, 100))
    const { email, id: customerId } = order.customer
    if (!customers.has(customerId)) customers.set(customerId, account.add('customer', { email }))
    let id = 'none'
    for (let copy = 0; copy < copies(n); copy++) {
      const items = order.line_items.map(({ sku, quantity, price }) => ({
        item: { id: itemId(sku) },
        quantity,
        rate: Number(price),
      }))
      const entity = { id: customers.get(customerId) }
      id = account.add('salesOrder', { otherRefNum: order.name, entity, item: { items } })
    }
    const endedMs = clock.now()
    account.log(startedMs, endedMs)
    const event = {
      operation: 'salesOrder.create',
      key: order.id,
      attempt: 1,
      startedMs,
      endedMs,
      status: 204,
    }
    observer.attempt({ ...event, outcome: 'done' })
    observer.completed(order.id, id, endedMs)
    observer.backlog(working.size - 1, endedMs)
  }
  return {
    name: 'reference',
    accept: async (order) => {
      if (known.has(order.id)) return observer.deduplicated(order, clock.now())
      await onAccept(known.size + 1)
      known.add(order.id)
      observer.accepted(order, clock.now())
      const work = save(order, known.size).finally(() => working.delete(work))
      working.add(work)
      observer.backlog(working.size, clock.now())
    },
    idle: idle ?? (async () => void (await Promise.all(working))),
    stop,
  }
}

const nowhere: Transport = { send: () => Promise.reject(new Error('no wire')), close: async () => {} }

async function trial(
  defects: Defects = {},
  changes: Partial<ScenarioInput> = {},
  options: Partial<RunOptions> = {},
  account = new FakeControl(),
) {
  const clock = new VirtualClock()
  const scenario = scenarioOf(changes)
  const credentials = {
    accountId: 'A',
    consumerKey: 'k',
    consumerSecret: 's',
    tokenId: 't',
    tokenSecret: 'u',
  }
  const run = await clock.run(() =>
    runScenario(
      {
        clock,
        rng: createRng(scenario.seed),
        transport: nowhere,
        control: account.transport,
        baseUrl: account.url,
        controlUrl: account.url,
        credentials,
        version: '1.2.3',
        createEngine: (deps) => createDouble(account, deps, defects),
      },
      { scenario, engine: 'reference', ...options },
    ),
  )
  return { ...run, account, clock }
}

/** Checks that did not pass, with status. */
const failedIn = ({ result }: Awaited<ReturnType<typeof trial>>) =>
  result.checks.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`)

describe('a run of a sound engine', () => {
  it('passes, and every figure is there', async () => {
    const { result, journal } = await trial()
    expect(runResultSchema.parse(result)).toEqual(result)
    expect(result).toMatchObject({
      verdict: 'pass',
      reasons: [],
      mode: 'virtual',
      seed: '7',
      ordersFrom: 'generator',
    })
    expect(result.product).toEqual({ name: 'seatrial', version: '1.2.3' })
    expect(result.totals).toMatchObject({
      arrivals: 100,
      accepted: 100,
      completed: 100,
      inAccount: 100,
      lost: 0,
      doubled: 0,
      calls: 100,
      callsPerOrder: 1,
      loadMs: 19_800,
      maxStartLagMs: 0,
    })
    expect(result.totals.redeliveries).toBeGreaterThan(5)
    expect(result.totals.drainMs).toBeGreaterThan(SAVE_MS - 1)
    expect(result.orderLatency.minMs).toBeGreaterThanOrEqual(SAVE_MS)
    expect(result.operations).toMatchObject([
      { attempts: 100, byOutcome: { done: 100 }, byStatus: { 204: 100 } },
    ])
    expect(result.series.arrivals.reduce((sum, n) => sum + n)).toBe(100)
    expect(journal).toHaveLength(100)
  })
  it('is the same, byte for byte, for the same seed, and another for another', async () => {
    const bytes = async (seed: number) =>
      JSON.stringify(await trial({}, { seed }).then(({ result }) => result))
    expect(await bytes(7)).toBe(await bytes(7))
    expect((await bytes(8)).replaceAll('"8"', '"7"')).not.toBe(await bytes(7))
  })
  it('gives faults an end, installs them for the load and takes them away', async () => {
    const faults: ScenarioInput['faults'] = [
      { fault: 'reset-before' },
      { id: 'b', fault: 'reject', untilMs: 5 },
    ]
    const { result, account } = await trial({}, { faults })
    expect(result.faults.map(({ id, spec }) => [id, spec.untilMs])).toEqual([
      ['reset-before', expect.any(Number)],
      ['b', 5],
    ])
    expect(result.faults[0]!.spec.untilMs).toBeLessThan(25_000)
    expect(account.faults).toEqual([])
  })
  it('imports the items it needs, once', async () => {
    const account = new FakeControl()
    account.add('inventoryItem', { itemId: 'MUG-0001' })
    await trial({}, {}, {}, account)
    const skus = account.records.inventoryItem.map(({ body }) => body.itemId)
    expect(new Set(skus).size).toBe(skus.length)
  })
  it('replays orders from a file with their repeats', async () => {
    const order = (n: number): ShopOrder => ({
      id: `${n}`,
      name: `#${n}`,
      created_at: new Date(Date.UTC(2026, 0, 5) + n * 60_000).toISOString(),
      currency: 'USD',
      customer: { id: `c${n}`, email: `c${n}@example.com` },
      line_items: [{ id: '1', sku: 'OWN-SKU', quantity: 1, price: '9.99' }],
      total_price: '9.99',
    })
    const orders = { orders: [order(2), order(1), order(2)], name: 'day.ndjson', speed: 60 }
    const { result } = await trial({}, {}, { orders })
    expect(result).toMatchObject({ verdict: 'pass', ordersFrom: 'day.ndjson' })
    expect(result.totals).toMatchObject({ arrivals: 2, redeliveries: 1, loadMs: 1000 })
  })
  it('tells how it goes', async () => {
    const seen: Progress[] = []
    await trial({}, {}, { onProgress: (progress) => seen.push(progress) })
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['load', 'drain', 'verify']))
    expect(seen.at(-1)).toMatchObject({ phase: 'verify', arrived: 100, planned: 100, completed: 100 })
  })
})

describe('a run of a broken engine', () => {
  it('fails when an order is lost', async () => {
    const run = await trial({ copies: (n) => (n === 13 ? 0 : 1) })
    expect(failedIn(run)).toEqual(['no-lost-writes fail', 'converged fail'])
    expect(run.result.verdict).toBe('fail')
    expect(run.result.totals.lost).toBe(1)
    expect(run.result.reasons[0]).toMatch(/^Check no-lost-writes failed: 99 of 100 orders .*1 lost/)
  })
  it('fails when an order is doubled', async () => {
    const run = await trial({ copies: (n) => (n % 50 === 0 ? 2 : 1) })
    expect(failedIn(run)).toEqual(['no-duplicates fail'])
    expect(run.result.totals.doubled).toBe(2)
  })
  it('ends in bounded time when the engine is never idle', async () => {
    const run = await trial({ idle: () => new Promise(() => {}), stop: () => new Promise(() => {}) })
    expect(failedIn(run)).toEqual(['converged fail'])
    expect(run.result.checks.at(-1)!.evidence[0]).toMatch(/still at work 60 s after the last arrival/)
  })
  it('fails when waiting or stopping fails', async () => {
    const broken = await trial({ idle: () => Promise.reject(new Error('queue gone')) })
    expect(broken.result.checks.at(-1)!.evidence[0]).toMatch(/queue gone/)
    const stubborn = await trial({ stop: () => Promise.reject(new Error('no')) })
    expect(stubborn.result.checks.at(-1)!.evidence[0]).toMatch(/did not stop: no/)
  })
  it('counts an order that the engine throws back as lost, unless a repeat is taken', async () => {
    let thrown = 0
    const onAccept = (n: number): void => {
      if (n !== 3 || thrown++ > 0) return
      throw new Error('disk full')
    }
    const run = await trial({ onAccept }, { shop: { redeliveryRatio: 0 } })
    expect(failedIn(run)).toEqual(['no-lost-writes fail'])
    expect(run.result.checks[0]!.evidence).toEqual([expect.stringMatching(/refused the delivery: disk full/)])
    thrown = 0
    expect(failedIn(await trial({ onAccept }, { shop: { redeliveryRatio: 1 } }))).toEqual([])
  })
  it('drops arrivals that an engine keeps waiting, and counts them', async () => {
    const slow = { executor: 'constant-arrival-rate', ratePerSec: 5, durationMs: 20_000, maxVus: 2 } as const
    const run = await trial({ onAccept: () => new Promise(() => {}) }, { load: [slow] })
    expect(run.result.totals).toMatchObject({ arrivals: 2, redeliveries: 0, accepted: 0 })
    expect(run.result.totals.droppedStarts).toBeGreaterThanOrEqual(98)
    expect(failedIn(run)).toContain('converged fail')
    expect(run.result.reasons.join()).toMatch(/Threshold dropped_iterations count == 0 was missed/)
    expect(run.result.reasons.join()).toMatch(/order_latency_ms p\(95\) < 1000 could not be evaluated/)
  })
})

describe('before a run', () => {
  const codeOf = (run: Promise<unknown>) =>
    run.then(
      () => 'ran',
      ({ code }: { code: string }) => code,
    )
  it('refuses thresholds that make no sense, before anything is asked of the account', async () => {
    const account = new FakeControl()
    const thresholds = { order_latency: ['max < 1'] }
    expect(await codeOf(trial({}, { thresholds }, {}, account))).toBe('E_THRESHOLD_INVALID')
    expect(account.calls).toEqual([])
  })
  it('refuses a load without a single arrival', async () => {
    const load = [{ executor: 'constant-arrival-rate', ratePerSec: 0.1, durationMs: 1000 }] as const
    expect(await codeOf(trial({}, { load: [...load] }))).toBe('E_SCENARIO_INVALID')
  })
  it('refuses an account that holds the orders of an earlier run', async () => {
    const account = new FakeControl()
    await trial({}, {}, {}, account)
    expect(await codeOf(trial({}, {}, {}, account))).toBe('E_ACCOUNT_USED')
  })
  it('takes its faults away when the run cannot be finished', async () => {
    const account = new FakeControl()
    account.slotsInUse = Number.NaN
    const faults: ScenarioInput['faults'] = [{ fault: 'reset-before' }]
    expect(await codeOf(trial({}, { faults }, {}, account))).toBe('E_CONTROL')
    expect(account.faults).toEqual([])
  })
})

describe('a large run', () => {
  it('costs little beside the engine', async () => {
    const load = { executor: 'constant-arrival-rate', ratePerSec: 50, durationMs: 100_000 } as const
    const account = new FakeControl()
    account.limit = 50
    const { result } = await trial({}, { load: [load], thresholds: {} }, {}, account)
    expect(result.totals.inAccount).toBe(5000)
    expect(result.verdict).toBe('pass')
  })
})

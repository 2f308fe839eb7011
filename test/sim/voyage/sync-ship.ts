/**
 * A small integration built on the parts of harness/engine/sync, as their documentation says to: it pulls what changed in the
 * account, follows the shop's feed, sends what is owed to the account, brings stock levels in, and compares both sides at night.
 * All it hears of the world goes through a `Mortal`. What it is given to keep outlives it.
 */
import { createCaller, recordClientOf } from '../../../harness/engine/client.ts'
import {
  createReferenceEngine,
  type EngineDeps,
  FieldSync,
  Levels,
  pullDelta,
  type ReferenceEngine,
  reconcile,
  runNightly,
  type SyncStore,
  type WorkQueue,
} from '../../../harness/engine/index.ts'
import type { Outcome } from '../../../harness/engine/outcome.ts'
import { createQuery, type Row } from '../../../harness/engine/suiteql.ts'
import { compareStock } from '../../../harness/engine/sync/compare-stock.ts'
import type { Fields, Side } from '../../../harness/engine/sync/field-sync.ts'
import type { Level } from '../../../harness/engine/sync/levels.ts'
import type { Drift, Entry } from '../../../harness/engine/sync/reconcile.ts'
import { ReferenceCache } from '../../../harness/engine/sync/reference-cache.ts'
import { createThrottle } from '../../../harness/engine/throttle.ts'
import type { InventoryWork } from '../../../harness/engine/work.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { SyncPlan } from './sync-plan.ts'
import { placeOf, type SyncShop } from './sync-shop.ts'

/** What a judge wants to know of its doings. */
export interface SyncLog {
  /** Rows that were taken whole, in order. */
  readonly delivered: { readonly atMs: number; readonly row: Row }[]
  /** Passes that came to their end. */
  passes: number
  /** When comparisons ended well. */
  readonly nights: number[]
  readonly drifts: { readonly atMs: number; readonly drift: Drift<unknown> }[]
  /** Places whose stock a comparison brought back. */
  readonly repairs: string[]
  /** Names of locations, as the shop was told. */
  readonly names: { readonly atMs: number; readonly name: string }[]
  readonly breaches: string[]
}

/** The world as a process sees it: everything here is behind a `Mortal`. */
export interface SyncParts {
  readonly deps: EngineDeps
  readonly store: SyncStore
  readonly queue: WorkQueue
  /** Makes a call to the shop, whose answer takes its time. */
  readonly ask: <T>(call: () => T, deed?: 'deliver') => Promise<T>
  /** The true time, for the log alone. */
  readonly truth: Clock
  readonly plan: SyncPlan
  readonly shop: SyncShop
  readonly log: SyncLog
}

export interface SyncShip {
  readonly engine: ReferenceEngine
  /** The warehouse tells a level; resolves once it would survive. */
  tell(level: Level): Promise<void>
}

const FEED_EVERY_MS = 2_000
const SEND_EVERY_MS = 1_500
const CONTEXT = { key: 'sync', attempt: 1 }
const CURSOR = 'shop/cursor'
const OWED = 'owed/'
export const OWNERS = { email: 'shop', phone: 'netsuite' } as const

interface Owed {
  readonly fields: Fields
  readonly turn: number
}

/** Starts all of it; it runs until it is killed. */
export function launchSync(parts: SyncParts): SyncShip {
  const { deps, store, queue, log } = parts
  const levels = new Levels(store)
  const engine = createReferenceEngine({ ...deps, stock: { levels, adjustmentAccountId: '8' } }, queue)
  const tell = async (level: Level): Promise<void> => {
    const work = await levels.offer(level)
    if (work !== undefined) await engine.submit(work)
  }
  const crew = new Crew(parts, levels, (work) => engine.submit(work))
  const failed = (what: string) => (error: unknown) =>
    void log.breaches.push(`${what}: ${error instanceof Error ? error.stack : error}`)
  engine.run().catch(failed('engine'))
  crew.pullAndCompare().catch(failed('pull'))
  crew.followFeed().catch(failed('feed'))
  crew.payDebts().catch(failed('send'))
  return { engine, tell }
}

class Crew {
  readonly #parts: SyncParts
  readonly #levels: Levels
  readonly #submit: (work: InventoryWork) => Promise<void>
  readonly #send
  readonly #client
  readonly #query
  readonly #fields: FieldSync
  readonly #names: ReferenceCache<string>
  /** Debts are changed by one at a time. */
  #debts: Promise<unknown> = Promise.resolve()

  constructor(parts: SyncParts, levels: Levels, submit: (work: InventoryWork) => Promise<void>) {
    const { deps, store, plan } = parts
    this.#parts = parts
    this.#levels = levels
    this.#submit = submit
    const rng = deps.rng.fork('crew')
    this.#send = createCaller(
      { ...deps, rng },
      { throttle: createThrottle(deps.clock, rng.fork('throttle')) },
    )
    this.#client = recordClientOf(this.#send)
    this.#query = createQuery(this.#send)
    this.#fields = new FieldSync(store, 'customer', OWNERS)
    this.#names = new ReferenceCache(deps.clock, { expiryMs: plan.expiryMs, sizeMax: 10 })
  }

  async pullAndCompare(): Promise<never> {
    const { deps, store, plan, log, truth } = this.#parts
    const { pageRows, overlapMs } = plan
    const columns = ['email', 'phone']
    const source = { name: 'customers', table: 'customer', columns, pageRows, overlapMs }
    const parts = { query: this.#query, store }
    for (;;) {
      const pass = await pullDelta(source, parts, CONTEXT, (rows) => this.#take(rows))
      if (pass.kind === 'done') {
        log.passes++
        const night = { name: 'all', atMs: plan.nightlyAtMs, run: () => this.#compare() }
        const ran = await runNightly(deps.clock, store, night).catch(notNow)
        if (ran) log.nights.push(truth.now())
      }
      await deps.clock.sleep(plan.pullEveryMs)
    }
  }

  async #take(rows: readonly Row[]): Promise<void> {
    const { ask, shop, log, truth } = this.#parts
    for (const row of rows) {
      const { id, email = null, phone = null } = row
      await ask(() => shop.create('sync', id!, { email, phone }))
      await this.#see('netsuite', id!, () => ({ email, phone }))
      await ask(() => log.delivered.push({ atMs: truth.now(), row }), 'deliver')
    }
    const name = await this.#names.resolve('1', () => this.#nameOf('1'))
    if (name.kind === 'done') log.names.push({ atMs: truth.now(), name: name.value.value })
  }

  async #nameOf(id: string): Promise<Outcome<string>> {
    const found = await this.#client.get('location', id, CONTEXT)
    return found.kind === 'done' ? { kind: 'done', value: String(found.value.name) } : found
  }

  async followFeed(): Promise<never> {
    const { deps, store, shop, ask } = this.#parts
    for (;;) {
      const from = Number((await store.get(CURSOR)) ?? 0)
      const news = await ask(() => shop.feed.slice(from))
      const to = from + news.length
      for (const key of new Set(news))
        await this.#see('shop', key, () => ask(() => shop.customers.get(key) ?? {}))
      if (to > from) await store.write({ [CURSOR]: to })
      await deps.clock.sleep(FEED_EVERY_MS)
    }
  }

  /** One side shows a customer; what follows is written, or owed, before it is agreed. */
  #see(side: Side, key: string, look: () => Fields | Promise<Fields>): Promise<void> {
    const { ask, shop } = this.#parts
    return this.#fields.observe(side, key, look, async (writes) => {
      if (writes.shop !== undefined) await ask(() => shop.write('sync', key, writes.shop!))
      if (writes.netsuite !== undefined) await this.#owe(key, writes.netsuite)
    })
  }

  #owe(key: string, fields: Fields): Promise<void> {
    return this.#alone(async () => {
      const { store } = this.#parts
      const before = (await store.get(OWED + key)) as unknown as Owed | undefined
      const owed: Owed = { fields: { ...before?.fields, ...fields }, turn: (before?.turn ?? 0) + 1 }
      await store.write({ [OWED + key]: owed as never })
    })
  }

  async payDebts(): Promise<never> {
    const { deps, store } = this.#parts
    for (;;) {
      for (const [key, owed] of await store.scan(OWED, undefined, 1_000))
        await this.#pay(key.slice(OWED.length), owed as unknown as Owed)
      await deps.clock.sleep(SEND_EVERY_MS)
    }
  }

  async #pay(key: string, { fields, turn }: Owed): Promise<void> {
    const { store, log } = this.#parts
    const paid = await this.#client.patch('customer', key, fields, CONTEXT)
    const isGone = paid.kind === 'refused' && paid.cause === 'missing'
    if (paid.kind === 'refused' && paid.retry === 'never' && !isGone)
      log.breaches.push(`send: customer ${key}: ${paid.detail}`)
    if (paid.kind !== 'done' && !isGone) return
    await this.#alone(async () => {
      const now = (await store.get(OWED + key)) as unknown as Owed | undefined
      if (now?.turn === turn) await store.write({ [OWED + key]: undefined })
    })
  }

  #alone<T>(call: () => Promise<T>): Promise<T> {
    const own = this.#debts.then(call)
    this.#debts = own.catch(() => {})
    return own
  }

  async #compare(): Promise<void> {
    const { ask, shop, truth, log } = this.#parts
    const note = (drift: Drift<unknown>): void => void log.drifts.push({ atMs: truth.now(), drift })
    await reconcile<Fields>(this.#customers(), this.#shopCustomers(), isSame, async (drift) => {
      note(drift)
      const { key, wanted, found } = drift
      const id = String(Number(key))
      if (wanted === undefined) return ask(() => shop.remove(id))
      if (found === undefined) await ask(() => shop.create('sync', id, wanted))
      await this.#see('netsuite', id, () => wanted)
      await this.#see('shop', id, () => ask(() => shop.customers.get(id) ?? {}))
    })
    const parts = {
      query: this.#query,
      levels: this.#levels,
      submit: (work: InventoryWork) => this.#repair(work),
    }
    const stock = await compareStock(parts, this.#night(), CONTEXT)
    if (stock.kind !== 'done') throw new NotNow(stock.detail)
  }

  #repair(work: InventoryWork): Promise<void> {
    this.#parts.log.repairs.push(placeOf(work))
    return this.#submit(work)
  }

  /** Names the night by the day on which it was due. */
  #night(): string {
    const { deps, plan } = this.#parts
    return new Date(deps.clock.now() - plan.nightlyAtMs).toISOString().slice(0, 10)
  }

  async *#customers(): AsyncGenerator<Entry<Fields>> {
    const { pageRows } = this.#parts.plan
    for (let after = '0'; ; ) {
      const text = `SELECT id, email, phone FROM customer WHERE id > TO_NUMBER(?)
        ORDER BY id FETCH FIRST ${pageRows} ROWS ONLY`
      const rows = await this.#rows('customers.all', text, [after])
      for (const { id, email = null, phone = null } of rows) yield [padded(id!), { email, phone }]
      if (rows.length < pageRows) return
      after = rows.at(-1)!.id!
    }
  }

  async *#shopCustomers(): AsyncGenerator<Entry<Fields>> {
    const { ask, shop } = this.#parts
    const keys = await ask(() => [...shop.customers.keys()])
    for (const key of keys.map(padded).sort()) {
      const fields = await ask(() => shop.customers.get(String(Number(key))))
      if (fields !== undefined) yield [key, fields]
    }
  }

  async #rows(operation: string, text: string, params: readonly string[]): Promise<readonly Row[]> {
    const found = await this.#query({ operation, text, params }, CONTEXT)
    if (found.kind !== 'done') throw new NotNow(found.detail)
    return found.value.rows
  }
}

/** The account would not answer; the next turn tries again. */
class NotNow extends Error {}

function notNow(error: unknown): false {
  if (error instanceof NotNow) return false
  throw error
}

/** So that texts stand in the order of numbers. */
function padded(id: string): string {
  return id.padStart(9, '0')
}

function isSame(a: Fields, b: Fields): boolean {
  return Object.keys(OWNERS).every((name) => a[name] === b[name])
}

/**
 * Sails a plan of synchronisation in virtual time: an account and a shop that others change, and a ship between them that is killed
 * and started again. Storm; calm, until nothing is owed; a day that nobody sees; and the night's comparison. Gives what was wrong.
 */
import { createControlClient, type ExportedRecord } from '../../../harness/control-client.ts'
import { MemoryQueue, MemorySyncStore, type SyncStore, type Work } from '../../../harness/engine/index.ts'
import type { TryProgress } from '../../../harness/engine/retry.ts'
import type { Fields } from '../../../harness/engine/sync/field-sync.ts'
import type { Level } from '../../../harness/engine/sync/levels.ts'
import { NOBODY } from '../../../harness/observe/observers.ts'
import { VirtualClock } from '../../../kernel/clock.ts'
import { createRng, type Rng } from '../../../kernel/rng.ts'
import { createInProcessTransport } from '../../../protocol/in-process-transport.ts'
import { createSigner } from '../../../protocol/signing.ts'
import type { Transport } from '../../../protocol/transport.ts'
import { CONTROL_BASE_PATH, RECORD_BASE_PATH } from '../../../protocol/wire.ts'
import { createSimulator, type Simulator } from '../../../simulator/index.ts'
import { loadProfile } from '../../../simulator/profile.ts'
import { loadBundledCatalogue } from '../../../simulator/spec/bundled.ts'
import { Mortal } from './mortal.ts'
import { createStampedStore, type StampedStore, type Version } from './stamped-store.ts'
import { type Edit, SKUS, type SyncPlan, sampleOf } from './sync-plan.ts'
import { launchSync, type SyncLog, type SyncShip } from './sync-ship.ts'
import { type ShopWrite, SyncShop } from './sync-shop.ts'
import { judgeSync } from './sync-verdict.ts'
import { WatchedQueue } from './watched-queue.ts'

/** The bookmark of the delta says that everything up to here was delivered. */
export interface Mark {
  readonly atMs: number
  readonly sinceMs: number
}

/** Both sides at a moment of rest. */
export interface Rest {
  readonly atMs: number
  readonly customers: readonly ExportedRecord[]
  readonly adjustments: readonly ExportedRecord[]
  readonly shop: ReadonlyMap<string, Fields>
  readonly counts: ReadonlyMap<string, Level>
}

export interface SyncOutcome extends SyncLog {
  readonly history: readonly Version[]
  readonly marks: readonly Mark[]
  readonly writes: readonly ShopWrite[]
  /** Fields that were sent to the account, whatever came of it. */
  readonly sent: readonly { readonly atMs: number; readonly key: string; readonly fields: Fields }[]
  readonly dead: readonly string[]
  /** In the calm after the storm, and after the night. `undefined`: it never came. */
  readonly calm: Rest | undefined
  readonly night: Rest | undefined
}

const CALM_MS_MAX = 2_400_000
const LOOK_MS = 5_000
const RESEND_MS = 8_000
const DAY_MS = 86_400_000
/** The first may be the rest of one that was broken off, the second may have begun in the storm. */
const CALM_PASSES = 3
const BOOKMARK = 'delta/customers'

/** Everything that was wrong, each as `check: what`. Empty: the voyage went well. */
export async function sailSyncPlan(plan: SyncPlan): Promise<readonly string[]> {
  const clock = new VirtualClock(plan.startMs)
  const rng = createRng(`sync account ${plan.seed}`)
  const account = createStampedStore(clock, rng.fork('stamps'), plan.stamps)
  const bugs: string[] = []
  const simulator = createSimulator({
    clock,
    rng,
    store: account.store,
    catalogue: loadBundledCatalogue(),
    profile: loadProfile('premium', {
      concurrencyLimit: plan.limit,
      latency: plan.latency,
      preferences: { timeZone: plan.timeZone },
      faults: [...plan.faults],
    }),
    onInternalError: (_, error) => bugs.push(`simulator: ${error}`),
  })
  try {
    const outcome = await clock.run(() => new Voyage(clock, simulator, account, plan).sail())
    return [...bugs, ...judgeSync(plan, outcome)]
  } finally {
    simulator.close()
  }
}

class Voyage {
  readonly #clock: VirtualClock
  readonly #simulator: Simulator
  readonly #account: StampedStore
  readonly #plan: SyncPlan
  readonly #transport: Transport
  readonly #control
  readonly #shop: SyncShop
  readonly #store = new MemorySyncStore()
  readonly #queue
  readonly #marks: Mark[] = []
  readonly #sent: { atMs: number; key: string; fields: Fields }[] = []
  readonly #log: SyncLog = {
    delivered: [],
    passes: 0,
    nights: [],
    drifts: [],
    repairs: [],
    names: [],
    breaches: [],
  }
  /** Ids of customers in the order in which they came. */
  readonly #customers: string[] = []
  #current: { readonly process: Mortal; readonly ship: SyncShip } | undefined
  #starts = 0
  #isAway = false

  constructor(clock: VirtualClock, simulator: Simulator, account: StampedStore, plan: SyncPlan) {
    this.#clock = clock
    this.#simulator = simulator
    this.#account = account
    this.#plan = plan
    this.#transport = createInProcessTransport(clock, simulator.handle)
    this.#control = createControlClient(this.#transport, simulator.baseUrl + CONTROL_BASE_PATH)
    this.#shop = new SyncShop(clock)
    this.#queue = new WatchedQueue(clock, new MemoryQueue<Work, TryProgress>(clock, plan.leaseMs))
  }

  async sail(): Promise<SyncOutcome> {
    const { stormMs } = this.#plan
    await this.#begin()
    this.#start()
    this.#scheduleKills()
    await Promise.all([this.#others(), this.#warehouse(), this.#at(stormMs)])
    for (const { id } of await this.#control.faults()) await this.#control.removeFault(id)
    this.#start()
    const calm = await this.#rest(this.#log.passes + CALM_PASSES, this.#log.nights.length)
    const night = calm === undefined ? undefined : await this.#night()
    this.#current?.process.kill()
    const letters = await this.#queue.deadLetters(undefined, 1_000)
    return {
      ...this.#log,
      breaches: [...this.#log.breaches, ...this.#queue.breaches],
      history: this.#account.history,
      marks: this.#marks,
      writes: this.#shop.writes,
      sent: this.#sent,
      dead: letters.map(({ dedupeKey, reason }) => `${dedupeKey}: ${reason}`),
      calm,
      night,
    }
  }

  async #begin(): Promise<void> {
    await this.#control.importRecords(
      'inventoryItem',
      SKUS.map((sku) => ({ itemId: sku, externalId: sku })),
    )
    const start = Array.from({ length: this.#plan.customers }, (_, n) => ({
      companyName: `Customer ${n}`,
      email: sampleOf('email', n),
      phone: sampleOf('phone', n),
    }))
    const ids = await this.#control.importRecords('customer', start)
    this.#customers.push(...ids)
    for (const [n, id] of ids.entries())
      this.#shop.create('shop', id, { email: start[n]!.email, phone: start[n]!.phone })
  }

  /** A day passes, in which nobody is there; then the ship is back, and the night's comparison is due. */
  async #night(): Promise<Rest | undefined> {
    this.#isAway = true
    this.#current?.process.kill()
    this.#current = undefined
    const day = this.#plan.edits.filter(({ by }) => by === 'silent' || by === 'backdated' || by === 'shop')
    for (const edit of day) this.#edit({ ...edit, value: `${edit.value}0` })
    await this.#clock.sleep(DAY_MS)
    this.#isAway = false
    this.#start()
    return this.#rest(this.#log.passes + CALM_PASSES, this.#log.nights.length + 1)
  }

  /** Waits until nothing is owed by anybody. */
  async #rest(passes: number, nights: number): Promise<Rest | undefined> {
    const untilMs = this.#clock.now() + CALM_MS_MAX
    while (this.#clock.now() < untilMs) {
      await this.#clock.sleep(LOOK_MS)
      const isEnough = this.#log.passes >= passes && this.#log.nights.length >= nights
      if (isEnough && (await this.#isQuiet())) return this.#look()
    }
    return undefined
  }

  async #isQuiet(): Promise<boolean> {
    const { waiting, delayed, leased } = await this.#queue.stats()
    const owed = await this.#store.scan('owed/', undefined, 1)
    const cursor = Number((await this.#store.get('shop/cursor')) ?? 0)
    return waiting + delayed + leased + owed.length === 0 && cursor === this.#shop.feed.length
  }

  async #look(): Promise<Rest> {
    return {
      atMs: this.#clock.now(),
      customers: await this.#control.exportRecords('customer'),
      adjustments: await this.#control.exportRecords('inventoryAdjustment'),
      shop: new Map(this.#shop.customers),
      counts: new Map(this.#shop.counts),
    }
  }

  #at(ms: number): Promise<void> {
    return this.#clock.sleep(this.#plan.startMs + ms - this.#clock.now())
  }

  /** People in the shop and in the account, and other programs, each at its moment. */
  async #others(): Promise<void> {
    const rng = createRng(`sync others ${this.#plan.seed}`)
    const sign = createSigner(this.#clock, rng, this.#simulator.credentials)
    const send = async (method: string, path: string, body?: object): Promise<string | undefined> => {
      const url = `${this.#simulator.baseUrl}${RECORD_BASE_PATH}/${path}`
      const headers = { 'content-type': 'application/json' }
      const request = sign({
        method,
        url,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      const answer = await this.#transport.send(request, { timeoutMs: 600_000 }).catch(() => undefined)
      return answer?.headers.location?.split('/').at(-1)
    }
    const { edits, bookings, renamings } = this.#plan
    await Promise.all([
      ...edits.map(async (edit) => {
        await this.#at(edit.atMs)
        const { by, what, value } = edit
        const id = this.#customers[edit.customer]
        if (by !== 'account') return this.#edit(edit)
        if (what === 'new') {
          const made = await send('POST', 'customer', {
            companyName: value,
            phone: value,
            email: 'new@x.example',
          })
          if (made !== undefined) this.#customers.push(made)
        } else if (id !== undefined) {
          if (what === 'gone') await send('DELETE', `customer/${id}`)
          else await send('PATCH', `customer/${id}`, { [what]: value })
        }
      }),
      ...bookings.map(async ({ atMs, sku, locationId, by }) => {
        await this.#at(atMs)
        const line = { item: { externalId: sku }, location: { id: locationId }, adjustQtyBy: by }
        await this.#control.importRecords('inventoryAdjustment', [
          { account: { id: '8' }, memo: 'by hand', inventory: { items: [line] } },
        ])
      }),
      ...renamings.map(async ({ atMs, name }) => {
        await this.#at(atMs)
        await send('PATCH', 'location/1', { name })
      }),
    ])
  }

  /** What needs no call to the account. */
  #edit({ by, what, customer, value }: Edit): void {
    const id = this.#customers[customer]
    if (id === undefined) return
    if (by === 'backdated') this.#account.backdate('customer', id, { [what]: value })
    else this.#shop.write(by as 'shop', id, { [what]: value })
  }

  async #warehouse(): Promise<void> {
    await Promise.all(
      this.#plan.counts.map(async ({ atMs, lateMs, ...count }) => {
        await this.#at(atMs)
        const level = this.#shop.count(count)
        await this.#clock.sleep(lateMs)
        await this.#deliver(level)
      }),
    )
  }

  /** Tells a level, again and again until a ship that lives has taken it. */
  async #deliver(level: Level): Promise<void> {
    for (;;) {
      const later = this.#clock.sleep(RESEND_MS).then(() => false)
      const taken = this.#current?.ship.tell(level).then(() => true) ?? later
      if (await Promise.race([taken, later])) return
    }
  }

  #scheduleKills(): void {
    for (const { atMs, downMs, deed } of this.#plan.ship.kills) {
      const died = (): void => {
        this.#current = undefined
        this.#clock.schedule(downMs, () => this.#start())
      }
      this.#clock.schedule(atMs, () => {
        if (deed !== undefined && this.#current !== undefined) return this.#current.process.doom(deed, died)
        this.#current?.process.kill()
        died()
      })
    }
  }

  /** Starts the ship, unless it sails, or nobody is there to. */
  #start(): void {
    if (this.#current !== undefined || this.#isAway) return
    const { seed, ship, startMs } = this.#plan
    const { skewMs, jump } = ship
    const process = new Mortal(`ship/${this.#starts}`)
    const rng = createRng(`sync ship ${seed}/${this.#starts++}`)
    const skew = (): number => skewMs + (jump && this.#clock.now() - startMs >= jump.atMs ? jump.byMs : 0)
    const deps = {
      clock: process.clock(this.#clock, skew),
      rng,
      transport: process.transport(this.#overheard()),
      baseUrl: this.#simulator.baseUrl,
      credentials: this.#simulator.credentials,
      observer: NOBODY,
    }
    const slow = rng.fork('answers')
    const parts = {
      deps,
      store: this.#storeOf(process, slow),
      queue: process.queue(this.#queue, skew),
      ask: <T>(call: () => T, deed?: 'deliver') =>
        process.hear(async () => this.#answered(slow, call()), deed),
      truth: this.#clock,
      plan: this.#plan,
      shop: this.#shop,
      log: this.#log,
    }
    this.#current = { process, ship: launchSync(parts) }
  }

  async #answered<T>(rng: Rng, value: T): Promise<T> {
    await this.#clock.sleep(rng.integer(0, this.#plan.answerMsMax))
    return value
  }

  /** What was asked is done at once, as in a file; word of it comes late. */
  #storeOf(process: Mortal, rng: Rng): SyncStore {
    const inner = this.#store
    return {
      get: (key) => process.hear(async () => this.#answered(rng, await inner.get(key))),
      scan: (...range) => process.hear(async () => this.#answered(rng, await inner.scan(...range))),
      write: (changes) => {
        return process.hear(async () => {
          const done = inner.write(changes)
          this.#mark(changes)
          await this.#answered(rng, await done)
        }, 'save')
      },
      swap: (key, expected, next) =>
        process.hear(async () => {
          const done = inner.swap(key, expected, next)
          return this.#answered(rng, await done)
        }, 'save'),
      close: async () => {},
    }
  }

  #mark(changes: Parameters<SyncStore['write']>[0]): void {
    const bookmark = changes[BOOKMARK] as { since?: { utcMs: number }; pass?: unknown } | undefined
    if (bookmark?.since === undefined) return
    this.#marks.push({ atMs: this.#clock.now(), sinceMs: bookmark.since.utcMs })
  }

  /** Writes down which fields go to the account. */
  #overheard(): Transport {
    const inner = this.#transport
    return {
      send: (request, options) => {
        const [, key] = /\/customer\/(\d+)$/.exec(request.url) ?? []
        if (key !== undefined && request.method === 'PATCH')
          this.#sent.push({ atMs: this.#clock.now(), key, fields: JSON.parse(request.body!) as Fields })
        return inner.send(request, options)
      },
      close: () => inner.close(),
    }
  }
}

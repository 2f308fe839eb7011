/**
 * Sails a plan in virtual time: one simulated account, one queue that outlives everybody, engines that are killed and started
 * again. First the storm, with everything the plan holds; then calm, and a bounded time for all to be done. Gives
 * what was wrong. The account and the queue are asked at the end, never the engine.
 */

import { createControlClient } from '../../../harness/control-client.ts'
import {
  createReferenceEngine,
  MemoryQueue,
  type ReferenceEngine,
  type Work,
} from '../../../harness/engine/index.ts'
import { done } from '../../../harness/engine/outcome.ts'
import type { TryProgress } from '../../../harness/engine/retry.ts'
import type { Acknowledgement, Shop } from '../../../harness/engine/shop-port.ts'
import { NOBODY } from '../../../harness/observe/observers.ts'
import { itemsOf } from '../../../harness/shop/catalogue.ts'
import { VirtualClock } from '../../../kernel/clock.ts'
import { createRng } from '../../../kernel/rng.ts'
import { createInProcessTransport } from '../../../protocol/in-process-transport.ts'
import { CONTROL_BASE_PATH } from '../../../protocol/wire.ts'
import { createSimulator, type Simulator } from '../../../simulator/index.ts'
import { loadProfile } from '../../../simulator/profile.ts'
import { loadBundledCatalogue } from '../../../simulator/spec/bundled.ts'
import { Mortal } from './mortal.ts'
import { type EnginePlan, LASTING, type Plan, UNKNOWN_SKU } from './plan.ts'
import { TroubledQueue } from './troubled-queue.ts'
import { judge, type Outcome } from './verdict.ts'
import type { WatchedQueue } from './watched-queue.ts'
import { type Exchange, logged } from './wire-log.ts'

/** How long calm may take. An order gives up after eight minutes; a killed worker's lease ends after five. */
const CALM_MS_MAX = 1_800_000
const LOOK_MS = 1_000
/** A shop whose delivery met no engine, or one that died, sends it again. */
const RESEND_MS = 5_000

/** Everything that was wrong, each as `check: what`. Empty: the voyage went well. */
export async function sailPlan(plan: Plan): Promise<readonly string[]> {
  const clock = new VirtualClock()
  const bugs: string[] = []
  const simulator = createSimulator({
    clock,
    rng: createRng(`account ${plan.seed}`),
    catalogue: loadBundledCatalogue(),
    profile: loadProfile(plan.preset, {
      concurrencyLimit: plan.limit,
      journalCapacity: 200_000,
      latency: plan.latency,
      faults: [...plan.faults],
      neighbours: plan.neighbours as never,
      ...authOf(plan),
    }),
    onInternalError: (_, error) => bugs.push(`simulator: ${error}`),
  })
  try {
    const outcome = await clock.run(() => sail(clock, simulator, plan))
    return [...bugs, ...judge(plan, outcome)]
  } finally {
    simulator.close()
  }
}

function authOf({ extras: { accessTokenSec } }: Plan) {
  return accessTokenSec === undefined ? {} : { auth: { oauth2: { accessTokenSec } } }
}

async function sail(clock: VirtualClock, simulator: Simulator, plan: Plan): Promise<Outcome> {
  const transport = createInProcessTransport(clock, simulator.handle)
  const control = createControlClient(transport, simulator.baseUrl + CONTROL_BASE_PATH)
  const orders = [...new Map(plan.deliveries.map(({ order }) => [order.id, order])).values()]
  const items = itemsOf(orders).filter(({ sku }) => sku !== UNKNOWN_SKU)
  await control.importRecords(
    'inventoryItem',
    items.map(({ sku }) => ({ itemId: sku, externalId: sku })),
  )
  await control.resetJournal()
  const store = new MemoryQueue<Work, TryProgress>(clock, plan.leaseMs)
  const queue = new TroubledQueue(clock, createRng(`queue ${plan.seed}`), store, plan.extras.troubles)
  const shop = playShop(plan)
  const { breaches } = queue
  const wire: Exchange[] = []
  const fleet = plan.engines.map((engine, index) => {
    const parts = { clock, simulator, transport, queue, shop: shop.port, wire }
    return launch(parts, plan, engine, index, (breach) => breaches.push(breach))
  })
  const originMs = clock.now()
  const at = (ms: number): Promise<void> => clock.sleep(originMs + ms - clock.now())
  const changing = plan.limits.map(async ({ atMs, limit }) => {
    await at(atMs)
    const url = `${simulator.baseUrl}${CONTROL_BASE_PATH}/limits`
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ concurrencyLimit: limit })
    const { status } = await transport.send({ method: 'PATCH', url, headers, body }, { timeoutMs: 1_000 })
    if (status !== 200) breaches.push(`simulator: PATCH limits answered ${status}`)
  })
  const rng = createRng(`shop ${plan.seed}`)
  const handing = plan.deliveries.map(({ order, atMs }) =>
    at(atMs).then(() =>
      deliver(clock, fleet, rng.fork(`${order.id} ${atMs}`).next(), (engine) => engine.accept(order)),
    ),
  )
  // No shop changes an order that it could not hand over yet.
  const handed = Promise.all(handing)
  const telling = plan.changes.map(async ({ kind, orderId, atMs }) => {
    const work: Work = { flow: 'status', orderId, change: kind, at: new Date(originMs + atMs).toISOString() }
    await Promise.all([at(atMs), handed])
    await deliver(clock, fleet, rng.fork(`${orderId} ${kind}`).next(), (engine) => engine.submit(work))
  })
  await Promise.all([handed, ...changing, at(plan.stormMs)])
  for (const { id } of await control.faults()) if (!id.startsWith(LASTING)) await control.removeFault(id)
  await Promise.all(telling)
  const drainedMs = await drained(clock, queue, CALM_MS_MAX)
  // An engine that hangs would not stop either.
  if (drainedMs !== undefined) for (const { stop } of fleet) await stop()
  const letters = await queue.deadLetters(undefined, 100_000)
  const { entries } = await control.journal()
  return {
    breaches,
    drainedMs,
    orders,
    dead: letters.map(({ dedupeKey, payload, reason }) => ({ key: dedupeKey, work: payload, reason })),
    salesOrders: await control.exportRecords('salesOrder'),
    customers: await control.exportRecords('customer'),
    deposits: await control.exportRecords('customerDeposit'),
    words: shop.words,
    calls: entries.filter(({ integration }) => integration === simulator.integration),
    wire,
  }
}

interface Parts {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly transport: ReturnType<typeof createInProcessTransport>
  readonly queue: WatchedQueue<Work, TryProgress>
  readonly shop: Shop
  readonly wire: Exchange[]
}

interface Ship {
  /** `undefined` while it is down. */
  readonly engine: () => { readonly engine: ReferenceEngine; readonly process: Mortal } | undefined
  readonly stop: () => Promise<void>
}

/** One place where an engine runs: started, killed, and started again, as the plan says. */
function launch(
  { clock, simulator, transport, queue, shop, wire }: Parts,
  { seed, extras }: Plan,
  { skewMs, jump, kills }: EnginePlan,
  index: number,
  onBreach: (breach: string) => void,
): Ship {
  const originMs = clock.now()
  let current: { engine: ReferenceEngine; process: Mortal } | undefined
  let starts = 0
  const skew = (): number => skewMs + (jump && clock.now() - originMs >= jump.atMs ? jump.byMs : 0)
  const start = (): void => {
    const process = new Mortal(`${index}/${starts}`)
    const engine = createReferenceEngine(
      {
        clock: process.clock(clock, skew),
        rng: createRng(`engine ${seed}/${index}/${starts++}`),
        transport: process.transport(logged(clock, transport, wire, process)),
        baseUrl: simulator.baseUrl,
        credentials: extras.accessTokenSec === undefined ? simulator.credentials : simulator.oauth2!,
        peak: extras.peak,
        // What the voyage is judged by is in the account, in the queue and at the shop, not in the engine's words.
        observer: NOBODY,
        shop: process.shop(shop),
      },
      process.queue(queue, skew),
      { budgets: extras.budgets },
    )
    current = { engine, process }
    engine.run().catch((error) => onBreach(`engine: ${index} failed: ${error}`))
  }
  start()
  for (const { atMs, downMs, deed } of kills) {
    const died = (): void => {
      current = undefined
      clock.schedule(downMs, () => current === undefined && start())
    }
    clock.schedule(atMs, () => {
      if (deed !== undefined && current !== undefined) return current.process.doom(deed, died)
      current?.process.kill()
      died()
    })
  }
  return { engine: () => current, stop: async () => current?.engine.stop() }
}

/** Hands something to an engine, again and again until one that lives has taken it, as a shop's webhooks do. */
async function deliver(
  clock: VirtualClock,
  fleet: readonly Ship[],
  draw: number,
  hand: (engine: ReferenceEngine) => Promise<void>,
): Promise<void> {
  for (let tries = Math.floor(draw * fleet.length); ; tries++) {
    const ship = fleet[tries % fleet.length]!.engine()
    if (ship !== undefined) {
      const taken = hand(ship.engine).then(
        () => true,
        () => clock.sleep(RESEND_MS).then(() => false),
      )
      if (await Promise.race([taken, clock.sleep(RESEND_MS).then(() => false)])) return
    } else await clock.sleep(RESEND_MS)
  }
}

/** Resolves with when nothing was open any more; `undefined`: never in that time. */
async function drained(
  clock: VirtualClock,
  queue: Parts['queue'],
  msMax: number,
): Promise<number | undefined> {
  const fromMs = clock.now()
  while (clock.now() - fromMs <= msMax) {
    const { waiting, delayed, leased } = await queue.stats()
    if (waiting + delayed + leased === 0) return clock.now() - fromMs
    await clock.sleep(LOOK_MS)
  }
  return undefined
}

/** A shop that does not always hear what it is told, and remembers all it heard. */
function playShop({ seed, shopDeafRatio }: Plan): { port: Shop; words: Acknowledgement[] } {
  const rng = createRng(`deaf ${seed}`)
  const words: Acknowledgement[] = []
  const refused = { kind: 'unknown', status: 503, code: 'HTTP_503', detail: 'not now' } as const
  const acknowledge: Shop['acknowledge'] = async (word) => {
    if (rng.chance(shopDeafRatio)) return refused
    words.push(word)
    return done(undefined)
  }
  return { port: { acknowledge }, words }
}

/** Sails a rush in virtual time: one account, one engine, a queue full of orders; and gives what went over the wire. */
import { createControlClient } from '../../../harness/control-client.ts'
import { createReferenceEngine, MemoryQueue, type Work } from '../../../harness/engine/index.ts'
import type { TryProgress } from '../../../harness/engine/retry.ts'
import { workInput } from '../../../harness/engine/work.ts'
import { NOBODY } from '../../../harness/observe/observers.ts'
import { itemsOf } from '../../../harness/shop/catalogue.ts'
import { VirtualClock } from '../../../kernel/clock.ts'
import { createRng } from '../../../kernel/rng.ts'
import { createInProcessTransport } from '../../../protocol/in-process-transport.ts'
import { CONTROL_BASE_PATH } from '../../../protocol/wire.ts'
import { createSimulator, type Simulator } from '../../../simulator/index.ts'
import { loadProfile } from '../../../simulator/profile.ts'
import { loadBundledCatalogue } from '../../../simulator/spec/bundled.ts'
import { type Rush, TURN_MS } from './rush-plan.ts'
import { judgeRush, type RushOutcome } from './rush-verdict.ts'
import { type Exchange, logged } from './wire-log.ts'

/** An engine that does nothing wrong is done in a quarter of it. */
const RUSH_MS_MAX = 1_800_000

/** Everything that was wrong, each as `check: what`. Empty: the rush went well. */
export async function sailRush(rush: Rush): Promise<readonly string[]> {
  const clock = new VirtualClock()
  const bugs: string[] = []
  const simulator = createSimulator({
    clock,
    rng: createRng(`rush account ${rush.seed}`),
    catalogue: loadBundledCatalogue(),
    profile: loadProfile('premium', {
      concurrencyLimit: rush.limit,
      latency: rush.latency,
      faults: 'fault' in rush.turn ? [rush.turn.fault] : [],
    }),
    onInternalError: (_, error) => bugs.push(`simulator: ${error}`),
  })
  try {
    const outcome = await clock.run(() => sail(clock, simulator, rush))
    return [...bugs, ...judgeRush(rush, outcome)]
  } finally {
    simulator.close()
  }
}

async function sail(clock: VirtualClock, simulator: Simulator, rush: Rush): Promise<RushOutcome> {
  const transport = createInProcessTransport(clock, simulator.handle)
  const controlUrl = simulator.baseUrl + CONTROL_BASE_PATH
  const control = createControlClient(transport, controlUrl)
  await control.importRecords(
    'inventoryItem',
    itemsOf(rush.orders).map(({ sku }) => ({ itemId: sku, externalId: sku })),
  )
  const queue = new MemoryQueue<Work, TryProgress>(clock)
  await queue.enqueue(rush.orders.map((order) => workInput({ flow: 'order', order })))
  const wire: Exchange[] = []
  const originMs = clock.now()
  const { turn } = rush
  if ('limit' in turn)
    clock.schedule(TURN_MS, () => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ concurrencyLimit: turn.limit })
      void transport.send(
        { method: 'PATCH', url: `${controlUrl}/limits`, headers, body },
        { timeoutMs: 1_000 },
      )
    })
  const engine = createReferenceEngine(
    {
      clock,
      rng: createRng(`rush engine ${rush.seed}`),
      transport: logged(clock, transport, wire, { id: '0/0', alive: true }),
      baseUrl: simulator.baseUrl,
      credentials: simulator.credentials,
      observer: NOBODY,
    },
    queue,
  )
  const idle = engine.idle().then(() => clock.now() - originMs)
  const drainedMs = await Promise.race([idle, clock.sleep(RUSH_MS_MAX).then(() => undefined)])
  const { dead } = await queue.stats()
  const { salesOrder = 0 } = await control.recordCounts()
  return { wire, originMs, drainedMs, dead, salesOrders: salesOrder }
}

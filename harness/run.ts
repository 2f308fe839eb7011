/**
 * One run: a scenario against one account by one engine, from the first health check to the verdict. The order of
 * steps is the body of `runScenario`. In virtual time equal seeds give equal bytes; in every mode the run ends, however
 * the engine behaves: it may throw, hang or never come to rest, and that is what the result then says.
 */
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import type { Rng } from '../kernel/rng.ts'
import type { FaultView, Health, JournalEntry } from '../protocol/control.ts'
import type { Credentials } from '../protocol/login.ts'
import type { Transport } from '../protocol/transport.ts'
import { exportAccount } from './checks/account-view.ts'
import type { AccountExport, SentOrder } from './checks/check.ts'
import { type ControlClient, createControlClient, type Journal } from './control-client.ts'
import type { EngineDeps, IntegrationEngine } from './engine/engine.ts'
import { reasonOf, type Waited, waitAtMost } from './load/bounded.ts'
import { drive, type StartReport } from './load/executor.ts'
import { type History, recordHistory } from './metrics/history.ts'
import { parseThresholds } from './metrics/threshold-parse.ts'
import type { RunResult } from './result.ts'
import { type GivenOrders, planRun, type RunPlan } from './run-plan.ts'
import { buildResult } from './run-result.ts'
import type { Scenario } from './scenario.ts'
import type { Delivery } from './shop/delivery.ts'
import { createShopPlayer } from './shop/player.ts'

export interface RunDeps {
  readonly clock: Clock
  /** Made from the scenario's seed. */
  readonly rng: Rng
  /** Carries requests as they are: the engine logs in by itself. */
  readonly transport: Transport
  /** Reaches the control API. */
  readonly control: Transport
  /** Origin of the account, as the engine addresses it. */
  readonly baseUrl: string
  /** Origin of the control API, with or without `/_seatrial`. */
  readonly controlUrl: string
  readonly credentials: Credentials
  /** Name of the integration they belong to; absent: nobody else calls the account. */
  readonly integration?: string
  /** Version of the product, for the result. */
  readonly version: string
  readonly createEngine: (deps: EngineDeps) => IntegrationEngine
}

export interface Progress {
  readonly phase: 'load' | 'drain' | 'verify'
  /** Distinct orders handed over so far. */
  readonly arrived: number
  /** Distinct orders the load will hand over. */
  readonly planned: number
  /** Orders that the engine calls done. */
  readonly completed: number
  /** Milliseconds since the start of the load, on the run's clock. */
  readonly nowMs: number
}

export interface RunOptions {
  readonly scenario: Scenario
  /** Name of the engine, for the result. */
  readonly engine: 'reference' | 'naive'
  /** Replay these instead of generating orders. */
  readonly orders?: GivenOrders
  /** Called at each phase and about a hundred times per phase. */
  readonly onProgress?: (progress: Progress) => void
}

/** What a run gathered, before anything is computed from it. Absolute times unless said otherwise. */
export interface RunRecord {
  readonly originMs: number
  readonly plan: RunPlan
  readonly sent: readonly SentOrder[]
  /** Order → intended arrival, milliseconds since `originMs`; in order of arrival. */
  readonly arrivalsMs: ReadonlyMap<string, number>
  readonly redeliveries: number
  readonly starts: StartReport
  readonly history: History
  /** What the shop heard; absent: it does not listen. */
  readonly heard: ReadonlyMap<string, readonly string[]> | undefined
  readonly drained: Waited
  readonly health: Health
  readonly faults: readonly FaultView[]
  readonly journal: Journal
  readonly integration: string | undefined
  readonly account: AccountExport
  readonly ordersBefore: ReadonlySet<string>
}

/** An engine that has come to rest stops at once; this is for one that has not. */
const STOP_MS_MAX = 60_000
/** Requests whose client gave up are still worked on by the account; longer than any of them takes. */
const SETTLE_MS_MAX = 300_000
const SETTLE_STEP_MS = 100
const PROGRESS_STEPS = 100

/**
 * Runs the scenario and judges it. Throws `E_THRESHOLD_INVALID`, `E_SCENARIO_INVALID`, `E_ACCOUNT_USED` before anything is
 * sent, and `E_CONTROL` when the control API fails; never because of the engine.
 */
export async function runScenario(
  deps: RunDeps,
  options: RunOptions,
): Promise<{ result: RunResult; journal: JournalEntry[] }> {
  const { scenario } = options
  const thresholds = parseThresholds(scenario.thresholds)
  const control = createControlClient(deps.control, deps.controlUrl)
  const health = await control.health()
  const plan = planRun(deps.rng.fork('shop'), scenario, deps.clock.now(), options.orders)
  const ordersBefore = await prepareAccount(control, plan)
  const faultIds: string[] = []
  try {
    for (const fault of plan.faults) faultIds.push((await control.installFault(fault)).id)
    const load = await runLoad(deps, options, plan)
    await settle(deps.clock, control, deps.integration)
    const faults = await control.faults()
    const journal = await control.journal()
    const account = await exportAccount(control)
    const { integration } = deps
    const record: RunRecord = { ...load, integration, plan, health, faults, journal, account, ordersBefore }
    const { mode } = deps.clock
    const result = buildResult(record, { ...options, thresholds, mode, version: deps.version })
    return { result, journal: [...journal.entries] }
  } finally {
    await removeFaults(control, faultIds)
  }
}

/** Empties the journal and makes the items known. Gives the ids of the sales orders that were there before. */
async function prepareAccount(control: ControlClient, { deliveries, items }: RunPlan): Promise<Set<string>> {
  const present = await control.exportRecords('salesOrder', ['otherRefNum'])
  const names = new Set(deliveries.map(({ order }) => order.name))
  const used = present.find(({ body }) => names.has(String(body.otherRefNum)))
  if (used !== undefined) {
    const message = `the account already holds order ${used.body.otherRefNum} (sales order ${used.id}) of an earlier run`
    throw new AppError('E_ACCOUNT_USED', message, {
      expected: 'an account without the orders that are about to be sent',
      mend: 'reset the account (POST /_seatrial/reset) or start a fresh one',
    })
  }
  const skus = new Set(
    (await control.exportRecords('inventoryItem', ['itemId'])).map(({ body }) => body.itemId),
  )
  const missing = items.filter(({ sku }) => !skus.has(sku))
  await control.importRecords(
    'inventoryItem',
    missing.map(({ sku, title }) => ({ itemId: sku, externalId: sku, displayName: title })),
  )
  await control.resetJournal()
  return new Set(present.map(({ id }) => id))
}

type LoadRecord = Pick<
  RunRecord,
  'originMs' | 'sent' | 'arrivalsMs' | 'redeliveries' | 'starts' | 'history' | 'heard' | 'drained'
>

/** Hands every order over at its time, then waits for the engine to come to rest, but not for ever. */
async function runLoad(deps: RunDeps, options: RunOptions, plan: RunPlan): Promise<LoadRecord> {
  const { clock, transport, baseUrl, credentials } = deps
  const originMs = clock.now()
  const sent = new Map<string, { order: SentOrder['order']; refusal: string | undefined; taken: boolean }>()
  const arrivalsMs = new Map<string, number>()
  let redeliveries = 0
  let phase: Progress['phase'] = 'load'
  const tell = (step?: number): void => {
    if (step !== undefined && step % Math.max(1, Math.floor(plan.orderCount / PROGRESS_STEPS)) !== 0) return
    const nowMs = clock.now() - originMs
    const [arrived, completed, planned] = [sent.size, history.completed.size, plan.orderCount]
    options.onProgress?.({ phase, arrived, planned, completed, nowMs })
  }
  const { history, observer } = recordHistory(tell)
  const rng = deps.rng.fork('engine')
  const { peak, shop: ways } = options.scenario
  const shop = ways.listens
    ? createShopPlayer(clock, deps.rng.fork('shop player'), ways.downRatio)
    : undefined
  const engine = deps.createEngine({ clock, rng, transport, baseUrl, credentials, observer, shop, peak })

  const handOver = async ({ order, atMs, redelivery }: Delivery): Promise<void> => {
    // The first delivery was dropped: the shop never sent this order, so there is nothing to repeat.
    if (redelivery && !sent.has(order.id)) return
    if (redelivery) redeliveries++
    else {
      sent.set(order.id, { order, refusal: undefined, taken: false })
      arrivalsMs.set(order.id, atMs)
      tell(sent.size)
    }
    const state = sent.get(order.id)!
    try {
      await engine.accept(order)
      state.taken = true
    } catch (error) {
      state.refusal = reasonOf(error)
    }
  }
  const { report, inFlight } = await drive(clock, {
    starts: plan.deliveries,
    originMs,
    maxVus: plan.maxVus,
    start: handOver,
    onDropped: () => {},
  })
  phase = 'drain'
  tell()
  const drained = await drain(clock, engine, options.scenario.drainMs, inFlight)
  phase = 'verify'
  tell()
  return {
    originMs,
    sent: [...sent.values()].map(({ order, refusal, taken }) => ({
      order,
      refusal: taken ? undefined : refusal,
    })),
    arrivalsMs,
    redeliveries,
    starts: report,
    history,
    heard: shop?.heard,
    drained,
  }
}

/** Waits at most `drainMs` for the engine to be idle, then stops it. */
async function drain(
  clock: Clock,
  engine: IntegrationEngine,
  drainMs: number,
  inFlight: Promise<void>,
): Promise<Waited> {
  const drained = await waitAtMost(clock, drainMs, async () => {
    await inFlight
    await engine.idle()
  })
  const stopped = await waitAtMost(clock, STOP_MS_MAX, () => engine.stop())
  if (drained.end !== 'done' || stopped.end === 'done') return drained
  const reason = stopped.end === 'error' ? stopped.reason : `no answer within ${STOP_MS_MAX / 1000} s`
  return { end: 'error', reason: `the engine did not stop: ${reason}` }
}

/** Waits until the account has carried out what its clients gave up on: it may still commit. */
async function settle(clock: Clock, control: ControlClient, integration: string | undefined): Promise<void> {
  for (let waitedMs = 0; waitedMs < SETTLE_MS_MAX; waitedMs += SETTLE_STEP_MS) {
    const { inUse, holders } = await control.slots()
    if (inUse === 0) return
    // Other integrations never come to rest.
    if (integration !== undefined && holders.every((holder) => holder.integration !== integration)) return
    await clock.sleep(SETTLE_STEP_MS)
  }
}

/** Leaves the account without our faults, also after a failure; that one is the error worth telling. */
async function removeFaults(control: ControlClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) await control.removeFault(id).catch(() => {})
}

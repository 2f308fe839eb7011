/**
 * The reference engine: the integration to copy from. Work is taken once (dedupe key), done by its flow under an adaptive
 * throttle, looked up whenever a write's fate is unknown, retried within a budget, and otherwise handed to a person as
 * a dead letter with NetSuite's own words. After it is done nothing of it stays here but its dedupe key.
 *
 * A login that fails under a fresh signature is treated as an outage, not as the work's fault: the throttle pauses
 * all sending and the work keeps its place; each becomes a dead letter only when its own budget is spent.
 */
import { AppError } from '../../kernel/error.ts'
import { createCaller } from './client.ts'
import type { EngineDeps, IntegrationEngine } from './engine.ts'
import { createFlowRunner, type Item } from './flow-runner.ts'
import { createParts, type EngineParts } from './parts.ts'
import { watchPeak } from './peak.ts'
import type { Queue } from './queue.ts'
import { MemoryQueue } from './queue-memory.ts'
import { patientQueue, type QueueTrouble } from './queue-patience.ts'
import type { TryProgress } from './retry.ts'
import type { EngineStatus } from './status.ts'
import type { Query } from './suiteql.ts'
import type { CallBudget } from './throttle/pacer.ts'
import { createThrottle, type Throttle, type ThrottleOptions } from './throttle.ts'
import { type FlowName, faultOfWork, readWork, subjectOf, type Work, workInput } from './work.ts'
import { type Verdict, WorkerPool } from './worker.ts'

/** The queue that the reference engine works from. Its payloads may be of an earlier version. [readWork] */
export type WorkQueue = Queue<Work, TryProgress>

/** The engine to copy from. */
export interface ReferenceEngine extends IntegrationEngine {
  /** Takes a piece of work of any flow, once; resolves once it would survive. Throws `E_WORK_INVALID`, `E_ENGINE_STOPPED`. */
  submit(work: Work): Promise<void>
  /** Asks the account, in line with the calls of the flows. */
  readonly query: Query
  /** How it is at this moment. Rejects when the queue does not answer. */
  status(): Promise<EngineStatus>
  /** Works off what is in the queue, and what others put in, until `stop`. Rejects with a fault of ours, or with the queue's. */
  run(): Promise<void>
}

export interface ReferenceOptions {
  /** Who finds how many calls may be in flight, e.g. together with others. Default: one for this process alone, in memory. */
  readonly limiter?: ThrottleOptions['limiter'] | undefined
  /** Calls per minute, per day; of this process alone: `SharedLimit` keeps those of many together. Default: none. */
  readonly budgets?: readonly CallBudget[] | undefined
  /** Flow → its share of the calls while others wait as well. Default: `FLOW_WEIGHTS`. */
  readonly weights?: Readonly<Record<FlowName, number>> | undefined
  /** Told when the queue fails, and when it answers again. */
  readonly onQueueTrouble?: ((trouble: QueueTrouble) => void) | undefined
}

/** Orders first, for goods wait for them; nothing waits for long, for every flow has its share. */
export const FLOW_WEIGHTS: Readonly<Record<FlowName, number>> = {
  order: 4,
  payment: 2,
  status: 2,
  inventory: 1,
  acknowledge: 1,
}
/** Twice the throttle's limit: a worker that waits for its customer or its permit must not leave a slot unused. */
const WORKERS_PER_PERMIT = 2
/** So that the start, at a limit of two, is not held up by two orders of one customer. */
const WORKERS_MIN = 4

/** Builds the engine on `queue`, by default one in memory. A durable queue may already hold work: it is done as well. */
export function createReferenceEngine(
  deps: EngineDeps,
  queue: WorkQueue = new MemoryQueue(deps.clock),
  { limiter, budgets, weights = FLOW_WEIGHTS, onQueueTrouble }: ReferenceOptions = {},
): ReferenceEngine {
  const { clock, observer } = deps
  const throttle = createThrottle(clock, deps.rng.fork('throttle'), { limiter, budgets, weights })
  const patient = patientQueue(clock, deps.rng.fork('queue'), queue, {
    onTrouble: onQueueTrouble,
    isStopped: () => stopped,
  })
  const parts = createParts(deps, createCaller(deps, { throttle }))
  let backlog = 0
  let stopped = false
  const lookForPeak = watchPeak(clock, parts.peak, {
    stats: () => queue.stats(),
    onChange: (mode) => observer.modeChanged(mode, clock.now()),
  })
  const changeBacklog = (by: number): void => {
    backlog += by
    observer.backlog(backlog, clock.now())
    lookForPeak()
  }
  const enqueue = async (into: WorkQueue, works: readonly Work[]): Promise<number> => {
    const count = await countNew(into, works)
    if (count > 0) changeBacklog(count)
    return count
  }
  const handle = createFlowRunner(clock, deps.rng.fork('retry'), {
    parts: parts.flowParts,
    enqueue: (works) => enqueue(patient, works),
    renew: (item) => patient.renew(item),
    leaseMs: queue.leaseMs,
  })
  const settled = (item: Item, verdict: Verdict<TryProgress>): void => {
    if (verdict.kind !== 'ack' && verdict.kind !== 'dead') return
    tell(observer, item, verdict, clock.now())
    changeBacklog(-1)
  }
  const width = (): number => widthOf(throttle, parts)
  const workers = new WorkerPool<Work, TryProgress>(clock, patient, { width, handle, settled })
  /** Gives whether it was new. */
  const take = async (work: Work): Promise<boolean> => {
    refuseUnfit(work, stopped)
    const count = await enqueue(queue, [work])
    if (count > 0) workers.wake()
    return count > 0
  }
  return {
    name: 'reference',
    accept: async (order) => {
      const isNew = await take({ flow: 'order', order })
      if (isNew) observer.accepted(order, clock.now())
      else observer.deduplicated(order, clock.now())
    },
    query: parts.query,
    submit: async (work) => void (await take(work)),
    status: () => statusOf(clock, queue, throttle, !stopped),
    idle: () => workers.idle(),
    run: async () => {
      const { waiting, delayed, leased } = await patient.stats()
      changeBacklog(waiting + delayed + leased - backlog)
      await workers.run()
    },
    stop: () => {
      stopped = true
      return workers.stop()
    },
  }
}

/** Enough workers to use every permit; what is in batches waits for them, not for a permit. */
function widthOf({ limit }: Throttle, { batches, isPeak }: EngineParts): number {
  const single = Math.max(WORKERS_MIN, limit * WORKERS_PER_PERMIT)
  return single + batches.inside + (isPeak() ? batches.free : 0)
}

/** Puts work into the queue; gives how much of it was new. */
async function countNew(queue: WorkQueue, works: readonly Work[]): Promise<number> {
  const taken = await queue.enqueue(works.map(workInput))
  return taken.filter((state) => state === 'queued').length
}

async function statusOf(
  clock: EngineDeps['clock'],
  queue: WorkQueue,
  throttle: Throttle,
  accepting: boolean,
): Promise<EngineStatus> {
  const stats = await queue.stats()
  const { limit, inUse, waiting: line, paused } = throttle
  const oldestAgeMs = stats.oldestMs === undefined ? 0 : Math.max(0, clock.now() - stats.oldestMs)
  return { accepting, limit, inUse, line, paused, queue: stats, oldestAgeMs, budgets: throttle.budgets() }
}

/** Throws for work that comes too late, or that no flow can do. */
function refuseUnfit(work: Work, stopped: boolean): void {
  if (stopped)
    throw new AppError(
      'E_ENGINE_STOPPED',
      `${work.flow} ${subjectOf(work)} came after the engine was stopped`,
    )
  const fault = faultOfWork(work)
  if (fault !== undefined) throw new AppError('E_WORK_INVALID', `the ${work.flow} ${fault}`)
}

/** Tells the observer how work ended. */
function tell(
  observer: EngineDeps['observer'],
  item: Item,
  verdict: Extract<Verdict<TryProgress>, { kind: 'ack' | 'dead' }>,
  atMs: number,
): void {
  const work = readWork(item.payload)
  if (typeof work === 'string' || work.flow === 'order') {
    const key = typeof work === 'string' ? item.dedupeKey : work.order.id
    if (verdict.kind === 'ack') observer.completed(key, verdict.id, atMs)
    else observer.deadLettered(key, verdict.reason, atMs, typeof work === 'string' ? undefined : work.order)
    return
  }
  const event = { flow: work.flow, key: item.dedupeKey, subject: subjectOf(work), atMs }
  if (verdict.kind === 'ack') observer.flowEnded({ ...event, end: 'done', netSuiteId: verdict.id })
  else observer.flowEnded({ ...event, end: 'dead', reason: verdict.reason })
}

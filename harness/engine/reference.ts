/**
 * The reference engine: the integration to copy from. An order is taken once (dedupe key), worked on under an adaptive
 * throttle, looked up whenever a write's fate is unknown, retried within a budget, and otherwise handed to a person as
 * a dead letter with NetSuite's own words. After it is done nothing of it stays here but its dedupe key.
 *
 * A login that fails under a fresh signature is treated as an outage, not as the order's fault: the throttle pauses
 * all sending and the orders keep their place; each becomes a dead letter only when its own budget is spent.
 */
import { AppError } from '../../kernel/error.ts'
import type { ShopOrder } from '../shop/order.ts'
import { createRecordClient } from './client.ts'
import { createCustomers } from './customers.ts'
import type { EngineDeps, IntegrationEngine } from './engine.ts'
import { runOrderFlow } from './flow.ts'
import { LEASE_MS_DEFAULT, type Queue, type WorkItem } from './queue.ts'
import { MemoryQueue } from './queue-memory.ts'
import { decideRetry, firstProgress, type TryProgress } from './retry.ts'
import { createThrottle } from './throttle.ts'
import { type Verdict, WorkerPool } from './worker.ts'

/** The queue that the reference engine works from. */
export type OrderQueue = Queue<ShopOrder, TryProgress>
type OrderItem = WorkItem<ShopOrder, TryProgress>

/** Twice the throttle's limit: a worker that waits for its customer or its permit must not leave a slot unused. */
const WORKERS_PER_PERMIT = 2
/** So that the start, at a limit of two, is not held up by two orders of one customer. */
const WORKERS_MIN = 4
/** Half the lease: what is left covers a create with its second signature. */
const LEASE_FRESH_MS = LEASE_MS_DEFAULT / 2

/** Builds the engine on `queue`, by default one in memory. A durable queue may already hold orders: they are worked on as well. */
export function createReferenceEngine(
  deps: EngineDeps,
  queue: OrderQueue = new MemoryQueue(deps.clock),
): IntegrationEngine {
  const { clock, observer } = deps
  const throttle = createThrottle(clock, deps.rng.fork('throttle'))
  const client = createRecordClient(deps, { throttle })
  const customers = createCustomers(client)
  const retryRng = deps.rng.fork('retry')
  let backlog = 0
  let stopped = false
  const changeBacklog = (by: number): void => {
    backlog += by
    observer.backlog(backlog, clock.now())
  }

  const handle = async (item: OrderItem): Promise<Verdict<TryProgress>> => {
    const claimedMs = clock.now()
    const progress = item.progress ?? firstProgress(claimedMs)
    const end = await runOrderFlow(item.payload, client, customers, {
      call: { key: item.dedupeKey, attempt: progress.tries + progress.refusals + 1 },
      // Whoever held it before may have sent its create before dying.
      mayExist: progress.mayExist || item.abandoned,
      keepLease: async () => clock.now() - claimedMs < LEASE_FRESH_MS || queue.renew(item),
    })
    if (end.kind === 'done') return { kind: 'ack', id: end.id }
    if (end.kind === 'lost') return end
    return decideRetry(retryRng, clock.now(), progress, end)
  }
  const settled = ({ dedupeKey }: OrderItem, verdict: Verdict<TryProgress>): void => {
    if (verdict.kind === 'ack') observer.completed(dedupeKey, verdict.id, clock.now())
    else if (verdict.kind === 'dead') observer.deadLettered(dedupeKey, verdict.reason, clock.now())
    else return
    changeBacklog(-1)
  }
  const width = (): number => Math.max(WORKERS_MIN, throttle.limit * WORKERS_PER_PERMIT)
  const workers = new WorkerPool<ShopOrder, TryProgress>(clock, queue, { width, handle, settled })

  return {
    name: 'reference',
    accept: async (order) => {
      if (stopped)
        throw new AppError('E_ENGINE_STOPPED', `order ${order.id} came after the engine was stopped`)
      const [taken] = await queue.enqueue([{ dedupeKey: order.id, orderKey: order.id, payload: order }])
      if (taken === 'duplicate') {
        observer.deduplicated(order, clock.now())
        return
      }
      observer.accepted(order, clock.now())
      changeBacklog(+1)
      workers.wake()
    },
    idle: () => workers.idle(),
    stop: () => {
      stopped = true
      return workers.stop()
    },
  }
}

/**
 * The naive engine: what people write first. An honest caricature, kept as a contrast; every sin is one seen in the field.
 *  1. Deliveries are not deduplicated: a webhook sent twice is an order made twice.
 *  2. No external ID: the account cannot refuse the second create.
 *  3. An error is taken for "not done": a lost answer is followed by a second create, without a look-up.
 *  4. Ten seconds, the time-out people pick, is shorter than a slow save, so patience runs out while NetSuite works.
 *  5. A fixed number of workers, forty, whatever the account grants; a 429 is retried at once, which makes more of them.
 *  6. Customers are remembered in a map without a lock: two parallel orders of a new customer make two customers.
 *  7. After three attempts the order is dropped. There was a log line; nobody was told, nothing can bring it back.
 *  8. The list is in memory only: a restart forgets it.
 */
import type { ShopOrder } from '../shop/order.ts'
import { type CallContext, createRecordClient, type RecordClient } from './client.ts'
import type { EngineDeps, IntegrationEngine } from './engine.ts'
import { customerBody, type EntityRef, salesOrderBody } from './wire-order.ts'

const WORKERS = 40
const TIMEOUT_MS = 10_000
const ATTEMPTS_MAX = 3

/** Builds the contrast. It carries `otherRefNum`, as everybody does, so that its doubles can be counted. */
export function createNaiveEngine(deps: EngineDeps): IntegrationEngine {
  const { clock, observer } = deps
  const client = createRecordClient(deps, { timeoutMs: TIMEOUT_MS, loginTriesMax: 1 })
  const customerIds = new Map<string, string>()
  const list: ShopOrder[] = []
  let next = 0
  let active = 0
  let stopped = false
  let failure: { readonly error: unknown } | undefined
  let waiters: PromiseWithResolvers<void>[] = []

  const isIdle = (): boolean => active === 0 && (stopped || next === list.length)
  const tellBacklog = (): void => observer.backlog(list.length - next + active, clock.now())
  const runWorker = async (): Promise<void> => {
    while (!stopped && next < list.length) {
      const order = list[next++]!
      await workOff(order)
      tellBacklog()
    }
  }
  const workOff = async (order: ShopOrder): Promise<void> => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const id = await placeOrder(client, customerIds, order, { key: order.id, attempt })
      if (id === undefined) continue
      observer.completed(order.id, id.value, clock.now())
      return
    }
    // Here was the log line.
  }
  const start = async (): Promise<void> => {
    active++
    try {
      await runWorker()
    } catch (error) {
      failure ??= { error }
      stopped = true
    }
    active--
    tellBacklog()
    if (failure === undefined && !isIdle()) return
    for (const { resolve, reject } of waiters) failure === undefined ? resolve() : reject(failure.error)
    waiters = []
  }
  const idle = (): Promise<void> => {
    if (failure !== undefined) return Promise.reject(failure.error)
    if (isIdle()) return Promise.resolve()
    const waiter = Promise.withResolvers<void>()
    waiters.push(waiter)
    return waiter.promise
  }

  return {
    name: 'naive',
    accept: async (order) => {
      list.push(order)
      observer.accepted(order, clock.now())
      tellBacklog()
      if (active < WORKERS) void start()
    },
    idle,
    stop: () => {
      stopped = true
      return idle()
    },
  }
}

/** The whole order in one go. `undefined`: something, anything, went wrong. */
async function placeOrder(
  client: RecordClient,
  customerIds: Map<string, string>,
  order: ShopOrder,
  context: CallContext,
): Promise<{ readonly value: string | undefined } | undefined> {
  let customerId = customerIds.get(order.customer.id)
  if (customerId === undefined) {
    const customer = await client.create('customer', customerBody(order), context)
    if (customer.kind !== 'done' || customer.value.id === undefined) return undefined
    customerId = customer.value.id
    customerIds.set(order.customer.id, customerId)
  }
  const entity: EntityRef = { id: customerId }
  const created = await client.create('salesOrder', salesOrderBody(order, entity), context)
  return created.kind === 'done' ? { value: created.value.id } : undefined
}

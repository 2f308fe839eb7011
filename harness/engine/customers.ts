/**
 * Customers as parents of orders: each is upserted by external ID once, by one caller at a time, and its internal id is
 * remembered. Two orders of one new customer would otherwise send two PUTs for one unused external ID at the same
 * moment, and what NetSuite makes of that is unknown (open-questions.md, P11).
 */
import type { ShopOrder } from '../shop/order.ts'
import type { CallContext, RecordClient } from './client.ts'
import { customerExternalId } from './external-id.ts'
import { done, type Outcome } from './outcome.ts'
import { customerBody, type EntityRef } from './wire-order.ts'
import type { Writer } from './writer.ts'

/** About 5 MB; a customer pushed out costs one more upsert, nothing else. */
const REMEMBERED_MAX = 50_000

/** A customer to put into an order. */
export interface ResolvedCustomer {
  readonly entity: EntityRef
  /** Remembered from earlier rather than upserted just now: somebody may have deleted or merged it since. */
  readonly remembered: boolean
}

export interface Customers {
  /** An `unknown` outcome may simply be tried again: an upsert can be repeated. */
  resolve(order: ShopOrder, context: CallContext): Promise<Outcome<ResolvedCustomer>>
  /** Drops what is remembered of the order's customer, so that the next `resolve` upserts it. */
  forget(order: ShopOrder): void
}

export interface CustomerParts {
  readonly client: RecordClient
  readonly writer: Writer
}

/** A directory for one account; shared by all workers of a process. */
export function createCustomers({ client, writer }: CustomerParts): Customers {
  /** Least recently used first. */
  const remembered = new Map<string, EntityRef>()
  const inFlight = new Map<string, Promise<Outcome<EntityRef>>>()

  const recall = (externalId: string): EntityRef | undefined => {
    const entity = remembered.get(externalId)
    if (entity !== undefined) {
      remembered.delete(externalId)
      remembered.set(externalId, entity)
    }
    return entity
  }
  const remember = (externalId: string, entity: EntityRef): void => {
    remembered.set(externalId, entity)
    if (remembered.size <= REMEMBERED_MAX) return
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest)
      break
    }
  }

  return {
    resolve: async (order, context) => {
      const externalId = customerExternalId(order.customer.id)
      // A caller that waited shares a success only. After anything else it is its own turn, with its own order's data.
      for (;;) {
        const known = recall(externalId)
        if (known !== undefined) return done({ entity: known, remembered: true })
        const other = inFlight.get(externalId)
        if (other === undefined) break
        await other
      }
      const own = upsertCustomer({ client, writer }, externalId, order, context)
      inFlight.set(externalId, own)
      try {
        const outcome = await own
        if (outcome.kind !== 'done') return outcome
        remember(externalId, outcome.value)
        return done({ entity: outcome.value, remembered: false })
      } finally {
        inFlight.delete(externalId)
      }
    },
    forget: (order) => {
      remembered.delete(customerExternalId(order.customer.id))
    },
  }
}

async function upsertCustomer(
  { client, writer }: CustomerParts,
  externalId: string,
  order: ShopOrder,
  context: CallContext,
): Promise<Outcome<EntityRef>> {
  const entityOf = (id: string | undefined): EntityRef => (id === undefined ? { externalId } : { id })
  const outcome = await writer.ensure('customer', externalId, customerBody(order), context)
  if (outcome.kind === 'done') return done(entityOf(outcome.value.id))
  if (outcome.kind !== 'refused' || outcome.cause !== 'exists') return outcome
  // An upsert given up earlier may have committed between this one's look and its write.
  const found = await client.findByExternalId('customer', externalId, context)
  if (found.kind !== 'done') return found
  return found.value === undefined ? outcome : done(entityOf(found.value.id))
}

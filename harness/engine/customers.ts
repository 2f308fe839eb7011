/**
 * Customers as parents of orders, by a key that stays: the shop's customer id, for guests their e-mail address (shop/order.ts).
 * Each is upserted by external ID once, by one caller at a time, and its internal id is
 * remembered. Two orders of one new customer would otherwise send two PUTs for one unused external ID at the same
 * moment, and what NetSuite makes of that is unknown (open-questions.md, P11).
 */
import type { Clock } from '../../kernel/clock.ts'
import type { ShopOrder } from '../shop/order.ts'
import type { CallContext, RecordClient } from './client.ts'
import { customerExternalId } from './external-id.ts'
import { done, type Outcome } from './outcome.ts'
import { ReferenceCache } from './sync/reference-cache.ts'
import { customerBody, type EntityRef } from './wire-order.ts'
import type { Writer } from './writer.ts'

/** Names and telephone numbers change: a shopper who comes back after a day is brought up to date. */
const EXPIRY_MS = 86_400_000
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
export function createCustomers(clock: Clock, parts: CustomerParts): Customers {
  const cache = new ReferenceCache<EntityRef>(clock, { expiryMs: EXPIRY_MS, sizeMax: REMEMBERED_MAX })
  return {
    resolve: async (order, context) => {
      const externalId = customerExternalId(order.customer.id)
      const found = await cache.resolve(externalId, () => upsertCustomer(parts, externalId, order, context))
      if (found.kind !== 'done') return found
      return done({ entity: found.value.value, remembered: found.value.remembered })
    },
    forget: (order) => cache.forget(customerExternalId(order.customer.id)),
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

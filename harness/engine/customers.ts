/**
 * Customers as parents of orders, by a key that stays: the shop's customer id, for guests their e-mail address (shop/order.ts).
 * Each is upserted by external ID once, by one caller at a time, and its internal id is
 * remembered. Two orders of one new customer would otherwise send two PUTs for one unused external ID at the same
 * moment, and what NetSuite makes of that is unknown (open-questions.md, P11).
 *
 *   [by e-mail] external ID or e-mail address in the account ──▶ only the address, without any external ID: adopt it
 *        └ otherwise ──▶ upsert                                          └ refused, another has got the ID: that one
 */
import type { Clock } from '../../kernel/clock.ts'
import type { ShopOrder } from '../shop/order.ts'
import type { CallContext, RecordClient } from './client.ts'
import { customerExternalId } from './external-id.ts'
import { done, type Outcome } from './outcome.ts'
import type { Query } from './suiteql.ts'
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

/**
 * How customers are found that are in the account already: by our external ID only; or else by their e-mail address, where they
 * have no external ID yet. Such a one is adopted: it gets ours, and is found by it from then on.
 */
export type CustomerMatch = 'external-id' | 'email'

export interface CustomerParts {
  readonly client: RecordClient
  readonly writer: Writer
  readonly query: Query
  readonly match: CustomerMatch
}

/** A directory for one account; shared by all workers of a process. */
export function createCustomers(clock: Clock, parts: CustomerParts): Customers {
  const cache = new ReferenceCache<EntityRef>(clock, { expiryMs: EXPIRY_MS, sizeMax: REMEMBERED_MAX })
  return {
    resolve: async (order, context) => {
      const externalId = customerExternalId(order.customer.id)
      const found = await cache.resolve(externalId, () => bringIn(parts, externalId, order, context))
      if (found.kind !== 'done') return found
      return done({ entity: found.value.value, remembered: found.value.remembered })
    },
    forget: (order) => cache.forget(customerExternalId(order.customer.id)),
  }
}

async function bringIn(
  parts: CustomerParts,
  externalId: string,
  order: ShopOrder,
  context: CallContext,
): Promise<Outcome<EntityRef>> {
  const { email } = customerBody(order)
  if (parts.match === 'email' && typeof email === 'string') {
    const adopted = await adopt(parts, externalId, email, context)
    if (adopted.kind !== 'done') return adopted
    if (adopted.value !== undefined) return done({ id: adopted.value })
  }
  return upsertCustomer(parts, externalId, order, context)
}

/** Gives the id of a customer that was adopted; `undefined`: there is none to adopt. */
async function adopt(
  { client, query }: CustomerParts,
  externalId: string,
  email: string,
  context: CallContext,
): Promise<Outcome<string | undefined>> {
  const text = `SELECT id, externalid FROM customer
    WHERE externalid = ? OR (LOWER(email) = ? AND isinactive = 'F') ORDER BY id`
  const params = [externalId, email.toLowerCase()]
  const found = await query({ operation: 'customer.match', text, params }, context)
  if (found.kind !== 'done') return found
  const { rows } = found.value
  const free = rows.find((row) => row.externalid === undefined)
  if (free === undefined || rows.some((row) => row.externalid === externalId)) return done(undefined)
  const named = await client.patch('customer', free.id!, { externalId }, context)
  if (named.kind === 'done') return done(free.id)
  // Another worker was faster, with this record or another one: whoever has the external ID is the customer.
  return named.kind === 'refused' && named.cause === 'exists' ? done(undefined) : named
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

/**
 * One try of the order flow, as a state machine: parents before children, doubt before deeds.
 *
 *   [may exist] look-up ──found──▶ done          customer ──▶ create ──▶ done
 *                  └────absent──▶ customer            │ refused, and it may exist ──▶ look-up
 *                                                     └ customer gone, it was a remembered one ──▶ customer
 *
 * The external ID makes it safe: even a create that was given up and commits after the look-up cannot double, for
 * NetSuite refuses the second one [REC-116], and that refusal leads back to the look-up. Synchronous calls have no
 * idempotency key that would do this for us [ASY-073, ASY-079].
 */
import { invariant } from '../../kernel/invariant.ts'
import type { ShopOrder } from '../shop/order.ts'
import type { CallContext, RecordClient } from './client.ts'
import type { Customers, ResolvedCustomer } from './customers.ts'
import { orderExternalId } from './external-id.ts'
import type { Refused, Unknown } from './outcome.ts'
import { salesOrderBody } from './wire-order.ts'

/** How a try ended. `failed` says which call, and whether a sales order may be in the account all the same. */
export type FlowEnd =
  | { readonly kind: 'done'; readonly id: string | undefined }
  | {
      readonly kind: 'failed'
      readonly operation: string
      readonly problem: Refused | Unknown
      readonly mayExist: boolean
    }
  /** The lease ran out: the order is somebody else's now. */
  | { readonly kind: 'lost' }

export interface FlowTry {
  readonly call: CallContext
  /** Whether an earlier try may have created the sales order. */
  readonly mayExist: boolean
  /** Asked right before the write that must not be done by two workers. `false`: stop. */
  readonly keepLease: () => Promise<boolean>
}

/** look-up, customer, create, once more customer and create, and once more look-up: no path is longer. */
const STEPS_MAX = 6
/** How NetSuite refuses an order whose customer is gone; the field is named by its id or its label. [REC-E17] */
const CUSTOMER_GONE = /Invalid Field Value .* for the following field: (entity|customer)/i

const failed = (operation: string, problem: Refused | Unknown, mayExist: boolean): FlowEnd => ({
  kind: 'failed',
  operation,
  problem,
  mayExist,
})

/** Brings one order into the account, or says why not. Never throws for what the account answers. */
export async function runOrderFlow(
  order: ShopOrder,
  client: RecordClient,
  customers: Customers,
  { call, mayExist, keepLease }: FlowTry,
): Promise<FlowEnd> {
  const externalId = orderExternalId(order.id)
  let step: 'look-up' | 'customer' | 'create' = mayExist ? 'look-up' : 'customer'
  let customer: ResolvedCustomer | undefined
  let refusal: Refused | undefined
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    if (step === 'look-up') {
      const found = await client.findByExternalId('salesOrder', externalId, call)
      if (found.kind !== 'done') return failed('salesOrder.find', found, true)
      if (found.value !== undefined) return { kind: 'done', id: found.value.id }
      if (refusal !== undefined) return refusedThoughAbsent(refusal)
      step = 'customer'
    } else if (step === 'customer') {
      const resolved = await customers.resolve(order, call)
      if (resolved.kind !== 'done') return failed('customer.upsert', resolved, mayExist)
      customer = resolved.value
      step = 'create'
    } else {
      invariant(customer !== undefined, 'a sales order needs its customer first')
      if (!(await keepLease())) return { kind: 'lost' }
      const created = await client.create(
        'salesOrder',
        salesOrderBody(order, customer.entity, externalId),
        call,
      )
      if (created.kind === 'done') return { kind: 'done', id: created.value.id }
      if (created.kind === 'unknown') return failed('salesOrder.create', created, true)
      if (customer.remembered && CUSTOMER_GONE.test(created.detail)) {
        customers.forget(order)
        step = 'customer'
        continue
      }
      const doubtful = created.cause === 'exists' || (mayExist && created.retry === 'never')
      if (!doubtful) return failed('salesOrder.create', created, mayExist)
      refusal = created
      step = 'look-up'
    }
  }
  invariant(false, 'the order flow has no path this long')
}

/**
 * Refused, and yet nothing is there. "Already exists" is then a create that is still on its way, or another record
 * that holds the external ID: time will tell which. Any other refusal stands.
 */
function refusedThoughAbsent(refusal: Refused): FlowEnd {
  if (refusal.cause !== 'exists') return failed('salesOrder.create', refusal, true)
  return failed('salesOrder.create', { ...refusal, retry: 'later' }, true)
}

/**
 * The order flow: customer, then sales order; parents before children. When it is done the money follows, where the shop
 * has taken it, and otherwise the word to the shop.
 *
 *   create once: (customer ──▶ sales order) ──▶ done ──▶ payment where it is paid, else acknowledge
 *                   └ refused, because a remembered customer is gone: forget it, and once more
 */
import type { ResolvedCustomer } from '../customers.ts'
import { orderExternalId } from '../external-id.ts'
import { done } from '../outcome.ts'
import { salesOrderBody } from '../wire-order.ts'
import type { OrderWork, Work } from '../work.ts'
import { createOnce } from './create-once.ts'
import { type Flow, failed, finished } from './flow.ts'

/** How NetSuite refuses an order whose customer is gone; the field is named by its id or its label. [REC-E17] */
const CUSTOMER_GONE = /Invalid Field Value .* for the following field: (entity|customer)/i

export const orderFlow: Flow<OrderWork> = {
  async run({ order }, parts, tried) {
    const { customers, shop } = parts
    const externalId = orderExternalId(order.id)
    let customer: ResolvedCustomer | undefined
    const body = async () => {
      const resolved = await customers.resolve(order, tried.call)
      if (resolved.kind !== 'done') return failed('customer.upsert', resolved)
      customer = resolved.value
      return done(salesOrderBody(order, customer.entity, externalId))
    }
    const create = () => createOnce(parts, { type: 'salesOrder', externalId, body }, tried)
    let end = await create()
    const isGone = end.kind === 'failed' && CUSTOMER_GONE.test(end.problem.detail)
    if (isGone && customer?.remembered) {
      customers.forget(order)
      end = await create()
    }
    if (end.kind !== 'done') return end
    return finished(end.id, whatFollows({ order, flow: 'order' }, end.id, customer, shop !== undefined))
  },
}

function whatFollows(
  { order }: OrderWork,
  salesOrderId: string | undefined,
  customer: ResolvedCustomer | undefined,
  isHeard: boolean,
): Work[] {
  const orderId = order.id
  if (order.financial_status === 'paid' && Number(order.total_price) > 0) {
    const { entity } = customer ?? {}
    const customerId = entity !== undefined && 'id' in entity ? entity.id : undefined
    // A shop that sends its orders paid sends one payment each: it goes by the order's id.
    const paid = { paymentId: orderId, orderId, amount: order.total_price, at: order.created_at }
    return [{ flow: 'payment', ...paid, salesOrderId, customerId }]
  }
  return isHeard ? [{ flow: 'acknowledge', orderId, result: 'booked', salesOrderId }] : []
}

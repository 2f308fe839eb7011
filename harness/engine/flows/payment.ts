/**
 * The payment flow: money that the shop has taken becomes a customer deposit on the sales order. When the account refuses it
 * for good, the order must not be shipped as if it were paid: it is closed, the shop is told, and the dead letter says so.
 *
 *   [ids unknown] sales order ──▶ create once: deposit ──▶ done ──▶ acknowledge
 *                     └ absent: impossible       └ refused for good ──▶ undo: close the sales order ──▶ acknowledge
 */
import { paymentExternalId } from '../external-id.ts'
import { done } from '../outcome.ts'
import { depositBody } from '../wire-order.ts'
import type { AcknowledgeWork, PaymentWork } from '../work.ts'
import { createOnce } from './create-once.ts'
import { type Flow, failed, finished } from './flow.ts'
import { closeSalesOrder, readSalesOrder } from './sales-order.ts'

export const paymentFlow: Flow<PaymentWork> = {
  async run(work, parts, tried) {
    const { client, shop } = parts
    let { salesOrderId, customerId } = work
    if (salesOrderId === undefined || customerId === undefined) {
      const read = await readSalesOrder(client, work.orderId, tried.call)
      if (read.kind !== 'done') return failed('salesOrder.get', read, tried.mayExist)
      if (read.value === undefined)
        return { kind: 'impossible', reason: `order ${work.orderId} has no sales order to put the money on` }
      salesOrderId = read.value.id
      customerId = read.value.customerId
    }
    const externalId = paymentExternalId(work.paymentId)
    const body = async () => done(depositBody(work, { externalId, salesOrderId, customerId }))
    const end = await createOnce(parts, { type: 'customerDeposit', externalId, body }, tried)
    if (end.kind !== 'done') return end
    return finished(end.id, shop ? [acknowledgement(work, 'booked', salesOrderId)] : [])
  },

  async undo(work, { client, shop }, { call, keepLease }, reason) {
    const read = await readSalesOrder(client, work.orderId, call)
    if (read.kind !== 'done') return failed('salesOrder.get', read)
    const order = read.value
    if (order === undefined) return { kind: 'undone', what: 'there is no sales order', next: [] }
    const next = shop ? [acknowledgement(work, 'cancelled', order.id, reason)] : []
    if (order.status === 'C' || order.status === 'H')
      return { kind: 'undone', what: `sales order ${order.id} was closed already`, next }
    if (!(await keepLease())) return { kind: 'lost' }
    const closed = await closeSalesOrder(client, order, call)
    if (closed.kind !== 'done') return failed('salesOrder.close', closed)
    return { kind: 'undone', what: `sales order ${order.id} is closed`, next }
  },
}

function acknowledgement(
  { orderId }: PaymentWork,
  result: AcknowledgeWork['result'],
  salesOrderId: string,
  reason?: string,
): AcknowledgeWork {
  return { flow: 'acknowledge', orderId, result, salesOrderId, reason }
}

/**
 * The payment flow: money that the shop has taken becomes a customer deposit on the sales order; where the engine is told so
 * and the order has been billed, a payment of its invoices. When the account refuses it for good, the order must not be shipped
 * as if it were paid: it is closed, the shop is told, and the dead letter says so.
 *
 *   [ids unknown] sales order ──▶ [invoices count] invoices ──▶ create once: deposit or payment ──▶ done ──▶ acknowledge
 *                     └ absent: impossible                          └ refused for good ──▶ undo: close the sales order ──▶ acknowledge
 *
 * Both kinds of record share one external ID, and transactions share one space of them [OPQ-014]: an order that is billed between
 * two tries cannot have its money booked twice. In doubt both kinds are looked for first.
 */
import { paymentExternalId } from '../external-id.ts'
import { describeProblem, done, type Outcome } from '../outcome.ts'
import { type Applied, depositBody, paymentBody } from '../wire-order.ts'
import type { AcknowledgeWork, PaymentWork } from '../work.ts'
import { createOnce, type NewRecord } from './create-once.ts'
import { type Flow, type FlowParts, type FlowTry, failed, finished } from './flow.ts'
import { closeSalesOrder, readSalesOrder } from './sales-order.ts'

export const paymentFlow: Flow<PaymentWork> = {
  async run(work, parts, tried) {
    const { client, payments, shop } = parts
    let { salesOrderId, customerId } = work
    if (salesOrderId === undefined || customerId === undefined) {
      const read = await readSalesOrder(client, work.orderId, tried.call)
      if (read.kind !== 'done') return failed('salesOrder.get', read, tried.mayExist)
      if (read.value === undefined)
        return { kind: 'impossible', reason: `order ${work.orderId} has no sales order to put the money on` }
      salesOrderId = read.value.id
      customerId = read.value.customerId
    }
    const next = shop ? [acknowledgement(work, 'booked', salesOrderId)] : []
    const ids = { externalId: paymentExternalId(work.paymentId), salesOrderId, customerId }
    if (payments === 'invoice' && tried.mayExist) {
      const found = await client.findByExternalId('customerPayment', ids.externalId, tried.call)
      if (found.kind !== 'done') return failed('customerPayment.find', found, true)
      if (found.value !== undefined) return finished(found.value.id, next)
      const deposit = await client.findByExternalId('customerDeposit', ids.externalId, tried.call)
      if (deposit.kind !== 'done') return failed('customerDeposit.find', deposit, true)
      if (deposit.value !== undefined) return finished(deposit.value.id, next)
    }
    const applied = await appliedTo(work, parts, salesOrderId, tried)
    if (applied.kind === 'refused' && applied.retry === 'never')
      // Nobody has refused the money: that its invoices cannot be read is no ground to take the order back.
      return { kind: 'impossible', reason: describeProblem('invoice.find', applied) }
    if (applied.kind !== 'done') return failed('invoice.find', applied, tried.mayExist)
    const end = await createOnce(parts, recordOf(work, ids, applied.value), tried)
    return end.kind === 'done' ? finished(end.id, next) : end
  },

  async undo(work, { client, shop }, { call, keepLease }, reason) {
    const read = await readSalesOrder(client, work.orderId, call)
    if (read.kind !== 'done') return failed('salesOrder.get', read)
    const order = read.value
    if (order === undefined) return { kind: 'undone', what: 'there is no sales order', next: [] }
    const next = shop ? [acknowledgement(work, 'cancelled', order.id, reason)] : []
    if (order.status === 'C' || order.status === 'H')
      return { kind: 'undone', what: `sales order ${order.id} was closed already`, next }
    if (order.status === 'G')
      return { kind: 'undone', what: `nothing: sales order ${order.id} is billed already`, next: [] }
    if (!(await keepLease())) return { kind: 'lost' }
    const closed = await closeSalesOrder(client, order, call)
    if (closed.kind !== 'done') return failed('salesOrder.close', closed)
    return { kind: 'undone', what: `sales order ${order.id} is closed`, next }
  },
}

/** A payment where there are invoices to pay, else a deposit. */
function recordOf(
  work: PaymentWork,
  ids: Parameters<typeof depositBody>[1],
  applied: readonly Applied[],
): NewRecord {
  const { externalId } = ids
  if (applied.length === 0)
    return { type: 'customerDeposit', externalId, body: async () => done(depositBody(work, ids)) }
  return { type: 'customerPayment', externalId, body: async () => done(paymentBody(work, ids, applied)) }
}

/** In cents: 0.1 + 0.2 is not 0.3 in binary. */
const CENTS = 100

/** What the money pays of the invoices of a sales order, the oldest first; nothing where invoices do not count or none is open. */
async function appliedTo(
  { amount }: PaymentWork,
  { payments, query, client }: FlowParts,
  salesOrderId: string,
  { call }: FlowTry,
): Promise<Outcome<readonly Applied[]>> {
  if (payments === 'deposit') return done([])
  const text = `SELECT DISTINCT t.id FROM transactionline l JOIN transaction t ON t.id = l.transaction
    WHERE l.createdfrom = ? AND t.type = 'CustInvc' ORDER BY t.id`
  const found = await query({ operation: 'invoice.find', text, params: [salesOrderId] }, call)
  if (found.kind !== 'done') return found
  const applied: Applied[] = []
  let left = Math.round(Number(amount) * CENTS)
  for (const { id } of found.value.rows) {
    if (left === 0) break
    // What is owed is not asked of SuiteQL: the record has it of its own, and up to date. [REC-352]
    const invoice = await client.get('invoice', id!, call)
    if (invoice.kind !== 'done') return invoice
    const cents = Math.min(left, Math.round(Number(invoice.value.amountRemaining ?? 0) * CENTS))
    if (cents <= 0) continue
    left -= cents
    applied.push({ invoiceId: id!, amount: cents / CENTS })
  }
  return done(applied)
}

function acknowledgement(
  { orderId }: PaymentWork,
  result: AcknowledgeWork['result'],
  salesOrderId: string,
  reason?: string,
): AcknowledgeWork {
  return { flow: 'acknowledge', orderId, result, salesOrderId, reason }
}

/**
 * The status flow: what the shop says later of an order that is in the account. It reads before it writes, so a change that is
 * there already costs no write, and one whose fate is unknown is simply tried again: both writes can be repeated.
 *
 *   sales order ──▶ as wanted already ──▶ done
 *        │ absent, or too late for it: impossible
 *        └──▶ approve: orderStatus B · cancel: close every line ──▶ done ──▶ acknowledge what was cancelled
 */
import type { StatusWork } from '../work.ts'
import { type Flow, type FlowEnd, failed, finished } from './flow.ts'
import { closeSalesOrder, readSalesOrder, type SalesOrderView } from './sales-order.ts'

/** Cancelled, closed. */
const ENDED = 'CH'
/** Something has been shipped or billed: goods come back by a return, not by closing lines. [REC-348] */
const SHIPPED = 'DEFG'

export const statusFlow: Flow<StatusWork> = {
  async run(work, { client, shop }, { call, keepLease }) {
    const read = await readSalesOrder(client, work.orderId, call)
    if (read.kind !== 'done') return failed('salesOrder.get', read)
    const order = read.value
    const late = order === undefined ? 'it has no sales order' : tooLate(work, order)
    if (order === undefined || late !== undefined)
      return { kind: 'impossible', reason: `cannot ${work.change} order ${work.orderId}: ${late}` }
    if (!isAsWanted(work, order)) {
      if (!(await keepLease())) return { kind: 'lost' }
      const written =
        work.change === 'cancel'
          ? await closeSalesOrder(client, order, call)
          : await client.patch('salesOrder', order.id, { orderStatus: { id: 'B' } }, call)
      if (written.kind !== 'done') return failed(`salesOrder.${work.change}`, written)
    }
    return ended(work, order, shop !== undefined)
  },
}

function ended({ change, orderId }: StatusWork, { id }: SalesOrderView, isHeard: boolean): FlowEnd {
  if (change !== 'cancel' || !isHeard) return finished(id)
  const reason = 'cancelled by the shop'
  return finished(id, [{ flow: 'acknowledge', orderId, result: 'cancelled', salesOrderId: id, reason }])
}

/** Only an order that waits for approval is approved; every other open one has been. [REC-341, REC-342] */
function isAsWanted({ change }: StatusWork, { status = '' }: SalesOrderView): boolean {
  return change === 'cancel' ? ENDED.includes(status) && status !== '' : status !== 'A'
}

function tooLate({ change }: StatusWork, { id, status = '' }: SalesOrderView): string | undefined {
  if (status === '') return `sales order ${id} has a status that this version does not know`
  if (change === 'cancel' && SHIPPED.includes(status))
    return `sales order ${id} has been shipped or billed in part; it takes a return`
  if (change === 'approve' && ENDED.includes(status)) return `sales order ${id} is closed`
  return undefined
}

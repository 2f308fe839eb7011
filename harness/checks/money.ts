/**
 * The money of orders as checks see it: what the shop took, and which deposits lie on the order's sales orders. Independent of
 * external IDs, which are the engine's own device and may be what is broken: a deposit belongs to the order whose sales order
 * it names.
 */
import type { ExportedRecord } from '../control-client.ts'
import type { ShopOrder } from '../shop/order.ts'
import { ordersByName, referenceId } from './account-view.ts'
import type { CheckInput } from './check.ts'

export interface OrderMoney {
  readonly order: ShopOrder
  /** What the shop took; more than 0. */
  readonly paid: number
  readonly deposits: readonly ExportedRecord[]
  /** Why the engine gave the payment up; `undefined`: it did not. */
  readonly givenUp: string | undefined
}

/** Amounts are compared to a hundredth. */
const CENTS = 100

/** Every paid order that is in the account, in order of the first delivery. */
export function moneyOf({ sent, account, history }: CheckInput): OrderMoney[] {
  const inAccount = ordersByName(account.salesOrders)
  const bySalesOrder = depositsByOrder(account.deposits)
  const dead = new Map<string, string>()
  for (const { flow, end, subject, reason } of history.flows)
    if (flow === 'payment' && end === 'dead') dead.set(subject, reason ?? '')
  return sent.flatMap(({ order }) => {
    const paid = order.financial_status === 'paid' ? Number(order.total_price) : 0
    const salesOrders = inAccount.get(order.name)
    if (paid <= 0 || salesOrders === undefined) return []
    const deposits = salesOrders.flatMap(({ id }) => bySalesOrder.get(id) ?? [])
    return [{ order, paid, deposits, givenUp: dead.get(order.id) }]
  })
}

/** Amount of a deposit. */
export function amountOf({ body }: ExportedRecord): number {
  return Number(body.payment)
}

export function isSameAmount(a: number, b: number): boolean {
  return Math.round(a * CENTS) === Math.round(b * CENTS)
}

function depositsByOrder(deposits: readonly ExportedRecord[]): Map<string, ExportedRecord[]> {
  const byOrder = new Map<string, ExportedRecord[]>()
  for (const deposit of deposits) {
    const id = referenceId(deposit.body.salesOrder) ?? ''
    byOrder.set(id, [...(byOrder.get(id) ?? []), deposit])
  }
  return byOrder
}

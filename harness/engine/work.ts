/**
 * What the engine can promise to do: one work item per flow and subject, as it stands in a queue. Plain JSON, so that
 * any queue can keep it. Each item has two keys: the one by which it is taken only once, and the one whose items are worked on
 * one at a time in the order of arrival. What belongs to one order shares its key, so a parent is always done
 * before its child; what goes back to the shop has a key of its own, so that a shop that is down holds up nothing here.
 */
import { isInstant, type ShopOrder } from '../shop/order.ts'
import type { WorkInput } from './queue.ts'

/** A shop's order, to become a customer and a sales order. */
export interface OrderWork {
  readonly flow: 'order'
  readonly order: ShopOrder
}

/** Money the shop has taken for an order, to become a customer deposit on its sales order. */
export interface PaymentWork {
  readonly flow: 'payment'
  /** The shop's id of the payment. */
  readonly paymentId: string
  readonly orderId: string
  /** Decimal text, more than 0. */
  readonly amount: string
  /** ISO 8601 with its zone: when the shop took the money. */
  readonly at: string
  /** Internal id of the sales order, and what names its customer; absent: they are looked up. */
  readonly salesOrderId?: string | undefined
  readonly customerId?: string | undefined
}

/** A change of an order that is in the account. */
export interface StatusWork {
  readonly flow: 'status'
  readonly orderId: string
  /** `approve`: may be fulfilled. `cancel`: the shopper or the shop wants it no more. */
  readonly change: 'approve' | 'cancel'
  /** ISO 8601 with its zone; two changes of one kind at two moments are two changes. */
  readonly at: string
}

/** Word to the shop of what became of its order. */
export interface AcknowledgeWork {
  readonly flow: 'acknowledge'
  readonly orderId: string
  readonly result: 'booked' | 'cancelled'
  /** Internal id of the sales order, where it is known. */
  readonly salesOrderId?: string | undefined
  /** Why it was cancelled. */
  readonly reason?: string | undefined
}

/** A stock level that changed. The level itself is not here: only the newest one goes out. (sync/levels.ts) */
export interface InventoryWork {
  readonly flow: 'inventory'
  readonly sku: string
  /** Internal id of the location. */
  readonly locationId: string
  /** Of the level by the warehouse's count, from 0. */
  readonly version: number
  /** Brings a level that has gone out there again: the name of the comparison that found it gone. */
  readonly repair?: string | undefined
}

export type Work = OrderWork | PaymentWork | StatusWork | AcknowledgeWork | InventoryWork
export type FlowName = Work['flow']

const FLOW_NAMES: Readonly<Record<FlowName, true>> = {
  order: true,
  payment: true,
  status: true,
  acknowledge: true,
  inventory: true,
}

/** What the work is about, the shop's id of an order or `SKU@location`: the key of every event that tells of it. */
export function subjectOf(work: Work): string {
  if (work.flow === 'inventory') return `${work.sku}@${work.locationId}`
  return work.flow === 'order' ? work.order.id : work.orderId
}

/** The queue's keys for a piece of work. */
export function workInput(work: Work): WorkInput<Work> {
  return { dedupeKey: dedupeKeyOf(work), orderKey: orderKeyOf(work), payload: work }
}

/** Orders go by the shop's id alone, as they did before there were other flows; `:` tells the others apart. */
function dedupeKeyOf(work: Work): string {
  switch (work.flow) {
    case 'order':
      return orderKey(work.order.id)
    case 'payment':
      return `:payment:${work.paymentId}`
    case 'status':
      return `:status:${work.change}:${work.at}:${work.orderId}`
    case 'acknowledge':
      return `:acknowledge:${work.result}:${work.orderId}`
    case 'inventory':
      return `:inventory:${work.version}${work.repair === undefined ? '' : `@${work.repair}`}:${subjectOf(work)}`
  }
}

function orderKeyOf(work: Work): string {
  const isApart = work.flow === 'acknowledge' || work.flow === 'inventory'
  return isApart ? `:${work.flow}:${subjectOf(work)}` : orderKey(subjectOf(work))
}

function orderKey(orderId: string): string {
  return orderId.startsWith(':') ? `:${orderId}` : orderId
}

/**
 * Reads a payload from a queue. A queue of the time before flows holds bare orders, and they are read as such. Gives a
 * sentence for an operator where this version cannot know what to do: written by a newer version, or by another program.
 */
export function readWork(payload: unknown): Work | string {
  if (typeof payload !== 'object' || payload === null) return 'the queue holds something that is no work'
  if ('flow' in payload) {
    const isKnown = typeof payload.flow === 'string' && Object.hasOwn(FLOW_NAMES, payload.flow)
    return isKnown ? (payload as Work) : `this version has no flow named ${JSON.stringify(payload.flow)}`
  }
  if ('line_items' in payload && 'id' in payload) return { flow: 'order', order: payload as ShopOrder }
  return 'the queue holds something that is neither work nor an order'
}

/** What is wrong with work that is handed in, or `undefined`. Orders are read by their own schema before. */
export function faultOfWork(work: Work): string | undefined {
  if (work.flow === 'order') return undefined
  if (work.flow === 'inventory')
    return Number.isSafeInteger(work.version) && work.version >= 0 ? undefined : `has version ${work.version}`
  if (work.orderId === '') return 'names no order'
  if ('at' in work && !isInstant(work.at)) return `has no date-time with its zone as "at": ${work.at}`
  if (work.flow === 'payment' && !(Number(work.amount) > 0)) return `has an amount of ${work.amount}`
  return undefined
}

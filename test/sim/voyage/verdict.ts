/**
 * Judges a voyage by what is in the account, in the queue and at the shop. Written from what was sent alone: nothing here asks the
 * engine, and no expected value comes from its code.
 */
import type { ExportedRecord } from '../../../harness/control-client.ts'
import type { Work } from '../../../harness/engine/index.ts'
import type { Acknowledgement } from '../../../harness/engine/shop-port.ts'
import type { ShopOrder } from '../../../harness/shop/order.ts'
import type { JournalEntry } from '../../../protocol/control.ts'
import { judgeManners } from './manners.ts'
import { judgePeakManners } from './peak-manners.ts'
import type { Plan } from './plan.ts'
import type { Exchange } from './wire-log.ts'

export interface Dead {
  readonly key: string
  readonly work: Work
  readonly reason: string
}

export interface Outcome {
  /** What was seen to be wrong on the way. */
  readonly breaches: readonly string[]
  /** How long calm took until nothing was open; `undefined`: too long. */
  readonly drainedMs: number | undefined
  readonly orders: readonly ShopOrder[]
  readonly dead: readonly Dead[]
  readonly salesOrders: readonly ExportedRecord[]
  readonly customers: readonly ExportedRecord[]
  readonly deposits: readonly ExportedRecord[]
  /** What the shop heard. */
  readonly words: readonly Acknowledgement[]
  /** The engines' calls, as the account's journal has them. */
  readonly calls: readonly JournalEntry[]
  /** The same as engines saw them. */
  readonly wire: readonly Exchange[]
}

/** One call in eight, and some to learn from: with neighbours, several engines and a limit that moves. */
const REFUSED_RATIO_MAX = 0.125
const REFUSED_MIN = 40
/** A storm makes many tries; beyond this somebody turns in circles. */
const CALLS_PER_ORDER_MAX = 60

export function judge(plan: Plan, outcome: Outcome): string[] {
  const { breaches, drainedMs } = outcome
  const found = [...breaches]
  if (drainedMs === undefined) found.push('liveness: work is still open long after the storm')
  return [
    ...found,
    ...outcome.orders.flatMap((order) => judgeOrder(plan, outcome, order)),
    ...judgeStrangers(outcome),
    ...judgeDead(plan, outcome),
    ...judgeCalls(plan, outcome),
    ...judgeManners({
      wire: outcome.wire,
      orders: outcome.orders.length,
      payments: outcome.orders.filter(({ financial_status }) => financial_status === 'paid').length,
      ...graceOf(plan),
    }),
    ...judgePeakManners({
      wire: outcome.wire,
      extras: plan.extras,
      calls: outcome.calls,
      isMoved: plan.engines.some(({ jump }) => jump !== undefined),
    }),
  ]
}

/** What kills and wrong clocks add to an item's budgets, which engines share by what their clocks say. */
function graceOf({ engines, leaseMs, extras }: Plan): { readonly deaths: number; readonly graceMs: number } {
  const deaths = engines.reduce((sum, { kills }) => sum + kills.length, 0)
  const offsets = engines.flatMap(({ skewMs, jump }) => [skewMs, skewMs + (jump?.byMs ?? 0)])
  const spreadMs = Math.max(...offsets) - Math.min(...offsets)
  const unheardMs = extras.troubles.length * leaseMs
  return { deaths, graceMs: deaths * (leaseMs + DOWN_MS_MAX) + spreadMs + unheardMs }
}

/** No engine is away for longer. */
const DOWN_MS_MAX = 30_000

const of = (records: readonly ExportedRecord[], name: string): ExportedRecord[] =>
  records.filter(({ body }) => body.otherRefNum === name)

function judgeOrder(plan: Plan, outcome: Outcome, order: ShopOrder): string[] {
  const { id } = order
  const mine = of(outcome.salesOrders, order.name)
  const found: string[] = []
  if (plan.poison.has(id)) {
    if (mine.length > 0) found.push(`poison: order ${id} is in the account`)
    if (!outcome.dead.some(({ work }) => work.flow === 'order' && work.order.id === id))
      found.push(`poison: order ${id} was refused for good, and nobody is told`)
    return found
  }
  if (mine.length === 0) return [`lost: order ${id} is not in the account`]
  if (mine.length > 1) found.push(`doubled: order ${id} is in the account ${mine.length} times`)
  found.push(...judgeContent(order, mine[0]!), ...judgeMoney(plan, outcome, order))
  found.push(...judgeStatus(plan, outcome, order, mine[0]!), ...judgeWords(plan, outcome, order, mine[0]!))
  return found
}

function judgeContent(order: ShopOrder, { id, body }: ExportedRecord): string[] {
  const lines = (body.item as { items: readonly { quantity: number; rate: number }[] }).items
  const sold = order.line_items.map(({ quantity, price }) => `${quantity} at ${Number(price)}`)
  const kept = lines.map(({ quantity, rate }) => `${quantity} at ${rate}`)
  return sold.join() === kept.join()
    ? []
    : [`content: sales order ${id} has ${kept.join()} instead of ${sold.join()}`]
}

/** Paid orders have one deposit with their amount, others none. */
function judgeMoney({ unpayable }: Plan, { deposits }: Outcome, order: ShopOrder): string[] {
  const mine = deposits.filter(({ body }) => body.memo === `payment of shop order ${order.id}`)
  const due = order.financial_status === 'paid' && !unpayable.has(order.id) ? 1 : 0
  if (mine.length !== due) return [`money: order ${order.id} has ${mine.length} deposits, ${due} are due`]
  const wrong = mine.filter(({ body }) => Number(body.payment) !== Number(order.total_price))
  return wrong.map(({ body }) => `money: order ${order.id} has a deposit of ${body.payment}`)
}

/**
 * Whether the account refused the payment and the engine takes the order back. It must not where an earlier try may have
 * got through after all: a person decides then, and the dead letter says so.
 */
function isTakenBack({ unpayable }: Plan, { dead }: Outcome, id: string): boolean {
  const isDoubtful = dead.some(
    ({ work, reason }) =>
      work.flow === 'payment' &&
      work.orderId === id &&
      reason.includes('it may be in the account all the same'),
  )
  return unpayable.has(id) && !isDoubtful
}

function isCancelled({ changes }: Plan, id: string): boolean {
  return changes.some(({ orderId, kind }) => orderId === id && kind === 'cancel')
}

/** What the shop wanted last; an order whose payment was refused is closed. Approving what is closed comes too late. */
function judgeStatus(plan: Plan, outcome: Outcome, { id }: ShopOrder, { body }: ExportedRecord): string[] {
  const { items } = body.item as { items: readonly { isClosed?: unknown }[] }
  const isClosed = items.every((line) => line.isClosed === true)
  const wanted = isTakenBack(plan, outcome, id) || isCancelled(plan, id)
  return isClosed === wanted ? [] : [`status: order ${id} is ${isClosed ? '' : 'not '}closed`]
}

/** The shop hears of each order, at least once, and only what is true. */
function judgeWords(plan: Plan, outcome: Outcome, { id }: ShopOrder, record: ExportedRecord): string[] {
  const mine = outcome.words.filter(({ orderId }) => orderId === id)
  const due = new Set<string>(plan.unpayable.has(id) ? [] : ['booked'])
  if (isTakenBack(plan, outcome, id) || isCancelled(plan, id)) due.add('cancelled')
  const heard = new Set<string>(mine.map(({ result }) => result))
  const found: string[] = []
  for (const result of due)
    if (!heard.has(result)) found.push(`words: the shop never heard that order ${id} is ${result}`)
  for (const result of heard)
    if (!due.has(result)) found.push(`words: the shop heard that order ${id} is ${result}`)
  if (mine.some(({ salesOrderId }) => salesOrderId !== undefined && salesOrderId !== record.id))
    found.push(`words: the shop was told another sales order than ${record.id} for order ${id}`)
  return found
}

/** Nothing is in the account that nobody sent, and each customer of the shop is there once. */
function judgeStrangers({ orders, salesOrders, customers }: Outcome): string[] {
  const names = new Set(orders.map(({ name }) => name))
  const strangers = salesOrders.filter(({ body }) => !names.has(String(body.otherRefNum)))
  const ids = new Set(orders.map(({ customer }) => customer.id))
  const found = strangers.map(({ id }) => `stranger: sales order ${id} is nobody's`)
  if (customers.length !== ids.size) found.push(`customers: ${customers.length} for ${ids.size} of the shop`)
  return found
}

/** A dead letter has a reason, and only what is refused for good becomes one: a storm passes sooner than patience. */
function judgeDead({ poison, unpayable, changes }: Plan, { dead }: Outcome): string[] {
  return dead.flatMap(({ key, work, reason }) => {
    if (reason.trim() === '') return [`dead: ${key} was given up without a reason`]
    const orderId = work.flow === 'order' ? work.order.id : 'orderId' in work ? work.orderId : ''
    const isDue =
      (work.flow === 'order' && poison.has(orderId)) ||
      (work.flow === 'payment' && unpayable.has(orderId)) ||
      (work.flow === 'status' &&
        (poison.has(orderId) || (work.change === 'approve' && unpayable.has(orderId)))) ||
      (work.flow === 'status' &&
        work.change === 'approve' &&
        changes.some((c) => c.orderId === orderId && c.kind === 'cancel'))
    return isDue ? [] : [`dead: ${key} was given up: ${reason}`]
  })
}

/** Where there are more callers than slots, even one call of each is too many: nothing can be asked of the engines then. */
function isTooNarrow({ limit, limits, engines, neighbours }: Plan): boolean {
  const callers = neighbours.reduce((sum, { parallelMax }) => sum + parallelMax, engines.length)
  return callers > Math.min(limit, ...limits.map((change) => change.limit))
}

function judgeCalls(plan: Plan, { calls, orders }: Outcome): string[] {
  const refused = calls.filter(({ status, fault }) => status === 429 && fault === undefined).length
  const found: string[] = []
  if (!isTooNarrow(plan) && refused > REFUSED_MIN + REFUSED_RATIO_MAX * calls.length)
    found.push(`limit: ${refused} of ${calls.length} calls were refused as too many`)
  if (calls.length > CALLS_PER_ORDER_MAX * orders.length)
    found.push(`circles: ${calls.length} calls for ${orders.length} orders`)
  return found
}

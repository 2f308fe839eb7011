/**
 * The sales order of a shop's order as later flows see it: what there is of it, and how its lines are closed. A closed order
 * is what the facts allow for "we do not want this any more": there is no cancel action. [REC-195, REC-344]
 */
import type { CallContext, RecordBody, RecordClient } from '../client.ts'
import { orderExternalId } from '../external-id.ts'
import { done, type Outcome } from '../outcome.ts'

export interface SalesOrderView {
  readonly id: string
  readonly customerId: string | undefined
  /** Letter of SQL-072; `undefined`: a status this version does not know. */
  readonly status: string | undefined
  /** Numbers of its lines, in their order. */
  readonly lines: readonly number[]
}

/** Accounts show the label or the letter. [OPQ-040, REC-342] */
const STATUS_LETTERS: Readonly<Record<string, string>> = {
  'Pending Approval': 'A',
  'Pending Fulfillment': 'B',
  Cancelled: 'C',
  'Partially Fulfilled': 'D',
  'Pending Billing/Partially Fulfilled': 'E',
  'Pending Billing': 'F',
  Billed: 'G',
  Closed: 'H',
}

/** Reads the sales order of a shop's order; `undefined`: there is none. Never `unknown`. */
export async function readSalesOrder(
  client: RecordClient,
  orderId: string,
  call: CallContext,
): Promise<Outcome<SalesOrderView | undefined>> {
  const address = `eid:${orderExternalId(orderId)}`
  const read = await client.get('salesOrder', address, call, { expandSubResources: 'true' })
  if (read.kind === 'refused' && read.cause === 'missing') return done(undefined)
  if (read.kind !== 'done') return read
  return done(viewOf(read.value))
}

function viewOf(body: RecordBody): SalesOrderView {
  // { id, entity: { id }, status: { id }, item: { items: [ { line } ] } }
  const { id, entity, status, item } = body as {
    id?: unknown
    entity?: { id?: unknown }
    status?: { id?: unknown }
    item?: { items?: readonly { line?: unknown }[] }
  }
  const shown = String(status?.id ?? '')
  return {
    id: String(id),
    customerId: entity?.id === undefined ? undefined : String(entity.id),
    status: STATUS_LETTERS[shown] ?? (/^[A-H]$/.test(shown) ? shown : undefined),
    lines: (item?.items ?? []).flatMap(({ line }) => (typeof line === 'number' ? [line] : [])),
  }
}

/** Closes every line. Lines are named by their number, so it can be repeated. [REC-344, REC-132] */
export async function closeSalesOrder(
  client: RecordClient,
  { id, lines }: SalesOrderView,
  call: CallContext,
): Promise<Outcome<unknown>> {
  const items = lines.map((line) => ({ line, isClosed: true }))
  return client.patch('salesOrder', id, { item: { items } }, call)
}

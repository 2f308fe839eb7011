/**
 * Which record can be made from which, and how: one row per pair, as data. Pairs are those of Oracle's API browser and of
 * SuiteScript [REC-172, REC-173]; a pair that only the loaded document names gets the general row.
 */
import type { RecordType } from '../../spec/catalogue.ts'

export interface Pair {
  /** Lines of the new record: those still open on the order, or all. */
  readonly lines?: 'open' | 'all'
  /** Field of the new record that names the source, beside `createdFrom`. */
  readonly self?: string
  /** Field of the source → field of the new record, where names differ. */
  readonly rename?: Readonly<Record<string, string>>
  /** Sublist of the new record whose line applies to the source. */
  readonly applies?: 'apply' | 'deposit'
  /** The new record copies every field that both types have, not only those of a transaction's header. */
  readonly copiesAll?: true
  /** Field that the body may not set. [REC-178] */
  readonly refuses?: string
  /** The body names the source in `apply` itself. [REC-177] */
  readonly namesSource?: true
  /** Letters of the source's status; any when absent. Orders have theirs in `families.ts`. */
  readonly open?: string
}

const open: Pair = { lines: 'open' }
const all: Pair = { lines: 'all' }
const ofEntity: Pair = { self: 'entity' }
const asEntity: Pair = { copiesAll: true }
/** K: an estimate or opportunity that is over cannot become anything. */
const ofEstimate: Pair = { lines: 'all', open: 'AX' }
const ofOpportunity: Pair = { lines: 'all', open: 'AB' }
/** What is transferred arrives at the other location. */
const arrival: Pair = { lines: 'open', rename: { transferLocation: 'location' } }
const ofWorkOrder: Pair = { rename: { assemblyItem: 'item', quantity: 'quantity' } }

/** Source → target → how; all in lower case. */
const PAIRS: Readonly<Record<string, Readonly<Record<string, Pair>>>> = {
  customer: {
    cashsale: ofEntity,
    customerpayment: { self: 'customer', refuses: 'customer' },
    estimate: ofEntity,
    invoice: ofEntity,
    opportunity: ofEntity,
    salesorder: ofEntity,
    vendor: asEntity,
  },
  prospect: { estimate: ofEntity, opportunity: ofEntity, salesorder: ofEntity },
  lead: { opportunity: ofEntity },
  job: { cashsale: ofEntity, estimate: ofEntity, invoice: ofEntity, salesorder: ofEntity },
  vendor: { customer: asEntity, purchaseorder: ofEntity, vendorbill: ofEntity, vendorpayment: ofEntity },
  employee: { expensereport: ofEntity, timebill: { self: 'employee' } },
  salesorder: {
    cashsale: open,
    fulfillmentrequest: { lines: 'open', open: 'BDE' },
    invoice: open,
    itemfulfillment: open,
    returnauthorization: { lines: 'all', open: 'BDEFGH' },
  },
  estimate: { cashsale: ofEstimate, invoice: ofEstimate, salesorder: ofEstimate },
  opportunity: {
    cashsale: ofOpportunity,
    estimate: ofOpportunity,
    invoice: ofOpportunity,
    salesorder: ofOpportunity,
  },
  invoice: {
    creditmemo: { lines: 'all', open: 'AB', namesSource: true },
    customerpayment: { rename: { entity: 'customer' }, applies: 'apply', open: 'A' },
    returnauthorization: { lines: 'all', open: 'AB' },
  },
  cashsale: { cashrefund: all, returnauthorization: all },
  cashrefund: { creditmemo: all },
  returnauthorization: { cashrefund: open, creditmemo: open, itemreceipt: open },
  purchaserequisition: { purchaseorder: all },
  purchaseorder: { itemreceipt: open, vendorbill: open, vendorreturnauthorization: all },
  vendorbill: {
    vendorcredit: all,
    vendorpayment: { applies: 'apply', open: 'A' },
    vendorreturnauthorization: all,
  },
  vendorreturnauthorization: { itemfulfillment: open, vendorcredit: open },
  transferorder: { itemfulfillment: open, itemreceipt: arrival },
  intercompanytransferorder: { itemfulfillment: open, itemreceipt: arrival },
  customerdeposit: {
    customerrefund: { applies: 'deposit' },
    depositapplication: { self: 'deposit' },
  },
  customerpayment: { customerrefund: { applies: 'apply' } },
  assemblyitem: { assemblybuild: { self: 'item' }, workorder: { self: 'assemblyItem' } },
  assemblybuild: { assemblyunbuild: { rename: { item: 'item', quantity: 'quantity' } } },
  workorder: {
    assemblybuild: ofWorkOrder,
    workorderclose: ofWorkOrder,
    workordercompletion: ofWorkOrder,
    workorderissue: ofWorkOrder,
  },
}

/** How `target` is made from `source`; undefined when it is not. [REC-171..173] */
export function pairOf(source: RecordType, target: RecordType): Pair | undefined {
  const name = target.name.toLowerCase()
  const row = PAIRS[source.name.toLowerCase()]?.[name]
  if (row !== undefined) return row
  return source.transforms.some((known) => known.toLowerCase() === name) ? all : undefined
}

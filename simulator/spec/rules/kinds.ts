/**
 * Which kind a record type is of, and which id space it shares. Groups and their members are documented [OPQ-014];
 * a type named nowhere here is told by its fields.
 */
import { findField, type RecordType } from '../catalogue.ts'
import type { RecordKind } from './type-rules.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().toLowerCase().split(/\s+/))

const ENTITIES = words(`
  contact customer employee entityGroup job lead otherName partner projectTemplate prospect vendor genericResource`)

const ITEMS = words(`
  assemblyItem descriptionItem discountItem downloadItem giftCertificateItem inventoryItem itemGroup kitItem
  lotNumberedAssemblyItem lotNumberedInventoryItem markupItem nonInventoryPurchaseItem nonInventoryResaleItem
  nonInventorySaleItem otherChargeItem otherChargePurchaseItem otherChargeResaleItem otherChargeSaleItem paymentItem
  salesTaxItem serializedAssemblyItem serializedInventoryItem serviceItem servicePurchaseItem serviceResaleItem
  serviceSaleItem shipItem subscriptionPlan subtotalItem taxGroup`)

const TRANSACTIONS = words(`
  advIntercompanyJournalEntry assemblyBuild assemblyUnbuild binTransfer binWorksheet blanketPurchaseOrder cashRefund
  cashSale check creditCardCharge creditCardRefund creditMemo customerDeposit customerPayment customerRefund deposit
  depositApplication estimate expenseReport fulfillmentRequest intercompanyJournalEntry intercompanyTransferOrder
  inventoryAdjustment inventoryCostRevaluation inventoryCount inventoryStatusChange inventoryTransfer invoice
  itemFulfillment itemReceipt journalEntry opportunity paycheck paycheckJournal periodEndJournal purchaseContract
  purchaseOrder purchaseRequisition returnAuthorization revenueArrangement revenueCommitment revenueCommitmentReversal
  salesOrder statisticalJournalEntry storePickupFulfillment transferOrder vendorBill vendorCredit vendorPayment
  vendorPrepayment vendorPrepaymentApplication vendorReturnAuthorization workOrder workOrderClose workOrderCompletion
  workOrderIssue`)

/** Custom transactions belong to the transactions' group. [REC-006, OPQ-014] */
const CUSTOM_TRANSACTION = /^custom(?:transaction|sale|purchase)/

/** Activities, campaigns, cases, tasks share one id space. [OPQ-014] */
const EVENTS = words('calendarEvent campaign phoneCall projectTask salesCampaign solution supportCase task')

/** The kind, by name, else by the fields that only one kind has. */
export function kindOf(type: RecordType): RecordKind {
  const name = type.name.toLowerCase()
  if (ENTITIES.has(name)) return 'entity'
  if (ITEMS.has(name)) return 'item'
  if (TRANSACTIONS.has(name) || CUSTOM_TRANSACTION.test(name)) return 'transaction'
  if (type.custom !== undefined) return 'other'
  const has = (field: string) => findField(type.body, field) !== undefined
  if (has('tranId') && has('tranDate')) return 'transaction'
  if (has('entityId')) return 'entity'
  return has('itemId') && has('displayName') ? 'item' : 'other'
}

/** The id space. */
export function groupOf(type: RecordType, kind: RecordKind): string {
  if (kind !== 'other') return kind
  const name = type.name.toLowerCase()
  return EVENTS.has(name) ? 'event' : name
}

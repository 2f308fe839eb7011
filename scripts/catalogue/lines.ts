/**
 * Sublist lines that no source gives. First choice is a core type's line, borrowed from the kin named here; what no
 * core type has is written by hand, with the few columns that integrations use. Everything here is inference, not
 * fact: a type of a real account's document replaces it.
 */
import type { Field, ScalarType, Shape } from '../../simulator/spec/catalogue.ts'
import { ENTITY_FAMILY, ITEM_FAMILY } from './families.ts'

/** Type → core type whose lines of the same name it borrows. Others borrow from the first core type that has one. */
export const KIN: Readonly<Record<string, string>> = {
  blanketPurchaseOrder: 'purchaseOrder',
  cashRefund: 'cashSale',
  check: 'purchaseOrder',
  creditCardCharge: 'purchaseOrder',
  creditCardRefund: 'purchaseOrder',
  creditMemo: 'invoice',
  customerDeposit: 'customerPayment',
  customerRefund: 'customerPayment',
  depositApplication: 'customerPayment',
  estimate: 'salesOrder',
  expenseReport: 'purchaseOrder',
  fulfillmentRequest: 'itemFulfillment',
  intercompanyTransferOrder: 'salesOrder',
  inventoryTransfer: 'inventoryAdjustment',
  itemReceipt: 'itemFulfillment',
  opportunity: 'salesOrder',
  otherName: 'vendor',
  partner: 'vendor',
  purchaseContract: 'purchaseOrder',
  purchaseRequisition: 'purchaseOrder',
  returnAuthorization: 'salesOrder',
  transferOrder: 'salesOrder',
  vendorBill: 'purchaseOrder',
  vendorCredit: 'purchaseOrder',
  vendorPayment: 'customerPayment',
  vendorReturnAuthorization: 'purchaseOrder',
  workOrder: 'salesOrder',
}

/** Types of 2026.1 that 2020.2 lacked → the type whose body they have in common with it. */
export const BODY_KIN: Readonly<Record<string, string>> = {
  lotNumberedAssemblyItem: 'assemblyItem',
  lotNumberedInventoryItem: 'inventoryItem',
  otherChargePurchaseItem: 'otherChargeItem',
  otherChargeResaleItem: 'otherChargeItem',
  otherChargeSaleItem: 'otherChargeItem',
  salesCampaign: 'campaign',
  serializedAssemblyItem: 'assemblyItem',
  serializedInventoryItem: 'inventoryItem',
  servicePurchaseItem: 'serviceItem',
  serviceResaleItem: 'serviceItem',
  serviceSaleItem: 'serviceItem',
}

/** Subrecords of 2020.2 (lower case) → a core type's subrecord of the same form. */
export const SUBRECORD_KIN: Readonly<Record<string, readonly [record: string, field: string]>> = {
  billingaddress: ['salesOrder', 'billingAddress'],
  shippingaddress: ['salesOrder', 'shippingAddress'],
  payeeaddress: ['salesOrder', 'billingAddress'],
  mainaddress: ['location', 'mainAddress'],
  returnaddress: ['location', 'returnAddress'],
  returnshippingaddress: ['itemFulfillment', 'returnShippingAddress'],
}

const scalar = (name: string, type: ScalarType = 'string'): Field => ({ name, kind: 'scalar', type })
const reference = (name: string, ...targets: readonly string[]): Field => ({
  name,
  kind: 'reference',
  targets,
})
const classified = [
  reference('department', 'department'),
  reference('class', 'classification'),
  reference('location', 'location'),
]
const accountLine = [
  scalar('line', 'integer'),
  reference('account', 'account'),
  scalar('amount', 'double'),
  scalar('memo'),
  reference('entity', ...ENTITY_FAMILY),
  ...classified,
]
const packageLine = [
  scalar('packageDescr'),
  scalar('packageTrackingNumber'),
  scalar('packageWeight', 'double'),
]
const timeLine = [
  scalar('apply', 'boolean'),
  scalar('doc', 'integer'),
  scalar('line', 'integer'),
  scalar('amount', 'double'),
  reference('item', ...ITEM_FAMILY),
  scalar('memo'),
]
const memberLine = [scalar('line', 'integer'), reference('item', ...ITEM_FAMILY), scalar('quantity', 'float')]

/** Sublist (lower case) → columns; used when no core type has such a line. */
const BY_HAND: Readonly<Record<string, readonly Field[]>> = {
  cashback: accountLine,
  component: [...memberLine, reference('units', 'unitsType')],
  line: [
    ...accountLine.filter((field) => field.name !== 'amount'),
    scalar('credit', 'double'),
    scalar('debit', 'double'),
    scalar('eliminate', 'boolean'),
    scalar('lineUniqueKey'),
  ],
  member: memberLine,
  other: accountLine,
  // REC-361 names the columns of a package.
  package: packageLine,
  packagefedex: packageLine,
  packageups: packageLine,
  packageusps: packageLine,
  payment: [scalar('deposit', 'boolean'), scalar('id', 'integer'), scalar('paymentAmount', 'double')],
  // REC-350 names apply, doc and line.
  time: timeLine,
}

/** `Type.sublist` (lower case) → columns added to a borrowed line, in place of its own of that name. */
const ADDED: Readonly<Record<string, readonly Field[]>> = {
  'expensereport.expense': [
    scalar('expenseDate', 'date'),
    reference('currency', 'currency'),
    scalar('exchangeRate', 'double'),
    scalar('foreignAmount', 'double'),
  ],
  'inventorytransfer.inventory': [],
  'vendorbill.item': [scalar('orderDoc', 'integer'), scalar('orderLine', 'integer')],
}

/** Columns by hand for a core schema that was only counted, e.g. `itemFulfillment-packageElement`. */
export function extraColumns(schemaName: string): readonly Field[] {
  const sublist = /-(\w+)Element$/.exec(schemaName)?.[1]?.toLowerCase()
  return (sublist !== undefined && BY_HAND[sublist]) || []
}

/** The line of `type`'s sublist: borrowed, by hand, or without columns. */
export function borrowedLine(type: string, sublist: string, core: ReadonlyMap<string, Shape>): Shape {
  const kin = KIN[type]
  const lenders = kin === undefined ? [...core.keys()] : [kin, ...core.keys()]
  const added = ADDED[`${type}.${sublist}`.toLowerCase()] ?? []
  for (const lender of lenders) {
    const field = core.get(lender)?.fields.find((f) => f.name.toLowerCase() === sublist.toLowerCase())
    if (field?.kind === 'sublist' && field.line.fields.length > 0) {
      const kept = field.line.fields.filter(({ name }) => !added.some((column) => column.name === name))
      return { fields: [...kept, ...added] }
    }
  }
  return { fields: BY_HAND[sublist.toLowerCase()] ?? [] }
}

/**
 * Types to which contacts can be attached: those that the public document of 2026.1 gives two operations more than their
 * methods and transforms account for. Of the 33 pairs it has, six are an entity group's and not known. [OAS-005, OAS-021]
 */

const NAMES = `
  cashRefund cashSale check creditMemo customer customerDeposit customerPayment customerRefund estimate
  intercompanyTransferOrder inventoryAdjustment invoice itemFulfillment itemReceipt job opportunity partner purchaseOrder
  purchaseRequisition returnAuthorization salesOrder transferOrder vendor vendorBill vendorCredit vendorPayment
  vendorReturnAuthorization`

/** Lower-case names. */
export const TAKES_CONTACTS: ReadonlySet<string> = new Set(NAMES.trim().toLowerCase().split(/\s+/))

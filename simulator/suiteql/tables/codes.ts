/** What transactions are called: labels, who posts, and the sign of what they sell or buy. [SQL-070, OPQ-041, OPQ-042] */

/** Code → label; those without one show their code. Bill: OPQ-042; the rest as the user interface has them (common knowledge). */
export const TYPE_LABELS: Readonly<Record<string, string>> = {
  Build: 'Assembly Build',
  BinTrnfr: 'Bin Transfer',
  CardChrg: 'Credit Card',
  CardRfnd: 'Credit Card Refund',
  CashRfnd: 'Cash Refund',
  CashSale: 'Cash Sale',
  Check: 'Check',
  CustCred: 'Credit Memo',
  CustDep: 'Customer Deposit',
  CustInvc: 'Invoice',
  CustPymt: 'Payment',
  CustRfnd: 'Customer Refund',
  DepAppl: 'Deposit Application',
  Deposit: 'Deposit',
  Estimate: 'Estimate',
  ExpRept: 'Expense Report',
  InvAdjst: 'Inventory Adjustment',
  InvTrnfr: 'Inventory Transfer',
  ItemRcpt: 'Item Receipt',
  ItemShip: 'Item Fulfillment',
  Journal: 'Journal',
  Opprtnty: 'Opportunity',
  PurchOrd: 'Purchase Order',
  RtnAuth: 'Return Authorization',
  SalesOrd: 'Sales Order',
  TrnfrOrd: 'Transfer Order',
  Unbuild: 'Assembly Unbuild',
  VendAuth: 'Vendor Return Authorization',
  VendBill: 'Bill',
  VendCred: 'Bill Credit',
  VendPymt: 'Bill Payment',
  WorkOrd: 'Work Order',
}

/** Orders, quotes and authorisations post nothing (common knowledge). */
export const NOT_POSTING: ReadonlySet<string> = new Set([
  'Estimate',
  'Opprtnty',
  'PurchOrd',
  'RtnAuth',
  'SalesOrd',
  'TrnfrOrd',
  'VendAuth',
  'WorkOrd',
])

/**
 * Sign of the header's amount; lines have the other one, so that a transaction adds up to nothing. Sales lines are
 * negative [SQL-074]; purchases and credits mirror them (common knowledge).
 */
export const HEADER_SIGN: Readonly<Record<string, 1 | -1>> = {
  CashRfnd: -1,
  CustCred: -1,
  CustRfnd: -1,
  ExpRept: -1,
  PurchOrd: -1,
  RtnAuth: -1,
  VendBill: -1,
  Check: -1,
  VendPymt: -1,
}

/** Whose lines carry their quantities as they were written: goods that come in or are counted. */
export const QUANTITY_AS_WRITTEN: ReadonlySet<string> = new Set([
  'ItemRcpt',
  'InvAdjst',
  'InvTrnfr',
  'TrnfrOrd',
  'WorkOrd',
  'Build',
])

/** Money that moves between two accounts: no items or expenses, so the other side is a line of the account's own. */
export const TWO_SIDED: ReadonlySet<string> = new Set([
  'CustDep',
  'CustPymt',
  'CustRfnd',
  'DepAppl',
  'Deposit',
  'VendPymt',
])

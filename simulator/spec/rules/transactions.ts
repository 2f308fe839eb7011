/**
 * Transactions on the way from an order to its money: what they need, compute and may become. Labels of statuses
 * rest on OPQ-041 unless a row says K (common knowledge); transitions on REC-340..355 and REC-348.
 */
import { need, type RuleRow, type RuleRows } from './type-rules.ts'

/** Every transaction. [REC-320..322] */
export const TRANSACTION: RuleRow = {
  // `shippingCost` is in the list of REC-321 too: it is computed only when not sent, so a client may set it.
  computed: `amountPaid amountRemaining amountRemainingTotalBox balance clearedDate discountTotal estGrossProfit
    estGrossProfitPercent giftCertApplied linkedTrackingNumbers prevDate recognizedRevenue deferredRevenue revCommitStatus
    revCommitStatusDescr revenueStatus revenueStatusDescr source status subtotal tax2Total taxTotal total
    totalAfterTaxes totalCostEstimate trackingNumbers transactionNumber webStore storeOrder`,
  // The amount of a line is quantity × rate unless it is sent, so it is no computed column. [REC-321, REC-345]
  lineComputed: {
    item: `itemIsFulfilled itemSubtype itemType lineUniqueKey linked quantityAllocated quantityAvailable
      quantityBackOrdered quantityBilled quantityCommitted quantityDemandAllocated quantityFulfilled quantityOnHand
      quantityPacked quantityPicked quantityReceived uniqueKey`,
    expense: 'uniqueKey',
    line: 'lineUniqueKey',
    apply: 'applyDate due refNum total type',
    credit: 'creditDate due refNum total type',
    deposit: 'depositDate refNum remaining total',
  },
  // `webStore` and `storeOrder` are checkboxes that leak as text. [REC-034]
  defaults: {
    tranDate: { today: true },
    exchangeRate: 1,
    source: 'restWebServices',
    webStore: 'F',
    storeOrder: 'F',
  },
  displayFields: 'tranId transactionNumber',
}

const CUSTOMER = need('entity', 'Customer')
const VENDOR = need('entity', 'Vendor')
const ITEM_LINE = { item: [need('item', 'Item')] }
const APPLY_LINE = { apply: [need('doc', 'Apply To')] }

export const SALES: RuleRows = {
  salesorder: {
    transactionCode: 'SalesOrd',
    autoNumber: { field: 'tranId', prefix: 'SO' },
    required: [CUSTOMER], // REC-340
    requiredLines: 'item',
    lineRequired: ITEM_LINE,
    statuses: {
      A: 'Pending Approval',
      B: 'Pending Fulfillment',
      C: 'Cancelled',
      D: 'Partially Fulfilled',
      E: 'Pending Billing/Partially Fulfilled',
      F: 'Pending Billing',
      G: 'Billed',
      H: 'Closed',
    },
    initialStatus: 'A', // REC-343
    settable: { orderStatus: ['A', 'B'] }, // REC-341
    // REC-341 un-approves (B → A), REC-344 closes, REC-348 fulfils and bills; the way back is a deleted fulfilment (K).
    transitions: { A: 'BCH', B: 'ADEFGH', D: 'BEFGH', E: 'BDFGH', F: 'BDEGH', G: 'DEF', H: 'BDEFG' },
    defaults: { shipComplete: false },
  },
  invoice: {
    transactionCode: 'CustInvc',
    autoNumber: { field: 'tranId', prefix: 'INV' },
    required: [CUSTOMER], // REC-350
    requiredLines: 'item itemCost expCost time',
    lineRequired: {
      ...ITEM_LINE,
      itemCost: [need('doc', 'Doc')],
      expCost: [need('doc', 'Doc')],
      time: [need('doc', 'Doc')],
    },
    statuses: { A: 'Open', B: 'Paid In Full', D: 'Pending Approval', E: 'Rejected', V: 'Voided' },
    initialStatus: 'A',
    transitions: { A: 'BV', B: 'A', D: 'AE', E: 'D' }, // REC-355; back to A when a payment goes (K)
  },
  cashsale: {
    transactionCode: 'CashSale',
    autoNumber: { field: 'tranId', prefix: 'CS' },
    required: [CUSTOMER], // REC-350
    requiredLines: 'item itemCost expCost time',
    lineRequired: {
      ...ITEM_LINE,
      itemCost: [need('doc', 'Doc')],
      expCost: [need('doc', 'Doc')],
      time: [need('doc', 'Doc')],
    },
    statuses: { A: 'Unapproved Payment', B: 'Not Deposited', C: 'Deposited' },
    initialStatus: 'B', // K: into undeposited funds
    transitions: { A: 'B', B: 'C', C: 'B' },
  },
  customerpayment: {
    transactionCode: 'CustPymt',
    autoNumber: { field: 'tranId', prefix: 'PYMT' },
    required: [need('customer', 'Customer')], // REC-353
    lineRequired: APPLY_LINE,
    computed: 'applied consolidateBalance pending refundedAmountTotalBox unapplied', // REC-353
    statuses: { A: 'Unapproved Payment', B: 'Not Deposited', C: 'Deposited' }, // letter R is unexplained
    initialStatus: 'B', // K
    transitions: { A: 'B', B: 'C', C: 'B' },
  },
  customerdeposit: {
    transactionCode: 'CustDep',
    autoNumber: { field: 'tranId', prefix: 'DEP' },
    required: [need('customer', 'Customer')],
    statuses: { A: 'Not Deposited', B: 'Deposited', C: 'Fully Applied' }, // C: K
    initialStatus: 'A',
    transitions: { A: 'BC', B: 'AC', C: 'AB' },
  },
  creditmemo: {
    transactionCode: 'CustCred',
    autoNumber: { field: 'tranId', prefix: 'CM' },
    required: [CUSTOMER],
    lineRequired: { ...ITEM_LINE, ...APPLY_LINE },
    computed: 'applied unapplied',
    statuses: { A: 'Open', B: 'Fully Applied', V: 'Voided' },
    initialStatus: 'A',
    transitions: { A: 'BV', B: 'A' },
  },
  estimate: {
    transactionCode: 'Estimate',
    autoNumber: { field: 'tranId', prefix: 'EST' },
    required: [CUSTOMER],
    lineRequired: ITEM_LINE,
    statuses: { A: 'Open', B: 'Processed', C: 'Closed', V: 'Voided', X: 'Expired' }, // K
    initialStatus: 'A',
    transitions: { A: 'BCVX', X: 'AB' },
  },
  opportunity: {
    transactionCode: 'Opprtnty',
    autoNumber: { field: 'tranId', prefix: 'OPP' },
    required: [CUSTOMER],
    lineRequired: ITEM_LINE,
    statuses: { A: 'In Progress', B: 'Issued Estimate', C: 'Closed - Won', D: 'Closed - Lost' }, // K
    initialStatus: 'A',
    transitions: { A: 'BCD', B: 'ACD', C: 'AB', D: 'A' },
  },
  returnauthorization: {
    transactionCode: 'RtnAuth',
    autoNumber: { field: 'tranId', prefix: 'RMA' },
    required: [CUSTOMER],
    lineRequired: ITEM_LINE,
    statuses: {
      A: 'Pending Approval', // K
      B: 'Pending Receipt',
      C: 'Cancelled', // K
      D: 'Partially Received',
      E: 'Pending Refund/Partially Received',
      F: 'Pending Refund',
      G: 'Refunded',
      H: 'Closed',
    },
    initialStatus: 'B', // K: without approval of returns
    transitions: { A: 'BCH', B: 'DEFGH', D: 'BEFGH', E: 'BDFGH', F: 'BDEGH', G: 'EF', H: 'BDEFG' },
  },
  cashrefund: { transactionCode: 'CashRfnd', required: [CUSTOMER], lineRequired: ITEM_LINE },
  customerrefund: {
    transactionCode: 'CustRfnd',
    required: [need('customer', 'Customer')],
    lineRequired: APPLY_LINE,
  },
  depositapplication: { transactionCode: 'DepAppl', lineRequired: APPLY_LINE, computed: 'applied unapplied' },
}

export const PURCHASES: RuleRows = {
  purchaseorder: {
    transactionCode: 'PurchOrd',
    autoNumber: { field: 'tranId', prefix: 'PO' },
    required: [VENDOR],
    lineRequired: { ...ITEM_LINE, expense: [{ anyOf: ['account', 'category'], label: 'Account' }] },
    computed: 'availableVendorCredit unbilledOrders',
    statuses: {
      A: 'Pending Supervisor Approval',
      B: 'Pending Receipt',
      C: 'Rejected by Supervisor', // K
      D: 'Partially Received',
      E: 'Pending Billing/Partially Received',
      F: 'Pending Bill',
      G: 'Fully Billed',
      H: 'Closed',
      P: 'Planned', // K
    },
    initialStatus: 'B', // K: without approval of purchases
    transitions: {
      A: 'BCH',
      B: 'ADEFGH',
      C: 'A',
      D: 'BEFGH',
      E: 'BDFGH',
      F: 'BDEGH',
      G: 'DEF',
      H: 'BDEFG',
      P: 'AB',
    },
  },
  vendorbill: {
    transactionCode: 'VendBill',
    required: [VENDOR],
    lineRequired: { ...ITEM_LINE, expense: [{ anyOf: ['account', 'category'], label: 'Account' }] },
    computed: 'availableVendorCredit',
    statuses: {
      A: 'Open',
      B: 'Paid In Full',
      C: 'Cancelled',
      D: 'Pending Approval',
      E: 'Rejected',
      F: 'Payment In-Transit',
    },
    initialStatus: 'A',
    transitions: { A: 'BCF', B: 'A', D: 'ACE', E: 'D', F: 'AB' },
  },
  vendorcredit: {
    transactionCode: 'VendCred',
    required: [VENDOR],
    lineRequired: { ...ITEM_LINE, ...APPLY_LINE },
    computed: 'applied unapplied',
    statuses: { A: 'Open', B: 'Fully Applied', V: 'Voided' }, // K
    initialStatus: 'A',
    transitions: { A: 'BV', B: 'A' },
  },
  vendorpayment: {
    transactionCode: 'VendPymt',
    required: [need('entity', 'Payee')],
    lineRequired: APPLY_LINE,
    computed: 'unapplied',
  },
  vendorprepayment: { required: [need('entity', 'Payee')] },
  vendorreturnauthorization: {
    transactionCode: 'VendAuth',
    autoNumber: { field: 'tranId', prefix: 'VRMA' },
    required: [VENDOR],
    lineRequired: ITEM_LINE,
    // K
    statuses: {
      A: 'Pending Approval',
      B: 'Pending Return',
      C: 'Cancelled',
      D: 'Partially Returned',
      E: 'Pending Credit/Partially Returned',
      F: 'Pending Credit',
      G: 'Credited',
      H: 'Closed',
    },
    initialStatus: 'B', // K: without approval of returns
    transitions: { A: 'BCH', B: 'DEFGH', D: 'BEFGH', E: 'BDFGH', F: 'BDEGH', G: 'EF', H: 'BDEFG' },
  },
  purchaserequisition: {
    autoNumber: { field: 'tranId', prefix: 'REQ' },
    required: [need('entity', 'Requestor')],
    lineRequired: ITEM_LINE,
  },
  blanketpurchaseorder: { required: [VENDOR], lineRequired: ITEM_LINE },
  purchasecontract: { required: [VENDOR], lineRequired: ITEM_LINE },
  check: { transactionCode: 'Check', required: [need('account', 'Account')] },
  creditcardcharge: { transactionCode: 'CardChrg', required: [need('account', 'Account')] },
  creditcardrefund: { transactionCode: 'CardRfnd', required: [need('account', 'Account')] },
  expensereport: { transactionCode: 'ExpRept', required: [need('entity', 'Employee')] },
}

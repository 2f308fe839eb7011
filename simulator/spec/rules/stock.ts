/**
 * Transactions that move stock or book without a partner: fulfilments, receipts, adjustments, transfers, production,
 * journals; and the records of lists and the calendar that other records point at.
 */
import { need, type RuleRows } from './type-rules.ts'

const ITEM_LINE = { item: [need('item', 'Item')] }

export const STOCK: RuleRows = {
  itemfulfillment: {
    transactionCode: 'ItemShip',
    autoNumber: { field: 'tranId', prefix: 'IF' },
    // Made by transform: the order brings all that is required. [REC-360]
    computed: 'createdFrom createdFromShipGroup entity orderId orderType',
    lineRequired: ITEM_LINE,
    lineComputed: {
      item: 'itemName itemSubtype itemType kitMemberOf onHand quantityRemaining quantityRemainingDisplay',
    },
    statuses: { A: 'Picked', B: 'Packed', C: 'Shipped' },
    initialStatus: 'C', // K: without the feature of picking and packing, all is shipped
    settable: { shipStatus: ['A', 'B', 'C'] }, // REC-360
    transitions: { A: 'BC', B: 'AC', C: 'AB' },
  },
  itemreceipt: {
    transactionCode: 'ItemRcpt',
    autoNumber: { field: 'tranId', prefix: 'IR' },
    computed: 'orderId orderType',
    lineRequired: ITEM_LINE,
    lineComputed: {
      item: 'itemName itemSubtype itemType kitMemberOf onHand quantityRemaining quantityRemainingDisplay',
    },
  },
  inventoryadjustment: {
    transactionCode: 'InvAdjst',
    autoNumber: { field: 'tranId', prefix: 'ADJ' },
    required: [need('account', 'Adjustment Account')], // REC-364; label K
    lineRequired: {
      inventory: [need('item', 'Item'), need('location', 'Location'), need('adjustQtyBy', 'Adjust Qty. By')],
    },
    computed: 'estimatedTotalValue',
    lineComputed: { inventory: 'costingMethod currentValue newQuantity quantityOnHand' }, // REC-364
  },
  // K from here on, save the status labels of OPQ-041.
  inventorytransfer: {
    transactionCode: 'InvTrnfr',
    autoNumber: { field: 'tranId', prefix: 'TRF' },
    required: [need('location', 'From Location'), need('transferLocation', 'To Location')],
    lineRequired: { inventory: [need('item', 'Item'), need('adjustQtyBy', 'Qty. To Transfer')] },
    lineComputed: { inventory: 'currentValue newQuantity quantityOnHand' },
  },
  inventorycount: {
    statuses: { A: 'Open', B: 'Started', C: 'Completed/Pending Approval', D: 'Approved' }, // labels REC-195, letters K
    initialStatus: 'A',
    transitions: { A: 'B', B: 'C', C: 'AD' },
  },
  transferorder: {
    transactionCode: 'TrnfrOrd',
    autoNumber: { field: 'tranId', prefix: 'TO' },
    required: [need('location', 'From Location'), need('transferLocation', 'To Location')],
    lineRequired: ITEM_LINE,
    statuses: {
      A: 'Pending Approval',
      B: 'Pending Fulfillment',
      C: 'Rejected',
      D: 'Partially Fulfilled',
      E: 'Pending Receipt/Partially Fulfilled',
      F: 'Pending Receipt',
      G: 'Received',
      H: 'Closed',
    },
    initialStatus: 'B',
    settable: { orderStatus: ['A', 'B'] },
    transitions: { A: 'BCH', B: 'ADEFGH', D: 'BEFGH', E: 'BDFGH', F: 'BDEGH', G: 'DEF', H: 'BDEFG' },
  },
  workorder: {
    transactionCode: 'WorkOrd',
    autoNumber: { field: 'tranId', prefix: 'WO' },
    required: [need('assemblyItem', 'Assembly'), need('quantity', 'Quantity')],
  },
  workorderclose: { transactionCode: 'WOClose' },
  workordercompletion: { transactionCode: 'WOCompl' },
  workorderissue: { transactionCode: 'WOIssue' },
  assemblybuild: {
    transactionCode: 'Build',
    required: [need('item', 'Assembly Item'), need('quantity', 'Quantity')],
  },
  assemblyunbuild: {
    transactionCode: 'Unbuild',
    required: [need('item', 'Assembly Item'), need('quantity', 'Quantity')],
  },
  bintransfer: { transactionCode: 'BinTrnfr' },
  binworksheet: { transactionCode: 'BinWksht' },
  journalentry: {
    transactionCode: 'Journal',
    autoNumber: { field: 'tranId', prefix: 'JE' },
    lineRequired: { line: [need('account', 'Account')] },
    statuses: { A: 'Pending Approval', B: 'Approved for Posting' },
    initialStatus: 'B',
    transitions: { A: 'B', B: 'A' },
  },
  intercompanyjournalentry: {
    transactionCode: 'Journal',
    lineRequired: { line: [need('account', 'Account')] },
  },
  advintercompanyjournalentry: {
    transactionCode: 'Journal',
    lineRequired: { line: [need('account', 'Account')] },
  },
  deposit: { transactionCode: 'Deposit', required: [need('account', 'Account')] },
  paycheck: { transactionCode: 'Paycheck' },
  paycheckjournal: { transactionCode: 'PChkJrnl' },
}

const NAMED = { required: [need('name', 'Name')] }

/** Records of lists and of the calendar. K: labels and rules of the standard forms. */
export const LISTS: RuleRows = {
  account: {
    required: [need('acctname', 'Name')],
    computed:
      'accountSearchDisplayName accountSearchDisplayNameCopy availableBalance balance displayNameWithHierarchy fullName',
    displayFields: 'accountSearchDisplayName acctName acctname acctNumber acctnumber',
  },
  classification: NAMED,
  commercecategory: { computed: 'created lastModified lastModifiedBy' },
  currency: { required: [need('name', 'Currency'), need('symbol', 'ISO Code')], computed: 'formatSample' },
  customercategory: NAMED,
  department: NAMED,
  location: {
    required: [need('name', 'Name')],
    computed: 'fullName internalId soPredConfidence soPredictedDays toPredConfidence toPredictedDays',
    displayFields: 'fullName name',
  },
  pricelevel: NAMED,
  subsidiary: {
    required: [need('name', 'Name')],
    computed: `fullName internalId purchaseOrderAmount purchaseOrderQuantity purchaseOrderQuantityDiff receiptAmount
      receiptQuantity receiptQuantityDiff`,
    displayFields: 'fullName name',
  },
  term: NAMED,
  unitstype: NAMED,
  calendarevent: { required: [need('title', 'Title')], displayFields: 'title' },
  phonecall: { required: [need('title', 'Subject')], displayFields: 'title' },
  supportcase: {
    required: [need('title', 'Subject'), need('company', 'Company')],
    displayFields: 'caseNumber title',
  },
  task: { required: [need('title', 'Title')], displayFields: 'title' },
  timebill: { required: [need('employee', 'Employee'), need('hours', 'Duration')] },
}

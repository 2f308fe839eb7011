/**
 * Customers, contacts, vendors and their like. Required fields are those of Oracle's samples and of observed answers;
 * an account's form and features may ask for more [REC-325]. Subsidiary is not among them: only OneWorld needs it.
 */
import type { RuleRow, RuleRows } from './type-rules.ts'

const person = { field: 'isPerson', equals: true } as const

/** A company needs its name, an individual both of his. [REC-330, REC-E20] */
const COMPANY_OR_PERSON: RuleRow = {
  required: [
    { anyOf: ['companyName'], label: 'Company Name', unless: person },
    { anyOf: ['firstName'], label: 'First Name', when: person },
    { anyOf: ['lastName'], label: 'Last Name', when: person },
  ],
  defaults: { isPerson: false },
  displayFields: 'entityId companyName lastName',
}

/** Every entity. The account gives address lines their ids. [OPQ-027] */
export const ENTITY: RuleRow = {
  computed: 'altName defaultAddress defaultBillingAddress defaultShippingAddress',
  lineComputed: { addressBook: 'addressId internalId' },
  displayFields: 'entityId companyName name lastName email',
}

export const ENTITIES: RuleRows = {
  // REC-331 names the computed ones; auto-naming gives entityId when none is sent (REC-330).
  customer: {
    ...COMPANY_OR_PERSON,
    autoNumber: { field: 'entityId', prefix: 'CUST' },
    computed: `aging aging1 aging2 aging3 aging4 balance clickStream consolAging consolAging1 consolAging2 consolAging3
      consolAging4 consolBalance consolDaysOverdue consolDepositBalance consolOverdueBalance consolUnbilledOrders
      daysOverdue depositBalance firstOrderDate firstSaleDate firstVisit keywords lastOrderDate lastPageVisited
      lastSaleDate lastVisit overdueBalance referrer unbilledOrders visits`,
    lineComputed: {
      addressBook: 'addressId internalId',
      currencyList: `balance consolBalance consolDepositBalance consolOverdueBalance consolUnbilledOrders depositBalance
        overdueBalance unbilledOrders`,
      contactRoles: 'contactName',
    },
    // K: what the form of a new customer shows.
    defaults: { isPerson: false, creditHoldOverride: 'AUTO', emailPreference: 'DEFAULT' },
  },
  // REC-334: a name, either whole or in parts.
  contact: { required: [{ anyOf: ['entityId', 'lastName', 'firstName'], label: 'Name' }] },
  vendor: {
    ...COMPANY_OR_PERSON,
    autoNumber: { field: 'entityId', prefix: 'VEND' },
    computed: `balance balancePrimary predConfidence predictedDays prepaymentBalance purchaseOrderAmount
      purchaseOrderQuantity purchaseOrderQuantityDiff receiptAmount receiptQuantity receiptQuantityDiff unbilledOrders
      unbilledOrdersPrimary`,
    lineComputed: { currencyList: 'balance unbilledOrders' },
  },
  partner: { ...COMPANY_OR_PERSON, autoNumber: { field: 'entityId', prefix: 'PART' } },
  // K: label and rule of the standard form.
  employee: {
    required: [{ anyOf: ['entityId', 'lastName', 'firstName'], label: 'Name' }],
    autoNumber: { field: 'entityId', prefix: 'EMP' },
    computed: 'lastPaidDate',
  },
  // K
  job: { required: [{ anyOf: ['companyName', 'entityId'], label: 'Project Name' }] },
  othername: COMPANY_OR_PERSON,
  entitygroup: {
    required: [{ anyOf: ['groupName', 'name'], label: 'Name' }],
    displayFields: 'groupName name',
  },
}

/**
 * What an account holds before anybody writes to it: the records that a new account has and that others refer to.
 * Data only; ids are those of a fresh account where they are known (currency 1, subsidiary 1), else 1, 2, 3.
 */
import { type Catalogue, findField } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { fiscalPeriods } from './accounting-periods.ts'
import type { RecordStore } from './store.ts'
import { sortKeys } from './values.ts'

interface BaseRecord {
  readonly type: string
  readonly id: number
  readonly display: string
  readonly body: Readonly<Record<string, unknown>>
}

const named = (type: string, field: string, names: readonly string[]): BaseRecord[] =>
  names.map((display, index) => ({ type, id: index + 1, display, body: { [field]: display } }))

/** Chart of accounts: the few that sales, stock and payments post to. Name → code of its type (K). */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'Accounts Receivable': 'AcctRec',
  'Inventory Asset': 'OthCurrAsset',
  'Undeposited Funds': 'OthCurrAsset',
  Checking: 'Bank',
  'Accounts Payable': 'AcctPay',
  Sales: 'Income',
  'Cost of Goods Sold': 'COGS',
  'Inventory Adjustments': 'COGS',
  'Customer Deposits': 'OthCurrLiab',
  'Sales Taxes Payable': 'OthCurrLiab',
}

/** Roles of contacts that every account has, with negative ids. [REC-007, REC-180]; names K */
const CONTACT_ROLES = ['Primary Contact', 'Alternate Contact', 'Consultant', 'Decision Maker']

/** Days until an invoice is due. [REC-352] */
const TERM_DAYS = [15, 30, 60]

export const BASE_RECORDS: readonly BaseRecord[] = [
  ...named('currency', 'name', ['US Dollar', 'British Pound', 'Canadian Dollar', 'Euro']).map(
    (record, index) => ({
      ...record,
      body: { ...record.body, symbol: ['USD', 'GBP', 'CAD', 'EUR'][index] },
    }),
  ),
  ...named('subsidiary', 'name', ['Parent Company']),
  ...named('location', 'name', ['Main Warehouse', 'Second Warehouse']),
  ...named('department', 'name', ['Sales', 'Operations']),
  ...named('classification', 'name', ['Retail', 'Wholesale']),
  ...named('account', 'acctName', Object.keys(ACCOUNTS)).map((record) => ({
    ...record,
    body: { ...record.body, acctType: ACCOUNTS[record.display] },
  })),
  ...TERM_DAYS.map((days, index) => ({
    type: 'term',
    id: index + 1,
    display: `Net ${days}`,
    body: { name: `Net ${days}`, daysUntilNetDue: days },
  })),
  ...named('paymentMethod', 'name', ['Cash', 'Check', 'Visa', 'Master Card', 'American Express']),
  ...named('contactRole', 'name', CONTACT_ROLES).map((record) => ({ ...record, id: record.id * -10 })),
  ...named('priceLevel', 'name', ['Base Price', 'Alternate Price 1']),
  { type: 'priceLevel', id: -1, display: 'Custom', body: { name: 'Custom' } }, // K: a price of the line's own [REC-007]
]

/** Fills an empty store. Types that the loaded document lacks are left out. `firstFiscalMonth` counts from 1. */
export function addBaseData(
  catalogue: Catalogue,
  store: RecordStore,
  nowMs: number,
  firstFiscalMonth: number,
): void {
  const periods = fiscalPeriods(nowMs, firstFiscalMonth).map((period) => ({
    type: 'accountingPeriod',
    ...period,
  }))
  store.transaction(() => {
    for (const { type: name, id, display, body } of [...BASE_RECORDS, ...periods]) {
      const type = catalogue.find(name)
      if (type === undefined) continue
      const { group } = rulesFor(type)
      // Documents differ in case: `acctName`, `acctname`. [OAS-046]
      const fields = Object.entries(body).map(([key, value]) => [
        findField(type.body, key)?.name ?? key,
        value,
      ])
      store.insert(
        group,
        {
          type: type.name,
          id,
          externalId: undefined,
          display,
          body: sortKeys({ id: String(id), ...Object.fromEntries(fields) }),
        },
        nowMs,
      )
    }
  })
}

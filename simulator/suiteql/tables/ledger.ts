/**
 * `transactionaccountingline`: what each line posts to which account, derived from the lines. An account is the one that the
 * record or its item names, else that of a new account's chart which such a transaction posts to. What a payment pays for is
 * a line of its own, on the account of receivables or payables. [SQL-075]
 */
import type { RecordType } from '../../spec/catalogue.ts'
import { type Column, displayOf, plainColumn, quoted, type Table } from './table.ts'

/** Ids in the chart of a new account (records/base-data.ts). */
const RECEIVABLE = 1
const STOCK = 2
const UNDEPOSITED = 3
const CHECKING = 4
const PAYABLE = 5
const SALES = 6
const DEPOSITS = 9
const TAXES = 10

const HEADER_ACCOUNT: Readonly<Record<string, number>> = {
  CashRfnd: UNDEPOSITED,
  CashSale: UNDEPOSITED,
  Check: CHECKING,
  CustCred: RECEIVABLE,
  CustDep: UNDEPOSITED,
  CustInvc: RECEIVABLE,
  CustPymt: UNDEPOSITED,
  CustRfnd: CHECKING,
  DepAppl: DEPOSITS,
  Deposit: CHECKING,
  Estimate: RECEIVABLE,
  PurchOrd: PAYABLE,
  RtnAuth: RECEIVABLE,
  SalesOrd: RECEIVABLE,
  VendAuth: PAYABLE,
  VendBill: PAYABLE,
  VendCred: PAYABLE,
  VendPymt: CHECKING,
}
/** The other side of what moves money. */
const COUNTER_ACCOUNT: Readonly<Record<string, number>> = {
  CustDep: DEPOSITS,
  CustPymt: RECEIVABLE,
  CustRfnd: RECEIVABLE,
  DepAppl: RECEIVABLE,
  Deposit: UNDEPOSITED,
  VendPymt: PAYABLE,
}
const BUYS: readonly string[] = ['PurchOrd', 'VendAuth', 'VendBill', 'VendCred', 'ItemRcpt']

const ofRecord = (path: string): string =>
  `(SELECT CAST(body ->> '$.${path}' AS INTEGER) FROM main.record WHERE grp = 'transaction' AND id = l."transaction")`
const ofLine = `(SELECT CAST(body ->> ('$."' || l.sublist || '"[' || l.place || '].account.id') AS INTEGER)
  FROM main.record WHERE grp = 'transaction' AND id = l."transaction")`
const ofItem = (field: string): string =>
  `(SELECT CAST(body ->> '$.${field}.id' AS INTEGER) FROM main.record WHERE grp = 'item' AND id = l.item)`

const byType = (accounts: Readonly<Record<string, number>>): string =>
  `CASE h."type" ${Object.entries(accounts)
    .map(([code, id]) => `WHEN ${quoted(code)} THEN ${id}`)
    .join(' ')} END`
const ACCOUNT = `CASE
  WHEN l.mainline = 'T' THEN coalesce(${ofRecord('account.id')}, ${byType(HEADER_ACCOUNT)})
  WHEN l.taxline = 'T' THEN ${TAXES}
  WHEN l.sublist IS NULL THEN coalesce(${ofRecord('arAcct.id')}, ${ofRecord('apAcct.id')}, ${byType(COUNTER_ACCOUNT)})
  WHEN l.item IS NULL THEN ${ofLine}
  WHEN h."type" IN (${BUYS.map(quoted).join(', ')})
    THEN coalesce(${ofItem('assetAccount')}, ${ofItem('expenseAccount')}, ${STOCK})
  ELSE coalesce(${ofItem('incomeAccount')}, ${SALES}) END`

const SOURCE = `SELECT l.key AS key, l."transaction" AS "transaction", l.id AS transactionline, 1 AS accountingbook,
  ${ACCOUNT} AS account, round(l.foreignamount * l.exchangerate, 2) AS amount, l.exchangerate AS exchangerate,
  h.posting AS posting, h.lastmodifieddate AS lastmodifieddate
  FROM ql.line AS l JOIN ql.header AS h ON h.id = l."transaction"`

/** Amounts are in the currency that the subsidiary keeps its books in. */
const subsidiary = (alias: string): string =>
  `(SELECT subsidiary FROM ql.header WHERE id = ${alias}."transaction")`

const amount = (sql: Column['sql']): Column => ({ type: 'number', sql, subsidiary })

export function ledgerTable(types: readonly RecordType[], size: () => number): Table {
  const reference = (name: string, group: string): [string, Column] => [
    name,
    plainColumn(`"${name}"`, 'number', { display: (alias) => displayOf([group], `${alias}."${name}"`) }),
  ]
  return {
    name: 'transactionaccountingline',
    types,
    columns: new Map<string, Column>([
      reference('transaction', 'transaction'),
      ['transactionline', plainColumn('transactionline', 'number', { isNeverNull: true })],
      reference('accountingbook', 'accountingbook'),
      reference('account', 'account'),
      ['amount', plainColumn('amount', 'number', { subsidiary })],
      ['netamount', plainColumn('amount', 'number', { subsidiary })],
      ['debit', amount((alias) => `CASE WHEN ${alias}.amount > 0 THEN ${alias}.amount END`)],
      ['credit', amount((alias) => `CASE WHEN ${alias}.amount < 0 THEN - ${alias}.amount END`)],
      ['exchangerate', plainColumn('exchangerate', 'number')],
      ['posting', plainColumn('posting', 'text')],
      ['lastmodifieddate', plainColumn('lastmodifieddate', 'date')],
    ]),
    source: (visible) =>
      `(${SOURCE}${visible === undefined ? '' : ` WHERE l.recordtype IN (${names(visible)})`})`,
    rowKey: 'key',
    projected: ['transaction', 'transactionline'],
    size,
  }
}

const names = (types: readonly RecordType[]): string =>
  types.map(({ name }) => quoted(name.toLowerCase())).join(', ')

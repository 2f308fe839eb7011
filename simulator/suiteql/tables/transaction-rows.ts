/** A transaction's record as rows of `transaction` and `transactionline`. [SQL-070..075] */
import type { SQLInputValue } from 'node:sqlite'
import type { Account } from '../../account.ts'
import { localTime } from '../../account-dates.ts'
import type { RecordBody, StoredRecord } from '../../records/store.ts'
import { toId } from '../../records/write.ts'
import { rulesFor } from '../../spec/rules.ts'
import { HEADER_SIGN, MOVES_STOCK, NOT_POSTING, QUANTITY_AS_WRITTEN } from './codes.ts'
import { itemTypeOf } from './records.ts'
import type { LINE, TRANSACTION } from './transactions.ts'

type Value = SQLInputValue
type HeaderRow = Record<keyof typeof TRANSACTION, Value>
type LineRow = Record<keyof typeof LINE, Value>

/** Values in the order of the columns. */
export function headerRow(
  account: Account,
  record: StoredRecord,
  createdMs: number,
  modifiedMs: number,
): Value[] {
  const { id, type, body, externalId } = record
  const code = codeOf(account, type)
  const { timeZone } = account.profile.preferences
  const row: HeaderRow = {
    id,
    tranid: text(body.tranId),
    transactionnumber: text(body.transactionNumber),
    type: code,
    recordtype: type.toLowerCase(),
    entity: entityOf(body),
    trandate: day(body.tranDate),
    duedate: day(body.dueDate),
    status: text(body.status),
    currency: ref(body.currency),
    exchangerate: number(body.exchangeRate),
    foreigntotal: headerAmount(code, body),
    memo: text(body.memo),
    terms: ref(body.terms),
    postingperiod: ref(body.postingPeriod),
    approvalstatus: idText(body.approvalStatus),
    externalid: externalId ?? null,
    createddate: localTime(createdMs, timeZone),
    lastmodifieddate: localTime(modifiedMs, timeZone),
    subsidiary: ref(body.subsidiary),
    posting: NOT_POSTING.has(code) ? 'F' : 'T',
  }
  return Object.values(row)
}

/** What all lines of a transaction share. */
interface Frame {
  readonly account: Account
  readonly record: StoredRecord
  readonly code: string
  readonly exchangeRate: number
  readonly shared: Partial<LineRow>
  /** Ids of lines so far; the header's is 0. */
  readonly taken: Set<number>
}

/** The header's row first, then the lines, then one for the tax. [SQL-074, SQL-075] */
export function lineRows(account: Account, record: StoredRecord): Value[][] {
  const { type, body } = record
  const frame: Frame = {
    account,
    record,
    code: codeOf(account, type),
    exchangeRate: number(body.exchangeRate) ?? 1,
    shared: {
      entity: entityOf(body),
      createdfrom: ref(body.createdFrom),
      department: ref(body.department),
      class: ref(body.class),
      subsidiary: ref(body.subsidiary),
      location: ref(body.location),
    },
    taken: new Set([0]),
  }
  const rows = [headerLine(frame)]
  for (const name of SUBLISTS) {
    const entries = body[name]
    if (!Array.isArray(entries)) continue
    entries.forEach((entry: RecordBody, place) => {
      rows.push([...Object.values(ownLine(frame, entry)), type.toLowerCase(), name, place])
    })
  }
  const tax = number(body.taxTotal)
  if (tax !== null && tax !== 0) rows.push(taxLine(frame, tax))
  return rows
}

function headerLine({ record: { id, type, body }, code, exchangeRate, shared }: Frame): Value[] {
  const total = headerAmount(code, body)
  const row: LineRow = {
    ...line(id, 0),
    ...shared,
    mainline: 'T',
    foreignamount: total,
    netamount: base(total, exchangeRate),
    memo: text(body.memo),
  }
  return [...Object.values(row), type.toLowerCase(), null, null]
}

function ownLine({ account, record, code, exchangeRate, shared, taken }: Frame, entry: RecordBody): LineRow {
  const isFree = typeof entry.line === 'number' && !taken.has(entry.line)
  const id = isFree ? (entry.line as number) : Math.max(...taken) + 1
  taken.add(id)
  const own = ownValues(account, code, entry, exchangeRate)
  const location = ref(entry.location) ?? shared.location ?? null
  return {
    ...line(record.id, id),
    ...shared,
    ...own,
    location,
    linesequencenumber: taken.size - 1,
    isinventoryaffecting: MOVES_STOCK.has(code) && own.item !== null ? 'T' : 'F',
    inventoryreportinglocation: location,
  }
}

function taxLine({ record: { id, type }, code, exchangeRate, shared, taken }: Frame, tax: number): Value[] {
  const amount = -signOf(code) * tax
  const row: LineRow = {
    ...line(id, Math.max(...taken) + 1),
    ...shared,
    taxline: 'T',
    foreignamount: amount,
    netamount: base(amount, exchangeRate),
    linesequencenumber: taken.size,
  }
  return [...Object.values(row), type.toLowerCase(), null, null]
}

/** Sublists whose lines are lines of a transaction. */
const SUBLISTS = ['item', 'expense', 'inventory', 'line'] as const
const LINES_PER_TRANSACTION_MAX = 100_000

function line(transaction: number, id: number): LineRow {
  return {
    transaction,
    id,
    uniquekey: transaction * LINES_PER_TRANSACTION_MAX + id,
    linesequencenumber: 0,
    mainline: 'F',
    taxline: 'F',
    item: null,
    itemtype: null,
    quantity: null,
    rate: null,
    rateamount: null,
    netamount: null,
    foreignamount: null,
    entity: null,
    location: null,
    department: null,
    class: null,
    subsidiary: null,
    createdfrom: null,
    isclosed: 'F',
    isbillable: 'F',
    expectedshipdate: null,
    dropship: 'F',
    costestimatetype: null,
    isinventoryaffecting: 'F',
    inventoryreportinglocation: null,
    memo: null,
  }
}

type OwnValues = Pick<
  LineRow,
  | 'item'
  | 'itemtype'
  | 'quantity'
  | 'rate'
  | 'rateamount'
  | 'foreignamount'
  | 'netamount'
  | 'isclosed'
  | 'isbillable'
  | 'expectedshipdate'
  | 'dropship'
  | 'costestimatetype'
  | 'memo'
> &
  Partial<Pick<LineRow, 'department' | 'class' | 'entity'>>

function ownValues({ store }: Account, code: string, entry: RecordBody, exchangeRate: number): OwnValues {
  const item = ref(entry.item)
  const quantity = number(entry.quantity) ?? number(entry.adjustQtyBy)
  const amount = number(entry.amount)
  const posted = entry.debit ?? entry.credit
  const signed =
    posted !== undefined
      ? (number(entry.debit) ?? 0) - (number(entry.credit) ?? 0)
      : amount === null
        ? null
        : -signOf(code) * amount
  const isAsWritten = QUANTITY_AS_WRITTEN.has(code)
  const found = typeof item === 'number' ? store.peek('item', item) : undefined
  const [department, group, entity] = [
    ref(entry.department),
    ref(entry.class),
    ref(entry.entity) ?? ref(entry.customer),
  ]
  return {
    item,
    itemtype: found === undefined ? null : itemTypeOf(found.type),
    quantity: quantity === null || isAsWritten ? quantity : -signOf(code) * quantity,
    rate: number(entry.rate),
    rateamount: number(entry.rate),
    foreignamount: signed,
    netamount: base(signed, exchangeRate),
    isclosed: flag(entry.isClosed),
    isbillable: flag(entry.isBillable),
    expectedshipdate: day(entry.expectedShipDate),
    dropship: flag(entry.dropShip),
    costestimatetype: idText(entry.costEstimateType),
    memo: text(entry.description) ?? text(entry.memo),
    ...(department === null ? {} : { department }),
    ...(group === null ? {} : { class: group }),
    ...(entity === null ? {} : { entity }),
  }
}

function codeOf({ catalogue }: Account, type: string): string {
  const found = catalogue.find(type)
  return (found && rulesFor(found).transactionCode) ?? (/^custom/i.test(type) ? 'Custom' : type)
}

function signOf(code: string): 1 | -1 {
  return HEADER_SIGN[code] ?? 1
}

function headerAmount(code: string, body: RecordBody): number | null {
  const total = number(body.total) ?? number(body.payment)
  return total === null ? null : signOf(code) * total
}

/** In the currency of the books. */
function base(amount: Value, rate: Value): Value {
  if (typeof amount !== 'number' || typeof rate !== 'number') return amount
  return Math.round(amount * rate * 100) / 100
}

function entityOf(body: RecordBody): Value {
  return ref(body.entity) ?? ref(body.customer) ?? ref(body.vendor)
}

function idText(value: unknown): string | null {
  const id = value !== null && typeof value === 'object' ? (value as { id?: unknown }).id : value
  return id === undefined || id === null || id === '' ? null : String(id)
}

function ref(value: unknown): Value {
  const id = idText(value)
  return id === null ? null : (toId(id) ?? id)
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function flag(value: unknown): string {
  return value === true ? 'T' : 'F'
}

function day(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? `${value.slice(0, 10)} 00:00:00` : null
}

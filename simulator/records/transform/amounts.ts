/**
 * Money that one transaction applies to another: what a payment, credit or deposit still has, what an invoice or bill still
 * owes, and the status that follows. The same functions serve a client's write and what it sets in motion. [REC-352..355]
 */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import type { StoredReference } from '../values.ts'
import { linkValue } from './prefill.ts'
import { linesOf, quantityOf } from './progress.ts'

interface MoneyRow {
  /** Field with the whole amount. */
  readonly base?: 'total' | 'payment'
  /** Sublists by which it is applied to others. */
  readonly applies?: readonly string[]
  /** Sublists that bring money of other transactions into it. */
  readonly brings?: readonly string[]
  /** It is owed, not owned: others pay it. */
  readonly isOwed?: true
  /** Letter while something is left, letter when nothing is. */
  readonly letters?: readonly [string, string]
}

const owed: MoneyRow = { base: 'total', isOwed: true, letters: ['A', 'B'] } // REC-355
const credit: MoneyRow = { base: 'total', applies: ['apply'], letters: ['A', 'B'] } // OPQ-041

/** By lower-case type. Without a base the amount is what is applied. */
const ROWS: Readonly<Record<string, MoneyRow>> = {
  invoice: owed,
  vendorbill: owed,
  creditmemo: credit,
  vendorcredit: credit,
  customerpayment: { base: 'payment', applies: ['apply'], brings: ['credit', 'deposit'] }, // REC-353
  vendorpayment: { applies: ['apply'], brings: ['credit'] },
  customerdeposit: { base: 'payment', letters: ['A', 'C'] }, // letter C: K
  depositapplication: { applies: ['apply'] },
  customerrefund: { applies: ['apply', 'deposit'] },
}

const rows = new WeakMap<RecordType, MoneyRow | null>()

export function moneyOf(type: RecordType): MoneyRow | undefined {
  let row = rows.get(type)
  if (row === undefined) {
    row = ROWS[type.name.toLowerCase()] ?? null
    rows.set(type, row)
  }
  return row ?? undefined
}

/** All sublists whose lines name another transaction and an amount. */
export function applyingSublists({ applies = [], brings = [] }: MoneyRow): readonly string[] {
  return [...applies, ...brings]
}

/** Cents, so that sums come out even. */
export function cents(amount: number): number {
  return Math.round((amount + Number.EPSILON * Math.sign(amount)) * 100) / 100
}

/** Sum of the applied lines of the named sublists. */
export function sumOf(body: RecordBody, sublists: readonly string[] = []): number {
  let sum = 0
  for (const sublist of sublists) for (const { amount } of linesOf(body, sublist)) sum += quantityOf(amount)
  return cents(sum)
}

/** What others have taken of it. Beside `amountPaid` no document names the column, so it is never shown. */
export function takenColumn(row: MoneyRow): 'amountPaid' | 'takenByOthers' {
  return row.isOwed ? 'amountPaid' : 'takenByOthers'
}

/** What is still owed of an invoice or bill, or still to be applied of a payment or credit. */
export function leftOf(row: MoneyRow, body: RecordBody): number {
  const taken = quantityOf(body[takenColumn(row)])
  if (row.base === undefined) return 0
  const whole = quantityOf(body[row.base]) + sumOf(body, row.brings)
  return cents(whole - sumOf(body, row.applies) - taken)
}

/** Fills what the account computes. Lines that apply nothing go. [REC-139] */
export function deriveAmounts(account: Account, type: RecordType, row: MoneyRow, body: RecordBody): void {
  for (const sublist of [...(row.brings ?? []), ...(row.applies ?? [])])
    applyLines(account, type, row, sublist, body)
  const set = (name: string, value: number): void => {
    if (findField(type.body, name) !== undefined) body[name] = cents(value)
  }
  const applied = sumOf(body, row.applies)
  const brought = sumOf(body, row.brings)
  if (row.base === 'payment') {
    body.payment ??= cents(Math.max(0, applied - brought))
    set('total', quantityOf(body.payment))
  } else if (row.base === undefined) {
    set('total', applied - brought)
  }
  const left = leftOf(row, body)
  if (row.isOwed) {
    body.amountPaid ??= 0
    set('amountRemaining', left)
    set('amountRemainingTotalBox', left)
  } else {
    // Text not in the facts.
    if (left < 0 && row.applies !== undefined)
      throw userError('You can not apply more than your total payments.')
    set('applied', applied)
    set('unapplied', left)
    if (row.base === 'total') {
      set('amountPaid', applied + quantityOf(body.takenByOthers))
      set('amountRemaining', left)
    }
  }
  deriveLetter(row, body, left)
}

/** A transaction of nothing is not paid. Pending, rejected and voided ones stay what they are. */
function deriveLetter({ letters, base }: MoneyRow, body: RecordBody, left: number): void {
  if (letters === undefined || base === undefined) return
  const [open, done] = letters
  const isDone = left <= 0 && quantityOf(body[base]) > 0
  if (isDone && (body.status === open || body.status === 'B')) body.status = done
  else if (!isDone && body.status === done) body.status = open
}

/** Keeps the lines that apply something, with what is known of the other transaction. [REC-139, REC-354] */
function applyLines(
  account: Account,
  type: RecordType,
  row: MoneyRow,
  sublist: string,
  body: RecordBody,
): void {
  const field = findField(type.body, sublist)
  if (field?.kind !== 'sublist' || body[field.name] === undefined) return
  const kept: RecordBody[] = []
  // Amounts that are named come first; what is left goes to the lines without one.
  let free = freeFor(row, sublist, body)
  for (const line of linesOf(body, field.name)) {
    if (line.apply === false || line.amount === 0) continue
    const doc = docOf(account, line)
    if (doc === undefined || !isOfParty(account, partyOf(body), partyOf(doc.body)))
      throw unknownDoc(line, `${field.name}.items[${kept.length}]`)
    const due = dueOf(account, doc)
    const amount = typeof line.amount === 'number' ? line.amount : cents(Math.min(due, free))
    if (line.amount === undefined) free -= amount
    if (amount === 0) continue
    const columns: RecordBody = {
      refNum: doc.display,
      total: doc.body.total ?? doc.body.payment,
      type: typeWord(doc.type),
    }
    const filled: RecordBody = {
      ...line,
      apply: true,
      amount,
      doc: linkValue(findField(field.line, 'doc'), doc),
    }
    for (const name in columns) {
      const column = findField(field.line, name)
      if (column !== undefined && columns[name] !== undefined) filled[column.name] = columns[name]
    }
    const place = findField(field.line, 'due')
    if (place !== undefined) filled[place.name] ??= due
    const date = findField(field.line, 'applyDate')
    if (date !== undefined && doc.body.tranDate !== undefined) filled[date.name] ??= doc.body.tranDate
    kept.push(filled)
  }
  if (kept.length === 0) delete body[field.name]
  else body[field.name] = kept
}

/** What lines without an amount may share. */
function freeFor(row: MoneyRow, sublist: string, body: RecordBody): number {
  const whole = row.base === undefined ? undefined : body[row.base]
  if (typeof whole !== 'number' || !row.applies?.includes(sublist)) return Number.POSITIVE_INFINITY
  const taken = quantityOf(body.takenByOthers)
  return Math.max(0, cents(whole + sumOf(body, row.brings) - sumOf(body, [sublist]) - taken))
}

export function docIdOf({ doc }: RecordBody): number | undefined {
  const id = Number(doc !== null && typeof doc === 'object' ? (doc as StoredReference).id : doc)
  return Number.isSafeInteger(id) ? id : undefined
}

function docOf({ store }: Account, line: RecordBody): StoredRecord | undefined {
  const id = docIdOf(line)
  return id === undefined ? undefined : store.get('transaction', id)
}

function dueOf({ catalogue }: Account, doc: StoredRecord): number {
  const type = catalogue.find(doc.type)
  const row = type === undefined ? undefined : moneyOf(type)
  return row === undefined ? quantityOf(doc.body.total) : leftOf(row, doc.body)
}

/** Whose transaction it is: its customer or vendor. */
export function partyOf({ entity, customer }: RecordBody): number | undefined {
  return docIdOf({ doc: entity ?? customer })
}

/** Money is applied to transactions of the same customer or vendor, or of one under the same parent. (common knowledge) */
function isOfParty({ store }: Account, payer: number | undefined, party: number | undefined): boolean {
  if (payer === undefined || party === undefined || payer === party) return true
  const topOf = (id: number): number => {
    let top = id
    // Parents do not nest without end, whatever is stored.
    for (let depth = 0; depth < 10; depth++) {
      const above = partyOf({ entity: store.get('entity', top)?.body.parent })
      if (above === undefined) break
      top = above
    }
    return top
  }
  return topOf(payer) === topOf(party)
}

function unknownDoc(line: RecordBody, path: string) {
  return userError(
    `You have entered an Invalid Field Value ${docIdOf(line) ?? ''} for the following field: doc.`,
    {
      path,
    },
  )
}

/** `customerPayment` → `Customer Payment`. */
function typeWord(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replace(/[A-Z]/g, ' $&')
}

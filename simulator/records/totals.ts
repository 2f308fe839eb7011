/**
 * Money of a transaction: amounts of lines, their tax, subtotal and total. A line keeps what was sent; what is missing is
 * worked out, so a change drops what it makes wrong and leaves the rest to this file. [REC-321, REC-324]
 */
import { findField, type RecordType, type Shape } from '../spec/catalogue.ts'
import type { RecordBody } from './store.ts'

/** A copy of a stored line without the figures that a change of quantity, rate, tax or gross amount makes wrong. */
export function forgetOutdated(line: RecordBody, change: RecordBody): RecordBody {
  const { amount, grossAmt, tax1Amt, ...rest } = line
  const priced = ('quantity' in change || 'rate' in change) && line.rate !== undefined
  // Without tax there is nothing to work out from a gross amount. [REC-324]
  const grossed = 'grossAmt' in change && (isTaxable(line) || isTaxable(change))
  const taxed = 'taxRate1' in change || 'tax1Amt' in change
  const kept: RecordBody = rest
  if (amount !== undefined && !priced && !grossed) kept.amount = amount
  const same = !priced && !('grossAmt' in change) && !taxed && !('amount' in change)
  if (grossAmt !== undefined && same) kept.grossAmt = grossAmt
  if (tax1Amt !== undefined && (same || line.taxRate1 === undefined)) kept.tax1Amt = tax1Amt
  return kept
}

function isTaxable({ taxRate1, tax1Amt }: RecordBody): boolean {
  return (taxRate1 ?? tax1Amt ?? undefined) !== undefined
}

/** Types whose line `amount` follows a `grossAmt` that was sent. [REC-324] */
const GROSS_AMOUNTS: ReadonlySet<string> = new Set(['cashSale', 'invoice', 'salesOrder'])

/** Sets what the lines add up to. `body` and the lines this request touched are the caller's own. */
export function computeTotals(
  type: RecordType,
  body: RecordBody,
  grossAmounts: 'recompute' | 'ignore',
): void {
  const fromGross = grossAmounts === 'recompute' && GROSS_AMOUNTS.has(type.name)
  const sums: Sums = { subtotal: 0, tax: 0, cost: undefined }
  let found = false
  for (const name of AMOUNT_LISTS) {
    const list = findField(type.body, name)
    if (list?.kind !== 'sublist') continue
    found = true
    const lines = body[list.name] as RecordBody[] | undefined
    if (lines === undefined) continue
    const complete = lines.map((line) => completeLine(list.line, line, fromGross))
    body[list.name] = complete
    for (const line of complete) {
      sums.subtotal += numberOr(line.amount, 0)
      sums.tax += taxOf(line)
      if (typeof line.costEstimate === 'number') sums.cost = (sums.cost ?? 0) + line.costEstimate
    }
  }
  sums.subtotal += billedCosts(body)
  if (found) setTotals(type, body, sums)
}

/** What the lines add up to. `cost`: undefined when no line states an estimate of it. */
interface Sums {
  subtotal: number
  tax: number
  cost: number | undefined
}

const AMOUNT_LISTS = ['item', 'expense'] as const
/** Time, expenses and items bought for a customer, billed to him where applied. [REC-350] */
const COST_LISTS = ['time', 'expCost', 'itemCost'] as const

function billedCosts(body: RecordBody): number {
  let sum = 0
  for (const name of COST_LISTS) {
    const lines = body[name] as RecordBody[] | undefined
    for (const { apply, amount } of lines ?? []) if (apply === true) sum += numberOr(amount, 0)
  }
  return sum
}

/** [REC-321] A discount lowers the total whatever the sign it was sent with (K). */
function setTotals(type: RecordType, body: RecordBody, { subtotal, tax: lineTax, cost }: Sums): void {
  const set = (name: string, value: number): void => {
    if (findField(type.body, name) !== undefined) body[name] = toCents(value)
  }
  const details = body.taxDetailsOverride === true ? (body.taxDetails as RecordBody[] | undefined) : undefined
  const tax = details?.reduce((sum, { taxAmount }) => sum + numberOr(taxAmount, 0), 0) ?? lineTax
  const discount = -Math.abs(numberOr(body.discountRate, 0))
  if (discount !== 0) set('discountTotal', discount)
  else delete body.discountTotal
  if (tax !== 0) set('taxTotal', tax)
  else delete body.taxTotal
  const total = subtotal + discount + tax + numberOr(body.shippingCost, 0) + numberOr(body.handlingCost, 0)
  set('subtotal', subtotal)
  set('total', total)
  set('totalAfterTaxes', total)
  if (cost === undefined) for (const name of ESTIMATES) delete body[name]
  else setEstimates(set, subtotal + discount, cost)
}

const ESTIMATES = ['totalCostEstimate', 'estGrossProfit', 'estGrossProfitPercent'] as const

/** Only from the costs that lines state: what an item costs is not estimated here. [REC-321] */
function setEstimates(set: (name: string, value: number) => void, sales: number, cost: number): void {
  set('totalCostEstimate', cost)
  set('estGrossProfit', sales - cost)
  set('estGrossProfitPercent', sales === 0 ? 0 : ((sales - cost) / sales) * 100)
}

/** The same line when nothing is missing. Amount = quantity × rate unless it, or a gross amount, was sent. */
function completeLine(shape: Shape, line: RecordBody, fromGross: boolean): RecordBody {
  const { grossAmt, taxRate1, tax1Amt } = line
  let { amount } = line
  if (amount === undefined && findField(shape, 'amount') !== undefined) {
    if (fromGross && typeof grossAmt === 'number' && (taxRate1 !== undefined || tax1Amt !== undefined)) {
      const rate = numberOr(taxRate1, 0) / 100
      amount = toCents(taxRate1 === undefined ? grossAmt - numberOr(tax1Amt, 0) : grossAmt / (1 + rate))
    } else if (line.rate !== undefined) {
      amount = toCents(numberOr(line.quantity, 1) * numberOr(line.rate, 0))
    }
  }
  const isTaxed = taxRate1 !== undefined || tax1Amt !== undefined
  if (amount === line.amount && (!isTaxed || grossAmt !== undefined)) return line
  const next: RecordBody = amount === line.amount ? { ...line } : { ...line, amount }
  if (!isTaxed) return next
  if (tax1Amt === undefined && findField(shape, 'tax1Amt') !== undefined) {
    next.tax1Amt = toCents((numberOr(amount, 0) * numberOr(taxRate1, 0)) / 100)
  }
  if (findField(shape, 'grossAmt') !== undefined) next.grossAmt = toCents(numberOr(amount, 0) + taxOf(next))
  return next
}

function taxOf(line: RecordBody): number {
  const { tax1Amt, taxAmount } = line
  return numberOr(tax1Amt ?? taxAmount, 0)
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

/** Amounts have two decimals in the account's currency. */
function toCents(amount: number): number {
  return Math.round((amount + Number.EPSILON * Math.sign(amount)) * 100) / 100
}

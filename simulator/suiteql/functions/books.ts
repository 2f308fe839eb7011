/**
 * What the account's books know beside its transactions: currencies and their rates, subsidiaries, accounting periods. Read
 * from the records when they are first asked for after a change. Rates are those of `currencyRate` records, else the
 * `exchangeRate` of the currency, else 1, as transactions have it here. [SQL-057]
 */
import type { Account } from '../../account.ts'
import { localTime } from '../../account-dates.ts'
import type { RecordBody, StoredRecord } from '../../records/store.ts'
import { unsupported } from '../refusals.ts'
import { periodDays } from './relative-ranges.ts'

interface Period {
  readonly id: number
  /** `YYYY-MM-DD`. */
  readonly first: string
  readonly last: string
  readonly isAdjustment: boolean
}

/** What one of `from` costs in `to`, from a day on. */
interface Rate {
  readonly from: number
  readonly to: number
  readonly day: string
  readonly rate: number
}

interface ConsolidatedRate {
  readonly from: number
  readonly to: number
  readonly period: number
  readonly rates: Readonly<Record<RateKind, number | undefined>>
}

type RateKind = 'current' | 'average' | 'historical'

interface Books {
  readonly currencies: ReadonlyMap<number, { readonly symbol: string; readonly rate: number | undefined }>
  readonly subsidiaries: ReadonlyMap<number, { readonly currency: number | undefined }>
  /** The newest first. */
  readonly rates: readonly Rate[]
  readonly consolidated: readonly ConsolidatedRate[]
  /** Those that transactions post to, by their first day. */
  readonly periods: readonly Period[]
}

type Value = string | number | null
type Functions = Readonly<Record<string, (...args: never[]) => Value>>

/** The functions of SQLite that look into the books. `version` is another number after every change of a record. */
export function bookFunctions(account: Account, version: () => number): Functions {
  const { clock, profile } = account
  let known: { readonly version: number; readonly books: Books } | undefined
  const books = (): Books => {
    const current = version()
    if (known?.version !== current) known = { version: current, books: readBooks(account) }
    return known.books
  }
  const { firstFiscalMonth, timeZone } = profile.preferences
  const today = (): string => localTime(clock.now(), timeZone).slice(0, 10)
  return {
    ql_base_currency: (subsidiary: number | null) => baseOf(books(), subsidiary),
    ql_symbol: (currency: number | null) => books().currencies.get(currency ?? 0)?.symbol ?? null,
    ql_posting_period: (day: string | null) =>
      day === null ? null : (periodOn(books().periods, day.slice(0, 10))?.id ?? null),
    ql_convert(amount: number | null, from: number | null, to: number | null, date: string | null) {
      if (amount === null || from === null || to === null || date === null) return null
      if (!books().currencies.has(to))
        throw unsupported(`BUILTIN.CURRENCY_CONVERT: there is no currency ${to}`)
      return amount * rateOn(books(), from, to, date.slice(0, 10))
    },
    ql_consolidate(
      amount: number | null,
      currency: number | null,
      subsidiary: number | null,
      target: Value,
      period: Value,
      kind: RateKind,
    ) {
      if (amount === null) return null
      return amount * consolidatedRate(books(), { currency, subsidiary, target, period, kind, today })
    },
    ql_subsidiary_currency: (target: Value) => baseOf(books(), targetOf(books(), target)),
    ql_periods(now: string, code: string | null, edge: string, adjustment: string, operator: string) {
      if (code === null) return '[]'
      const days = periodDays(now, code, firstFiscalMonth)
      const ids = periodsOf(books().periods, days, edge as Edge, operator)
      return JSON.stringify(
        ids.filter(({ isAdjustment }) => adjustment === 'ALL' || !isAdjustment).map(({ id }) => id),
      )
    },
  }
}

function readBooks({ store, catalogue }: Account): Books {
  const all = (name: string): StoredRecord[] => {
    const type = catalogue.find(name)
    return type === undefined ? [] : store.page(type.name, Number.MIN_SAFE_INTEGER, RECORDS_MAX)
  }
  return {
    currencies: new Map(
      all('currency').map(({ id, body }) => [
        id,
        { symbol: String(body.symbol ?? body.name), rate: numberIn(body, 'exchangeRate') },
      ]),
    ),
    subsidiaries: new Map(
      all('subsidiary').map(({ id, body }) => [id, { currency: idIn(body, 'currency') }]),
    ),
    rates: all('currencyRate')
      .flatMap(rateOf)
      .sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0)),
    consolidated: all('consolidatedExchangeRate').flatMap(consolidatedOf),
    periods: all('accountingPeriod').flatMap(periodOf).sort(byFirstDay),
  }
}

/** Of each kind; an account has fewer. */
const RECORDS_MAX = 100_000

/** Documents differ in case: `currentrate`, `currentRate`. [OAS-046] */
function valueIn(body: RecordBody, name: string): unknown {
  return body[name] ?? body[name.toLowerCase()]
}

function numberIn(body: RecordBody, name: string): number | undefined {
  const value = valueIn(body, name)
  return typeof value === 'number' ? value : undefined
}

function idIn(body: RecordBody, name: string): number | undefined {
  const id = Number((valueIn(body, name) as { id?: string } | undefined)?.id)
  return Number.isInteger(id) ? id : undefined
}

function rateOf({ body }: StoredRecord): Rate[] {
  const [from, to, rate] = [
    idIn(body, 'transactionCurrency'),
    idIn(body, 'baseCurrency'),
    numberIn(body, 'exchangeRate'),
  ]
  if (from === undefined || to === undefined || rate === undefined || rate <= 0) return []
  return [{ from, to, rate, day: String(valueIn(body, 'effectiveDate') ?? '') }]
}

function consolidatedOf({ body }: StoredRecord): ConsolidatedRate[] {
  const [from, to, period] = [
    idIn(body, 'fromSubsidiary'),
    idIn(body, 'toSubsidiary'),
    idIn(body, 'postingPeriod'),
  ]
  if (from === undefined || to === undefined || period === undefined) return []
  const rates = {
    current: numberIn(body, 'currentRate'),
    average: numberIn(body, 'averageRate'),
    historical: numberIn(body, 'historicalRate'),
  }
  return [{ from, to, period, rates }]
}

function periodOf({ id, body }: StoredRecord): Period[] {
  const { startDate, endDate, isPosting, isInactive, isAdjust } = body
  if (isPosting !== true || isInactive === true || startDate === undefined || endDate === undefined) return []
  return [{ id, first: String(startDate), last: String(endDate), isAdjustment: isAdjust === true }]
}

const byFirstDay = (a: Period, b: Period): number =>
  a.first < b.first ? -1 : a.first > b.first ? 1 : a.id - b.id

const periodOn = (periods: readonly Period[], day: string): Period | undefined =>
  periods.find(({ first, last, isAdjustment }) => !isAdjustment && first <= day && day <= last)

/** The currency of a new account, of its only or its topmost subsidiary. */
const FIRST = 1

const baseOf = ({ subsidiaries }: Books, subsidiary: number | null): number =>
  subsidiaries.get(subsidiary ?? FIRST)?.currency ?? subsidiaries.get(FIRST)?.currency ?? FIRST

/** The rate between two currencies; where none is kept, by way of the base currency. */
function rateOn(books: Books, from: number, to: number, day: string): number {
  const direct = from === to ? 1 : keptRate(books, from, to, day)
  if (direct !== undefined) return direct
  const base = baseOf(books, null)
  const toBase = (currency: number): number =>
    currency === base
      ? 1
      : (keptRate(books, currency, base, day) ?? books.currencies.get(currency)?.rate ?? 1)
  return toBase(from) / toBase(to)
}

/** The last one before or on the day, in either direction. */
function keptRate({ rates }: Books, from: number, to: number, day: string): number | undefined {
  const found = rates.find(
    (rate) =>
      rate.day <= day && ((rate.from === from && rate.to === to) || (rate.from === to && rate.to === from)),
  )
  if (found === undefined) return undefined
  return found.from === from ? found.rate : 1 / found.rate
}

interface Consolidation {
  readonly currency: number | null
  readonly subsidiary: number | null
  readonly target: Value
  readonly period: Value
  readonly kind: RateKind
  readonly today: () => string
}

/** To the currency of the subsidiary, then from it to the target's by the rate of the period. */
function consolidatedRate(
  books: Books,
  { currency, subsidiary, target, period, kind, today }: Consolidation,
) {
  const [from, to] = [subsidiary ?? FIRST, targetOf(books, target)]
  const within = isDefault(period)
    ? periodOn(books.periods, today())
    : books.periods.find(({ id }) => id === Number(period))
  if (within === undefined) throw unsupported(`BUILTIN.CONSOLIDATE: there is no accounting period ${period}`)
  const own = baseOf(books, from)
  const toOwn = currency === null ? 1 : rateOn(books, currency, own, within.last)
  const kept = books.consolidated.find(
    (rate) => rate.from === from && rate.to === to && rate.period === within.id,
  )
  return toOwn * (kept?.rates[kind] ?? rateOn(books, own, baseOf(books, to), within.last))
}

const isDefault = (value: Value): boolean =>
  value === null || Number(value) === 0 || String(value).toUpperCase() === 'DEFAULT'

/** [SQL-034] */
function targetOf({ subsidiaries }: Books, target: Value): number {
  const id = isDefault(target) ? FIRST : Number(target)
  if (!subsidiaries.has(id)) throw unsupported(`BUILTIN.CONSOLIDATE: there is no subsidiary ${target}`)
  return id
}

type Edge = 'START' | 'END'

/** Periods that an operator of BUILTIN.PERIOD means, seen from a range of days. No source says it in so many words. */
function periodsOf(
  periods: readonly Period[],
  [from, until]: readonly [string, string],
  edge: Edge,
  operator: string,
): readonly Period[] {
  const isWithin = ({ first, last }: Period): boolean => last >= from && first <= until
  if (operator === 'BETWEEN') return periods.filter(isWithin)
  if (operator === 'NOT BETWEEN') return periods.filter((period) => !isWithin(period))
  const within = periods.filter(isWithin)
  const bound = edge === 'START' ? within[0] : within.at(-1)
  if (bound === undefined) return []
  const holds: Readonly<Record<string, (period: Period) => boolean>> = {
    '<': ({ first }) => first < bound.first,
    '<=': ({ first }) => first <= bound.first,
    '>': ({ first }) => first > bound.first,
    '>=': ({ first }) => first >= bound.first,
  }
  return periods.filter(holds[operator]!)
}

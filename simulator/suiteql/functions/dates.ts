/**
 * Oracle's functions of dates. A date is the text `YYYY-MM-DD HH:MM:SS`; it has no zone. Days are numbers, so a date plus
 * 0.5 is twelve hours later. NULL in gives NULL out. [SQL-050]
 */
import { DAY_MS, wallText } from '../../account-dates.ts'
import { unsupported } from '../refusals.ts'

type Maybe<T> = T | null

export function toMs(date: string): number {
  const ms = Date.parse(`${date.slice(0, 10)}T${date.slice(11) || '00:00:00'}Z`)
  if (Number.isNaN(ms)) throw unsupported(`not a date: ${date}`)
  return ms
}

/** Oracle's calendar ends here; before year 1 there is nothing. */
const FIRST_MS = Date.UTC(2000, 0, 1) - 730_119 * DAY_MS
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59)

export function fromMs(ms: number): string {
  // To the second, as Oracle's DATE is.
  const rounded = Math.round(ms / 1000) * 1000
  if (!(rounded >= FIRST_MS && rounded <= LAST_MS)) throw unsupported('a date out of range')
  return wallText(rounded)
}

export function addDays(date: Maybe<string>, days: Maybe<number>): Maybe<string> {
  return date === null || days === null ? null : fromMs(toMs(date) + days * DAY_MS)
}

export function daysBetween(a: Maybe<string>, b: Maybe<string>): Maybe<number> {
  return a === null || b === null ? null : (toMs(a) - toMs(b)) / DAY_MS
}

const partsOf = (date: string) => {
  const at = new Date(toMs(date))
  return {
    at,
    year: at.getUTCFullYear(),
    month: at.getUTCMonth(),
    day: at.getUTCDate(),
    time: toMs(date) % DAY_MS,
  }
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
}

/** The last day of a month stays the last day. */
export function addMonths(date: Maybe<string>, months: Maybe<number>): Maybe<string> {
  if (date === null || months === null) return null
  const { year, month, day } = partsOf(date)
  const count = year * 12 + month + Math.trunc(months)
  const [toYear, toMonth] = [Math.floor(count / 12), ((count % 12) + 12) % 12]
  const isLast = day === daysIn(year, month)
  const last = daysIn(toYear, toMonth)
  return fromMs(Date.UTC(toYear, toMonth, isLast ? last : Math.min(day, last)) + timeOf(date))
}

function timeOf(date: string): number {
  return toMs(date) - toMs(date.slice(0, 10))
}

export function lastDay(date: Maybe<string>): Maybe<string> {
  if (date === null) return null
  const { year, month } = partsOf(date)
  return fromMs(Date.UTC(year, month, daysIn(year, month)) + timeOf(date))
}

/** Whole when both are the same day of the month or both the last one; else the rest counts in months of 31 days. */
export function monthsBetween(a: Maybe<string>, b: Maybe<string>): Maybe<number> {
  if (a === null || b === null) return null
  const [x, y] = [partsOf(a), partsOf(b)]
  const months = (x.year - y.year) * 12 + (x.month - y.month)
  const areLast = x.day === daysIn(x.year, x.month) && y.day === daysIn(y.year, y.month)
  if (x.day === y.day || areLast) return months
  return months + (x.day - y.day + (timeOf(a) - timeOf(b)) / DAY_MS) / 31
}

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']

/** The first such day after the date. */
export function nextDay(date: Maybe<string>, name: Maybe<string>): Maybe<string> {
  if (date === null || name === null) return null
  const wanted = WEEKDAYS.findIndex((day) => name.length >= 3 && day.startsWith(name.toUpperCase()))
  if (wanted < 0) throw unsupported(`not a day of the week: ${name}`)
  const ahead = (wanted - partsOf(date).at.getUTCDay() + 6) % 7
  return fromMs(toMs(date) + (ahead + 1) * DAY_MS)
}

/** First moment of the unit that holds the date. Weeks: IW begins on Monday, D on Sunday. */
const STARTS: Readonly<Record<string, (date: string) => number>> = {
  YEAR: (date) => Date.UTC(partsOf(date).year, 0, 1),
  QUARTER: (date) => Date.UTC(partsOf(date).year, Math.floor(partsOf(date).month / 3) * 3, 1),
  MONTH: (date) => Date.UTC(partsOf(date).year, partsOf(date).month, 1),
  WEEK_OF_YEAR: (date) => {
    const start = Date.UTC(partsOf(date).year, 0, 1)
    return start + Math.floor((toMs(date) - start) / (7 * DAY_MS)) * 7 * DAY_MS
  },
  WEEK_OF_MONTH: (date) => {
    const start = Date.UTC(partsOf(date).year, partsOf(date).month, 1)
    return start + Math.floor((toMs(date) - start) / (7 * DAY_MS)) * 7 * DAY_MS
  },
  ISO_WEEK: (date) => toMs(date.slice(0, 10)) - ((partsOf(date).at.getUTCDay() + 6) % 7) * DAY_MS,
  WEEK: (date) => toMs(date.slice(0, 10)) - partsOf(date).at.getUTCDay() * DAY_MS,
  DAY: (date) => toMs(date.slice(0, 10)),
  HOUR: (date) => Math.floor(toMs(date) / 3_600_000) * 3_600_000,
  MINUTE: (date) => Math.floor(toMs(date) / 60_000) * 60_000,
}

const UNITS: Readonly<Record<string, string>> = {
  SYYYY: 'YEAR',
  YYYY: 'YEAR',
  YEAR: 'YEAR',
  SYEAR: 'YEAR',
  YYY: 'YEAR',
  YY: 'YEAR',
  Y: 'YEAR',
  Q: 'QUARTER',
  MONTH: 'MONTH',
  MON: 'MONTH',
  MM: 'MONTH',
  RM: 'MONTH',
  WW: 'WEEK_OF_YEAR',
  W: 'WEEK_OF_MONTH',
  IW: 'ISO_WEEK',
  DAY: 'WEEK',
  DY: 'WEEK',
  D: 'WEEK',
  DDD: 'DAY',
  DD: 'DAY',
  J: 'DAY',
  HH: 'HOUR',
  HH12: 'HOUR',
  HH24: 'HOUR',
  MI: 'MINUTE',
}

function startOf(date: string, mask: string): number {
  const unit = UNITS[mask.toUpperCase()]
  if (unit === undefined) throw unsupported(`unit of a date: ${mask}`)
  return STARTS[unit]!(date)
}

export function truncDate(date: Maybe<string>, mask: Maybe<string> = 'DD'): Maybe<string> {
  return date === null || mask === null ? null : fromMs(startOf(date, mask))
}

/** Only to the units whose half Oracle defines by the clock; others are refused by the caller. */
export function roundDate(date: Maybe<string>, mask: Maybe<string> = 'DD'): Maybe<string> {
  if (date === null || mask === null) return null
  const unit = UNITS[mask.toUpperCase()]
  const { year, month, day } = partsOf(date)
  if (unit === 'YEAR') return fromMs(Date.UTC(month >= 6 ? year + 1 : year, 0, 1))
  if (unit === 'MONTH') return fromMs(Date.UTC(year, day >= 16 ? month + 1 : month, 1))
  const length =
    unit === 'DAY' ? DAY_MS : unit === 'HOUR' ? 3_600_000 : unit === 'MINUTE' ? 60_000 : undefined
  if (length === undefined) throw unsupported(`ROUND of a date to ${mask}`)
  const start = startOf(date, mask)
  return fromMs(toMs(date) - start >= length / 2 ? start + length : start)
}

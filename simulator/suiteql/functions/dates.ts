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

/** A unit of TRUNC and ROUND: the first moment of the one that holds the date, and the moment from which ROUND goes on. */
interface Unit {
  readonly start: (date: string) => number
  /** First moment of the next unit. */
  readonly next: (startMs: number) => number
  /** From here on the next one is nearer. */
  readonly turn: (startMs: number) => number
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const monthsOn = (startMs: number, months: number, days = 0): number => {
  const at = new Date(startMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, at.getUTCDate() + days)
}

/** Units of one length turn at their half: a week on its fourth day at noon. */
const even = (lengthMs: number, start: (date: string) => number): Unit => ({
  start,
  next: (startMs) => startMs + lengthMs,
  turn: (startMs) => startMs + lengthMs / 2,
})
/** Those of months turn on the first of July, the 16th of the second month of a quarter, the 16th of a month. */
const ofMonths = (
  count: number,
  start: (date: string) => number,
  [turnMonths, turnDays]: readonly [number, number],
): Unit => ({
  start,
  next: (startMs) => monthsOn(startMs, count),
  turn: (startMs) => monthsOn(startMs, turnMonths, turnDays),
})

const dayOf = (date: string): number => toMs(date.slice(0, 10))
const weeksFrom = (startMs: number, date: string): number =>
  startMs + Math.floor((dayOf(date) - startMs) / WEEK_MS) * WEEK_MS
const WEEK_MS = 7 * DAY_MS
const yearOf = (date: string): number => Date.UTC(partsOf(date).year, 0, 1)
const monthOf = (date: string): number => Date.UTC(partsOf(date).year, partsOf(date).month, 1)
const isoWeekOf = (date: string): number => dayOf(date) - ((partsOf(date).at.getUTCDay() + 6) % 7) * DAY_MS
/** Monday of the week with the fourth of January. */
const isoYearStart = (year: number): number => isoWeekOf(fromMs(Date.UTC(year, 0, 4)))
const isoYearOf = (date: string): number => {
  const { year } = partsOf(date)
  const starts = [year + 1, year, year - 1].map(isoYearStart)
  return starts.find((startMs) => startMs <= toMs(date))!
}

const UNIT_OF = {
  CENTURY: ofMonths(
    1200,
    (date) => Date.UTC(Math.floor((partsOf(date).year - 1) / 100) * 100 + 1, 0, 1),
    [600, 0],
  ),
  YEAR: ofMonths(12, yearOf, [6, 0]),
  ISO_YEAR: {
    start: isoYearOf,
    next: (startMs) => isoYearStart(new Date(startMs + WEEK_MS).getUTCFullYear() + 1),
    turn: (startMs) => Date.UTC(new Date(startMs + WEEK_MS).getUTCFullYear(), 6, 1),
  },
  QUARTER: ofMonths(
    3,
    (date) => Date.UTC(partsOf(date).year, Math.floor(partsOf(date).month / 3) * 3, 1),
    [1, 15],
  ),
  MONTH: ofMonths(1, monthOf, [0, 15]),
  WEEK_OF_YEAR: even(WEEK_MS, (date) => weeksFrom(yearOf(date), date)),
  WEEK_OF_MONTH: even(WEEK_MS, (date) => weeksFrom(monthOf(date), date)),
  ISO_WEEK: even(WEEK_MS, isoWeekOf),
  WEEK: even(WEEK_MS, (date) => dayOf(date) - partsOf(date).at.getUTCDay() * DAY_MS),
  DAY: even(DAY_MS, dayOf),
  HOUR: even(HOUR_MS, (date) => Math.floor(toMs(date) / HOUR_MS) * HOUR_MS),
  MINUTE: even(MINUTE_MS, (date) => Math.floor(toMs(date) / MINUTE_MS) * MINUTE_MS),
} as const satisfies Record<string, Unit>

/** Weeks: WW and W begin on the weekday of the year's and the month's first day, IW on Monday, D on Sunday. */
const UNITS: Readonly<Record<string, keyof typeof UNIT_OF>> = {
  CC: 'CENTURY',
  SCC: 'CENTURY',
  SYYYY: 'YEAR',
  YYYY: 'YEAR',
  YEAR: 'YEAR',
  SYEAR: 'YEAR',
  YYY: 'YEAR',
  YY: 'YEAR',
  Y: 'YEAR',
  IYYY: 'ISO_YEAR',
  IYY: 'ISO_YEAR',
  IY: 'ISO_YEAR',
  I: 'ISO_YEAR',
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

function unitOf(mask: string): Unit {
  const name = Object.hasOwn(UNITS, mask.toUpperCase()) ? UNITS[mask.toUpperCase()] : undefined
  if (name === undefined) throw unsupported(`unit of a date: ${mask}`)
  return UNIT_OF[name]
}

export function truncDate(date: Maybe<string>, mask: Maybe<string> = 'DD'): Maybe<string> {
  return date === null || mask === null ? null : fromMs(unitOf(mask).start(date))
}

export function roundDate(date: Maybe<string>, mask: Maybe<string> = 'DD'): Maybe<string> {
  if (date === null || mask === null) return null
  const { start, next, turn } = unitOf(mask)
  const startMs = start(date)
  return fromMs(toMs(date) >= turn(startMs) ? next(startMs) : startMs)
}

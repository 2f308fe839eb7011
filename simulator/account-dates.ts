/**
 * Dates and times as people of an account write them: in its date format, its clock format and its time zone, summer
 * time included. Filters and SuiteQL read them; record bodies never hold them. [REC-087, REC-088, REC-E11]
 */
import type { Preferences } from './preferences.ts'

type DateFormat = Preferences['dateFormat']

/** How a format is taken apart, and what Java, and so NetSuite's message, calls it. */
const FORMATS: Readonly<
  Record<DateFormat, { readonly order: string; readonly java: string; readonly pattern: RegExp }>
> = {
  'M/D/YYYY': { order: 'MDY', java: 'M/d/yy', pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d\d)$/ },
  'D/M/YYYY': { order: 'DMY', java: 'd/M/yy', pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d\d)$/ },
  'D-Mon-YYYY': { order: 'DMY', java: 'd-MMM-yy', pattern: /^(\d{1,2})-([a-z]{3})-(\d{4}|\d\d)$/i },
  'D.M.YYYY': { order: 'DMY', java: 'd.M.yy', pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)$/ },
  'YYYY/M/D': { order: 'YMD', java: 'yy/M/d', pattern: /^(\d{4}|\d\d)\/(\d{1,2})\/(\d{1,2})$/ },
  'YYYY-M-D': { order: 'YMD', java: 'yy-M-d', pattern: /^(\d{4}|\d\d)-(\d{1,2})-(\d{1,2})$/ },
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Two digits below this are of this century. (no source) */
const CENTURY_PIVOT = 50

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/** A date, maybe with a time of day, as numbers. The month counts from 1. */
interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  /** Minutes since midnight; undefined: a bare date. */
  readonly minutes: number | undefined
}

/** The time a text means: from its first millisecond to the first that is no longer meant. A bare date means its whole day. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What the account calls its date format in the message about a bad date. [REC-E11] */
export function javaDateFormat({ dateFormat }: Preferences): string {
  return FORMATS[dateFormat].java
}

/** A bare date as a day of the calendar, in UTC; undefined when it is none. */
export function readCalendarDay(text: string, preferences: Preferences): Span | undefined {
  const wall = readWallTime(text, preferences)
  if (wall === undefined || wall.minutes !== undefined) return undefined
  const fromMs = Date.UTC(wall.year, wall.month - 1, wall.day)
  return { fromMs, toMs: fromMs + DAY_MS }
}

/** A date or a date and time in the account's zone; undefined when it is neither. */
export function readMoment(text: string, preferences: Preferences): Span | undefined {
  const wall = readWallTime(text, preferences)
  if (wall === undefined) return undefined
  const { year, month, day, minutes } = wall
  const localMs = Date.UTC(year, month - 1, day) + (minutes ?? 0) * MINUTE_MS
  const fromMs = toUtc(localMs, preferences.timeZone)
  if (minutes !== undefined) return { fromMs, toMs: fromMs + MINUTE_MS }
  return { fromMs, toMs: toUtc(localMs + DAY_MS, preferences.timeZone) }
}

/** What the zone's clocks show at a moment, as `YYYY-MM-DD HH:MM:SS`. */
export function localTime(utcMs: number, timeZone: string): string {
  // Zones change their offset at full quarters of an hour.
  const quarter = Math.floor(utcMs / QUARTER_MS)
  const key = `${timeZone}/${quarter}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    offset = offsetMs(quarter * QUARTER_MS, timeZone)
    if (offsets.size >= OFFSETS_MAX) offsets.clear()
    offsets.set(key, offset)
  }
  return wallText(utcMs + offset)
}

/** Milliseconds of a clock without zone, as `YYYY-MM-DD HH:MM:SS`. */
export function wallText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** A day as the account writes it; `text` begins with `YYYY-MM-DD`. [SQL-015] */
export function dayText(text: string, { dateFormat }: Pick<Preferences, 'dateFormat'>): string {
  const [year, month, day] = [text.slice(0, 4), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  const name = MONTHS[month - 1] ?? ''
  const parts: Readonly<Record<string, string>> = {
    YYYY: year,
    M: String(month),
    Mon: name.charAt(0).toUpperCase() + name.slice(1),
    D: String(day),
  }
  return dateFormat.replace(/YYYY|Mon|M|D/g, (part) => parts[part]!)
}

const QUARTER_MS = 900_000
const OFFSETS_MAX = 5000
const offsets = new Map<string, number>()

function readWallTime(text: string, { dateFormat, timeFormat }: Preferences): WallTime | undefined {
  const [, dateText, timeText] = /^(\S+)(?: +(\S.*))?$/.exec(text.trim()) ?? []
  const { order, pattern } = FORMATS[dateFormat]
  const parts = pattern.exec(dateText ?? '')
  if (parts === null) return undefined
  const part = (letter: string): string => parts[order.indexOf(letter) + 1]!
  const year = readYear(part('Y'))
  const month = dateFormat === 'D-Mon-YYYY' ? MONTHS.indexOf(part('M').toLowerCase()) + 1 : Number(part('M'))
  const day = Number(part('D'))
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  const minutes = timeText === undefined ? undefined : readTime(timeText, timeFormat)
  if (!exists || (timeText !== undefined && minutes === undefined)) return undefined
  return { year, month, day, minutes }
}

function readYear(text: string): number {
  const number = Number(text)
  if (text.length === 4) return number
  return number < CENTURY_PIVOT ? 2000 + number : 1900 + number
}

/** Minutes since midnight. */
function readTime(text: string, format: Preferences['timeFormat']): number | undefined {
  const pattern = format === 'H:mm' ? /^(\d{1,2}):(\d\d)$/ : /^(\d{1,2}):(\d\d) ?([ap])m$/i
  const parts = pattern.exec(text)
  if (parts === null) return undefined
  const [hour, minute] = [Number(parts[1]), Number(parts[2])]
  if (minute > 59) return undefined
  if (format === 'H:mm') return hour > 23 ? undefined : hour * 60 + minute
  if (hour < 1 || hour > 12) return undefined
  return ((hour % 12) + (parts[3]!.toLowerCase() === 'p' ? 12 : 0)) * 60 + minute
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** How far the zone's clocks are ahead of UTC at a moment. */
function offsetMs(utcMs: number, timeZone: string): number {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    const numeric = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    } as const
    clock = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', second: 'numeric', ...numeric })
    clocks.set(timeZone, clock)
  }
  const shown = Object.fromEntries(clock.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]))
  const { year, month, day, hour, minute, second } = shown as Record<string, number>
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(utcMs / 1000) * 1000
}

/**
 * From clocks of the zone to UTC. Of a time that clocks show twice the first is meant; one that they skip is read with
 * the offset from before the skip, so that it falls after it.
 */
function toUtc(localMs: number, timeZone: string): number {
  const before = localMs - offsetMs(localMs - DAY_MS, timeZone)
  const after = localMs - offsetMs(localMs + DAY_MS, timeZone)
  const isShown = (utcMs: number): boolean => utcMs + offsetMs(utcMs, timeZone) === localMs
  if (isShown(before)) return before
  return isShown(after) ? after : before
}

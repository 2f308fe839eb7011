/**
 * Ranges of days as BUILTIN.RELATIVE_RANGES names them, seen from now: first and last day. Fiscal years are calendar
 * years and weeks begin on Sunday, as in a new account; ids whose meaning no page tells are refused. [SQL-058]
 */
import { DAY_MS, wallText } from '../../account-dates.ts'
import { unsupported } from '../refusals.ts'
import { toMs } from './dates.ts'

/** First and last day, in milliseconds of a clock without zone. */
type Range = readonly [firstMs: number, lastMs: number]

interface Today {
  readonly ms: number
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: number
}

const utc = (year: number, month: number, day: number): number => Date.UTC(year, month, day)

/** `count` months from the one `ahead` of a month of the year; the first month counts from 0. */
function months({ year }: Today, month: number, ahead: number, count: number): Range {
  return [utc(year, month + ahead, 1), utc(year, month + ahead + count, 0)]
}

const week = ({ ms, weekday }: Today, ahead: number): Range => {
  const sunday = ms - weekday * DAY_MS + ahead * 7 * DAY_MS
  return [sunday, sunday + 6 * DAY_MS]
}
const businessWeek = (today: Today, ahead: number): Range => {
  const [sunday] = week(today, ahead)
  return [sunday + DAY_MS, sunday + 5 * DAY_MS]
}
const one = (ms: number): Range => [ms, ms]
const quarterStart = ({ month }: Today): number => Math.floor(month / 3) * 3
const halfStart = ({ month }: Today): number => Math.floor(month / 6) * 6
/** From the first day of the range to the day in it that corresponds to today. */
const toDate = ([firstMs]: Range, lastMs: number): Range => [firstMs, lastMs]

/** The same day `count` months on; the last day where there is none. */
function sameDay({ year, month, day }: Today, count: number): number {
  const last = new Date(utc(year, month + count + 1, 0)).getUTCDate()
  return utc(year, month + count, Math.min(day, last))
}

type Make = (today: Today) => Range

const month =
  (ahead: number): Make =>
  (today) =>
    months(today, today.month, ahead, 1)
const quarter =
  (ahead: number): Make =>
  (today) =>
    months(today, quarterStart(today), 3 * ahead, 3)
const half =
  (ahead: number): Make =>
  (today) =>
    months(today, halfStart(today), 6 * ahead, 6)
const year =
  (ahead: number): Make =>
  (today) =>
    months(today, 0, 12 * ahead, 12)
/** Up to the day that lies as many months back or ahead. */
const until =
  (range: Make, ahead: number): Make =>
  (today) =>
    toDate(range(today), sameDay(today, ahead))
const weekUntil =
  (ahead: number): Make =>
  (today) =>
    toDate(week(today, ahead), today.ms + ahead * 7 * DAY_MS)
const startOf =
  (range: Make): Make =>
  (today) =>
    one(range(today)[0])
const daysOff =
  (days: number): Make =>
  ({ ms }) =>
    one(ms + days * DAY_MS)

const BASE: Readonly<Record<string, Make>> = {
  TODAY: daysOff(0),
  YESTERDAY: daysOff(-1),
  TOMORROW: daysOff(1),
  TW: (today) => week(today, 0),
  LW: (today) => week(today, -1),
  NW: (today) => week(today, 1),
  WBL: (today) => week(today, -2),
  WAN: (today) => week(today, 2),
  TBW: (today) => businessWeek(today, 0),
  LBW: (today) => businessWeek(today, -1),
  NBW: (today) => businessWeek(today, 1),
  TM: month(0),
  LM: month(-1),
  NM: month(1),
  MBL: month(-2),
  MAN: month(2),
  LMLFY: month(-13),
  SMLFY: month(-12),
  SMLFQ: month(-3),
  LMLFQ: month(-4),
  TFQ: quarter(0),
  LFQ: quarter(-1),
  NFQ: quarter(1),
  FQBL: quarter(-2),
  SFQLFY: quarter(-4),
  LFQLFY: quarter(-5),
  TFH: half(0),
  LFH: half(-1),
  NFH: half(1),
  FHBL: half(-2),
  SFHLFY: half(-2),
  LFHLFY: half(-3),
  TFY: year(0),
  LFY: year(-1),
  NFY: year(1),
  FYBL: year(-2),
  TY: year(0),
  LY: year(-1),
  NY: year(1),
  SDLW: daysOff(-7),
  SDWBL: daysOff(-14),
  SDLM: (today) => one(sameDay(today, -1)),
  SDMBL: (today) => one(sameDay(today, -2)),
  SDLFQ: (today) => one(sameDay(today, -3)),
  SDFQBL: (today) => one(sameDay(today, -6)),
  SDLFY: (today) => one(sameDay(today, -12)),
  SDFYBL: (today) => one(sameDay(today, -24)),
}

const TO_DATE: Readonly<Record<string, Make>> = {
  TWTD: weekUntil(0),
  LWTD: weekUntil(-1),
  WBLTD: weekUntil(-2),
  TMTD: until(month(0), 0),
  LMTD: until(month(-1), -1),
  MBLTD: until(month(-2), -2),
  TFQTD: until(quarter(0), 0),
  LFQTD: until(quarter(-1), -3),
  FQBLTD: until(quarter(-2), -6),
  TFHTD: until(half(0), 0),
  LFHTD: until(half(-1), -6),
  TFYTD: until(year(0), 0),
  LFYTD: until(year(-1), -12),
  FYBLTD: until(year(-2), -24),
  TYTD: until(year(0), 0),
  LYTD: until(year(-1), -12),
}

const RANGES: ReadonlyMap<string, Make> = new Map([
  ...Object.entries(BASE),
  ...Object.entries(TO_DATE),
  ...Object.entries(BASE).map(([id, make]) => [`SO${id}`, startOf(make)] as const),
  ...[2, 3, 4, 5, 10, 30, 60, 90].flatMap((days) => [
    [`DAGO${days}`, daysOff(-days)] as const,
    [`DFN${days}`, daysOff(days)] as const,
  ]),
])

const LAST_SECOND_MS = DAY_MS - 1000

/** Throws the refusal of an id that is not known. */
export function relativeRange(now: string, id: string | null, edge: string, flag: string): string | null {
  if (id === null) return null
  const make = RANGES.get(id.toUpperCase())
  if (make === undefined) throw unsupported(`range ${id}`)
  const ms = toMs(now.slice(0, 10))
  const at = new Date(ms)
  const today = {
    ms,
    year: at.getUTCFullYear(),
    month: at.getUTCMonth(),
    day: at.getUTCDate(),
    weekday: at.getUTCDay(),
  }
  const [firstMs, lastMs] = make(today)
  if (edge === 'START') return wallText(firstMs)
  return wallText(flag === 'DATETIME_AS_DATE' ? lastMs + LAST_SECOND_MS : lastMs)
}

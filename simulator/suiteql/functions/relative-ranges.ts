/**
 * Ranges of days as BUILTIN.RELATIVE_RANGES and BUILTIN.PERIOD name them, seen from now: first and last day. Fiscal years
 * begin with `preferences.firstFiscalMonth`, weeks on Sunday; ids whose meaning no page tells are refused. [SQL-057, SQL-058]
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
  /** Months since the fiscal year began. */
  readonly fiscalMonth: number
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
const quarterStart = ({ month, fiscalMonth }: Today): number => month - (fiscalMonth % 3)
const halfStart = ({ month, fiscalMonth }: Today): number => month - (fiscalMonth % 6)
const yearStart = ({ month, fiscalMonth }: Today): number => month - fiscalMonth
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
const fiscalYear =
  (ahead: number): Make =>
  (today) =>
    months(today, yearStart(today), 12 * ahead, 12)
const year =
  (ahead: number): Make =>
  (today) =>
    months(today, 0, 12 * ahead, 12)
/** The `number`th quarter, from 1, of a fiscal year. */
const quarterOf =
  (number: number, ahead: number): Make =>
  (today) =>
    months(today, yearStart(today), 12 * ahead + 3 * (number - 1), 3)
/** From the first day of one range to the last of another. */
const through =
  (from: Make, to: Make): Make =>
  (today) => [from(today)[0], to(today)[1]]
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
  TFY: fiscalYear(0),
  LFY: fiscalYear(-1),
  NFY: fiscalYear(1),
  FYBL: fiscalYear(-2),
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
  TFYTD: until(fiscalYear(0), 0),
  LFYTD: until(fiscalYear(-1), -12),
  FYBLTD: until(fiscalYear(-2), -24),
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

/**
 * Codes of accounting periods (`query.PeriodCode` of SuiteScript). Rolling ones end with the present period; where a range
 * ends `to period`, it ends with the one that corresponds to the present. (no source beyond their names)
 */
const PERIODS: ReadonlyMap<string, Make> = new Map(
  Object.entries({
    TP: month(0),
    LP: month(-1),
    PBL: month(-2),
    TPOLQ: month(-3),
    LPOLQ: month(-4),
    TPOLFY: month(-12),
    LPOLFY: month(-13),
    TQ: quarter(0),
    LQ: quarter(-1),
    QBL: quarter(-2),
    TQOLFY: quarter(-4),
    LQOLFY: quarter(-5),
    TFQTP: through(quarter(0), month(0)),
    LFQTP: through(quarter(-1), month(-3)),
    TFQOLFYTP: through(quarter(-4), month(-12)),
    TFYTP: through(fiscalYear(0), month(0)),
    LFYTP: through(fiscalYear(-1), month(-12)),
    LR18FP: through(month(-17), month(0)),
    LR6FQ: through(quarter(-5), quarter(0)),
    ...Object.fromEntries(
      [1, 2, 3, 4].flatMap((number) => [
        [`Q${number}TFY`, quarterOf(number, 0)],
        [`Q${number}LFY`, quarterOf(number, -1)],
      ]),
    ),
  }),
)

function todayOf(now: string, firstFiscalMonth: number): Today {
  const ms = toMs(now.slice(0, 10))
  const at = new Date(ms)
  const month = at.getUTCMonth()
  return {
    ms,
    year: at.getUTCFullYear(),
    month,
    day: at.getUTCDate(),
    weekday: at.getUTCDay(),
    fiscalMonth: (month + 13 - firstFiscalMonth) % 12,
  }
}

const LAST_SECOND_MS = DAY_MS - 1000

/** Throws the refusal of an id that is not known. `firstFiscalMonth` counts from 1. */
export function relativeRange(
  now: string,
  id: string | null,
  edge: string,
  flag: string,
  firstFiscalMonth: number,
): string | null {
  if (id === null) return null
  const make = RANGES.get(id.toUpperCase())
  if (make === undefined) throw unsupported(`range ${id}`)
  const [firstMs, lastMs] = make(todayOf(now, firstFiscalMonth))
  if (edge === 'START') return wallText(firstMs)
  return wallText(flag === 'DATETIME_AS_DATE' ? lastMs + LAST_SECOND_MS : lastMs)
}

/** First and last day, as `YYYY-MM-DD`, of what BUILTIN.PERIOD names: a code of periods, or a range of days. */
export function periodDays(now: string, id: string, firstFiscalMonth: number): readonly [string, string] {
  const make = PERIODS.get(id.toUpperCase()) ?? RANGES.get(id.toUpperCase())
  if (make === undefined) throw unsupported(`period ${id}`)
  const [firstMs, lastMs] = make(todayOf(now, firstFiscalMonth))
  return [wallText(firstMs).slice(0, 10), wallText(lastMs).slice(0, 10)]
}

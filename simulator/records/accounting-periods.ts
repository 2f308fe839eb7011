/**
 * The accounting periods that an account starts with: fiscal years of four quarters of three months, transactions post to
 * months. From which to which year, and how they are named: no source; names are those a new account shows. (K)
 */

export interface Period {
  readonly id: number
  readonly display: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Years before and after the fiscal year of the account's start. */
const YEARS_BEFORE = 2
const YEARS_AFTER = 1

/** A year, its first quarter, that one's months, its second quarter … `firstMonth` counts from 1. */
export function fiscalPeriods(nowMs: number, firstMonth: number): Period[] {
  const now = new Date(nowMs)
  const first = now.getUTCFullYear() - (now.getUTCMonth() + 1 < firstMonth ? 1 : 0)
  const periods: Period[] = []
  const add = (display: string, [year, month, length]: Span, parent: Period | undefined): Period => {
    const body = {
      periodName: display,
      startDate: day(Date.UTC(year, month, 1)),
      endDate: day(Date.UTC(year, month + length, 0)),
      isYear: length === 12,
      isQuarter: length === 3,
      isPosting: length === 1,
      ...FLAGS,
      ...(parent && { parent: { id: String(parent.id) } }),
    }
    const period = { id: periods.length + 1, display, body }
    periods.push(period)
    return period
  }
  for (let year = first - YEARS_BEFORE; year <= first + YEARS_AFTER; year++) {
    const start = firstMonth - 1
    // A year is named for the calendar year it ends in.
    const name = start === 0 ? year : year + 1
    const whole = add(`FY ${name}`, [year, start, 12], undefined)
    for (let quarter = 0; quarter < 4; quarter++) {
      const part = add(`Q${quarter + 1} ${name}`, [year, start + 3 * quarter, 3], whole)
      for (let month = start + 3 * quarter; month < start + 3 * quarter + 3; month++)
        add(monthName(year, month), [year, month, 1], part)
    }
  }
  return periods
}

type Span = readonly [year: number, month: number, length: 1 | 3 | 12]

const FLAGS = {
  isAdjust: false,
  isInactive: false,
  closed: false,
  allLocked: false,
  apLocked: false,
  arLocked: false,
  allowNonGLChanges: false,
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const monthName = (year: number, month: number): string =>
  `${MONTHS[month % 12]} ${year + Math.floor(month / 12)}`

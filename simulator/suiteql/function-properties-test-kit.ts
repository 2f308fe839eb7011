/**
 * Test support: Oracle's functions of random texts, numbers and dates, against their definitions written down a second
 * time, in another way: texts as lists of characters, amounts as whole cents, days by counting.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quoted } from './predicate-test-kit.ts'

/** How often a property is tried, from which seed. */
export type Runs = (count: number) => { readonly seed: number; readonly numRuns: number }
/** First row of an answer. */
type Row = (q: string) => Promise<Readonly<Record<string, string>>>
/** Expression → what it should be; null for NULL. */
type Expected = Readonly<Record<string, string | number | null>>

/** All expressions in one statement. */
async function expectValues(row: Row, expected: Expected): Promise<void> {
  const entries = Object.entries(expected)
  const q = `SELECT ${entries.map(([expression], at) => `${expression} AS v${at}`).join(', ')} FROM dual`
  const found = await row(q)
  for (const [at, [expression, value]] of entries.entries())
    expect(found[`v${at}`] ?? null, expression).toBe(value === null ? null : String(value))
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', '1', 'ä', '😀', "'"), maxLength: 8 })
const place = fc.integer({ min: -9, max: 9 })

const orNull = (value: string): string | null => (value === '' ? null : value)

function substr(value: string, from: number, length: number): string | null {
  const all = [...value]
  const start = from > 0 ? from : from === 0 ? 1 : all.length + from + 1
  return start < 1 ? null : orNull(all.filter((_, at) => at + 1 >= start && at + 1 < start + length).join(''))
}

/** Place of the first, or from the end of the last, that begins at or before there. */
function instr(value: string, wanted: string, from: number): number | null {
  const [all, sought] = [[...value], [...wanted]]
  if (all.length === 0 || sought.length === 0) return null
  const places = all
    .map((_, at) => at + 1)
    .filter((at) => sought.every((sign, of) => all[at - 1 + of] === sign))
  if (from === 0) return 0
  if (from > 0) return places.find((at) => at >= from) ?? 0
  return places.findLast((at) => at <= all.length + from + 1) ?? 0
}

function padded(value: string, width: number, fill: string): string | null {
  const [all, signs] = [[...value], [...fill]]
  if (all.length === 0 || signs.length === 0 || width < 1) return null
  let missing = ''
  for (let at = 0; at < width - all.length; at++) missing += signs[at % signs.length]
  return missing + all.slice(0, width).join('')
}

export function textProperties(row: Row, runs: Runs): void {
  it('of texts are as defined [SQL-050]', async () => {
    const cases = fc.tuple(text, text, place, fc.integer({ min: 0, max: 9 }))
    await fc.assert(
      fc.asyncProperty(cases, async ([a, b, from, length]) => {
        const [x, y] = [quoted(a), quoted(b)]
        const isBlank = a === ''
        await expectValues(row, {
          [`SUBSTR(${x}, ${from}, ${length})`]: substr(a, from, length),
          [`SUBSTR(${x}, ${from})`]: substr(a, from, 99),
          [`INSTR(${x}, ${y}, ${from})`]: instr(a, b, from),
          [`LENGTH(${x})`]: isBlank ? null : [...a].length,
          [`LPAD(${x}, ${length}, ${y})`]: padded(a, length, b),
          [`${x} || ${y}`]: orNull(a + b),
          [`REPLACE(${x}, ${y}, 'z')`]: isBlank ? null : b === '' ? a : a.split(b).join('z'),
          [`UPPER(${x})`]: orNull(a.toUpperCase()),
          [`TRIM(${x})`]: orNull(a.replace(/^ +| +$/g, '')),
          [`RTRIM(${x}, ' a')`]: orNull(a.replace(/[ a]+$/, '')),
          [`TRANSLATE(${x}, 'ab', 'b')`]: orNull(
            [...a].map((c) => (c === 'a' ? 'b' : c === 'b' ? '' : c)).join(''),
          ),
          [`NVL(${x}, ${y})`]: orNull(a) ?? orNull(b),
          [`NULLIF(${x}, ${y})`]: a === b ? null : orNull(a),
        })
      }),
      runs(25),
    )
  })
}

const cents = fc.integer({ min: -1_000_000, max: 1_000_000 })
const decimal = (value: number): string => (value / 100).toFixed(2)
/** Thousandths as a number is shown: no zeros at the end. */
const shownOf = (value: number, unit: number): string => String(value / unit)

/** Whole numbers only: halves go away from zero. */
function roundTo(value: number, unit: number): number {
  const rest = Math.abs(value) % unit
  const low = Math.abs(value) - rest
  return Math.sign(value) * (rest * 2 >= unit ? low + unit : low) || 0
}

export function numberProperties(row: Row, runs: Runs): void {
  it('of numbers are decimal [SQL-050]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(cents, cents), async ([a, b]) => {
        const [x, y] = [decimal(a), decimal(b)]
        const remainder = a % b || 0
        await expectValues(row, {
          [`${x} + ${y}`]: shownOf(a + b, 100),
          [`${x} - (${y})`]: shownOf(a - b, 100),
          [`${x} * (${y})`]: shownOf(a * b, 10_000),
          [`ROUND(${x}, 1)`]: shownOf(roundTo(a, 10), 100),
          [`ROUND(${x})`]: roundTo(a, 100) / 100,
          [`ROUND(${x}, -1)`]: roundTo(a, 1000) / 100,
          [`TRUNC(${x}, 1)`]: shownOf(Math.trunc(a / 10) * 10 || 0, 100),
          [`CEIL(${x})`]: Math.ceil(a / 100) || 0,
          [`FLOOR(${x})`]: Math.floor(a / 100),
          [`SIGN(${x} - (${y}))`]: Math.sign(a - b),
          ...(b === 0 ? {} : { [`MOD(${x}, ${y})`]: shownOf(remainder, 100) }),
          [`TO_NUMBER(TO_CHAR(${x}, 'S99990.99'), 'S99990.99')`]: shownOf(a, 100),
          [`CASE WHEN ${x} + ${y} - (${y}) = ${x} THEN 'equal' END`]: 'equal',
          [`GREATEST(${x}, ${y})`]: shownOf(Math.max(a, b), 100),
        })
      }),
      runs(25),
    )
  })
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const lengthOf = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}
const day: fc.Arbitrary<Day> = fc
  .record({
    year: fc.integer({ min: 1990, max: 2110 }),
    month: fc.integer({ min: 1, max: 12 }),
    end: fc.integer({ min: 0, max: 30 }),
  })
  // Ends of months are where rules differ.
  .map(({ year, month, end }) => ({ year, month, day: Math.max(1, lengthOf(year, month) - end) }))

const iso = ({ year, month, day: of }: Day): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(of).padStart(2, '0')}`
const sql = (of: Day): string => `TO_DATE('${iso(of)}', 'YYYY-MM-DD')`
/** As the account shows it. */
const us = ({ year, month, day: of }: Day): string => `${month}/${of}/${year}`

function nextDay({ year, month, day: of }: Day): Day {
  if (of < lengthOf(year, month)) return { year, month, day: of + 1 }
  return month < 12 ? { year, month: month + 1, day: 1 } : { year: year + 1, month: 1, day: 1 }
}

function monthsOn({ year, month, day: of }: Day, count: number): Day {
  let [toYear, toMonth] = [year, month]
  for (let left = Math.abs(count); left > 0; left--) {
    toMonth += Math.sign(count)
    if (toMonth === 0 || toMonth === 13) {
      toYear += Math.sign(count)
      toMonth = toMonth === 0 ? 12 : 1
    }
  }
  const last = lengthOf(toYear, toMonth)
  return { year: toYear, month: toMonth, day: of === lengthOf(year, month) ? last : Math.min(of, last) }
}

/** Days from the first of January. */
function dayOfYear({ year, month, day: of }: Day): number {
  let days = of
  for (let before = 1; before < month; before++) days += lengthOf(year, before)
  return days
}

const weekday = (of: Day): number => new Date(`${iso(of)}T00:00:00Z`).getUTCDay()

export function dateProperties(row: Row, runs: Runs): void {
  it('of dates keep to the calendar [SQL-050]', async () => {
    const cases = fc.tuple(day, fc.integer({ min: -30, max: 30 }), fc.integer({ min: 0, max: 86_399 }))
    await fc.assert(
      fc.asyncProperty(cases, async ([of, count, second]) => {
        const at = sql(of)
        const moment = `(${at} + ${second} / 86400)`
        const [hour, minute] = [Math.floor(second / 3600), Math.floor(second / 60) % 60]
        const clock = [hour, minute, second % 60].map((part) => String(part).padStart(2, '0')).join(':')
        const sunday = weekday(of)
        await expectValues(row, {
          [at]: us(of),
          [`${at} + 1`]: us(nextDay(of)),
          [`${sql(nextDay(of))} - 1`]: us(of),
          [`${sql(nextDay(of))} - ${at}`]: 1,
          [`ADD_MONTHS(${at}, ${count})`]: us(monthsOn(of, count)),
          [`LAST_DAY(${at})`]: us({ ...of, day: lengthOf(of.year, of.month) }),
          [`TRUNC(${moment})`]: us(of),
          [`TRUNC(${at}, 'MM')`]: us({ ...of, day: 1 }),
          [`TO_CHAR(${at}, 'DDD')`]: String(dayOfYear(of)).padStart(3, '0'),
          [`TO_CHAR(${at}, 'D')`]: sunday + 1,
          [`TO_CHAR(TRUNC(${at}, 'D'), 'D') || (${at} - TRUNC(${at}, 'D'))`]: `1${sunday}`,
          [`NEXT_DAY(${at}, 'SUNDAY') - ${at}`]: 7 - sunday,
          [`TO_CHAR(${moment}, 'HH24:MI:SS')`]: clock,
          [`TO_CHAR(${moment}, 'SSSSS')`]: String(second).padStart(5, '0'),
          [`TO_DATE(TO_CHAR(${moment}, 'DD-Mon-YYYY HH:MI:SS AM'), 'DD-MON-YYYY HH:MI:SS AM') - ${moment}`]: 0,
          [`TO_DATE(TO_CHAR(${moment}, 'YYYYDDDSSSSS'), 'YYYYDDDSSSSS') - ${moment}`]: 0,
          ...(of.day <= 28 ? { [`MONTHS_BETWEEN(ADD_MONTHS(${at}, ${count}), ${at})`]: count } : {}),
        })
      }),
      runs(25),
    )
  })
}

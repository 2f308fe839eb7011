/** TO_CHAR and TO_DATE: dates by Oracle's format masks. An element that is not known is refused. [SQL-050] */
import { DAY_MS } from '../../account-dates.ts'
import { unsupported } from '../refusals.ts'
import { fromMs, toMs } from './dates.ts'

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
]
const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']
const NAME_WIDTH = 9

/** Longest first. */
const ELEMENT =
  /"[^"]*"|FM|FX|YYYY|RRRR|YYY|YY|RR|Y|MONTH|MON|MM|MI|DDD|DAY|DD|DY|D|HH24|HH12|HH|SSSSS|SS|A\.M\.|P\.M\.|AM|PM|Q|WW|IW|W|FF[1-9]?|[-/,.;: ]|./gis

interface Piece {
  readonly text: string
  readonly name: string
}

const masks = new Map<string, readonly Piece[]>()
const MASKS_MAX = 500

function piecesOf(mask: string): readonly Piece[] {
  let pieces = masks.get(mask)
  if (pieces === undefined) {
    pieces = [...mask.matchAll(ELEMENT)].map(([text]) => ({ text, name: text.toUpperCase() }))
    if (masks.size >= MASKS_MAX) masks.clear()
    masks.set(mask, pieces)
  }
  return pieces
}

const isPunctuation = (text: string): boolean => /^[-/,.;: ]$/.test(text)
const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** As the mask is spelled: MONTH, Month, month. */
function spelledLike(pattern: string, word: string): string {
  if (pattern === pattern.toLowerCase()) return word.toLowerCase()
  if (pattern[1] !== undefined && pattern[1] === pattern[1].toLowerCase())
    return word.charAt(0) + word.slice(1).toLowerCase()
  return word
}

type Show = (at: Date, pattern: string) => string | number
/** Element → what it shows, and how wide a number is. */
const SHOWS: Readonly<Record<string, readonly [Show, number?]>> = {
  YYYY: [(at) => at.getUTCFullYear(), 4],
  RRRR: [(at) => at.getUTCFullYear(), 4],
  YYY: [(at) => at.getUTCFullYear() % 1000, 3],
  YY: [(at) => at.getUTCFullYear() % 100, 2],
  RR: [(at) => at.getUTCFullYear() % 100, 2],
  Y: [(at) => at.getUTCFullYear() % 10, 1],
  MM: [(at) => at.getUTCMonth() + 1, 2],
  MONTH: [(at, pattern) => spelledLike(pattern, MONTHS[at.getUTCMonth()]!)],
  MON: [(at, pattern) => spelledLike(pattern, MONTHS[at.getUTCMonth()]!.slice(0, 3))],
  DD: [(at) => at.getUTCDate(), 2],
  DDD: [(at) => dayOfYear(at), 3],
  D: [(at) => at.getUTCDay() + 1, 1],
  DAY: [(at, pattern) => spelledLike(pattern, DAYS[at.getUTCDay()]!)],
  DY: [(at, pattern) => spelledLike(pattern, DAYS[at.getUTCDay()]!.slice(0, 3))],
  HH24: [(at) => at.getUTCHours(), 2],
  HH12: [(at) => at.getUTCHours() % 12 || 12, 2],
  HH: [(at) => at.getUTCHours() % 12 || 12, 2],
  MI: [(at) => at.getUTCMinutes(), 2],
  SS: [(at) => at.getUTCSeconds(), 2],
  SSSSS: [(at) => at.getUTCHours() * 3600 + at.getUTCMinutes() * 60 + at.getUTCSeconds(), 5],
  Q: [(at) => Math.floor(at.getUTCMonth() / 3) + 1, 1],
  WW: [(at) => Math.ceil(dayOfYear(at) / 7), 2],
  W: [(at) => Math.ceil(at.getUTCDate() / 7), 1],
  IW: [isoWeek, 2],
}
const HALVES = new Set(['AM', 'PM', 'A.M.', 'P.M.'])

function dayOfYear(at: Date): number {
  return Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY_MS) + 1
}

/** The week with the year's first Thursday is the first. */
function isoWeek(at: Date): number {
  const thursday = new Date(at.getTime() + (3 - ((at.getUTCDay() + 6) % 7)) * DAY_MS)
  return Math.ceil(dayOfYear(thursday) / 7)
}

export function charOfDate(date: string | null, mask: string | null): string | null {
  if (date === null || mask === null) return null
  const at = new Date(toMs(date))
  let isFilled = true
  let shown = ''
  for (const { text, name } of piecesOf(mask)) {
    if (name === 'FM') isFilled = !isFilled
    else if (name.startsWith('"')) shown += text.slice(1, -1)
    else if (isPunctuation(text)) shown += text
    else if (HALVES.has(name)) shown += half(at, text)
    else shown += element(at, text, name, isFilled)
  }
  return shown === '' ? null : shown
}

function half(at: Date, pattern: string): string {
  const word = at.getUTCHours() < 12 ? 'AM' : 'PM'
  return spelledLike(pattern, pattern.includes('.') ? `${word[0]}.M.` : word)
}

function element(at: Date, text: string, name: string, isFilled: boolean): string {
  const known = SHOWS[name]
  if (known === undefined) throw unsupported(`format element ${text}`)
  const value = known[0](at, text)
  if (typeof value === 'number') return isFilled ? pad(value, known[1] ?? 1) : String(value)
  // Names of months and days have the width of the longest, unless FM says otherwise.
  return isFilled && (name === 'MONTH' || name === 'DAY') ? value.padEnd(NAME_WIDTH) : value
}

/** Largest number of digits an element reads. */
const READS: Readonly<Record<string, number>> = {
  YYYY: 4,
  RRRR: 4,
  YYY: 3,
  YY: 2,
  RR: 2,
  Y: 1,
  MM: 2,
  DD: 2,
  HH24: 2,
  HH12: 2,
  HH: 2,
  MI: 2,
  SS: 2,
  DDD: 3,
}

/** Throws the refusal of a text that does not fit its mask. Parts that the mask lacks are those of the first of this month. */
export function dateOfChar(text: string | null, mask: string | null, now: string): string | null {
  if (text === null || mask === null) return null
  const bad = (): never => {
    throw unsupported(`'${text}' is no date of the form ${mask}`)
  }
  const found: Record<string, number> = {}
  let rest = text.trim()
  for (const { text: pattern, name } of piecesOf(mask)) {
    if (name === 'FM' || name === 'FX') continue
    if (isPunctuation(pattern)) rest = rest.replace(/^[^A-Za-z0-9]+|^ +/, '')
    else if (name.startsWith('"')) {
      const literal = pattern.slice(1, -1)
      if (!rest.startsWith(literal)) bad()
      rest = rest.slice(literal.length)
    } else rest = readElement(rest, name, found) ?? bad()
  }
  if (rest.trim() !== '') bad()
  return assemble(found, now) ?? bad()
}

/** Gives what is left of the text; undefined when the element is not there. */
function readElement(rest: string, name: string, found: Record<string, number>): string | undefined {
  if (rest === '') return rest
  if (name === 'MON' || name === 'MONTH') {
    const at = MONTHS.findIndex((month) => rest.toUpperCase().startsWith(month))
    const short = at >= 0 ? at : MONTHS.findIndex((month) => rest.toUpperCase().startsWith(month.slice(0, 3)))
    if (short < 0) return undefined
    found.MM = short + 1
    return rest.slice(at >= 0 ? MONTHS[at]!.length : 3)
  }
  if (HALVES.has(name)) {
    const [match] = /^[ap]\.?m\.?/i.exec(rest) ?? []
    if (match === undefined) return undefined
    found.PM = match[0]!.toUpperCase() === 'P' ? 1 : 0
    return rest.slice(match.length)
  }
  if (name.startsWith('FF')) return rest.replace(/^\d{1,9}/, '')
  const width = READS[name]
  if (width === undefined) throw unsupported(`format element ${name}`)
  const [digits] = new RegExp(`^\\d{1,${width}}`).exec(rest) ?? []
  if (digits === undefined) return undefined
  found[name === 'RRRR' || name === 'RR' || name === 'YY' || name === 'YYY' || name === 'Y' ? 'YEAR' : name] =
    yearOf(name, digits)
  if (name === 'YYYY') found.YEAR = Number(digits)
  return rest.slice(digits.length)
}

/** RR: 00 to 49 are of this century, 50 to 99 of the last. */
function yearOf(name: string, digits: string): number {
  const value = Number(digits)
  if ((name === 'RR' || name === 'RRRR') && digits.length <= 2)
    return value < 50 ? 2000 + value : 1900 + value
  return name === 'YY' || name === 'Y' || name === 'YYY' ? 2000 + value : value
}

function assemble(found: Readonly<Record<string, number>>, now: string): string | undefined {
  const year = found.YEAR ?? Number(now.slice(0, 4))
  if (found.DDD !== undefined) return fromMs(Date.UTC(year, 0, found.DDD))
  const month = found.MM ?? Number(now.slice(5, 7))
  const day = found.DD ?? 1
  const half12 = found.HH12 ?? found.HH
  const hour = found.HH24 ?? (half12 === undefined ? 0 : (half12 % 12) + (found.PM === 1 ? 12 : 0))
  const [minute, second] = [found.MI ?? 0, found.SS ?? 0]
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0
  if (
    !exists ||
    hour > 23 ||
    minute > 59 ||
    second > 59 ||
    (half12 !== undefined && (half12 < 1 || half12 > 12))
  )
    return undefined
  return fromMs(date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000)
}

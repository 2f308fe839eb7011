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
/** Names are as wide as the longest, unless FM says otherwise. */
const NAME_WIDTHS: Readonly<Record<string, number>> = { MONTH: 9, DAY: 9, RM: 4 }
const ROMANS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']
/** The day 1970-01-01 in days since 4712 before Christ. */
const JULIAN_OF_EPOCH = 2_440_588

/** Longest first, where one begins like another. */
const ELEMENTS = [
  'FM FX IYYY IYY IY IW I Y,YYY YYYY RRRR YYY YY RR RM Y CC MONTH MON MM MI DDD DAY DD DY D J',
  'HH24 HH12 HH SSSSS SS A\\.M\\. P\\.M\\. AM PM Q WW W FF[1-9]? TZH TZM',
].flatMap((line) => line.split(' '))
const ELEMENT = new RegExp(`"[^"]*"|${ELEMENTS.join('|')}|[-/,.;: ]|.`, 'gis')

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
  'Y,YYY': [(at) => pad(at.getUTCFullYear(), 4).replace(/^\d/, '$&,')],
  IYYY: [isoYear, 4],
  IYY: [(at) => isoYear(at) % 1000, 3],
  IY: [(at) => isoYear(at) % 100, 2],
  I: [(at) => isoYear(at) % 10, 1],
  CC: [(at) => Math.ceil(at.getUTCFullYear() / 100), 2],
  J: [(at) => Math.floor(at.getTime() / DAY_MS) + JULIAN_OF_EPOCH, 7],
  RM: [(at, pattern) => spelledLike(pattern, ROMANS[at.getUTCMonth()]!)],
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

/** The day that says to which year its week belongs. */
const thursdayOf = (at: Date): Date => new Date(at.getTime() + (3 - ((at.getUTCDay() + 6) % 7)) * DAY_MS)

/** The week with the year's first Thursday is the first. */
function isoWeek(at: Date): number {
  return Math.ceil(dayOfYear(thursdayOf(at)) / 7)
}

function isoYear(at: Date): number {
  return thursdayOf(at).getUTCFullYear()
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
  const known = Object.hasOwn(SHOWS, name) ? SHOWS[name] : undefined
  if (known === undefined) throw unsupported(`format element ${text}`)
  const value = known[0](at, text)
  if (typeof value === 'number') return isFilled ? pad(value, known[1] ?? 1) : String(value)
  return isFilled ? value.padEnd(NAME_WIDTHS[name] ?? 0) : value
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
  SSSSS: 5,
  DDD: 3,
  TZM: 2,
}

/** Parts of the day that a text may end without. */
const OPTIONAL = new Set(['HH24', 'HH12', 'HH', 'MI', 'SS', 'TZH', 'TZM', ...HALVES])

/**
 * Throws the refusal of a text that does not fit its mask. Parts that the mask lacks are those of the first of this month;
 * with TZH and TZM the text tells its own distance from UTC, and `ofZone` says what that is on the account's clocks.
 */
export function dateOfChar(
  text: string | null,
  mask: string | null,
  now: string,
  ofZone?: (utcMs: number) => string,
): string | null {
  if (text === null || mask === null) return null
  const bad = (): never => {
    throw unsupported(`'${text}' is no date of the form ${mask}`)
  }
  const found: Record<string, number> = {}
  let rest = text.trim()
  for (const { text: pattern, name } of piecesOf(mask)) {
    if (name === 'FM' || name === 'FX') continue
    if (name.startsWith('TZ') && ofZone === undefined) throw unsupported(`format element ${name} of a date`)
    if (isPunctuation(pattern)) rest = rest.replace(/^[^A-Za-z0-9]/, '').trimStart()
    else if (name.startsWith('"')) {
      const literal = pattern.slice(1, -1)
      if (!rest.startsWith(literal)) bad()
      rest = rest.slice(literal.length)
    } else rest = readElement(rest, name, found) ?? bad()
  }
  if (rest.trim() !== '') bad()
  const wall = assemble(found, now) ?? bad()
  if (ofZone === undefined || found.TZH === undefined) return wall
  const minutes = Math.abs(found.TZH) * 60 + (found.TZM ?? 0)
  return ofZone(toMs(wall) - (found.WEST === 1 ? -minutes : minutes) * 60_000)
}

/** Gives what is left of the text; undefined when the element is not there. */
function readElement(rest: string, name: string, found: Record<string, number>): string | undefined {
  if (rest === '') return OPTIONAL.has(name) || name.startsWith('FF') ? rest : undefined
  if (name === 'TZH') {
    const [match, sign] = /^ *([-+])?\d{1,2}/.exec(rest) ?? []
    if (match === undefined) return undefined
    found.TZH = Number(match)
    found.WEST = sign === '-' ? 1 : 0
    return rest.slice(match.length)
  }
  // Oracle takes the name of a month for its number, too.
  if (name === 'MON' || name === 'MONTH' || (name === 'MM' && /^[a-z]/i.test(rest))) {
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
  const width = Object.hasOwn(READS, name) ? READS[name] : undefined
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
  const month = found.DDD !== undefined ? 1 : (found.MM ?? Number(now.slice(5, 7)))
  const day = found.DDD ?? found.DD ?? 1
  const half12 = found.HH12 ?? found.HH
  const seconds = found.SSSSS
  const hour = found.HH24 ?? (half12 === undefined ? 0 : (half12 % 12) + (found.PM === 1 ? 12 : 0))
  const [minute, second] = [found.MI ?? 0, found.SS ?? 0]
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  const isOfYear = found.DDD !== undefined && date.getUTCFullYear() === year && day > 0
  const exists = isOfYear || (date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0)
  if (
    !exists ||
    hour > 23 ||
    minute > 59 ||
    second > 59 ||
    (half12 !== undefined && (half12 < 1 || half12 > 12))
  )
    return undefined
  if (seconds !== undefined && seconds >= DAY_MS / 1000) return undefined
  return fromMs(date.getTime() + (seconds ?? (hour * 60 + minute) * 60 + second) * 1000)
}

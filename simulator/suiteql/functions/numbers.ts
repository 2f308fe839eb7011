/** Oracle's numbers: decimal, so that 0.1 + 0.2 prints as 0.3; half away from zero; NULL in gives NULL out. [SQL-050] */
import { unsupported } from '../refusals.ts'

type Maybe<T> = T | null

/** Digits of a double that can be trusted. */
const DIGITS = 15
const DECIMALS_MAX = 20

/** A number as JSON answers have it. [SQL-011] */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return plain(value)
  return plain(Number(value.toPrecision(DIGITS)))
}

/** Without an exponent. */
function plain(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  return Math.abs(value) < 1 ? value.toFixed(DECIMALS_MAX).replace(/0+$/, '') : BigInt(value).toString()
}

/** A number as Oracle makes it a text: no zero before the point. */
export function charOfNumber(value: Maybe<number>): Maybe<string> {
  return value === null ? null : numberText(value).replace(/^(-?)0\./, '$1.')
}

/** Throws where Oracle says that it is no number. */
export function numberOfChar(text: Maybe<string | number>): Maybe<number> {
  if (text === null || typeof text === 'number') return text
  if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)) throw unsupported(`'${text}' is no number`)
  return Number(text)
}

/** An internal id as a number where it is one. */
export function idOfText(text: Maybe<string | number>): Maybe<string | number> {
  return typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : text
}

export function divide(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  if (a === null || b === null) return null
  if (b === 0) throw unsupported('division by zero')
  return a / b
}

function shifted(value: number, places: number, round: (value: number) => number): number {
  const decimals = Math.trunc(places)
  const [digits, exponent = '0'] = String(Number(Math.abs(value).toPrecision(DIGITS))).split('e')
  const moved = round(Number(`${digits}e${Number(exponent) + decimals}`))
  const [back, power = '0'] = String(moved).split('e')
  return Math.sign(value) * Number(`${back}e${Number(power) - decimals}`) || 0
}

export function round(value: Maybe<number>, places: Maybe<number> = 0): Maybe<number> {
  return value === null || places === null ? null : shifted(value, places, Math.round)
}

export function trunc(value: Maybe<number>, places: Maybe<number> = 0): Maybe<number> {
  return value === null || places === null ? null : shifted(value, places, Math.floor)
}

/** Has the sign of the first; by zero it is the first. */
export function mod(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  if (a === null || b === null) return null
  return b === 0 ? a : Number((a % b).toPrecision(DIGITS)) || 0
}

export function power(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  return a === null || b === null ? null : finite(a ** b)
}

export function squareRoot(a: Maybe<number>): Maybe<number> {
  return a === null ? null : finite(Math.sqrt(a))
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw unsupported('a number out of range')
  return value
}

/** Which of `count` equal parts of a range a value is in; 0 below it, one more than all above it. */
export function widthBucket(
  value: Maybe<number>,
  low: Maybe<number>,
  high: Maybe<number>,
  count: Maybe<number>,
): Maybe<number> {
  if (value === null || low === null || high === null || count === null) return null
  if (low === high || count < 1) throw unsupported('WIDTH_BUCKET of an empty range')
  const isRising = low < high
  if (isRising ? value < low : value > low) return 0
  if (isRising ? value >= high : value <= high) return Math.trunc(count) + 1
  return Math.floor(((value - low) / (high - low)) * Math.trunc(count)) + 1
}

/** TO_CHAR with digits 9 and 0, a point, commas, FM and a dollar sign. Too wide: all number signs. */
export function maskedNumber(value: Maybe<number>, mask: Maybe<string>): Maybe<string> {
  if (value === null || mask === null) return null
  const isTight = /^fm/i.test(mask)
  const pattern = mask.replace(/^fm/i, '')
  const [, dollar, whole, fraction] = /^(\$?)([90,]*)(?:[.D]([90]*))?$/i.exec(pattern) ?? []
  if (whole === undefined || !/[90]/.test(pattern)) throw unsupported(`number format ${mask}`)
  const decimals = fraction?.length ?? 0
  const [digits, rest = ''] = plainFixed(round(Math.abs(value), decimals)!, decimals).split('.')
  const places = whole.replaceAll(',', '')
  const sign = value < 0 && Number(`${digits}.${rest || 0}`) !== 0 ? '-' : ''
  const significant = digits === '0' ? '' : digits!
  if (significant.length > places.length) return '#'.repeat(pattern.length + 1)
  const firstZero = places.indexOf('0')
  const shortest = firstZero < 0 ? (decimals > 0 ? 0 : 1) : places.length - firstZero
  const filled = significant.padStart(Math.min(shortest, places.length), '0')
  const hasPoint = fraction !== undefined
  const point = hasPoint ? `.${tightFraction(rest, fraction, isTight)}` : ''
  const text = `${sign}${dollar}${withCommas(filled, whole)}${point}`
  return isTight ? text : text.padStart(pattern.length + 1)
}

function plainFixed(value: number, decimals: number): string {
  return value < 1e21 ? value.toFixed(Math.min(decimals, DECIMALS_MAX)) : BigInt(value).toString()
}

function tightFraction(digits: string, mask: string, isTight: boolean): string {
  if (!isTight) return digits
  const kept = mask.lastIndexOf('0') + 1
  return digits.slice(0, kept) + digits.slice(kept).replace(/0+$/, '')
}

function withCommas(digits: string, mask: string): string {
  let shown = ''
  let at = digits.length - 1
  for (const sign of [...mask].reverse()) {
    if (at < 0) break
    if (sign === ',') shown = `,${shown}`
    else {
      shown = digits[at]! + shown
      at -= 1
    }
  }
  return shown
}

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

/** Off by no more than the error of one binary operation. */
export function settle(value: Maybe<number>): Maybe<number> {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value
}

/** The value of a subselect that stands for one. Throws where it has several rows. */
export function single<T>(count: number, value: T): T {
  if (count > 1) throw unsupported('a subselect of several rows as a value')
  return value
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

/** Has the sign of the first; by zero it is the first. In decimals: 0.3 holds 0.1 three times, and nothing is left. */
export function mod(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  if (a === null || b === null) return null
  if (b === 0) return a
  const times = Math.trunc(settle(a / b)!)
  return round(a - b * times, Math.max(decimalsOf(a), decimalsOf(b)))
}

function decimalsOf(value: number): number {
  return numberText(value).split('.')[1]?.length ?? 0
}

export function power(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  return a === null || b === null ? null : finite(a ** b)
}

export function squareRoot(a: Maybe<number>): Maybe<number> {
  return a === null ? null : finite(Math.sqrt(a))
}

/** Of one number: NULL in, NULL out; what has no real result is refused, as Oracle does. */
const real =
  (compute: (value: number) => number) =>
  (value: Maybe<number>): Maybe<number> =>
    value === null ? null : finite(compute(value))

export const arcCosine = real(Math.acos)
export const arcSine = real(Math.asin)
export const arcTangent = real(Math.atan)
export const cosine = real(Math.cos)
export const hyperbolicCosine = real(Math.cosh)
export const exponential = real(Math.exp)
export const naturalLog = real(Math.log)
export const sine = real(Math.sin)
export const hyperbolicSine = real(Math.sinh)
export const tangent = real(Math.tan)
export const hyperbolicTangent = real(Math.tanh)

export function arcTangent2(y: Maybe<number>, x: Maybe<number>): Maybe<number> {
  return y === null || x === null ? null : Math.atan2(y, x)
}

export function log(base: Maybe<number>, value: Maybe<number>): Maybe<number> {
  return base === null || value === null ? null : settle(finite(Math.log(value) / Math.log(base)))
}

/** Of whole numbers up to 2^31. */
export function bitAnd(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  if (a === null || b === null) return null
  if (Math.abs(a) > BITS_MAX || Math.abs(b) > BITS_MAX) throw unsupported('BITAND of numbers beyond 31 bits')
  return Math.trunc(a) & Math.trunc(b)
}
const BITS_MAX = 2 ** 31 - 1

/** As MOD, but from the nearest multiple, so it may have another sign than the first. */
export function remainder(a: Maybe<number>, b: Maybe<number>): Maybe<number> {
  if (a === null || b === null) return null
  if (b === 0) throw unsupported('REMAINDER by zero')
  const times = round(settle(a / b))!
  return round(a - b * times, Math.max(decimalsOf(a), decimalsOf(b)))
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

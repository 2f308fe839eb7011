/**
 * TO_CHAR and TO_NUMBER with a mask of digits. Known: 9 0 . D , G, a dollar sign or L in front, S in front or behind, MI
 * and PR behind, FM before all. Any other element is refused. [SQL-050]
 */
import { unsupported } from '../refusals.ts'
import { numberOfChar, round } from './numbers.ts'

interface Mask {
  readonly isTight: boolean
  readonly currency: boolean
  readonly sign: 'default' | 'leading' | 'trailing' | 'minus' | 'angled'
  /** Digits and commas before the point. */
  readonly whole: string
  /** Digits after it; undefined without a point. */
  readonly fraction: string | undefined
}

const MASK = /^(FM)?(S)?([$L])?([90,G]*)(?:[.D]([90]*))?(S|MI|PR)?$/

function readMask(text: string): Mask {
  const [, tight, leading, currency, whole = '', fraction, trailing] = MASK.exec(text.toUpperCase()) ?? []
  const hasDigits = /[90]/.test(whole + (fraction ?? ''))
  if (!hasDigits || (leading !== undefined && trailing !== undefined) || /^[,G]/.test(whole))
    throw unsupported(`number format ${text}`)
  const signs = { S: 'trailing', MI: 'minus', PR: 'angled' } as const
  return {
    isTight: tight !== undefined,
    currency: currency !== undefined,
    sign:
      leading !== undefined
        ? 'leading'
        : trailing === undefined
          ? 'default'
          : signs[trailing as keyof typeof signs],
    whole: whole.replaceAll('G', ','),
    fraction,
  }
}

/** Too wide for its mask: all number signs. */
export function charOfMasked(value: number | null, mask: string | null): string | null {
  if (value === null || mask === null) return null
  const read = readMask(mask)
  const decimals = read.fraction?.length ?? 0
  const [digits, rest = ''] = fixed(round(Math.abs(value), decimals)!, decimals).split('.')
  const places = read.whole.replaceAll(',', '')
  const isNegative = value < 0 && Number(`${digits}.${rest || 0}`) !== 0
  const significant = digits === '0' ? '' : digits!
  const width = read.whole.length + (read.fraction === undefined ? 0 : decimals + 1) + (read.currency ? 1 : 0)
  const marks = read.sign === 'angled' ? 2 : 1
  if (significant.length > places.length) return '#'.repeat(width + marks)
  const firstZero = places.indexOf('0')
  const shortest = firstZero < 0 ? (decimals > 0 ? 0 : 1) : places.length - firstZero
  const filled = significant.padStart(Math.min(shortest, places.length), '0')
  const point = read.fraction === undefined ? '' : `.${fractionText(rest, read.fraction, read.isTight)}`
  const text = `${read.currency ? '$' : ''}${withCommas(filled, read.whole)}${point}`
  const [before, after] = signsOf(read.sign, isNegative)
  if (read.isTight) return `${before}${text}${after}`.trim()
  return `${before}${text}`.padStart(width + marks - after.length) + after
}

function signsOf(sign: Mask['sign'], isNegative: boolean): readonly [string, string] {
  switch (sign) {
    case 'leading':
      return [isNegative ? '-' : '+', '']
    case 'trailing':
      return ['', isNegative ? '-' : '+']
    case 'minus':
      return ['', isNegative ? '-' : ' ']
    case 'angled':
      return isNegative ? ['<', '>'] : ['', ' ']
    default:
      return [isNegative ? '-' : '', '']
  }
}

const DECIMALS_MAX = 20
const EXPONENT_FROM = 1e21

function fixed(value: number, decimals: number): string {
  return value < EXPONENT_FROM ? value.toFixed(Math.min(decimals, DECIMALS_MAX)) : BigInt(value).toString()
}

function fractionText(digits: string, mask: string, isTight: boolean): string {
  if (!isTight) return digits
  const kept = mask.lastIndexOf('0') + 1
  return digits.slice(0, kept) + digits.slice(kept).replace(/0+$/, '')
}

/** Commas stand where the mask has them, counted from the right, as long as there are digits. */
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

/** Throws the refusal of a text with more digits than its mask has, or signs that it lacks. */
export function numberOfMasked(text: string | null, mask: string | null): number | null {
  if (text === null || mask === null) return null
  const { sign, whole, fraction, currency } = readMask(mask)
  const bad = (): never => {
    throw unsupported(`'${text}' is no number of the form ${mask}`)
  }
  let rest = text.trim()
  let isNegative = false
  const angled = /^<(.*)>$/.exec(rest)
  if (sign === 'angled' && angled !== null) {
    isNegative = true
    rest = angled[1]!
  } else if (sign === 'trailing' || sign === 'minus') {
    isNegative = rest.endsWith('-')
    rest = rest.replace(/[-+]$/, '')
  } else {
    isNegative = rest.startsWith('-')
    rest = rest.replace(/^[-+]/, '')
  }
  if (currency) rest = rest.replace(/^\$/, '')
  if (whole.includes(',')) rest = rest.replaceAll(',', '')
  const [, digits = '', decimals = ''] = /^(\d*)\.?(\d*)$/.exec(rest) ?? bad()
  if (digits.length > whole.replaceAll(',', '').length || decimals.length > (fraction?.length ?? 0)) bad()
  const value = numberOfChar(rest)
  return isNegative ? -value! : value
}

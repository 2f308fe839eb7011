/**
 * Figures for people: durations, shares, rates. Rounding never turns "almost all" into "all" or "few" into "none".
 * A figure that does not exist (no completion, no call) is a dash, never a zero.
 */
import { grouped } from './text.ts'

/** Shown where there is no figure. */
export const NONE = '–'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `0.4 ms`, `812 ms`, `4.21 s`, `3 min 12 s`, `2 h 5 min`, `1 d 3 h`: three significant digits at most. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return NONE
  const digits = significant(ms, 3)
  if (digits < SECOND_MS) return `${digits} ms`
  const seconds = significant(ms / SECOND_MS, 3)
  if (seconds < 60) return `${seconds} s`
  if (Math.round(ms / SECOND_MS) < 3600) return pair(Math.round(ms / SECOND_MS), 60, 'min', 's')
  if (Math.round(ms / MINUTE_MS) < DAY_MS / MINUTE_MS) return pair(Math.round(ms / MINUTE_MS), 60, 'h', 'min')
  return pair(Math.round(ms / HOUR_MS), 24, 'd', 'h')
}

function pair(amount: number, per: number, big: string, small: string): string {
  const rest = amount % per
  return rest === 0 ? `${amount / per} ${big}` : `${Math.floor(amount / per)} ${big} ${rest} ${small}`
}

/** `amount` rounded to `digits` significant digits, as a number. */
export function significant(amount: number, digits: number): number {
  return Number(amount.toPrecision(digits))
}

/** `part` of `whole` in percent; a dash when there is no whole. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return NONE
  const share = (part / whole) * 100
  if (share > 0 && share < 0.01) return '< 0.01%'
  if (share < 100 && share > 99.99) return '> 99.99%'
  return `${share >= 99 ? Number(share.toFixed(2)) : significant(share, 2)}%`
}

/** An amount with at most `decimals` digits after the point: `2.31`. */
export function decimal(amount: number, decimals: number): string {
  return grouped(Number(amount.toFixed(decimals)))
}

/** Short form for an axis: `950`, `1.5k`, `20k`, `3M`. */
export function compact(amount: number): string {
  if (Math.abs(amount) >= 1e6) return `${significant(amount / 1e6, 3)}M`
  if (Math.abs(amount) >= 1e4 || (Math.abs(amount) >= 1000 && amount % 100 === 0))
    return `${significant(amount / 1e3, 3)}k`
  return grouped(significant(amount, 4))
}

/**
 * Where the ticks of an axis stand and what they say. Steps are 1, 2 or 5 times a power of ten, or what a clock
 * would show; every axis starts at zero, because a cut-off axis exaggerates.
 */
import { compact, significant } from './format.ts'

/** One mark on an axis. */
export interface Tick {
  readonly at: number
  readonly label: string
}

/** An axis from 0 to `max`. */
export interface Axis {
  readonly max: number
  readonly ticks: readonly Tick[]
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
/** More would collide on a screen of usual width; on a phone every second one is hidden. */
const TIME_TICKS_MAX = 9
const VALUE_TICKS = 3
/** Room above the highest value, so that a line never sticks to the upper edge. */
const HEADROOM = 1.06

const TIME_UNITS = [
  { untilMs: 3 * MINUTE_MS, unitMs: SECOND_MS, name: 's', steps: [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30] },
  { untilMs: 3 * HOUR_MS, unitMs: MINUTE_MS, name: 'min', steps: [0.5, 1, 2, 5, 10, 15, 20, 30] },
  { untilMs: 72 * HOUR_MS, unitMs: HOUR_MS, name: 'h', steps: [0.5, 1, 2, 3, 4, 6, 12] },
] as const

/** Ticks of a time axis that ends at `endMs`. */
export function timeTicks(endMs: number): readonly Tick[] {
  const unit = TIME_UNITS.find(({ untilMs }) => endMs <= untilMs)
  const { unitMs, name } = unit ?? { unitMs: 24 * HOUR_MS, name: 'd' }
  const span = endMs / unitMs
  const step = unit?.steps.find((size) => span / size <= TIME_TICKS_MAX) ?? niceStep(span / TIME_TICKS_MAX)
  return multiples(step, span).map((at) => ({
    at: at * unitMs,
    label: at === 0 ? '0' : `${compact(at)} ${name}`,
  }))
}

/** An axis of plain amounts, in whole steps where only whole amounts occur. */
export function amountAxis(highest: number, whole: boolean): Axis {
  const step = niceStep((highest * HEADROOM) / VALUE_TICKS)
  return axisOf(highest, whole ? Math.max(1, step) : step, compact)
}

/** An axis of durations in the unit that suits the longest of them. */
export function durationAxis(highestMs: number): Axis {
  const [unitMs, name] =
    highestMs < SECOND_MS
      ? [1, 'ms']
      : highestMs < 2 * MINUTE_MS
        ? [SECOND_MS, 's']
        : highestMs < 2 * HOUR_MS
          ? [MINUTE_MS, 'min']
          : [HOUR_MS, 'h']
  const axis = axisOf(highestMs / unitMs, niceStep((highestMs / unitMs) * (HEADROOM / VALUE_TICKS)), (at) =>
    at === 0 ? '0' : `${compact(at)} ${name}`,
  )
  return { max: axis.max * unitMs, ticks: axis.ticks.map(({ at, label }) => ({ at: at * unitMs, label })) }
}

function axisOf(highest: number, step: number, label: (at: number) => string): Axis {
  if (!(highest > 0)) return { max: 1, ticks: [{ at: 0, label: '0' }] }
  const max = Math.ceil((highest * HEADROOM) / step) * step
  return { max, ticks: multiples(step, max).map((at) => ({ at, label: label(at) })) }
}

/** 0, step, 2 × step … up to `max`, free of binary dust. */
function multiples(step: number, max: number): readonly number[] {
  const count = Math.floor(max / step + 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => significant(index * step, 12))
}

/** The smallest of 1, 2, 5 × 10ⁿ that is not below `least`. */
function niceStep(least: number): number {
  if (!(least > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((size) => size * power >= least * (1 - 1e-9)) ?? 10
  return significant(factor * power, 12)
}

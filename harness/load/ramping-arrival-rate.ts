/**
 * Executor `ramping-arrival-rate`: the rate moves linearly to each stage's target over that stage.
 * Start times invert the exact integral of that line (a quadratic per stage); the rate is never held in steps, so
 * the n-th arrival (from 1) is due at the very moment at which the integral reaches n.
 */
import type { Load } from '../scenario.ts'
import { wholeStarts } from './whole-starts.ts'

export type RampingArrivalRate = Extract<Load, { executor: 'ramping-arrival-rate' }>

/** Intended start times in milliseconds since the start of the load, ascending. */
export function rampingStartTimes(load: RampingArrivalRate): number[] {
  const times: number[] = []
  let stageStartMs = load.startMs
  let rate = load.startRatePerSec
  let integral = 0
  for (const { durationMs, targetRatePerSec } of load.stages) {
    const stageSec = durationMs / 1000
    const integralAtEnd = integral + ((rate + targetRatePerSec) / 2) * stageSec
    const countAtEnd = wholeStarts(integralAtEnd)
    const slope = (targetRatePerSec - rate) / stageSec
    while (times.length < countAtEnd) {
      const afterSec = secondsUntil(times.length + 1 - integral, rate, slope)
      times.push(stageStartMs + Math.min(stageSec, afterSec) * 1000)
    }
    stageStartMs += durationMs
    rate = targetRatePerSec
    integral = integralAtEnd
  }
  return times
}

/** Solves `rate·t + slope·t²/2 = arrivals` for the earlier t ≥ 0, in the form that does not cancel when slope is near 0. */
function secondsUntil(arrivals: number, rate: number, slope: number): number {
  const need = Math.max(0, arrivals)
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * need))
  return need === 0 ? 0 : (2 * need) / (rate + root)
}

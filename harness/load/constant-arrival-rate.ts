/**
 * Executor `constant-arrival-rate`: arrivals evenly spaced, whatever the integration does with them.
 * The n-th arrival (from 1) is due when the integral of the rate reaches n, so at every moment exactly
 * floor(rate × time) arrivals are due. Not Poisson on purpose: bursts belong into the scenario, where they can be read.
 */
import type { Load } from '../scenario.ts'
import { wholeStarts } from './whole-starts.ts'

export type ConstantArrivalRate = Extract<Load, { executor: 'constant-arrival-rate' }>

/** Intended start times in milliseconds since the start of the load, ascending; the last may lie on the very end. */
export function constantStartTimes(load: ConstantArrivalRate): number[] {
  const count = wholeStarts((load.ratePerSec * load.durationMs) / 1000)
  const endMs = load.startMs + load.durationMs
  return Array.from({ length: count }, (_, index) =>
    Math.min(endMs, load.startMs + ((index + 1) * 1000) / load.ratePerSec),
  )
}

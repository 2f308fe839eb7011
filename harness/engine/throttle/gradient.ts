/**
 * A gradient of latency, after Gradient2Limit of Netflix's concurrency-limits (Apache-2.0; the idea, no code): where calls
 * take longer than they did in the long run, the limit shrinks by that ratio, otherwise it grows by a small queue. It knows
 * no refusals, so a tenth less for each is added. Compared in docs/decisions/0013-throttle.md.
 */
import { LIMIT_MAX, LIMIT_START, type LimitAlgorithm } from './algorithm.ts'

export interface Gradient {
  readonly limit: number
  /** Moving average over many windows, milliseconds; 0: none yet. */
  readonly longMs: number
  /** Of the present window. */
  readonly sumMs: number
  readonly count: number
}

const WINDOW_CALLS_MIN = 10
/** So much slower than in the long run is still called noise. */
const TOLERANCE = 1.5
/** Calls that may queue: what the limit grows by. */
const QUEUE = 4
const SMOOTHING = 0.2
const LONG_CALLS = 600
const DECREASE_RATIO = 0.9

export const gradient: LimitAlgorithm<Gradient> = {
  name: 'gradient',
  initial: () => ({ limit: LIMIT_START, longMs: 0, sumMs: 0, count: 0 }),
  limit: ({ limit }) => Math.floor(limit),
  after: (state, { signal, level, binding, startedMs, endedMs }) => {
    const { limit } = state
    if (signal === 'refused' && level <= limit)
      return { ...state, limit: Math.max(1, limit * DECREASE_RATIO) }
    if (signal !== 'ok' || !binding) return state
    const count = state.count + 1
    const sumMs = state.sumMs + endedMs - startedMs
    if (count < Math.max(WINDOW_CALLS_MIN, limit)) return { ...state, count, sumMs }
    const shortMs = sumMs / count
    const longMs =
      state.longMs === 0 ? shortMs : state.longMs + ((shortMs - state.longMs) * count) / LONG_CALLS
    const ratio = Math.min(1, Math.max(0.5, (TOLERANCE * longMs) / Math.max(shortMs, 1)))
    const next = limit + SMOOTHING * (limit * ratio + QUEUE - limit)
    return { limit: Math.min(LIMIT_MAX, Math.max(1, next)), longMs, sumMs: 0, count: 0 }
  },
}

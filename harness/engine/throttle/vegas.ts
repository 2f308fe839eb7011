/**
 * TCP Vegas: from the fastest call ever seen and how long calls take now follows how many of them queue; few: one more per
 * window, many: one less. A refusal takes a tenth. Compared in docs/decisions/0013-throttle.md.
 */
import { LIMIT_MAX, LIMIT_START, type LimitAlgorithm } from './algorithm.ts'

export interface Vegas {
  readonly limit: number
  /** Fastest call of the last windows, milliseconds; `null`: none yet. */
  readonly fastestMs: number | null
  readonly windows: number
  /** Of the present window. */
  readonly sumMs: number
  readonly count: number
}

const WINDOW_CALLS_MIN = 10
/** The fastest call is forgotten after so many windows: the account may have become slower. */
const WINDOWS_MAX = 30
/** Calls in the queue, as shares of the limit. */
const FEW_RATIO = 0.5
const MANY_RATIO = 0.75
const DECREASE_RATIO = 0.9

export const vegas: LimitAlgorithm<Vegas> = {
  name: 'Vegas',
  initial: () => ({ limit: LIMIT_START, fastestMs: null, windows: 0, sumMs: 0, count: 0 }),
  limit: ({ limit }) => Math.floor(limit),
  after: (state, { signal, level, binding, startedMs, endedMs }) => {
    const { limit } = state
    if (signal === 'refused' && level <= limit)
      return { ...state, limit: Math.max(1, limit * DECREASE_RATIO) }
    if (signal !== 'ok' || !binding) return state
    const ms = endedMs - startedMs
    const fastestMs = Math.min(state.fastestMs ?? ms, ms)
    const count = state.count + 1
    const sumMs = state.sumMs + ms
    if (count < Math.max(WINDOW_CALLS_MIN, limit)) return { ...state, fastestMs, count, sumMs }
    const queuedRatio = 1 - fastestMs / Math.max(sumMs / count, 1)
    const step = queuedRatio < FEW_RATIO ? 1 : queuedRatio > MANY_RATIO ? -1 : 0
    const isOld = state.windows + 1 >= WINDOWS_MAX
    return {
      limit: Math.min(LIMIT_MAX, Math.max(1, limit + step)),
      fastestMs: isOld ? null : fastestMs,
      windows: isOld ? 0 : state.windows + 1,
      sumMs: 0,
      count: 0,
    }
  },
}

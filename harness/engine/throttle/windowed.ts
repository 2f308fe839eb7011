/**
 * What limits have in common that go by how long calls take: they look at a window of calls at a time, and know no refusals, so a
 * tenth less for each is added.
 */
import { LIMIT_MAX, LIMIT_START, type LimitAlgorithm } from './algorithm.ts'

/** Times of one window's calls, milliseconds. */
export interface TimesOfWindow {
  readonly calls: number
  readonly sumMs: number
  /** `null`: none yet. */
  readonly fastestMs: number | null
}

export interface Windowed<Memory> {
  readonly limit: number
  /** What is remembered of the windows before. */
  readonly memory: Memory
  readonly window: TimesOfWindow
}

/** What a full window leads to; the limit is kept within what there can be. */
export type AfterWindow<Memory> = (
  limit: number,
  memory: Memory,
  window: { readonly calls: number; readonly meanMs: number; readonly fastestMs: number },
) => { readonly limit: number; readonly memory: Memory }

const WINDOW_CALLS_MIN = 10
const DECREASE_RATIO = 0.9
const EMPTY: TimesOfWindow = { calls: 0, sumMs: 0, fastestMs: null }

/** The algorithm that does so after each window, and remembers `memory` at first. */
export function windowed<Memory>(
  name: string,
  memory: Memory,
  afterWindow: AfterWindow<Memory>,
): LimitAlgorithm<Windowed<Memory>> {
  return {
    name,
    initial: () => ({ limit: LIMIT_START, memory, window: EMPTY }),
    limit: ({ limit }) => Math.floor(limit),
    after: (state, { signal, level, binding, startedMs, endedMs }) => {
      const { limit } = state
      if (signal === 'refused' && level <= limit)
        return { ...state, limit: Math.max(1, limit * DECREASE_RATIO) }
      if (signal !== 'ok' || !binding) return state
      const tookMs = endedMs - startedMs
      const calls = state.window.calls + 1
      const sumMs = state.window.sumMs + tookMs
      const fastestMs = Math.min(state.window.fastestMs ?? tookMs, tookMs)
      if (calls < Math.max(WINDOW_CALLS_MIN, limit)) return { ...state, window: { calls, sumMs, fastestMs } }
      const next = afterWindow(limit, state.memory, { calls, meanMs: sumMs / calls, fastestMs })
      return { ...next, limit: Math.min(LIMIT_MAX, Math.max(1, next.limit)), window: EMPTY }
    },
  }
}

/**
 * TCP Vegas: from the fastest call ever seen and how long calls take now follows how many of them queue; few: one more per
 * window, many: one less. Compared in docs/decisions/0013-throttle.md.
 */
import { windowed } from './windowed.ts'

export interface VegasMemory {
  /** Fastest call of the last windows, milliseconds; `null`: none yet. */
  readonly fastestMs: number | null
  readonly windows: number
}

/** The fastest call is forgotten after so many windows: the account may have become slower. */
const WINDOWS_MAX = 30
/** Calls in the queue, as shares of the limit. */
const FEW_RATIO = 0.5
const MANY_RATIO = 0.75

const NEW: VegasMemory = { fastestMs: null, windows: 0 }

export const vegas = windowed('Vegas', NEW, (limit, memory, window) => {
  const fastestMs = Math.min(memory.fastestMs ?? window.fastestMs, window.fastestMs)
  const windows = memory.windows + 1
  const queuedRatio = 1 - fastestMs / Math.max(window.meanMs, 1)
  const step = queuedRatio < FEW_RATIO ? 1 : queuedRatio > MANY_RATIO ? -1 : 0
  return { limit: limit + step, memory: windows < WINDOWS_MAX ? { fastestMs, windows } : NEW }
})

/**
 * A gradient of latency, after Gradient2Limit of Netflix's concurrency-limits (Apache-2.0; the idea, no code): where calls
 * take longer than they did in the long run, the limit shrinks by that ratio, otherwise it grows by a small queue.
 * Compared in docs/decisions/0013-throttle.md.
 */
import { windowed } from './windowed.ts'

/** So much slower than in the long run is still called noise. */
const TOLERANCE = 1.5
/** Calls that may queue: what the limit grows by. */
const QUEUE = 4
const SMOOTHING = 0.2
const LONG_CALLS = 600

/** Remembers a moving average over many windows, milliseconds; 0: none yet. */
export const gradient = windowed('gradient', { longMs: 0 }, (limit, memory, { calls, meanMs }) => {
  const longMs =
    memory.longMs === 0 ? meanMs : memory.longMs + ((meanMs - memory.longMs) * calls) / LONG_CALLS
  const ratio = Math.min(1, Math.max(0.5, (TOLERANCE * longMs) / Math.max(meanMs, 1)))
  return { limit: limit + SMOOTHING * (limit * ratio + QUEUE - limit), memory: { longMs } }
})

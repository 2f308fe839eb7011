/**
 * An exact rolling window: at most `limit` requests in any `windowMs`. It remembers the times of the requests
 * inside the window in a ring, and of no others, so that its memory is bounded by the limit.
 */
import type { WindowView } from '../../protocol/control.ts'

export interface RollingWindow {
  /** Milliseconds until one more request fits; 0: now. */
  waitMs(nowMs: number): number
  /** Counts a granted request. */
  add(nowMs: number): void
  /** A new limit holds from now on; what was counted stays counted. */
  resize(limit: number, nowMs: number): void
  view(nowMs: number): WindowView
  reset(): void
}

export function createRollingWindow(windowMs: number, limitAtFirst: number): RollingWindow {
  let limit = limitAtFirst
  let ring = new Float64Array(limit)
  /** Requests ever counted; the newest is at `(count - 1) % ring.length`. */
  let count = 0
  /** Of those, how many have left the window. Advanced when asked. */
  let expired = 0
  const at = (index: number): number => ring[index % ring.length]!
  const used = (nowMs: number): number => {
    while (expired < count && at(expired) <= nowMs - windowMs) expired++
    return count - expired
  }
  return {
    waitMs(nowMs) {
      return used(nowMs) < limit ? 0 : at(count - limit) + windowMs - nowMs
    },
    add(nowMs) {
      ring[count % ring.length] = nowMs
      count++
    },
    resize(next, nowMs) {
      const inside = Array.from({ length: used(nowMs) }, (_, index) => at(expired + index))
      limit = next
      // After a cut there can be more inside than the new limit allows; they are counted until they leave.
      ring = new Float64Array(Math.max(next, inside.length))
      ring.set(inside)
      count = inside.length
      expired = 0
    },
    view: (nowMs) => ({ windowMs, limit, used: used(nowMs) }),
    reset() {
      count = 0
      expired = 0
    },
  }
}

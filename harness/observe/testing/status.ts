/** For tests only: an engine in good health, and what one likes instead. */
import type { EngineStatus } from '../../engine/status.ts'

export function statusOf(changes: Partial<EngineStatus> = {}): EngineStatus {
  return {
    accepting: true,
    limit: 15,
    inUse: 12,
    line: 3,
    paused: false,
    queue: { waiting: 40, delayed: 2, leased: 12, dead: 0, oldestMs: 0 },
    oldestAgeMs: 9_500,
    budgets: [],
    ...changes,
  }
}

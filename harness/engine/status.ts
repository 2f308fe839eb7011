/** How an engine is, at this moment: what gauges, alerts and health checks look at. */
import type { QueueStats } from './queue.ts'

export interface EngineStatus {
  /** Whether work is taken; false after `stop`. */
  readonly accepting: boolean
  /** Calls that may be in flight now, in flight, and in line for a permit. */
  readonly limit: number
  readonly inUse: number
  readonly line: number
  /** Nothing is sent for now, because the account fails. */
  readonly paused: boolean
  readonly queue: QueueStats
  /** Age of the oldest open item; 0 without one. */
  readonly oldestAgeMs: number
  /** Calls used of each budget that is set, by its name, e.g. `day`. */
  readonly budgets: readonly BudgetStatus[]
}

export interface BudgetStatus {
  readonly name: string
  readonly used: number
  readonly limit: number
}

/**
 * Algorithms that find how many calls an account grants at once, from nothing but how calls ended. Pure, with a state of
 * plain JSON: one process keeps it in memory, several share it by folding their samples into one row of a database, and
 * a test replays it. No clock and no chance in here: time comes with the samples.
 */

/** What a finished call says about the account: it answered · all slots were taken · it is unwell or out of reach. */
export type Signal = 'ok' | 'refused' | 'failed'

/** One finished call. */
export interface Sample {
  readonly signal: Signal
  /** What was done, e.g. `salesOrder.create`: times of different operations say nothing about each other. */
  readonly operation: string
  /** Calls in flight just after it was sent, itself among them; of all processes that share the state. From 1. */
  readonly level: number
  /** Whether the limit held somebody back: successes at half the limit prove nothing about the rest of it. */
  readonly binding: boolean
  /** Milliseconds; sent and answered. Only differences and order matter, so clocks need not agree across machines. */
  readonly startedMs: number
  readonly endedMs: number
}

export interface LimitAlgorithm<State> {
  readonly name: string
  /** Before the first call. */
  initial(): State
  /** Calls that may be in flight now; whole, at least 1. */
  limit(state: State): number
  /** The state after one more call. Samples come in the order in which calls ended. Never changes its arguments. */
  after(state: State, sample: Sample): State
}

/** What the throttle needs of whoever keeps the state: here, or a database on behalf of many processes. */
export interface Limiter {
  /** Calls that this process may have in flight now; whole, at least 0. May change at any time; see `Throttle.wake`. */
  readonly limit: number
  add(sample: Sample): void
}

/** Keeps an algorithm's state in memory. */
export function createLimiter<State>(algorithm: LimitAlgorithm<State>): Limiter {
  let state = algorithm.initial()
  return {
    get limit() {
      return algorithm.limit(state)
    },
    add: (sample) => {
      state = algorithm.after(state, sample)
    },
  }
}

/** Enough to learn from the first answers, harmless even to the smallest pool of 5. [GOV-002] */
export const LIMIT_START = 2
/** The largest pool NetSuite sells: Ultimate with twelve SuiteCloud Plus licences. [GOV-004] */
export const LIMIT_MAX = 140

/**
 * A budget of retries for the whole engine, so that a bad hour does not become a storm: in the long run there are no more
 * retries than a share of first tries and a trickle by time. Who comes when it is spent is put off, never turned away, and
 * those after them further: the debt is paid by what is earned. Pure; times are given, never read.
 */
export interface RetryBudget {
  /** Retries that may be made now; below 0: promised already. */
  readonly tokens: number
  readonly atMs: number
}

/** Retries for each first try. Twice what a day with one failure in five calls needs. */
export const RETRIES_PER_FIRST_TRY = 0.5
/** Retries each second earns, whatever else: after an outage there may be nothing but retries. */
export const RETRIES_PER_SEC = 2
/** Retries saved up, at most: a pool of calls that fail together. */
export const RETRIES_SAVED_MAX = 100

/** A full budget. */
export function newRetryBudget(nowMs: number): RetryBudget {
  return { tokens: RETRIES_SAVED_MAX, atMs: nowMs }
}

/** Something was tried for the first time. */
export function earned(budget: RetryBudget, nowMs: number): RetryBudget {
  const { tokens } = refilled(budget, nowMs)
  return { tokens: Math.min(RETRIES_SAVED_MAX, tokens + RETRIES_PER_FIRST_TRY), atMs: nowMs }
}

/** Spends a retry. `waitMs`: milliseconds to put it off, 0 while there is budget. */
export function spent(
  budget: RetryBudget,
  nowMs: number,
): { readonly budget: RetryBudget; readonly waitMs: number } {
  const tokens = refilled(budget, nowMs).tokens - 1
  return { budget: { tokens, atMs: nowMs }, waitMs: Math.max(0, -tokens / RETRIES_PER_SEC) * 1000 }
}

function refilled({ tokens, atMs }: RetryBudget, nowMs: number): RetryBudget {
  const passedSec = Math.max(0, nowMs - atMs) / 1000
  return { tokens: Math.min(RETRIES_SAVED_MAX, tokens + passedSec * RETRIES_PER_SEC), atMs: nowMs }
}

/**
 * After a failed try: when to come back, or that there is no coming back. Pure; the delay's jitter is the only chance.
 * Every item has a budget of tries and of time, so that one order can never turn in circles for good.
 */
import type { Rng } from '../../kernel/rng.ts'
import { BACKOFF_DEFAULT, type BackoffOptions, backoffMs } from './backoff.ts'
import { describeProblem, type Refused, type Unknown } from './outcome.ts'

/** What the next try of an item must know. Plain JSON: it is kept in the queue. */
export interface TryProgress {
  /** Tries that failed, 429s aside. */
  readonly tries: number
  /** Tries that ended in a 429. */
  readonly refusals: number
  readonly firstTryMs: number
  /** Whether the account may hold the record although no answer said so. */
  readonly mayExist: boolean
  /** Why the work was refused for good: from here on only what was done for it is taken back. Absent: it still goes forward. */
  readonly undoing?: string | undefined
}

export interface FailedTry {
  readonly operation: string
  readonly problem: Refused | Unknown
  readonly mayExist: boolean
}

export type RetryDecision =
  | { readonly kind: 'retry'; readonly atMs: number; readonly progress: TryProgress }
  | { readonly kind: 'dead'; readonly reason: string }

/** With the default backoff this spreads over some five minutes: longer than a hiccup, and then a person should look. */
export const TRIES_MAX = 16
/** A 429 costs the account nothing and says nothing about the order, so more of them are allowed. */
export const REFUSALS_MAX = 64
/** Eight minutes from the first try: an item gives up before the ten minutes a run waits for the backlog to drain. */
export const TIME_BUDGET_MS = 480_000
/** 429s: the throttle already holds the line, so the delay only has to pull the callers apart. [GOV-021] */
const CAPACITY_BACKOFF: BackoffOptions = { baseMs: 250, capMs: 10_000 }

/** The progress of an item nobody has tried yet. */
export function firstProgress(nowMs: number): TryProgress {
  return { tries: 0, refusals: 0, firstTryMs: nowMs, mayExist: false }
}

/** Decides on a failed try. `progress` is the one that this try started with. */
export function decideRetry(
  rng: Rng,
  nowMs: number,
  progress: TryProgress,
  { operation, problem, mayExist }: FailedTry,
): RetryDecision {
  const text = describeProblem(operation, problem)
  const dead = (why: string): RetryDecision => ({
    kind: 'dead',
    reason: `${text}${why}${mayExist ? '; it may be in the account all the same, look it up before entering it' : ''}`,
  })
  if (problem.kind === 'refused' && problem.retry === 'never') return dead('')
  const capacity = problem.kind === 'refused' && problem.cause === 'capacity'
  const next: TryProgress = {
    tries: progress.tries + (capacity ? 0 : 1),
    refusals: progress.refusals + (capacity ? 1 : 0),
    firstTryMs: progress.firstTryMs,
    mayExist,
    ...(progress.undoing === undefined ? {} : { undoing: progress.undoing }),
  }
  if (next.tries >= TRIES_MAX) return dead(` (given up after ${next.tries} tries)`)
  if (next.refusals >= REFUSALS_MAX) return dead(` (given up after ${next.refusals} refusals)`)
  const delayMs = capacity
    ? backoffMs(rng, next.refusals, CAPACITY_BACKOFF, problem.retryAfterMs)
    : backoffMs(rng, next.tries, BACKOFF_DEFAULT, problem.retryAfterMs)
  const atMs = nowMs + delayMs
  if (atMs - next.firstTryMs > TIME_BUDGET_MS)
    return dead(` (given up after ${TIME_BUDGET_MS / 60_000} minutes)`)
  return { kind: 'retry', atMs, progress: next }
}

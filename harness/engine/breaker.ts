/**
 * Circuit breaker of one account, as a pure state machine. So many misses in a row, without any success between them (an
 * outage, a full pool, a revoked token), open it: nothing is sent for a while, which grows from opening to opening. Then it
 * is half open: one call at a time feels its way, and its success closes it. Whoever it holds up waits in line.
 * A success of a call from before frees a slot of a full pool, so it closes as well where refusals opened it. Elsewhere it shows
 * that there was health once, not that there is: an outage that begins with many calls in flight would be knocked at after each.
 *
 *   closed ──misses in a row──▶ open ──pause is over──▶ half-open ──probe answered──▶ closed
 *                                ◀──────────probe missed─────┘
 */
import type { Rng } from '../../kernel/rng.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import type { Signal } from './throttle/algorithm.ts'

export type Breaker =
  | { readonly state: 'closed'; readonly misses: number }
  /** `openings`: how often in a row. `isFull`: the last miss was a refusal. */
  | { readonly state: 'open'; readonly openings: number; readonly isFull: boolean; readonly untilMs: number }
  /** A probe is under way. */
  | { readonly state: 'half-open'; readonly openings: number; readonly isFull: boolean }

/** How a call ended that the breaker let through. */
export interface EndedCall {
  readonly signal: Signal
  /** Sent while half open. A call from before says nothing new by failing. */
  readonly isProbe: boolean
  readonly nowMs: number
  /** Milliseconds that the account asked to wait; absent: it named none. [REC-305] */
  readonly retryAfterMs?: number | undefined
}

export const MISSES_MAX = 5
/** Pauses: short at first, because a full pool empties within seconds. */
export const PAUSE: BackoffOptions = { baseMs: 500, capMs: 30_000 }

export const CLOSED: Breaker = { state: 'closed', misses: 0 }

/** Whether a call may be sent now. */
export function admits(breaker: Breaker, nowMs: number): boolean {
  if (breaker.state === 'open') return nowMs >= breaker.untilMs
  return breaker.state === 'closed'
}

/** After a call was sent that `admits` let through. */
export function afterSending(breaker: Breaker): Breaker {
  if (breaker.state === 'closed') return breaker
  return { state: 'half-open', openings: breaker.openings, isFull: breaker.isFull }
}

/** After a call ended. `rng` draws the length of a pause. */
export function afterCall(rng: Rng, breaker: Breaker, call: EndedCall): Breaker {
  const { signal, isProbe } = call
  const isNews = isProbe || breaker.state === 'closed' || breaker.isFull
  if (signal === 'ok') return isNews ? CLOSED : breaker
  if (breaker.state === 'closed') {
    const misses = breaker.misses + 1
    return misses < MISSES_MAX ? { state: 'closed', misses } : opened(rng, 1, call)
  }
  return isProbe && breaker.state === 'half-open' ? opened(rng, breaker.openings + 1, call) : breaker
}

function opened(rng: Rng, openings: number, { signal, nowMs, retryAfterMs }: EndedCall): Breaker {
  const untilMs = nowMs + backoffMs(rng, openings, PAUSE, retryAfterMs)
  return { state: 'open', openings, isFull: signal === 'refused', untilMs }
}

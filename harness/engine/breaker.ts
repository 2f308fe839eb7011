/**
 * Circuit breaker of one account, as a pure state machine. So many misses in a row, without any success between them (an
 * outage, a full pool, a revoked token), open it: nothing is sent for a while, which grows from opening to opening. Then it
 * is half open: one call at a time feels its way, and the first success closes it. Whoever it holds up waits in line.
 *
 *   closed ──misses in a row──▶ open ──pause is over──▶ half-open ──probe answered──▶ closed
 *                                ◀──────────probe missed─────┘          (any success closes, in every state)
 */
import type { Rng } from '../../kernel/rng.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import type { Signal } from './throttle/algorithm.ts'

export type Breaker =
  | { readonly state: 'closed'; readonly misses: number }
  /** `openings`: how often in a row. */
  | { readonly state: 'open'; readonly openings: number; readonly untilMs: number }
  /** A probe is under way. */
  | { readonly state: 'half-open'; readonly openings: number }

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
  return { state: 'half-open', openings: breaker.openings }
}

/** After a call ended. `rng` draws the length of a pause. */
export function afterCall(rng: Rng, breaker: Breaker, call: EndedCall): Breaker {
  const { signal, isProbe } = call
  if (signal === 'ok') return CLOSED
  if (breaker.state === 'closed') {
    const misses = breaker.misses + 1
    return misses < MISSES_MAX ? { state: 'closed', misses } : opened(rng, 1, call)
  }
  return isProbe && breaker.state === 'half-open' ? opened(rng, breaker.openings + 1, call) : breaker
}

function opened(rng: Rng, openings: number, { nowMs, retryAfterMs }: EndedCall): Breaker {
  return { state: 'open', openings, untilMs: nowMs + backoffMs(rng, openings, PAUSE, retryAfterMs) }
}

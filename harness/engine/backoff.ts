/**
 * How long to wait before the next try: capped exponential growth with full jitter, so that many clients refused at
 * the same moment do not come back at the same moment. NetSuite advises exactly that and names no figure. [GOV-021]
 */
import type { Rng } from '../../kernel/rng.ts'

export interface BackoffOptions {
  /** Upper bound of the first delay, milliseconds. */
  readonly baseMs: number
  /** Upper bound of every delay, milliseconds. */
  readonly capMs: number
}

/** Half a second is about one NetSuite write; a minute is often enough to notice the end of an outage. */
export const BACKOFF_DEFAULT: BackoffOptions = { baseMs: 500, capMs: 60_000 }

/** A `Retry-After` beyond this is cut: five minutes is polite, an hour is more likely a proxy's mistake. */
export const RETRY_AFTER_MS_MAX = 300_000

/** Beyond this exponent the cap has long been reached; keeps 2 ** n finite for any attempt. */
const EXPONENT_MAX = 30

/**
 * Delay in milliseconds after failed attempt `attempt` (from 1): uniform in [0, min(cap, base · 2^(attempt−1))).
 * `retryAfterMs`, where the account named one, is added in full: we are never earlier than asked.
 */
export function backoffMs(
  rng: Rng,
  attempt: number,
  { baseMs, capMs }: BackoffOptions = BACKOFF_DEFAULT,
  retryAfterMs = 0,
): number {
  const exponent = Math.min(EXPONENT_MAX, Math.max(0, attempt - 1))
  const boundMs = Math.min(capMs, baseMs * 2 ** exponent)
  return Math.min(retryAfterMs, RETRY_AFTER_MS_MAX) + rng.next() * boundMs
}

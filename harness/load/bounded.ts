/**
 * Waiting with an end. A run must come to a verdict although the integration under trial hangs, so every wait for
 * it goes through here: the answer is always one of three, and time-out is a finding, not an exception.
 */
import type { Clock } from '../../kernel/clock.ts'

/** How a wait ended. */
export type Waited = { readonly end: 'done' | 'timeout' } | { readonly end: 'error'; readonly reason: string }

/** Waits for `work`, at most `limitMs` milliseconds on `clock`. Never rejects; a late rejection is swallowed. */
export function waitAtMost(clock: Clock, limitMs: number, work: () => Promise<unknown>): Promise<Waited> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(limitMs, () => resolve({ end: 'timeout' }))
    // Inside an async function a synchronous throw becomes a rejection too.
    const attempt = async (): Promise<unknown> => work()
    attempt().then(
      () => {
        cancel()
        resolve({ end: 'done' })
      },
      (error: unknown) => {
        cancel()
        resolve({ end: 'error', reason: reasonOf(error) })
      },
    )
  })
}

/** The message of whatever was thrown, in one line of bounded length. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/\s+/g, ' ').slice(0, REASON_CHARS_MAX)
}

/** Enough for any sentence; keeps a stack or an HTML page out of the report. */
const REASON_CHARS_MAX = 300

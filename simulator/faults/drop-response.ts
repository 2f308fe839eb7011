/** `drop-response`: the account carries the request out and commits, then the connection ends without an answer. */
import type { Verdict } from './fault.ts'

export function dropResponse(): Verdict {
  return { phase: 'after', answer: 'reset' }
}

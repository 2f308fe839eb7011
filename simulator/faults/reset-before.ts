/** `reset-before`: the connection ends before the account looked at the request. Nothing is carried out. */
import type { Verdict } from './fault.ts'

export function resetBefore(): Verdict {
  return { phase: 'before', answer: 'reset' }
}

/** `record-locked`: a workflow holds the record; reads and writes are refused after login, in a slot. [REC-E25, OPQ-075] */
import { userError } from '../api-fault.ts'
import type { Verdict } from './fault.ts'

export function recordLocked({ detail }: { readonly detail: string }): Verdict {
  return { phase: 'during', delayMs: 0, answer: userError(detail) }
}

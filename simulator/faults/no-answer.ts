/**
 * Requests without an answer. Before the account looked at them: `reset-before`, `refuse-connection`. After it carried
 * them out and committed: `drop-response` resets the connection, `no-answer` leaves the client to its own time-out.
 */
import type { Verdict } from './fault.ts'

export const resetBefore: Verdict = { phase: 'before', answer: 'reset' }
export const refuseConnection: Verdict = { phase: 'before', answer: 'refused' }
export const dropResponse: Verdict = { phase: 'after', answer: 'reset' }
export const noAnswer: Verdict = { phase: 'after', answer: 'silence' }

/**
 * Which entries of the journal are the engine's. An account has other integrations, and what they send or are refused is none
 * of the engine's doing; slots are everybody's. A request whose login named no integration is counted as the engine's.
 */
import type { JournalEntry } from '../../protocol/control.ts'

/** `integration` absent: nothing is known of others, all calls are the engine's. */
export function ownCalls(
  entries: readonly JournalEntry[],
  integration: string | undefined,
): readonly JournalEntry[] {
  if (integration === undefined) return entries
  return entries.filter((entry) => entry.integration === undefined || entry.integration === integration)
}

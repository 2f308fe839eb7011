/**
 * How many concurrency slots were held when, recomputed from the journal's intervals by a sweep; nothing is
 * taken from the account's own counters. A slot given back and one taken at the same instant do not overlap, and a
 * slot held for no time at all overlaps with nothing.
 */
import type { JournalEntry } from '../../protocol/control.ts'

/** From `atMs` on, `inUse` slots were held, until the next change. */
export interface SlotChange {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  readonly inUse: number
}

/** Changes in ascending order, one per instant. An entry that still holds its slot counts to the end. */
export function sweepSlots(entries: readonly JournalEntry[]): SlotChange[] {
  const edges: { atMs: number; by: 1 | -1 }[] = []
  for (const { slotFromMs, slotUntilMs = Number.POSITIVE_INFINITY } of entries) {
    if (slotFromMs === undefined || slotUntilMs <= slotFromMs) continue
    edges.push({ atMs: slotFromMs, by: 1 })
    if (slotUntilMs !== Number.POSITIVE_INFINITY) edges.push({ atMs: slotUntilMs, by: -1 })
  }
  edges.sort((a, b) => a.atMs - b.atMs)
  const changes: SlotChange[] = []
  let inUse = 0
  for (let at = 0; at < edges.length; ) {
    const { atMs } = edges[at]!
    for (; edges[at]?.atMs === atMs; at++) inUse += edges[at]!.by
    changes.push({ atMs, inUse })
  }
  return changes
}

/** Most slots held at once; 0 without any. */
export function peakSlots(changes: readonly SlotChange[]): number {
  return changes.reduce((peak, { inUse }) => Math.max(peak, inUse), 0)
}

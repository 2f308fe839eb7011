/**
 * What the engine said it did, kept event by event. Written by the run while the load runs, read afterwards by series,
 * checks and totals; it draws no conclusions. Times are absolute (milliseconds since the epoch).
 */
import type { AttemptEvent, BatchEvent, EngineObserver, FlowEvent } from '../engine/engine.ts'
import type { Mode } from '../engine/peak.ts'
import type { ShopOrder } from '../shop/order.ts'

/** Read side of a history. Keys are `ShopOrder.id`. */
export interface History {
  /** Order → when the engine first took it. */
  readonly accepted: ReadonlyMap<string, number>
  /** Order → when it was first in NetSuite by the engine's word, and under which id. */
  readonly completed: ReadonlyMap<string, { readonly atMs: number; readonly netSuiteId: string | undefined }>
  readonly deadLettered: ReadonlyMap<string, { readonly atMs: number; readonly reason: string }>
  /** Work of other flows, in the order in which it ended. */
  readonly flows: readonly FlowEvent[]
  /** Changes of mode, in order of time; before the first one it is real time. */
  readonly modes: readonly { readonly atMs: number; readonly mode: Mode }[]
  /** In the order in which they ended. */
  readonly batches: readonly BatchEvent[]
  readonly attempts: readonly AttemptEvent[]
  /** In order of time. */
  readonly backlog: readonly { readonly atMs: number; readonly size: number }[]
}

/** Starts an empty history and the observer that fills it. `onCompleted` is called after each order's first completion. */
export function recordHistory(onCompleted: (completed: number) => void = () => {}): {
  readonly history: History
  readonly observer: EngineObserver
} {
  const accepted = new Map<string, number>()
  const completed = new Map<string, { atMs: number; netSuiteId: string | undefined }>()
  const deadLettered = new Map<string, { atMs: number; reason: string }>()
  const flows: FlowEvent[] = []
  const modes: { atMs: number; mode: Mode }[] = []
  const batches: BatchEvent[] = []
  const attempts: AttemptEvent[] = []
  const backlog: { atMs: number; size: number }[] = []
  const observer: EngineObserver = {
    accepted(order: ShopOrder, atMs) {
      if (!accepted.has(order.id)) accepted.set(order.id, atMs)
    },
    // A delivery of a known order changes nothing that is counted; the run knows what it sent twice.
    deduplicated() {},
    attempt(event) {
      attempts.push(event)
    },
    completed(key, netSuiteId, atMs) {
      if (completed.has(key)) return
      completed.set(key, { atMs, netSuiteId })
      onCompleted(completed.size)
    },
    deadLettered(key, reason, atMs) {
      deadLettered.set(key, { atMs, reason })
    },
    flowEnded(event) {
      flows.push(event)
    },
    modeChanged(mode, atMs) {
      modes.push({ atMs, mode })
    },
    batchEnded(event) {
      batches.push(event)
    },
    backlog(size, atMs) {
      backlog.push({ atMs, size })
    },
  }
  return {
    history: { accepted, completed, deadLettered, flows, modes, batches, attempts, backlog },
    observer,
  }
}

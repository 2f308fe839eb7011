/**
 * What a flow is: the way of one piece of work into the account, as a small state machine whose every outside step is done,
 * refused or unknown. A flow holds nothing between two tries: what the next one must know is in the queue (`TryProgress`).
 * Flows never wait and never decide on retries; they say how far they came, and the engine does the rest (retry.ts).
 */
import type { CallContext, RecordClient } from '../client.ts'
import type { Customers } from '../customers.ts'
import type { Refused, Unknown } from '../outcome.ts'
import type { Shop } from '../shop-port.ts'
import type { Query } from '../suiteql.ts'
import type { Levels } from '../sync/levels.ts'
import type { Work } from '../work.ts'
import type { Writer } from '../writer.ts'

/** What flows work with; one set per engine. */
export interface FlowParts {
  readonly client: RecordClient
  readonly writer: Writer
  readonly customers: Customers
  /** What money becomes. */
  readonly payments: PaymentTarget
  readonly query: Query
  /** Absent: nobody wants to hear what became of an order. */
  readonly shop: Shop | undefined
  /** Absent: this engine keeps no stock levels. */
  readonly stock: StockParts | undefined
}

/**
 * What money that the shop has taken becomes: always a deposit on the sales order; or, where that has been billed by then, a
 * payment of its invoices.
 */
export type PaymentTarget = 'deposit' | 'invoice'

/** Where stock levels come from, and how they are booked. */
export interface StockParts {
  readonly levels: Levels
  /** Internal id of the account that adjustments are booked to. [REC-364] */
  readonly adjustmentAccountId: string
  /** Internal id; needed in OneWorld. [REC-364] */
  readonly subsidiaryId?: string | undefined
}

/** One try of one piece of work. */
export interface FlowTry {
  readonly call: CallContext
  /** Whether an earlier try may have written what this flow writes. */
  readonly mayExist: boolean
  /** Asked right before a write that must not be done by two workers. `false`: stop. */
  readonly keepLease: () => Promise<boolean>
}

/** A step that did not end well, and whether the flow's record may be in the account all the same. */
export interface FailedStep {
  readonly kind: 'failed'
  /** e.g. `salesOrder.create`. */
  readonly operation: string
  readonly problem: Refused | Unknown
  readonly mayExist: boolean
}

/** The lease ran out: the work is somebody else's now. */
export interface Lost {
  readonly kind: 'lost'
}

export type FlowEnd =
  | {
      readonly kind: 'done'
      /** Internal id of what it made or changed. */
      readonly id: string | undefined
      /** Enqueued before the work is acknowledged, so that no crash can come between. */
      readonly next: readonly Work[]
    }
  | FailedStep
  /** Cannot be done, and no answer of the account says so; `reason` is for an operator. */
  | { readonly kind: 'impossible'; readonly reason: string }
  | Lost

/** How undoing ended. */
export type UndoEnd =
  | {
      readonly kind: 'undone'
      /** What was undone, for the dead letter, e.g. `sales order 12 is closed`. */
      readonly what: string
      readonly next: readonly Work[]
    }
  | FailedStep
  | Lost

export interface Flow<W extends Work> {
  /** Never throws for what the account answers. */
  run(work: W, parts: FlowParts, tried: FlowTry): Promise<FlowEnd>
  /**
   * Takes back what earlier flows did for this one, once it is refused for good. Safe to repeat: a crash or a failed step
   * leads back to its beginning. Absent: there is nothing to take back.
   */
  undo?(work: W, parts: FlowParts, tried: FlowTry, reason: string): Promise<UndoEnd>
}

export function failed(operation: string, problem: Refused | Unknown, mayExist = false): FailedStep {
  return { kind: 'failed', operation, problem, mayExist }
}

/** `done` with what follows from it. */
export function finished(id: string | undefined, next: readonly Work[] = []): FlowEnd {
  return { kind: 'done', id, next }
}

/**
 * Orders that are worked off in two steps: fulfilled or received, then billed, credited or received. Both quantities stand on
 * the order's lines, and the order's status is a function of them and of its approval, of nothing else. One row per type of order.
 * [REC-341..348, OPQ-041]
 */
import type { Settings } from '../../profile.ts'

/** One of the two things that happen to the lines of an order. */
export interface Step {
  /** Column of the order's lines that counts it. */
  readonly column: string
  /** Types, lower case, whose lines count. */
  readonly by: readonly string[]
  /** Letters of the order in which it may be done. */
  readonly open: string
}

export interface Family {
  readonly first: Step
  readonly second: Step
  /** The second step is never more than the first, whatever the account's settings say. */
  readonly strict?: true
}

const FIRST_OPEN = 'BDE'
const SECOND_OPEN = 'BDEF'

const step = (column: string, by: string, open: string): Step => ({ column, by: by.split(' '), open })
const fulfil = step('quantityFulfilled', 'itemfulfillment', FIRST_OPEN)
const receive = step('quantityReceived', 'itemreceipt', FIRST_OPEN)
const bill = (by: string): Step => step('quantityBilled', by, SECOND_OPEN)
const transfer: Family = {
  first: fulfil,
  second: step('quantityReceived', 'itemreceipt', SECOND_OPEN),
  strict: true,
}

/** By lower-case type of the order. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  salesorder: { first: fulfil, second: bill('invoice cashsale') },
  purchaseorder: { first: receive, second: bill('vendorbill') },
  returnauthorization: { first: receive, second: bill('creditmemo cashrefund') },
  vendorreturnauthorization: { first: fulfil, second: bill('vendorcredit') },
  transferorder: transfer,
  intercompanytransferorder: transfer,
}

/** Types whose lines move the quantities of an order. */
export const MOVERS: ReadonlySet<string> = new Set(
  Object.values(FAMILIES).flatMap(({ first, second }) => [...first.by, ...second.by]),
)

/** The step that records of `mover` (lower case) take on an order. */
export function stepOf(family: Family, mover: string): 'first' | 'second' | undefined {
  if (family.first.by.includes(mover)) return 'first'
  return family.second.by.includes(mover) ? 'second' : undefined
}

/** What the status depends on, per line. */
export interface Progress {
  readonly ordered: number
  readonly first: number
  readonly second: number
  /** Services and the like need no fulfilment. (common knowledge) */
  readonly needsFirst: boolean
  readonly isClosed: boolean
}

/** `unapproved`: A until somebody approves it. */
export type Approval = 'approved' | 'unapproved'

/**
 * The letter of an order. Closed lines count as done; an order of closed lines only is closed. With something fulfilled, but
 * not all, it is `E` while some of that waits for its bill, else `D`.
 */
export function statusOf(
  lines: readonly Progress[],
  approval: Approval,
  partlyFulfilled: Settings['partlyFulfilledStatus'],
): string {
  if (lines.length > 0 && lines.every(({ isClosed }) => isClosed)) return 'H'
  if (approval === 'unapproved') return 'A'
  if (lines.length === 0) return 'B'
  const isFulfilled = lines.every((line) => line.isClosed || !line.needsFirst || line.first >= line.ordered)
  if (isFulfilled) {
    return lines.every((line) => line.isClosed || line.second >= line.ordered) ? 'G' : 'F'
  }
  const begun = lines.filter((line) => line.needsFirst && line.first > 0)
  if (begun.length === 0) return 'B'
  if (begun.every((line) => line.second >= line.first)) return 'D'
  return begun.some((line) => line.second > 0) ? 'E' : partlyFulfilled
}

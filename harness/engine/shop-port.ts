/**
 * The way back to the shop, as the engine sees it. A shop's own adapter stands behind it; in a run it is the harness that
 * plays the shop (shop/player.ts).
 */
import type { Outcome } from './outcome.ts'

/** What became of an order. */
export interface Acknowledgement {
  /** The shop's id of the order. */
  readonly orderId: string
  readonly result: 'booked' | 'cancelled'
  /** Internal id of the sales order, where it is known. */
  readonly salesOrderId?: string | undefined
  /** Why it was cancelled, for people. */
  readonly reason?: string | undefined
}

export interface Shop {
  /** Must not throw, and must bear to hear the same word twice: an outcome of `unknown` is told again. */
  acknowledge(word: Acknowledgement): Promise<Outcome<unknown>>
}

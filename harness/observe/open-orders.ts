/** What an observer remembers of an order while it is open. Orders that an earlier process took are not known here. */

export interface OpenOrder {
  readonly acceptedMs: number
  /** HTTP attempts so far. */
  calls: number
}

/** About 10 MB. In a larger backlog the oldest are forgotten: their last line then lacks how long they took. */
const OPEN_MAX = 100_000

export class OpenOrders {
  readonly #orders = new Map<string, OpenOrder>()

  open(key: string, acceptedMs: number): void {
    this.#orders.set(key, { acceptedMs, calls: 0 })
    if (this.#orders.size > OPEN_MAX) this.#orders.delete(this.#orders.keys().next().value!)
  }

  countCall(key: string): void {
    const order = this.#orders.get(key)
    if (order !== undefined) order.calls++
  }

  /** Forgets the order and gives what was known of it. */
  close(key: string): OpenOrder | undefined {
    const order = this.#orders.get(key)
    this.#orders.delete(key)
    return order
  }
}

/**
 * A queue under observation: a small model of its own says which item of each order key may be handed out and who holds it.
 * The model knows only the contract; what breaks it is written down.
 */
import type {
  DeadLetter,
  OpenItem,
  Queue,
  QueueStats,
  WorkInput,
  WorkItem,
} from '../../../harness/engine/index.ts'
import type { Clock } from '../../../kernel/clock.ts'

/** Who claims. */
export interface Holder {
  readonly alive: boolean
}

interface Held {
  readonly deliveries: number
  readonly holder: Holder | undefined
  untilMs: number
}

/** `inner`, and what was wrong so far. */
export class WatchedQueue<T, P> implements Queue<T, P> {
  readonly breaches: string[] = []
  readonly leaseMs: number
  readonly pollMs: number | undefined
  readonly #clock: Clock
  readonly #inner: Queue<T, P>
  readonly #taken = new Set<string>()
  /** Order key → dedupe keys of its open items, in the order of arrival. */
  readonly #lines = new Map<string, string[]>()
  readonly #held = new Map<string, Held>()

  constructor(clock: Clock, inner: Queue<T, P>) {
    this.#clock = clock
    this.#inner = inner
    this.leaseMs = inner.leaseMs
    this.pollMs = inner.pollMs
  }

  async enqueue(inputs: readonly WorkInput<T>[]): Promise<readonly ('queued' | 'duplicate')[]> {
    const states = await this.#inner.enqueue(inputs)
    states.forEach((state, index) => {
      const { dedupeKey, orderKey } = inputs[index]!
      if (state === 'duplicate') return
      if (this.#taken.has(dedupeKey)) this.breaches.push(`dedupe: ${dedupeKey} was taken twice`)
      this.#taken.add(dedupeKey)
      this.#lines.set(orderKey, [...(this.#lines.get(orderKey) ?? []), dedupeKey])
    })
    return states
  }

  async claim(count: number, holder?: Holder): Promise<readonly WorkItem<T, P>[]> {
    const items = await this.#inner.claim(count)
    for (const { dedupeKey, orderKey, deliveries } of items) {
      const first = this.#lines.get(orderKey)?.[0]
      if (first !== dedupeKey)
        this.breaches.push(`order-per-key: ${dedupeKey} was handed out before ${first ?? 'it came'}`)
      const held = this.#held.get(dedupeKey)
      if (held !== undefined && held.untilMs > this.#clock.now())
        this.breaches.push(`double-claim: ${dedupeKey} was handed out while its lease ran`)
      else if (held?.holder?.alive)
        this.breaches.push(`lease: that of ${dedupeKey} ran out although its holder lived`)
      this.#held.set(dedupeKey, { deliveries, holder, untilMs: this.#clock.now() + this.leaseMs })
    }
    return items
  }

  async renew(item: WorkItem<T, P>): Promise<boolean> {
    const kept = await this.#inner.renew(item)
    const holder = this.#held.get(item.dedupeKey)
    if (kept && holder !== undefined) holder.untilMs = this.#clock.now() + this.leaseMs
    return kept
  }

  ack(item: WorkItem<T, P>): Promise<boolean> {
    return this.#settle(item, () => this.#inner.ack(item), true)
  }

  deadLetter(item: WorkItem<T, P>, reason: string): Promise<boolean> {
    return this.#settle(item, () => this.#inner.deadLetter(item, reason), true)
  }

  retryAt(item: WorkItem<T, P>, atMs: number, progress: P): Promise<boolean> {
    return this.#settle(item, () => this.#inner.retryAt(item, atMs, progress), false)
  }

  deadLetters(afterId: string | undefined, limit: number): Promise<readonly DeadLetter<T>[]> {
    return this.#inner.deadLetters(afterId, limit)
  }

  redrive(ids: readonly string[]): Promise<number> {
    return this.#inner.redrive(ids)
  }

  scan(afterId: string | undefined, limit: number): Promise<readonly OpenItem<T, P>[]> {
    return this.#inner.scan(afterId, limit)
  }

  stats(): Promise<QueueStats> {
    return this.#inner.stats()
  }

  nextDueMs(): Promise<number | undefined> {
    return this.#inner.nextDueMs()
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  async #settle(item: WorkItem<T, P>, ask: () => Promise<boolean>, isGone: boolean): Promise<boolean> {
    const { dedupeKey, orderKey, deliveries } = item
    const isCurrent = this.#held.get(dedupeKey)?.deliveries === deliveries
    const done = await ask()
    if (!done) return false
    if (!isCurrent) this.breaches.push(`stale-claim: ${dedupeKey} was settled by who lost it`)
    this.#held.delete(dedupeKey)
    if (!isGone) return true
    const rest = (this.#lines.get(orderKey) ?? []).filter((key) => key !== dedupeKey)
    if (rest.length === 0) this.#lines.delete(orderKey)
    else this.#lines.set(orderKey, rest)
    return true
  }
}

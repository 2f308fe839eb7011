/**
 * The queue in memory: for simulation, and for tests of whatever stands on a queue. Nothing survives the process.
 * Every call costs O(log n) per item or less; a done item leaves only its dedupe key behind.
 */
import type { Clock } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/invariant.ts'
import { Heap } from './heap.ts'
import {
  checkInputs,
  type DeadLetter,
  LEASE_MS_DEFAULT,
  type OpenItem,
  type Queue,
  type QueueStats,
  type WorkInput,
  type WorkItem,
} from './queue.ts'

interface Entry<T, P> {
  readonly sequence: number
  readonly id: string
  readonly input: WorkInput<T>
  readonly priority: number
  readonly enqueuedMs: number
  state: 'blocked' | 'waiting' | 'delayed' | 'leased'
  deliveries: number
  abandoned: boolean
  progress: P | undefined
  /** End of the lease while `leased`, else the time before which it must not be handed out. */
  untilMs: number
  /** The next item of the same order key. */
  next: Entry<T, P> | undefined
}

export class MemoryQueue<T, P> implements Queue<T, P> {
  readonly #clock: Clock
  readonly leaseMs: number
  readonly pollMs: number | undefined
  readonly #known = new Set<string>()
  readonly #entries = new Map<string, Entry<T, P>>()
  /** Order key → its last item. The first one is wherever its state says; the others hang on `next`. */
  readonly #tails = new Map<string, Entry<T, P>>()
  readonly #waiting = new Heap<Entry<T, P>>(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.sequence < b.sequence),
  )
  readonly #delayed = new Heap<Entry<T, P>>(
    (a, b) => a.untilMs < b.untilMs || (a.untilMs === b.untilMs && a.sequence < b.sequence),
  )
  /** In order of expiry, because all leases are equally long and a renewed one moves to the end. */
  readonly #leased = new Set<Entry<T, P>>()
  readonly #dead = new Map<string, DeadLetter<T>>()
  #sequence = 0
  #blocked = 0

  /** `leaseMs`: length of every lease, default five minutes. `pollMs`: for several engines that share the queue. */
  constructor(clock: Clock, leaseMs: number = LEASE_MS_DEFAULT, pollMs?: number) {
    this.#clock = clock
    this.pollMs = pollMs
    this.leaseMs = leaseMs
  }

  async enqueue(inputs: readonly WorkInput<T>[]): Promise<readonly ('queued' | 'duplicate')[]> {
    checkInputs(inputs)
    return inputs.map((input) => {
      if (this.#known.has(input.dedupeKey)) return 'duplicate'
      this.#known.add(input.dedupeKey)
      this.#lineUp(input, false)
      return 'queued'
    })
  }

  #lineUp(input: WorkInput<T>, abandoned: boolean): void {
    const sequence = ++this.#sequence
    const entry: Entry<T, P> = {
      sequence,
      id: String(sequence),
      input,
      priority: input.priority ?? 0,
      enqueuedMs: this.#clock.now(),
      state: 'blocked',
      deliveries: 0,
      abandoned,
      progress: undefined,
      untilMs: input.notBeforeMs ?? 0,
      next: undefined,
    }
    this.#entries.set(entry.id, entry)
    const tail = this.#tails.get(input.orderKey)
    this.#tails.set(input.orderKey, entry)
    this.#blocked++
    if (tail === undefined) this.#unblock(entry)
    else tail.next = entry
  }

  /** The entry is now the first of its order key. */
  #unblock(entry: Entry<T, P>): void {
    invariant(entry.state === 'blocked', 'only the first item of an order key may move')
    this.#blocked--
    const isDue = entry.untilMs <= this.#clock.now()
    entry.state = isDue ? 'waiting' : 'delayed'
    if (isDue) this.#waiting.push(entry)
    else this.#delayed.push(entry)
  }

  async claim(count: number): Promise<readonly WorkItem<T, P>[]> {
    this.#wakeDue()
    const items: WorkItem<T, P>[] = []
    while (items.length < count) {
      const entry = this.#waiting.pop()
      if (entry === undefined) break
      entry.state = 'leased'
      entry.deliveries++
      entry.untilMs = this.#clock.now() + this.leaseMs
      this.#leased.add(entry)
      const { id, deliveries, enqueuedMs, progress, abandoned } = entry
      items.push({ ...entry.input, id, deliveries, enqueuedMs, progress, abandoned })
    }
    return items
  }

  /** Moves what has become claimable by the passing of time to the waiting ones. */
  #wakeDue(): void {
    const nowMs = this.#clock.now()
    for (;;) {
      const entry = this.#delayed.peek()
      if (entry === undefined || entry.untilMs > nowMs) break
      this.#delayed.pop()
      entry.state = 'waiting'
      this.#waiting.push(entry)
    }
    for (const entry of this.#leased) {
      if (entry.untilMs > nowMs) break
      this.#leased.delete(entry)
      entry.state = 'waiting'
      entry.abandoned = true
      this.#waiting.push(entry)
    }
  }

  /** The entry behind a claim, or `undefined` when the claim is no longer the current one. */
  #held(item: WorkItem<T, P>): Entry<T, P> | undefined {
    const entry = this.#entries.get(item.id)
    const current =
      entry?.state === 'leased' && entry.deliveries === item.deliveries && entry.untilMs > this.#clock.now()
    return current ? entry : undefined
  }

  async renew(item: WorkItem<T, P>): Promise<boolean> {
    const entry = this.#held(item)
    if (entry === undefined) return false
    entry.untilMs = this.#clock.now() + this.leaseMs
    this.#leased.delete(entry)
    this.#leased.add(entry)
    return true
  }

  async ack(item: WorkItem<T, P>): Promise<boolean> {
    const entry = this.#held(item)
    if (entry === undefined) return false
    this.#remove(entry)
    return true
  }

  async retryAt(item: WorkItem<T, P>, atMs: number, progress: P): Promise<boolean> {
    const entry = this.#held(item)
    if (entry === undefined) return false
    this.#leased.delete(entry)
    entry.state = 'delayed'
    entry.abandoned = false
    entry.progress = progress
    entry.untilMs = atMs
    this.#delayed.push(entry)
    return true
  }

  async deadLetter(item: WorkItem<T, P>, reason: string): Promise<boolean> {
    const entry = this.#held(item)
    if (entry === undefined) return false
    this.#remove(entry)
    this.#dead.set(entry.id, { ...entry.input, id: entry.id, reason, atMs: this.#clock.now() })
    return true
  }

  #remove(entry: Entry<T, P>): void {
    this.#leased.delete(entry)
    this.#entries.delete(entry.id)
    const { next } = entry
    if (next === undefined) this.#tails.delete(entry.input.orderKey)
    else this.#unblock(next)
  }

  async deadLetters(afterId: string | undefined, limit: number): Promise<readonly DeadLetter<T>[]> {
    const after = Number(afterId ?? 0)
    return [...this.#dead.values()]
      .filter((letter) => Number(letter.id) > after)
      .sort((a, b) => Number(a.id) - Number(b.id))
      .slice(0, limit)
  }

  async redrive(ids: readonly string[]): Promise<number> {
    let count = 0
    for (const id of ids) {
      const letter = this.#dead.get(id)
      if (letter === undefined) continue
      this.#dead.delete(id)
      const { dedupeKey, orderKey, payload, priority } = letter
      this.#lineUp({ dedupeKey, orderKey, payload, priority }, true)
      count++
    }
    return count
  }

  async scan(afterId: string | undefined, limit: number): Promise<readonly OpenItem<T, P>[]> {
    this.#wakeDue()
    const after = Number(afterId ?? 0)
    return this.#entries
      .values()
      .filter(({ sequence }) => sequence > after)
      .take(limit)
      .map(({ input, id, state, deliveries, enqueuedMs, progress }) => ({
        ...input,
        id,
        state: state === 'blocked' ? ('waiting' as const) : state,
        deliveries,
        enqueuedMs,
        progress,
      }))
      .toArray()
  }

  async stats(): Promise<QueueStats> {
    this.#wakeDue()
    const [oldest] = this.#entries.values()
    return {
      waiting: this.#waiting.size + this.#blocked,
      delayed: this.#delayed.size,
      leased: this.#leased.size,
      dead: this.#dead.size,
      oldestMs: oldest?.enqueuedMs,
    }
  }

  async nextDueMs(): Promise<number | undefined> {
    if (this.#waiting.size > 0) return this.#clock.now()
    const [lease] = this.#leased
    const dueMs = Math.min(
      this.#delayed.peek()?.untilMs ?? Number.POSITIVE_INFINITY,
      lease?.untilMs ?? Number.POSITIVE_INFINITY,
    )
    return dueMs === Number.POSITIVE_INFINITY ? undefined : dueMs
  }

  async close(): Promise<void> {}
}

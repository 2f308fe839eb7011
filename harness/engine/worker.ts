/**
 * Workers between a queue and a handler: claims as many items as there is room for, never sleeps while something is
 * due, keeps the leases of what is in work, and settles each claim by the handler's verdict. Holds no item between two
 * tries; that is the queue's job.
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'
import { heartbeatMs, isQueueTrouble, type Queue, type WorkItem } from './queue.ts'

/** What is to become of an item. `lost`: nothing, its lease has run out. */
export type Verdict<P> =
  | { readonly kind: 'ack'; readonly id: string | undefined }
  | { readonly kind: 'retry'; readonly atMs: number; readonly progress: P }
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'lost' }

export interface WorkerOptions<T, P> {
  /** How many items may be in work; asked again before every claim. */
  readonly width: () => number
  /**
   * Must not throw for anything the account does: what it throws is a fault of ours and stops the pool. `askedMs`: when the
   * queue was asked for it. The lease may have begun then already, however late the answer came.
   */
  readonly handle: (item: WorkItem<T, P>, askedMs: number) => Promise<Verdict<P>>
  /** Told once the queue has taken the verdict. */
  readonly settled: (item: WorkItem<T, P>, verdict: Verdict<P>) => void
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class WorkerPool<T, P> {
  readonly #clock: Clock
  readonly #queue: Queue<T, P>
  readonly #options: WorkerOptions<T, P>
  readonly #active = new Set<WorkItem<T, P>>()
  #heartbeat: Cancel | undefined
  #pumping = false
  #again = false
  #stopped = false
  #failure: { readonly error: unknown } | undefined
  #timer: { readonly atMs: number; readonly cancel: Cancel } | undefined
  /** Who waits for the end of the work there is, and who for the end of all work. */
  #waiters: Waiter[] = []
  #runners: Waiter[] = []

  constructor(clock: Clock, queue: Queue<T, P>, options: WorkerOptions<T, P>) {
    this.#clock = clock
    this.#queue = queue
    this.#options = options
  }

  /** Something may have become claimable. Cheap, may be called as often as one likes. */
  wake(): void {
    this.#again = true
    if (this.#pumping) return
    this.#pumping = true
    void this.#pump()
  }

  /** Resolves when the queue is empty and nothing is in work; after `stop`, when nothing is in work. Rejects with a fault of ours. */
  idle(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.wake()
    })
  }

  /** Works, also on what others put in, until `stop`; resolves when nothing is in work any more. Rejects with a fault of ours. */
  run(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    return new Promise((resolve, reject) => {
      this.#runners.push({ resolve, reject })
      this.wake()
    })
  }

  /** Claims nothing more; resolves when what is in work is settled. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#disarm()
    return this.idle()
  }

  async #pump(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        try {
          await this.#claim()
          await this.#arm()
          await this.#resolveIdle()
        } catch (error) {
          // Once stopped, the next turn asks the queue nothing.
          if (!this.#stopped || !isQueueTrouble(error)) throw error
          this.#again = true
        }
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#pumping = false
    }
  }

  async #claim(): Promise<void> {
    const free = this.#stopped ? 0 : this.#options.width() - this.#active.size
    if (free <= 0) return
    const askedMs = this.#clock.now()
    for (const item of await this.#queue.claim(free)) void this.#run(item, askedMs)
  }

  async #run(item: WorkItem<T, P>, askedMs: number): Promise<void> {
    this.#active.add(item)
    this.#beat()
    try {
      const verdict = await this.#options.handle(item, askedMs)
      if (await this.#settle(item, verdict)) this.#options.settled(item, verdict)
    } catch (error) {
      this.#fail(error)
    }
    this.#finish(item)
  }

  /** Renews all leases in work after a while, and again, until nothing is in work. */
  #beat(): void {
    this.#heartbeat ??= this.#clock.schedule(heartbeatMs(this.#queue), () => {
      this.#heartbeat = undefined
      this.#beat()
      // A lease already lost shows when the item is settled; here it changes nothing.
      Promise.all([...this.#active].map((item) => this.#queue.renew(item))).catch((error) =>
        this.#fail(error),
      )
    })
  }

  #finish(item: WorkItem<T, P>): void {
    this.#active.delete(item)
    if (this.#active.size === 0) {
      this.#heartbeat?.()
      this.#heartbeat = undefined
    }
    this.wake()
  }

  #settle(item: WorkItem<T, P>, verdict: Verdict<P>): Promise<boolean> {
    if (verdict.kind === 'ack') return this.#queue.ack(item)
    if (verdict.kind === 'dead') return this.#queue.deadLetter(item, verdict.reason)
    if (verdict.kind === 'retry') return this.#queue.retryAt(item, verdict.atMs, verdict.progress)
    return Promise.resolve(false)
  }

  /** Sets the alarm for what time alone makes claimable. Without room there is none: the next free worker asks. */
  async #arm(): Promise<void> {
    if (this.#stopped || this.#active.size >= this.#options.width()) return
    const nextMs = await this.#queue.nextDueMs()
    const { pollMs } = this.#queue
    const dueMs =
      pollMs === undefined ? nextMs : Math.min(nextMs ?? Number.POSITIVE_INFINITY, this.#clock.now() + pollMs)
    if (dueMs === undefined || this.#stopped) return this.#disarm()
    // An alarm that rings early only asks in vain; leaving it saves a timer per claim.
    if (this.#timer !== undefined && this.#timer.atMs <= dueMs) return
    this.#disarm()
    const cancel = this.#clock.schedule(dueMs - this.#clock.now(), () => {
      this.#timer = undefined
      this.wake()
    })
    this.#timer = { atMs: dueMs, cancel }
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  async #resolveIdle(): Promise<void> {
    if (this.#active.size > 0) return
    if (this.#stopped) for (const { resolve } of this.#runners.splice(0)) resolve()
    if (this.#waiters.length === 0) return
    if (!this.#stopped) {
      const { waiting, delayed, leased } = await this.#queue.stats()
      if (waiting + delayed + leased > 0) return
    }
    // Somebody came in while we were asking: look again first.
    if (this.#again || this.#active.size > 0) return
    for (const { resolve } of this.#waiters.splice(0)) resolve()
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#stopped = true
    this.#disarm()
    for (const { reject } of [...this.#waiters.splice(0), ...this.#runners.splice(0)]) reject(error)
  }
}

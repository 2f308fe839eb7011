/**
 * A process that can be killed: all it hears of the world goes through here, and after `kill` it hears nothing more. What it
 * had sent goes on without it; its timers never ring. Its clock is its own, and may be wrong.
 */
import type { Work, WorkQueue } from '../../../harness/engine/index.ts'
import { POLL_MS } from '../../../harness/engine/queue.ts'
import type { TryProgress } from '../../../harness/engine/retry.ts'
import type { Shop } from '../../../harness/engine/shop-port.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Transport } from '../../../protocol/transport.ts'
import type { Deed } from './plan.ts'
import type { WatchedQueue } from './watched-queue.ts'

export class Mortal {
  /** Of this life: one that is started again is another one. */
  readonly id: string
  #alive = true
  #doom: { readonly deed: Deed; readonly died: () => void } | undefined

  constructor(id: string) {
    this.id = id
  }

  get alive(): boolean {
    return this.#alive
  }

  /** `kill -9`. */
  kill(): void {
    this.#alive = false
  }

  /** Lets it die right after its next such deed; `died` is told. */
  doom(deed: Deed, died: () => void): void {
    this.#doom = { deed, died }
  }

  /** The call is made while it lives, its answer heard while it still does. */
  hear<T>(call: () => Promise<T>, deed?: Deed): Promise<T> {
    if (!this.#alive) return new Promise(() => {})
    const promise = call()
    if (deed !== undefined && deed === this.#doom?.deed) {
      this.kill()
      this.#doom.died()
    }
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#alive && resolve(value),
        (error) => this.#alive && reject(error),
      )
    })
  }

  /** A clock that is `skewMs()` ahead of the true one. */
  clock(truth: Clock, skewMs: () => number): Clock {
    return {
      mode: truth.mode,
      now: () => truth.now() + skewMs(),
      sleep: (ms) => this.hear(() => truth.sleep(ms)),
      schedule: (ms, fn) => truth.schedule(ms, () => this.#alive && fn()),
    }
  }

  transport(inner: Transport): Transport {
    return {
      send: (request, options) => this.hear(() => inner.send(request, options), 'send'),
      close: async () => {},
    }
  }

  shop(inner: Shop): Shop {
    return { acknowledge: (word) => this.hear(() => inner.acknowledge(word)) }
  }

  /** A store on a machine of its own: moments are told as distances, as the queue on PostgreSQL does it. */
  queue(inner: WatchedQueue<Work, TryProgress>, skewMs: () => number): WorkQueue {
    return {
      leaseMs: inner.leaseMs,
      pollMs: POLL_MS,
      enqueue: (inputs) => this.hear(() => inner.enqueue(inputs), 'enqueue'),
      claim: (count) => this.hear(() => inner.claim(count, this)),
      renew: (item) => this.hear(() => inner.renew(item)),
      ack: (item) => this.hear(() => inner.ack(item), 'ack'),
      retryAt: (item, atMs, progress) =>
        this.hear(() => inner.retryAt(item, atMs - skewMs(), progress), 'retryAt'),
      deadLetter: (item, reason) => this.hear(() => inner.deadLetter(item, reason), 'deadLetter'),
      deadLetters: (afterId, limit) => this.hear(() => inner.deadLetters(afterId, limit)),
      redrive: (ids) => this.hear(() => inner.redrive(ids)),
      scan: (afterId, limit) => this.hear(() => inner.scan(afterId, limit)),
      stats: () => this.hear(() => inner.stats()),
      nextDueMs: async () => {
        const dueMs = await this.hear(() => inner.nextDueMs())
        return dueMs === undefined ? undefined : dueMs + skewMs()
      },
      close: async () => {},
    }
  }
}

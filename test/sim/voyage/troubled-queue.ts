/** A watched queue whose store is busy, slow or out of reach for a while, as a plan says. */
import type { Queue, WorkInput, WorkItem } from '../../../harness/engine/index.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { AppError } from '../../../kernel/error.ts'
import type { Rng } from '../../../kernel/rng.ts'
import type { Trouble } from './peak-plan.ts'
import { type Holder, WatchedQueue } from './watched-queue.ts'

/** In trouble, so many calls are hit. */
const HIT_RATIO = 0.7
const SLOW_MS_MAX = 3_000

export class TroubledQueue<T, P> extends WatchedQueue<T, P> {
  readonly #clock: Clock
  readonly #rng: Rng
  readonly #troubles: readonly Trouble[]
  readonly #originMs: number

  constructor(clock: Clock, rng: Rng, inner: Queue<T, P>, troubles: readonly Trouble[]) {
    super(clock, inner)
    this.#clock = clock
    this.#rng = rng
    this.#troubles = troubles
    this.#originMs = clock.now()
  }

  override enqueue(inputs: readonly WorkInput<T>[]) {
    return this.#ask(() => super.enqueue(inputs))
  }

  override claim(count: number, holder?: Holder) {
    // Nobody holds what nobody heard that it was given.
    return this.#ask(
      () => super.claim(count, holder),
      () => super.claim(count),
    )
  }

  override renew(item: WorkItem<T, P>) {
    return this.#ask(() => super.renew(item))
  }

  override ack(item: WorkItem<T, P>) {
    return this.#ask(() => super.ack(item))
  }

  override retryAt(item: WorkItem<T, P>, atMs: number, progress: P) {
    return this.#ask(() => super.retryAt(item, atMs, progress))
  }

  override deadLetter(item: WorkItem<T, P>, reason: string) {
    return this.#ask(() => super.deadLetter(item, reason))
  }

  async #ask<R>(call: () => Promise<R>, unheard: () => Promise<R> = call): Promise<R> {
    const atMs = this.#clock.now() - this.#originMs
    const trouble = this.#troubles.find(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs)
    if (trouble === undefined || !this.#rng.chance(HIT_RATIO)) return call()
    if (trouble.how === 'busy') throw new AppError('E_QUEUE_BUSY', 'the store is busy')
    if (trouble.how === 'lost') {
      await unheard()
      throw new AppError('E_QUEUE_UNREACHABLE', 'the store does not answer')
    }
    const answer = await call()
    await this.#clock.sleep(this.#rng.integer(100, SLOW_MS_MAX))
    return answer
  }
}

/**
 * What the account told once and will hardly change: internal ids by key. Each key is asked for by one caller at a time, kept
 * for a while, and dropped when there are too many: the least recently used first.
 */
import type { Clock } from '../../../kernel/clock.ts'
import { done, type Outcome } from '../outcome.ts'

export interface ReferenceCacheOptions {
  /** How long an answer is good for, milliseconds. */
  readonly expiryMs: number
  /** Keys, at most. */
  readonly sizeMax: number
}

export interface Cached<T> {
  readonly value: T
  /** Remembered from earlier rather than asked for just now: it may be outdated. */
  readonly remembered: boolean
}

export class ReferenceCache<T> {
  readonly #clock: Clock
  readonly #options: ReferenceCacheOptions
  /** Least recently used first. */
  readonly #known = new Map<string, { readonly value: T; readonly untilMs: number }>()
  readonly #asking = new Map<string, Promise<unknown>>()

  constructor(clock: Clock, options: ReferenceCacheOptions) {
    this.#clock = clock
    this.#options = options
  }

  /** The value of a key, by `ask` where it is not known. Only what is done is remembered. */
  async resolve(key: string, ask: () => Promise<Outcome<T>>): Promise<Outcome<Cached<T>>> {
    // A caller that waited shares a success only. After anything else it is its own turn.
    for (;;) {
      const known = this.#recall(key)
      if (known !== undefined) return done({ value: known.value, remembered: true })
      const other = this.#asking.get(key)
      if (other === undefined) break
      await other
    }
    const own = ask()
    this.#asking.set(key, own)
    try {
      const outcome = await own
      if (outcome.kind !== 'done') return outcome
      this.#remember(key, outcome.value)
      return done({ value: outcome.value, remembered: false })
    } finally {
      this.#asking.delete(key)
    }
  }

  forget(key: string): void {
    this.#known.delete(key)
  }

  #recall(key: string): { readonly value: T } | undefined {
    const entry = this.#known.get(key)
    if (entry === undefined) return undefined
    this.#known.delete(key)
    if (entry.untilMs <= this.#clock.now()) return undefined
    this.#known.set(key, entry)
    return entry
  }

  #remember(key: string, value: T): void {
    this.#known.set(key, { value, untilMs: this.#clock.now() + this.#options.expiryMs })
    if (this.#known.size <= this.#options.sizeMax) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      break
    }
  }
}

/**
 * Adaptive concurrency: how many calls may be in flight, learned from what the account answers instead of being told.
 * Here is the line of waiting callers, first in, first out, and the pause when nothing succeeds at all (outage, full
 * pool, revoked token), after which single calls feel their way. The level itself is found by throttle/algorithm.ts.
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import { createLimiter, type Limiter, type Signal } from './throttle/algorithm.ts'
import { knownLevel } from './throttle/known-level.ts'

export type { Signal } from './throttle/algorithm.ts'

export interface Permit {
  /** Gives the permit back; once. */
  release(signal: Signal): void
}

export interface Throttle {
  /** Resolves when the caller may send a call of `operation`, e.g. `salesOrder.create`. */
  acquire(operation?: string): Promise<Permit>
  /** Calls that may be in flight now. */
  readonly limit: number
  readonly inUse: number
  readonly waiting: number
  /** Whether nothing is sent for now, because nothing succeeds. */
  readonly paused: boolean
  /** Looks at the limit again: it has grown by something other than the end of a call. */
  wake(): void
}

export interface ThrottleOptions {
  /** Who finds the limit. Default: one in memory, for this process alone. */
  readonly limiter?: Limiter & {
    /** Told whom it serves. */
    attach?(throttle: Throttle): void
  }
}

/** So many failures in a row, without any success between them, stop all sending for a while. */
const STREAK_MAX = 5
/** Pauses after such streaks: short at first, because a full pool empties within seconds. */
const PAUSE: BackoffOptions = { baseMs: 500, capMs: 30_000 }

/** A throttle for one account. All clients of one process that use the same account must share it. */
export function createThrottle(clock: Clock, rng: Rng, options: ThrottleOptions = {}): Throttle {
  const throttle = new AdaptiveThrottle(clock, rng, options)
  options.limiter?.attach?.(throttle)
  return throttle
}

class AdaptiveThrottle implements Throttle {
  readonly #clock: Clock
  readonly #rng: Rng
  readonly #limiter: Limiter
  #inUse = 0
  #streak = 0
  #pauses = 0
  #resume: Cancel | undefined
  /** Callers in line; the ones before `#first` are gone. */
  #line: (() => void)[] = []
  #first = 0

  constructor(clock: Clock, rng: Rng, { limiter = createLimiter(knownLevel) }: ThrottleOptions) {
    this.#clock = clock
    this.#rng = rng
    this.#limiter = limiter
  }

  get limit(): number {
    return this.#streak >= STREAK_MAX ? Math.min(1, this.#limiter.limit) : this.#limiter.limit
  }

  get inUse(): number {
    return this.#inUse
  }

  get waiting(): number {
    return this.#line.length - this.#first
  }

  get paused(): boolean {
    return this.#resume !== undefined
  }

  acquire(operation = ''): Promise<Permit> {
    return new Promise((resolve) => {
      this.#line.push(() => resolve(this.#permit(operation)))
      this.#grant()
    })
  }

  wake(): void {
    this.#grant()
  }

  #grant(): void {
    while (this.#resume === undefined && this.waiting > 0 && this.#inUse < this.limit) {
      const next = this.#line[this.#first]!
      this.#first++
      // Cut the part that is gone now and then, so that a long-lived line does not grow without end.
      if (this.#first > 1024 && this.#first * 2 > this.#line.length) {
        this.#line = this.#line.slice(this.#first)
        this.#first = 0
      }
      next()
    }
  }

  #permit(operation: string): Permit {
    this.#inUse++
    const level = this.#inUse
    const startedMs = this.#clock.now()
    let open = true
    return {
      release: (signal) => {
        if (!open) return
        open = false
        const binding = this.#inUse >= this.#limiter.limit || this.waiting > 0
        this.#inUse--
        this.#limiter.add({ signal, operation, level, binding, startedMs, endedMs: this.#clock.now() })
        if (signal === 'ok') this.#succeeded()
        else this.#missed()
        this.#grant()
      },
    }
  }

  #succeeded(): void {
    this.#streak = 0
    this.#pauses = 0
  }

  #missed(): void {
    this.#streak++
    if (this.#streak < STREAK_MAX || this.#resume !== undefined) return
    this.#pauses++
    this.#resume = this.#clock.schedule(backoffMs(this.#rng, this.#pauses, PAUSE), () => {
      this.#resume = undefined
      this.#grant()
    })
  }
}

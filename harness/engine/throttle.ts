/**
 * What may be sent when: the line of waiting callers, fair between flows (throttle/fair-line.ts); as many calls in flight
 * as the account grants, learned from what it answers (throttle/algorithm.ts); budgets per minute and day
 * (throttle/pacer.ts); and nothing while nothing succeeds (breaker.ts). Whoever is held up keeps its place.
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import { admits, afterCall, afterSending, type Breaker, CLOSED } from './breaker.ts'
import type { BudgetStatus } from './status.ts'
import { createLimiter, type Limiter, type Signal } from './throttle/algorithm.ts'
import { FairLine } from './throttle/fair-line.ts'
import { knownLevel } from './throttle/known-level.ts'
import { type CallBudget, type Pace, Pacer } from './throttle/pacer.ts'

export type { Signal } from './throttle/algorithm.ts'

export interface Permit {
  /** Gives the permit back; once. `retryAfterMs`: what the account asked for, where it did. */
  release(signal: Signal, retryAfterMs?: number): void
}

/** What a permit is for. */
export interface PermitFor {
  /** e.g. `salesOrder.create`: the times of one operation are compared with each other only. Default: all are alike. */
  readonly operation?: string | undefined
  /** Whose work it is, e.g. `order`: flows share the permits by weight. Default: all are one flow. */
  readonly flow?: string | undefined
}

export interface Throttle {
  /** Resolves when the caller may send. */
  acquire(purpose?: PermitFor): Promise<Permit>
  /** Calls that may be in flight now. */
  readonly limit: number
  readonly inUse: number
  readonly waiting: number
  /** Whether nothing is sent for now, because nothing succeeds. */
  readonly paused: boolean
  /** How much of each budget is used. */
  budgets(): BudgetStatus[]
  /** Looks at the limit again: it has grown by something other than the end of a call. */
  wake(): void
}

export interface ThrottleOptions {
  /** Who finds the limit. Default: one in memory, for this process alone. */
  readonly limiter?:
    | (Limiter & {
        /** Told whom it serves. */
        attach?(throttle: Throttle): void
        /** Budgets that it keeps itself, e.g. together with others. */
        readonly paces?: readonly Pace[]
      })
    | undefined
  /** Calls per minute, per day. Default: none. */
  readonly budgets?: readonly CallBudget[] | undefined
  /** Flow → weight, above 0: its share of the permits while others wait as well. Default: 1 each. */
  readonly weights?: Readonly<Record<string, number>> | undefined
}

/** A throttle for one account. All clients of one process that use the same account must share it. */
export function createThrottle(clock: Clock, rng: Rng, options: ThrottleOptions = {}): Throttle {
  const throttle = new AdaptiveThrottle(clock, rng, options)
  options.limiter?.attach?.(throttle)
  return throttle
}

interface Waiting {
  readonly operation: string
  readonly resolve: (permit: Permit) => void
}

class AdaptiveThrottle implements Throttle {
  readonly #clock: Clock
  readonly #rng: Rng
  readonly #limiter: Limiter
  readonly #pacers: readonly Pace[]
  readonly #line: FairLine<Waiting>
  #breaker: Breaker = CLOSED
  #inUse = 0
  #alarm: { readonly atMs: number; readonly cancel: Cancel } | undefined

  constructor(clock: Clock, rng: Rng, options: ThrottleOptions) {
    const { limiter = createLimiter(knownLevel), budgets = [], weights } = options
    this.#clock = clock
    this.#rng = rng
    this.#limiter = limiter
    this.#pacers = [...budgets.map((budget) => new Pacer(budget)), ...(options.limiter?.paces ?? [])]
    this.#line = new FairLine(weights)
  }

  get limit(): number {
    return this.#breaker.state === 'closed' ? this.#limiter.limit : Math.min(1, this.#limiter.limit)
  }

  get inUse(): number {
    return this.#inUse
  }

  get waiting(): number {
    return this.#line.size
  }

  get paused(): boolean {
    return this.#breaker.state === 'open'
  }

  budgets(): BudgetStatus[] {
    return this.#pacers.map((pacer) => pacer.status(this.#clock.now()))
  }

  acquire({ operation = '', flow = '' }: PermitFor = {}): Promise<Permit> {
    return new Promise((resolve) => {
      this.#line.push(flow, { operation, resolve })
      this.#grant()
    })
  }

  wake(): void {
    this.#grant()
  }

  #grant(): void {
    while (this.#line.size > 0 && this.#inUse < this.#limiter.limit) {
      const nowMs = this.#clock.now()
      const waitMs = this.#waitMs(nowMs)
      if (waitMs > 0) {
        this.#lookAgain(nowMs + waitMs)
        return
      }
      for (const pacer of this.#pacers) pacer.take(nowMs)
      const { operation, resolve } = this.#line.shift()!
      resolve(this.#permit(operation, nowMs))
    }
  }

  /** One alarm is enough: one that rings early only looks in vain. */
  #lookAgain(atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return
    this.#alarm?.cancel()
    const cancel = this.#clock.schedule(atMs - this.#clock.now(), () => {
      this.#alarm = undefined
      this.#grant()
    })
    this.#alarm = { atMs, cancel }
  }

  /** Milliseconds until the next call may be sent; infinite: not before one in flight ends. */
  #waitMs(nowMs: number): number {
    if (!admits(this.#breaker, nowMs))
      return this.#breaker.state === 'open' ? this.#breaker.untilMs - nowMs : Number.POSITIVE_INFINITY
    return Math.max(0, ...this.#pacers.map((pacer) => pacer.waitMs(nowMs)))
  }

  #permit(operation: string, startedMs: number): Permit {
    this.#inUse++
    const level = this.#inUse
    this.#breaker = afterSending(this.#breaker)
    const isProbe = this.#breaker.state === 'half-open'
    let open = true
    return {
      release: (signal, retryAfterMs) => {
        if (!open) return
        open = false
        const binding = this.#inUse >= this.#limiter.limit || this.waiting > 0
        this.#inUse--
        const nowMs = this.#clock.now()
        this.#limiter.add({ signal, operation, level, binding, startedMs, endedMs: nowMs })
        this.#breaker = afterCall(this.#rng, this.#breaker, { signal, isProbe, nowMs, retryAfterMs })
        this.#grant()
      },
    }
  }
}

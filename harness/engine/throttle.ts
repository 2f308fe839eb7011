/**
 * Adaptive concurrency: how many calls may be in flight, learned from what the account answers instead of being told.
 * NetSuite refuses call n+1 at once and says neither n nor how many others use the pool [GOV-022, GOV-001], so:
 * slow start until the first 429; then hold the level below it, fall by a factor at most once per round trip when even
 * that is refused, climb back by one per window of successes, and probe above it rarely. When nothing succeeds at all
 * (outage, full pool, revoked token) it pauses, then lets single calls feel their way. Waiting callers are first in, first out.
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'

/** What a finished call says about the account: it answered · all slots were taken · it is unwell or out of reach. */
export type Signal = 'ok' | 'refused' | 'failed'

export interface Permit {
  /** Gives the permit back; once. */
  release(signal: Signal): void
}

export interface Throttle {
  /** Resolves when the caller may send. */
  acquire(): Promise<Permit>
  /** Calls that may be in flight now. */
  readonly limit: number
  readonly inUse: number
  readonly waiting: number
}

/** Enough to learn from the first answers, harmless even to the smallest pool of 5. [GOV-002] */
const LIMIT_START = 2
/** The largest pool NetSuite sells: Ultimate with twelve SuiteCloud Plus licences. [GOV-004] */
const LIMIT_MAX = 140
/** Gentle, because the level refused is known exactly: 429s come from the first call too many, not from a full queue. */
const DECREASE_RATIO = 0.8
/** First gap between two probes above the known level, and the longest after failed ones. One 429 per gap is the price. */
const PROBE_GAP_MS_MIN = 5_000
const PROBE_GAP_MS_MAX = 40_000
/** So many failures in a row, without any success between them, stop all sending for a while. */
const STREAK_MAX = 5
/** Pauses after such streaks: short at first, because a full pool empties within seconds. */
const PAUSE: BackoffOptions = { baseMs: 500, capMs: 30_000 }

/** A throttle for one account. All clients of one process that use the same account must share it. */
export function createThrottle(clock: Clock, rng: Rng): Throttle {
  return new AdaptiveThrottle(clock, rng)
}

class AdaptiveThrottle implements Throttle {
  readonly #clock: Clock
  readonly #rng: Rng
  #limit = LIMIT_START
  #inUse = 0
  /** Highest level believed to be granted; infinite until the first 429. */
  #ceiling = Number.POSITIVE_INFINITY
  /** Successes since the last change of the limit. */
  #credit = 0
  /** Counts decreases: a 429 to a call sent before the last one says nothing new. */
  #epoch = 0
  #probeAtMs = 0
  #probeGapMs = PROBE_GAP_MS_MIN
  #streak = 0
  #pauses = 0
  #resume: Cancel | undefined
  /** Callers in line; the ones before `#first` are gone. */
  #line: ((permit: Permit) => void)[] = []
  #first = 0

  constructor(clock: Clock, rng: Rng) {
    this.#clock = clock
    this.#rng = rng
  }

  get limit(): number {
    return this.#streak >= STREAK_MAX ? 1 : this.#limit
  }

  get inUse(): number {
    return this.#inUse
  }

  get waiting(): number {
    return this.#line.length - this.#first
  }

  acquire(): Promise<Permit> {
    return new Promise((resolve) => {
      this.#line.push(resolve)
      this.#grant()
    })
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
      next(this.#permit())
    }
  }

  #permit(): Permit {
    this.#inUse++
    const level = this.#inUse
    const epoch = this.#epoch
    let open = true
    return {
      release: (signal) => {
        if (!open) return
        open = false
        // Growth must be earned at the limit: successes at half the limit prove nothing about the rest.
        const binding = this.#inUse >= this.#limit || this.waiting > 0
        this.#inUse--
        if (signal === 'ok') this.#succeeded(binding)
        else if (signal === 'failed') this.#missed()
        else if (epoch === this.#epoch) this.#refused(level)
        this.#grant()
      },
    }
  }

  #succeeded(binding: boolean): void {
    this.#streak = 0
    this.#pauses = 0
    if (!binding || this.#limit >= LIMIT_MAX) return
    this.#credit++
    if (this.#ceiling === Number.POSITIVE_INFINITY) {
      this.#setLimit(this.#limit + 1)
    } else if (this.#limit < this.#ceiling) {
      if (this.#credit >= this.#limit) this.#setLimit(this.#limit + 1)
    } else if (this.#limit > this.#ceiling) {
      // A whole window above the known level went well: the pool has grown, so go on upwards without waiting.
      if (this.#credit >= 2 * this.#limit) {
        this.#ceiling = this.#limit
        this.#probeGapMs = PROBE_GAP_MS_MIN
        this.#probeAtMs = this.#clock.now()
        this.#credit = 0
      }
    } else if (this.#clock.now() >= this.#probeAtMs) {
      this.#setLimit(this.#limit + 1)
    }
  }

  #refused(level: number): void {
    const nowMs = this.#clock.now()
    this.#epoch++
    if (this.#limit > this.#ceiling && level > this.#ceiling) {
      // The probe failed: nothing new, step back and leave it longer.
      this.#probeGapMs = Math.min(PROBE_GAP_MS_MAX, this.#probeGapMs * 2)
      this.#setLimit(this.#ceiling)
    } else {
      this.#ceiling = Math.max(1, level - 1)
      this.#probeGapMs = PROBE_GAP_MS_MIN
      this.#setLimit(Math.max(1, Math.floor(level * DECREASE_RATIO)))
    }
    this.#probeAtMs = nowMs + this.#probeGapMs
    this.#missed()
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

  #setLimit(limit: number): void {
    this.#limit = limit
    this.#credit = 0
  }
}

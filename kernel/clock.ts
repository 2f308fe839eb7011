/**
 * Time as a value. `SystemClock` is the machine's; `VirtualClock` jumps to the next timer as soon as nothing is
 * runnable, so a day passes in seconds and equal seeds give equal histories. Nothing outside `kernel/` may touch
 * `Date`, `performance` or timers (test/tidy.test.ts).
 */
import { AppError } from './error.ts'
import { invariant } from './invariant.ts'
import { type Cancel, TimerQueue } from './timers.ts'

export type { Cancel }

export interface Clock {
  readonly mode: 'virtual' | 'wall'
  /** Milliseconds since 1970-01-01T00:00:00Z. May have a fraction. */
  now(): number
  /** Resolves after `ms` milliseconds (0 or less: at once, in a later microtask). */
  sleep(ms: number): Promise<void>
  /** Calls `fn` once after `ms` milliseconds. */
  schedule(ms: number, fn: () => void): Cancel
}

/** A Monday, 09:00 UTC: where virtual time starts unless told otherwise. */
export const VIRTUAL_EPOCH_MS = Date.UTC(2026, 0, 5, 9, 0, 0)

/** More would gain next to nothing. */
const STEPS_PER_TURN = 16

export class SystemClock implements Clock {
  readonly mode = 'wall'
  // performance.now() is monotonic and has sub-millisecond resolution; Date.now() may step backwards.
  readonly #originMs = Date.now() - performance.now()

  now(): number {
    return this.#originMs + performance.now()
  }

  sleep(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve) => setTimeout(resolve, ms))
  }

  schedule(ms: number, fn: () => void): Cancel {
    const timer = setTimeout(fn, Math.max(0, ms))
    return () => clearTimeout(timer)
  }
}

/**
 * Discrete-event time. `run(main)` drives everything that `main` starts: it lets all microtasks finish, then moves
 * to the earliest timer and fires it. Work inside must be promises on this clock only: a socket or a file
 * read would be invisible here, and `run` would report a deadlock.
 */
export class VirtualClock implements Clock {
  readonly mode = 'virtual'
  #nowMs: number
  readonly #timers = new TimerQueue()
  #running = false

  constructor(startMs: number = VIRTUAL_EPOCH_MS) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  sleep(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.schedule(ms, resolve)
    })
  }

  schedule(ms: number, fn: () => void): Cancel {
    return this.#timers.add(this.#nowMs + Math.max(0, ms), fn)
  }

  /** Runs `main` to its end in virtual time and gives its result. Throws `E_DEADLOCK` when nothing can go on. */
  async run<T>(main: () => Promise<T>): Promise<T> {
    invariant(!this.#running, 'VirtualClock.run is not re-entrant')
    this.#running = true
    let settled = false
    const result = main().finally(() => {
      settled = true
    })
    // The rejection is delivered by `await result` below; this only keeps Node from calling it unhandled.
    result.catch(() => {})
    try {
      while (!settled) await this.#turn(() => settled)
      return await result
    } finally {
      this.#running = false
    }
  }

  /**
   * One turn of the event loop: a timer for each of some immediates. Node lets all microtasks finish between two of them, so
   * nothing is runnable when one begins, and a turn for every single timer would cost five times as much.
   */
  #turn(isSettled: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        if (isSettled()) return
        const timer = this.#timers.take()
        if (timer === undefined) {
          reject(deadlock())
          return
        }
        this.#nowMs = timer.atMs
        try {
          timer.fn()
        } catch (error) {
          reject(error)
        }
      }
      for (let steps = 1; steps < STEPS_PER_TURN; steps++) setImmediate(step)
      setImmediate(() => {
        step()
        resolve()
      })
    })
  }

  /** Moves time forward by `ms`, firing what is due in order. For tests that drive time by hand. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    await drainMicrotasks()
    for (;;) {
      const timer = this.#timers.take(untilMs)
      if (timer === undefined) break
      this.#nowMs = timer.atMs
      timer.fn()
      await drainMicrotasks()
    }
    this.#nowMs = untilMs
  }
}

/** Calls `fn` when this turn of the event loop has handed out all input that was waiting. For socket code; no time passes. */
export function atEndOfTurn(fn: () => void): void {
  setImmediate(fn)
}

function deadlock(): AppError {
  return new AppError(
    'E_DEADLOCK',
    'virtual time stands still: the run waits for something that no timer will wake',
    {
      mend: 'look for a promise that is not on the injected clock (a socket, a file, a lock never released)',
    },
  )
}

/** An immediate runs only when the microtask queue is empty: after it, nothing is runnable. */
export function drainMicrotasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

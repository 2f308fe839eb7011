/**
 * A budget of calls per minute or per day, and the pace that keeps to it. Part of it may go at once, for a peak; the rest
 * flows evenly, so that the budget is never spent early and followed by a stop. In no window of that length are more calls
 * sent than the budget has. Accounts with such windows are known from the field report only [GOV-031, GOV-032]; an
 * integration that must leave calls to others needs a budget in every account. Times are given, never read.
 */
import { AppError } from '../../../kernel/error.ts'
import type { BudgetStatus } from '../status.ts'

export interface CallBudget {
  /** For gauges and alerts, e.g. `minute`, `day`. */
  readonly name: string
  /** Length of the window, milliseconds. */
  readonly windowMs: number
  /** Calls in any such window, at most; from 1. */
  readonly callsMax: number
  /** Share of them that may go at once after a quiet time, 0..1. Default 0.25. */
  readonly burstRatio?: number
}

const BURST_RATIO_DEFAULT = 0.25
/** The window is counted in so many slices. */
export const SLICES = 60

/** What keeps a budget. */
export interface Pace {
  /** Whole milliseconds until a call may be sent; 0: now. Infinite: it will say so itself. */
  waitMs(nowMs: number): number
  /** Counts a call that is sent now. */
  take(nowMs: number): void
  /** How much of the window that ends now is used, to within a slice of it. */
  status(nowMs: number): BudgetStatus
}

/** Throws `E_BUDGET_INVALID`. */
export function checkBudget({
  name,
  windowMs,
  callsMax,
  burstRatio = BURST_RATIO_DEFAULT,
}: CallBudget): void {
  if (callsMax >= 1 && windowMs > 0 && burstRatio >= 0 && burstRatio <= 1) return
  throw new AppError('E_BUDGET_INVALID', `the budget "${name}" cannot be kept`, {
    expected: 'callsMax of 1 or more, windowMs above 0, burstRatio from 0 to 1',
  })
}

/** Calls that may go at once, at most. */
export function burstOf({ callsMax, burstRatio = BURST_RATIO_DEFAULT }: CallBudget): number {
  return Math.max(1, Math.floor(callsMax * burstRatio))
}

/** A budget that one process keeps by itself. */
export class Pacer implements Pace {
  readonly #budget: CallBudget
  /** Calls that may go at once, at most. */
  readonly #burst: number
  readonly #perMs: number
  /** Calls that may go now; a fraction is on its way to the next. */
  #ready: number
  #atMs = Number.NEGATIVE_INFINITY
  readonly #counts = new Float64Array(SLICES)
  #slice = 0

  constructor(budget: CallBudget) {
    checkBudget(budget)
    const { windowMs, callsMax } = budget
    this.#budget = budget
    this.#burst = burstOf(budget)
    this.#perMs = Math.max(1, callsMax - this.#burst) / windowMs
    this.#ready = this.#burst
  }

  waitMs(nowMs: number): number {
    this.#refill(nowMs)
    return this.#ready >= 1 ? 0 : Math.ceil((1 - this.#ready) / this.#perMs)
  }

  take(nowMs: number): void {
    this.#refill(nowMs)
    this.#ready--
    this.#turn(nowMs)
    this.#counts[this.#slice % SLICES]!++
  }

  status(nowMs: number): BudgetStatus {
    this.#turn(nowMs)
    const { name, callsMax } = this.#budget
    return { name, used: this.#counts.reduce((a, b) => a + b, 0), limit: callsMax }
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#atMs) return
    if (this.#atMs !== Number.NEGATIVE_INFINITY)
      this.#ready = Math.min(this.#burst, this.#ready + (nowMs - this.#atMs) * this.#perMs)
    this.#atMs = nowMs
  }

  /** Empties the slices that time has left behind. */
  #turn(nowMs: number): void {
    const slice = Math.floor((nowMs / this.#budget.windowMs) * SLICES)
    for (let at = Math.max(this.#slice + 1, slice - SLICES + 1); at <= slice; at++)
      this.#counts[at % SLICES] = 0
    this.#slice = Math.max(this.#slice, slice)
  }
}

/**
 * The clock of an account that is served to real clients. In wall mode it goes `speed` times as fast as the machine's; in
 * virtual mode it stands still, and passes only while a request is under way: from one timer to the next, with a pause
 * for clients to react. Either can be moved forward, which fires what is due in order. It never runs backwards.
 */
import { type Cancel, type Clock, drainMicrotasks } from './clock.ts'
import { invariant } from './invariant.ts'
import { TimerQueue } from './timers.ts'

/** Moving the time of an account from outside. */
export interface ClockControl {
  /** Milliseconds of the account in one of the machine's; 0: it stands still. */
  readonly speed: number
  /** Only in wall mode. 0 holds everything, requests under way as well, until the next move. */
  setSpeed(speed: number): void
  /** Moves on by `ms`, or to `untilMs`; resolves when all that was due has been done. Calls wait for one another. */
  advance(ms: number): Promise<void>
  advanceTo(untilMs: number): Promise<void>
}

export interface ServedClockOptions {
  readonly mode: 'virtual' | 'wall'
  /** Wall mode only; 0 or more. Default 1. */
  readonly speed?: number
  /** Default: what the machine's clock shows. */
  readonly startMs?: number
}

/**
 * Virtual time waits so long of the machine's before it moves, from the first request on and after each answer: what clients
 * send at once, or as soon as they are answered, must be under way at once in the account as well, or no limit is ever met.
 */
const QUIET_MS = 5
/** Timers of the machine cannot be longer than 24 days. */
const WAKE_MS_MAX = 86_400_000

export class ServedClock implements Clock, ClockControl {
  readonly mode: 'virtual' | 'wall'
  readonly #machine: Clock
  readonly #timers = new TimerQueue()
  #speed: number
  /** At `#anchorMachineMs` of the machine it was `#anchorMs` here. */
  #anchorMs: number
  #anchorMachineMs: number
  /** When the machine wakes this clock, in its own time; only meaningful while a wake is planned. */
  #wakeMs = Number.POSITIVE_INFINITY
  #cancelWake: Cancel = () => {}
  /** Requests under way. */
  #inFlight = 0
  /** Counts what virtual time waits after. */
  #stirs = 0
  #moves: Promise<void> = Promise.resolve()
  #isMoving = false
  #isClosed = false

  constructor(machine: Clock, { mode, speed = 1, startMs = machine.now() }: ServedClockOptions) {
    this.mode = mode
    this.#machine = machine
    this.#speed = mode === 'virtual' ? 0 : speed
    this.#anchorMs = startMs
    this.#anchorMachineMs = machine.now()
  }

  get speed(): number {
    return this.#speed
  }

  now(): number {
    if (this.#speed === 0) return this.#anchorMs
    return this.#anchorMs + (this.#machine.now() - this.#anchorMachineMs) * this.#speed
  }

  sleep(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.schedule(ms, resolve)
    })
  }

  schedule(ms: number, fn: () => void): Cancel {
    const atMs = this.now() + Math.max(0, ms)
    const cancel = this.#timers.add(atMs, fn)
    if (this.mode === 'wall' && atMs < this.#wakeMs) this.#planWake()
    return cancel
  }

  setSpeed(speed: number): void {
    invariant(this.mode === 'wall', 'a virtual clock has no speed')
    this.#setNow(this.now())
    this.#speed = speed
    this.#planWake()
  }

  /** Does `work`, a request; a virtual clock moves only while there is some. */
  during<T>(work: () => Promise<T>): Promise<T> {
    if (this.mode === 'wall') return work()
    this.#inFlight++
    if (this.#inFlight === 1) this.#stir()
    return work().finally(() => {
      this.#inFlight--
      this.#stir()
    })
  }

  advance(ms: number): Promise<void> {
    return this.#inTurn(() => this.#moveTo(this.now() + ms))
  }

  advanceTo(untilMs: number): Promise<void> {
    return this.#inTurn(() => this.#moveTo(untilMs))
  }

  /** No timer fires any more, and none keeps the process alive. */
  close(): void {
    this.#isClosed = true
    this.#cancelWake()
  }

  #setNow(nowMs: number): void {
    this.#anchorMs = nowMs
    this.#anchorMachineMs = this.#machine.now()
  }

  #inTurn(move: () => Promise<void>): Promise<void> {
    const turn = this.#moves.then(move)
    this.#moves = turn.catch(() => {})
    return turn
  }

  async #moveTo(untilMs: number): Promise<void> {
    this.#isMoving = true
    try {
      await drainMicrotasks()
      while (!this.#isClosed && (await this.#fireNext(untilMs))) {}
      if (untilMs > this.now()) this.#setNow(untilMs)
    } finally {
      this.#isMoving = false
      if (this.mode === 'wall') this.#planWake()
      else this.#stir()
    }
  }

  /** Jumps to the next timer and lets all that follows from it finish; false when there is none until then. */
  async #fireNext(untilMs?: number): Promise<boolean> {
    const timer = this.#timers.take(untilMs)
    if (timer === undefined) return false
    if (timer.atMs > this.now()) this.#setNow(timer.atMs)
    timer.fn()
    await drainMicrotasks()
    return true
  }

  /** Wall mode: the machine calls when the first timer is due. */
  #planWake(): void {
    this.#cancelWake()
    const nextMs = this.#timers.nextMs()
    this.#wakeMs = Number.POSITIVE_INFINITY
    if (nextMs === undefined || this.#speed === 0 || this.#isClosed) return
    this.#wakeMs = nextMs
    const waitMs = Math.max(0, Math.ceil((nextMs - this.now()) / this.#speed))
    this.#cancelWake = this.#machine.schedule(Math.min(waitMs, WAKE_MS_MAX), () => {
      for (let due = this.#timers.take(this.now()); due !== undefined; due = this.#timers.take(this.now()))
        due.fn()
      this.#planWake()
    })
  }

  /** Virtual mode: a request came, or was answered. Time passes a little later. */
  #stir(): void {
    this.#stirs++
    this.#cancelWake()
    if (this.#inFlight === 0 || this.#isMoving || this.#isClosed) return
    this.#cancelWake = this.#machine.schedule(QUIET_MS, () => void this.#passTime(this.#stirs))
  }

  /** Until a request is answered, or there is nothing to wait for. */
  async #passTime(stirs: number): Promise<void> {
    while (this.#stirs === stirs && !this.#isMoving && !this.#isClosed && (await this.#fireNext())) {}
  }
}

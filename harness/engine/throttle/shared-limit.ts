/**
 * A limiter that many processes share: every quarter of a second each takes its turn on the board (board.ts), wherever that
 * is kept. Between turns it goes by its last share, and by none at all once its lease has run out: a worker that is cut off
 * sends nothing new, for by then others may have its slots.
 */
import type { Cancel, Clock } from '../../../kernel/clock.ts'
import { isQueueTrouble } from '../queue.ts'
import type { LimitAlgorithm, Limiter, Sample } from './algorithm.ts'
import { type Board, inFlightOfOthers, leave, type TurnResult, takeTurn } from './board.ts'
import type { CallBudget } from './pacer.ts'
import { dealCalls, SharedPace } from './shared-budget.ts'

/** Where a board is kept. Compare and swap: no lock is ever held over a network that may be cut. */
export interface BoardStore<State> {
  /** The board, its version, and what time it is there. Version 0, and no board: there is none yet. */
  read(): Promise<{
    readonly version: number
    readonly board: Board<State> | undefined
    readonly nowMs: number
  }>
  /** Puts `board` in the place of `version`. `false`: somebody else was faster, and nothing has changed. */
  swap(version: number, board: Board<State>): Promise<boolean>
}

/** What the limiter asks of the throttle it serves. */
export interface Served {
  readonly inUse: number
  readonly waiting: number
  wake(): void
}

export interface SharedLimitOptions<State extends object> {
  readonly algorithm: LimitAlgorithm<State>
  /** Unlike that of any other worker of the account. */
  readonly id: string
  /** Calls per minute, per day, of all together. Default: none. */
  readonly budgets?: readonly CallBudget[] | undefined
}

/** Short beside a call, long beside a trip to the database. */
const TURN_MS = 250
/** So many workers take turns that often; more take them less often, so that a fleet does not wear the board out. */
const MEMBERS_AT_FULL_PACE = 8
/** Some turns may fail before slots are lost. */
const LEASE_MS_MIN = 5_000
const LEASE_TURNS = 8
/** Others were faster so many times: the next turn will do. */
const TRIES_MAX = 5
/** While the board is out of reach. Older ones say least about now. */
const SAMPLES_MAX = 10_000
/** Turns looked back on: longer than a call lasts. */
const SEEN_MAX = 300

export class SharedLimit<State extends object> implements Limiter {
  readonly #clock: Clock
  readonly #store: BoardStore<State>
  readonly #options: SharedLimitOptions<State>
  /** The budgets that all keep together, for the throttle. */
  readonly paces: readonly SharedPace[]
  #served: Served = { inUse: 0, waiting: 0, wake: () => {} }
  #samples: Sample[] = []
  #slots = 0
  /** Calls refused since the last turn: their slots are not there, and only the next turn can say so. */
  #refused = 0
  #untilMs = 0
  #isFirst = false
  /** What the others had in flight, turn by turn, oldest first. */
  #seen: { readonly atMs: number; readonly others: number }[] = []
  #turnMs = TURN_MS
  #cancel: Cancel | undefined
  #turning: Promise<void> | undefined
  #stopped = false
  #failure: ((error: unknown) => void) | undefined

  constructor(clock: Clock, store: BoardStore<State>, options: SharedLimitOptions<State>) {
    this.#clock = clock
    this.#store = store
    this.#options = options
    this.paces = (options.budgets ?? []).map((budget) => new SharedPace(budget))
  }

  /** Slots of this process; 0 before the first turn, and once it is cut off. */
  get limit(): number {
    return this.#clock.now() < this.#untilMs ? Math.max(0, this.#slots - this.#refused) : 0
  }

  /** Whether what one of all workers must do is for this one; false once it is cut off. Two may be told so for a moment. */
  get isFirst(): boolean {
    return this.#isFirst && this.#clock.now() < this.#untilMs
  }

  add(sample: Sample): void {
    if (sample.signal === 'refused') this.#refused++
    if (this.#samples.length === SAMPLES_MAX) this.#samples.shift()
    this.#samples.push(sample)
  }

  /** Names the throttle that it serves; once. */
  attach(served: Served): void {
    this.#served = served
  }

  /** Takes turns until `stop`. Rejects with an error of the store that does not pass. */
  run(): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#failure = reject
    })
    this.#next(0)
    return failed
  }

  /** Gives the slots back, as far as the board can be reached, and takes no more turns. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#turning
    this.#untilMs = 0
    await this.#change((board) => ({ board: leave(board!, this.#options.id) })).catch(() => {})
  }

  #next(waitMs: number): void {
    this.#cancel = this.#clock.schedule(waitMs, () => {
      this.#turning = this.turn()
        .catch((error: unknown) => {
          if (!isQueueTrouble(error)) this.#failure?.(error)
        })
        .then(() => {
          if (!this.#stopped) this.#next(this.#turnMs)
        })
    })
  }

  /** One turn: samples and needs to the board, a share from it. */
  async turn(): Promise<void> {
    const { id, algorithm } = this.#options
    // The lease runs from before the board was asked: it must not end later here than there.
    const startedMs = this.#clock.now()
    const leaseMs = Math.max(LEASE_MS_MIN, LEASE_TURNS * this.#turnMs)
    const samples = this.#samples
    this.#samples = []
    const { inUse, waiting } = this.#served
    const reports = this.paces.map((pace) => pace.report(waiting))
    const putBack = (): void => {
      this.#putBack(samples)
      for (const [n, report] of reports.entries()) this.paces[n]!.putBack(report)
    }
    const result = await this.#change((board, nowMs) => {
      const others = inFlightOfOthers(board, id, nowMs)
      const ofAll = samples.map((sample) => this.#ofAll(sample, others, nowMs - startedMs))
      const turn = { id, inUse, demand: inUse + waiting, samples: ofAll, nowMs, leaseMs }
      const taken = takeTurn(algorithm, board, turn)
      return { ...taken, ...dealCalls(board, taken.board, { id, reports, nowMs }), others }
    }).catch((error: unknown) => {
      putBack()
      throw error
    })
    if (result === undefined) putBack()
    else {
      this.#seen.push({ atMs: startedMs, others: result.others })
      if (this.#seen.length > SEEN_MAX) this.#seen.shift()
      const { board, given } = result
      for (const pace of this.paces)
        pace.accept(given[pace.name]!, board.budgets![pace.name]!, startedMs + leaseMs)
      this.#take(result, startedMs + leaseMs)
    }
  }

  /** A call as one of all calls: at the level of all together when it was sent, in the board's time. */
  #ofAll(sample: Sample, others: number, skewMs: number): Sample {
    // The turn after it was sent shows what the others had then; the one before would miss what they took since.
    const seen = this.#seen.find(({ atMs }) => atMs >= sample.startedMs)
    return {
      ...sample,
      level: sample.level + (seen?.others ?? others),
      startedMs: sample.startedMs + skewMs,
      endedMs: sample.endedMs + skewMs,
    }
  }

  /** For the next turn. An answer that was lost may have taken them along: then they count twice, which does little harm. */
  #putBack(samples: readonly Sample[]): void {
    this.#samples = [...samples, ...this.#samples].slice(-SAMPLES_MAX)
  }

  #take({ slots, members, isFirst }: TurnResult<State>, untilMs: number): void {
    const hasGrown = slots > this.limit
    this.#isFirst = isFirst
    this.#slots = slots
    this.#refused = 0
    this.#untilMs = untilMs
    this.#turnMs = TURN_MS * Math.max(1, members / MEMBERS_AT_FULL_PACE)
    if (hasGrown || this.paces.length > 0) this.#served.wake()
  }

  /** Changes the board; `undefined` when others were faster every time. */
  async #change<R extends { readonly board: Board<State> }>(
    change: (board: Board<State> | undefined, nowMs: number) => R,
  ): Promise<R | undefined> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const { version, board, nowMs } = await this.#store.read()
      const result = change(board, nowMs)
      if (await this.#store.swap(version, result.board)) return result
    }
    return undefined
  }
}

/** A board in memory, for several engines of one process. Kept as text, as everywhere. */
export class MemoryBoard<State> implements BoardStore<State> {
  readonly #clock: Clock
  #text: string | undefined
  #version = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async read() {
    const board = this.#text === undefined ? undefined : (JSON.parse(this.#text) as Board<State>)
    return { version: this.#version, board, nowMs: this.#clock.now() }
  }

  async swap(version: number, board: Board<State>): Promise<boolean> {
    if (version !== this.#version) return false
    this.#version++
    this.#text = JSON.stringify(board)
    return true
  }
}

/**
 * The engine's own algorithm. NetSuite refuses call n+1 at once and says neither n nor how many others use the pool
 * [GOV-022, GOV-001], so a refusal is the price of knowing the level exactly. Slow start until the first one; then hold the
 * level below it, and try one more now and then, as often as a budget of refusals allows. A try that is granted is slow
 * start again. Refused at the known level: somebody else has come, so step back by a fifth, and feel the way up again to
 * what is left.
 *
 * Accounts that queue refuse nothing. There, calls that take longer than they used to raise a suspicion, and an experiment
 * settles it: with fewer in flight, a queue makes calls faster, and an account that has become slower does not.
 */
import { LIMIT_MAX, LIMIT_START, type LimitAlgorithm, type Sample } from './algorithm.ts'

export interface KnownLevel {
  readonly limit: number
  /** Highest level believed to be granted. */
  readonly ceiling: number
  /** Nothing has been refused yet. */
  readonly isStarting: boolean
  /** How far above the ceiling the limit may go, one step per success: doubles with every round of calls granted there. */
  readonly reach: number
  /** Successes since the limit last changed. */
  readonly credit: number
  /** Windows of successes before the next try above the ceiling; doubles with each that is refused. */
  readonly gapWindows: number
  /** Refusals that may be risked now. */
  readonly budget: number
  readonly refusedMs: number
  /** Where the last step back led; above it the limit is on its way up to the ceiling. */
  readonly floor: number
  /** The account has been seen to queue: nothing above the ceiling is believed without looking at times. */
  readonly queues: boolean
  /** Operation → milliseconds a call of it takes without a queue, from so many calls. */
  readonly usual: Readonly<Record<string, Usual>>
  /** Times of the present window as shares of the usual ones. */
  readonly window: Window
  /** The window before was slow: no growth until the next one. One may be chance, and a biased measure to compare with. */
  readonly isSlow: boolean
  /** The experiment under way: the limit before it, and what calls took there as a share of the usual. */
  readonly experiment: Experiment | null
}

interface Experiment {
  readonly limit: number
  readonly ratio: number
}

interface Usual {
  readonly ms: number
  readonly calls: number
}

interface Window {
  readonly calls: number
  readonly sum: number
  readonly sumOfSquares: number
}

/** So much is left to whoever has come, at once: one by one each of its calls would cost a refusal. */
const DECREASE_RATIO = 0.8
/** One refusal for so many successes, so that with what neighbours cost 429s stay below half a per cent of calls. */
const CALLS_PER_REFUSAL = 500
const BUDGET_START = 2
const BUDGET_MAX = 4
const BUDGET_MIN = 0
/** An account that answers few calls is still asked that often whether there is more. */
const TRY_EVERY_MS = 40_000
const GAP_WINDOWS_MAX = 32
/** What is usual for an operation is learned from so many calls. */
const USUAL_CALLS = 20
/** A window moves what is usual by so much of the difference, once a refusal has shown that there is no queue. */
const NEWS_SHARE = 0.1
/** Operations told apart; the rest share one entry. */
const OPERATIONS_MAX = 30
const OTHERS = ''
/** Calls of a window, at least: times scatter. */
const WINDOW_CALLS_MIN = 30
/** So much slower than usual, and by so many standard errors, is no chance. */
const SLOW_RATIO = 1.3
const STANDARD_ERRORS = 4
/** Share of the limit that an experiment keeps, and what times must fall below to prove a queue: midway to that share. */
const EXPERIMENT_RATIO = 0.7
const PROOF_RATIO = 0.83
/** A queue this short is none. */
const SHORT_RATIO = 1.1
/** Windows between two tries in an account that queues: each ends in a queue for all who share the account. */
const QUEUE_GAP_WINDOWS = 16

const EMPTY: Window = { calls: 0, sum: 0, sumOfSquares: 0 }

export const knownLevel: LimitAlgorithm<KnownLevel> = {
  name: 'known level',
  initial: () => ({
    limit: LIMIT_START,
    ceiling: 1,
    isStarting: true,
    reach: LIMIT_MAX,
    credit: 0,
    gapWindows: 1,
    budget: BUDGET_START,
    refusedMs: 0,
    floor: LIMIT_START,
    queues: false,
    usual: {},
    window: EMPTY,
    isSlow: false,
    experiment: null,
  }),
  limit: ({ limit }) => limit,
  after: (state, sample) => {
    // A call sent above today's limit was sent before the last decrease: it says nothing new.
    if (sample.signal === 'failed' || sample.level > state.limit) return state
    if (sample.signal === 'refused') return refused(state, sample)
    return sample.binding ? timed(granted(state, sample), sample) : state
  },
}

/** Every change of the limit begins a new window: what was measured belongs to another level. */
function moved(state: KnownLevel, limit: number): KnownLevel {
  return { ...state, limit: Math.min(LIMIT_MAX, Math.max(1, limit)), credit: 0, window: EMPTY, isSlow: false }
}

function refused(state: KnownLevel, { level, startedMs, endedMs }: Sample): KnownLevel {
  const { ceiling, limit, floor, credit, gapWindows, budget, refusedMs } = state
  // Sent before the last refusal was known: part of the same news.
  if (startedMs < refusedMs) return state
  const paid = {
    ...state,
    budget: Math.max(BUDGET_MIN, budget - 1),
    refusedMs: endedMs,
    isStarting: false,
    reach: 1,
    queues: false,
    experiment: null,
  }
  if (limit > ceiling) {
    // Calls on the way up are not back yet, so the level refused may say more than those granted. It may also be that of
    // another call than the one too many, for the network decides which of them arrives last; then nothing is gained.
    const known = Math.max(ceiling, level - 1)
    const gap = known > ceiling ? gapWindows : Math.min(GAP_WINDOWS_MAX, gapWindows * 2)
    return { ...moved(paid, known), ceiling: known, gapWindows: gap }
  }
  // A step too far on the way up: the one before was granted just now.
  const isClimbing = limit > floor && credit < limit
  const next = Math.max(1, isClimbing ? level - 1 : Math.floor(level * DECREASE_RATIO))
  return { ...moved(paid, next), ceiling: Math.max(1, level - 1), floor: next, gapWindows: 1 }
}

function granted(before: KnownLevel, { level, endedMs }: Sample): KnownLevel {
  const budget = Math.min(BUDGET_MAX, before.budget + 1 / CALLS_PER_REFUSAL)
  const state = { ...before, budget, credit: before.credit + 1 }
  const { ceiling, limit, credit } = state
  if (state.experiment !== null || state.isSlow) return state
  if (level > ceiling && !state.queues) {
    const reach = Math.min(LIMIT_MAX, state.reach + 1)
    return grown({ ...state, ceiling: level, reach, gapWindows: 1 })
  }
  if (limit > ceiling) return grown(state)
  if (limit < ceiling) return credit >= limit ? moved(state, limit + 1) : state
  const mayTry = budget >= 1 || endedMs - state.refusedMs >= TRY_EVERY_MS
  return mayTry && credit >= limit * state.gapWindows ? moved(state, limit + 1) : state
}

function grown(state: KnownLevel): KnownLevel {
  const { ceiling, limit, reach } = state
  return { ...state, limit: Math.min(LIMIT_MAX, ceiling + reach, limit + 1) }
}

/** Looks at the time a call took, against what is usual for its operation. */
function timed(before: KnownLevel, { operation, level, startedMs, endedMs }: Sample): KnownLevel {
  // Sent when fewer were in flight: no measure of this level.
  if (level < before.limit && !before.isStarting) return before
  const tookMs = Math.max(1, endedMs - startedMs)
  const state = learned(before, operation, tookMs)
  const ratio = tookMs / (usualOf(state, operation) ?? usualOf(state, OTHERS)!).ms
  const window = {
    calls: state.window.calls + 1,
    sum: state.window.sum + ratio,
    sumOfSquares: state.window.sumOfSquares + ratio * ratio,
  }
  const calls = state.isStarting ? WINDOW_CALLS_MIN : Math.max(WINDOW_CALLS_MIN, state.limit)
  if (window.calls < (state.experiment === null ? calls : 2 * calls)) return { ...state, window }
  return judged({ ...state, window: EMPTY }, window)
}

/** Operations are named by callers: not even `__proto__` may find what is not there. */
function usualOf({ usual }: KnownLevel, operation: string): Usual | undefined {
  return Object.hasOwn(usual, operation) ? usual[operation] : undefined
}

function learned(state: KnownLevel, operation: string, tookMs: number): KnownLevel {
  const { usual } = state
  const isFull = Object.keys(usual).length >= OPERATIONS_MAX
  const key = isFull && usualOf(state, operation) === undefined ? OTHERS : operation
  const { ms, calls } = usualOf(state, key) ?? { ms: 0, calls: 0 }
  if (calls >= USUAL_CALLS) return state
  return { ...state, usual: { ...usual, [key]: { ms: ms + (tookMs - ms) / (calls + 1), calls: calls + 1 } } }
}

/** At the end of a window: is there a queue? */
function judged(state: KnownLevel, { calls, sum, sumOfSquares }: Window): KnownLevel {
  const { experiment, limit, ceiling } = state
  const ratio = sum / calls
  if (experiment !== null) {
    const isQueue = ratio < experiment.ratio * PROOF_RATIO
    if (isQueue) return queueProven(state, experiment, ratio)
    return { ...rebased(moved(state, experiment.limit), experiment.ratio), experiment: null }
  }
  const deviation = Math.sqrt(Math.max(0, sumOfSquares / calls - ratio * ratio))
  const isNoChance = Math.abs(ratio - 1) * Math.sqrt(calls) > STANDARD_ERRORS * deviation
  const isSlow = isNoChance && ratio > SLOW_RATIO
  // Measured on the way up, so it belongs to no level: stay here and look again.
  if (isSlow && state.isStarting) return { ...state, isStarting: false, reach: 1, ceiling: limit, isSlow }
  if (isSlow) return state.isSlow ? experimentFrom(state, ratio) : { ...state, isSlow }
  if (isNoChance && ratio < 1 / SLOW_RATIO) return rebased(state, ratio)
  // Not slower: where the account queues this is what proves the level tried.
  const calm = { ...state, isSlow }
  if (state.queues) return limit > ceiling ? { ...calm, ceiling: limit, credit: 0 } : calm
  // What the first calls took was a guess, in an account that was idle then.
  return state.refusedMs > 0 ? rebased(calm, 1 + (ratio - 1) * NEWS_SHARE) : calm
}

/** The first time the way leads down to where no queue is, for what was called usual may have been waiting already. */
function queueProven(state: KnownLevel, from: Experiment, ratio: number): KnownLevel {
  const { queues, limit } = state
  const proven = { ...state, queues: true, reach: 1, ceiling: limit, gapWindows: QUEUE_GAP_WINDOWS }
  if (!queues || ratio >= SHORT_RATIO) return experimentFrom(proven, ratio)
  // What calls took longer there than here, they spent in the queue: without it so many would have done. (Little)
  const enough = Math.max(limit, Math.round((from.limit * ratio) / from.ratio))
  return { ...moved(proven, enough), ceiling: enough, experiment: null }
}

function experimentFrom(state: KnownLevel, ratio: number): KnownLevel {
  const { limit } = state
  const fewer = Math.max(1, Math.floor(limit * EXPERIMENT_RATIO))
  return { ...moved(state, fewer), experiment: fewer < limit ? { limit, ratio } : null }
}

/** Calls take so much longer or shorter for a reason of their own: this is usual from now on. */
function rebased(state: KnownLevel, ratio: number): KnownLevel {
  const entries = Object.entries(state.usual).map(([key, { ms, calls }]) => [key, { ms: ms * ratio, calls }])
  return { ...state, usual: Object.fromEntries(entries) as Record<string, Usual> }
}

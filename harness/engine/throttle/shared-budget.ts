/**
 * A budget of calls that many workers keep together: what may be sent is on their board (board.ts), and at each turn a worker takes
 * some of it, to be sent soon. What it has not sent it gives back. Calls given and not yet told of fill the burst as those do
 * that are there: so in no window do all together send more than the budget has, whenever they send and whatever turns fail. What a
 * worker that died was given counts as sent.
 */
import type { BudgetStatus } from '../status.ts'
import type { Board } from './board.ts'
import { burstOf, type CallBudget, checkBudget, type Pace, SLICES } from './pacer.ts'

/** One budget on the board. */
export interface BudgetState {
  /** Calls that may be given out; a fraction is on its way to the next. */
  readonly ready: number
  readonly atMs: number
  /** The window is counted in slices; this is the newest, by number since 1970. */
  readonly slice: number
  readonly counts: readonly number[]
}

/** What one worker says of one budget at its turn. */
export interface BudgetReport {
  readonly budget: CallBudget
  /** Calls sent since its last turn. */
  readonly used: number
  /** Calls it would send now. */
  readonly wanted: number
}

export interface Deal {
  readonly id: string
  readonly reports: readonly BudgetReport[]
  readonly nowMs: number
}

/** `after` a worker's turn on `before`, with what it is given of each budget. */
export function dealCalls<State>(
  before: Board<State> | undefined,
  after: Board<State>,
  { id, reports, nowMs }: Deal,
): { readonly board: Board<State>; readonly given: Readonly<Record<string, number>> } {
  if (reports.length === 0) return { board: after, given: {} }
  const others = Object.entries(after.members).filter(([other]) => other !== id)
  const budgets: Record<string, BudgetState> = { ...before?.budgets }
  const calls: Record<string, { readonly given: number; readonly atMs: number }> = {}
  for (const { budget, used, wanted } of reports) {
    const { name, windowMs } = budget
    const fresh = { ready: burstOf(budget), atMs: nowMs, slice: 0, counts: [] }
    const state = counted(turned(budgets[name] ?? fresh, windowMs, nowMs), used)
    const held = before?.members[id]?.calls?.[name] ?? { given: 0, atMs: 0 }
    const outstanding = others.reduce((sum, [, member]) => sum + (member.calls?.[name]?.given ?? 0), 0)
    const returned = Math.max(0, held.given - used)
    const ready = refilled(state, budget, { returned, outstanding, nowMs })
    // Who has waited longer than this one comes first, so that even a budget with hardly a call per turn starves nobody.
    const waiting = others.filter(([, member]) => member.demand > member.inUse)
    const ahead = waiting.filter(([, member]) => (member.calls?.[name]?.atMs ?? 0) < held.atMs).length
    const share = Math.ceil(ready / (waiting.length + 1))
    const given = Math.max(0, Math.min(wanted, share, Math.floor(ready) - ahead))
    calls[name] = { given, atMs: given > 0 ? nowMs : held.atMs }
    budgets[name] = { ...state, ready: ready - given, atMs: Math.max(nowMs, state.atMs) }
  }
  const given = Object.fromEntries(Object.entries(calls).map(([name, one]) => [name, one.given]))
  const me = { ...after.members[id]!, calls }
  return { board: { ...after, budgets, members: { ...after.members, [id]: me } }, given }
}

interface Refill {
  readonly returned: number
  /** Given to others and not told of yet. */
  readonly outstanding: number
  readonly nowMs: number
}

/** What may be given out now. */
function refilled(
  { ready, atMs }: BudgetState,
  budget: CallBudget,
  { returned, outstanding, nowMs }: Refill,
): number {
  const burst = burstOf(budget)
  const perMs = Math.max(1, budget.callsMax - burst) / budget.windowMs
  const flown = ready + returned + Math.max(0, nowMs - atMs) * perMs
  return Math.max(0, Math.min(burst - outstanding, flown))
}

function counted(state: BudgetState, used: number): BudgetState {
  const at = state.slice % SLICES
  return { ...state, counts: state.counts.with(at, state.counts[at]! + used) }
}

/** `state` with the slices emptied that time has left behind. */
function turned(state: BudgetState, windowMs: number, nowMs: number): BudgetState {
  const slice = Math.max(state.slice, Math.floor((nowMs / windowMs) * SLICES))
  const counts = Array.from({ length: SLICES }, (_, n) => state.counts[n] ?? 0)
  for (let at = Math.max(state.slice + 1, slice - SLICES + 1); at <= slice; at++) counts[at % SLICES] = 0
  return { ...state, slice, counts }
}

/** One budget as a worker has it between its turns. */
export class SharedPace implements Pace {
  readonly #budget: CallBudget
  #left = 0
  #untilMs = 0
  #used = 0
  #usedByAll = 0

  /** Throws `E_BUDGET_INVALID`. */
  constructor(budget: CallBudget) {
    checkBudget(budget)
    this.#budget = budget
  }

  get name(): string {
    return this.#budget.name
  }

  /** 0, or infinite: only a turn brings more. */
  waitMs(nowMs: number): number {
    return this.#left > 0 && nowMs < this.#untilMs ? 0 : Number.POSITIVE_INFINITY
  }

  take(): void {
    this.#left--
    this.#used++
  }

  status(): BudgetStatus {
    const { name, callsMax } = this.#budget
    return { name, used: this.#usedByAll + this.#used, limit: callsMax }
  }

  /** What to say at a turn that begins. Until it has ended well nothing may be sent: it gives back what is left. */
  report(waiting: number): BudgetReport {
    const used = this.#used
    this.#left = 0
    this.#used = 0
    return { budget: this.#budget, used, wanted: used + waiting }
  }

  /** The turn has ended well. */
  accept(given: number, { counts }: BudgetState, untilMs: number): void {
    this.#left = given
    this.#untilMs = untilMs
    this.#usedByAll = counts.reduce((sum, count) => sum + count, 0)
  }

  /** The turn has failed: what was said is said again. */
  putBack({ used }: BudgetReport): void {
    this.#used += used
  }
}

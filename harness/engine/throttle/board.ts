/**
 * How several workers share what one account grants: one board of plain JSON, on which each in turn adds what its calls
 * have shown, says what it needs, and takes its share. Pure. A worker may hold slots only until its word on the board runs
 * out; then they are the others'. No turn gives out more than the limit leaves free, so leases never add up to more than
 * the limit, save for calls that were in flight already when the limit fell.
 */
import type { LimitAlgorithm, Sample } from './algorithm.ts'
import type { BudgetState } from './shared-budget.ts'

export interface Member {
  /** Calls it may have in flight until `untilMs`, or has. */
  readonly slots: number
  readonly inUse: number
  /** In flight and in line. */
  readonly demand: number
  readonly untilMs: number
  /** Since when it has been one without a gap. Absent: an earlier version wrote it. */
  readonly sinceMs?: number
  /** Of each budget: calls that it was given at its last turn, and when it was last given any. */
  readonly calls?: Readonly<Record<string, { readonly given: number; readonly atMs: number }>>
}

export interface Board<State> {
  /** Whose state it is: another algorithm starts anew. */
  readonly algorithm: string
  readonly state: State
  readonly members: Readonly<Record<string, Member>>
  /** Budgets that all keep together, by name. */
  readonly budgets?: Readonly<Record<string, BudgetState>>
}

export interface Turn {
  readonly id: string
  readonly inUse: number
  readonly demand: number
  /** Calls that ended since the last turn, in the board's time. */
  readonly samples: readonly Sample[]
  /** By the clock of whoever keeps the board. */
  readonly nowMs: number
  readonly leaseMs: number
}

export interface TurnResult<State> {
  readonly board: Board<State>
  /** Calls that the worker may have in flight now. */
  readonly slots: number
  /** The limit of all together. */
  readonly limit: number
  /** How many share the account, this one among them. */
  readonly members: number
  /** Whether it has been one for the longest: what one of all must do is for it. */
  readonly isFirst: boolean
}

/** So long one keeps the slot more that does not divide evenly, before it is the next one's. */
const ROTATE_MS = 5_000

/** One worker's turn. `board` is `undefined` before the first of all. */
export function takeTurn<State extends object>(
  algorithm: LimitAlgorithm<State>,
  board: Board<State> | undefined,
  { id, inUse, demand, samples, nowMs, leaseMs }: Turn,
): TurnResult<State> {
  const others = othersOf(board, id, nowMs)
  const sorted = [...samples].sort((a, b) => a.endedMs - b.endedMs)
  const state = sorted.reduce((before, sample) => algorithm.after(before, sample), stateOf(algorithm, board))
  const limit = algorithm.limit(state)
  const demands = [...others.map(([other, member]) => [other, member.demand] as const), [id, demand] as const]
  const share = shareOut(limit, demands, Math.floor(nowMs / ROTATE_MS)).get(id)!
  const held = others.reduce((sum, [, { slots }]) => sum + slots, 0)
  const slots = Math.max(0, Math.min(share, limit - held))
  // Calls that are in flight cannot be called back: until they end, their slots are not free for others.
  const before = board?.members[id]
  const sinceMs = before !== undefined && before.untilMs > nowMs ? (before.sinceMs ?? nowMs) : nowMs
  const mine: Member = { slots: Math.max(slots, inUse), inUse, demand, untilMs: nowMs + leaseMs, sinceMs }
  return {
    board: {
      ...(board?.budgets && { budgets: board.budgets }),
      algorithm: algorithm.name,
      state,
      members: { ...Object.fromEntries(others), [id]: mine },
    },
    slots,
    limit,
    members: demands.length,
    isFirst: others.every(([other, member]) => rank(id, mine) < rank(other, member)),
  }
}

/** By time of coming, then by name. */
function rank(id: string, { sinceMs = 0 }: Member): string {
  return `${String(Math.floor(sinceMs)).padStart(16, '0')} ${id}`
}

/** Calls that the others have in flight: whoever needs its slots has filled them as soon as it had them. */
export function inFlightOfOthers(board: Board<unknown> | undefined, id: string, nowMs: number): number {
  return othersOf(board, id, nowMs).reduce((sum, [, { slots, demand }]) => sum + Math.min(slots, demand), 0)
}

function othersOf(board: Board<unknown> | undefined, id: string, nowMs: number): [string, Member][] {
  const members = Object.entries(board?.members ?? {})
  return members.filter(([other, { untilMs }]) => other !== id && untilMs > nowMs)
}

/** The board without a worker that ends. */
export function leave<State>(board: Board<State>, id: string): Board<State> {
  const { [id]: _, ...members } = board.members
  return { ...board, members }
}

/** The state on the board, or a new one where another algorithm or version wrote it. */
function stateOf<State extends object>(
  algorithm: LimitAlgorithm<State>,
  board: Board<State> | undefined,
): State {
  const initial = algorithm.initial()
  if (board === undefined || board.algorithm !== algorithm.name) return initial
  const isOurs = Object.keys(initial).every((key) => key in board.state)
  return isOurs ? board.state : initial
}

/**
 * `limit` dealt out one by one to those who need more, then what nobody needs, so that whoever gets work can start at once.
 * `round` moves the one who is dealt to first, so that even with fewer slots than workers nobody starves.
 */
export function shareOut(
  limit: number,
  demands: readonly (readonly [id: string, demand: number])[],
  round: number,
): Map<string, number> {
  const sorted = [...demands].sort(([a], [b]) => (a < b ? -1 : 1))
  const first = round % sorted.length
  const order = [...sorted.slice(first), ...sorted.slice(0, first)]
  const shares = new Map(order.map(([id]) => [id, 0]))
  let left = limit
  const deal = (wants: (id: string, demand: number) => boolean): void => {
    for (let dealt = true; dealt && left > 0; ) {
      dealt = false
      for (const [id, demand] of order) {
        if (left === 0 || !wants(id, demand)) continue
        shares.set(id, shares.get(id)! + 1)
        left--
        dealt = true
      }
    }
  }
  deal((id, demand) => shares.get(id)! < demand)
  deal(() => true)
  return shares
}

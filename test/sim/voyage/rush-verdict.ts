/**
 * Judges an engine in a hurry by its wire: how many calls it has refused to it, how much of what it is granted it uses, how often it
 * knocks where nobody answers, and how much it tries again. Bounds follow from what an engine can know, with room for chance.
 */
import { type Rush, SPELL_MS, TURN_MS } from './rush-plan.ts'
import type { Exchange } from './wire-log.ts'

export interface RushOutcome {
  readonly wire: readonly Exchange[]
  readonly originMs: number
  /** When all was done, since the start; `undefined`: never. */
  readonly drainedMs: number | undefined
  readonly dead: number
  readonly salesOrders: number
}

/** Refusals that one change may cost: the pool may be found full by as many as it holds, and on every step down. */
const REFUSALS_PER_CHANGE = 14
/** Beyond these it asks whether there is more: so often by time, so often by calls. */
const ASKS_EVERY_MS = 30_000
const ASKS_EVERY_CALLS = 150
/** Looking for the level takes so long, at the start, and when there is more than before. */
const LEARN_MS = 30_000
const RELEARN_MS = 150_000
/** Slots used of those granted, on average, once they are known. */
const USE_RATIO_MIN = 0.7
/**
 * Calls into an outage, beside a full pool of them that are on their way when it is seen: five, and as many whenever a call from
 * before still succeeds in between, until five fail in a row; then pauses that double.
 */
const KNOCKS_MAX = 40
/** Retries: saved up, for each order, for each second. */
const RETRIES_SAVED = 100
const RETRIES_PER_ORDER = 0.5
const RETRIES_PER_SEC = 2

/** Everything that was wrong, each as `check: what`. */
export function judgeRush(rush: Rush, outcome: RushOutcome): string[] {
  const { drainedMs, dead, salesOrders } = outcome
  const found: string[] = []
  if (drainedMs === undefined) found.push('rush: it never ended')
  if (dead > 0) found.push(`rush: ${dead} orders were given up`)
  if (salesOrders !== rush.orders.length)
    found.push(`rush: ${salesOrders} sales orders for ${rush.orders.length} orders`)
  return [
    ...found,
    ...judgeRefusals(rush, outcome),
    ...judgeUse(rush, outcome),
    ...judgeKnocks(rush, outcome),
    ...judgeRetries(outcome),
  ]
}

/** Never mind when: at every moment no more than what was to be learned until then has cost. */
function judgeRefusals({ limit, turn }: Rush, { wire, originMs }: RushOutcome): string[] {
  let refused = 0
  for (const [index, { status, sentMs }] of wire.entries()) {
    if (status !== 429) continue
    refused++
    const atMs = sentMs - originMs
    const changes = atMs > TURN_MS && turn.kind !== 'bad-spell' ? 2 : 1
    const most = changes * (limit + REFUSALS_PER_CHANGE) + atMs / ASKS_EVERY_MS + index / ASKS_EVERY_CALLS
    if (refused > most)
      return [`refusals: ${refused} of the first ${index + 1} calls, until ${Math.round(atMs / 1000)} s`]
  }
  return []
}

/** While there is always something to send, what is granted is used. */
function judgeUse({ limit, turn }: Rush, { wire, originMs, drainedMs = 0 }: RushOutcome): string[] {
  const spans: (readonly [fromMs: number, untilMs: number, slots: number])[] = [[LEARN_MS, TURN_MS, limit]]
  if (turn.kind === 'cut') spans.push([TURN_MS + LEARN_MS, TURN_MS + 2 * LEARN_MS, turn.limit])
  if (turn.kind === 'raise') spans.push([TURN_MS + RELEARN_MS, TURN_MS + RELEARN_MS + LEARN_MS, turn.limit])
  if (turn.kind === 'outage')
    spans.push([TURN_MS + SPELL_MS + LEARN_MS, TURN_MS + SPELL_MS + 2 * LEARN_MS, limit])
  return spans.flatMap(([fromMs, untilMs, slots]) => {
    // At the end of the backlog there is nothing to use them for.
    if (untilMs > drainedMs - LEARN_MS / 3) return []
    const used = usedOf(wire, originMs + fromMs, originMs + untilMs)
    return used >= USE_RATIO_MIN * slots
      ? []
      : [`use: ${used.toFixed(1)} of ${slots} slots from ${fromMs / 1000} s to ${untilMs / 1000} s`]
  })
}

/** Calls under way that were granted, on average. */
function usedOf(wire: readonly Exchange[], fromMs: number, untilMs: number): number {
  const timesMs = wire.map(({ status, sentMs, heardMs = sentMs }) =>
    status === 429 ? 0 : Math.max(0, Math.min(heardMs, untilMs) - Math.max(sentMs, fromMs)),
  )
  return timesMs.reduce((sum, ms) => sum + ms, 0) / (untilMs - fromMs)
}

/** Where nothing gets through, hardly anything is sent. */
function judgeKnocks({ limit, turn }: Rush, { wire, originMs }: RushOutcome): string[] {
  if (turn.kind !== 'outage') return []
  const [fromMs, untilMs] = [originMs + TURN_MS, originMs + TURN_MS + SPELL_MS]
  const knocks = wire.filter(({ sentMs }) => sentMs >= fromMs && sentMs < untilMs).length
  return knocks <= limit + KNOCKS_MAX ? [] : [`knocks: ${knocks} calls into an outage`]
}

/** Tries beyond the first ones stay a share of these, and a trickle. */
function judgeRetries({ wire, originMs }: RushOutcome): string[] {
  const known = new Set<string>()
  let retries = 0
  for (const { method, externalId, sentMs } of wire) {
    if (method !== 'POST' || externalId === undefined) continue
    if (known.has(externalId)) retries++
    known.add(externalId)
    const seconds = (sentMs - originMs) / 1000
    const most = RETRIES_SAVED + RETRIES_PER_ORDER * known.size + RETRIES_PER_SEC * seconds
    if (retries > most)
      return [`storm: ${retries} retries of ${known.size} orders in ${Math.round(seconds)} s`]
  }
  return []
}

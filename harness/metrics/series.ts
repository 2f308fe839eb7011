/**
 * The columns of the report's charts: what happened in each step of time. Pure functions of the arrivals, the
 * engine's events and the account's journal. Levels (slots, queue) show the highest value within a step and carry over
 * from one step to the next; percentiles within a step are exact (nearest rank).
 */
import type { JournalEntry } from '../../protocol/control.ts'
import type { Series } from '../result.ts'
import { roundMs } from './histogram.ts'
import type { SlotChange } from './slots.ts'

export interface SeriesInput {
  /** Start of the load, milliseconds since the epoch. */
  readonly originMs: number
  /** Intended arrivals, milliseconds since `originMs`. */
  readonly arrivalsMs: readonly number[]
  /** First completion per order: absolute time, and latency from the intended arrival. */
  readonly completions: readonly { readonly atMs: number; readonly latencyMs: number }[]
  readonly backlog: readonly { readonly atMs: number; readonly size: number }[]
  readonly modes: readonly { readonly atMs: number; readonly mode: string }[]
  readonly batches: readonly { readonly endedMs: number; readonly records: number }[]
  readonly journal: readonly JournalEntry[]
  readonly slots: readonly SlotChange[]
}

/** Enough for a wide screen; more would be less than a pixel each. */
const STEPS_MAX = 300
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Lengths that a person can read off an axis. */
const STEPS_MS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
] as const

/** The finest readable step that covers `spanMs` in at most `STEPS_MAX` steps; whole days beyond that. */
export function stepFor(spanMs: number): number {
  const fits = STEPS_MS.find((stepMs) => spanMs < stepMs * STEPS_MAX)
  return fits ?? Math.ceil(spanMs / STEPS_MAX / (24 * HOUR)) * 24 * HOUR
}

/** Columns of equal length, from the start of the load to the last event. */
export function computeSeries(input: SeriesInput): Series {
  const { originMs, arrivalsMs, completions, backlog, modes, batches, journal, slots } = input
  const spanMs = Math.max(0, lastOf(input))
  const stepMs = stepFor(spanMs)
  const steps = Math.floor(spanMs / stepMs) + 1
  const stepOf = (atMs: number): number =>
    Math.min(steps - 1, Math.max(0, Math.floor((atMs - originMs) / stepMs)))
  const countBy = (times: Iterable<number>): number[] => {
    const column = new Array<number>(steps).fill(0)
    for (const atMs of times) column[stepOf(atMs)]!++
    return column
  }
  const latencies = Array.from({ length: steps }, (): number[] => [])
  for (const { atMs, latencyMs } of completions) latencies[stepOf(atMs)]!.push(latencyMs)
  for (const column of latencies) column.sort((a, b) => a - b)
  const percentile = (p: number): (number | null)[] => latencies.map((sorted) => nearestRank(sorted, p))
  const levels = (changes: readonly { atMs: number; level: number }[]): number[] =>
    highestPerStep(changes, stepOf, steps)
  return {
    stepMs,
    atMs: Array.from({ length: steps }, (_, step) => step * stepMs),
    arrivals: countBy(arrivalsMs.map((atMs) => originMs + atMs)),
    completions: latencies.map(({ length }) => length),
    calls: countBy(journal.map(({ endedMs }) => endedMs)),
    refused: countBy(journal.filter(({ status }) => status === 429).map(({ endedMs }) => endedMs)),
    slotsInUse: levels(slots.map(({ atMs, inUse }) => ({ atMs, level: inUse }))),
    queueDepth: levels(backlog.map(({ atMs, size }) => ({ atMs, level: size }))),
    latencyP50Ms: percentile(50),
    latencyP95Ms: percentile(95),
    latencyP99Ms: percentile(99),
    batchMode: levels(modes.map(({ atMs, mode }) => ({ atMs, level: mode === 'batch' ? 1 : 0 }))),
    batchRecords: countBy(batches.flatMap(({ endedMs, records }) => Array<number>(records).fill(endedMs))),
    faultHits: countBy(journal.filter(({ fault }) => fault !== undefined).map(({ endedMs }) => endedMs)),
  }
}

/** Milliseconds from the start of the load to the last thing that happened. */
function lastOf({ originMs, arrivalsMs, completions, journal }: SeriesInput): number {
  let last = 0
  for (const atMs of arrivalsMs) last = Math.max(last, atMs)
  for (const { atMs } of completions) last = Math.max(last, atMs - originMs)
  for (const { endedMs } of journal) last = Math.max(last, endedMs - originMs)
  return last
}

function nearestRank(sorted: readonly number[], percentile: number): number | null {
  if (sorted.length === 0) return null
  const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length))
  return roundMs(sorted[rank - 1]!)
}

/** A level holds until the next change, so a step's highest includes what the step began with. */
function highestPerStep(
  changes: readonly { readonly atMs: number; readonly level: number }[],
  stepOf: (atMs: number) => number,
  steps: number,
): number[] {
  const highest = new Array<number>(steps).fill(0)
  let step = 0
  let level = 0
  for (const change of changes) {
    const until = stepOf(change.atMs)
    while (step < until) highest[++step] = level
    level = change.level
    highest[step] = Math.max(highest[step]!, level)
  }
  while (step < steps - 1) highest[++step] = level
  return highest
}

/**
 * The open loop. Intended start times are computed before anything runs; the driver hands each order over at its
 * time and never waits for what came before. More hand-overs in flight than `maxVus`: that start is dropped and
 * counted, never delayed. In wall time the lateness of every start is measured, so that a run can say that the
 * harness, not the integration, was the bottleneck.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Load } from '../scenario.ts'
import { constantStartTimes } from './constant-arrival-rate.ts'
import { rampingStartTimes } from './ramping-arrival-rate.ts'

/** One start, intended before the run. */
export interface PlannedStart {
  /** Milliseconds since the start of the load. */
  readonly atMs: number
  /** Which load of the scenario it belongs to; `maxVus` counts per load. */
  readonly load: number
}

export interface StartReport {
  /** Starts that were handed over. */
  readonly started: number
  /** Starts that were dropped because `maxVus` hand-overs were in flight. */
  readonly dropped: number
  /** Starts that were later than `LATE_START_MS`. */
  readonly late: number
  /** Worst lateness; 0 in virtual time. */
  readonly maxStartLagMs: number
}

export interface DriveOptions<T extends PlannedStart> {
  /** Ascending by `atMs`. */
  readonly starts: readonly T[]
  /** Milliseconds since the epoch that `atMs` counts from. */
  readonly originMs: number
  /** Hand-overs in flight at most, per load. */
  readonly maxVus: readonly number[]
  /** Called at its time; its promise ends the hand-over. Must not reject. */
  readonly start: (planned: T) => Promise<void>
  readonly onDropped: (planned: T) => void
}

/** A tenth of a second: a hundred times a timer's resolution, and far below any latency a trial is about. */
export const LATE_START_MS = 100
/** More late starts than this share and every percentile above p99 may be the harness's own doing. */
export const LATE_START_RATIO_MAX = 0.01
/** Longest single sleep. Timers of the machine overflow at 24.8 days and then fire at once. */
const SLEEP_MS_MAX = 3_600_000

/** Intended start times of one load, in milliseconds since the start of the whole load, ascending. */
export function startTimes(load: Load): number[] {
  switch (load.executor) {
    case 'constant-arrival-rate':
      return constantStartTimes(load)
    case 'ramping-arrival-rate':
      return rampingStartTimes(load)
  }
}

/** All loads of a scenario in one ascending schedule; of equal times the earlier load comes first. */
export function planStarts(loads: readonly Load[]): PlannedStart[] {
  return loads
    .flatMap((load, index) => startTimes(load).map((atMs) => ({ atMs, load: index })))
    .sort((a, b) => a.atMs - b.atMs || a.load - b.load)
}

/** Whether so many starts were late that the figures cannot be trusted. */
export function harnessWasLate(report: StartReport): boolean {
  const starts = report.started + report.dropped
  return starts > 0 && report.late / starts > LATE_START_RATIO_MAX
}

/** Runs the schedule. Resolves at the last start; `inFlight` settles once every hand-over has ended. */
export async function drive<T extends PlannedStart>(
  clock: Clock,
  options: DriveOptions<T>,
): Promise<{ report: StartReport; inFlight: Promise<void> }> {
  const { starts, originMs, maxVus } = options
  const flying = new Set<Promise<void>>()
  const flyingPerLoad = new Map<number, number>()
  let started = 0
  let late = 0
  let maxStartLagMs = 0
  for (const planned of starts) {
    const dueMs = originMs + planned.atMs
    for (let now = clock.now(); now < dueMs; now = clock.now()) {
      await clock.sleep(Math.min(dueMs - now, SLEEP_MS_MAX))
    }
    const lagMs = clock.now() - dueMs
    if (lagMs > LATE_START_MS) late++
    if (clock.mode === 'wall') maxStartLagMs = Math.max(maxStartLagMs, lagMs)
    const busy = flyingPerLoad.get(planned.load) ?? 0
    if (busy >= (maxVus[planned.load] ?? 0)) {
      options.onDropped(planned)
      continue
    }
    started++
    flyingPerLoad.set(planned.load, busy + 1)
    const flight = options.start(planned).finally(() => {
      flyingPerLoad.set(planned.load, flyingPerLoad.get(planned.load)! - 1)
      flying.delete(flight)
    })
    flying.add(flight)
  }
  const report = { started, dropped: starts.length - started, late, maxStartLagMs }
  return { report, inFlight: Promise.all(flying).then(() => {}) }
}

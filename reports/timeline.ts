/**
 * The series of a run on the one time axis that all pictures share: merged into few enough bins to draw, in units
 * that read well. Merging adds counts up and keeps the highest of a maximum or a percentile; it never averages.
 */
import type { RunResult, Series } from '../harness/result.ts'

/** About two pixels each on a wide screen; a day in seconds would be 86,400 of them. */
const BINS_MAX = 400

/** Columns of equal length, one entry per bin. */
export interface Timeline {
  readonly fromMs: number
  readonly endMs: number
  readonly binMs: number
  /** Steps of the series in one bin; 1: the series as it is. */
  readonly stepsPerBin: number
  readonly atMs: readonly number[]
  readonly arrivals: readonly number[]
  readonly completions: readonly number[]
  readonly calls: readonly number[]
  readonly refused: readonly number[]
  readonly faultHits: readonly number[]
  readonly slotsInUse: readonly number[]
  readonly queueDepth: readonly number[]
  readonly batchMode: readonly number[]
  readonly batchRecords: readonly number[]
  readonly latencyP50Ms: readonly (number | null)[]
  readonly latencyP95Ms: readonly (number | null)[]
  readonly latencyP99Ms: readonly (number | null)[]
}

/** Lays the series out for drawing; `undefined` if there is no step at all. */
export function timelineOf(series: Series): Timeline | undefined {
  const steps = series.atMs.length
  const first = series.atMs[0]
  const last = series.atMs[steps - 1]
  if (first === undefined || last === undefined || !(series.stepMs > 0)) return undefined
  const stepsPerBin = Math.ceil(steps / BINS_MAX)
  const bins = <T, R>(column: readonly T[], merge: (values: readonly T[]) => R): readonly R[] =>
    Array.from({ length: Math.ceil(steps / stepsPerBin) }, (_, bin) =>
      merge(column.slice(bin * stepsPerBin, (bin + 1) * stepsPerBin)),
    )
  return {
    fromMs: first,
    endMs: last + series.stepMs,
    binMs: series.stepMs * stepsPerBin,
    stepsPerBin,
    atMs: bins(series.atMs, (values) => values[0] ?? 0),
    arrivals: bins(series.arrivals, sum),
    completions: bins(series.completions, sum),
    calls: bins(series.calls, sum),
    refused: bins(series.refused, sum),
    faultHits: bins(series.faultHits, sum),
    slotsInUse: bins(series.slotsInUse, highest),
    queueDepth: bins(series.queueDepth, highest),
    batchMode: bins(series.batchMode, highest),
    batchRecords: bins(series.batchRecords, sum),
    latencyP50Ms: bins(series.latencyP50Ms, highestKnown),
    latencyP95Ms: bins(series.latencyP95Ms, highestKnown),
    latencyP99Ms: bins(series.latencyP99Ms, highestKnown),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The highest of a column; 0 for none. Spreading into Math.max would overflow the stack on a long column. */
export function highest(values: readonly number[]): number {
  return values.reduce((top, value) => Math.max(top, value), 0)
}

function highestKnown(values: readonly (number | null)[]): number | null {
  return values.reduce((top, value) => (value === null ? top : Math.max(top ?? value, value)), null)
}

/** A unit of time to count in. */
export interface RateUnit {
  readonly name: string
  readonly unitMs: number
}

const RATE_UNITS: readonly RateUnit[] = [
  { name: 'second', unitMs: 1000 },
  { name: 'minute', unitMs: 60_000 },
  { name: 'hour', unitMs: 3_600_000 },
]

/** The shortest unit in which the highest of `counts` (per bin) is at least one. */
export function rateUnit(counts: readonly number[], binMs: number): RateUnit {
  const top = highest(counts)
  return RATE_UNITS.find(({ unitMs }) => (top * unitMs) / binMs >= 1) ?? RATE_UNITS[0]!
}

/** Counts per bin as counts per unit of time. */
export function rates(counts: readonly number[], binMs: number, { unitMs }: RateUnit): readonly number[] {
  return counts.map((count) => (count * unitMs) / binMs)
}

/** A stretch of time in which a fault was armed, cut to the axis; `undefined` ends: never within the run. */
export interface FaultWindow {
  readonly id: string
  readonly text: string
  readonly span: { readonly fromMs: number; readonly untilMs: number } | undefined
}

/** The fault windows in the order of the scenario. */
export function faultWindows(faults: RunResult['faults'], timeline: Timeline): readonly FaultWindow[] {
  return faults.map(({ id, spec }) => {
    const fromMs = Math.max(timeline.fromMs, spec.fromMs)
    const untilMs = Math.min(timeline.endMs, spec.untilMs ?? timeline.endMs)
    return { id, text: faultText(spec), span: untilMs > fromMs ? { fromMs, untilMs } : undefined }
  })
}

type FaultSpec = RunResult['faults'][number]['spec']

const EFFECTS: Readonly<Record<Exclude<FaultSpec['fault'], 'reject' | 'maintenance'>, string>> = {
  'auth-outage': 'login refused to',
  'reset-before': 'connection reset before',
  'refuse-connection': 'connection refused to',
  slow: 'late answer to',
  'slow-metadata': 'late metadata to',
  'record-locked': 'record locked for',
  'drop-response': 'answer lost after',
  'no-answer': 'silence after',
  dribble: 'slow body after',
  truncate: 'body cut after',
  malform: 'broken body after',
}

/** What a fault does, in a few words: `503 to 5% of POST salesOrder`. */
export function faultText(spec: FaultSpec): string {
  const effect = 'status' in spec ? `${spec.status} to` : EFFECTS[spec.fault]
  const isEvery = spec.probabilityRatio === 1 && spec.everyNth === undefined
  const share = isEvery
    ? 'every'
    : spec.everyNth === undefined
      ? `${Number((spec.probabilityRatio * 100).toPrecision(3))}% of`
      : `1 in ${spec.everyNth}`
  const { methods, operations, recordTypes, externalIdPattern, integrations } = spec.match ?? {}
  const scope = [
    methods?.join('/'),
    operations?.join('/'),
    recordTypes?.join('/'),
    externalIdPattern === undefined ? undefined : `with external ID ${externalIdPattern}`,
    integrations === undefined ? undefined : `by ${integrations.join('/')}`,
  ].filter((part) => part !== undefined)
  const noun = isEvery ? 'request' : 'requests'
  return [effect, share, ...scope, ...(methods === undefined ? [noun] : [])].join(' ')
}

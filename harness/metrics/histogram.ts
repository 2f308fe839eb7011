/**
 * Latencies in an HDR histogram: 3 significant digits from 1 microsecond to 1 hour, in constant memory.
 * Count, minimum, mean and maximum are kept exactly beside it, so a latency above an hour is capped in the
 * percentiles only. All figures leave here rounded to the microsecond: the same run prints the same bytes.
 */
import { build, type Histogram } from 'hdr-histogram-js'
import type { LatencySummary } from '../result.ts'

const MICROS_PER_MS = 1000
/** One hour: nobody sizes an integration by a longer wait, and each doubling costs memory per operation. */
const HIGHEST_MICROS = 3_600_000 * MICROS_PER_MS
const SIGNIFICANT_DIGITS = 3

/** Rounds milliseconds to the microsecond, the resolution of every figure in a result. */
export function roundMs(ms: number): number {
  return Math.round(ms * MICROS_PER_MS) / MICROS_PER_MS
}

export class LatencyHistogram {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_MICROS,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
    bitBucketSize: 32,
    autoResize: false,
    useWebAssembly: false,
  })
  #sumMicros = 0
  #minMicros = Number.POSITIVE_INFINITY
  #maxMicros = 0

  /** Number of latencies recorded. */
  get count(): number {
    return this.#histogram.totalCount
  }

  /** Adds one latency in milliseconds. Below 0 (clocks of two machines) counts as 0. */
  record(latencyMs: number): void {
    const micros = Math.max(0, Math.round(latencyMs * MICROS_PER_MS))
    this.#histogram.recordValue(Math.min(micros, HIGHEST_MICROS))
    this.#sumMicros += micros
    this.#minMicros = Math.min(this.#minMicros, micros)
    this.#maxMicros = Math.max(this.#maxMicros, micros)
  }

  /** The value that `percentile` (0..100) percent of the latencies do not exceed, in ms; `undefined` when empty. */
  percentileMs(percentile: number): number | undefined {
    if (this.count === 0) return undefined
    // HDR answers with the upper edge of a bucket; no latency was above the exact maximum.
    const micros = this.#histogram.getValueAtPercentile(percentile)
    return Math.max(this.#minMicros, Math.min(micros, this.#maxMicros)) / MICROS_PER_MS
  }

  minMs(): number | undefined {
    return this.count === 0 ? undefined : this.#minMicros / MICROS_PER_MS
  }

  maxMs(): number | undefined {
    return this.count === 0 ? undefined : this.#maxMicros / MICROS_PER_MS
  }

  meanMs(): number | undefined {
    return this.count === 0 ? undefined : Math.round(this.#sumMicros / this.count) / MICROS_PER_MS
  }

  /** The figures of a result; all 0 when nothing was recorded. */
  summary(): LatencySummary {
    const at = (percentile: number): number => this.percentileMs(percentile) ?? 0
    return {
      count: this.count,
      minMs: this.minMs() ?? 0,
      meanMs: this.meanMs() ?? 0,
      p50Ms: at(50),
      p90Ms: at(90),
      p95Ms: at(95),
      p99Ms: at(99),
      p999Ms: at(99.9),
      maxMs: this.maxMs() ?? 0,
    }
  }
}

/**
 * Holds thresholds against what was measured. A metric without a single measurement gives `error`, never `pass`:
 * a run in which no order arrived has not shown that orders are fast.
 */
import type { ThresholdResult } from '../result.ts'
import type { LatencyHistogram } from './histogram.ts'
import type { Operator, Threshold } from './threshold-parse.ts'

/** What a run measured; `undefined` where there was nothing to measure. */
export interface Measurements {
  readonly order_latency_ms: LatencyHistogram
  readonly call_latency_ms: LatencyHistogram
  /** 0..1 */
  readonly rejected_ratio: number | undefined
  readonly dropped_iterations: number
  readonly dead_letters: number
  readonly calls_per_order: number | undefined
}

/** One result per threshold, in their order. */
export function evaluateThresholds(
  thresholds: readonly Threshold[],
  measured: Measurements,
): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const { metric, expression, operator, limit } = threshold
    const actual = actualOf(threshold, measured)
    if (actual === undefined) return { metric, expression, status: 'error', actual: null }
    return { metric, expression, status: holds(actual, operator, limit) ? 'pass' : 'fail', actual }
  })
}

function actualOf(threshold: Threshold, measured: Measurements): number | undefined {
  const metric = measured[threshold.metric]
  if (metric === undefined || typeof metric === 'number') return metric
  switch (threshold.aggregation) {
    case 'min':
      return metric.minMs()
    case 'max':
      return metric.maxMs()
    case 'avg':
      return metric.meanMs()
    case 'med':
      return metric.percentileMs(50)
    default:
      return metric.percentileMs(threshold.percentile ?? 50)
  }
}

function holds(actual: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return actual < limit
    case '<=':
      return actual <= limit
    case '>':
      return actual > limit
    case '>=':
      return actual >= limit
    case '==':
      return actual === limit
    case '!=':
      return actual !== limit
  }
}

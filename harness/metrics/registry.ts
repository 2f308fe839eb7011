/**
 * The metrics that thresholds may name: their kind, and which aggregations the kind allows. A threshold on a metric
 * that is not here, or with an aggregation of another kind, is refused before the run.
 */

export type MetricKind = 'trend' | 'rate' | 'count' | 'value'

/** Metric → what it is. */
export const METRICS = {
  order_latency_ms: { kind: 'trend', about: 'intended arrival of an order → in the account' },
  call_latency_ms: { kind: 'trend', about: 'one HTTP attempt as the engine saw it' },
  rejected_ratio: { kind: 'rate', about: '429 answers / calls the account received, 0..1' },
  dropped_iterations: { kind: 'count', about: 'arrivals that could not be handed over' },
  dead_letters: { kind: 'count', about: 'orders the engine gave up' },
  calls_per_order: { kind: 'value', about: 'calls the account received / orders in the account' },
} as const satisfies Record<string, { readonly kind: MetricKind; readonly about: string }>

export type MetricName = keyof typeof METRICS

/** Kind → aggregations, as written in a threshold; `p` stands for `p(N)`. */
export const AGGREGATIONS: Readonly<Record<MetricKind, readonly string[]>> = {
  trend: ['p', 'avg', 'med', 'min', 'max'],
  rate: ['rate'],
  count: ['count'],
  value: ['value'],
}

/** Narrows text to the name of a metric. */
export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

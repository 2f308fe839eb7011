/** If these fail, a gate passes what it should stop, or a typing mistake in a threshold is found after the run. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/error.ts'
import { LatencyHistogram } from './histogram.ts'
import { evaluateThresholds, type Measurements } from './threshold.ts'
import { parseThresholds } from './threshold-parse.ts'

const mistakeOf = (thresholds: Record<string, string[]>): AppError => {
  try {
    parseThresholds(thresholds)
  } catch (error) {
    return error as AppError
  }
  throw new Error('was accepted')
}

describe('parseThresholds', () => {
  it.each([
    ['order_latency_ms', 'p(95) < 20000', { aggregation: 'p', percentile: 95, operator: '<', limit: 20_000 }],
    ['order_latency_ms', ' p( 99.9 )<=1.5 ', { percentile: 99.9, operator: '<=', limit: 1.5 }],
    ['order_latency_ms', 'med<3', { aggregation: 'med', percentile: undefined }],
    ['call_latency_ms', 'avg >= 0', { aggregation: 'avg', operator: '>=' }],
    ['call_latency_ms', 'min != -1', { aggregation: 'min', operator: '!=', limit: -1 }],
    ['call_latency_ms', 'max > 1', { aggregation: 'max' }],
    ['rejected_ratio', 'rate < 0.01', { aggregation: 'rate', limit: 0.01 }],
    ['dropped_iterations', 'count == 0', { aggregation: 'count', operator: '==', limit: 0 }],
    ['calls_per_order', 'value<4', { aggregation: 'value', limit: 4 }],
  ])('reads %s: %s', (metric, expression, expected) => {
    expect(parseThresholds({ [metric]: [expression] })).toEqual([
      expect.objectContaining({ metric, expression, ...expected }),
    ])
  })
  it.each([
    ['order_latency', 'p(95) < 1', /no metric "order_latency"; the nearest is order_latency_ms/],
    ['toString', 'p(95) < 1', /no metric "toString"/],
    ['order_latency_ms', 'count == 0', /is a trend, which has p\(N\), avg, med, min, max/],
    ['dropped_iterations', 'rate < 1', /dropped_iterations is a count/],
    ['rejected_ratio', 'p(95) < 1', /rejected_ratio is a rate, which has rate; the nearest is rate/],
    ['order_latency_ms', 'agv < 1', /the nearest is avg/],
    ['order_latency_ms', 'p < 1', /which has p\(N\)/],
    ['order_latency_ms', 'p(101) < 1', /0 to 100/],
    ['order_latency_ms', 'p(95) = 1', /does not read/],
    ['order_latency_ms', 'p(95) < 20s', /does not read/],
    ['order_latency_ms', 'p(95) <', /does not read/],
    ['order_latency_ms', '', /does not read/],
  ])('refuses %s: %s', (metric, expression, message) => {
    const mistake = mistakeOf({ [metric]: [expression] })
    expect(mistake).toBeInstanceOf(AppError)
    expect(mistake.code).toBe('E_THRESHOLD_INVALID')
    expect(mistake.message).toMatch(message)
  })
  it('reports all mistakes at once', () => {
    const mistake = mistakeOf({ nope: ['max < 1'], order_latency_ms: ['max < 1', 'mx < 1', 'rate < 1'] })
    expect(mistake.message.split('\n')).toHaveLength(4)
    expect(mistake.details.pointer).toBe('/thresholds/nope')
  })
})

describe('evaluateThresholds', () => {
  const latency = new LatencyHistogram()
  for (let ms = 1; ms <= 100; ms++) latency.record(ms)
  const measured: Measurements = {
    order_latency_ms: latency,
    call_latency_ms: new LatencyHistogram(),
    rejected_ratio: 0.02,
    dropped_iterations: 0,
    dead_letters: 3,
    calls_per_order: undefined,
  }
  const statusOf = (metric: string, expression: string) => {
    const [result] = evaluateThresholds(parseThresholds({ [metric]: [expression] }), measured)
    return [result!.status, result!.actual]
  }
  it('passes and fails by the figure', () => {
    expect(statusOf('order_latency_ms', 'p(50) <= 50.1')).toEqual(['pass', 50.015])
    expect(statusOf('order_latency_ms', 'max == 100')).toEqual(['pass', 100])
    expect(statusOf('order_latency_ms', 'max != 100')).toEqual(['fail', 100])
    expect(statusOf('order_latency_ms', 'min >= 1')).toEqual(['pass', 1])
    expect(statusOf('order_latency_ms', 'avg > 50.5')).toEqual(['fail', 50.5])
    expect(statusOf('rejected_ratio', 'rate < 0.01')).toEqual(['fail', 0.02])
    expect(statusOf('dead_letters', 'count == 0')).toEqual(['fail', 3])
  })
  it('errs where nothing was measured', () => {
    expect(statusOf('call_latency_ms', 'p(95) < 1000')).toEqual(['error', null])
    expect(statusOf('calls_per_order', 'value < 4')).toEqual(['error', null])
  })
})

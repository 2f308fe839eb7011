/**
 * Thresholds as k6 writes them, checked before anything runs. White space between tokens is free.
 *
 *   threshold   ::= aggregation operator number
 *   aggregation ::= "p(" number ")" | "avg" | "med" | "min" | "max" | "rate" | "count" | "value"
 *   operator    ::= "<=" | "<" | ">=" | ">" | "==" | "!="          number ::= "-"? digit+ ( "." digit+ )?
 */
import { closest } from 'fastest-levenshtein'
import { AppError } from '../../kernel/error.ts'
import { AGGREGATIONS, isMetricName, METRICS, type MetricName } from './registry.ts'

export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!='

/** A threshold that is known to make sense. */
export interface Threshold {
  readonly metric: MetricName
  /** As the scenario has it. */
  readonly expression: string
  /** `p` with `percentile`, or one of the other aggregations. */
  readonly aggregation: string
  /** 0..100; only for `p`. */
  readonly percentile: number | undefined
  readonly operator: Operator
  readonly limit: number
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?`
const GRAMMAR = new RegExp(
  String.raw`^\s*(?:p\s*\(\s*(${NUMBER})\s*\)|([a-z]+))\s*(<=|<|>=|>|==|!=)\s*(${NUMBER})\s*$`,
)

/** Parses all thresholds of a scenario. Throws one `E_THRESHOLD_INVALID` that names every mistake. */
export function parseThresholds(thresholds: Readonly<Record<string, readonly string[]>>): Threshold[] {
  const parsed: Threshold[] = []
  const mistakes: { pointer: string; text: string }[] = []
  for (const [metric, expressions] of Object.entries(thresholds)) {
    if (!isMetricName(metric)) {
      mistakes.push({ pointer: `/thresholds/${metric}`, text: unknownMetric(metric) })
      continue
    }
    expressions.forEach((expression, index) => {
      const result = parseExpression(metric, expression)
      if (typeof result === 'string')
        mistakes.push({ pointer: `/thresholds/${metric}/${index}`, text: result })
      else parsed.push(result)
    })
  }
  if (mistakes.length === 0) return parsed
  const list = mistakes.map(({ pointer, text }) => `\n  ${pointer}: ${text}`).join('')
  throw new AppError('E_THRESHOLD_INVALID', `thresholds are not valid:${list}`, {
    pointer: mistakes[0]!.pointer,
    expected: 'for example "p(95) < 20000", "rate < 0.01" or "count == 0"',
    mend: 'correct the thresholds above',
  })
}

/** One expression of a known metric, or the sentence that says what is wrong with it. */
function parseExpression(metric: MetricName, expression: string): Threshold | string {
  const match = GRAMMAR.exec(expression)
  if (match === null) return `"${expression}" does not read as aggregation, operator, number`
  const [, percentileText, word, operator, limit] = match
  const aggregation = word ?? 'p'
  const { kind } = METRICS[metric]
  const allowed = AGGREGATIONS[kind]
  if (!allowed.includes(aggregation) || (word === 'p' && percentileText === undefined)) {
    const nearest = closest(aggregation, [...allowed])
    return `"${expression}": ${metric} is a ${kind}, which has ${written(allowed)}; the nearest is ${written([nearest])}`
  }
  const percentile = percentileText === undefined ? undefined : Number(percentileText)
  if (percentile !== undefined && (percentile < 0 || percentile > 100)) {
    return `"${expression}": a percentile is 0 to 100`
  }
  return {
    metric,
    expression,
    aggregation,
    percentile,
    operator: operator as Operator,
    limit: Number(limit),
  }
}

function written(aggregations: readonly string[]): string {
  return aggregations.map((aggregation) => (aggregation === 'p' ? 'p(N)' : aggregation)).join(', ')
}

function unknownMetric(metric: string): string {
  const names = Object.keys(METRICS)
  return `there is no metric "${metric}"; the nearest is ${closest(metric, names)} (all: ${names.join(', ')})`
}

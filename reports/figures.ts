/**
 * What all four renderings say alike: the verdict in a sentence, the five numbers that matter, the contrast with the
 * other engine, the failures. Words and arithmetic only; layout belongs to the renderers.
 */
import type { ConformanceResult, Evidence } from '../conformance/result.ts'
import type { RunResult } from '../harness/result.ts'
import { decimal, duration, NONE, percent } from './format.ts'
import type { ReportInput } from './input.ts'
import { counted, grouped, listed } from './text.ts'

/** One number that matters, with the figures it stands on. */
export interface Figure {
  readonly label: string
  readonly value: string
  readonly note: string
}

/** The outcome of the whole trial. */
export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'untrusted'
  readonly word: string
  readonly sentence: string
}

/** Orders that are in the account, and only once. */
export function exactlyOnce({ totals }: RunResult): number {
  return totals.inAccount - totals.doubled
}

/** The five numbers that matter, always in this order. */
export function keyFigures(run: RunResult): readonly Figure[] {
  const { totals, orderLatency } = run
  const timed = orderLatency.count > 0
  return [
    {
      label: 'orders in the account exactly once',
      value: `${grouped(exactlyOnce(run))} of ${grouped(totals.accepted)}`,
      note: `${grouped(totals.lost)} lost, ${grouped(totals.doubled)} doubled, ${counted(totals.deadLettered, 'dead letter')}`,
    },
    {
      label: 'p95 from arrival to account',
      value: timed ? duration(orderLatency.p95Ms) : NONE,
      note: timed
        ? `median ${duration(orderLatency.p50Ms)}, worst ${duration(orderLatency.maxMs)}`
        : 'no order was completed',
    },
    {
      label: 'calls per order',
      value: totals.calls === 0 ? NONE : decimal(totals.callsPerOrder, 2),
      note: counted(totals.calls, 'call'),
    },
    {
      label: 'calls answered 429',
      value: percent(totals.refused429, totals.calls),
      note:
        totals.calls === 0 ? 'no call was made' : `${grouped(totals.refused429)} of ${grouped(totals.calls)}`,
    },
    {
      label: 'to drain the backlog',
      value: timed ? duration(totals.drainMs) : NONE,
      note: timed ? `after a load of ${duration(totals.loadMs)}` : 'nothing to drain',
    },
  ]
}

/** The outcome of the run, made worse by a failed conformance suite. */
export function verdictOf({ run, conformance }: ReportInput): Verdict {
  const conforms = conformance === undefined || conformance.verdict === 'pass'
  const outcome = run.verdict === 'pass' && !conforms ? 'fail' : run.verdict
  const word = { pass: 'Pass', fail: 'Fail', untrusted: 'Not trustworthy' }[outcome]
  const differs = conforms ? '' : ` ${conformanceSentence(conformance)}`
  return { outcome, word, sentence: `${runSentence(run)}${differs}` }
}

function runSentence(run: RunResult): string {
  if (run.verdict === 'untrusted')
    return 'The harness itself was the bottleneck, so these figures prove nothing about the integration.'
  const { totals } = run
  if (totals.lost > 0 || totals.doubled > 0) {
    const harm = [
      ...(totals.lost > 0 ? [`${grouped(totals.lost)} lost`] : []),
      ...(totals.doubled > 0 ? [`${grouped(totals.doubled)} in the account more than once`] : []),
    ]
    return `${listed(harm)}, of ${counted(totals.accepted, 'accepted order')}.`
  }
  const missed = missedText(run)
  if (run.verdict === 'pass') return `${effectText(run)}.`
  return `${effectText(run)}${missed === '' ? '' : `, but ${missed}`}.`
}

function effectText(run: RunResult): string {
  const { totals, orderLatency } = run
  if (totals.accepted === 0) return 'No order was accepted, so nothing was tried'
  const once = exactlyOnce(run)
  if (once === totals.accepted) {
    const speed = orderLatency.count > 0 ? `, 95% of them within ${duration(orderLatency.p95Ms)}` : ''
    const all = once === 1 ? 'The one accepted order is' : `All ${grouped(once)} accepted orders are`
    return `${all} in the account exactly once${once === 1 ? '' : speed}`
  }
  const rest = totals.accepted - once
  const others = rest === totals.deadLettered ? `; ${counted(rest, 'dead letter')} with a reason` : ''
  return `${grouped(once)} of ${grouped(totals.accepted)} accepted orders are in the account exactly once${others}`
}

function missedText({ checks, thresholds }: RunResult): string {
  const count = (rows: readonly { readonly status: string }[]): number =>
    rows.filter((row) => row.status !== 'pass').length
  const parts = [
    ...(count(checks) > 0 ? [`${count(checks)} of ${counted(checks.length, 'check')}`] : []),
    ...(count(thresholds) > 0 ? [`${count(thresholds)} of ${counted(thresholds.length, 'threshold')}`] : []),
  ]
  const verb = count(checks) + count(thresholds) === 1 ? 'was' : 'were'
  return parts.length === 0 ? '' : `${listed(parts)} ${verb} not met`
}

/** Whether the target behaves as required, in one sentence. */
export function conformanceSentence({ cases, target, verdict }: ConformanceResult): string {
  const fails = cases.filter(({ status }) => status === 'fail').length
  const errors = cases.filter(({ status }) => status === 'error').length
  if (verdict === 'pass') return `${target} passes the conformance suite.`
  const parts = [
    ...(fails > 0 ? [`differs in ${counted(fails, 'case')}`] : []),
    ...(errors > 0 ? [`could not be tried in ${counted(errors, 'case')}`] : []),
  ]
  return `Conformance: ${target} ${parts.length === 0 ? 'did not pass' : listed(parts)}.`
}

/** What the suite could not clean up, in a sentence; `undefined` if nothing. */
export function leftoverText({ leftovers = [] }: ConformanceResult): string | undefined {
  if (leftovers.length === 0) return undefined
  return `${counted(leftovers.length, 'record')} could not be deleted from the target after the run.`
}

/** The command that repeats this run. Words with unusual characters are quoted for a POSIX shell. */
export function replayCommand({ scenario, seed, engine, mode, ordersFrom }: RunResult): string {
  const word = (text: string): string =>
    /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
  const orders = ordersFrom === 'generator' ? '' : ` --orders ${word(ordersFrom)}`
  const clock = mode === 'virtual' ? '' : ' --clock wall'
  return `npm run -s seatrial -- run ${scenario.id} --seed ${word(seed)} --engine ${engine}${clock}${orders}`
}

/** Two engines beside each other. */
export interface Contrast {
  readonly sentence: string
  readonly engines: readonly [string, string]
  readonly rows: readonly { readonly label: string; readonly ours: string; readonly theirs: string }[]
}

/** The side-by-side table, or `undefined` without a second run. */
export function contrastOf({ run, contrast }: ReportInput): Contrast | undefined {
  if (contrast === undefined) return undefined
  const row = (label: string, of: (result: RunResult) => string) => ({
    label,
    ours: of(run),
    theirs: of(contrast),
  })
  const harm = ({ totals }: RunResult): string =>
    totals.lost + totals.doubled === 0
      ? 'lost none and doubled none'
      : `lost ${grouped(totals.lost)} and doubled ${grouped(totals.doubled)}`
  const accepted = counted(contrast.totals.accepted, 'order')
  const same = run.scenario.id === contrast.scenario.id && run.seed === contrast.seed
  return {
    sentence:
      `${same ? 'Under the same load and faults' : `On another trial (${contrast.scenario.id}, seed ${contrast.seed})`}, ` +
      `the ${contrast.engine} engine ${harm(contrast)} of ${accepted}; ` +
      `the ${run.engine} engine ${harm(run)} of ${grouped(run.totals.accepted)}.`,
    engines: [run.engine, contrast.engine],
    rows: [
      row('lost', ({ totals }) => grouped(totals.lost)),
      row('doubled', ({ totals }) => grouped(totals.doubled)),
      row('calls per order', ({ totals }) => decimal(totals.callsPerOrder, 2)),
      row('429 answers', ({ totals }) => grouped(totals.refused429)),
      row('p95 if stored', ({ orderLatency: l }) => (l.count === 0 ? NONE : duration(l.p95Ms))),
    ],
  }
}

/** One thing that went wrong, for lists of failures. */
export interface Failure {
  readonly kind: 'run' | 'check' | 'threshold' | 'conformance'
  readonly status: 'fail' | 'error' | 'untrusted'
  readonly name: string
  readonly detail: string
}

/** Everything that is not a pass, worst kind first. Reasons of the run are left out where they name a row that is in. */
export function failuresOf({ run, conformance }: ReportInput): readonly Failure[] {
  const rows: Failure[] = []
  for (const { id, status, title, summary } of run.checks)
    if (status !== 'pass') rows.push({ kind: 'check', status, name: id, detail: summary || title })
  for (const { metric, expression, status, actual } of run.thresholds)
    if (status !== 'pass')
      rows.push({
        kind: 'threshold',
        status,
        name: `${metric}: ${expression}`,
        detail: actualText(metric, actual),
      })
  const named = [
    ...run.checks.filter(({ status }) => status !== 'pass').map(({ id }) => id),
    ...run.thresholds.filter(({ status }) => status !== 'pass').map(({ metric }) => metric),
  ]
  if (run.verdict !== 'pass')
    for (const reason of run.reasons.filter((text) => !named.some((name) => text.includes(name))).reverse())
      rows.unshift({ kind: 'run', status: run.verdict, name: run.scenario.id, detail: reason })
  const bad = (conformance?.cases ?? []).filter(({ status }) => status === 'fail' || status === 'error')
  for (const level of ['must', 'should'])
    for (const item of bad.filter((each) => each.level === level))
      rows.push({
        kind: 'conformance',
        status: item.status === 'error' ? 'error' : 'fail',
        name: item.id,
        detail: caseText(item),
      })
  return rows
}

/** What a threshold measured, in words; a metric named in milliseconds also as a duration. */
export function actualText(metric: string, actual: number | null): string {
  if (actual === null) return 'not measured'
  const readable = metric.endsWith('_ms') && actual >= 1000 ? ` (${duration(actual)})` : ''
  return `measured ${decimal(actual, 3)}${readable}`
}

function caseText({ title, failure, reason }: ConformanceResult['cases'][number]): string {
  const first = failure?.differences[0]
  if (first === undefined) return reason ?? title
  return `${title}: at ${first.at} expected ${first.expected}, got ${first.actual}`
}

/** Scores of one kind of evidence over all areas. Kinds are never added to each other. */
export interface EvidenceScore {
  readonly evidence: Evidence
  readonly pass: number
  /** Cases that were carried out or tried: pass, fail and error. */
  readonly tried: number
  readonly skipped: number
}

/** How sure we are of a requirement, surest first. */
export const EVIDENCE: readonly Evidence[] = ['documented', 'observed', 'inferred']

/** One score per kind of evidence, leaving out kinds without any case. */
export function evidenceScores({ scores }: ConformanceResult): readonly EvidenceScore[] {
  return EVIDENCE.map((evidence) => {
    const rows = scores.filter((score) => score.evidence === evidence)
    const sum = (of: (row: (typeof rows)[number]) => number): number =>
      rows.reduce((n, row) => n + of(row), 0)
    return {
      evidence,
      pass: sum(({ pass }) => pass),
      tried: sum(({ pass, fail, error }) => pass + fail + error),
      skipped: sum(({ skip, disabled }) => skip + disabled),
    }
  }).filter(({ tried, skipped }) => tried + skipped > 0)
}

/** `documented 82 of 84`, with what was left out. */
export function scoreText({ evidence, pass, tried, skipped }: EvidenceScore): string {
  return `${evidence} ${grouped(pass)} of ${grouped(tried)}${skipped === 0 ? '' : ` (${grouped(skipped)} skipped)`}`
}

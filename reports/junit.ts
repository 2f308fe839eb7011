/**
 * JUnit XML for CI servers: the run's verdict, its checks and thresholds, and one test case per conformance case.
 * No timestamp and no host name, so equal results give equal bytes; times are 0 because readers demand the attribute.
 */
import type { CaseResult } from '../conformance/result.ts'
import { actualText, replayCommand, verdictOf } from './figures.ts'
import type { ReportInput } from './input.ts'
import type { Markup } from './markup.ts'
import { markup } from './markup.ts'
import { clip, oneLine } from './text.ts'

/** One test case. */
interface TestCase {
  readonly classname: string
  readonly name: string
  readonly outcome: 'pass' | 'fail' | 'error' | 'skip'
  readonly message?: string
  readonly text?: string
}

const MESSAGE_CHARS_MAX = 500
/** Servers keep these texts in a database; the result file has them whole. */
const TEXT_CHARS_MAX = 8000

/** Renders the results for GitHub, GitLab and Jenkins. */
export function renderJunit(input: ReportInput): string {
  const { run, conformance } = input
  const suites: readonly (readonly [string, readonly TestCase[]])[] = [
    ['run', [verdictCase(input)]],
    ['checks', checkCases(input)],
    ['thresholds', thresholdCases(input)],
    ...(conformance === undefined ? [] : [['conformance', conformance.cases.map(conformanceCase)] as const]),
  ]
  const all = suites.flatMap(([, cases]) => cases)
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seatrial ${run.scenario.id}" ${tally(all)}>
${suites.map(([name, cases]) => suite(name, cases, input))}</testsuites>
`.text
}

function suite(name: string, cases: readonly TestCase[], { run, conformance }: ReportInput): Markup {
  const properties =
    name === 'conformance'
      ? [['target', conformance?.target ?? '']]
      : [
          ['scenario', run.scenario.id],
          ['seed', run.seed],
          ['engine', run.engine],
          ['mode', run.mode],
        ]
  return markup`  <testsuite name="${name}" ${tally(cases)}>
    <properties>${properties.map(([key, value]) => markup`<property name="${key}" value="${value}"/>`)}</properties>
${cases.map(testCase)}  </testsuite>
`
}

function tally(cases: readonly TestCase[]): Markup {
  const count = (outcome: TestCase['outcome']): number =>
    cases.filter((each) => each.outcome === outcome).length
  return markup`tests="${cases.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('skip')}" time="0"`
}

function testCase({ classname, name, outcome, message, text }: TestCase): Markup {
  const head = markup`<testcase classname="${oneLine(classname, MESSAGE_CHARS_MAX)}" name="${oneLine(name, MESSAGE_CHARS_MAX)}" time="0"`
  const said = markup`message="${oneLine(message ?? '', MESSAGE_CHARS_MAX)}"`
  const body = clip(text ?? message ?? '', TEXT_CHARS_MAX)
  switch (outcome) {
    case 'pass':
      return markup`    ${head}/>
`
    case 'skip':
      return markup`    ${head}><skipped ${said}/></testcase>
`
    case 'fail':
      return markup`    ${head}><failure ${said} type="failure">${body}</failure></testcase>
`
    case 'error':
      return markup`    ${head}><error ${said} type="error">${body}</error></testcase>
`
  }
}

/** Makes a run that failed for another reason than a check or a threshold visible, with the command to replay it. */
function verdictCase({ run }: ReportInput): TestCase {
  const outcome = { pass: 'pass', fail: 'fail', untrusted: 'error' } as const
  const message = verdictOf({ run }).sentence
  return {
    classname: 'run',
    name: `verdict of ${run.scenario.id}`,
    outcome: outcome[run.verdict],
    message,
    text: [message, ...run.reasons, '', `replay: ${replayCommand(run)}`].join('\n'),
  }
}

function checkCases({ run }: ReportInput): readonly TestCase[] {
  return run.checks.map(({ id, status, title, summary, evidence, evidenceOmitted }) => ({
    classname: 'checks',
    name: id,
    outcome: status,
    message: summary,
    text: [
      title,
      summary,
      ...evidence,
      ...(evidenceOmitted > 0 ? [`and ${evidenceOmitted} more`] : []),
      '',
      `replay: ${replayCommand(run)}`,
    ].join('\n'),
  }))
}

function thresholdCases({ run }: ReportInput): readonly TestCase[] {
  return run.thresholds.map(({ metric, expression, status, actual }) => ({
    classname: 'thresholds',
    name: `${metric}: ${expression}`,
    outcome: status,
    message: `required ${expression}, ${actualText(metric, actual)}`,
  }))
}

function conformanceCase(item: CaseResult): TestCase {
  const { id, area, status, title, source, failure, reason } = item
  const outcome = status === 'disabled' ? 'skip' : status
  const first = failure?.differences[0]
  const message =
    first === undefined
      ? (reason ?? (status === 'skip' || status === 'disabled' ? `${status}, no reason given` : title))
      : `at ${first.at} expected ${first.expected}, got ${first.actual}`
  const text = [
    title,
    `requirement: ${source.says}`,
    `source: ${source.ref}, ${source.title}${source.url === undefined ? '' : ` ${source.url}`}`,
    `evidence: ${item.evidence}, level: ${item.level}`,
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    ...(failure === undefined ? [] : [`step ${failure.step + 1}: ${failure.request}`]),
    ...(failure?.differences ?? []).map(
      ({ at, expected, actual }) => `at ${at}\n  expected: ${expected}\n  actual:   ${actual}`,
    ),
  ].join('\n')
  return { classname: area, name: id, outcome, message, text }
}

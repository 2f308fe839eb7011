/**
 * The Markdown summary of a CI job: the verdict first, then the five numbers, the contrast, the failures and the
 * conformance scores. Servers refuse summaries above 1 MiB, so every text and every list in it is bounded.
 */
import {
  contrastOf,
  evidenceScores,
  failuresOf,
  keyFigures,
  leftoverText,
  replayCommand,
  scoreText,
  verdictOf,
} from './figures.ts'
import type { ReportInput } from './input.ts'
import { counted, oneLine } from './text.ts'

const FAILURES_MAX = 20
const CHARS_MAX = 400

const SIGN = { pass: '✅', fail: '❌', untrusted: '⚠️' } as const

/** Renders the summary. Far below 1 MiB whatever the input. */
export function renderSummary(input: ReportInput): string {
  const { run } = input
  const { outcome, word, sentence } = verdictOf(input)
  return [
    `## ${SIGN[outcome]} ${word}: ${escapeMarkdown(run.scenario.title)}`,
    escapeMarkdown(sentence),
    table(
      ['', 'figure', ''],
      keyFigures(run).map(({ label, value, note }) => [label, `**${escapeMarkdown(value)}**`, note]),
    ),
    ...contrastLines(input),
    ...failureLines(input),
    ...conformanceLines(input),
    `Replay: ${codeSpan(replayCommand(run))}`,
    `<sub>${escapeMarkdown(`${run.mode} time, seed ${run.seed}, ${run.engine} engine, account ${run.account.profile}, Seatrial ${run.product.version}`)}</sub>`,
    '',
  ].join('\n\n')
}

function contrastLines(input: ReportInput): readonly string[] {
  const contrast = contrastOf(input)
  if (contrast === undefined) return []
  return [
    `### Against the ${contrast.engines[1]} engine`,
    escapeMarkdown(contrast.sentence),
    table(
      ['', ...contrast.engines],
      contrast.rows.map(({ label, ours, theirs }) => [label, ours, theirs]),
    ),
  ]
}

function failureLines(input: ReportInput): readonly string[] {
  const failures = failuresOf(input)
  if (failures.length === 0) return []
  const more = failures.length - FAILURES_MAX
  const lines = failures
    .slice(0, FAILURES_MAX)
    .map(
      ({ kind, status, name, detail }) =>
        `- **${kind} ${status}** ${codeSpan(name)}: ${escapeMarkdown(detail)}`,
    )
  return [
    `### ${counted(failures.length, 'failure')}`,
    [...lines, ...(more > 0 ? [`- and ${counted(more, 'more', 'more')}`] : [])].join('\n'),
  ]
}

function conformanceLines({ conformance }: ReportInput): readonly string[] {
  if (conformance === undefined) return []
  const scores = evidenceScores(conformance).map((score) => `- ${scoreText(score)}`)
  const none = scores.length === 0 ? ['No case was selected.'] : [scores.join('\n')]
  const left = leftoverText(conformance)
  return [
    `### Conformance of ${escapeMarkdown(conformance.target)}: ${conformance.verdict}`,
    ...none,
    ...(left === undefined ? [] : [left]),
  ]
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n')
}

/** One line of text in which nothing is Markdown or HTML any more. */
function escapeMarkdown(text: string): string {
  return oneLine(text, CHARS_MAX).replace(/[\\`*_{}[\]<>|#~!&@$]/g, '\\$&')
}

/** A code span that no content can leave: its fence is longer than any run of backticks within. */
function codeSpan(text: string): string {
  const line = oneLine(text, CHARS_MAX).replaceAll('|', '¦')
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  return fence === '`' ? `\`${line}\`` : `${fence} ${line} ${fence}`
}

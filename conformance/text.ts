/** Renders a conformance result for a terminal: scores, then what failed and why that matters, then what was not run. */
import type { CaseResult, ConformanceResult } from './result.ts'

const COLUMNS = ['pass', 'fail', 'skip', 'disabled', 'error'] as const

/** Plain text, no colours; evidence kinds keep rows of their own and are never summed. Ends with a newline. */
export function renderConformanceText(result: ConformanceResult): string {
  const failed = result.cases.filter(({ status }) => status === 'fail')
  const errors = result.cases.filter(({ status }) => status === 'error')
  const sections = [
    `Conformance of ${result.target}: ${result.verdict} (${result.product.name} ${result.product.version})`,
    scoreTable(result.scores),
    ...failed.map(failureText),
    ...errors.map((row) => `ERROR ${row.id}: ${row.title}\n  ${row.reason ?? ''}`),
    notRunText(result.cases),
    leftoversText(result.leftovers ?? []),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function scoreTable(scores: ConformanceResult['scores']): string {
  const rows = scores.map((score) => [
    score.area,
    score.evidence,
    ...COLUMNS.map((column) => (score[column] === 0 ? '-' : String(score[column]))),
  ])
  const all = [['area', 'evidence', ...COLUMNS], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))),
    )
    .map((row) => row.join('  ').trimEnd())
    .join('\n')
}

function failureText({ id, level, evidence, title, source, failure }: CaseResult): string {
  const lines = [
    `FAIL ${id} (${level}, ${evidence}): ${title}`,
    `  requirement: ${source.says}`,
    `  source: ${source.ref} ${source.title}${source.url === undefined ? '' : ` <${source.url}>`}`,
  ]
  if (failure !== undefined) {
    lines.push(`  request: ${failure.request} (step ${failure.step})`)
    for (const { at, expected, actual } of failure.differences)
      lines.push(`  at ${at}`, `    expected: ${expected}`, `    actual:   ${actual}`)
  }
  return lines.join('\n')
}

function notRunText(cases: readonly CaseResult[]): string {
  const reasons = new Map<string, number>()
  for (const { status, reason } of cases) {
    if (status !== 'skip' && status !== 'disabled') continue
    const key = `${status}: ${reason ?? ''}`
    reasons.set(key, (reasons.get(key) ?? 0) + 1)
  }
  if (reasons.size === 0) return ''
  return ['Not run:', ...[...reasons].map(([reason, count]) => `  ${count} × ${reason}`)].join('\n')
}

function leftoversText(paths: readonly string[]): string {
  if (paths.length === 0) return ''
  return ['Left in the account (could not be deleted):', ...paths.map((path) => `  ${path}`)].join('\n')
}

/**
 * What a terminal shows at the end of a trial: verdict, five numbers, contrast, conformance, failures with reasons.
 * No wider than asked save for the command to copy, no colour unless asked; no control character from outside reaches
 * the terminal.
 */
import type { Failure } from './figures.ts'
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

/** How to lay the text out. */
export interface TerminalOptions {
  /** True: ANSI colours; false: plain text. */
  readonly colour: boolean
  /** Columns of the terminal; at least 40 are used. */
  readonly width: number
}

const WIDTH_MIN = 40
const FAILURES_MAX = 10
const CHARS_MAX = 400
const ANSI = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const
const TONE = { pass: 'green', fail: 'red', untrusted: 'yellow' } as const

type Paint = (style: keyof typeof ANSI, text: string) => string

/** Renders the closing text of a trial; ends with a line feed. */
export function renderTerminal(input: ReportInput, { colour, width }: TerminalOptions): string {
  const paint: Paint = (style, text) => (colour ? `\u001b[${ANSI[style]}m${text}\u001b[0m` : text)
  const columns = Math.max(WIDTH_MIN, width)
  const { outcome, word, sentence } = verdictOf(input)
  const blocks = [
    hanging(`${word.toUpperCase()}  `, sentence, columns, (lead) =>
      paint('bold', paint(TONE[outcome], lead)),
    ),
    figureLines(input, columns, paint),
    contrastLines(input, columns, paint),
    conformanceLines(input, columns, paint),
    failureLines(input, columns, paint),
    // Not broken into lines: a command is there to be copied.
    outcome === 'pass'
      ? []
      : [`${paint('dim', '  replay  ')}${oneLine(replayCommand(input.run), CHARS_MAX)}`],
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function figureLines({ run }: ReportInput, columns: number, paint: Paint): readonly string[] {
  const figures = keyFigures(run)
  const labels = widest(figures.map(({ label }) => label))
  const values = widest(figures.map(({ value }) => value))
  return figures.map(({ label, value, note }) => {
    const line = `  ${label.padEnd(labels)}  ${paint('bold', value.padStart(values))}`
    // The note is the first thing to go where the terminal is narrow.
    const fits = 2 + labels + 2 + values + 2 + note.length <= columns
    return fits ? `${line}  ${paint('dim', note)}` : line
  })
}

function contrastLines(input: ReportInput, columns: number, paint: Paint): readonly string[] {
  const contrast = contrastOf(input)
  if (contrast === undefined) return []
  const rows = contrast.rows.map(({ label, ours, theirs }) => [label, ours, theirs] as const)
  const head = ['', ...contrast.engines] as const
  const size = ([0, 1, 2] as const).map((index) => widest([head, ...rows].map((row) => row[index] ?? '')))
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, index) => (index === 0 ? cell.padEnd(size[index] ?? 0) : cell.padStart(size[index] ?? 0))).join('   ')}`
  return [
    ...hanging('', contrast.sentence, columns, (lead) => lead),
    paint('dim', line(head)),
    ...rows.map((row) => line(row)),
  ]
}

function conformanceLines({ conformance }: ReportInput, columns: number, paint: Paint): readonly string[] {
  if (conformance === undefined) return []
  const scores = evidenceScores(conformance).map(scoreText)
  const tone = conformance.verdict === 'pass' ? 'green' : 'red'
  const head = `conformance of ${oneLine(conformance.target, CHARS_MAX)}: ${conformance.verdict}`
  const [first = '', ...rest] = wrap(head, columns)
  const left = leftoverText(conformance)
  return [
    [first, ...rest].map((line) => paint(tone, line)).join('\n'),
    ...(scores.length === 0
      ? ['  no case was selected']
      : scores.flatMap((score) => hanging('  ', score, columns, (lead) => lead))),
    ...(left === undefined ? [] : hanging('  ', left, columns, (lead) => lead)),
  ]
}

function failureLines(input: ReportInput, columns: number, paint: Paint): readonly string[] {
  const failures = failuresOf(input)
  if (failures.length === 0) return []
  const more = failures.length - FAILURES_MAX
  return [
    paint('bold', counted(failures.length, 'failure')),
    ...failures
      .slice(0, FAILURES_MAX)
      .flatMap((failure) => hanging('  ✗ ', failureText(failure), columns, (lead) => paint('red', lead))),
    ...(more > 0 ? [paint('dim', `    and ${counted(more, 'more', 'more')} in the report`)] : []),
  ]
}

function failureText({ kind, name, detail }: Failure): string {
  return kind === 'run' ? detail : `${kind} ${name}: ${detail}`
}

/** Text after a lead, its further lines indented to the same column. */
function hanging(
  lead: string,
  text: string,
  columns: number,
  paintLead: (lead: string) => string,
): readonly string[] {
  const [first = '', ...rest] = wrap(oneLine(text, CHARS_MAX), columns - lead.length)
  return [`${paintLead(lead)}${first}`, ...rest.map((line) => `${' '.repeat(lead.length)}${line}`)]
}

/** Breaks at spaces; a word that is too long by itself is cut. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length <= columns) {
      line += ` ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    while (rest.length > columns) {
      lines.push(rest.slice(0, columns))
      rest = rest.slice(columns)
    }
    line = rest
  }
  return line === '' ? lines : [...lines, line]
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length))
}

/** What a part of the bench is, and the words its tables are made of. */

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  /** Cells as they are shown, as many as columns; the first names the row. */
  readonly rows: readonly (readonly string[])[]
}

/** One thing that is measured by itself: in a process of its own, kept in a file of its own under bench/results. */
export interface Part<Row = unknown> {
  /** As `--only` says it; lower case. */
  readonly name: string
  /** Variable of the environment without which it cannot be measured. */
  readonly needs?: string
  /** Rows that survive JSON. `log` takes a line of progress. */
  measure(log: (line: string) => void): Promise<readonly Row[]>
  tables(rows: readonly Row[]): readonly Table[]
  /** A document, by its path from the root, that shows the first table between its markers, under the part's name. */
  readonly document?: string
}

export const MISSED = '**missed**'

/** Whether a goal was met, as a cell. */
export function verdict(isMet: boolean): string {
  return isMet ? 'met' : MISSED
}

/** A figure as a cell, with at most `digits` decimals. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

/** The middle value, the upper of the two where there are two. At least one value. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

export interface Measured {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Undefined: shown for its own sake. */
  readonly goal?: number | undefined
}

/** The plain table: what, how much, at most how much. */
export function goalTable(title: string, rows: readonly Measured[], digits: number): Table {
  return {
    title,
    columns: ['what', 'measured', 'goal', ''],
    rows: rows.map(({ name, value, unit, goal }) => [
      name,
      `${figure(value, digits)} ${unit}`,
      ...(goal === undefined ? ['', ''] : [`≤ ${goal} ${unit}`, verdict(value <= goal)]),
    ]),
  }
}

/** Lines of Markdown, without the title. */
export function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n')
}

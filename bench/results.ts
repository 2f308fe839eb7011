/**
 * What was measured, and when and where: a file for each part, so that a part can be measured anew by itself. The page of
 * all tables and the tables in documents are made from these files, and only from them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fillTables } from '../scripts/doc-tables.ts'
import { figuresTable } from './figures.ts'
import { MISSED, markdown, type Part, type Table } from './part.ts'

export interface Machine {
  /** As `process.version`. */
  readonly node: string
  readonly cores: number
  /** What the system calls the processor. */
  readonly cpu: string
}

/** A file of bench/results: the part's name and `.json`. */
export interface Result {
  /** When the last row was there, ISO 8601 in UTC, to the second. */
  readonly measuredAt: string
  readonly machine: Machine
  readonly rows: readonly unknown[]
}

/** A part with its result; undefined: never measured. */
export interface Measurement {
  readonly part: Part
  readonly result: Result | undefined
}

const ROOT = resolve(import.meta.dirname, '..')
const RESULTS = join('bench', 'results')
const fileOf = (root: string, { name }: Part): string => join(root, RESULTS, `${name}.json`)

/** What is stored below `root` of each part. */
export function readResults(parts: readonly Part[], root = ROOT): readonly Measurement[] {
  return parts.map((part) => {
    const file = fileOf(root, part)
    const result = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined
    return { part, result }
  })
}

export function storeResult(part: Part, result: Result, root = ROOT): void {
  const file = fileOf(root, part)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
}

/** Names of the rows that miss their goal. */
export function missedRows({ part, result }: Measurement): string[] {
  return tablesOf({ part, result })
    .flatMap(({ rows }) => rows)
    .filter((cells) => cells.includes(MISSED))
    .map(([name]) => `${part.name}: ${name}`)
}

function tablesOf({ part, result }: Measurement): readonly Table[] {
  return result === undefined ? [] : part.tables(result.rows)
}

/** One part as Markdown: when and where it was measured, and its tables. */
export function sectionOf(measurement: Measurement): string {
  const { part, result } = measurement
  if (result === undefined) return `## ${part.name}: not measured yet`
  const { node, cores, cpu } = result.machine
  const day = result.measuredAt.slice(0, 10)
  const origin = `\`--only ${part.name}\`, ${day}, with Node ${node}, ${cores} cores of ${cpu}`
  return tablesOf(measurement)
    .map((table) => `## ${table.title}\n\n${origin}\n\n${markdown(table)}`)
    .join('\n\n')
}

/** All that is shown from `measurements`: the page of all parts, and documents with tables in them. Paths from the root. */
export function resultDocuments(measurements: readonly Measurement[], root = ROOT) {
  const page = [
    '# Measured by `npm run bench`',
    'Read ratios, not absolutes. A part is measured anew by `npm run bench -- --only NAME`.',
    ...measurements.map(sectionOf),
  ].join('\n\n')
  const fill = (path: string, name: string, table: Table) => ({
    path,
    text: fillTables(readFileSync(join(root, path), 'utf8'), { [name]: markdown(table) }),
  })
  const documents = measurements.flatMap((measurement) => {
    const { document, name } = measurement.part
    const [table] = tablesOf(measurement)
    return document === undefined || table === undefined ? [] : [fill(document, name, table)]
  })
  const tables = new Map(measurements.map((measurement) => [measurement.part.name, tablesOf(measurement)]))
  return [
    { path: `${RESULTS}/latest.md`, text: `${page}\n` },
    ...documents,
    fill('README.md', 'figures', figuresTable(tables)),
  ]
}

/** Writes what `resultDocuments` makes of what is stored. */
export function writeResultDocuments(parts: readonly Part[], root = ROOT): void {
  for (const { path, text } of resultDocuments(readResults(parts, root), root))
    writeFileSync(join(root, path), text)
}

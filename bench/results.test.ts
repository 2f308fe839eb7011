/**
 * If this fails, measuring one part of the bench loses or changes what is kept of another, a missed goal passes as met, or
 * documents show figures that nobody measured.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { figuresTable } from './figures.ts'
import { figure, goalTable, type Part, verdict } from './part.ts'
import {
  missedRows,
  type Result,
  readResults,
  sectionOf,
  storeResult,
  writeResultDocuments,
} from './results.ts'

const machine = { node: 'v1.2.3', cores: 2, cpu: 'abacus' }
const resultOf = (measuredAt: string, ...rows: unknown[]): Result => ({ measuredAt, machine, rows })

const speed: Part<{ name: string; perSec: number }> = {
  name: 'speed',
  measure: async () => [],
  document: 'docs/speed.md',
  tables: (rows) => [
    {
      title: 'Speed',
      columns: ['what', 'a second', ''],
      rows: rows.map(({ name, perSec }) => [name, figure(perSec), verdict(perSec >= 1000)]),
    },
  ],
}
const size: Part<{ name: string; value: number; unit: string; goal?: number }> = {
  name: 'size',
  measure: async () => [],
  tables: (rows) => [goalTable('Size', rows, 1)],
}
const parts = [speed, size] as Part[]

let root: string
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'seatrial-results-'))
  for (const folder of ['docs', 'bench/results']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'README.md'), '<!-- table: figures -->\n<!-- end -->\n')
  writeFileSync(
    join(root, 'docs/speed.md'),
    'Before.\n\n<!-- table: speed -->\n\nold\n\n<!-- end -->\n\nAfter.\n',
  )
})
afterEach(() => rmSync(root, { recursive: true }))

describe('results of parts', () => {
  it('are kept apart: one measured anew leaves the other as it was, and the page has both with their dates', () => {
    storeResult(parts[0]!, resultOf('2026-01-05T10:00:00Z', { name: 'get', perSec: 999 }), root)
    storeResult(
      parts[1]!,
      resultOf('2026-01-05T10:01:00Z', { name: 'idle', value: 106.25, unit: 'MB', goal: 150 }),
      root,
    )
    storeResult(parts[0]!, resultOf('2026-01-07T10:00:00Z', { name: 'get', perSec: 12_345 }), root)
    writeResultDocuments(parts, root)
    expect(read('bench/results/latest.md')).toBe(`# Measured by \`npm run bench\`

Read ratios, not absolutes. A part is measured anew by \`npm run bench -- --only NAME\`.

## Speed

\`--only speed\`, 2026-01-07, with Node v1.2.3, 2 cores of abacus

| what | a second |  |
|---|---|---|
| get | 12,345 | met |

## Size

\`--only size\`, 2026-01-05, with Node v1.2.3, 2 cores of abacus

| what | measured | goal |  |
|---|---|---|---|
| idle | 106.3 MB | ≤ 150 MB | met |
`)
  })

  it('fill the table of a document, and leave one alone whose part was never measured', () => {
    writeResultDocuments(parts, root)
    expect(read('docs/speed.md')).toContain('old')
    expect(read('bench/results/latest.md')).toContain('## speed: not measured yet')
    storeResult(parts[0]!, resultOf('2026-01-05T10:00:00Z', { name: 'get', perSec: 2000 }), root)
    writeResultDocuments(parts, root)
    expect(read('docs/speed.md')).toBe(
      'Before.\n\n<!-- table: speed -->\n\n| what | a second |  |\n|---|---|---|\n| get | 2,000 | met |\n\n<!-- end -->\n\nAfter.\n',
    )
  })

  it('name each row that misses its goal, and no row without one', () => {
    storeResult(parts[0]!, resultOf('', { name: 'get', perSec: 999 }, { name: 'post', perSec: 1000 }), root)
    const rows = [
      { name: 'idle', value: 151, unit: 'MB', goal: 150 },
      { name: 'full', value: 900, unit: 'MB' },
    ]
    storeResult(parts[1]!, resultOf('', ...rows), root)
    const stored = readResults(parts, root)
    expect(stored.flatMap(missedRows)).toEqual(['speed: get', 'size: idle'])
    expect(sectionOf(stored[1]!)).toContain('| full | 900 MB |  |  |')
  })
})

describe('figures of README', () => {
  const tables = new Map([
    [
      'size',
      [
        goalTable(
          'Size',
          [
            { name: 'idle', value: 151, unit: 'MB', goal: 150 },
            { name: 'start', value: 400, unit: 'ms', goal: 500 },
          ],
          0,
        ),
      ],
    ],
  ])
  it('are cells of the tables of parts, with their goals and what was missed', () => {
    const places = [
      ['size', 'start', 'measured'],
      ['size', 'idle', 'measured'],
      ['speed', 'get', 'ratio'],
    ] as const
    expect(figuresTable(tables, [{ what: 'start; idle; get', places }]).rows).toEqual([
      ['start; idle; get', '400 ms; 151 MB; not measured', '≤ 500 ms; **missed** ≤ 150 MB; –'],
    ])
  })
  it('fail where a part no longer has the row or the column', () => {
    const ask = (row: string, column: string) => () =>
      figuresTable(tables, [{ what: '', places: [['size', row, column]] }])
    expect(ask('gone', 'measured')).toThrow('the part size has no row "gone"')
    expect(ask('idle', 'gone')).toThrow('column "gone"')
  })
})

/** The table of figures in README: a few cells of the tables of parts, so that it says what the page of all parts says. */
import { MISSED, type Table } from './part.ts'

/** Part, row, column. Beside the cell stand its goal and whether it was met. */
type Place = readonly [part: string, row: string, column: string]

interface Figure {
  readonly what: string
  readonly places: readonly Place[]
}

const measured = (part: string, ...rows: readonly string[]): Place[] =>
  rows.map((row) => [part, row, 'measured'])

const FIGURES: readonly Figure[] = [
  {
    what: 'this machine, to the one that the goals in seconds and calls were set on',
    places: [['machine', 'signing with oauth-1.0a, one core', 'to the machine that the goals were set on']],
  },
  {
    what: 'signed GET of a record; POST of a five-line order, of what raw `node:http` does',
    places: [
      ['http', 'signed GET of one record', 'ratio'],
      ['http', 'signed POST of a five-line order', 'ratio'],
    ],
  },
  {
    what: 'virtual time: a day of 10,000 orders; calls a second that read a record, signed and throttled',
    places: [
      ['virtual', 'a day of 10,000 orders, first run', 'time'],
      ['calls', 'reading a record by id, signed and throttled', 'calls/s'],
    ],
  },
  {
    what: '`serve` ready; resident when idle; memory per stored order beyond its JSON',
    places: measured('footprint', 'serve ready', 'serve idle, resident', 'stored order beyond its JSON'),
  },
  {
    what: 'SuiteQL, 100,000 orders of five lines: by id; delta of 1,000; all lines joined and grouped',
    places: measured(
      'suiteql',
      'by id',
      'delta of 1,000 rows by lastmodifieddate',
      'transaction, lines and items joined, grouped',
    ),
  },
  {
    what: 'checking a signature; the engine’s own work for an order',
    places: [
      ['auth', 'OAuth 1.0a signature (TBA)', 'time'],
      ['engine', 'an order', 'measured'],
    ],
  },
]

/** `tables`: by part. A figure whose part was never measured says so; a row or column that is not there throws. */
export function figuresTable(
  tables: ReadonlyMap<string, readonly Table[]>,
  figures: readonly Figure[] = FIGURES,
): Table {
  return {
    title: 'Figures',
    columns: ['what', 'measured', 'goal'],
    rows: figures.map(({ what, places }) => {
      const cells = places.map((place) => cellOf(tables, place))
      return [what, cells.map(({ value }) => value).join('; '), cells.map(({ goal }) => goal).join('; ')]
    }),
  }
}

function cellOf(tables: ReadonlyMap<string, readonly Table[]>, [part, name, column]: Place) {
  const own = tables.get(part) ?? []
  if (own.length === 0) return { value: 'not measured', goal: '–' }
  for (const { columns, rows } of own) {
    const row = rows.find(([first]) => first === name)
    const value = row?.[columns.indexOf(column)]
    if (row === undefined || value === undefined) continue
    const goal = row[columns.indexOf('goal')] ?? ''
    return { value, goal: row.includes(MISSED) ? `${MISSED} ${goal}` : goal }
  }
  throw new Error(`the part ${part} has no row "${name}" with a column "${column}"`)
}

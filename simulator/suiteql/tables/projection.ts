/**
 * Keeps `ql.header`, `ql.line` and `ql.item` equal to the records. Just before a query, those that it reads
 * are brought up to date with what was written since: a write only notes an id, and nothing is noted before the first
 * query. They are in a database of their own in memory, attached as `ql`, so a file holds none of them and they are built
 * when they are first asked for. Not in SQLite's temporary one: each commit walks all of that one's pages once it is large.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Account } from '../../account.ts'
import type { RecordStore } from '../../records/store.ts'
import { findField } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import { TWO_SIDED } from './codes.ts'
import { COUNTER, ITEM, itemKindOf, type Kind, kindOf, LINE, type Sublist, TRANSACTION } from './layout.ts'
import { type Projected, quoted } from './table.ts'

export interface Projection {
  /** Brings these tables up to date. */
  refresh(wanted: ReadonlySet<Projected>): void
  /** Another number after every change of a record. */
  version(): number
}

/** Beyond this many changes everything is built anew: by then that is faster. */
const NOTED_MAX = 50_000
export function createProjection({ store, catalogue }: Account): Projection {
  const ofKind = (kind: string) => catalogue.types.filter((type) => rulesFor(type).kind === kind)
  store.db.exec(`ATTACH ':memory:' AS ql; ${SCHEMA}`)
  const each = eachFunction(store.db)
  const kinds = ofKind('transaction').map(kindOf)
  const parts = [
    createPart(store, 'item', ofKind('item').map(itemKindOf), (kind, only) => [
      plainInsert('item', ITEM, kind, only),
    ]),
    createPart(store, 'transaction', kinds, (kind, only) => [
      plainInsert('transaction', TRANSACTION, kind, only),
    ]),
    createPart(store, 'transactionline', kinds, (kind, only) => lineInserts(kind, only, each)),
  ]
  let version = 0
  store.onChange({
    changed(group, id) {
      version += 1
      for (const part of parts) if (part.group === group) part.note(id)
    },
    replaced() {
      version += 1
      for (const part of parts) part.noteAll()
    },
  })
  return {
    version: () => version,
    refresh(wanted) {
      const due = parts.filter(({ name, isCurrent }) => wanted.has(name) && !isCurrent())
      if (due.length === 0) return
      store.transaction(() => {
        for (const part of due) part.refresh()
      })
    },
  }
}

const declared = (layout: typeof TRANSACTION | typeof LINE | typeof ITEM, key: string): string =>
  Object.entries(layout)
    .map(([name, { type, refers }]) => {
      if (name === key) return `"${name}" INTEGER PRIMARY KEY`
      return `"${name}" ${refers !== undefined ? 'INTEGER' : type === 'number' ? 'NUMERIC' : 'TEXT'}`
    })
    .join(', ')

const TABLES = {
  item: { table: 'item', group: 'item', layout: ITEM, key: 'id', owner: 'id', indexed: 'itemid' },
  transaction: {
    table: 'header',
    group: 'transaction',
    layout: TRANSACTION,
    key: 'id',
    owner: 'id',
    indexed: 'lastmodifieddate',
  },
  transactionline: {
    table: 'line',
    group: 'transaction',
    layout: LINE,
    key: 'key',
    owner: '"transaction"',
    indexed: '"transaction"',
  },
} as const satisfies Record<Projected, object>

const SCHEMA = [
  'CREATE TABLE ql.changed (id INTEGER PRIMARY KEY)',
  ...Object.values(TABLES).map(
    ({ table, layout, key }) => `CREATE TABLE ql.${table} (${declared(layout, key)})`,
  ),
].join(';')

interface Part {
  readonly name: Projected
  readonly group: string
  note(id: number): void
  noteAll(): void
  isCurrent(): boolean
  refresh(): void
}

type Only = 'all' | 'changed'

/** `inserts` gives the statements that add the rows of a kind: of all its records, or of those in `ql.changed`. */
function createPart(
  store: RecordStore,
  name: Projected,
  kinds: readonly Kind[],
  inserts: (kind: Kind, only: Only) => string[],
): Part {
  const { db } = store
  const { table, group, owner, indexed } = TABLES[name]
  const prepared = new Map<Kind, readonly StatementSync[]>()
  const addChanged = (kind: Kind): readonly StatementSync[] => {
    const known = prepared.get(kind) ?? inserts(kind, 'changed').map((sql) => db.prepare(sql))
    prepared.set(kind, known)
    return known
  }
  let changed: Set<number> | 'everything' = 'everything'
  /** Kinds without a record are passed by. */
  const present = (): Kind[] => kinds.filter(({ type }) => store.count(type.name) > 0)
  const buildAnew = (): void => {
    // Rows in their order first, then the index: much faster than both at once.
    db.exec(`DROP INDEX IF EXISTS ql.${table}_index; DELETE FROM ql.${table};`)
    for (const kind of present()) db.exec(inserts(kind, 'all').join(';'))
    db.exec(`CREATE INDEX ql.${table}_index ON ${table} (${indexed})`)
  }
  const replace = (ids: ReadonlySet<number>): void => {
    db.exec('DELETE FROM ql.changed')
    db.prepare('INSERT INTO ql.changed SELECT value FROM json_each(?)').run(JSON.stringify([...ids]))
    db.exec(`DELETE FROM ql.${table} WHERE ${owner} IN (SELECT id FROM ql.changed)`)
    for (const kind of present()) for (const statement of addChanged(kind)) statement.run()
  }
  return {
    name,
    group,
    note(id) {
      if (changed === 'everything') return
      changed.add(id)
      if (changed.size > NOTED_MAX) changed = 'everything'
    },
    noteAll() {
      changed = 'everything'
    },
    isCurrent: () => changed !== 'everything' && changed.size === 0,
    refresh() {
      if (changed === 'everything') buildAnew()
      else replace(changed)
      changed = new Set()
    },
  }
}

/** `INSERT … SELECT` of a kind's records `r`, joined with `more`. */
function insert(
  name: Projected,
  values: readonly string[],
  { type }: Kind,
  only: Only,
  more = '',
  where = '',
): string {
  const [from, which] =
    only === 'all'
      ? ['', '']
      : ['ql.changed AS c CROSS JOIN ', `AND r.grp = '${TABLES[name].group}' AND r.id = c.id`]
  return `INSERT INTO ql.${TABLES[name].table} SELECT ${values.join(', ')} FROM ${from}main.record AS r ${more}
    WHERE r.type = ${quoted(type.name)} ${which} ${where} ORDER BY r.id`
}

function plainInsert(
  name: Projected,
  layout: typeof TRANSACTION | typeof ITEM,
  kind: Kind,
  only: Only,
): string {
  return insert(
    name,
    Object.values(layout).map(({ sql }) => sql(kind)),
    kind,
    only,
  )
}

/** The header's row, the lines of each sublist, one for the tax, and the other side of a payment. [SQL-074, SQL-075] */
function lineInserts(kind: Kind, only: Only, each: string): string[] {
  const rows = (values: readonly string[], more: string, where: string): string =>
    insert('transactionline', values, kind, only, `CROSS JOIN ql.header AS h ON h.id = r.id ${more}`, where)
  const layout = Object.values(LINE)
  const lines = kind.sublists.map((name, index) => {
    const found = findField(kind.type.body, name)
    if (found?.kind !== 'sublist') throw new TypeError(`${name} is no sublist`)
    const of: Sublist = { kind, name, shape: found.line, ...sums(kind.sublists.slice(0, index), each) }
    const columns = layout.map(({ line }) => line(of))
    return rows(columns, `CROSS JOIN ${each}(r.body, ${quoted(`$.${found.name}`)}) AS j`, '')
  })
  const main = rows(
    layout.map((column) => column.main?.(kind) ?? 'NULL'),
    '',
    '',
  )
  const all = sums(kind.sublists, each)
  const hasTax = findField(kind.type.body, 'taxTotal') !== undefined
  const tax = rows(
    layout.map((column) => column.tax?.(kind, all) ?? 'NULL'),
    '',
    "AND r.body ->> '$.taxTotal' <> 0",
  )
  const counter = rows(
    Object.entries(LINE).map(([name, column]) => COUNTER[name] ?? column.tax?.(kind, all) ?? 'NULL'),
    '',
    'AND h.foreigntotal <> 0',
  )
  return [
    ...lines,
    ...(kind.isJournal ? [] : [main]),
    ...(hasTax ? [tax] : []),
    ...(TWO_SIDED.has(kind.code) ? [counter] : []),
  ]
}

/** How many lines these sublists of a record have, and the highest number of one. */
function sums(sublists: readonly string[], each: string): Pick<Sublist, 'before' | 'taken'> {
  if (sublists.length === 0) return { before: '0', taken: '0' }
  const count = sublists.map((name) => `coalesce(json_array_length(r.body, '$.${name}'), 0)`)
  const highest = sublists.map(
    (name) =>
      `coalesce((SELECT max(coalesce(e.value ->> '$.line', e.key + 1)) FROM ${each}(r.body, '$.${name}') AS e), 0)`,
  )
  return { before: `(${count.join(' + ')})`, taken: `(${highest.join(' + ')})` }
}

/** Lines in binary form where SQLite has that (3.51): no text is written and read again. */
function eachFunction(db: DatabaseSync): string {
  try {
    db.prepare("SELECT 1 FROM jsonb_each('[]')")
    return 'jsonb_each'
  } catch {
    return 'json_each'
  }
}

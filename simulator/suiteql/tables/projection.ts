/**
 * Keeps `ql_transaction` and `ql_transactionline` equal to the records: just before a query, what was written since the
 * last one is projected anew. A write only notes an id; nothing is noted before the first query. The tables are
 * temporary, so a file holds none of them and they are built when the account is first asked.
 */
import type { Account } from '../../account.ts'
import type { StoredRecord } from '../../records/store.ts'
import { headerRow, lineRows } from './transaction-rows.ts'
import { LINE, PROJECTION_SCHEMA, TRANSACTION } from './transactions.ts'

const GROUP = 'transaction'
/** Beyond this many changes everything is built anew. */
const NOTED_MAX = 50_000

export interface Projection {
  /** Brings the tables up to date. */
  refresh(): void
}

export function createProjection(account: Account): Projection {
  const { store } = account
  const { db } = store
  db.exec(PROJECTION_SCHEMA)
  const sql = prepare(account)
  let changed: Set<number> | 'everything' = 'everything'
  store.onChange({
    changed(group, id) {
      if (group !== GROUP || changed === 'everything') return
      changed.add(id)
      if (changed.size > NOTED_MAX) changed = 'everything'
    },
    replaced() {
      changed = 'everything'
    },
  })
  const project = (record: StoredRecord, createdMs: number, modifiedMs: number): void => {
    sql.addHeader.run(...headerRow(account, record, createdMs, modifiedMs))
    for (const row of lineRows(account, record)) sql.addLine.run(...row)
  }
  const remove = (id: number): void => {
    sql.removeHeader.run(id)
    sql.removeLines.run(id)
  }
  return {
    refresh() {
      if (changed !== 'everything' && changed.size === 0) return
      const ids = changed
      store.transaction(() => {
        if (ids === 'everything')
          db.exec('DELETE FROM temp.ql_transaction; DELETE FROM temp.ql_transactionline')
        else for (const id of ids) remove(id)
        const rows = ids === 'everything' ? sql.all.iterate() : rowsOf(sql, ids)
        for (const row of rows) {
          const { type, id, external_id, display, created_ms, modified_ms, body } = row as unknown as Row
          project(
            { type, id, externalId: external_id ?? undefined, display, body: JSON.parse(body) },
            created_ms,
            modified_ms,
          )
        }
      })
      changed = new Set()
    },
  }
}

interface Row {
  type: string
  id: number
  external_id: string | null
  display: string
  created_ms: number
  modified_ms: number
  body: string
}

function* rowsOf(sql: ReturnType<typeof prepare>, ids: ReadonlySet<number>) {
  for (const id of ids) {
    const row = sql.one.get(id)
    if (row !== undefined) yield row
  }
}

const COLUMNS = 'type, id, external_id, display, created_ms, modified_ms, json(body) AS body'

function prepare({ store: { db } }: Account) {
  const marks = (layout: object, more = 0): string =>
    Array.from({ length: Object.keys(layout).length + more }, () => '?').join(', ')
  return {
    all: db.prepare(`SELECT ${COLUMNS} FROM main.record WHERE grp = '${GROUP}' ORDER BY id`),
    one: db.prepare(`SELECT ${COLUMNS} FROM main.record WHERE grp = '${GROUP}' AND id = ?`),
    addHeader: db.prepare(`INSERT INTO temp.ql_transaction VALUES (${marks(TRANSACTION)})`),
    addLine: db.prepare(`INSERT INTO temp.ql_transactionline VALUES (${marks(LINE, 3)})`),
    removeHeader: db.prepare('DELETE FROM temp.ql_transaction WHERE id = ?'),
    removeLines: db.prepare('DELETE FROM temp.ql_transactionline WHERE "transaction" = ?'),
  }
}

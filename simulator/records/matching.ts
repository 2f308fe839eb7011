/** Records by a condition on their rows: one pass over them gives a page of ids and how many there are. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { createCache } from './cache.ts'

/** A condition on a row of `record`; values are parameters, never part of the text. */
export interface SqlCondition {
  readonly text: string
  readonly params: readonly SQLInputValue[]
}

export interface PageOfMatches {
  readonly limit: number
  readonly offset: number
  readonly max: number
}

export interface Matches {
  readonly ids: number[]
  /** Of all pages, counted up to `max`. */
  readonly total: number
}

/** A scan pages with the same text again and again. */
const STATEMENTS_MAX = 100

/** One pass gives the page and the count. The first row is the count. */
export function createMatching(
  db: DatabaseSync,
): (type: string, condition: SqlCondition, page: PageOfMatches) => Matches {
  const statements = createCache<StatementSync>(STATEMENTS_MAX)
  const prepared = (condition: string): StatementSync =>
    statements.get(condition, () =>
      db.prepare(
        `WITH matched (id) AS MATERIALIZED (SELECT id FROM record WHERE type = ? AND (${condition}) ORDER BY id LIMIT ?)
        SELECT 0 AS part, count(*) AS id FROM matched
        UNION ALL SELECT 1, id FROM (SELECT id FROM matched ORDER BY id LIMIT ? OFFSET ?)
        ORDER BY part, id`,
      ),
    )!
  return (type, { text, params }, { limit, offset, max }) => {
    const rows = prepared(text).all(type, ...params, max, limit, offset) as { id: number }[]
    return { total: rows[0]!.id, ids: rows.slice(1).map(({ id }) => id) }
  }
}

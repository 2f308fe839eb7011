/**
 * SuiteQL as a call that gives an outcome. A query changes nothing, so it may always be repeated; its values are texts, numbers
 * included, and a column that is NULL is not there at all. [SQL-001..011, OPQ-001]
 */

import { parseObject, unreadable } from './classify.ts'
import type { CallContext, Caller } from './client.ts'
import { done, type Outcome } from './outcome.ts'

const PATH = '/services/rest/query/v1/suiteql'
/** Rows of a page, at most. [SQL-005] */
export const PAGE_ROWS_MAX = 1000

/** Column in lower case → its text; NULL columns are absent. [SQL-012, OPQ-001] */
export type Row = Readonly<Record<string, string | undefined>>

export interface Page {
  /** 1 to `PAGE_ROWS_MAX`. */
  readonly limit: number
  /** A multiple of `limit`. [SQL-006] */
  readonly offset: number
}

export interface QueryResult {
  readonly rows: readonly Row[]
  readonly hasMore: boolean
}

export interface Statement {
  /** For the observer, e.g. `customer.delta`. */
  readonly operation: string
  readonly text: string
  /** For each `?`, in their order. [SQL-004] */
  readonly params?: readonly string[] | undefined
  /** Default: the first page. */
  readonly page?: Page | undefined
}

/** Never `unknown`. */
export type Query = (statement: Statement, context: CallContext) => Promise<Outcome<QueryResult>>

export function createQuery(send: Caller): Query {
  return async ({ operation, text, params, page }, context) => {
    const { limit, offset } = page ?? { limit: PAGE_ROWS_MAX, offset: 0 }
    const answer = await send(
      {
        operation,
        method: 'POST',
        path: `${PATH}?limit=${limit}&offset=${offset}`,
        headers: { prefer: 'transient' },
        body: params === undefined ? { q: text } : { q: text, params },
        effect: 'read',
      },
      context,
    )
    if (answer.kind !== 'done') return answer
    // { items: [ { links: [], id: "1", … } ], hasMore }
    const { items, hasMore } = parseObject(answer.value.body) ?? {}
    if (!Array.isArray(items)) return unreadable(answer.value)
    return done({ rows: items as Row[], hasMore: hasMore === true })
  }
}

/**
 * ROWNUM around a subselect. In Oracle `SELECT * FROM (… ORDER BY …) WHERE ROWNUM <= n` has the first n of the sorted rows; one
 * client reports that SuiteQL counts before the subselect sorts and groups. The profile says which it is. [SQL-055]
 */
import type { Settings } from '../profile.ts'
import type { Expr, Query } from './ast.ts'
import { parse, type Statement } from './parse.ts'
import { conjuncts, contains, isRownum } from './walk.ts'

/** Reads statements as the account of these settings understands them. */
export function readerOf({ rownumWrapper }: Pick<Settings, 'rownumWrapper'>): (q: string) => Statement {
  if (rownumWrapper === 'sorted') return parse
  return (q) => {
    const statement = parse(q)
    return { ...statement, query: countedInside(statement.query) }
  }
}

/** Conditions on ROWNUM of a `SELECT *` go into the subselect that it is around, as deep as there are such. */
function countedInside(query: Query): Query {
  const { body } = query
  if (body.kind !== 'select') return query
  const [source, ...others] = body.from
  const inner = source?.of
  const isWrapper = others.length === 0 && body.items.every(({ kind }) => kind === 'all')
  if (!isWrapper || inner === undefined || typeof inner === 'string' || inner.body.kind !== 'select')
    return query
  const parts = conjuncts(body.where)
  const cuts = parts.filter((part) => contains(part, isRownum))
  const cut: Query = {
    ...inner,
    body: { ...inner.body, where: allOf([...conjuncts(inner.body.where), ...cuts]) },
  }
  const where = allOf(parts.filter((part) => !cuts.includes(part)))
  return { ...query, body: { ...body, from: [{ ...source!, of: countedInside(cut) }], where } }
}

function allOf(parts: readonly Expr[]): Expr | undefined {
  const [first, ...rest] = parts
  return first && rest.reduce<Expr>((left, right) => ({ kind: 'logic', op: 'AND', left, right }), first)
}

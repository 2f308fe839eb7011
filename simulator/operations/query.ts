/** `query/v1/suiteql`: a page of what a SELECT gives. [SQL-001..018, OPQ-001..004] */
import { ApiFault } from '../api-fault.ts'
import { isAsync, planSubmit } from '../async/plan.ts'
import { missingForQuery } from '../permissions/permit.ts'
import { type Paging, readPaging } from '../records/list.ts'
import { parameter, queryOf } from '../request.ts'
import { type ResultPage, suiteQlOf } from '../suiteql/engine.ts'
import { readJson } from './body.ts'
import {
  type Call,
  notSimulated,
  type Operation,
  plain,
  resource,
  routeFault,
  selfHref,
} from './operation.ts'

/** `below`: the path after `query/v1`. */
export function planQuery(call: Call, below: readonly string[]): Operation {
  const [what, ...more] = below
  if (what === 'dataset') throw notSimulated('datasets')
  if (what !== 'suiteql' || more.length > 0) throw routeFault(call.request.path)
  if (call.request.method !== 'POST') {
    throw new ApiFault('INVALID_METHOD', `The ${call.request.method} method is not allowed. Use POST.`, {
      status: 405,
    })
  }
  return planSuiteQl(call)
}

function planSuiteQl(call: Call): Operation {
  const { account, request, principal } = call
  const { settings, features } = account.profile
  // [SQL-061, AUT-046]
  if (!principal.role.holds('suiteAnalyticsWorkbook', 'edit')) throw missingForQuery()
  requireTransient(request.headers.prefer)
  // [OPQ-009]
  if (settings.queryRespondAsync === 'job' && isAsync(request)) return planSubmit(call)
  const { q, params } = readStatement(readJson(request))
  const query = queryOf(request)
  const paging = readPaging(parameter(query, 'limit'), parameter(query, 'offset'), settings)
  const isPaged = query.has('limit') || query.has('offset')
  const max = features.suiteAnalyticsConnect ? ROWS_MAX.connected : ROWS_MAX.plain
  return plain('query', () => {
    const page = suiteQlOf(account).run({ q, params, role: principal.role, ...paging, max })
    // [OPQ-008]
    if (page.total > max && settings.queryAboveMax === 'refuse')
      throw new ApiFault('INVALID_PARAMETER', `The query has more than ${max} results.`, { queryParam: 'q' })
    const base = `${request.origin}${request.path}`
    const body = renderResult(
      { ...page, total: Math.min(page.total, max) },
      paging,
      base,
      isPaged ? selfHref(request) : base,
    )
    return {
      status: 200,
      headers: { ...resource('collection'), 'preference-applied': 'transient' },
      body,
      committed: false,
    }
  })
}

/** With SuiteAnalytics Connect, and without. [SQL-007, REC-055] */
const ROWS_MAX = { connected: 1_000_000, plain: 100_000 }

/** [SQL-002, OPQ-003] */
function requireTransient(prefer: string | undefined): void {
  const wishes = (prefer ?? '').split(',').map((wish) => wish.trim().toLowerCase())
  if (wishes.includes('transient')) return
  throw new ApiFault(
    'INVALID_HEADER',
    "The required request header 'Prefer' is missing or its value is not 'transient'.",
    {
      header: 'Prefer',
    },
  )
}

/** Params are texts; numbers are taken as their texts. [SQL-001, SQL-004] */
function readStatement(json: Record<string, unknown>): {
  readonly q: string
  readonly params: readonly (string | null)[]
} {
  const { q, params = [] } = json
  if (typeof q !== 'string' || q.trim() === '')
    throw new ApiFault('INVALID_CONTENT', 'Invalid content in the request body.', { path: 'q' })
  const isGood = (param: unknown): boolean =>
    param === null || ['string', 'number', 'boolean'].includes(typeof param)
  if (!Array.isArray(params) || !params.every(isGood))
    throw new ApiFault('INVALID_CONTENT', 'Invalid content in the request body.', { path: 'params' })
  // An empty text is NULL.
  return {
    q,
    params: params.map((param: unknown) => (param === null || param === '' ? null : String(param))),
  }
}

/** [SQL-010, SQL-017, OPQ-004, OPQ-021] */
function renderResult(
  { rows, total }: ResultPage,
  { limit, offset }: Paging,
  base: string,
  self: string,
): string {
  const page = (at: number): string => `${base}?limit=${limit}&offset=${at}`
  const hasMore = offset + rows.length < total && rows.length > 0
  const links: { rel: string; href: string; method?: string }[] = []
  if (offset > 0) links.push({ rel: 'previous', href: page(offset - limit) }, { rel: 'first', href: page(0) })
  if (hasMore)
    links.push(
      { rel: 'next', href: page(offset + limit) },
      { rel: 'last', href: page(Math.floor((total - 1) / limit) * limit) },
    )
  links.push({ rel: 'self', href: self, method: 'POST' })
  return JSON.stringify({
    links,
    count: rows.length,
    hasMore,
    items: rows.map((row) => ({ links: [], ...row })),
    offset,
    totalResults: total,
  })
}

/** `query/v1`: a page of what a SELECT gives, and datasets, which are SELECTs of the profile. [SQL-001..018, SQL-080] */
import { ApiFault } from '../api-fault.ts'
import { isAsync, planSubmit } from '../async/plan.ts'
import { missingForQuery } from '../permissions/permit.ts'
import { type Paging, readPaging } from '../records/list.ts'
import { parameter, queryOf } from '../request.ts'
import { type ResultPage, suiteQlOf } from '../suiteql/engine.ts'
import { readJson } from './body.ts'
import { type Answer, type Call, type Operation, plain, resource, routeFault, selfHref } from './operation.ts'

/** `below`: the path after `query/v1`. */
export function planQuery(call: Call, below: readonly string[]): Operation {
  const { request, principal } = call
  const [what, ...more] = below
  if (what === 'dataset') {
    requireMethod(call, 'GET')
    // [SQL-061, AUT-046]
    if (!principal.role.holds('suiteAnalyticsWorkbook', 'edit')) throw missingForQuery()
    return planDataset(call, more)
  }
  if (what !== 'suiteql' || more.length > 0) throw routeFault(request.path)
  requireMethod(call, 'POST')
  if (!principal.role.holds('suiteAnalyticsWorkbook', 'edit')) throw missingForQuery()
  return planSuiteQl(call)
}

function requireMethod({ request: { method } }: Call, wanted: 'GET' | 'POST'): void {
  if (method === wanted) return
  throw new ApiFault('INVALID_METHOD', `The ${method} method is not allowed. Use ${wanted}.`, { status: 405 })
}

function planSuiteQl(call: Call): Operation {
  const { account, request } = call
  requireTransient(request.headers.prefer)
  // [OPQ-009]
  if (account.profile.settings.queryRespondAsync === 'job' && isAsync(request)) return planSubmit(call)
  const { q, params } = readStatement(readJson(request))
  const { paging, isPaged } = pagingOf(call)
  return plain('query', () => {
    const base = `${request.origin}${request.path}`
    const self = { href: isPaged ? selfHref(request) : base, method: 'POST' }
    const { headers, ...answer } = collection(
      renderRows(resultOf(call, q, params, paging), paging, base, self),
    )
    return { ...answer, headers: { ...headers, 'preference-applied': 'transient' } }
  })
}

/** A list of the profile's datasets, or the result of one. [SQL-080] */
function planDataset(call: Call, [id, result, ...more]: readonly string[]): Operation {
  const { account, request } = call
  const { datasets } = account.profile
  const { paging } = pagingOf(call)
  const base = `${request.origin}${request.path.replace(/\/$/, '')}`
  const paged = { href: `${base}?limit=${paging.limit}&offset=${paging.offset}` }
  if (id === undefined || id === '') {
    const { limit, offset } = paging
    const items = datasets.slice(offset, offset + limit).map(({ query: _, id: each, ...shown }) => ({
      links: [{ rel: 'self', href: `${base}/${each}` }],
      id: each,
      ...shown,
    }))
    return plain('query', () => collection(renderPage(items, datasets.length, paging, base, paged)))
  }
  if (result !== 'result' || more.length > 0) throw routeFault(request.path)
  const dataset = datasets.find((each) => each.id === id.toLowerCase())
  if (dataset === undefined)
    throw new ApiFault('NONEXISTENT_ID', `The dataset ${id} does not exist.`, { url: request.path })
  return plain('query', () =>
    collection(renderRows(resultOf(call, dataset.query, [], paging), paging, base, paged)),
  )
}

function pagingOf({ account, request }: Call): { readonly paging: Paging; readonly isPaged: boolean } {
  const query = queryOf(request)
  const paging = readPaging(parameter(query, 'limit'), parameter(query, 'offset'), account.profile.settings)
  return { paging, isPaged: query.has('limit') || query.has('offset') }
}

/** Not more rows than can be reached. [SQL-007, OPQ-008] */
function resultOf(
  { account, principal: { role, user }, hungUp }: Call,
  q: string,
  params: readonly (string | null)[],
  paging: Paging,
): ResultPage {
  const { settings, features } = account.profile
  const max = features.suiteAnalyticsConnect ? ROWS_MAX.connected : ROWS_MAX.plain
  const { rows, total } = suiteQlOf(account).run({ q, params, role, user, ...paging, max, hungUp })
  if (total > max && settings.queryAboveMax === 'refuse')
    throw new ApiFault('INVALID_PARAMETER', `The query has more than ${max} results.`, { queryParam: 'q' })
  return { rows, total: Math.min(total, max) }
}

const collection = (body: string): Answer => ({
  status: 200,
  headers: resource('collection'),
  body,
  committed: false,
})

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

/** [SQL-010] */
function renderRows({ rows, total }: ResultPage, paging: Paging, base: string, self: Self): string {
  return renderPage(
    rows.map((row) => ({ links: [], ...row })),
    total,
    paging,
    base,
    self,
  )
}

interface Self {
  readonly href: string
  readonly method?: string
}

/** [SQL-010, SQL-017, OPQ-004, OPQ-021] */
function renderPage(
  items: readonly object[],
  total: number,
  { limit, offset }: Paging,
  base: string,
  self: Self,
): string {
  const page = (at: number): string => `${base}?limit=${limit}&offset=${at}`
  const hasMore = offset + items.length < total && items.length > 0
  const links: { rel: string; href: string; method?: string }[] = []
  if (offset > 0) links.push({ rel: 'previous', href: page(offset - limit) }, { rel: 'first', href: page(0) })
  if (hasMore)
    links.push(
      { rel: 'next', href: page(offset + limit) },
      { rel: 'last', href: page(Math.floor((total - 1) / limit) * limit) },
    )
  links.push({ rel: 'self', ...self })
  return JSON.stringify({ links, count: items.length, hasMore, items, offset, totalResults: total })
}

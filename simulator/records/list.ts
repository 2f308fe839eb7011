/** A collection page: ids and links only, with the paging links real answers carry. [REC-050..059, OPQ-020..022] */
import { ApiFault } from '../api-fault.ts'
import type { Profile, Settings } from '../profile.ts'

const LIMIT_DEFAULT = 1000
const LIMIT_MAX = 1000
const PAGES_MAX = 1000
/** Counts are 32-bit integers. [REC-052] */
const INT32_MAX = 2_147_483_647
/** With SuiteAnalytics Connect, and without. [REC-055] */
const RESULTS_MAX = { connected: 1_000_000, plain: 100_000 }

export interface Paging {
  readonly limit: number
  readonly offset: number
}

/** One page: its ids, and how many results all pages have. */
export interface Page extends Paging {
  readonly ids: readonly number[]
  readonly total: number
}

export interface ListAddress {
  /** `https://host/services/rest/record/v1/` + the type in lower case. [OPQ-083] */
  readonly collection: string
  /** The request as it was sent. */
  readonly self: string
  /** The filter of the list. */
  readonly q: string | undefined
}

/** `limit` and `offset` as sent. Bad: not a number, out of range, an offset that is no multiple of the limit. [REC-052, REC-054, REC-500] */
export function readPaging(
  limitText: string | undefined,
  offsetText: string | undefined,
  { badPaging }: Settings,
): Paging {
  const limit = readCount(limitText, LIMIT_DEFAULT)
  const offset = readCount(offsetText, 0)
  const isGoodLimit = limit !== undefined && limit >= 1 && limit <= LIMIT_MAX
  if (badPaging === 'clamp') {
    const mended = isGoodLimit ? limit : LIMIT_DEFAULT
    return { limit: mended, offset: (offset ?? 0) - ((offset ?? 0) % mended) }
  }
  if (!isGoodLimit) throw badParameter('limit')
  if (offset === undefined || offset % limit !== 0) throw badParameter('offset')
  return { limit, offset }
}

function readCount(text: string | undefined, fallback: number): number | undefined {
  if (text === undefined) return fallback
  const count = /^\d{1,10}$/.test(text) ? Number(text) : undefined
  return count !== undefined && count <= INT32_MAX ? count : undefined
}

function badParameter(queryParam: string): ApiFault {
  return new ApiFault(
    'INVALID_PARAMETER',
    `Invalid value for query parameter ${queryParam}. Provide a valid value.`,
    { queryParam },
  )
}

/** How many results the pages of a list reach; no answer admits to more. [REC-055, OPQ-022] */
export function reachable({ limit }: Paging, { suiteAnalyticsConnect }: Profile['features']): number {
  return Math.min(limit * PAGES_MAX, suiteAnalyticsConnect ? RESULTS_MAX.connected : RESULTS_MAX.plain)
}

/** The body of a page as JSON text. [REC-050, REC-051] */
export function renderPage(
  { limit, offset, ids, total }: Page,
  { collection, self, q }: ListAddress,
  settings: Settings,
): string {
  const filter = q !== undefined && settings.filterInLinks ? `${new URLSearchParams({ q }).toString()}&` : ''
  const page = (at: number): string => `${collection}?${filter}limit=${limit}&offset=${at}`
  const links: { rel: string; href: string; method?: string }[] = []
  const last =
    settings.lastLink === 'captured' ? capturedLast(total, limit) : Math.floor((total - 1) / limit) * limit
  const hasMore = offset + ids.length < total && ids.length > 0
  if (offset > 0)
    links.push({ rel: 'previous', href: page(Math.max(0, offset - limit)) }, { rel: 'first', href: page(0) })
  if (hasMore) links.push({ rel: 'next', href: page(offset + limit) }, { rel: 'last', href: page(last) })
  links.push({ rel: 'self', href: self, ...(settings.linkMethod ? { method: 'GET' } : {}) })
  return JSON.stringify({
    links,
    count: ids.length,
    hasMore,
    items: ids.map((id) => ({ links: [{ rel: 'self', href: `${collection}/${id}` }], id: String(id) })),
    offset,
    totalResults: total,
  })
}

/** The last page's number, rounded down to a multiple of the limit: wrong, and what real answers show. [OPQ-021] */
function capturedLast(total: number, limit: number): number {
  return Math.floor(Math.floor((total - 1) / limit) / limit) * limit
}

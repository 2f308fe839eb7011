/** A collection page: ids and links only, with the paging links real answers carry. [REC-050..059, OPQ-020..022] */
import { ApiFault } from '../api-fault.ts'
import type { Settings } from '../profile.ts'
import type { RecordStore } from './store.ts'

const LIMIT_DEFAULT = 1000
const LIMIT_MAX = 1000
const PAGES_MAX = 1000

export interface ListAddress {
  /** `https://host/services/rest/record/v1/` + the type in lower case. [OPQ-083] */
  readonly collection: string
  /** The request as it was sent. */
  readonly self: string
}

/** `limit` and `offset` as sent. Refused: not a number, out of range, an offset that is no multiple of the limit. [REC-054, REC-500] */
export function readPaging(
  limitText: string | undefined,
  offsetText: string | undefined,
): { limit: number; offset: number } {
  const limit = readCount('limit', limitText, LIMIT_DEFAULT)
  const offset = readCount('offset', offsetText, 0)
  if (limit < 1 || limit > LIMIT_MAX) throw badParameter('limit')
  if (offset % limit !== 0) throw badParameter('offset')
  return { limit, offset }
}

function readCount(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  if (!/^\d{1,9}$/.test(text)) throw badParameter(name)
  return Number(text)
}

function badParameter(queryParam: string): ApiFault {
  return new ApiFault(
    'INVALID_PARAMETER',
    `Invalid value for query parameter ${queryParam}. Provide a valid value.`,
    { queryParam },
  )
}

/** The body of a page as JSON text. */
export function renderPage(
  store: RecordStore,
  type: string,
  { limit, offset }: { limit: number; offset: number },
  { collection, self }: ListAddress,
  settings: Settings,
): string {
  // Pages are capped, and so is the total that an answer admits to. [REC-055, OPQ-022]
  const total = Math.min(store.count(type), limit * PAGES_MAX)
  const ids = store.ids(type, Math.min(limit, Math.max(0, total - offset)), offset)
  const page = (at: number): string => `${collection}?limit=${limit}&offset=${at}`
  const links: { rel: string; href: string; method?: string }[] = []
  const last =
    settings.lastLink === 'captured' ? capturedLast(total, limit) : Math.floor((total - 1) / limit) * limit
  const hasMore = offset + ids.length < total
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

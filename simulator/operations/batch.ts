/**
 * Several records of one type in one request. Each item becomes the request that would do the same to one record, so a
 * batch can do nothing that its items could not do alone. Writes are always jobs; a GET may be answered at once. [REC-210..222]
 */

import { ApiFault } from '../api-fault.ts'
import { planSubmit } from '../async/plan.ts'
import { type ParsedRequest, parameter, queryOf } from '../request.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { type Json, readJson } from './body.ts'
import { type Answer, type Call, describe, type Operation, resource, selfHref } from './operation.ts'

/** Whether a request to a collection is a batch rather than a list or a create. [REC-212, REC-214] */
export function isBatch({ request }: Call): boolean {
  const { method, search } = request
  if (method === 'POST') return isCollectionMedia(request)
  if (method === 'GET') return /[?&](expandRecords=true\b|ids=)/.test(search)
  return method === 'PATCH' || method === 'PUT' || method === 'DELETE'
}

function isCollectionMedia({ headers }: ParsedRequest): boolean {
  return /\btype=["']?collection\b/i.test(headers['content-type'] ?? '')
}

/** A batch without `Prefer: respond-async`: only a GET has that choice. [REC-211, REC-215] */
export function planBatch(call: Call, type: RecordType): Operation {
  const { account, request } = call
  if (request.method === 'GET') return planRead(call, type)
  if (account.jobs.options.batchWithoutPrefer === 'accept') return planSubmit(call)
  throw new ApiFault('INVALID_HEADER', "The required request header 'Prefer' is missing.", {
    header: 'Prefer',
  })
}

/** Sub-resources cannot be written or read in batches. [REC-165, ASY-056] */
export function refuseBatchBelow({ request }: Call): void {
  const { method, search } = request
  if (search !== '' && /[?&]expandRecords=/.test(search)) {
    throw new ApiFault('INVALID_PARAMETER', 'expandRecords cannot be used with a sub-resource.', {
      queryParam: 'expandRecords',
    })
  }
  if (method !== 'GET' && isCollectionMedia(request)) throw badMedia(request, 'application/json')
}

/** One record of a batch: the request that does it, or why there is none. */
export interface BatchItem {
  readonly request: ParsedRequest | ApiFault
  /** What becomes of its answer. */
  readonly shape: (answer: Answer) => Answer
}

/** Takes a batch apart, in its order. Throws what is wrong with it as a whole. [REC-210..214, REC-508] */
export function batchItems(call: Call): readonly BatchItem[] {
  const { account, request } = call
  const { method } = request
  const isById = method === 'GET' || method === 'DELETE'
  const items = isById ? itemsById(request) : itemsOfBody(call)
  const most = account.jobs.options.batchMax
  if (items.length === 0 || items.length > most) {
    const detail = `A batch holds 1 to ${most} records of one type; this one holds ${items.length}.`
    throw isById
      ? new ApiFault('INVALID_PARAMETER', detail, { queryParam: 'ids' })
      : new ApiFault('INVALID_CONTENT', detail, { path: 'items' })
  }
  return items
}

const AS_IT_IS = (answer: Answer): Answer => answer

function itemsById(request: ParsedRequest): BatchItem[] {
  const query = queryOf(request)
  const ids = splitIds(parameter(query, 'ids') ?? '')
  if (request.method === 'DELETE') {
    return ids.map((id) => ({ request: instance(request, id, { search: '' }), shape: AS_IT_IS }))
  }
  const search = searchOf(query, ['expand', 'expandSubResources', 'fields', 'simpleEnumFormat'])
  const shape = parameter(query, 'expandRecords') === 'true' ? AS_IT_IS : linkOnly
  return ids.map((id) => ({ request: instance(request, id, { search }), shape }))
}

/** `1,2,eid:x,eid:'test 5'`: quotes hold together what has blanks or commas. [REC-008, REC-010] */
export function splitIds(text: string): string[] {
  if (text === '') return []
  if (!/^(?:'[^']*'|[^',])+(?:,(?:'[^']*'|[^',])+)*$/.test(text)) {
    throw new ApiFault('INVALID_PARAMETER', 'Invalid value for query parameter ids. Provide a valid value.', {
      queryParam: 'ids',
    })
  }
  return (text.match(/(?:'[^']*'|[^',])+/g) ?? []).map((id) => id.trim().replaceAll("'", ''))
}

function searchOf(query: URLSearchParams, names: readonly string[]): string {
  const kept = names.flatMap((name) => {
    const value = parameter(query, name)
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]
  })
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** Without `expandRecords` an item is its link and its id, as in a list. [OPQ-056, REC-051] */
function linkOnly(answer: Answer): Answer {
  const { links } = JSON.parse(answer.body) as { links: unknown }
  return { ...answer, body: JSON.stringify({ links, id: answer.recordId }) }
}

function itemsOfBody(call: Call): BatchItem[] {
  const { request } = call
  if (!isCollectionMedia(request))
    throw badMedia(request, 'application/vnd.oracle.resource+json; type=collection')
  const { items } = readJson(request)
  const isObject = (item: unknown): item is Json =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
  if (!Array.isArray(items) || !items.every(isObject)) {
    throw new ApiFault('INVALID_CONTENT', 'Invalid content in the request body.', { path: 'items' })
  }
  return items.map((item) => ({ request: itemRequest(call, item), shape: AS_IT_IS }))
}

/** [REC-212, REC-213, REC-219, OPQ-057] */
function itemRequest({ account, request }: Call, item: Json): ParsedRequest | ApiFault {
  const { method } = request
  const headers = { ...request.headers, 'content-type': 'application/json' }
  const text = (value: unknown): string | undefined =>
    (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
  if (method === 'POST') return { ...request, headers, body: JSON.stringify(item) }
  const { id, ...fields } = item
  const body = JSON.stringify(fields)
  const internal =
    method === 'PUT' && account.jobs.options.batchPutKeys === 'externalId' ? undefined : text(id)
  // By its internal id a record can only be changed. [REC-140]
  if (internal !== undefined) return instance(request, internal, { method: 'PATCH', headers, body })
  const external = text(item.externalId)
  if (external !== undefined) return instance(request, `eid:${external}`, { headers, body })
  return new ApiFault(
    'INVALID_CONTENT',
    `Invalid content in the request body. An item needs ${method === 'PUT' ? 'an externalId' : 'an id or an externalId'}.`,
  )
}

/** The request for one record of the collection. */
function instance(request: ParsedRequest, id: string, changes: Partial<ParsedRequest>): ParsedRequest {
  const segments = [request.segments![0]!, id]
  const path = `${request.path.replace(/\/$/, '')}/${encodeURIComponent(id).replaceAll('%3A', ':')}`
  return { ...request, path, segments, body: undefined, isBatchItem: true, ...changes }
}

/** [REC-502] */
function badMedia({ headers }: ParsedRequest, wanted: string): ApiFault {
  const media = headers['content-type'] ?? 'none'
  return new ApiFault('UNSUPPORTED_MEDIA_TYPE', `Content type '${media}' is not supported. Use ${wanted}.`, {
    header: 'Content-Type',
  })
}

/** A batch GET answered at once: a collection of whole records. [REC-215] */
function planRead({ account, request, principal }: Call, type: RecordType): Operation {
  const { jobs, profile } = account
  const reads = jobs.planTasks(request, principal).plans.map((plan) => plan())
  return describe('list', { type, externalId: undefined }, reads.length, () => {
    const items = reads.map(({ run }) => {
      try {
        return run().body
      } catch (error) {
        const isSkipped = jobs.options.batchGetMissing === 'skip'
        if (isSkipped && error instanceof ApiFault && error.code === 'NONEXISTENT_ID') return undefined
        throw error
      }
    })
    const found = items.filter((item) => item !== undefined)
    const method = profile.settings.linkMethod ? { method: 'GET' } : {}
    const links = JSON.stringify([{ rel: 'self', href: selfHref(request), ...method }])
    const count = found.length
    const body = `{"links":${links},"count":${count},"hasMore":false,"items":[${found.join(',')}],"offset":0,"totalResults":${count}}`
    return { status: 200, headers: resource('collection'), body, committed: false }
  })
}

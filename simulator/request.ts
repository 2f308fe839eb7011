/** A request taken apart: origin, path, query and the record address in it. Routing is by the path alone. [REC-003] */
import type { WireRequest } from '../protocol/wire.ts'
import { RECORD_BASE_PATH } from '../protocol/wire.ts'

export interface ParsedRequest {
  readonly method: string
  /** Scheme and host as the client addressed them; links in answers start with it. */
  readonly origin: string
  /** Undecoded path, without the query. */
  readonly path: string
  /** Undecoded query with its `?`, or ''. */
  readonly search: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Decoded path segments below `/services/rest/record/v1`; undefined outside the record service. */
  readonly segments: readonly string[] | undefined
  /** Stands for one record of a batch: its query may name what to `expand`. [REC-029] */
  readonly isBatchItem?: boolean
}

export function parseRequest({ method, url, headers, body }: WireRequest): ParsedRequest {
  const hostAt = url.indexOf('//') + 2
  const slash = url.indexOf('/', hostAt)
  const pathAt = slash < 0 ? url.length : slash
  const queryAt = url.indexOf('?', pathAt)
  const pathEnd = queryAt < 0 ? url.length : queryAt
  const path = pathAt === pathEnd ? '/' : url.slice(pathAt, pathEnd)
  return {
    method,
    origin: url.slice(0, pathAt),
    path,
    search: queryAt < 0 ? '' : url.slice(queryAt),
    headers,
    body,
    segments: recordSegments(path),
  }
}

/** Collection URLs work with and without a trailing slash. [REC-011] */
function recordSegments(path: string): string[] | undefined {
  if (!path.startsWith(RECORD_BASE_PATH)) return undefined
  const rest = path.slice(RECORD_BASE_PATH.length)
  if (rest !== '' && !rest.startsWith('/')) return undefined
  const segments = rest.slice(1).split('/')
  if (segments.at(-1) === '') segments.pop()
  return segments.map((segment) => (segment.includes('%') ? safeDecode(segment) : segment))
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Query parameters; of a repeated one the last wins. [REC-090] */
export function queryOf({ search }: ParsedRequest): URLSearchParams {
  return new URLSearchParams(search)
}

/** The last value of a parameter, or undefined. */
export function parameter(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).at(-1)
}

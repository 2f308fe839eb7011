/**
 * Remembers what a case put into the account, and takes it out again, last made first.
 * Everything that may have been made counts: also what should have been refused, and what was sent without an answer.
 */
import { LoginRefused } from '../protocol/login.ts'
import { TransportError } from '../protocol/transport.ts'
import { RECORD_BASE_PATH, type WireRequest, type WireResponse } from '../protocol/wire.ts'

/** Sends one request, logged in; rejects with `TransportError` or `LoginRefused`. */
export type Exchange = (request: WireRequest) => Promise<WireResponse>

export interface Cleanup {
  /** To be called for every request; `response` undefined: there was no answer. */
  note(request: WireRequest, response: WireResponse | undefined): void
  /** Deletes what was noted. Returns the paths that are still there, as far as can be told. */
  run(exchange: Exchange): Promise<string[]>
}

const COLLECTION = new RegExp(`^${RECORD_BASE_PATH}/[^/]+/?$`)
/** A record made from another; its type is the last word. [REC-170] */
const TRANSFORM = new RegExp(`^${RECORD_BASE_PATH}/[^/]+/[^/]+/!transform/([^/]+)$`)
const BY_EXTERNAL_ID = new RegExp(`^${RECORD_BASE_PATH}/[^/]+/eid:[^/]+$`)
const INSTANCE = new RegExp(`^${RECORD_BASE_PATH}/[^/]+/[^/]+$`)

/** An empty list for one case on the target at `base`. */
export function createCleanup(base: string): Cleanup {
  const paths: string[] = []
  return {
    note: (request, response) => {
      for (const path of madeBy(request, response)) if (!paths.includes(path)) paths.push(path)
    },
    run: async (exchange) => {
      const left: string[] = []
      for (const path of paths.splice(0).reverse()) {
        if (!(await remove(exchange, `${base}${path}`))) left.push(path)
      }
      return left
    },
  }
}

/** Paths of the records that a request made, or may have made. */
function madeBy(request: WireRequest, response: WireResponse | undefined): string[] {
  if (response !== undefined && (response.status < 200 || response.status > 299)) return []
  const { pathname } = new URL(request.url)
  if (request.method === 'PUT' && BY_EXTERNAL_ID.test(pathname)) return [pathname]
  const collection =
    request.method === 'POST' || request.method === 'PUT' ? collectionOf(pathname) : undefined
  if (collection === undefined) return []
  const location = response?.headers.location
  if (location !== undefined && URL.canParse(location)) {
    const made = new URL(location).pathname
    // A Location that names no record must not steer a DELETE somewhere else.
    if (INSTANCE.test(made)) return [made]
  }
  return externalIdsOf(request.body).map((id) => `${collection}/eid:${id}`)
}

/** Where a request to this path makes its records. */
function collectionOf(pathname: string): string | undefined {
  if (COLLECTION.test(pathname)) return pathname.replace(/\/$/, '')
  const target = TRANSFORM.exec(pathname)?.[1]
  return target === undefined ? undefined : `${RECORD_BASE_PATH}/${target}`
}

/** Of the record, or of the records of a batch. A job makes them after its answer. */
function externalIdsOf(body: string | undefined): string[] {
  let json: { externalId?: unknown; items?: unknown } | null
  try {
    json = JSON.parse(body ?? 'null')
  } catch {
    return []
  }
  const records = Array.isArray(json?.items) ? (json.items as { externalId?: unknown }[]) : [json]
  return records.map((one) => one?.externalId).filter((id) => typeof id === 'string')
}

async function remove(exchange: Exchange, url: string): Promise<boolean> {
  try {
    const { status } = await exchange({ method: 'DELETE', url, headers: {} })
    return status === 404 || (status >= 200 && status <= 299)
  } catch (error) {
    if (error instanceof TransportError || error instanceof LoginRefused) return false
    throw error
  }
}

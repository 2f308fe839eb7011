/**
 * From an answer, or the lack of one, to an outcome. The codes and what they prove come from protocol/error-codes.ts;
 * only what NetSuite says by text alone is recognised by text, and each such text is named by its fact.
 * Rule for all doubt: a write that may have happened is `unknown`.
 */
import { WIRE_ERROR_CODES, type WireErrorCode } from '../../protocol/error-codes.ts'
import type { TransportError } from '../../protocol/transport.ts'
import type { WireResponse } from '../../protocol/wire.ts'
import type { Problem, RefusalCause, Refused, Unknown } from './outcome.ts'

/** Entities and transactions word it differently: "This entity|record already exists." [REC-E21, REC-E22] */
const EXISTS = /\balready exists\b/i
/** The answer to an id that is free or belongs to another transaction type. [REC-E03, OPQ-013] */
const WRONG_TRANSACTION_TYPE = /Transaction type specified is incorrect/i
/** Optimistic lock lost: load and save again. [OPQ-018, GOV-101] */
const CHANGED = /Record has been changed|Record was changed by a different user/i
/** All slots taken, or a window used up, whatever the status: a RESTlet says so with 400. [GOV-016, GOV-019] */
const CAPACITY_CODES: ReadonlySet<string> = new Set([
  'CONCURRENCY_LIMIT_EXCEEDED',
  'REQUEST_LIMIT_EXCEEDED',
  'SSS_REQUEST_LIMIT_EXCEEDED',
])
/** A workflow holds the record, for as long as it takes; whoever waits finds it free, or runs out of patience. [REC-E25] */
const LOCKED = /This record has been locked/i

/** So much of an answer that is not NetSuite's JSON (a proxy's HTML page, say) goes into a reason. */
const FOREIGN_BODY_CHARS_MAX = 200

const CODES: Readonly<Record<string, WireErrorCode | undefined>> = WIRE_ERROR_CODES

/** Judges an answer that is not 2xx. `write`: whether the request could change the account. */
export function classifyAnswer(response: WireResponse, nowMs: number, write: boolean): Refused | Unknown {
  const problem = readProblem(response, nowMs)
  const { status, code, detail } = problem
  const refused = (cause: RefusalCause, retry: 'never' | 'later'): Refused => ({
    kind: 'refused',
    cause,
    retry,
    ...problem,
  })
  if (status === 429 || CAPACITY_CODES.has(code)) return refused('capacity', 'later')
  if (status === 401) return refused('login', 'later')
  // 400 or 409, depending on whom one asks. [OPQ-055]
  if (code === 'IDEMPOTENCY_ERROR') return refused('repeated', 'never')
  if (status === 404) return refused('missing', 'never')
  if (status === 400 && EXISTS.test(detail)) return refused('exists', 'never')
  if (status === 400 && WRONG_TRANSACTION_TYPE.test(detail)) return refused('missing', 'never')
  if (status === 400 && (CHANGED.test(detail) || LOCKED.test(detail))) return refused('conflict', 'later')
  // 408 comes from proxies on the way and says as little about the effect as a 5xx does.
  if (status >= 500 || status === 408) {
    const known = CODES[code]
    const effect = known?.status === status ? known.effect : 'unknown'
    return write && effect === 'unknown' ? { kind: 'unknown', ...problem } : refused('outage', 'later')
  }
  // Without NetSuite's words nobody knows what it was refused for, so it is not taken for final at once.
  const isReadable = status < 400 || parseObject(response.body) !== undefined
  return refused('request', CODES[code]?.retry ?? (isReadable ? 'never' : 'later'))
}

/** A read whose answer cannot be read: cut off, a proxy's page, nothing at all. It must never pass for "there is nothing". */
export function unreadable({ status, body }: WireResponse): Refused {
  const detail = body.slice(0, FOREIGN_BODY_CHARS_MAX)
  return { kind: 'refused', cause: 'outage', retry: 'later', status, code: 'E_BODY_UNREADABLE', detail }
}

/**
 * Judges what the account answered instead of an access token. The request that it was for was never sent, and is not at
 * fault; unless the account is down or full, the login is. [AUT-084]
 */
export function classifyLogin(response: WireResponse, nowMs: number): Refused | Unknown {
  const { status } = response
  if (status === 429 || status >= 500) return classifyAnswer(response, nowMs, false)
  return { kind: 'refused', cause: 'login', retry: 'later', ...readProblem(response, nowMs) }
}

/** Judges a request that got no answer. A read without an answer is a plain failure: there is no effect to doubt. */
export function classifyTransportError(error: TransportError, write: boolean): Refused | Unknown {
  const problem: Problem = { status: 0, code: error.code, detail: error.message }
  if (error.effect === 'none') return { kind: 'refused', cause: 'unreachable', retry: 'later', ...problem }
  return write
    ? { kind: 'unknown', ...problem }
    : { kind: 'refused', cause: 'outage', retry: 'later', ...problem }
}

/** Reads the error body of REC-250, or of AUT-084; copes with anything else that a middle-box may send instead. */
export function readProblem({ status, headers, body }: WireResponse, nowMs: number): Problem {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], nowMs)
  const location = headers.location === undefined ? {} : { location: headers.location }
  const fallback = {
    status,
    code: `HTTP_${status}`,
    detail: body.slice(0, FOREIGN_BODY_CHARS_MAX),
    retryAfterMs,
    ...location,
  }
  const parsed = parseObject(body)
  if (parsed === undefined) return fallback
  const details = parsed['o:errorDetails']
  const first: unknown = Array.isArray(details) ? details[0] : undefined
  const entry = isObject(first) ? first : parsed
  return {
    status,
    code: text(entry['o:errorCode']) ?? text(parsed['o:errorCode']) ?? text(parsed.error) ?? fallback.code,
    detail: text(entry.detail) ?? text(parsed.title) ?? fallback.detail,
    retryAfterMs,
    ...location,
  }
}

/** `Retry-After` in seconds or as an HTTP date → milliseconds from now, 0 or more. `undefined`: absent or unreadable. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

/** JSON text → object, or `undefined` where it is something else or no JSON at all. */
export function parseObject(body: string): Record<string, unknown> | undefined {
  if (body === '') return undefined
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

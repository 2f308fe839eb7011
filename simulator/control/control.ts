/**
 * The control API: looking into the account and moving it, outside NetSuite's rules (no login, no slots, no journal).
 * Here a request finds its route and is checked against it; routes.ts has the routes. Errors are
 * `{ error: { code, message, mend } }`, and a refused call has changed nothing.
 */
import { z } from 'zod'
import { CONTROL_BASE_PATH, type WireRequest, type WireResponse } from '../../protocol/wire.ts'
import { ApiFault } from '../api-fault.ts'
import { badRequest, ControlError, type ControlParts, notFound, type Route } from './route.ts'
import { ROUTES } from './routes.ts'

/** Far above what importing the largest page of records takes. */
export const CONTROL_BODY_BYTES_MAX = 64 * 1024 * 1024

/** Makes the handler of every request below `/_seatrial`. It never rejects. */
export function createControl(
  parts: ControlParts,
  routes: readonly Route[] = ROUTES,
): (request: WireRequest) => Promise<WireResponse> {
  const find = createFinder(routes)
  return async (request) => {
    try {
      const { pathname, searchParams } = new URL(request.url)
      const { route, parameters } = find(request.method, pathname.slice(CONTROL_BASE_PATH.length))
      const call = { parameters, query: queryOf(route, searchParams), body: bodyOf(route, request) }
      const result = await route.handle(call as Parameters<Route['handle']>[0], parts)
      return route.answer === undefined ? { status: 204, headers: {}, body: '' } : answer(200, result)
    } catch (error) {
      return refusal(asControlError(error))
    }
  }
}

function answer(status: number, content: unknown, headers: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify(content)
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body }
}

/** The answer to a call that was not carried out. */
export function refusal({ status, code, message, mend, headers }: ControlError): WireResponse {
  return answer(status, { error: { code, message, mend } }, headers)
}

export function bodyTooLarge(): ControlError {
  const mend = 'send fewer items in one call'
  return new ControlError(413, 'E_TOO_LARGE', `a body has at most ${CONTROL_BODY_BYTES_MAX} bytes`, mend)
}

function asControlError(error: unknown): ControlError {
  if (error instanceof ControlError) return error
  if (error instanceof ApiFault) {
    const mend = 'correct the record; a client would get the same message'
    return new ControlError(error.status, error.code, error.message, mend)
  }
  if (error instanceof URIError)
    return badRequest(
      'the path is not percent-encoded well',
      'write other characters as %XX, two hexadecimal digits',
    )
  const message = error instanceof Error ? error.message : String(error)
  return new ControlError(500, 'E_INTERNAL', message, 'report this with the request')
}

interface Found {
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
}

/** Finds routes by method and path; throws 404 and 405. */
function createFinder(routes: readonly Route[]): (method: string, path: string) => Found {
  const table = routes.map((route) => ({ route, pattern: route.path.split('/') }))
  return (method, path) => {
    const segments = path.split('/')
    const candidates = table.filter(({ pattern }) => fits(pattern, segments))
    const found = candidates.find(({ route }) => route.method === method)
    if (found !== undefined) return { route: found.route, parameters: parametersOf(found.pattern, segments) }
    const full = CONTROL_BASE_PATH + path
    if (candidates.length === 0) {
      const known = [...new Set(routes.map((route) => route.path))].sort().join(', ')
      throw notFound(`no control operation ${method} ${full}`, `known below ${CONTROL_BASE_PATH}: ${known}`)
    }
    const allow = candidates.map(({ route }) => route.method).join(', ')
    const message = `${full} has no ${method}`
    throw new ControlError(405, 'E_METHOD_NOT_ALLOWED', message, `it has ${allow}`, { allow })
  }
}

const isParameter = (segment: string): boolean => segment.startsWith('{')

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => (isParameter(part) ? segments[at] !== '' : part === segments[at]))
  )
}

function parametersOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const named = pattern.flatMap((part, at) =>
    isParameter(part) ? [[part.slice(1, -1), decodeURIComponent(segments[at]!)]] : [],
  )
  return Object.fromEntries(named)
}

const NO_QUERY = z.strictObject({})

function queryOf({ query = NO_QUERY }: Route, given: URLSearchParams): unknown {
  const names = [...given.keys()]
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw badRequest(`${twice} is given twice`, 'give each query parameter once')
  return checked(query, Object.fromEntries(given), 'query parameters: ')
}

function bodyOf({ body: schema }: Route, { body = '', headers }: WireRequest): unknown {
  if (schema === undefined) return undefined
  // Also keeps out forms of foreign web pages, which can send anything but this type without being asked.
  const type = headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    const what = type === '' ? 'no content type' : `content type ${type}`
    const mend = 'send content-type: application/json'
    throw new ControlError(415, 'E_CONTENT_TYPE', `${what} where JSON is expected`, mend)
  }
  if (Buffer.byteLength(body) > CONTROL_BODY_BYTES_MAX) throw bodyTooLarge()
  let content: unknown
  try {
    content = JSON.parse(body)
  } catch {
    throw badRequest('the body is not JSON', 'send a JSON object')
  }
  return checked(schema, content, '')
}

function checked(schema: z.ZodType, content: unknown, where: string): unknown {
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  throw badRequest(
    where + z.prettifyError(parsed.error),
    `GET ${CONTROL_BASE_PATH}/openapi.json describes every call`,
  )
}

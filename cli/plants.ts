/**
 * Planted differences: one named alteration each of what the simulator answers. They prove that the conformance suite can
 * fail, for anyone who wants to see it (`conform --plant`) and in test/conformance.test.ts for all of them.
 */
import type { Transport } from '../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'

type Alteration = (response: WireResponse, request: WireRequest) => WireResponse

const isCreate = ({ method, url }: WireRequest): boolean => method === 'POST' && !url.includes('!')
const withoutHeader = (response: WireResponse, name: string): WireResponse => {
  const { [name]: _, ...headers } = response.headers
  return { ...response, headers }
}
const editBody = (response: WireResponse, edit: (body: Record<string, unknown>) => unknown): WireResponse => {
  if (!response.body.startsWith('{')) return response
  return { ...response, body: JSON.stringify(edit(JSON.parse(response.body))) }
}
const isRecord = (response: WireResponse): boolean =>
  (response.headers['content-type'] ?? '').includes('type=singular')

const ALTERATIONS: Readonly<Record<string, Alteration>> = {
  'create-answers-201': (response, request) =>
    isCreate(request) && response.status === 204 ? { ...response, status: 201 } : response,
  'create-without-location': (response, request) =>
    isCreate(request) ? withoutHeader(response, 'location') : response,
  'duplicate-answers-409': (response) =>
    response.body.includes('already exists') ? { ...response, status: 409 } : response,
  'error-code-renamed': (response) => ({
    ...response,
    body: response.body.replaceAll('NONEXISTENT_ID', 'RCRD_DSNT_EXIST'),
  }),
  'links-last': (response) =>
    isRecord(response) ? editBody(response, ({ links, ...rest }) => ({ ...rest, links })) : response,
  'id-as-number': (response) =>
    isRecord(response) ? editBody(response, (body) => ({ ...body, id: Number(body.id) })) : response,
  'limit-answers-503': (response) => (response.status === 429 ? { ...response, status: 503 } : response),
  'login-without-challenge': (response) =>
    response.status === 401 ? withoutHeader(response, 'www-authenticate') : response,
  'delete-answers-200': (response, { method }) =>
    method === 'DELETE' && response.status === 204 ? { ...response, status: 200, body: '{}' } : response,
  'patch-answers-200': (response, { method }) =>
    method === 'PATCH' && response.status === 204 ? { ...response, status: 200, body: '{}' } : response,
}

export const PLANT_NAMES: readonly string[] = Object.keys(ALTERATIONS)

/** A transport whose answers are altered as `name` says. */
export function plant(name: string, inner: Transport): Transport {
  const alter = ALTERATIONS[name]!
  return {
    send: async (request, options) => alter(await inner.send(request, options), request),
    close: () => inner.close(),
  }
}

/** Which requests a fault may hit. Decided from what is known on arrival: method, path, headers, claimed integration, body. */
import type { FaultSpec, OperationKind } from '../../protocol/fault.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'

/** What a fault may look at. `body` is read only by faults that match external IDs. */
export interface FaultSubject {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly recordType: string | undefined
  readonly integration: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export function matcherOf({ match, fault }: FaultSpec): (subject: FaultSubject) => boolean {
  const operations: readonly OperationKind[] | undefined =
    fault === 'slow-metadata' ? ['metadata'] : match?.operations
  if (match === undefined && operations === undefined) return () => true
  const { methods, externalIdPattern, integrations } = match ?? {}
  const types = match?.recordTypes?.map((type) => type.toLowerCase())
  const pattern = externalIdPattern === undefined ? undefined : new RegExp(externalIdPattern)
  const headers = Object.entries(match?.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), new RegExp(value)] as const,
  )
  return (subject) => {
    const { method, path, recordType, integration, body } = subject
    if (methods !== undefined && !methods.includes(method as 'GET')) return false
    if (types !== undefined && (recordType === undefined || !types.includes(recordType.toLowerCase())))
      return false
    if (integrations !== undefined && (integration === undefined || !integrations.includes(integration)))
      return false
    if (operations !== undefined && !operations.includes(operationKindOf(subject))) return false
    for (const [name, value] of headers) if (!value.test(subject.headers[name] ?? '')) return false
    return pattern === undefined || externalIdsIn(path, body).some((id) => pattern.test(id))
  }
}

/** Services beside the record service, by the start of their path. */
const SERVICES: readonly (readonly [string, OperationKind])[] = [
  ['/services/rest/query/', 'suiteql'],
  ['/services/rest/async/', 'async'],
  ['/services/rest/auth/', 'token'],
  ['/app/site/hosting/restlet.nl', 'restlet'],
]

/** What a request does, by its method and path. */
export function operationKindOf({ method, path, headers }: FaultSubject): OperationKind {
  if (!path.startsWith(RECORD_BASE_PATH))
    return SERVICES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'other'
  const [address = '', search = ''] = path.slice(RECORD_BASE_PATH.length + 1).split('?')
  const [first, id, third] = address.split('/').filter((part) => part !== '')
  if (first === 'metadata-catalog') return 'metadata'
  if (third === '!transform') return 'transform'
  if (id === undefined) return collectionKind(method, search, headers['content-type'] ?? '')
  return INSTANCE[method] ?? 'other'
}

const INSTANCE: Readonly<Record<string, OperationKind>> = {
  GET: 'get',
  PATCH: 'update',
  PUT: 'upsert',
  DELETE: 'delete',
}

function collectionKind(method: string, search: string, contentType: string): OperationKind {
  if (method === 'GET') return /(^|&)(expandRecords|ids)=/.test(search) ? 'batch' : 'list'
  if (method === 'POST') return /type=["']?collection/i.test(contentType) ? 'batch' : 'create'
  return 'batch'
}

/** External IDs named in the URL (`eid:…`) and at the top of the body. */
function externalIdsIn(path: string, body: string | undefined): string[] {
  const ids = [...path.matchAll(/eid:([^/?]+)/g)].map(([, id]) => safeDecode(id!))
  const inBody = /"externalId"\s*:\s*"([^"\\]*)"/i.exec(body ?? '')?.[1]
  return inBody === undefined ? ids : [...ids, inBody]
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Why a fault can never hit anything in this account; undefined when it can. */
export function neverHits(
  spec: FaultSpec,
  catalogue: { find(recordType: string): unknown },
  integrations: readonly string[],
): string | undefined {
  const { match, fromMs, untilMs, ttlMs, probabilityRatio, everyNth } = spec
  if (untilMs !== undefined && untilMs <= fromMs)
    return `its window ends (${untilMs} ms) before it starts (${fromMs} ms)`
  if (ttlMs !== undefined && ttlMs <= fromMs)
    return `it removes itself (${ttlMs} ms) before its window starts (${fromMs} ms)`
  if (probabilityRatio === 0 && everyNth === undefined) return 'its probabilityRatio is 0'
  const types = match?.recordTypes ?? []
  if (types.length > 0 && !types.some((type) => catalogue.find(type) !== undefined))
    return `the account has no record type ${types.join(' or ')}`
  const names = match?.integrations ?? []
  if (names.length > 0 && !names.some((name) => integrations.includes(name)))
    return `the account has no integration ${names.join(' or ')}; it has ${integrations.join(', ')}`
  return undefined
}

/** Malformed requests to the account, drawn by chance: some are wrong in one place, most in several, a few are right. */
import type { Rng } from '../../kernel/rng.ts'
import { RECORD_BASE_PATH as BASE } from '../../protocol/wire.ts'
import type { Catalogue, Field, RecordType } from '../../simulator/spec/catalogue.ts'
import { oddFilter, oddHeaders, oddJson, oddKey, oddText, oddValue } from './odd-text.ts'

/** A request before it is signed; `path` with its query. */
export interface OddRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
}

type Draw = (rng: Rng, type: RecordType) => Omit<OddRequest, 'headers'> & { headers?: Record<string, string> }

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']
const ODD_METHODS = ['HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'get', 'X', '']
/** Types that the account knows best, beside any other. */
const MAIN = [
  'customer',
  'salesOrder',
  'inventoryItem',
  'invoice',
  'employee',
  'customerPayment',
  'itemFulfillment',
]

const ASYNC = { prefer: 'respond-async' }
const COLLECTION = { 'content-type': 'application/vnd.oracle.resource+json; type=collection' }

const namesOf = (type: RecordType): string[] => type.body.fields.map(({ name }) => name)
const enc = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    return '%ED%A0%80'
  }
}

function idText(rng: Rng): string {
  const odd = enc(oddText(rng))
  return rng.pick(['1', '2', '3', '0', '-1', '01', '1.5', '999999999', 'eid:a', 'eid:b', `eid:${odd}`, odd])
}

function query(rng: Rng, type: RecordType): string {
  if (rng.chance(0.5)) return ''
  const value: Readonly<Record<string, () => string>> = {
    q: () => oddFilter(rng, namesOf(type)),
    limit: () => rng.pick(['0', '1', '10', '1000', '1001', '-1', 'x', '', '1.5', '9'.repeat(30)]),
    offset: () => rng.pick(['0', '1', '10', '-10', 'x', '', '99999999999', '9'.repeat(30)]),
    fields: () => [oddKey(rng, namesOf(type)), oddKey(rng, namesOf(type))].join(','),
    expand: () => oddKey(rng, namesOf(type)),
    expandSubResources: () => rng.pick(['true', 'false', 'TRUE', '1', '']),
    simpleEnumFormat: () => rng.pick(['true', 'false', 'x']),
    replace: () => rng.pick(['item', 'addressBook', 'item,partners', 'a.b', '', oddText(rng)]),
    replaceSelectedFields: () => rng.pick(['true', 'false', 'x']),
    ids: () => rng.pick(['1', '1,2,3', '1,,2', "eid:'a b'", 'eid:a,eid:b', '', oddText(rng)]),
    expandRecords: () => rng.pick(['true', 'false', 'x']),
    select: () => rng.pick(['customer', 'customer,salesOrder', 'nothing', '', 'customer, contact']),
    [enc(oddText(rng)) || 'x']: () => oddText(rng),
  }
  const names = Object.keys(value)
  const parts = Array.from({ length: rng.integer(1, 3) }, () => {
    const name = rng.pick(names)
    return `${name}=${enc(value[name]!())}`
  })
  return `?${parts.join('&')}`
}

/** A body that has real names and odd values in them. */
function confusedBody(rng: Rng, type: RecordType): string {
  const fields = Array.from({ length: rng.integer(1, 4) }, () => rng.pick(type.body.fields))
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, confusedValue(rng, field)])))
}

function confusedValue(rng: Rng, field: Field): unknown {
  if (field.kind === 'sublist' && rng.chance(0.7)) {
    const names = field.line.fields.map(({ name }) => name)
    const line = (): unknown =>
      Object.fromEntries([1, 2].map(() => [oddKey(rng, names), oddValue(rng, names)]))
    return { items: [line(), line()] }
  }
  if (field.kind === 'subrecord' && rng.chance(0.7)) {
    const names = field.body.fields.map(({ name }) => name)
    return Object.fromEntries([1, 2].map(() => [oddKey(rng, names), oddValue(rng, names)]))
  }
  return oddValue(rng, [])
}

function below(rng: Rng, type: RecordType): string {
  const nested = type.body.fields.filter(({ kind }) => kind !== 'scalar' && kind !== 'enum')
  const name = nested.length > 0 && rng.chance(0.8) ? rng.pick(nested).name : enc(oddText(rng))
  const tail = rng.pick([
    '',
    '/1',
    '/0',
    '/x',
    '/1/inventoryDetail',
    '/1/addressBookAddress',
    `/${enc(oddText(rng))}`,
    '/a=1,b=2',
  ])
  return `${name}${tail}`
}

const OPERATIONS = [
  '!transform',
  '!attach',
  '!detach',
  '!copy',
  '!',
  '@approve',
  '@',
  '@confirm',
  '!transform/',
  '!attach/contact',
]
const TARGETS = [
  'invoice',
  'itemFulfillment',
  'cashSale',
  'salesOrder',
  'nothing',
  '',
  'contact/1',
  'file/1',
  'contact',
  'customerPayment/2',
]

const NEIGHBOURS = [
  `${BASE}/metadata-catalog`,
  `${BASE}/metadata-catalog/customer`,
  `${BASE}/metadata-catalog/nothing`,
  `${BASE}/metadata-catalog/a/b`,
  '/services/rest/async/v1/job',
  '/services/rest/async/v1/job/1',
  '/services/rest/async/v1/job/1/task',
  '/services/rest/async/v1/job/1/task/1/result',
  '/services/rest/async/v1/job/x/task/y',
  '/services/rest/system/v1/governanceLimits',
  '/services/rest/system/v1/serverTime',
  '/services/rest/system/v1/nothing',
  '/services/rest/query/v1/suiteql',
  '/services/rest/auth/oauth2/v1/token',
  '/services/rest',
  '/services/rest/',
  '/services',
  '/',
  '/app/site/hosting/restlet.nl',
  '/services/NetSuitePort_2025_2',
  '/_seatrialx',
]

function oddSegments(rng: Rng): string {
  const segment = (): string => (rng.chance(0.2) ? '..' : enc(oddText(rng)))
  return Array.from({ length: rng.integer(1, 4) }, segment).join('/')
}

/** Kinds of malformed requests. Each is drawn equally often. */
const DRAWS: Readonly<Record<string, Draw>> = {
  badJson: (rng, type) => ({
    ...writeTo(rng, type),
    body: oddJson(rng, namesOf(type)),
  }),
  confusedTypes: (rng, type) => ({ ...writeTo(rng, type), body: confusedBody(rng, type) }),
  unknownPath: (rng) => ({
    method: rng.pick(METHODS),
    path: `${rng.pick([BASE, '/services/rest', '', `${BASE}/customer`])}/${oddSegments(rng)}`,
    body: rng.chance(0.5) ? '{}' : undefined,
  }),
  wrongMethod: (rng, type) => ({
    method: rng.pick([...METHODS, ...ODD_METHODS]),
    path: rng.pick([`${BASE}/${type.name}`, `${BASE}/${type.name}/${idText(rng)}`, rng.pick(NEIGHBOURS)]),
    body: rng.chance(0.3) ? '{}' : undefined,
  }),
  filter: (rng, type) => ({
    method: 'GET',
    path: `${BASE}/${type.name}?q=${enc(oddFilter(rng, namesOf(type)))}`,
    body: undefined,
  }),
  page: (rng, type) => ({ method: 'GET', path: `${BASE}/${type.name}${query(rng, type)}`, body: undefined }),
  read: (rng, type) => ({
    method: 'GET',
    path: `${BASE}/${type.name}/${idText(rng)}${query(rng, type)}`,
    body: undefined,
  }),
  batch: (rng, type) => ({
    method: rng.pick(METHODS),
    path: `${BASE}/${type.name}${query(rng, type)}`,
    headers: { ...(rng.chance(0.7) ? ASYNC : {}), ...(rng.chance(0.8) ? COLLECTION : {}) },
    body: rng.chance(0.2)
      ? oddJson(rng, ['items'])
      : JSON.stringify({
          items: rng.chance(0.8)
            ? [oddValue(rng, namesOf(type)), { id: '1' }, { externalId: 'a' }]
            : oddValue(rng, []),
        }),
  }),
  asynchronous: (rng, type) => ({ ...writeTo(rng, type), headers: ASYNC, body: confusedBody(rng, type) }),
  subResource: (rng, type) => ({
    method: rng.pick(METHODS),
    path: `${BASE}/${type.name}/${idText(rng)}/${below(rng, type)}${query(rng, type)}`,
    body: rng.chance(0.5) ? confusedBody(rng, type) : undefined,
  }),
  operation: (rng, type) => ({
    method: rng.chance(0.8) ? 'POST' : rng.pick(METHODS),
    path: `${BASE}/${type.name}/${idText(rng)}/${rng.pick(OPERATIONS)}/${rng.pick(TARGETS)}${query(rng, type)}`,
    body: rng.pick([undefined, '{}', confusedBody(rng, type), oddJson(rng, namesOf(type))]),
  }),
  neighbour: (rng, type) => ({
    method: rng.pick(METHODS),
    path: `${rng.pick(NEIGHBOURS)}${query(rng, type)}`,
    body: rng.pick([undefined, '{}', oddJson(rng, ['q'])]),
  }),
}

/** Names of the kinds, for counting that each was drawn. */
export const KINDS = Object.keys(DRAWS)

function writeTo(rng: Rng, type: RecordType): { method: string; path: string } {
  const method = rng.pick(['POST', 'POST', 'PATCH', 'PUT'])
  const id = method === 'PUT' && rng.chance(0.8) ? `eid:${rng.pick(['a', 'b', 'c'])}` : idText(rng)
  return { method, path: `${BASE}/${type.name}${method === 'POST' ? '' : `/${id}`}${query(rng, type)}` }
}

export function drawRequest(rng: Rng, catalogue: Catalogue): OddRequest & { readonly kind: string } {
  const main = catalogue.find(rng.pick(MAIN))
  const type = rng.chance(0.5) && main !== undefined ? main : rng.pick(catalogue.types)
  const kind = rng.pick(KINDS)
  const drawn = DRAWS[kind]!(rng, type)
  const typed = drawn.body === undefined ? {} : { 'content-type': 'application/json' }
  return { ...drawn, kind, headers: { ...typed, ...drawn.headers, ...oddHeaders(rng) } }
}

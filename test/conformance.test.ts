/** If this fails, the simulator no longer behaves as the sources say, or the suite would not notice if it did not. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AccountOptions } from '../cli/account.ts'
import { type ConformSimulatorOptions, conformSimulator } from '../cli/conformance.ts'
import { allCases, renderConformanceText, runConformance, type Target } from '../conformance/index.ts'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createInProcessTransport } from '../protocol/in-process-transport.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'
import { createSimulator } from '../simulator/index.ts'
import { loadProfile, type ProfileInput } from '../simulator/profile.ts'

/** Stands between the suite and the account: may change the request, the answer, or not ask the account at all. */
type Plant = (
  request: WireRequest,
  ask: (request: WireRequest) => Promise<WireResponse>,
) => Promise<WireResponse>

const nothing: Plant = (request, ask) => ask(request)

/** Secrets of a simulated account, made up. */
const secret = (digit: string): string => digit.repeat(64)
const TOKENS = [
  { tokenId: secret('1'), tokenSecret: secret('2') },
  { tokenId: secret('3'), tokenSecret: secret('4'), role: 'Reader of customers' },
] as const
const INTEGRATION = { name: 'suite', consumerKey: secret('5'), consumerSecret: secret('6') }
const KEYS = [
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }),
]
const CERTIFICATES = KEYS.map(({ publicKey }, index) => ({
  id: `certificate-${index}`,
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  ...(index === 1 && { role: 'Reader of customers' }),
}))
const HELD = KEYS.map(({ privateKey }, index) => ({
  certificateId: `certificate-${index}`,
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
}))
const BY_CERTIFICATE = { clientId: INTEGRATION.consumerKey, ...HELD[0]! }
/** A second role, for the cases about permissions. */
const ROLES: ProfileInput = {
  roles: [{ name: 'Reader of customers', permissions: { customer: 'view' } }],
  integrations: [{ ...INTEGRATION, tokens: [...TOKENS], oauth2: { certificates: CERTIFICATES } }],
}

/** The whole suite on a fresh simulator in virtual time. */
async function conform(plant: Plant = nothing, login: 'tba' | 'oauth2' = 'tba') {
  const clock = new VirtualClock()
  const rng = createRng(7)
  const simulator = createSimulator({
    clock,
    rng: rng.fork('account'),
    profile: loadProfile('premium', ROLES),
  })
  const credentials = [simulator.credentials, BY_CERTIFICATE]
  const [own, other] = login === 'tba' ? credentials : credentials.toReversed()
  const target: Target = {
    name: 'simulator (premium)',
    baseUrl: simulator.baseUrl,
    accountId: simulator.credentials.accountId,
    accountType: 'simulator',
    allowWrites: true,
    parallelMax: 100,
    credentials: own!,
    otherCredentials: other,
    restrictedRole: login === 'tba' ? TOKENS[1] : HELD[1],
    extraFields: {},
  }
  const account = createInProcessTransport(clock, simulator.handle)
  const transport = {
    ...account,
    send: (request: WireRequest, options: { timeoutMs: number }) =>
      plant(request, (asked) => account.send(asked, options)),
  }
  const suite = { clock, rng: rng.fork('suite'), transport, target, cases: allCases, version: '0.0.0' }
  const result = await clock.run(() => runConformance(suite))
  simulator.close()
  return result
}

type Json = Record<string, unknown>

/** Changes JSON bodies of answers; others pass. */
function onBody(change: (body: Json, request: WireRequest) => Json): Plant {
  return async (request, ask) => {
    const answer = await ask(request)
    if (!answer.body.startsWith('{')) return answer
    return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body) as Json, request)) }
  }
}

function onAnswer(change: (answer: WireResponse, request: WireRequest) => WireResponse): Plant {
  return async (request, ask) => change(await ask(request), request)
}

function without(headers: WireResponse['headers'], name: string): WireResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))
}

const restatus = (method: string, from: number, to: number): Plant =>
  onAnswer((answer, request) =>
    request.method === method && answer.status === from ? { ...answer, status: to } : answer,
  )

/** A difference planted in the simulator, and the case that must fail for it. */
const PLANTS: readonly (readonly [string, string, Plant])[] = [
  ['201 on create', 'records.create-answers-204', restatus('POST', 204, 201)],
  ['201 on upsert', 'upsert.create-answers-204', restatus('PUT', 204, 201)],
  ['200 on delete', 'delete.answers-204', restatus('DELETE', 204, 200)],
  ['403 for a bad login', 'auth.wrong-secret-401', restatus('GET', 401, 403)],
  ['503 over the limit', 'governance.over-limit-429', restatus('GET', 429, 503)],
  [
    'no Location',
    'records.create-tells-location',
    onAnswer((answer) => ({ ...answer, headers: without(answer.headers, 'location') })),
  ],
  [
    'a relative Location',
    'records.create-tells-location',
    onAnswer((answer) => {
      const { location } = answer.headers
      if (location === undefined) return answer
      return { ...answer, headers: { ...answer.headers, location: new URL(location).pathname } }
    }),
  ],
  [
    'no WWW-Authenticate',
    'auth.www-authenticate',
    onAnswer((answer) => ({ ...answer, headers: without(answer.headers, 'www-authenticate') })),
  ],
  [
    'plain application/json',
    'records.get-media-type',
    onAnswer((answer) =>
      answer.status === 200
        ? { ...answer, headers: { ...answer.headers, 'content-type': 'application/json' } }
        : answer,
    ),
  ],
  [
    'another error code',
    'errors.unknown-id-404',
    onAnswer((answer) => ({ ...answer, body: answer.body.replace('"NONEXISTENT_ID"', '"RCRD_DSNT_EXIST"') })),
  ],
  [
    '409 for a duplicate',
    'external-ids.duplicate-entity-refused',
    onAnswer((answer) => (answer.body.includes('already exists') ? { ...answer, status: 409 } : answer)),
  ],
  ['403 for a list', 'permissions.list-needs-workbook', restatus('GET', 400, 403)],
  [
    'OpenAPI 2',
    'metadata.open-api',
    onBody(({ openapi, ...body }) => (openapi === undefined ? body : { ...body, swagger: '2.0' })),
  ],
  ['200 for a queued request', 'async.submit-answers-202', restatus('POST', 202, 200)],
  [
    'a job that never ends',
    'async.job-succeeds',
    onBody((body) => ('completed' in body ? { ...body, completed: false } : body)),
  ],
  [
    'idempotency keys ignored',
    'idempotency.repeat-refused',
    (request, ask) => ask({ ...request, headers: without(request.headers, 'x-netsuite-idempotency-key') }),
  ],
  ['links last', 'records.links-come-first', onBody(({ links, ...fields }) => ({ ...fields, links }))],
  [
    'a numeric id',
    'records.id-is-text',
    onBody((body) => ('id' in body ? { ...body, id: Number(body.id) } : body)),
  ],
  [
    'null for an empty field',
    'records.empty-fields-left-out',
    onBody((body) => ('companyName' in body ? { ...body, fax: null } : body)),
  ],
  [
    'references without a name',
    'references.shape',
    onBody((body) => ('entity' in body ? { ...body, entity: { id: (body.entity as Json).id } } : body)),
  ],
  [
    'a filter ignored',
    'filters.is',
    onBody((body, { url }) =>
      url.includes('?q=') && Array.isArray(body.items)
        ? { ...body, items: [...(body.items as Json[]), { links: [], id: '1' }] }
        : body,
    ),
  ],
  [
    'single quotes taken for quotes',
    'filters.single-quotes-refused',
    onAnswer((answer, { url }) =>
      url.includes("'x'") ? { ...answer, status: 200, body: '{"items":[]}' } : answer,
    ),
  ],
  [
    'prev instead of previous',
    'collections.links-of-a-middle-page',
    onAnswer((answer) => ({ ...answer, body: answer.body.replace('"rel":"previous"', '"rel":"prev"') })),
  ],
  [
    'full records in a list',
    'collections.items-are-addresses',
    onBody((body) =>
      Array.isArray(body.items) && 'hasMore' in body
        ? { ...body, items: (body.items as Json[]).map((item) => ({ ...item, companyName: 'x' })) }
        : body,
    ),
  ],
  [
    '201 on transform',
    'transforms.answers-204',
    onAnswer((answer, { url }) =>
      url.includes('!transform') && answer.status === 204 ? { ...answer, status: 201 } : answer,
    ),
  ],
  [
    'a line that is not its own',
    'sub-resources.line-by-key',
    onBody((body, { url }) => (/\/item\/\d+$/.test(url) ? { ...body, quantity: 2 } : body)),
  ],
  [
    'expandSubResources ignored',
    'sublists.expand-on-request',
    onBody((body, { url }) =>
      url.includes('expandSubResources') && 'item' in body
        ? { ...body, item: { links: (body.item as Json).links } }
        : body,
    ),
  ],
  [
    'X-NetSuite-PropertyNameValidation ignored',
    'headers.unknown-property-refused',
    (request, ask) =>
      ask({ ...request, headers: without(request.headers, 'x-netsuite-propertynamevalidation') }),
  ],
  [
    'duplicates accepted under another external id',
    'external-ids.duplicate-changes-nothing',
    (request, ask) => {
      if (request.method !== 'POST' || request.body?.includes(' second') !== true) return ask(request)
      const body = JSON.parse(request.body) as Json
      return ask({ ...request, body: JSON.stringify({ ...body, externalId: `${body.externalId}-2` }) })
    },
  ],
  [
    'a token for any certificate',
    'oauth.assertion-of-whom',
    onAnswer((answer, { url }) => (url.endsWith('/token') ? { ...answer, status: 200 } : answer)),
  ],
  ['a token without a life', 'oauth.token-for-assertion', onBody(({ expires_in: _, ...body }) => body)],
  [
    'a delete that only says so',
    'delete.record-is-gone',
    async (request, ask) =>
      request.method === 'DELETE' ? { status: 204, headers: {}, body: '' } : ask(request),
  ],
]

describe('the simulator', () => {
  it.each(['tba', 'oauth2'] as const)(
    'passes every case by %s, and nothing is left in the account',
    async (login) => {
      const result = await conform(nothing, login)
      const notPassed = result.cases.filter(({ status }) => status !== 'pass').map(({ id }) => id)
      expect(notPassed, renderConformanceText(result)).toEqual([])
      expect(result.verdict).toBe('pass')
      expect(result.leftovers).toBeUndefined()
    },
  )
  it('gives the same result for the same seed', async () => {
    expect(await conform()).toEqual(await conform())
  })
})

describe('the simulator that comes with the suite', () => {
  it.each<[string, AccountOptions, Partial<ConformSimulatorOptions>]>([
    ['as it is', {}, {}],
    ['without waiting', { latency: 'none' }, {}],
    ['of another tier', { profile: 'enterprise' }, {}],
    ['by OAuth 2.0', {}, { login: 'oauth2' }],
    [
      'by OAuth 2.0 over HTTP',
      { latency: 'none' },
      { login: 'oauth2', mode: 'wall', only: ['auth', 'oauth', 'permissions', 'records', 'system'] },
    ],
  ])('%s passes every case, and none is skipped', async (_, account, options) => {
    const result = await conformSimulator({ account, mode: 'virtual', seed: 7, ...options })
    const run = result.cases.filter(({ reason }) => reason !== 'not selected')
    const notPassed = run.filter(({ status }) => status !== 'pass').map(({ id }) => id)
    expect(run.length).toBeGreaterThan(40)
    expect(notPassed, renderConformanceText(result)).toEqual([])
  })
})

describe('the suite', () => {
  it('lets no case pass on an account that says 200 to everything', async () => {
    const result = await conform(async () => ({ status: 200, headers: {}, body: '{}' }))
    expect(result.cases.filter(({ status }) => status === 'pass')).toEqual([])
    expect(result.verdict).toBe('fail')
  })
  it.each(PLANTS)('finds %s by %s', async (_, id, plant) => {
    const result = await conform(plant)
    expect(result.verdict).toBe('fail')
    expect(result.cases.filter(({ status }) => status === 'fail').map((one) => one.id)).toContain(id)
  })
})

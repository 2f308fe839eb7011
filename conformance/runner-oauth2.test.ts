/** If these fail, the suite cannot judge an account that logs in by OAuth 2.0, or shows what it logs in with. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { Transport } from '../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'
import type { ConformanceCase } from './case.ts'
import { runConformance } from './runner.ts'
import type { Target } from './target.ts'

const BASE = 'https://1234567-sb1.suitetalk.api.netsuite.com'
const CUSTOMER = '/services/rest/record/v1/customer'
const TBA = {
  accountId: '1234567_SB1',
  consumerKey: 'c0'.repeat(32),
  consumerSecret: 'c1'.repeat(32),
  tokenId: 'd0'.repeat(32),
  tokenSecret: 'd1'.repeat(32),
}
const target: Target = {
  name: 'a fake',
  baseUrl: BASE,
  accountId: '1234567_SB1',
  accountType: 'sandbox',
  allowWrites: true,
  parallelMax: 10,
  credentials: TBA,
  extraFields: {},
}

type Answer = (request: WireRequest) => WireResponse

/** A transport that answers by `answer` and keeps what was sent. */
function fake(answer: Answer) {
  const clock = new VirtualClock()
  const sent: WireRequest[] = []
  const transport: Transport = {
    send: async (request) => {
      sent.push(request)
      await clock.sleep(10)
      return answer(request)
    },
    close: async () => {},
  }
  const run = (cases: readonly ConformanceCase[], named: Target) =>
    clock.run(() =>
      runConformance({ clock, rng: createRng(7), transport, target: named, cases, version: '0.0.0' }),
    )
  const lines = () => sent.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`)
  return { run, sent, lines }
}

const respond = (status: number, headers: Record<string, string> = {}, body: unknown = ''): WireResponse => ({
  status,
  headers,
  body: body === '' ? '' : JSON.stringify(body),
})

/** A small account that does everything right. */
const right: Answer = ({ method }) => {
  if (method === 'POST') return respond(204, { location: `${BASE}${CUSTOMER}/41` })
  return method === 'GET' ? respond(200, {}, { links: [], id: '41' }) : respond(204)
}

const about = {
  title: 'an example that holds',
  level: 'must',
  evidence: 'documented',
  source: { ref: 'REC-100', says: 'what the source requires' },
} as const
const READ_BACK: ConformanceCase = {
  ...about,
  id: 'records.example',
  needs: ['writes'],
  steps: [
    {
      send: { POST: CUSTOMER, body: { companyName: '{unique}', externalId: '{unique}' } },
      expect: { status: 204, save: { id: 'header.location:last' } },
    },
    { send: { GET: `${CUSTOMER}/{id}` }, expect: { status: 200, body: { id: '{id}' } } },
  ],
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const OAUTH2 = {
  clientId: 'the-client-id',
  certificateId: 'k1',
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
}
const byOAuth2: Target = { ...target, credentials: OAUTH2 }
const NEEDS_TBA: ConformanceCase = {
  ...about,
  id: 'auth.example',
  needs: ['tba'],
  steps: [{ send: { GET: `${CUSTOMER}/41` }, expect: { status: 200 } }],
}
const NEEDS_OAUTH2: ConformanceCase = { ...NEEDS_TBA, id: 'oauth.example', needs: ['oauth2'] }

/** Gives `token-1`, `token-2`, …; takes only the newest, when there is one. */
function issuing(answer: Answer = right, newestOnly = false): Answer {
  let issued = 0
  return (request) => {
    if (request.url.endsWith('/token'))
      return respond(200, {}, { access_token: `token-${++issued}`, expires_in: 3600, token_type: 'bearer' })
    if (newestOnly && request.headers.authorization !== `Bearer token-${Math.max(2, issued)}`)
      return respond(401, {}, {})
    return answer(request)
  }
}

describe('a target that logs in by OAuth 2.0', () => {
  const headersOf = (sent: readonly WireRequest[]) => sent.map(({ headers }) => headers.authorization)

  it('is asked for one token, which all requests carry', async () => {
    const account = fake(issuing())
    expect((await account.run([READ_BACK], byOAuth2)).verdict).toBe('pass')
    const [asked, ...others] = headersOf(account.sent)
    expect(asked).toBeUndefined()
    expect(others).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1'])
  })
  it('is asked for another one when a token is refused, and the case goes on [AUT-091]', async () => {
    const account = fake(issuing(right, true))
    expect((await account.run([READ_BACK], byOAuth2)).verdict).toBe('pass')
    expect(account.lines().filter((line) => line.endsWith('/token'))).toHaveLength(2)
  })
  it('that refuses every token fails the case, after two tries', async () => {
    const account = fake(issuing(() => respond(401, {}, {})))
    const result = await account.run([{ ...NEEDS_OAUTH2, needs: [] }], byOAuth2)
    expect(result.cases[0]!.status).toBe('fail')
    expect(account.lines().filter((line) => line.startsWith('GET'))).toHaveLength(2)
  })
  it('that gives no token is an error with its reason, of cases and of the clean-up', async () => {
    const account = fake(() => respond(401, {}, { error: 'invalid_client' }))
    const result = await account.run([READ_BACK], byOAuth2)
    expect(result.cases[0]!).toMatchObject({
      status: 'error',
      reason: 'no access token: 401 {"error":"invalid_client"}',
    })
  })
  it('never shows a token, an assertion or a key, even if the account echoes them', async () => {
    const echo: Answer = ({ headers, body, url }) =>
      url.endsWith('/token') && !String(body).includes('echo')
        ? respond(200, {}, { access_token: 'hush.hush.hush', expires_in: 3600 })
        : respond(418, { location: headers.authorization ?? '' }, { headers, client: OAUTH2.clientId })
    const shown: ConformanceCase = {
      ...NEEDS_OAUTH2,
      steps: [
        {
          send: { POST: '/services/rest/auth/oauth2/v1/token', sign: 'assertion' },
          expect: { status: 200, body: { a: 1 } },
        },
      ],
    }
    const login: ConformanceCase = {
      ...NEEDS_OAUTH2,
      id: 'oauth.other',
      steps: [
        { send: { GET: `${CUSTOMER}/1` }, expect: { status: 200, text: 'x', header: { location: 'x' } } },
      ],
    }
    const refused = fake(({ body }) => respond(400, {}, { you: body }))
    const text =
      JSON.stringify(await fake(echo).run([shown, login], byOAuth2)) +
      JSON.stringify(await refused.run([login], byOAuth2))
    const assertion = new URLSearchParams(refused.sent[0]!.body).get('client_assertion')!
    expect(text).toContain('(hidden)')
    for (const secret of ['hush.hush', assertion, OAUTH2.clientId, 'PRIVATE'])
      expect(text).not.toContain(secret)
  })
  it.each([
    ['a certificate only', byOAuth2, ['skip', 'pass'], /needs a token of OAuth 1\.0a/],
    ['a token only', target, ['pass', 'skip'], /needs a certificate of OAuth 2\.0/],
    ['both', { ...target, otherCredentials: OAUTH2 }, ['pass', 'pass'], undefined],
    ['both, the other way round', { ...byOAuth2, otherCredentials: TBA }, ['pass', 'pass'], undefined],
  ] as const)('with %s runs the cases it can, each by its own kind', async (_, named, statuses, reason) => {
    const account = fake(issuing())
    const { cases } = await account.run([NEEDS_TBA, NEEDS_OAUTH2], named)
    expect(cases.map(({ status }) => status)).toEqual(statuses)
    if (reason !== undefined) expect(cases.find(({ status }) => status === 'skip')!.reason).toMatch(reason)
    const kinds = headersOf(account.sent).map((header) => header?.split(' ')[0])
    const wanted = statuses.flatMap((status, at) =>
      status === 'skip' ? [] : at === 0 ? ['OAuth'] : [undefined, 'Bearer'],
    )
    expect(kinds).toEqual(wanted)
  })
})

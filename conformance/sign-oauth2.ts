/**
 * Assertions and access tokens of OAuth 2.0, right and wrong in one named way. The ways named `assertion…` turn a request into
 * one for an access token: they put the form and its assertion into it. The assertion comes from protocol/assertion.ts. [AUT-060..063]
 */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import { assertionKey, type OAuth2Credentials, tokenRequest } from '../protocol/assertion.ts'
import type { Login } from '../protocol/login.ts'
import type { WireRequest } from '../protocol/wire.ts'

export const OAUTH2_VARIANTS = [
  'assertion',
  'assertion-of-unknown-certificate',
  'assertion-of-unknown-client',
  'assertion-for-three-hours',
  'assertion-for-another-audience',
  'altered-token',
] as const

type Way = (request: WireRequest) => WireRequest | Promise<WireRequest>

export function oauth2Ways(
  clock: Clock,
  rng: Rng,
  baseUrl: string,
  credentials: OAuth2Credentials,
  login: Login,
): Record<(typeof OAUTH2_VARIANTS)[number], Way> {
  const key = assertionKey(credentials)
  const asking =
    (changes: Partial<OAuth2Credentials>, claims: Readonly<Record<string, unknown>> = {}): Way =>
    (request) => {
      const { headers, body } = tokenRequest(
        clock,
        rng,
        { ...credentials, ...changes },
        { baseUrl, key, claims },
      )
      return { ...request, headers: { ...request.headers, ...headers }, body }
    }
  return {
    assertion: asking({}),
    'assertion-of-unknown-certificate': asking({ certificateId: `${credentials.certificateId}-not` }),
    'assertion-of-unknown-client': asking({ clientId: `${credentials.clientId}-not` }),
    'assertion-for-three-hours': (request) =>
      asking({}, { exp: Math.floor(clock.now() / 1000) + THREE_HOURS_SEC })(request),
    'assertion-for-another-audience': asking({}, { aud: 'https://example.com/token' }),
    'altered-token': async (request) => altered(await login.authorize(request)),
  }
}

/** Longer than either of the two limits that the help names. [AUT-062, AUT-064] */
const THREE_HOURS_SEC = 3 * 3600

/** The same token with another letter at the start of its signature. */
function altered(request: WireRequest): WireRequest {
  const authorization = request.headers.authorization!
  const at = authorization.lastIndexOf('.') + 1
  const other = authorization[at] === 'A' ? 'B' : 'A'
  const changed = authorization.slice(0, at) + other + authorization.slice(at + 1)
  return { ...request, headers: { ...request.headers, authorization: changed } }
}

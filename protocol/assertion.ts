/**
 * OAuth 2.0 client credentials, the client's side: an assertion signed by the `jose` library, and the form that carries it.
 * [AUT-060..063] The simulator verifies with code of its own, so that neither can hide a mistake of the other. Signing is
 * done by the machine's threads, so it belongs to wall time: virtual time would not wait for it.
 */
import { importPKCS8, SignJWT } from 'jose'
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import type { WireRequest } from './wire.ts'

/** What a client of the client-credentials grant needs. Secrets: never log, never render. */
export interface OAuth2Credentials {
  /** The integration's client id, which is its consumer key. */
  readonly clientId: string
  /** Shown when the certificate is mapped; `kid` of assertions. */
  readonly certificateId: string
  /** PKCS #8. */
  readonly privateKeyPem: string
}

export const ASSERTION_ALGORITHMS = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const

export interface AssertionOptions {
  /** Origin of the account. */
  readonly baseUrl: string
  readonly algorithm?: (typeof ASSERTION_ALGORITHMS)[number]
  readonly scopes?: readonly string[]
}

export const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token'
/** A minute under the hour that is allowed. [AUT-062] */
const LIFETIME_SEC = 59 * 60

/** A request for an access token. Its answer holds `access_token` and `expires_in`. [AUT-060, AUT-065] */
export async function tokenRequest(
  clock: Clock,
  rng: Rng,
  { clientId, certificateId, privateKeyPem }: OAuth2Credentials,
  { baseUrl, algorithm = 'ES256', scopes = ['rest_webservices', 'restlets'] }: AssertionOptions,
): Promise<WireRequest> {
  const url = baseUrl + TOKEN_PATH
  const issuedSec = Math.floor(clock.now() / 1000)
  const assertion = await new SignJWT({ scope: [...scopes] })
    .setProtectedHeader({ typ: 'JWT', alg: algorithm, kid: certificateId })
    .setIssuer(clientId)
    .setAudience(url)
    .setIssuedAt(issuedSec)
    .setExpirationTime(issuedSec + LIFETIME_SEC)
    .setJti(rng.uuid())
    .sign(await importPKCS8(privateKeyPem, algorithm))
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', url, headers, body: new URLSearchParams(form).toString() }
}

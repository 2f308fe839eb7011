/**
 * OAuth 2.0 client credentials, the client's side: a signed assertion and the form that carries it. [AUT-060..063]
 * Signed at once by `node:crypto`, so that virtual time stands meanwhile. The simulator verifies with code of its own, and
 * tests hold `jose` against both sides, so that neither can hide a mistake of the other.
 */
import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import type { Rng } from '../kernel/rng.ts'
import type { WireRequest } from './wire.ts'

/** What a client of the client-credentials grant needs. Secrets: never log, never render. */
export interface OAuth2Credentials {
  /** The integration's client id, which is its consumer key. */
  readonly clientId: string
  /** Shown when the certificate is mapped; `kid` of assertions. */
  readonly certificateId: string
  /** PKCS #8, not encrypted. */
  readonly privateKeyPem: string
  /** Default: the one that fits the key; PS256 for RSA. [AUT-061] */
  readonly algorithm?: AssertionAlgorithm | undefined
  /** Default: `rest_webservices` alone. [AUT-062] */
  readonly scopes?: readonly string[] | undefined
}

export const ASSERTION_ALGORITHMS = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const
export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number]

const SCOPES_DEFAULT = ['rest_webservices']
export const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token'
/** A minute under the hour that is allowed. [AUT-062] */
const LIFETIME_SEC = 59 * 60

/** Curves as Node names them. RSA keys take any PS. [AUT-061] */
const CURVES: Readonly<Record<string, string | undefined>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

/** A private key and the algorithm it signs by. */
export interface AssertionKey {
  readonly key: KeyObject
  readonly algorithm: AssertionAlgorithm
}

/** Reads the private key. Throws `E_KEY_INVALID` where it is none, is encrypted, or does not fit the algorithm. */
export function assertionKey({
  privateKeyPem,
  algorithm,
}: Pick<OAuth2Credentials, 'privateKeyPem' | 'algorithm'>): AssertionKey {
  const key = readKey(privateKeyPem)
  const curve = key.asymmetricKeyDetails?.namedCurve
  const fitting = ASSERTION_ALGORITHMS.filter((name) =>
    key.asymmetricKeyType === 'rsa' ? CURVES[name] === undefined : CURVES[name] === curve,
  )
  const chosen = algorithm ?? fitting[0]
  if (chosen !== undefined && fitting.includes(chosen)) return { key, algorithm: chosen }
  const kind = [key.asymmetricKeyType, curve].filter(Boolean).join(' ')
  throw new AppError(
    'E_KEY_INVALID',
    `a key of the kind ${kind} does not sign by ${chosen ?? 'any algorithm'}`,
    {
      expected: fitting.length === 0 ? 'RSA, or EC P-256, P-384 or P-521' : fitting.join(', '),
      mend:
        fitting.length === 0
          ? 'make another key pair'
          : 'leave the algorithm out, or name one that fits the key',
    },
  )
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // The cause is left out: nothing of the text may reach a log.
    const isEncrypted = pem.includes('ENCRYPTED')
    throw new AppError(
      'E_KEY_INVALID',
      isEncrypted ? 'the private key is encrypted' : 'no PEM of a private key',
      {
        expected: '-----BEGIN PRIVATE KEY-----',
        mend: isEncrypted
          ? 'take the passphrase off: openssl pkcs8 -in KEY -out PLAIN'
          : 'name the file of the key',
      },
    )
  }
}

export interface TokenRequestOptions {
  /** Origin of the account, without a slash at the end. */
  readonly baseUrl: string
  /** Default: read from the credentials. */
  readonly key?: AssertionKey
  /** In place of those that belong there. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A request for an access token. Its answer holds `access_token` and `expires_in`. [AUT-060, AUT-065] */
export function tokenRequest(
  clock: Clock,
  rng: Rng,
  credentials: OAuth2Credentials,
  { baseUrl, key = assertionKey(credentials), claims = {} }: TokenRequestOptions,
): WireRequest {
  const url = baseUrl + TOKEN_PATH
  const issuedSec = Math.floor(clock.now() / 1000)
  const { clientId, certificateId, scopes = SCOPES_DEFAULT } = credentials
  const header = { typ: 'JWT', alg: key.algorithm, kid: certificateId }
  const asserted = {
    iss: clientId,
    scope: scopes,
    aud: url,
    iat: issuedSec,
    exp: issuedSec + LIFETIME_SEC,
    jti: rng.uuid(),
    ...claims,
  }
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signedJwt(header, asserted, key),
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', url, headers, body: new URLSearchParams(form).toString() }
}

/** Compact JWS [RFC 7515]; EC signatures as two plain numbers, RSA ones as PSS with a salt as long as the hash. [RFC 7518 §3.4, §3.5] */
export function signedJwt(header: object, claims: object, { key, algorithm }: AssertionKey): string {
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const how =
    CURVES[algorithm] === undefined
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { dsaEncoding: 'ieee-p1363' as const }
  const signature = sign(`sha${algorithm.slice(2)}`, Buffer.from(signed), { key, ...how })
  return `${signed}.${signature.toString('base64url')}`
}

/**
 * How a client logs in, whichever way: the one mechanism of harness and conformance suite. By token of OAuth 1.0a every
 * request is signed, at once; by OAuth 2.0 every request carries an access token, which is fetched when first needed,
 * kept until shortly before it ends, and fetched anew when the account refuses it. [AUT-021, AUT-060, AUT-065, AUT-090, AUT-091]
 */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import { assertionKey, type OAuth2Credentials, tokenRequest } from './assertion.ts'
import { createSigner, type TbaCredentials } from './signing.ts'
import { type Transport, TransportError } from './transport.ts'
import type { WireRequest, WireResponse } from './wire.ts'

/** What an integration logs in with: tokens of OAuth 1.0a, or a certificate of OAuth 2.0. Secrets. */
export type Credentials = TbaCredentials | OAuth2Credentials

export interface Login {
  /**
   * The request with what proves who sends it; ask anew for every attempt. Given at once wherever nothing has to be
   * fetched, so that a signature costs no promise. Rejects with `TransportError` of effect `none`, or `LoginRefused`.
   */
  authorize(request: WireRequest): WireRequest | Promise<WireRequest>
  /** Told of a 401 to an authorized request. True where it carried something that the next one will not. */
  refused(request: WireRequest): boolean
}

export interface LoginParts {
  /** Carries the requests for access tokens; the caller's own requests are its own affair. */
  readonly transport: Transport
  /** Origin of the account, without a slash at the end. */
  readonly baseUrl: string
}

/** A proxy may answer with a page. */
const SHOWN_CHARACTERS_MAX = 200

/** The account gave no access token. */
export class LoginRefused extends Error {
  /** What it answered instead; without a body where that could hold a secret. */
  readonly response: WireResponse

  constructor(response: WireResponse) {
    super(`no access token: ${response.status} ${response.body.slice(0, SHOWN_CHARACTERS_MAX)}`)
    this.name = 'LoginRefused'
    this.response = response
  }
}

/** Logs in by what the credentials are good for. Throws `E_KEY_INVALID`. */
export function createLogin(clock: Clock, rng: Rng, parts: LoginParts, credentials: Credentials): Login {
  return isOAuth2(credentials)
    ? oauth2(clock, rng, parts, credentials)
    : { authorize: createSigner(clock, rng, credentials), refused: () => false }
}

/** Whether they are those of a client of OAuth 2.0. */
export function isOAuth2(credentials: Credentials): credentials is OAuth2Credentials {
  return 'certificateId' in credentials
}

/** Long enough for a slow account; a token endpoint saves nothing. */
const FETCH_TIMEOUT_MS = 30_000
/** A token is not sent in the last minute of its hour, when a slow request could outlive it; of a short life, in the last tenth. */
const SPARE_MS_MAX = 60_000
const SPARE_RATIO = 0.1

interface Token {
  readonly authorization: string
  readonly goodUntilMs: number
}

function oauth2(
  clock: Clock,
  rng: Rng,
  { transport, baseUrl }: LoginParts,
  credentials: OAuth2Credentials,
): Login {
  const key = assertionKey(credentials)
  let token: Token | undefined
  let fetching: Promise<Token> | undefined

  const fetchToken = async (): Promise<Token> => {
    const startedMs = clock.now()
    const request = tokenRequest(clock, rng, credentials, { baseUrl, key })
    try {
      token = tokenOf(await transport.send(request, { timeoutMs: FETCH_TIMEOUT_MS }), startedMs)
      return token
    } catch (error) {
      throw error instanceof TransportError ? nothingDone(error) : error
    }
  }
  return {
    authorize(request) {
      if (token !== undefined && clock.now() < token.goodUntilMs) return bearing(request, token)
      // One for all who wait for it.
      fetching ??= fetchToken().finally(() => {
        fetching = undefined
      })
      return fetching.then((fetched) => bearing(request, fetched))
    },
    refused({ headers: { authorization } }) {
      // Not a newer one, which others may have fetched while this request was under way.
      if (token?.authorization === authorization) token = undefined
      return true
    },
  }
}

function bearing(request: WireRequest, { authorization }: Token): WireRequest {
  return { ...request, headers: { ...request.headers, authorization } }
}

/** [AUT-065] Without a usable `expires_in` it is good until it is refused. */
function tokenOf(response: WireResponse, startedMs: number): Token {
  const { access_token: text, expires_in: lifeSec } = parsed(response.body)
  if (response.status !== 200) throw new LoginRefused(response)
  if (typeof text !== 'string' || text === '') throw new LoginRefused({ ...response, body: '' })
  const lifeMs = Number(lifeSec ?? Number.NaN) * 1000
  const spareMs = Math.min(SPARE_MS_MAX, lifeMs * SPARE_RATIO)
  const goodUntilMs = lifeMs > 0 ? startedMs + lifeMs - spareMs : Number.POSITIVE_INFINITY
  return { authorization: `Bearer ${text}`, goodUntilMs }
}

function parsed(body: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as object
  } catch {
    return {}
  }
}

/** Whatever became of the request for a token, the request that it was for was not sent. */
function nothingDone({ code, message }: TransportError): TransportError {
  return new TransportError(code, 'none', `no access token: ${message}`)
}

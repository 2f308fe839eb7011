/**
 * Token-based authentication, the client's side: OAuth 1.0a with HMAC-SHA256 by the `oauth-1.0a` library. [AUT-020..025]
 * Used by the harness and the conformance suite. The simulator verifies with code of its own, so that neither
 * can hide a mistake of the other.
 */
import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import type { WireRequest } from './wire.ts'

/** What an integration needs to log in by token. Secrets: never log, never render. */
export interface TbaCredentials {
  /** As the realm wants it: upper case, underscore, e.g. `1234567_SB1`. [AUT-008] */
  readonly accountId: string
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly tokenId: string
  readonly tokenSecret: string
}

/** Twenty characters, as Oracle's example has. [AUT-027] */
const NONCE_LENGTH = 20

/** RFC 3986 §2.3 */
const UNRESERVED = /^[\w.~-]*$/

/** Signs requests for one integration. Each call takes a fresh nonce and the clock's time: sign again for every attempt. */
export function createSigner(
  clock: Clock,
  rng: Rng,
  credentials: TbaCredentials,
): (request: WireRequest) => WireRequest {
  const consumer = { key: credentials.consumerKey, secret: credentials.consumerSecret }
  const token = { key: credentials.tokenId, secret: credentials.tokenSecret }
  const oauth = new OAuth({
    consumer,
    realm: credentials.accountId,
    signature_method: 'HMAC-SHA256',
    nonce_length: NONCE_LENGTH,
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  // The library would take both from the machine.
  oauth.getNonce = () => rng.hex(NONCE_LENGTH)
  oauth.getTimeStamp = () => Math.floor(clock.now() / 1000)
  // Nearly all it encodes is keys and numbers that encode to themselves; the library spends most of its time on them.
  const encode = oauth.percentEncode.bind(oauth)
  oauth.percentEncode = (text) => (UNRESERVED.test(text) ? text : encode(text))
  return (request) => {
    const { Authorization } = oauth.toHeader(
      oauth.authorize({ url: request.url, method: request.method }, token),
    )
    return { ...request, headers: { ...request.headers, authorization: Authorization } }
  }
}

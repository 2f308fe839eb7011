/**
 * Token-based authentication, the client's side: OAuth 1.0a with HMAC-SHA256. [AUT-020..025] Used by the harness and the
 * conformance suite. The simulator verifies with code of its own, so that neither can hide a mistake of the other; the
 * `oauth-1.0a` library judges both in their tests.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Rng } from '../kernel/rng.ts'
import { hmacBase64, hmacKeyOf } from './hmac.ts'
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

/** Signs requests for one integration. Each call takes a fresh nonce and the clock's time: sign again for every attempt. */
export function createSigner(
  clock: Clock,
  rng: Rng,
  { accountId, consumerKey, consumerSecret, tokenId, tokenSecret }: TbaCredentials,
): (request: WireRequest) => WireRequest {
  const key = hmacKeyOf(`${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`)
  const consumer = percentEncode(consumerKey)
  const token = percentEncode(tokenId)
  // What all requests have in common is encoded once: most of the text that is signed.
  const beforeNonce = percentEncode(`oauth_consumer_key=${consumer}&oauth_nonce=`)
  const beforeTime = percentEncode('&oauth_signature_method=HMAC-SHA256&oauth_timestamp=')
  const afterTime = percentEncode(`&oauth_token=${token}&oauth_version=1.0`)
  const header = `OAuth realm="${accountId}", oauth_consumer_key="${consumer}", oauth_nonce="`
  const headerEnd = `", oauth_token="${token}", oauth_version="1.0"`
  const sortedAmong = (query: string, nonce: string, timestamp: number): string => {
    const own: Pair[] = [
      ['oauth_consumer_key', consumer],
      ['oauth_nonce', nonce],
      ['oauth_signature_method', 'HMAC-SHA256'],
      ['oauth_timestamp', String(timestamp)],
      ['oauth_token', token],
      ['oauth_version', '1.0'],
    ]
    const pairs = sorted([...own, ...queryPairs(query)])
    return percentEncode(pairs.map(([name, value]) => `${name}=${value}`).join('&'))
  }
  return (request) => {
    const { method, url } = request
    const nonce = rng.hex(NONCE_LENGTH)
    const timestamp = Math.floor(clock.now() / 1000)
    const queryAt = url.indexOf('?')
    const address = queryAt < 0 ? url : url.slice(0, queryAt)
    const parameters =
      queryAt < 0
        ? `${beforeNonce}${nonce}${beforeTime}${timestamp}${afterTime}`
        : sortedAmong(url.slice(queryAt + 1), nonce, timestamp)
    const signature = hmacBase64(key, `${method.toUpperCase()}&${percentEncode(address)}&${parameters}`)
    const authorization =
      `${header}${nonce}", oauth_signature="${percentEncode(signature)}", ` +
      `oauth_signature_method="HMAC-SHA256", oauth_timestamp="${timestamp}${headerEnd}`
    return { ...request, headers: { ...request.headers, authorization } }
  }
}

type Pair = readonly [name: string, value: string]

/** Parameters of a query, decoded as a form and encoded as OAuth does. [AUT-023] */
function queryPairs(query: string): Pair[] {
  return [...new URLSearchParams(query)].map(([name, value]) => [percentEncode(name), percentEncode(value)])
}

/** By name, then by value, both encoded. [AUT-023] */
function sorted(pairs: Pair[]): Pair[] {
  return pairs.sort(([name, value], [other, its]) =>
    name === other ? (value < its ? -1 : 1) : name < other ? -1 : 1,
  )
}

/** RFC 5849 §3.6: everything but letters, digits and `-._~`. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

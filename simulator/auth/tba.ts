/**
 * Token-based authentication, the account's side: OAuth 1.0a with HMAC-SHA256, checked in full. [AUT-020..031]
 * Every failure looks the same on the wire; the reason goes to the journal as the Login Audit Trail's word. [AUT-041, AUT-042]
 * Own code on purpose: clients sign with the `oauth-1.0a` library, and two implementations check each other.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import { ApiFault } from '../api-fault.ts'
import type { Principal, Role } from '../permissions/principal.ts'

/** An integration record with the tokens issued for it. */
export interface Integration {
  readonly name: string
  readonly consumerKey: string
  readonly consumerSecret: string
  /** `role` names a role of the account; without one the token is an administrator's. [AUT-002] */
  readonly tokens: readonly {
    readonly tokenId: string
    readonly tokenSecret: string
    readonly role?: string | undefined
    /** Default: the integration's own user. */
    readonly user?: string | undefined
  }[]
}

export interface TbaVerifier {
  /** Checks one request; throws the 401 of AUT-040. A nonce counts as used once its signature was right. */
  verify(request: WireRequest): Principal
  /** The integration a request claims to be from, unchecked: for fault scopes and the journal. */
  claimedIntegration(request: WireRequest): string | undefined
  /** Forgets used nonces. */
  reset(): void
}

/** Allowed distance between the client's clock and the account's. [AUT-028] */
export const TIMESTAMP_SKEW_SEC = 300
/** A nonce must be remembered as long as its timestamp could still be accepted: from five minutes ahead to five behind. */
const NONCE_MEMORY_MIN = (2 * TIMESTAMP_SKEW_SEC) / 60 + 1
/** [AUT-027] */
const NONCE_LENGTH_MIN = 6

const LOGIN_DETAIL =
  'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.'

/** The 401 of a failed login. Only `token_rejected` is proven as the header's `error`. [AUT-040, AUT-041] */
export function loginFault(accountId: string, reason: string): ApiFault {
  return new ApiFault('INVALID_LOGIN', LOGIN_DETAIL, {
    loginFailure: reason,
    headers: {
      'www-authenticate': `OAuth realm="${accountId}", error="token_rejected", error_description="Invalid login attempt."`,
    },
  })
}

const CONSUMER_KEY = 'oauth_consumer_key="'

interface KnownToken {
  readonly principal: Principal
  readonly key: HmacKey
}

export function createTbaVerifier(
  clock: Clock,
  accountId: string,
  integrations: readonly Integration[],
  roleNamed: (name: string | undefined) => Role,
): TbaVerifier {
  const consumers = new Map<string, { name: string; tokens: Map<string, KnownToken> }>()
  for (const { name, consumerKey, consumerSecret, tokens } of integrations) {
    const known = new Map<string, KnownToken>()
    for (const { tokenId, tokenSecret, role, user } of tokens) {
      const secret = `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`
      known.set(tokenId, {
        principal: { integration: name, user: user ?? name, role: roleNamed(role) },
        key: hmacKeyOf(secret),
      })
    }
    consumers.set(consumerKey, { name, tokens: known })
  }
  const nonces = createNonceMemory()

  const verify = (request: WireRequest): Principal => {
    const fail = (reason: string): never => {
      throw loginFault(accountId, reason)
    }
    const header = request.headers.authorization
    if (header === undefined) return fail('MissingTokenPassportRequiredFields')
    const oauth = parseAuthorization(header)
    if (oauth === undefined) return fail('MissingTokenPassportRequiredFields')
    const consumerKey = oauth.get('oauth_consumer_key')
    const tokenId = oauth.get('oauth_token')
    const nonce = oauth.get('oauth_nonce')
    const timestamp = oauth.get('oauth_timestamp')
    const signature = oauth.get('oauth_signature')
    const version = oauth.get('oauth_version')
    if (!consumerKey || !tokenId || !nonce || !timestamp || !signature || nonce.length < NONCE_LENGTH_MIN) {
      return fail('MissingTokenPassportRequiredFields')
    }
    if (oauth.get('oauth_signature_method') !== 'HMAC-SHA256') return fail('UnknownAlgorithm')
    if (version !== undefined && version !== '1.0') return fail('VersionRejected')
    if (oauth.get('realm') !== accountId) return fail('token_rejected')
    const consumer = consumers.get(consumerKey)
    if (consumer === undefined) return fail('consumer_key_unknown')
    const token = consumer.tokens.get(tokenId)
    if (token === undefined) return fail('token_rejected')
    const nowSec = Math.floor(clock.now() / 1000)
    const sentSec = Number(timestamp)
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowSec - sentSec) > TIMESTAMP_SKEW_SEC)
      return fail('InvalidTimestamp')
    if (!signatureFits(request, oauth, token.key, signature)) return fail('InvalidSignature')
    if (!nonces.use(tokenId, sentSec, nonce)) return fail('NonceUsed')
    // [AUT-004, AUT-042]
    if (!token.principal.role.holds('logInUsingAccessTokens', 'full')) return fail('permission_denied')
    return token.principal
  }
  const claimedIntegration = ({ headers }: WireRequest): string | undefined => {
    const header = headers.authorization ?? ''
    const at = header.indexOf(CONSUMER_KEY)
    if (at < 0) return undefined
    const start = at + CONSUMER_KEY.length
    return consumers.get(header.slice(start, header.indexOf('"', start)))?.name
  }
  return { verify, claimedIntegration, reset: nonces.reset }
}

/**
 * Remembers used nonces by the minute of their timestamp, and forgets a minute when its timestamps are no longer accepted,
 * so that memory follows the traffic of ten minutes.
 */
function createNonceMemory() {
  const minutes = new Map<number, Set<string>>()
  let newest = 0
  return {
    /** False when this token has used the nonce with this timestamp before. */
    use(tokenId: string, sentSec: number, nonce: string): boolean {
      const minute = Math.floor(sentSec / 60)
      let used = minutes.get(minute)
      if (used === undefined) {
        used = new Set()
        minutes.set(minute, used)
        newest = Math.max(newest, minute)
        for (const known of minutes.keys()) if (known < newest - NONCE_MEMORY_MIN) minutes.delete(known)
      }
      const size = used.size
      return used.add(`${sentSec}${nonce}${tokenId}`).size > size
    },
    reset: () => minutes.clear(),
  }
}

type OAuthParameters = ReadonlyMap<string, string>

/** Reads `OAuth realm="…", oauth_…="…"`; undefined when it is not such a header or names a parameter twice. [AUT-021, AUT-030] */
export function parseAuthorization(header: string): OAuthParameters | undefined {
  if (!/^OAuth\s/i.test(header)) return undefined
  const parameters = new Map<string, string>()
  // By hand: this runs on every request, and a global regular expression costs several times as much.
  for (let at = 6; ; ) {
    const equals = header.indexOf('="', at)
    if (equals < 0) return parameters
    const end = header.indexOf('"', equals + 2)
    if (end < 0) return undefined
    let start = at
    while (SEPARATORS.includes(header[start]!)) start++
    const name = header.slice(start, equals)
    const value = header.slice(equals + 2, end)
    if (parameters.has(name)) return undefined
    parameters.set(name, value.includes('%') ? percentDecode(value) : value)
    at = end + 1
  }
}

const SEPARATORS = ', \t'

/** The text that is signed. Scheme and host as the client addressed them, query parameters among the sorted ones. [AUT-022, AUT-023] */
export function signatureBase(method: string, url: string, oauth: OAuthParameters): string {
  const queryAt = url.indexOf('?')
  const address = queryAt < 0 ? url : url.slice(0, queryAt)
  const parameters: string[] = []
  for (const [name, value] of oauth) {
    if (name !== 'realm' && name !== 'oauth_signature') parameters.push(encodedPair(name, value))
  }
  if (queryAt >= 0) {
    for (const part of url.slice(queryAt + 1).split('&')) {
      if (part === '') continue
      const at = part.indexOf('=')
      const name = at < 0 ? part : part.slice(0, at)
      const value = at < 0 ? '' : part.slice(at + 1)
      parameters.push(encodedPair(formDecode(name), formDecode(value)))
    }
  }
  return `${method.toUpperCase()}&${percentEncode(normalAddress(address))}&${parameters.sort(byNameThenValue).join('%26')}`
}

/** `name=value` as it stands in the base string: each part encoded, and all of it once more. */
function encodedPair(name: string, value: string): string {
  return `${encodeTwice(name)}${EQUALS}${encodeTwice(value)}`
}

const EQUALS = '%3D'

function encodeTwice(text: string): string {
  return UNRESERVED.test(text) ? text : percentEncode(percentEncode(text))
}

/** Encoding a second time turns `%` into `%25` everywhere, which keeps the order of the first. [AUT-023] */
function byNameThenValue(a: string, b: string): number {
  const [name, other] = [a.slice(0, a.indexOf(EQUALS)), b.slice(0, b.indexOf(EQUALS))]
  return name < other ? -1 : name > other ? 1 : a < b ? -1 : a > b ? 1 : 0
}

/** Both halves of an HMAC key, padded and masked once per token, each with room behind it for what is hashed. [RFC 2104] */
interface HmacKey {
  readonly inner: Buffer
  readonly outer: Buffer
}

const SHA256_BLOCK_BYTES = 64
const SHA256_BYTES = 32
/** A base string is under a kilobyte unless the query is long; longer ones get a buffer of their own. */
const MESSAGE_ROOM_BYTES = 4096

function hmacKeyOf(secret: string): HmacKey {
  const bytes = Buffer.from(secret, 'utf8')
  const block = Buffer.alloc(SHA256_BLOCK_BYTES)
  const short = bytes.length > SHA256_BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes
  short.copy(block)
  const masked = (mask: number, room: number): Buffer =>
    Buffer.concat([block.map((byte) => byte ^ mask), Buffer.alloc(room)])
  return { inner: masked(0x36, MESSAGE_ROOM_BYTES), outer: masked(0x5c, SHA256_BYTES) }
}

/** HMAC by two one-shot hashes: a native Hmac object per request would cost more to collect than to compute. */
function hmacBase64({ inner, outer }: HmacKey, text: string): string {
  // The text is percent-encoded, so one byte a character.
  const length = SHA256_BLOCK_BYTES + text.length
  const message = length <= inner.length ? inner : Buffer.concat([inner, Buffer.alloc(text.length)])
  message.write(text, SHA256_BLOCK_BYTES, 'latin1')
  hash('sha256', message.subarray(0, length), 'buffer').copy(outer, SHA256_BLOCK_BYTES)
  return hash('sha256', outer, 'base64')
}

function signatureFits(
  request: WireRequest,
  oauth: OAuthParameters,
  key: HmacKey,
  signature: string,
): boolean {
  const fits = (url: string): boolean => {
    const expected = hmacBase64(key, signatureBase(request.method, url, oauth))
    return (
      expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    )
  }
  if (fits(request.url)) return true
  // Behind a proxy that ends TLS we see http where the client signed https; the secret is proven either way.
  return request.url.startsWith('http:') && fits(`https:${request.url.slice(5)}`)
}

/** Scheme and host in lower case, default ports left out. [AUT-022, RFC 5849 §3.4.1.2] */
function normalAddress(address: string): string {
  const pathAt = address.indexOf('/', address.indexOf('//') + 2)
  if (pathAt < 0) return `${address.toLowerCase()}/`
  let origin = address.slice(0, pathAt).toLowerCase()
  if (origin.startsWith('https:') && origin.endsWith(':443')) origin = origin.slice(0, -4)
  else if (origin.startsWith('http:') && origin.endsWith(':80')) origin = origin.slice(0, -3)
  return origin + address.slice(pathAt)
}

const UNRESERVED = /^[\w.~-]*$/

/** RFC 5849 §3.6: everything but letters, digits, `-._~`. */
function percentEncode(text: string): string {
  if (UNRESERVED.test(text)) return text
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function formDecode(text: string): string {
  return text.includes('%') || text.includes('+') ? percentDecode(text.replaceAll('+', ' ')) : text
}

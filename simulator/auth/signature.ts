/**
 * The signature of OAuth 1.0a as the account computes it: header, base string, HMAC-SHA256. [AUT-020..025, AUT-031]
 * Own code on purpose: clients sign with the `oauth-1.0a` library, and two implementations check each other. It runs on
 * every request, so nothing here allocates more than it must.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { WireRequest } from '../../protocol/wire.ts'
import type { LoginReason } from './login-fault.ts'

export type OAuthParameters = ReadonlyMap<string, string>

/**
 * Reads `OAuth realm="…", oauth_…="…"`. Gives the word of the audit trail where it is no such header, or names a
 * parameter twice, empty or without its closing quote. [AUT-021, AUT-030]
 */
export function parseAuthorization(header: string): OAuthParameters | LoginReason {
  if (!/^OAuth\s/i.test(header)) return 'MissingTokenPassportRequiredFields'
  const parameters = new Map<string, string>()
  // By hand: this runs on every request, and a global regular expression costs several times as much.
  for (let at = 6; ; ) {
    const equals = header.indexOf('="', at)
    if (equals < 0) return parameters
    const end = header.indexOf('"', equals + 2)
    if (end < 0) return 'parameter_rejected'
    let start = at
    while (SEPARATORS.includes(header[start]!)) start++
    const name = header.slice(start, equals)
    const value = header.slice(equals + 2, end)
    if (value === '' || parameters.has(name)) return 'parameter_rejected'
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
export interface HmacKey {
  readonly inner: Buffer
  readonly outer: Buffer
}

const SHA256_BLOCK_BYTES = 64
const SHA256_BYTES = 32
/** A base string is under a kilobyte unless the query is long; longer ones get a buffer of their own. */
const MESSAGE_ROOM_BYTES = 4096

/** The key of one token: both secrets. [AUT-025] */
export function hmacKeyOf(consumerSecret: string, tokenSecret: string): HmacKey {
  const secret = `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`
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

/** Whether a request is signed with this key. */
export function signatureFits(
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

/**
 * The signature of OAuth 1.0a as the account computes it: header, base string, HMAC-SHA256. [AUT-020..025, AUT-031]
 * Other code than protocol/signing.ts on purpose: two implementations check each other, and the `oauth-1.0a` library
 * both. It runs on every request, so nothing here allocates more than it must.
 */
import { type HmacKey, hmacBase64, hmacKeyOf } from '../../protocol/hmac.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import type { LoginReason } from './login-fault.ts'

/** The decoded parameters of the header. A fixed shape: looking names up in a map costs more than the hash. */
export interface OAuthParameters {
  realm: string | undefined
  consumerKey: string | undefined
  nonce: string | undefined
  signature: string | undefined
  signatureMethod: string | undefined
  timestamp: string | undefined
  token: string | undefined
  version: string | undefined
  /** Parameters that mean nothing here; signed like the rest. */
  readonly others: (readonly [name: string, value: string])[]
}

/**
 * Reads `OAuth realm="…", oauth_…="…"`. Gives the word of the audit trail where it is no such header, or names a
 * parameter twice, empty or without its closing quote. [AUT-021, AUT-030]
 */
export function parseAuthorization(header: string): OAuthParameters | LoginReason {
  if (!/^OAuth\s/i.test(header)) return 'MissingTokenPassportRequiredFields'
  const parameters: OAuthParameters = {
    realm: undefined,
    consumerKey: undefined,
    nonce: undefined,
    signature: undefined,
    signatureMethod: undefined,
    timestamp: undefined,
    token: undefined,
    version: undefined,
    others: [],
  }
  // By hand: this runs on every request, and a global regular expression costs several times as much.
  for (let at = 6; ; ) {
    const equals = header.indexOf('="', at)
    if (equals < 0) return parameters
    const end = header.indexOf('"', equals + 2)
    if (end < 0) return 'parameter_rejected'
    let start = at
    while (isSeparator(header.charCodeAt(start))) start++
    const name = header.slice(start, equals)
    const value = header.slice(equals + 2, end)
    if (value === '' || !take(parameters, name, value.includes('%') ? percentDecode(value) : value))
      return 'parameter_rejected'
    at = end + 1
  }
}

/** Comma, space, tab. */
function isSeparator(code: number): boolean {
  return code === 44 || code === 32 || code === 9
}

/** False where there is a value already. */
function take(parameters: OAuthParameters, name: string, value: string): boolean {
  const { others } = parameters
  let before: string | undefined
  switch (name) {
    case 'realm':
      before = parameters.realm
      parameters.realm = value
      break
    case 'oauth_consumer_key':
      before = parameters.consumerKey
      parameters.consumerKey = value
      break
    case 'oauth_nonce':
      before = parameters.nonce
      parameters.nonce = value
      break
    case 'oauth_signature':
      before = parameters.signature
      parameters.signature = value
      break
    case 'oauth_signature_method':
      before = parameters.signatureMethod
      parameters.signatureMethod = value
      break
    case 'oauth_timestamp':
      before = parameters.timestamp
      parameters.timestamp = value
      break
    case 'oauth_token':
      before = parameters.token
      parameters.token = value
      break
    case 'oauth_version':
      before = parameters.version
      parameters.version = value
      break
    default:
      before = others.find(([other]) => other === name)?.[1]
      others.push([name, value])
  }
  return before === undefined
}

/** The text that is signed. Scheme and host as the client addressed them, query parameters among the sorted ones. [AUT-022, AUT-023] */
export function signatureBase(method: string, url: string, oauth: OAuthParameters): string {
  const queryAt = url.indexOf('?')
  const address = percentEncode(normalAddress(queryAt < 0 ? url : url.slice(0, queryAt)))
  const own = ownPairs(oauth)
  if (queryAt < 0 && oauth.others.length === 0) return `${method.toUpperCase()}&${address}&${own}`
  const extras = oauth.others.map(([name, value]) => encodedPair(name, value))
  if (queryAt >= 0) {
    for (const part of url.slice(queryAt + 1).split('&')) {
      if (part === '') continue
      const at = part.indexOf('=')
      const name = at < 0 ? part : part.slice(0, at)
      const value = at < 0 ? '' : part.slice(at + 1)
      extras.push(encodedPair(formDecode(name), formDecode(value)))
    }
  }
  return `${method.toUpperCase()}&${address}&${sortedPairs(own, extras)}`
}

/** The parameters that every request has, in order. */
function ownPairs({
  consumerKey,
  nonce,
  signatureMethod,
  timestamp,
  token,
  version,
}: OAuthParameters): string {
  const signed =
    `oauth_consumer_key%3D${encodeTwice(consumerKey)}%26oauth_nonce%3D${encodeTwice(nonce)}` +
    `%26oauth_signature_method%3D${encodeTwice(signatureMethod)}%26oauth_timestamp%3D${encodeTwice(timestamp)}` +
    `%26oauth_token%3D${encodeTwice(token)}`
  return version === undefined ? signed : `${signed}%26oauth_version%3D${encodeTwice(version)}`
}

/**
 * In order of name, then value. A space in place of the equals sign sorts before all that encoded text can hold, so whole
 * pairs can be compared. What every request has sorts as one piece, unless an extra belongs in its middle. [AUT-023]
 */
function sortedPairs(own: string, extras: string[]): string {
  const isMixed = extras.some((extra) => extra.startsWith('oauth_'))
  const pieces = isMixed ? own.split('%26') : [own]
  for (const piece of pieces) extras.push(isMixed ? piece.replace(EQUALS, ' ') : piece)
  if (extras.length > 1) extras.sort()
  let text = ''
  for (const pair of extras) text += `${text === '' ? '' : '%26'}${pair.replace(' ', EQUALS)}`
  return text
}

const EQUALS = '%3D'

/** Each part encoded, and that once more, which keeps the order of the first. */
function encodedPair(name: string, value: string): string {
  return `${encodeTwice(name)} ${encodeTwice(value)}`
}

function encodeTwice(text = ''): string {
  return UNRESERVED.test(text) ? text : percentEncode(percentEncode(text))
}

/** The key of one token: both secrets. [AUT-025] */
export function tokenKeyOf(consumerSecret: string, tokenSecret: string): HmacKey {
  return hmacKeyOf(`${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`)
}

/** Whether a request is signed with this key. */
export function signatureFits(
  request: WireRequest,
  oauth: OAuthParameters,
  key: HmacKey,
  signature: string,
): boolean {
  const fits = (url: string): boolean =>
    sameText(hmacBase64(key, signatureBase(request.method, url, oauth)), signature)
  if (fits(request.url)) return true
  // Behind a proxy that ends TLS we see http where the client signed https; the secret is proven either way.
  return request.url.startsWith('http:') && fits(`https:${request.url.slice(5)}`)
}

/** Takes as long for texts that differ early as for those that differ late. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
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
/** What `encodeURIComponent` leaves although it is reserved. */
const RESERVED_KEPT = /[!'()*]/

/** RFC 5849 §3.6: everything but letters, digits, `-._~`. */
function percentEncode(text: string): string {
  const encoded = encodeURIComponent(text)
  if (!RESERVED_KEPT.test(encoded)) return encoded
  return encoded.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
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

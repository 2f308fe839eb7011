/**
 * Takes secrets out of an answer, should a target echo the request, before anything looks at it: texts are cut and
 * escaped later on, and half a secret, or one in another spelling, could no longer be recognised.
 */
import type { Credentials } from '../protocol/login.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'
import type { RestrictedRole } from './target-credentials.ts'

const HIDDEN = '(hidden)'

export type Redactor = (request: WireRequest, response: WireResponse) => WireResponse

/** Hides keys, secrets, tokens and what the request proved itself by in headers and body; other answers pass unchanged. */
export function createRedactor(credentials: readonly (Credentials | RestrictedRole | undefined)[]): Redactor {
  const known = credentials.flatMap((one) =>
    Object.entries(one ?? {}).flatMap(([key, value]) => (HIDDEN_KEYS.includes(key) ? [String(value)] : [])),
  )
  return (request, response) => {
    const secrets = [...known, ...proofsOf(request)]
    const clean = (text: string): string =>
      secrets
        .reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, HIDDEN)), text)
        .replace(TOKEN_IN_JSON, `$1${HIDDEN}`)
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, clean(value)]),
    )
    return { status: response.status, headers, body: clean(response.body) }
  }
}

/** [AUT-065, AUT-083] */
const TOKEN_IN_JSON = /("(?:access|refresh)_token"\s*:\s*")[^"]+/g

/** A certificate id says nothing; it may be so short that hiding it would hide half the answer. */
const HIDDEN_KEYS = ['consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret', 'clientId', 'privateKeyPem']

/** Signature, access token and assertion, as they were sent, and as a server that decodes them would show them. */
function proofsOf({ headers, body }: WireRequest): string[] {
  const authorization = headers.authorization ?? ''
  const signature = /oauth_signature="([^"]*)"/.exec(authorization)?.[1]
  const token = /^Bearer +(\S+)/i.exec(authorization)?.[1]
  const assertion = /(?:^|&)client_assertion=([^&]+)/.exec(body ?? '')?.[1]
  const sent = [signature, token, assertion].filter((one) => one !== undefined)
  return sent.flatMap((one) => [one, decodeURIComponent(one)])
}

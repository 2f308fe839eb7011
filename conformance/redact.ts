/**
 * Takes secrets out of an answer, should a target echo the request, before anything looks at it: texts are cut and
 * escaped later on, and half a secret, or one in another spelling, could no longer be recognised.
 */
import type { TbaCredentials } from '../protocol/signing.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'

const HIDDEN = '(hidden)'

export type Redactor = (request: WireRequest, response: WireResponse) => WireResponse

/** Hides keys, secrets and the request's own signature in headers and body; other answers pass unchanged. */
export function createRedactor(
  { consumerKey, consumerSecret, tokenId, tokenSecret }: TbaCredentials,
  restrictedRole: Partial<TbaCredentials> = {},
): Redactor {
  const known = [consumerKey, consumerSecret, tokenId, tokenSecret]
  for (const secret of [restrictedRole.tokenId, restrictedRole.tokenSecret])
    if (secret !== undefined) known.push(secret)
  return (request, response) => {
    const secrets = [...known, ...signatureOf(request)]
    const clean = (text: string): string =>
      secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, HIDDEN)), text)
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, clean(value)]),
    )
    return { status: response.status, headers, body: clean(response.body) }
  }
}

/** As it was sent, and as a server that decodes it would show it. */
function signatureOf({ headers }: WireRequest): string[] {
  const signature = /oauth_signature="([^"]*)"/.exec(headers.authorization ?? '')?.[1]
  return signature === undefined ? [] : [signature, decodeURIComponent(signature)]
}

/**
 * Access tokens: JWTs shaped as NetSuite's, signed with the account's own key, valid while the account remembers them.
 * The store is bounded: the oldest give way. The key is made when first needed. [AUT-065, AUT-094, AUT-095]
 */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../../../kernel/clock.ts'
import type { Rng } from '../../../kernel/rng.ts'
import type { Principal } from '../../permissions/principal.ts'
import type { OAuth2Options, Scope } from '../options.ts'
import type { KnownIntegration, KnownUser } from '../registry.ts'
import { parseJws, rs256Fits, signRs256 } from './jws.ts'
import { rsaKeyOf } from './keys.ts'
import type { TokenReason } from './reasons.ts'

/** What a grant stands for. */
export interface Granted {
  readonly integration: KnownIntegration
  readonly principal: Principal
  readonly user: KnownUser
  readonly scopes: readonly Scope[]
  /** Whether a user consented to it, rather than a certificate. */
  readonly isCodeGrant: boolean
  /** Refresh token that it hangs on. */
  readonly family?: object
}

export interface IssuedToken extends Granted {
  readonly expiresMs: number
}

export interface AccessTokens {
  issue(granted: Granted): string
  /** The token as it was issued, expired or not. */
  find(text: string): IssuedToken | undefined
  /** Why a token that the account does not remember is none. [AUT-093] */
  strangerReason(text: string): TokenReason
  /** Forgets all tokens that hang on a refresh token. [AUT-086] */
  revokeFamily(family: object): void
  /** The public keys as JWKS. [AUT-095] */
  keys(): { readonly keys: readonly JsonWebKey[] }
  reset(): void
}

const ISSUER = 'https://system.netsuite.com'

export function createAccessTokens(
  clock: Clock,
  rng: Rng,
  accountId: string,
  options: OAuth2Options,
): AccessTokens {
  const issued = new Map<string, IssuedToken>()
  const ids = rng.fork('ids')
  const keyId = `s.${accountId}.${rng.fork('key id').hex(8)}`
  let key: KeyObject | undefined
  const signingKey = (): KeyObject => {
    key ??= rsaKeyOf(rng.fork('signing key'))
    return key
  }
  const applications = new Map<string, string>()
  const applicationId = (name: string): string => {
    const known = applications.get(name) ?? rng.fork(`application ${name}`).uuid()
    applications.set(name, known)
    return known
  }
  const claimsOf = ({ integration, principal, scopes, isCodeGrant }: Granted, nowSec: number): object => {
    const application = applicationId(integration.name)
    const clientId = integration.oauth2!.clientId
    const { role, user } = principal
    return {
      sub: isCodeGrant ? `${role.name};${user}` : `${accountId};0;${role.name};${user};N`,
      aud: isCodeGrant ? [`${application};${accountId}`, clientId] : [clientId, `app:${application}`],
      scope: scopes,
      iss: ISSUER,
      oit: nowSec,
      exp: nowSec + options.accessTokenSec,
      iat: nowSec,
      jti: ids.uuid(),
    }
  }
  return {
    issue(granted) {
      const nowSec = Math.floor(clock.now() / 1000)
      const header = { kid: keyId, typ: 'JWT', alg: 'RS256' }
      const text = signRs256(header, claimsOf(granted, nowSec), signingKey())
      issued.set(text, { ...granted, expiresMs: (nowSec + options.accessTokenSec) * 1000 })
      for (const oldest of issued.keys()) {
        if (issued.size <= options.tokensMax) break
        issued.delete(oldest)
      }
      return text
    },
    find: (text) => issued.get(text),
    strangerReason: (text) => strangerReason(text, key, clock.now()),
    revokeFamily(family) {
      for (const [text, token] of issued) if (token.family === family) issued.delete(text)
    },
    keys() {
      const jwk = createPublicKey(signingKey()).export({ format: 'jwk' })
      return { keys: [{ ...jwk, kid: keyId, use: 'sig', alg: 'RS256' }] }
    },
    reset: () => issued.clear(),
  }
}

/** Without a key nothing was ever signed. */
function strangerReason(text: string, key: KeyObject | undefined, nowMs: number): TokenReason {
  const jws = parseJws(text)
  if (jws === undefined) return 'TokenNotAcceptable'
  if (jws.header.alg !== 'RS256') return 'UnsupportedAlgo'
  if (key === undefined || !rs256Fits(jws, key)) return 'InvalidSignature'
  return (jws.claims.exp as number) * 1000 <= nowMs ? 'AccessTokenExpired' : 'TokenRejected'
}

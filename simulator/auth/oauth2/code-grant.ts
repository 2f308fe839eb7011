/**
 * Codes and refresh tokens of users who consented: what each is good for, once or for how long. Both stores are bounded;
 * the oldest give way. [AUT-081..086]
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../../../kernel/clock.ts'
import type { Rng } from '../../../kernel/rng.ts'
import type { OAuth2Options } from '../options.ts'
import type { AccessTokens, Granted } from './access-tokens.ts'
import type { TokenReason } from './reasons.ts'

export interface Code {
  readonly granted: Granted
  readonly redirectUri: string
  /** S256 challenge; absent where the client may go without. */
  readonly challenge: string | undefined
  readonly expiresMs: number
  /** What was issued for it, once it is used. */
  family?: object
}

export interface Redemption {
  readonly code: string
  readonly clientId: string
  readonly redirectUri: string
  readonly verifier: string | undefined
}

export interface Issued {
  readonly accessToken: string
  readonly refreshToken?: string
}

export interface CodeGrants {
  /** A code for what a user consented to. */
  grant(granted: Granted, redirectUri: string, challenge: string | undefined): string
  /** Tokens for a code, once; or why not. A second use takes back what the first one gave. */
  redeem(redemption: Redemption): Issued | TokenReason
  /** A new access token; for a public client also a new refresh token in place of the old one. [AUT-085] */
  refresh(refreshToken: string, clientId: string): Issued | TokenReason
  /** Takes back a refresh token with its access tokens; unknown ones are fine. [AUT-086] */
  revoke(refreshToken: string, clientId: string): void
  reset(): void
}

interface Refresh {
  readonly granted: Granted
  readonly family: object
  readonly expiresMs: number
}

const VERIFIER = /^[\w.~-]{43,128}$/
const TOKEN_LENGTH = 64

export function createCodeGrants(
  clock: Clock,
  rng: Rng,
  tokens: AccessTokens,
  options: OAuth2Options,
): CodeGrants {
  const codes = new Map<string, Code>()
  const refreshes = new Map<string, Refresh>()
  const keep = <T>(store: Map<string, T>, entry: T): string => {
    const text = rng.hex(TOKEN_LENGTH)
    store.set(text, entry)
    for (const oldest of store.keys()) {
      if (store.size <= options.tokensMax) break
      store.delete(oldest)
    }
    return text
  }
  const issueRefresh = (granted: Granted, family: object): string => {
    const lifeSec = isPublic(granted) ? options.publicRefreshTokenSec : options.refreshTokenSec
    return keep(refreshes, { granted, family, expiresMs: clock.now() + lifeSec * 1000 })
  }
  const takeBack = (family: object): void => {
    tokens.revokeFamily(family)
    for (const [text, one] of refreshes) if (one.family === family) refreshes.delete(text)
  }
  return {
    grant: (granted, redirectUri, challenge) =>
      keep(codes, { granted, redirectUri, challenge, expiresMs: clock.now() + options.codeSec * 1000 }),
    redeem({ code, clientId, redirectUri, verifier }) {
      const known = codes.get(code)
      if (known === undefined) return 'TokenRejected'
      if (clientIdOf(known.granted) !== clientId) return 'ClientIdMismatch'
      if (known.family !== undefined) {
        takeBack(known.family)
        return 'TokenRejected'
      }
      if (known.expiresMs <= clock.now()) return 'TokenExpired'
      if (known.redirectUri !== redirectUri || !isVerified(known.challenge, verifier)) return 'TokenRejected'
      const family = {}
      known.family = family
      const granted = { ...known.granted, family }
      return { accessToken: tokens.issue(granted), refreshToken: issueRefresh(granted, family) }
    },
    refresh(refreshToken, clientId) {
      const known = refreshes.get(refreshToken)
      if (known === undefined) return 'TokenRejected'
      const { granted, family, expiresMs } = known
      if (clientIdOf(granted) !== clientId) return 'ClientIdMismatch'
      if (expiresMs <= clock.now()) return 'TokenExpired'
      if (granted.user.isInactive) return 'EntityOrRoleDisabled'
      const accessToken = tokens.issue(granted)
      if (!isPublic(granted)) return { accessToken }
      refreshes.delete(refreshToken)
      return { accessToken, refreshToken: issueRefresh(granted, family) }
    },
    revoke(refreshToken, clientId) {
      const known = refreshes.get(refreshToken)
      if (known !== undefined && clientIdOf(known.granted) === clientId) takeBack(known.family)
    },
    reset() {
      codes.clear()
      refreshes.clear()
    },
  }
}

function isPublic({ integration }: Granted): boolean {
  return integration.oauth2!.isPublic
}

function clientIdOf({ integration }: Granted): string {
  return integration.oauth2!.clientId
}

/** [RFC 7636 §4.6] */
function isVerified(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined) return true
  if (verifier === undefined || !VERIFIER.test(verifier)) return false
  return createHash('sha256').update(verifier).digest('base64url') === challenge
}

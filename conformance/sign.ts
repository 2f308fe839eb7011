/**
 * Logs requests of the suite in: rightly, or wrong in one named way. Only the wrongness is ours; the login itself comes from
 * protocol/login.ts. Each kind of credentials has wrongs of its own (sign-tba.ts, sign-oauth2.ts). [AUT-020..028, AUT-060..063]
 */

import type { Clock } from '../kernel/clock.ts'
import { invariant } from '../kernel/invariant.ts'
import type { Rng } from '../kernel/rng.ts'
import { type Credentials, createLogin, isOAuth2, type Login, type LoginParts } from '../protocol/login.ts'
import type { WireRequest } from '../protocol/wire.ts'
import { OAUTH2_VARIANTS, oauth2Ways } from './sign-oauth2.ts'
import { TBA_VARIANTS, tbaWays } from './sign-tba.ts'
import type { RestrictedRole } from './target-credentials.ts'

/** Those that any kind of credentials can do. */
const COMMON_VARIANTS = ['valid', 'unsigned', 'restricted-role'] as const
export const SIGN_VARIANTS = [...COMMON_VARIANTS, ...TBA_VARIANTS, ...OAUTH2_VARIANTS] as const
export type SignVariant = (typeof SIGN_VARIANTS)[number]

export type Signed = WireRequest | Promise<WireRequest>
export type Way = (request: WireRequest) => Signed

export interface VariantSigner {
  /** `replayed` is not a way of signing: the caller sends the earlier bytes again, and here it returns them untouched. */
  sign(request: WireRequest, variant: SignVariant): Signed
  /** Told of a 401 to a request that was signed rightly: whether it is worth signing it once more. */
  refused(request: WireRequest): boolean
}

export interface SignerParts extends LoginParts {
  readonly credentials: Credentials
  readonly restrictedRole?: RestrictedRole | undefined
  /** Default: one by the credentials. */
  readonly login?: Login | undefined
}

export function createVariantSigner(clock: Clock, rng: Rng, parts: SignerParts): VariantSigner {
  const { credentials, restrictedRole } = parts
  const by = (own: Credentials): Login => createLogin(clock, rng, parts, own)
  const { login = by(credentials) } = parts
  const restricted = restrictedRole && by(ofRole(credentials, restrictedRole))
  const ways: Partial<Record<SignVariant, Way>> = {
    valid: login.authorize,
    unsigned: (request) => request,
    ...(restricted && { 'restricted-role': restricted.authorize }),
    ...(isOAuth2(credentials)
      ? oauth2Ways(clock, rng, parts.baseUrl, credentials, login)
      : tbaWays(clock, rng, credentials)),
  }
  return {
    sign(request, variant) {
      const way = ways[variant]
      invariant(way !== undefined, `no credentials for ${variant}`)
      return way(request)
    },
    refused: (request) => [login, restricted].some((one) => one?.refused(request)),
  }
}

/** A certificate of another role has a key of its own, for which another algorithm may fit. */
function ofRole(credentials: Credentials, role: RestrictedRole): Credentials {
  return isOAuth2(credentials)
    ? { ...credentials, algorithm: undefined, ...role }
    : { ...credentials, ...role }
}

/** Whether a way of logging in belongs to one kind of credentials only, and to which. */
export function kindOf(variant: SignVariant): 'tba' | 'oauth2' | undefined {
  if (TBA_VARIANTS.some((name) => name === variant)) return 'tba'
  return OAUTH2_VARIANTS.some((name) => name === variant) ? 'oauth2' : undefined
}

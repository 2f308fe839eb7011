/** Logging in, put together: who may, by which door, and what is kept of those who could not. */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import type { Role } from '../permissions/principal.ts'
import { hostOf, type Profile, restletHostOf } from '../profile.ts'
import { createLogin, type Login } from './login.ts'
import { createLoginAudit, type LoginAudit } from './login-audit.ts'
import { createLoginFaults } from './login-fault.ts'
import { createAccessTokens } from './oauth2/access-tokens.ts'
import { createBearerVerifier } from './oauth2/bearer.ts'
import { createCodeGrants } from './oauth2/code-grant.ts'
import { createOAuth2Endpoint, type OAuth2Endpoint } from './oauth2/endpoint.ts'
import { createRegistry, type Integration, type Registry } from './registry.ts'
import { createTbaVerifier } from './tba.ts'

export interface Authentication {
  readonly login: Login
  readonly oauth2: OAuth2Endpoint
  readonly registry: Registry
  readonly audit: LoginAudit
  /** Back to the profile: nonces, tokens, codes and the audit trail are forgotten. */
  reset(): void
}

export interface AuthenticationParts {
  readonly clock: Clock
  readonly rng: Rng
  readonly profile: Profile
  readonly integrations: readonly Integration[]
  readonly roleNamed: (name: string | undefined) => Role
}

export function createAuthentication(parts: AuthenticationParts): Authentication {
  const { clock, rng, profile, integrations, roleNamed } = parts
  const { accountId, auth, features } = profile
  const registry = createRegistry(clock, integrations, roleNamed, auth)
  const audit = createLoginAudit(auth.auditCapacity)
  const loginFaults = createLoginFaults(accountId, auth)
  const isEnabled = features.oauth2
  const options = auth.oauth2
  const tba = createTbaVerifier({
    clock,
    accountId,
    registry,
    loginFaults,
    isEnabled: features.tokenBasedAuthentication,
  })
  const tokens = createAccessTokens(clock, rng.fork('oauth2/access tokens'), accountId, options)
  const codes = createCodeGrants(clock, rng.fork('oauth2/codes'), tokens, options)
  const bearer = createBearerVerifier({ clock, accountId, tokens, options, isEnabled })
  const oauth2 = createOAuth2Endpoint({
    clock,
    accountId,
    registry,
    roleNamed,
    codes,
    options,
    tokens,
    audit,
    isEnabled,
    hosts: [hostOf(profile), restletHostOf(profile)],
  })
  return {
    login: createLogin(tba, bearer, audit),
    oauth2,
    registry,
    audit,
    reset() {
      registry.reset()
      tba.reset()
      tokens.reset()
      codes.reset()
      oauth2.reset()
      audit.reset()
    },
  }
}

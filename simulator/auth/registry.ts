/**
 * Who may log in right now: integration records, their tokens and certificates, and the users behind them. What an
 * administrator can block or revoke while the account runs changes here; `reset` goes back to the profile.
 * Logins read plain fields of these objects, so a change holds from the next request on. [AUT-042, AUT-043, AUT-066]
 */
import type { Clock } from '../../kernel/clock.ts'
import type { IntegrationView } from '../../protocol/control.ts'
import type { HmacKey } from '../../protocol/hmac.ts'
import type { Principal, Role } from '../permissions/principal.ts'
import { type KnownCertificate, type OAuth2Client, oauth2ClientOf } from './oauth2/client.ts'
import type { AuthOptions, IntegrationSpec } from './options.ts'
import { tokenKeyOf } from './signature.ts'

/** An integration record as the profile or a test gives it. */
export type Integration = IntegrationSpec

export interface KnownUser {
  readonly name: string
  isInactive: boolean
  /** Failed logins to the user interface lock a user for a while. [AUT-043] */
  lockedUntilMs: number
}

export interface KnownToken {
  readonly name: string
  readonly tokenId: string
  readonly principal: Principal
  readonly user: KnownUser
  readonly key: HmacKey
  isRevoked: boolean
}

export interface KnownIntegration {
  readonly name: string
  readonly consumerKey: string
  readonly tokens: ReadonlyMap<string, KnownToken>
  readonly oauth2: OAuth2Client | undefined
  isBlocked: boolean
}

export type UserState = 'active' | 'inactive' | 'locked'

export interface Registry {
  byConsumerKey(key: string): KnownIntegration | undefined
  byClientId(id: string): KnownIntegration | undefined
  /** The user of that name; made where it is not known yet. */
  user(name: string): KnownUser
  /** Each gives false where there is nothing of that name. */
  setBlocked(integration: string, isBlocked: boolean): boolean
  revokeToken(idOrName: string): boolean
  revokeCertificate(id: string): boolean
  setUser(name: string, state: UserState): boolean
  /** Everything but secrets. */
  view(): readonly IntegrationView[]
  reset(): void
}

/** [AUT-043] */
const LOCK_MS = 30 * 60_000

export function createRegistry(
  clock: Clock,
  specs: readonly Integration[],
  roleNamed: (name: string | undefined) => Role,
  { inactiveUsers }: Pick<AuthOptions, 'inactiveUsers'>,
): Registry {
  const users = new Map<string, KnownUser>()
  const user = (name: string): KnownUser => {
    const known = users.get(name) ?? { name, isInactive: inactiveUsers.includes(name), lockedUntilMs: 0 }
    users.set(name, known)
    return known
  }
  const integrations = specs.map((spec) => knownIntegration(spec, user, roleNamed))
  const byConsumerKey = new Map(integrations.map((one) => [one.consumerKey, one]))
  const byClientId = new Map(
    integrations.map((one) => [one.oauth2?.clientId ?? one.consumerKey, one] as const),
  )
  const certificates = (): KnownCertificate[] =>
    integrations.flatMap(({ oauth2 }) => [...(oauth2?.certificates.values() ?? [])])
  const change = <T>(found: T | undefined, apply: (one: T) => void): boolean => {
    if (found === undefined) return false
    apply(found)
    return true
  }
  return {
    byConsumerKey: (key) => byConsumerKey.get(key),
    byClientId: (id) => byClientId.get(id),
    user,
    setBlocked: (name, isBlocked) =>
      change(
        integrations.find((one) => one.name === name),
        (one) => {
          one.isBlocked = isBlocked
        },
      ),
    revokeToken: (id) =>
      change(
        integrations
          .flatMap(({ tokens }) => [...tokens.values()])
          .find(({ tokenId, name }) => tokenId === id || name === id),
        (token) => {
          token.isRevoked = true
        },
      ),
    revokeCertificate: (id) =>
      change(
        certificates().find((one) => one.id === id),
        (one) => {
          one.isRevoked = true
        },
      ),
    setUser: (name, state) =>
      change(users.get(name), (known) => {
        known.isInactive = state === 'inactive'
        known.lockedUntilMs = state === 'locked' ? clock.now() + LOCK_MS : 0
      }),
    view: () => integrations.map(viewOf),
    reset() {
      for (const [at, spec] of specs.entries()) asSpecified(integrations[at]!, spec)
      for (const known of users.values()) {
        known.isInactive = inactiveUsers.includes(known.name)
        known.lockedUntilMs = 0
      }
    },
  }
}

/** Undoes what was blocked and revoked since the start. */
function asSpecified(one: KnownIntegration, { state, tokens = [], oauth2 }: Integration): void {
  one.isBlocked = state === 'blocked'
  for (const { tokenId, revoked } of tokens) one.tokens.get(tokenId)!.isRevoked = revoked ?? false
  for (const { id, revoked } of oauth2?.certificates ?? [])
    one.oauth2!.certificates.get(id)!.isRevoked = revoked ?? false
}

function knownIntegration(
  spec: Integration,
  userNamed: (name: string) => KnownUser,
  roleNamed: (name: string | undefined) => Role,
): KnownIntegration {
  const { name, consumerKey, consumerSecret, state, tokens: given = [] } = spec
  const tokens = given.map((token): [string, KnownToken] => {
    const user = userNamed(token.user ?? name)
    const role = roleNamed(token.role)
    return [
      token.tokenId,
      {
        name: token.name ?? `${name} - ${user.name}, ${role.name}`,
        tokenId: token.tokenId,
        principal: { integration: name, user: user.name, role },
        user,
        key: tokenKeyOf(consumerSecret, token.tokenSecret),
        isRevoked: token.revoked ?? false,
      },
    ]
  })
  return {
    name,
    consumerKey,
    tokens: new Map(tokens),
    oauth2: oauth2ClientOf(spec, userNamed, roleNamed),
    isBlocked: state === 'blocked',
  }
}

function viewOf({ name, isBlocked, tokens, oauth2 }: KnownIntegration): IntegrationView {
  const state = (isRevoked: boolean) => (isRevoked ? ('revoked' as const) : ('active' as const))
  return {
    name,
    state: isBlocked ? 'blocked' : 'enabled',
    tokens: [...tokens.values()].map((token) => ({
      name: token.name,
      user: token.user.name,
      role: token.principal.role.name,
      state: state(token.isRevoked),
    })),
    certificates: [...(oauth2?.certificates.values() ?? [])].map((one) => ({
      id: one.id,
      user: one.user.name,
      role: one.principal.role.name,
      state: state(one.isRevoked),
    })),
  }
}

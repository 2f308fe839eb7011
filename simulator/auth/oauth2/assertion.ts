/**
 * Client assertions: who may have a token for their certificate. Lenient where Oracle's own sample differs from the text:
 * scope as text or array, either host, `jti` optional, exactly an hour. [AUT-060..067, AUT-093]
 */
import type { LoginAttempt } from '../../api-fault.ts'
import type { OAuth2Options, Scope } from '../options.ts'
import type { KnownIntegration, Registry } from '../registry.ts'
import type { KnownCertificate, OAuth2Client } from './client.ts'
import { isAssertionAlgorithm, type Jws, jwsFits, parseJws } from './jws.ts'
import type { TokenReason } from './reasons.ts'
import { parseScopes } from './scope.ts'

export interface Asserted {
  readonly integration: KnownIntegration
  readonly certificate: KnownCertificate
  readonly scopes: readonly Scope[]
  /** Text of the assertion and when it ends, for those who take one only once. */
  readonly expiresSec: number
}

/** Why an assertion is refused, and whose it was. */
export class AssertionRefused extends Error {
  readonly reason: TokenReason
  readonly attempt: LoginAttempt
  readonly isRs256: boolean

  constructor(reason: TokenReason, attempt: LoginAttempt, isRs256 = false) {
    super(reason)
    this.reason = reason
    this.attempt = attempt
    this.isRs256 = isRs256
  }
}

export interface AssertionParts {
  readonly registry: Registry
  readonly options: OAuth2Options
  readonly nowMs: number
  /** Addresses of the token endpoint that an assertion may name. */
  readonly audiences: ReadonlySet<string>
}

/** Checks an assertion from its form to its mapping; throws `AssertionRefused`. */
export function checkAssertion(text: string, parts: AssertionParts): Asserted {
  let attempt: LoginAttempt = {}
  const fail = (reason: TokenReason): never => {
    throw new AssertionRefused(reason, attempt)
  }
  const jws = parseJws(text) ?? fail('TokenNotAcceptable')
  const kid = keyIdOf(jws)
  const integration = parts.registry.byClientId(textOf(jws.claims.iss)) ?? fail('InvalidIssuer')
  attempt = { integration: integration.name }
  if (integration.isBlocked) fail('IntegrationBlocked')
  const client = integration.oauth2 ?? fail('InvalidIntegration')
  if (!client.grants.includes('client_credentials')) fail('InvalidIntegration')
  const certificate = client.certificates.get(kid) ?? fail('MissingKey')
  const { principal, user } = certificate
  attempt = { ...attempt, token: kid, user: user.name, role: principal.role.name }
  if (certificate.isRevoked || certificate.validUntilMs <= parts.nowMs) fail('MissingKey')
  if (!jwsFits(jws, jws.header.alg as string, certificate.key)) fail('InvalidSignature')
  const problem = claimProblem(jws, parts)
  if (problem !== undefined) fail(problem)
  const scopes = scopesOf(jws, client)
  if (typeof scopes === 'string') return fail(scopes)
  if (user.isInactive || !principal.role.holds('logInUsingOAuth2AccessTokens', 'full'))
    fail('EntityOrRoleDisabled')
  return { integration, certificate, scopes, expiresSec: jws.claims.exp as number }
}

/** The certificate named by a header that is as it must be. [AUT-061] */
function keyIdOf({ header }: Jws): string {
  const { typ, alg, kid, crit } = header
  const fail = (reason: TokenReason): never => {
    throw new AssertionRefused(reason, {}, alg === 'RS256')
  }
  if (!isAssertionAlgorithm(alg)) fail('UnsupportedAlgo')
  if (typ !== undefined && textOf(typ).toUpperCase() !== 'JWT') fail('InvalidTokenType')
  if (crit !== undefined) fail('TokenNotAcceptable')
  return textOf(kid) || fail('MissingKeyId')
}

/** [AUT-062..064] */
function claimProblem(
  { claims }: Jws,
  { options, nowMs, audiences }: AssertionParts,
): TokenReason | undefined {
  const { iat, exp, nbf, aud } = claims
  if (!isSeconds(iat) || !isSeconds(exp) || exp <= iat) return 'TokenNotAcceptable'
  if (exp - iat > options.assertionSec) return 'TokenValidityTooBroad'
  const nowSec = nowMs / 1000
  if (exp <= nowSec) return 'TokenExpired'
  if (iat > nowSec + options.clockSkewSec) return 'TokenNotAcceptable'
  if (nbf !== undefined && !(isSeconds(nbf) && nbf <= nowSec + options.clockSkewSec))
    return 'TokenNotAcceptable'
  const named: unknown[] = Array.isArray(aud) ? aud : [aud]
  return named.some((one) => typeof one === 'string' && audiences.has(one)) ? undefined : 'TokenNotAcceptable'
}

function scopesOf({ claims }: Jws, client: OAuth2Client): readonly Scope[] | TokenReason {
  const scopes = parseScopes(claims.scope)
  // `mcp` belongs to users who consent. [AUT-062, AUT-080]
  if (scopes === undefined) return 'InvalidScope'
  if (scopes.includes('mcp')) return 'AuthorizationCodeGrantRequired'
  return scopes.every((scope) => client.scopes.includes(scope)) ? scopes : 'ScopeMismatched'
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

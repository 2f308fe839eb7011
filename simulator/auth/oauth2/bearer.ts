/** Requests with a bearer token: whose it is, and what a bad one is told. [AUT-087, AUT-090..093, AUT-096, OPQ-072] */
import type { Clock } from '../../../kernel/clock.ts'
import type { WireRequest } from '../../../protocol/wire.ts'
import { ApiFault, type LoginAttempt } from '../../api-fault.ts'
import type { Principal } from '../../permissions/principal.ts'
import { isRestlet, LOGIN_DESCRIPTION, loginFault } from '../login-fault.ts'
import type { OAuth2Options } from '../options.ts'
import type { AccessTokens, IssuedToken } from './access-tokens.ts'
import type { TokenReason } from './reasons.ts'

export interface BearerVerifier {
  verify(request: WireRequest, header: string): Principal
  claimedIntegration(header: string): string | undefined
}

export interface BearerParts {
  readonly clock: Clock
  readonly accountId: string
  readonly tokens: AccessTokens
  readonly options: OAuth2Options
  readonly isEnabled: boolean
}

const MALFORMED = 'The request could not be understood by the server due to malformed syntax.'
/** RFC 6750 §2.1 */
const HEADER = /^bearer +([\w.~+/-]+=*) *$/i

export function createBearerVerifier(parts: BearerParts): BearerVerifier {
  const { tokens, accountId } = parts
  return {
    verify(request, header) {
      const text = HEADER.exec(header)?.[1]
      if (text === undefined) throw malformed(accountId)
      const token = tokens.find(text)
      if (token === undefined) throw invalidToken(accountId, tokens.strangerReason(text))
      const reason = refusalOf(parts, token, request.url)
      if (reason === undefined) return token.principal
      const attempt = attemptOf(token)
      if (reason === 'ScopeMismatched' && parts.options.insufficientScope === '400')
        throw insufficientScope(attempt)
      throw invalidToken(accountId, reason, attempt)
    },
    claimedIntegration(header) {
      return tokens.find(HEADER.exec(header)?.[1] ?? '')?.integration.name
    },
  }
}

/** A user who is locked out of the user interface keeps their tokens. [AUT-087] */
function refusalOf(
  { clock, isEnabled }: BearerParts,
  { integration, principal, user, scopes, expiresMs }: IssuedToken,
  url: string,
): TokenReason | undefined {
  if (!isEnabled) return 'FeatureDisabled'
  if (expiresMs <= clock.now()) return 'AccessTokenExpired'
  if (integration.isBlocked) return 'IntegrationBlocked'
  if (user.isInactive || !principal.role.holds('logInUsingOAuth2AccessTokens', 'full'))
    return 'EntityOrRoleDisabled'
  return scopes.includes(isRestlet(url) ? 'restlets' : 'rest_webservices') ? undefined : 'ScopeMismatched'
}

function attemptOf({ principal }: IssuedToken): LoginAttempt {
  const { integration, user, role } = principal
  return { integration, user, role: role.name }
}

/** [AUT-091]; the body is that of any failed login, for no capture has one. */
function invalidToken(accountId: string, reason: TokenReason, attempt?: LoginAttempt): ApiFault {
  const { code, message } = loginFault(accountId, reason)
  return new ApiFault(code, message, {
    loginFailure: reason,
    loginAttempt: attempt,
    headers: challenge(accountId, 'invalid_token', LOGIN_DESCRIPTION),
  })
}

/** [AUT-092] */
function malformed(accountId: string): ApiFault {
  return new ApiFault('INVALID_REQUEST', MALFORMED, {
    loginFailure: 'TokenNotAcceptable',
    headers: challenge(accountId, 'invalid_request', MALFORMED),
  })
}

/** As one integration guide reports it. [AUT-096, OPQ-072] */
function insufficientScope(attempt: LoginAttempt): ApiFault {
  return new ApiFault('INVALID_LOGIN_ATTEMPT', 'Insufficient scope', {
    status: 400,
    loginFailure: 'ScopeMismatched',
    loginAttempt: attempt,
  })
}

function challenge(accountId: string, error: string, description: string): Record<string, string> {
  return {
    'www-authenticate': `Bearer realm="${accountId}", error="${error}", error_description="${description}"`,
  }
}

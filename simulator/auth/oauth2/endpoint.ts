/**
 * The addresses of OAuth 2.0: token, revoke and keys below `/services/rest/auth/oauth2/v1`, and the authorization page.
 * They need no login and take no slot. [AUT-060, AUT-065, AUT-080..086, AUT-095]
 */
import type { Clock } from '../../../kernel/clock.ts'
import { ApiFault, type LoginAttempt } from '../../api-fault.ts'
import { type Answer, type Operation, plain, routeFault } from '../../operations/operation.ts'
import type { ParsedRequest } from '../../request.ts'
import type { LoginAudit } from '../login-audit.ts'
import type { KnownIntegration } from '../registry.ts'
import type { AccessTokens } from './access-tokens.ts'
import { AssertionRefused, checkAssertion } from './assertion.ts'
import { type AuthorizeParts, authorize } from './authorize.ts'
import type { Issued } from './code-grant.ts'
import { authenticateClient, parseForm } from './form.ts'
import { ASSERTION_ERRORS, type TokenError, type TokenReason } from './reasons.ts'
import { tokenRefusal } from './refusal.ts'

export const OAUTH2_BASE_PATH = '/services/rest/auth/oauth2/v1'
export const AUTHORIZE_PATH = '/app/login/oauth2/authorize.nl'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface EndpointParts extends AuthorizeParts {
  readonly clock: Clock
  readonly tokens: AccessTokens
  readonly audit: LoginAudit
  readonly isEnabled: boolean
  /** Hosts of the account, for the audience of assertions. */
  readonly hosts: readonly string[]
}

export interface OAuth2Endpoint {
  /** What an address of OAuth 2.0 is asked for; undefined for all others. */
  plan(request: ParsedRequest): Operation | undefined
  reset(): void
}

export function createOAuth2Endpoint(parts: EndpointParts): OAuth2Endpoint {
  const seen = new Map<string, number>()
  return {
    plan(request) {
      const { path } = request
      if (path === AUTHORIZE_PATH) return plain('oauth2.authorize', () => redirect(parts, request))
      if (!path.startsWith(`${OAUTH2_BASE_PATH}/`)) return undefined
      const name = path.slice(OAUTH2_BASE_PATH.length + 1)
      if (name === 'token') return plain('oauth2.token', () => token(parts, seen, request))
      if (name === 'revoke') return plain('oauth2.revoke', () => revoke(parts, request))
      if (name === 'keys') return plain('oauth2.keys', () => json(parts.tokens.keys()))
      throw routeFault(path)
    },
    reset: () => seen.clear(),
  }
}

function redirect(parts: EndpointParts, request: ParsedRequest): Answer {
  refuseOtherMethods(request, 'GET')
  refuseDisabled(parts)
  return { status: 302, headers: { location: authorize(parts, request) }, body: '', committed: false }
}

function token(parts: EndpointParts, seen: Map<string, number>, request: ParsedRequest): Answer {
  const form = formOf(parts, request)
  const type = form.get('grant_type')
  const refuse = (error: TokenError, reason: TokenReason, attempt?: LoginAttempt): never => {
    throw tokenRefusal(parts.accountId, error, reason, attempt)
  }
  if (type === 'client_credentials') return clientCredentials(parts, seen, request, form)
  if (type !== 'authorization_code' && type !== 'refresh_token')
    return refuse(type === undefined ? 'invalid_request' : 'unsupported_grant_type', 'TokenNotAcceptable')
  const integration = authenticateClient(parts, request.headers, form)
  const { clientId, grants } = integration.oauth2!
  const attempt = { integration: integration.name }
  if (!grants.includes('authorization_code')) refuse('unauthorized_client', 'InvalidIntegration', attempt)
  const issued =
    type === 'refresh_token'
      ? parts.codes.refresh(form.get('refresh_token') ?? '', clientId)
      : parts.codes.redeem({
          code: form.get('code') ?? '',
          clientId,
          redirectUri: form.get('redirect_uri') ?? '',
          verifier: form.get('code_verifier'),
        })
  return typeof issued === 'string' ? refuse('invalid_grant', issued, attempt) : success(parts, issued)
}

/** [AUT-060..065] */
function clientCredentials(
  parts: EndpointParts,
  seen: Map<string, number>,
  request: ParsedRequest,
  form: ReadonlyMap<string, string>,
): Answer {
  const { registry, options, accountId } = parts
  const text = form.get('client_assertion')
  if (text === undefined || form.get('client_assertion_type') !== ASSERTION_TYPE)
    throw tokenRefusal(accountId, 'invalid_request', 'TokenNotAcceptable')
  const nowMs = parts.clock.now()
  try {
    const asserted = checkAssertion(text, { registry, options, nowMs, audiences: audiences(parts, request) })
    const { integration, certificate, scopes } = asserted
    const { principal, user } = certificate
    if (options.assertionReplay === 'refuse' && !isFirstUse(seen, text, asserted.expiresSec, nowMs))
      throw new AssertionRefused('TokenRejected', { integration: integration.name, token: certificate.id })
    const accessToken = parts.tokens.issue({ integration, principal, user, scopes, isCodeGrant: false })
    return success(parts, { accessToken })
  } catch (error) {
    throw error instanceof AssertionRefused ? refusedAssertion(parts, error) : error
  }
}

function refusedAssertion({ accountId, options }: EndpointParts, refused: AssertionRefused): ApiFault {
  const { reason, attempt, isRs256 } = refused
  if (isRs256 && options.rs256 === '500') {
    return new ApiFault('UNEXPECTED_ERROR', 'An unexpected error occurred.', {
      status: 500,
      loginFailure: reason,
      loginAttempt: attempt,
    })
  }
  const error = options.errors[reason] ?? ASSERTION_ERRORS[reason] ?? 'invalid_request'
  return tokenRefusal(accountId, error, reason, attempt)
}

/** Remembers an assertion as long as it is good. */
function isFirstUse(seen: Map<string, number>, text: string, expiresSec: number, nowMs: number): boolean {
  for (const [known, endSec] of seen) if (endSec * 1000 <= nowMs) seen.delete(known)
  if (seen.has(text)) return false
  seen.set(text, expiresSec)
  return true
}

/** The token endpoint under every name it goes by: the account's hosts, and where the client found it. [AUT-063] */
function audiences({ hosts }: EndpointParts, { origin, path }: ParsedRequest): ReadonlySet<string> {
  return new Set([origin + path, ...hosts.map((host) => `https://${host}${path}`)])
}

/** [AUT-086] */
function revoke(parts: EndpointParts, request: ParsedRequest): Answer {
  const form = formOf(parts, request)
  const { oauth2 } = authenticateClient(parts, request.headers, form) as KnownIntegration
  const text = form.get('token')
  if (text === undefined) throw tokenRefusal(parts.accountId, 'invalid_request', 'TokenNotAcceptable')
  parts.codes.revoke(text, oauth2!.clientId)
  return { status: 200, headers: {}, body: '', committed: false }
}

function success({ options, audit }: EndpointParts, { accessToken, refreshToken }: Issued): Answer {
  audit.succeeded()
  return json({
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    expires_in: options.accessTokenSec,
    token_type: 'bearer',
  })
}

function json(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(value),
    committed: false,
  }
}

function formOf(parts: EndpointParts, request: ParsedRequest): ReadonlyMap<string, string> {
  refuseOtherMethods(request, 'POST')
  refuseDisabled(parts)
  const form = parseForm(request)
  if (form === undefined) throw tokenRefusal(parts.accountId, 'invalid_request', 'TokenNotAcceptable')
  return form
}

function refuseDisabled({ isEnabled, accountId }: EndpointParts): void {
  if (!isEnabled) throw tokenRefusal(accountId, 'unauthorized_client', 'FeatureDisabled')
}

function refuseOtherMethods({ method }: ParsedRequest, only: string): void {
  if (method !== only)
    throw new ApiFault('INVALID_METHOD', `This operation allows ${only} only.`, {
      status: 405,
      headers: { allow: only },
    })
}

/**
 * `/app/login/oauth2/authorize.nl`: nobody looks at a page here; the user of the profile answers at once. What is wrong
 * with client or redirect address is told to the browser, everything else to the redirect address. [AUT-080..082]
 */
import type { Role } from '../../permissions/principal.ts'
import { type ParsedRequest, queryOf } from '../../request.ts'
import type { OAuth2Options } from '../options.ts'
import type { KnownIntegration, Registry } from '../registry.ts'
import type { OAuth2Client } from './client.ts'
import type { CodeGrants } from './code-grant.ts'
import { tokenRefusal } from './refusal.ts'
import { parseScopes } from './scope.ts'

export interface AuthorizeParts {
  readonly accountId: string
  readonly registry: Registry
  readonly roleNamed: (name: string | undefined) => Role
  readonly codes: CodeGrants
  readonly options: OAuth2Options
}

/** 22 to 1024 printable characters. */
const STATE = /^[\x20-\x7e]{22,1024}$/
const CHALLENGE = /^[\w-]{43}$/

/** Where the browser goes next. Throws a refusal when that cannot be known. */
export function authorize(parts: AuthorizeParts, request: ParsedRequest): string {
  const { accountId, registry } = parts
  const query = queryOf(request)
  const integration = registry.byClientId(query.get('client_id') ?? '')
  if (integration?.oauth2 === undefined) throw tokenRefusal(accountId, 'invalid_client', 'InvalidIntegration')
  const attempt = { integration: integration.name }
  if (integration.isBlocked) throw tokenRefusal(accountId, 'invalid_client', 'IntegrationBlocked', attempt)
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!integration.oauth2.redirectUris.includes(redirectUri))
    throw tokenRefusal(accountId, 'invalid_request', 'TokenNotAcceptable', attempt)
  const target = new URL(redirectUri)
  const state = query.get('state') ?? ''
  if (STATE.test(state)) target.searchParams.set('state', state)
  const answer = consent(parts, query, integration, integration.oauth2)
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value)
  return target.href
}

function consent(
  { accountId, registry, roleNamed, codes, options }: AuthorizeParts,
  query: URLSearchParams,
  integration: KnownIntegration,
  client: OAuth2Client,
): Record<string, string> {
  const error = requestProblem(query, client, options)
  if (error !== undefined) return { error }
  const scopes = parseScopes(query.get('scope'))
  if (scopes === undefined || !scopes.every((scope) => client.scopes.includes(scope)))
    return { error: 'invalid_scope' }
  const challenge = query.get('code_challenge') ?? undefined
  if (challenge === undefined && scopes.includes('mcp')) return { error: 'invalid_request' }
  const user = registry.user(options.consentUser ?? integration.name)
  const role = roleNamed(options.consentRole)
  if (options.consent === 'deny' || user.isInactive || !role.holds('logInUsingOAuth2AccessTokens', 'full'))
    return { error: 'access_denied' }
  const principal = { integration: integration.name, user: user.name, role }
  const granted = { integration, principal, user, scopes, isCodeGrant: true }
  const code = codes.grant(granted, query.get('redirect_uri')!, challenge)
  return { code, role: role.name, entity: user.name, company: accountId }
}

/** The `error` of a request that is wrong before anybody consents. [AUT-080, AUT-081] */
function requestProblem(
  query: URLSearchParams,
  { isPublic, grants }: OAuth2Client,
  { pkce }: OAuth2Options,
): string | undefined {
  if (query.get('response_type') !== 'code') return 'unsupported_response_type'
  if (!grants.includes('authorization_code')) return 'unauthorized_client'
  if (!STATE.test(query.get('state') ?? '')) return 'invalid_request'
  const challenge = query.get('code_challenge')
  if (challenge === null) return isPublic || pkce === 'all' ? 'invalid_request' : undefined
  const isS256 = query.get('code_challenge_method') === 'S256'
  return isS256 && CHALLENGE.test(challenge) ? undefined : 'invalid_request'
}

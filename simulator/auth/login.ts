/**
 * The door of the account: every request comes with a token of OAuth 1.0a or with a bearer token, and either way stands
 * for a user, a role and an integration. What fails here goes to the Login Audit Trail. [AUT-021, AUT-042, AUT-090]
 */
import type { WireRequest } from '../../protocol/wire.ts'
import type { ApiFault } from '../api-fault.ts'
import type { Principal } from '../permissions/principal.ts'
import type { LoginAudit } from './login-audit.ts'
import type { BearerVerifier } from './oauth2/bearer.ts'
import type { TbaVerifier } from './tba.ts'

export interface Login {
  /** Who sends this request; throws the answer to a failed login. */
  verify(request: WireRequest): Principal
  /** The integration a request claims to be from, unchecked: for fault scopes and the journal. */
  claimedIntegration(request: WireRequest): string | undefined
  /** Keeps what a failed login was about; `integration` is what the journal knows. */
  failed(fault: ApiFault, nowMs: number, request: WireRequest, integration: string | undefined): void
}

export function createLogin(tba: TbaVerifier, bearer: BearerVerifier, audit: LoginAudit): Login {
  return {
    verify(request) {
      const header = request.headers.authorization
      const principal =
        header !== undefined && isBearer(header) ? bearer.verify(request, header) : tba.verify(request)
      audit.succeeded()
      return principal
    },
    claimedIntegration({ headers: { authorization } }) {
      if (authorization === undefined) return undefined
      return isBearer(authorization)
        ? bearer.claimedIntegration(authorization)
        : tba.claimedIntegration(authorization)
    },
    failed({ loginFailure, loginAttempt }, atMs, { method, url }, integration) {
      if (loginFailure === undefined) return
      const pathAt = url.indexOf('/', url.indexOf('//') + 2)
      const queryAt = url.indexOf('?')
      audit.failed({
        atMs,
        detail: loginFailure,
        method,
        path: url.slice(pathAt, queryAt < 0 ? undefined : queryAt),
        applicationName: loginAttempt?.integration ?? integration,
        tokenName: loginAttempt?.token,
        user: loginAttempt?.user,
        role: loginAttempt?.role,
      })
    },
  }
}

const BEARER = /^bearer(\s|$)/i

function isBearer(header: string): boolean {
  // The first letter decides nearly always.
  const first = header.charCodeAt(0) | 32
  return first === 98 && BEARER.test(header)
}

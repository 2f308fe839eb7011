/**
 * What a failed login looks like. On the wire all look alike; the reason goes to the Login Audit Trail alone.
 * [AUT-040..042]
 */
import { ApiFault, type LoginAttempt } from '../api-fault.ts'
import { RESTLET_PATH } from '../restlets/format.ts'
import type { AuthOptions } from './options.ts'

/** Words of the audit trail for tokens of OAuth 1.0a. [AUT-042] */
export type LoginReason =
  | 'consumer_key_refused'
  | 'consumer_key_unknown'
  | 'FeatureDisabled'
  | 'MissingTokenPassportRequiredFields'
  | 'NonceUsed'
  | 'permission_denied'
  | 'InvalidSignature'
  | 'UnknownAlgorithm'
  | 'temporary_locked'
  | 'InvalidTimestamp'
  | 'token_rejected'
  | 'nonce_rejected'
  | 'nonce_used'
  | 'parameter_rejected'
  | 'VersionRejected'

export interface LoginFaults {
  /** The answer to a request signed in vain; RESTlets word it anew. */
  refuse(reason: string, attempt?: LoginAttempt): ApiFault
}

const LOGIN_DETAIL =
  'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.'
export const LOGIN_DESCRIPTION = 'Invalid login attempt.'

/** Whether a request is for a RESTlet, whose logins fail in words of their own. [AUT-044] */
export function isRestlet(url: string): boolean {
  return url.startsWith(RESTLET_PATH, url.indexOf('/', url.indexOf('//') + 2))
}

/** The 401 of a failed login. Only `token_rejected` is proven as the header's `error`. [AUT-040, AUT-041] */
export function loginFault(
  accountId: string,
  reason: string,
  wireError = 'token_rejected',
  attempt?: LoginAttempt,
): ApiFault {
  return new ApiFault('INVALID_LOGIN', LOGIN_DETAIL, {
    loginFailure: reason,
    loginAttempt: attempt,
    headers: {
      'www-authenticate': `OAuth realm="${accountId}", error="${wireError}", error_description="${LOGIN_DESCRIPTION}"`,
    },
  })
}

/** Makes the refusals of one account. */
export function createLoginFaults(accountId: string, options: AuthOptions): LoginFaults {
  return {
    refuse(reason, attempt) {
      const wireError = options.wireError === 'reason' ? (WIRE_ERRORS[reason] ?? 'token_rejected') : undefined
      const fault = loginFault(accountId, reason, wireError, attempt)
      if (options.badRequestStatus === '400' && BAD_REQUESTS.has(reason)) return withStatus(fault, 400)
      return fault
    },
  }
}

/** Coarse reasons that clients report to have seen; the rest stays `token_rejected`. */
const WIRE_ERRORS: Readonly<Record<string, string>> = {
  consumer_key_unknown: 'consumer_key_unknown',
  consumer_key_refused: 'consumer_key_refused',
  NonceUsed: 'nonce_used',
  nonce_used: 'nonce_used',
  permission_denied: 'permission_denied',
}

/** Reasons that blame the request rather than who sent it. [AUT-044] */
const BAD_REQUESTS: ReadonlySet<string> = new Set([
  'UnknownAlgorithm',
  'VersionRejected',
  'InvalidTimestamp',
  'parameter_rejected',
  'MissingTokenPassportRequiredFields',
])

function withStatus(fault: ApiFault, status: number): ApiFault {
  return new ApiFault(fault.code, fault.message, {
    status,
    headers: fault.headers,
    loginFailure: fault.loginFailure,
    loginAttempt: fault.loginAttempt,
  })
}

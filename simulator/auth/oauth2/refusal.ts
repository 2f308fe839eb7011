/** What the token endpoint says no with: `{"error":"…"}` outside, the exact reason in the audit trail inside. [AUT-084, AUT-093] */
import { ApiFault, type LoginAttempt } from '../../api-fault.ts'
import type { TokenError, TokenReason } from './reasons.ts'

export function tokenRefusal(
  accountId: string,
  error: TokenError,
  reason: TokenReason,
  attempt: LoginAttempt = {},
  status = error === 'invalid_client' ? 401 : 400,
): ApiFault {
  return new ApiFault(error, error, {
    status,
    rawBody: JSON.stringify({ error }),
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      ...(status === 401 ? { 'www-authenticate': `Basic realm="${accountId}"` } : {}),
    },
    loginFailure: reason,
    loginAttempt: attempt,
  })
}

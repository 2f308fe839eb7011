/** `auth-outage`: the login service is down, and says what it says to a bad token. [AUT-040] */
import type { ApiFault } from '../api-fault.ts'
import type { Verdict } from './fault.ts'

export function authOutage(loginFault: (reason: string) => ApiFault): Verdict {
  return { phase: 'before', answer: loginFault('login service unavailable') }
}

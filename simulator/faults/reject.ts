/** Answers instead of work: `reject`, `maintenance`, `auth-outage`. The account does not look at the request. */
import type { Rng } from '../../kernel/rng.ts'
import type { FaultSpec } from '../../protocol/fault.ts'
import { ApiFault } from '../api-fault.ts'
import type { Verdict } from './fault.ts'

/** Error ids are about 20 lower-case letters and digits. [REC-E40] */
const ERROR_ID_LENGTH = 20

const retryAfter = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { 'retry-after': String(seconds) }

/** Any status and code. Default: 503 UNEXPECTED_ERROR. */
export function reject(spec: Extract<FaultSpec, { fault: 'reject' }>, rng: Rng): Verdict {
  const { status, errorCode, retryAfterSec, body } = spec
  const detail = spec.detail ?? `An unexpected error occurred. Error ID: ${rng.hex(ERROR_ID_LENGTH)}`
  const type = body?.trimStart().startsWith('<') ? { 'content-type': 'text/html; charset=utf-8' } : {}
  const headers = { ...retryAfter(retryAfterSec), ...type }
  return { phase: 'before', answer: new ApiFault(errorCode, detail, { status, headers, rawBody: body }) }
}

/** Down for all. [RSL-007] */
export function maintenance({
  status,
  retryAfterSec,
}: Extract<FaultSpec, { fault: 'maintenance' }>): Verdict {
  const detail = 'The account is down for maintenance. Try again later.'
  const headers = retryAfter(retryAfterSec)
  return { phase: 'before', answer: new ApiFault('SERVICE_UNAVAILABLE', detail, { status, headers }) }
}

/** `reject`: the account answers with an error and does nothing. Default: 503 UNEXPECTED_ERROR. */
import type { Rng } from '../../kernel/rng.ts'
import type { FaultSpec } from '../../protocol/fault.ts'
import { ApiFault } from '../api-fault.ts'
import type { Verdict } from './fault.ts'

/** Error ids are about 20 lower-case letters and digits. [REC-E40] */
const ERROR_ID_LENGTH = 20

export function reject(spec: Extract<FaultSpec, { fault: 'reject' }>, rng: Rng): Verdict {
  const detail = spec.detail ?? `An unexpected error occurred. Error ID: ${rng.hex(ERROR_ID_LENGTH)}`
  const headers = spec.retryAfterSec === undefined ? {} : { 'retry-after': String(spec.retryAfterSec) }
  return { phase: 'before', answer: new ApiFault(spec.errorCode, detail, { status: spec.status, headers }) }
}

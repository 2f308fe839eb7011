/**
 * `X-Seatrial-Fault`: one request asks for its own fault, by kind (`slow`) or with settings (`{"fault":"slow","delayMs":500}`).
 * For tests of a client's own code. Off unless the profile says so: no real account has it.
 */
import { z } from 'zod'
import { type FaultSpec, faultSpecSchema } from '../../protocol/fault.ts'
import { ApiFault } from '../api-fault.ts'

/** Lower case, as all header names in here. */
export const FAULT_HEADER = 'x-seatrial-fault'

/** Throws the 400 of a header that names no fault. */
export function parseFaultHeader(value: string): FaultSpec {
  const parsed = faultSpecSchema.safeParse(value.startsWith('{') ? jsonOf(value) : { fault: value.trim() })
  if (parsed.success) return parsed.data
  throw new ApiFault('INVALID_HEADER', `Not a fault: ${z.prettifyError(parsed.error)}`, {
    header: 'X-Seatrial-Fault',
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

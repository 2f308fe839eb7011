/** `system/v1/governanceLimits` and `serverTime`. [GOV-012, REC-401] */
import { type Call, notSimulated, type Operation } from './operation.ts'

/** `rest` is what follows `/services/rest/system/v1` in the path. */
export function planSystem(_call: Call, _rest: readonly string[]): Operation {
  throw notSimulated('the system service')
}

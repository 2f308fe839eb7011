/** `POST /{type}/{id}/!transform/{target}`: a record made from another. [REC-170..178, OPQ-019, OPQ-063, OPQ-064] */
import { type Call, notSimulated, type Operation, type Target } from './operation.ts'

/** `rest` is what follows `!transform` in the path. */
export function planTransform(_call: Call, _source: Target, _rest: readonly string[]): Operation {
  throw notSimulated('!transform')
}

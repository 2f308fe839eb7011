/** Sublists, lines and subrecords by their own address, and references followed. [REC-160..165, OPQ-067] */
import { type Call, notSimulated, type Operation, type Target } from './operation.ts'

/** `rest` is what follows the record's id in the path; at least one segment. */
export function planSubResource(_call: Call, _target: Target, _rest: readonly string[]): Operation {
  throw notSimulated('a sub-resource path')
}

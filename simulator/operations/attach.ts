/** `POST /{type}/{id}/!attach/{contact|file}/{id}` and `!detach`. [REC-180] */
import { type Call, notSimulated, type Operation, type Target } from './operation.ts'

/** `rest` is what follows the verb in the path. */
export function planAttach(
  _call: Call,
  _target: Target,
  verb: 'attach' | 'detach',
  _rest: readonly string[],
): Operation {
  throw notSimulated(`!${verb}`)
}

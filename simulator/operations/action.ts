/** Record actions: `POST /{type}/{id}/@{action}`. [REC-195, REC-E42] */
import { type Call, notSimulated, type Operation, type Target } from './operation.ts'

export function planAction(_call: Call, _target: Target, action: string): Operation {
  throw notSimulated(`@${action}`)
}

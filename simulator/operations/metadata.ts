/** The metadata catalogue: the list of types, and their OpenAPI or JSON Schema. [REC-230..240] */
import { type Call, notSimulated, type Operation } from './operation.ts'

/** `rest` is what follows `metadata-catalog` in the path. */
export function planMetadata(_call: Call, _rest: readonly string[]): Operation {
  throw notSimulated('the metadata catalogue')
}

/**
 * What RESTlets are given: the types that users import into their modules. A module exports `get`, `post`, `put` and
 * `delete` (as `export { remove as delete }`) as far as it has them; what a function returns becomes the answer.
 */
import type { ScriptContext } from '../scripts/api.ts'

export type { RecordApi, RecordView, ScriptContext, Values } from '../scripts/api.ts'

/** An answer with a content type of its own. */
export interface RestletResponse {
  readonly content: string
  readonly contentType: string
}

export interface RestletContext extends ScriptContext {
  createResponse(response: RestletResponse): RestletResponse
}

/** `get` and `delete`: the parameters of the URL, without `script` and `deploy`. */
export type ByParameters = (parameters: Readonly<Record<string, string>>, context: RestletContext) => unknown
/** `post` and `put`: the body, parsed where it is JSON. */
export type ByBody = (body: unknown, context: RestletContext) => unknown

/** Create-form, edit-form and select options: asked for by `Accept`, nothing is saved. [REC-185..191] */
import type { RecordType } from '../spec/catalogue.ts'
import { type Call, notSimulated, type Operation, type Target } from './operation.ts'

/** The kinds of form, as `type=` of the Accept header says. */
export type FormKind = 'create-form' | 'edit-form' | 'select-options'

/** The form that a request asks for, or undefined for an ordinary request. */
export function formKindOf(accept: string | undefined): FormKind | undefined {
  const kind = /\btype=["']?(create-form|edit-form|select-options)\b/i.exec(accept ?? '')?.[1]
  return kind?.toLowerCase() as FormKind | undefined
}

/** `target` is undefined on a collection. A create-form of a transform is planned by transform.ts. */
export function planForm(
  _call: Call,
  _type: RecordType,
  kind: FormKind,
  _target: Target | undefined,
): Operation {
  throw notSimulated(`a ${kind}`)
}

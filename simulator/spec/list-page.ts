/**
 * List pages: the one form that stands both for sublists (pages of lines) and for multi-selects (pages of
 * references). Detected by shape, since one page in the real documents does not follow the naming rule. [OAS-042, OAS-063]
 */
import { isObject, type JsonObject, own, type Reader } from './reader.ts'
import { parseRef, sharedSchema } from './refs.ts'

export type ListPage =
  | { readonly kind: 'references'; readonly targets: readonly string[] }
  /** `schemaName` when the line has a schema of its own, else `schema` is written in place. */
  | { readonly kind: 'lines'; readonly schemaName: string; readonly schema?: undefined }
  | { readonly kind: 'lines'; readonly schemaName?: undefined; readonly schema: JsonObject }

/** What the page holds; undefined when `schema` is no list page. */
export function listPageOf(reader: Reader, schema: JsonObject): ListPage | undefined {
  const properties = own(schema, 'properties')
  if (!isObject(properties)) return undefined
  const list = own(properties, 'items')
  if (
    !isObject(list) ||
    !Object.hasOwn(properties, 'hasMore') ||
    !Object.hasOwn(properties, 'totalResults')
  ) {
    return undefined
  }
  const items = own(list, 'items')
  if (!isObject(items)) return { kind: 'lines', schema: {} }
  const member = own(items, '$ref')
  if (typeof member === 'string') return pageOfRef(reader, member)
  const choices = own(items, 'oneOf')
  if (Array.isArray(choices)) {
    const refs = choices.map((choice) => (isObject(choice) ? own(choice, '$ref') : undefined))
    const pages = refs.map((ref) => (typeof ref === 'string' ? pageOfRef(reader, ref) : undefined))
    return {
      kind: 'references',
      targets: pages.flatMap((page) => (page?.kind === 'references' ? page.targets : [])),
    }
  }
  return isReferenceObject(items) ? { kind: 'references', targets: [] } : { kind: 'lines', schema: items }
}

function pageOfRef(reader: Reader, text: string): ListPage {
  const ref = parseRef(text)
  if (ref.kind === 'foreign' || sharedSchema(ref.name) !== undefined || ref.name === '') {
    return { kind: 'references', targets: [] }
  }
  // The members of a page of lines are schemas of the record (`R-nameElement`), those of a multi-select are records.
  if (ref.kind === 'local' && ref.name.includes('-') && reader.schemas.has(ref.name)) {
    return { kind: 'lines', schemaName: ref.name }
  }
  return { kind: 'references', targets: [ref.name] }
}

/** An object with nothing but what a reference has. [OAS-087] */
function isReferenceObject(schema: JsonObject): boolean {
  const properties = own(schema, 'properties')
  if (!isObject(properties)) return false
  const names = Object.keys(properties)
  return names.includes('id') && names.every((name) => /^(id|refName|externalId|links)$/.test(name))
}

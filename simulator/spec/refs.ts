/**
 * The `$ref` forms of NetSuite's documents. None is ever opened: a local one names a schema of the same document,
 * an outside one names a record type that the document does not hold. [OAS-061]
 */

export type Ref =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'foreign' }

const LOCAL = /^#\/(?:components\/schemas|definitions|\$defs)\/([^/]+)$/
const OUTSIDE = /\/services\/rest\/record\/v1\/metadata-catalog\/([^/?#]*)$/
const OUTSIDE_2019 = /\/rest\/platform\/v1\/metadata-catalog\/record\/([^/?#]*)$/

/** Reads a `$ref`; anything else than the known forms is `foreign`. */
export function parseRef(text: string): Ref {
  const local = LOCAL.exec(text)
  if (local !== null) return { kind: 'local', name: unescapeSegment(local[1]!) }
  const outside = OUTSIDE.exec(text) ?? OUTSIDE_2019.exec(text)
  if (outside !== null) return { kind: 'outside', name: unescapeSegment(outside[1]!) }
  return { kind: 'foreign' }
}

function unescapeSegment(segment: string): string {
  const plain = segment.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

/** Shared schemas, by today's name and by that of the 2019 documents. [OAS-043] */
const SHARED: ReadonlyMap<string, 'link' | 'resource' | 'resourceList' | 'error' | 'selectOptions'> = new Map(
  [
    ['nslink', 'link'],
    ['x-ns-link', 'link'],
    ['nsresource', 'resource'],
    ['x-ns-generic', 'resource'],
    ['nsresourcecollection', 'resourceList'],
    ['x-ns-genericcollection', 'resourceList'],
    ['nserror', 'error'],
    ['x-ns-error', 'error'],
    ['nsresourceselectoptions', 'selectOptions'],
  ],
)

/** What a shared schema stands for; undefined for the schema of a record. */
export function sharedSchema(name: string) {
  return SHARED.get(name.toLowerCase())
}

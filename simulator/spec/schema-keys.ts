/**
 * The keywords of a schema other than its properties: NetSuite's extensions, and a white list that makes every
 * keyword of a new release visible as an oddity. [OAS-051, OAS-065, OAS-080..084]
 */
import type { Field, Shape } from './catalogue.ts'
import { at } from './oddity.ts'
import { isObject, type JsonObject, note, own, type Reader } from './reader.ts'

const KNOWN: ReadonlySet<string> = new Set([
  ...[
    '$ref',
    'description',
    'enum',
    'format',
    'items',
    'nullable',
    'oneOf',
    'properties',
    'readOnly',
    'title',
    'type',
  ],
  ...['x-ns-custom-field', 'x-ns-custom-record', 'x-ns-filterable', 'x-ns-sublistkey', 'x-ns-support-level'],
  // Head of a JSON schema answer. [OAS-087]
  ...['$schema', '$id', 'id', 'links', 'definitions', '$defs'],
])

/** Ordinary OpenAPI, never seen in a real NetSuite document: understood, not enforced. [OAS-051] */
const IGNORED: ReadonlySet<string> = new Set([
  ...[
    'additionalProperties',
    'default',
    'deprecated',
    'discriminator',
    'example',
    'examples',
    'exclusiveMaximum',
  ],
  ...[
    'exclusiveMinimum',
    'maximum',
    'maxItems',
    'maxLength',
    'maxProperties',
    'minimum',
    'minItems',
    'minLength',
  ],
  ...[
    'minProperties',
    'multipleOf',
    'not',
    'pattern',
    'required',
    'uniqueItems',
    'writeOnly',
    'xml',
    'externalDocs',
  ],
])

/** Notes every keyword that is not NetSuite's. */
export function checkKeys(reader: Reader, schema: JsonObject, pointer: string): void {
  for (const key of Object.keys(schema)) {
    if (KNOWN.has(key)) continue
    if (IGNORED.has(key)) note(reader, 'ignored-keyword', at(pointer, key), `'${key}' is not enforced`)
    else note(reader, 'unknown-key', at(pointer, key), `keyword '${key}' is not known`)
  }
}

/** Names usable in `q`; undefined when not declared. [OAS-080] */
export function filterableOf(
  reader: Reader,
  schema: JsonObject,
  pointer: string,
  fields: readonly Field[],
): readonly string[] | undefined {
  const list = own(schema, 'x-ns-filterable')
  if (list === undefined) return undefined
  const here = at(pointer, 'x-ns-filterable')
  if (!Array.isArray(list)) {
    note(reader, 'odd-filterable', here, 'x-ns-filterable is not a list')
    return undefined
  }
  const known = new Set(fields.map((field) => field.name.toLowerCase()))
  return list.filter((name, index): name is string => {
    if (typeof name === 'string' && known.has(name.toLowerCase())) return true
    const said = typeof name === 'string' ? `'${name.slice(0, 60)}'` : 'a member that is no string'
    note(reader, 'odd-filterable', at(here, String(index)), `${said} is no field`)
    return false
  })
}

/** How lines are matched on write; undefined when not declared. [OAS-065] */
export function lineKeyOf(reader: Reader, schema: JsonObject, pointer: string): Shape['lineKey'] {
  const key = own(schema, 'x-ns-sublistkey')
  if (key === undefined) return undefined
  if (isObject(key)) {
    const present = own(key, 'present')
    const value = own(key, 'value')
    if (present === false) return { present, new: [], existing: [] }
    const fresh = isObject(value) ? names(own(value, 'new')) : undefined
    const existing = isObject(value) ? names(own(value, 'existing')) : undefined
    if (present === true && fresh !== undefined && existing !== undefined)
      return { present, new: fresh, existing }
  }
  note(reader, 'odd-sublist-key', at(pointer, 'x-ns-sublistkey'), 'the key of the lines is not known')
  return undefined
}

function names(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined
}

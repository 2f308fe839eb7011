/**
 * The other answer of the metadata catalogue: the JSON schema of one record (`application/schema+json`). Same
 * properties; sublists stand in place, references point outside; there are no methods, and no name. [OAS-087, REC-232]
 */
import type { RecordType } from './catalogue.ts'
import { isCustomRecord, shapeOf } from './classify.ts'
import { specError } from './document-form.ts'
import type { Oddity } from './oddity.ts'
import { COLLECTION_METHODS, customKind, INSTANCE_METHODS } from './paths.ts'
import { createReader, isObject, isUnsafeName, type JsonObject, note, own } from './reader.ts'

/** A JSON schema of a record: properties and no paths. */
export function isJsonSchema(root: JsonObject): boolean {
  return isObject(own(root, 'properties')) && own(root, 'paths') === undefined
}

/**
 * Reads the record type.
 *
 * @throws AppError `E_SPEC_INVALID` when neither `$id` nor the file name gives a name, or nothing in it is NetSuite's
 */
export function loadJsonSchema(root: JsonObject, file: string, oddities: Oddity[]): RecordType {
  const properties = own(root, 'properties')
  const isRecord =
    isObject(properties) &&
    (Object.hasOwn(properties, 'links') || Object.keys(root).some((key) => key.startsWith('x-ns-')))
  if (!isRecord) {
    throw specError(file, 'this JSON schema is not of a NetSuite record', {
      pointer: '/properties',
      expected: "a property 'links', or x-ns- extensions",
    })
  }
  const definitions = own(root, 'definitions') ?? own(root, '$defs')
  const reader = createReader({
    schemasPointer: own(root, 'definitions') === undefined ? '/$defs' : '/definitions',
    schemas: new Map(isObject(definitions) ? Object.entries(definitions) : []),
    outsideIsUsual: true,
    recordNames: [],
    oddities,
  })
  const declared = nameFromId(own(root, '$id') ?? own(root, 'id'))
  const name = declared ?? nameFromFile(file)
  if (name === undefined || isUnsafeName(name)) {
    throw specError(file, 'this JSON schema does not say which record type it is of', {
      pointer: '/$id',
      expected: "the record type in '$id', or as the beginning of the file name",
      mend: 'rename the file to <record type>.json, for example customer.json',
    })
  }
  if (declared === undefined) note(reader, 'name-from-file', '', `taken for '${name}'`)
  note(reader, 'methods-assumed', '', `'${name}' gets all methods and no transforms`)
  return {
    name,
    ...customKind(name, isCustomRecord(root)),
    body: shapeOf(reader, root, ''),
    transforms: [],
    methods: { collection: COLLECTION_METHODS, instance: INSTANCE_METHODS },
  }
}

function nameFromId(id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined
  return /([A-Za-z]\w*)\/?$/.exec(id)?.[1]
}

/** `customer.json`, `customer_metadata_properties.json`, `customrecord_x.schema.json`. */
function nameFromFile(file: string): string | undefined {
  const base = file.split(/[/\\]/).at(-1) ?? ''
  const stem = base.split('.')[0]!.replace(/[_-]?(?:metadata|schema|properties|json).*$/i, '')
  return /^[A-Za-z]\w*$/.test(stem) ? stem : undefined
}

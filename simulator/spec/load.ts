/**
 * Loads what an account's metadata catalogue answers, OpenAPI 3.0 or JSON schema, into record types, and notes
 * everything odd on the way [OAS §10]. There is no validation gate: real documents are not valid OpenAPI. Refused is
 * only what cannot be simulated. Keeps nothing of `info.description`: it names a user and a role [OAS-002].
 */
import type { AppError } from '../../kernel/error.ts'
import type { RecordType, Shape } from './catalogue.ts'
import { isCustomRecord, namedShape, shapeOf } from './classify.ts'
import { refuseOther, specError } from './document-form.ts'
import { findJsonBreak } from './json-position.ts'
import { isJsonSchema, loadJsonSchema } from './json-schema.ts'
import { listPageOf } from './list-page.ts'
import { at, type Oddity } from './oddity.ts'
import { COLLECTION_METHODS, customKind, INSTANCE_METHODS, type PathType, readPaths } from './paths.ts'
import { createReader, isObject, isUnsafeName, type JsonObject, note, own, type Reader } from './reader.ts'
import { parseRef, sharedSchema } from './refs.ts'

export { mergeTypes } from './merge.ts'

export interface LoadedDocument {
  /** In the order of the document's paths. */
  readonly types: readonly RecordType[]
  readonly oddities: readonly Oddity[]
  readonly info: {
    readonly form: 'openapi' | 'json-schema'
    /** File as the user named it. */
    readonly file: string
    /** `openapi` of the document, e.g. `3.0.1`; absent for a JSON schema. */
    readonly openapi?: string
    /** Named schemas in it; 0 for a JSON schema. */
    readonly schemaCount: number
  }
}

/** UTF-16 units. The whole public document is 5.8 to 25 million [OAS-091]; far beyond that it is something else. */
const TEXT_LENGTH_MAX = 128 * 1024 * 1024

/**
 * Reads one document.
 *
 * @param text the file's text, JSON
 * @param file its name, for messages (and, for a JSON schema, for the name of its record type)
 * @throws AppError `E_SPEC_INVALID` with line or JSON pointer, what was expected and how to mend it
 */
export function loadDocument(text: string, file: string): LoadedDocument {
  const oddities: Oddity[] = []
  const root = parse(text, file, oddities)
  refuseOther(root, file)
  if (isJsonSchema(root)) {
    const type = loadJsonSchema(root, file, oddities)
    return { types: [type], oddities, info: { form: 'json-schema', file, schemaCount: 0 } }
  }
  return loadOpenApi(root, file, oddities)
}

function parse(text: string, file: string, oddities: Oddity[]): JsonObject {
  if (text.length > TEXT_LENGTH_MAX) {
    throw specError(file, `the document has ${text.length} characters, the limit is ${TEXT_LENGTH_MAX}`, {
      expected: 'a metadata catalogue answer',
      mend: 'fetch only the record types you need: metadata-catalog?select=customer,salesOrder',
    })
  }
  const marked = text.startsWith('\uFEFF')
  const json = marked ? text.slice(1) : text
  if (marked) {
    oddities.push({ code: 'byte-order-mark', pointer: '', message: 'the file begins with a byte order mark' })
  }
  let root: unknown
  try {
    root = JSON.parse(json)
  } catch (cause) {
    throw notJson(json, file, cause)
  }
  if (!isObject(root)) {
    throw specError(file, 'the document is JSON, but not an object', {
      pointer: '',
      expected: 'an OpenAPI 3.0 document of the record service',
    })
  }
  return root
}

function notJson(text: string, file: string, cause: unknown): AppError {
  const found = findJsonBreak(text)
  const empty = text.trim() === ''
  const yaml = /^\s*(?:#.*\n|---\s*\n|\s)*(?:openapi|swagger|info|paths)\s*:/.test(text.slice(0, 2000))
  const markup = /^\s*</.test(text)
  return specError(
    file,
    empty ? 'the file is empty' : `the file is not JSON${yaml ? ' (it looks like YAML)' : ''}`,
    {
      line: found?.line,
      expected: yaml || markup || found === undefined ? 'JSON' : found.expected,
      mend: yaml
        ? 'only JSON is read: ask the metadata catalogue with Accept: application/swagger+json, or convert the file'
        : markup
          ? 'this is a page, probably of a login: fetch the document with a signed request and save its body'
          : undefined,
      cause,
    },
  )
}

function loadOpenApi(root: JsonObject, file: string, oddities: Oddity[]): LoadedDocument {
  const paths = own(root, 'paths')
  if (!isObject(paths)) {
    throw specError(file, "the document has no 'paths'", {
      pointer: '/paths',
      expected: 'an object of paths such as /customer',
    })
  }
  const components = own(root, 'components')
  const schemas = isObject(components) ? own(components, 'schemas') : undefined
  const known = ['openapi', 'info', 'servers', 'security', 'paths', 'components', 'tags', 'externalDocs']
  for (const key of Object.keys(root)) {
    if (!known.includes(key))
      oddities.push({
        code: 'unknown-key',
        pointer: at('', key),
        message: `key '${key}' of the document is not known`,
      })
  }
  const pathTypes = readPaths(paths, oddities)
  if (pathTypes.length === 0) {
    throw specError(file, 'the document has no path of a record type', {
      pointer: '/paths',
      expected: 'paths such as /customer and /customer/{id}',
      mend: 'select at least one record type: metadata-catalog?select=customer',
    })
  }
  const reader = createReader({
    schemasPointer: '/components/schemas',
    schemas: namedSchemas(isObject(schemas) ? schemas : {}, oddities),
    outsideIsUsual: false,
    recordNames: pathTypes.map((type) => type.name),
    oddities,
  })
  const types = pathTypes.map((type) => recordType(reader, type, file))
  noteOrphans(reader)
  const version = own(root, 'openapi')
  return {
    types,
    oddities,
    info: {
      form: 'openapi',
      file,
      ...(typeof version === 'string' && { openapi: version.slice(0, 20) }),
      schemaCount: reader.schemas.size,
    },
  }
}

function namedSchemas(schemas: JsonObject, oddities: Oddity[]): ReadonlyMap<string, unknown> {
  const named = new Map<string, unknown>()
  for (const [name, schema] of Object.entries(schemas)) {
    if (isUnsafeName(name)) {
      const message = `schema '${name}' is left out`
      oddities.push({ code: 'unsafe-name', pointer: at('/components/schemas', name), message })
    } else {
      named.set(name, schema)
    }
  }
  return named
}

function recordType(reader: Reader, type: PathType, file: string): RecordType {
  const { shape, custom } = bodyOf(reader, type, file)
  return {
    name: type.name,
    ...customKind(type.name, custom),
    body: shape,
    transforms: type.transforms,
    methods: {
      collection: COLLECTION_METHODS.filter((method) => type.collection.has(method)),
      instance: INSTANCE_METHODS.filter((method) => type.instance.has(method)),
    },
  }
}

/** The record's body: the schema its operations name, or that of its own name. */
function bodyOf(reader: Reader, type: PathType, file: string): { shape: Shape; custom: boolean } {
  const named = new Set<string>()
  for (const body of type.bodies) {
    const text = own(body.schema, '$ref')
    if (text === undefined) {
      if (named.size > 0) continue
      return { shape: shapeOf(reader, body.schema, body.pointer), custom: isCustomRecord(body.schema) }
    }
    const ref = typeof text === 'string' ? parseRef(text) : undefined
    if (ref?.kind !== 'local' || !isObject(reader.schemas.get(ref.name))) {
      throw specError(
        file,
        `the body of '${type.name}' refers to '${String(text).slice(0, 100)}', which is not in the document`,
        {
          pointer: at(body.pointer, '$ref'),
          expected: `the schema of '${type.name}' under /components/schemas`,
          mend: 'fetch the document again with this record type in select=, and save all of it',
        },
      )
    }
    if (named.size > 0 && !named.has(ref.name)) {
      note(
        reader,
        'two-bodies',
        body.pointer,
        `'${type.name}' uses '${ref.name}' beside '${[...named].join("', '")}'`,
      )
    }
    named.add(ref.name)
  }
  const name = [...named][0] ?? schemaNamed(reader, type.name)
  if (name === undefined) {
    throw specError(
      file,
      `no operation of '${type.name}' says what its body is, and no schema has its name`,
      {
        pointer: type.pointer,
        expected: `a schema '${type.name}' under /components/schemas`,
        mend: 'fetch the document again with this record type in select=, and save all of it',
      },
    )
  }
  reader.used.add(name)
  const schema = reader.schemas.get(name)
  return { shape: namedShape(reader, name)!, custom: isObject(schema) && isCustomRecord(schema) }
}

function schemaNamed(reader: Reader, recordName: string): string | undefined {
  const is = (name: string) => isObject(reader.schemas.get(name))
  if (is(recordName)) return recordName
  return [...reader.schemas.keys()].find(
    (name) => name.toLowerCase() === recordName.toLowerCase() && is(name),
  )
}

/** Schemas that no body reaches. A record's own list page and select options are the service's, not data. [OAS-045, OAS-071] */
function noteOrphans(reader: Reader): void {
  const ofRecords = new Set(
    [...reader.recordNames.keys()].flatMap((name) => [`${name}collection`, `${name}selectoptions`]),
  )
  for (const [name, schema] of reader.schemas) {
    if (reader.used.has(name) || sharedSchema(name) !== undefined || ofRecords.has(name.toLowerCase()))
      continue
    // A type that is only referred to (`accountCollection` of a partial document) has no path and no use here.
    const page = isObject(schema) ? listPageOf(reader, schema) : undefined
    if (page?.kind === 'references') continue
    note(
      reader,
      'orphan-schema',
      at(reader.schemasPointer, name),
      `'${name}' belongs to no record type with a path`,
    )
  }
}

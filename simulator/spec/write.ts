/**
 * Writes record types as the metadata catalogue answers them: an OpenAPI document of some or all of them, or the JSON
 * schema of one. The loader reads back what is written here. Titles, filterable names and keys of lines are written when
 * the catalogue knows them; nothing is made up, and the bundled catalogue knows none. [OAS-001..071, REC-232..240]
 */
import type { RecordType } from './catalogue.ts'
import { TAKES_CONTACTS } from './rules/contacts.ts'
import { attachOperation, operation, transformOperation } from './write-operations.ts'
import {
  type Json,
  pageSchema,
  recordSchema,
  type SchemaForm,
  selectOptionsSchema,
  sharedSchemas,
} from './write-schema.ts'

export interface WriteOptions {
  /** URL of the record service, without a slash at the end. */
  readonly server: string
  /** Whether the reader may not know of a type: references to it say nothing, transforms to it are left out. [REC-239] */
  readonly hides?: (type: string) => boolean
}

const ref = (schema: string): Json => ({ $ref: `#/components/schemas/${schema}` })
const CATALOG = '/services/rest/record/v1/metadata-catalog/'

/**
 * The document of `types`. References to types that are not among them become `nsResource`, as in a document of
 * selected types; bodies of transforms to such types refer outside the document. [OAS-061, REC-236]
 */
export function toOpenApi(types: readonly RecordType[], { server, hides = () => false }: WriteOptions): Json {
  const known = new Set(types.map((type) => type.name))
  const schemas: Json = {}
  const form: SchemaForm = {
    shared: ref,
    record: (name, suffix) => (known.has(name) ? ref(name + suffix) : undefined),
    part(name, schema) {
      schemas[name] = schema
      return ref(name)
    },
  }
  Object.assign(schemas, sharedSchemas(form))
  const paths: Json = {}
  for (const type of types) {
    schemas[type.name] = recordSchema(form, type)
    schemas[`${type.name}Collection`] = pageSchema(form, ref(type.name))
    schemas[`${type.name}SelectOptions`] = selectOptionsSchema(form, type)
    const transforms = type.transforms.filter((target) => known.has(target) || !hides(target))
    addPaths(paths, type, transforms, (target) =>
      known.has(target) ? ref(target) : { $ref: CATALOG + target },
    )
  }
  return {
    openapi: '3.0.1',
    info: { title: 'NetSuite REST Record API', version: 'v1' },
    servers: [{ url: server }],
    security: [{ 'OAuth_1.0_authorization': [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        'OAuth_1.0_authorization': { type: 'apiKey', name: 'authorization', in: 'header' },
      },
    },
  }
}

/** The paths of one type: only the methods it has; parts have none. [OAS-010..023] */
function addPaths(
  paths: Json,
  { name, methods }: RecordType,
  transforms: readonly string[],
  target: (name: string) => Json,
): void {
  const item = (place: 'collection' | 'instance'): Json =>
    Object.fromEntries(methods[place].map((method) => [method.toLowerCase(), operation(name, place, method)]))
  if (methods.collection.length > 0) paths[`/${name}`] = item('collection')
  if (methods.instance.length > 0) paths[`/${name}/{id}`] = item('instance')
  for (const made of transforms) {
    paths[`/${name}/{id}/!transform/${made}`] = { post: transformOperation(name, target(made)) }
  }
  if (!TAKES_CONTACTS.has(name.toLowerCase())) return
  for (const verb of ['attach', 'detach'] as const) {
    paths[`/${name}/{targetId}/!${verb}/contact/{attachmentId}`] = { post: attachOperation(name, verb) }
  }
}

/** A page or a line stands in its place; everything else is a URL of the catalogue, names in lower case. [OAS-061, REC-235] */
function outsideForm(hides: (type: string) => boolean): SchemaForm {
  return {
    shared: (name) => ({ $ref: CATALOG + name }),
    record: (name, suffix) =>
      hides(name) ? undefined : { $ref: CATALOG + name.toLowerCase() + suffix.toLowerCase() },
    part: (_, schema) => schema,
  }
}

const DRAFT = { $schema: 'https://json-schema.org/draft-06/hyper-schema#' }

/** The body of one record type as a JSON schema: no methods, no paths. [REC-232, OAS-087] */
export function toJsonSchema(type: RecordType, { server, hides = () => false }: WriteOptions): Json {
  const $id = `${server}/metadata-catalog/${type.name}`
  return { ...recordSchema(outsideForm(hides), type), $id, ...DRAFT }
}

/** What the references of a JSON schema lead to, by its name in any case; undefined for no shared schema. [REC-235] */
export function sharedJsonSchema(name: string): Json | undefined {
  const found = Object.entries(sharedSchemas(outsideForm(() => false))).find(
    ([shared]) => shared.toLowerCase() === name.toLowerCase(),
  )
  return found === undefined ? undefined : { ...(found[1] as Json), ...DRAFT }
}

/** The list page of a type as a JSON schema: multi-selects refer to it. [OAS-063, REC-235] */
export function collectionJsonSchema(type: RecordType): Json {
  const form = outsideForm(() => false)
  return { ...pageSchema(form, form.record(type.name, '')!), ...DRAFT }
}

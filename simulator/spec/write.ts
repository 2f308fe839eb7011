/**
 * Writes record types as NetSuite would: an OpenAPI document of some or all of them. For the simulated metadata
 * catalogue, and to test the loader on what it should understand. Parts a client never reads (descriptions,
 * examples, most parameters) are left out.
 */
import type { Field, RecordType, ScalarType, Shape } from './catalogue.ts'

type Json = { [key: string]: unknown }

export interface WriteOptions {
  /** URL of the record service, without a slash at the end. */
  readonly server: string
}

/** Media types of the service. [OAS-031] */
const SINGULAR = 'application/vnd.oracle.resource+json; type=singular'
const COLLECTION = 'application/vnd.oracle.resource+json; type=collection'
const ERROR = 'application/vnd.oracle.resource+json; type=error'

/**
 * The document of `types`. References to types that are not among them become `nsResource`, as in a document of
 * selected types; bodies of transforms to such types refer outside the document. [OAS-061]
 */
export function toOpenApi(types: readonly RecordType[], { server }: WriteOptions): Json {
  const writer = new Writer(types)
  const paths: Json = {}
  for (const type of types) Object.assign(paths, writer.paths(type))
  return {
    openapi: '3.0.1',
    info: { title: 'NetSuite REST Record API', version: 'v1' },
    servers: [{ url: server }],
    security: [{ 'OAuth_1.0_authorization': [] }],
    paths,
    components: {
      schemas: writer.schemas,
      securitySchemes: {
        'OAuth_1.0_authorization': { type: 'apiKey', name: 'authorization', in: 'header' },
      },
    },
  }
}

const ref = (schema: string): Json => ({ $ref: `#/components/schemas/${schema}` })
const links: Json = { title: 'Links', type: 'array', readOnly: true, items: ref('nsLink') }

class Writer {
  readonly schemas: Json = {}
  readonly #known: ReadonlySet<string>

  constructor(types: readonly RecordType[]) {
    this.#known = new Set(types.map((type) => type.name))
    Object.assign(this.schemas, sharedSchemas())
    for (const type of types) {
      this.schemas[type.name] = this.#shape(type.name, type.body, type.custom === 'record')
      this.schemas[`${type.name}Collection`] = page(ref(type.name))
    }
  }

  /** The paths of one type: only the methods it has. [OAS-010..019] */
  paths(type: RecordType): Json {
    const body = { required: true, content: { [SINGULAR]: { schema: ref(type.name) } } }
    const list = { required: true, content: { [COLLECTION]: { schema: ref(`${type.name}Collection`) } } }
    const operation = (method: string, instance: boolean): Json => ({
      tags: [type.name],
      ...(/^(POST|PATCH|PUT)$/.test(method) && { requestBody: instance || method === 'POST' ? body : list }),
      responses: responses(method, instance, type.name),
    })
    const paths: Json = {}
    const { collection, instance } = type.methods
    if (collection.length > 0) {
      paths[`/${type.name}`] = Object.fromEntries(
        collection.map((m) => [m.toLowerCase(), operation(m, false)]),
      )
    }
    if (instance.length > 0) {
      paths[`/${type.name}/{id}`] = Object.fromEntries(
        instance.map((m) => [m.toLowerCase(), operation(m, true)]),
      )
    }
    for (const target of type.transforms) {
      const schema = this.#known.has(target)
        ? ref(target)
        : { $ref: `/services/rest/record/v1/metadata-catalog/${target}` }
      paths[`/${type.name}/{id}/!transform/${target}`] = {
        post: {
          tags: [type.name],
          requestBody: { content: { [SINGULAR]: { schema } } },
          responses: { 204: { description: 'Transformed record.' }, default: failure },
        },
      }
    }
    return paths
  }

  #shape(schemaName: string, shape: Shape, isCustomRecord = false): Json {
    const properties: Json = {}
    for (const field of shape.fields) properties[field.name] = this.#property(schemaName, field)
    properties.links = links
    return {
      type: 'object',
      properties,
      ...(shape.filterable && { 'x-ns-filterable': shape.filterable }),
      ...(shape.lineKey && { 'x-ns-sublistkey': sublistKey(shape.lineKey) }),
      ...(isCustomRecord && { 'x-ns-custom-record': true }),
    }
  }

  #property(owner: string, field: Field): Json {
    switch (field.kind) {
      case 'scalar':
        return {
          ...head(field),
          ...SCALARS[field.type],
          ...(/^(boolean|any)$/.test(field.type) ? {} : NULLABLE),
        }
      case 'enum':
        return {
          ...head(field),
          type: 'object',
          properties: {
            id: { title: 'Internal identifier', type: 'string', enum: field.values },
            refName: { title: 'Reference Name', type: 'string' },
          },
        }
      case 'reference':
        return this.#reference(field.targets, '')
      case 'multiSelect':
        return this.#reference(field.targets, 'Collection')
      case 'sublist': {
        const name = `${owner}-${field.name}`
        this.schemas[`${name}Element`] = this.#shape(name, field.line)
        this.schemas[`${name}Collection`] = page(ref(`${name}Element`))
        return ref(`${name}Collection`)
      }
      case 'subrecord': {
        const name = `${owner}-${field.name}`
        this.schemas[name] = this.#shape(name, field.body)
        return ref(name)
      }
    }
  }

  /** A bare `$ref` to the record, `oneOf` for several, nsResource for none. [OAS-058, OAS-059, OAS-063] */
  #reference(targets: readonly string[], suffix: '' | 'Collection'): Json {
    const known = targets
      .filter((target) => this.#known.has(target))
      .map((target) => ref(`${target}${suffix}`))
    const generic = ref(`nsResource${suffix}`)
    if (targets.length > 1) return { oneOf: [...known, generic] }
    return known[0] ?? generic
  }
}

const NULLABLE = { nullable: true }
const SCALARS: Readonly<Record<ScalarType, Json>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  float: { type: 'number', format: 'float' },
  date: { type: 'string', format: 'date' },
  'date-time': { type: 'string', format: 'date-time' },
  // The one property without a type in the real documents is an array that says nothing of its members. [OAS-068]
  any: { type: 'array' },
}

function head(field: Field): Json {
  return {
    ...(field.title !== undefined && { title: field.title }),
    ...(field.custom && { 'x-ns-custom-field': true }),
  }
}

function sublistKey({ present, new: fresh, existing }: NonNullable<Shape['lineKey']>): Json {
  return present ? { present, value: { new: fresh, existing } } : { present }
}

const counter = { type: 'integer', format: 'int64', readOnly: true }

/** A list page. [OAS-045] */
function page(items: Json): Json {
  return {
    type: 'object',
    properties: {
      totalResults: { title: 'Total Results', ...counter },
      count: { title: 'Count', ...counter },
      hasMore: { title: 'Has More Results', type: 'boolean', readOnly: true },
      offset: { title: 'Query Offset', ...counter },
      links,
      items: { title: 'Items', type: 'array', items },
    },
  }
}

const failure: Json = { description: 'Error response.', content: { [ERROR]: { schema: ref('nsError') } } }

function responses(method: string, instance: boolean, name: string): Json {
  if (method !== 'GET') return { 204: { description: 'Done.' }, default: failure }
  const content = instance
    ? { [SINGULAR]: { schema: ref(name) } }
    : { [COLLECTION]: { schema: ref(`${name}Collection`) } }
  return { 200: { description: 'Get record.', content }, default: failure }
}

/** [OAS-043, OAS-044] */
function sharedSchemas(): Json {
  const text = { type: 'string', readOnly: true }
  const resource = {
    id: { type: 'string' },
    refName: { type: 'string' },
    externalId: { type: 'string' },
    links,
  }
  const detail = ['detail', 'o:errorCode', 'o:errorPath', 'o:errorQueryParam', 'o:errorHeader', 'o:errorUrl']
  const details = { type: 'object', properties: Object.fromEntries(detail.map((name) => [name, text])) }
  return {
    nsLink: { type: 'object', properties: { rel: text, href: text } },
    nsResource: { type: 'object', properties: resource },
    nsResourceCollection: page(ref('nsResource')),
    nsError: {
      type: 'object',
      properties: {
        type: text,
        title: text,
        status: { type: 'integer', format: 'int32', readOnly: true },
        'o:errorDetails': { type: 'array', readOnly: true, items: details },
      },
    },
  }
}

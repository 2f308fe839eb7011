/**
 * Writes shapes as schemas, the way the metadata catalogue does in both of its forms: properties in the shape's order, then
 * `links`; the `x-ns-` extensions beside them. Where parts and references go is the form's affair. [OAS-050..086, REC-234]
 */
import type { Field, RecordType, ScalarType, Shape } from './catalogue.ts'
import { CUSTOM_RECORD_BUILT_IN } from './classify.ts'

export type Json = { [key: string]: unknown }

/** How one form of the catalogue refers to other schemas. */
export interface SchemaForm {
  /** A schema that all documents share, e.g. `nsLink`. [OAS-043] */
  shared(name: string): Json
  /** A record type, or with `Collection` its list page; undefined when the document cannot refer to it. [OAS-061] */
  record(name: string, suffix: '' | 'Collection'): Json | undefined
  /** What stands in the place of a line, a page of lines or a subrecord called `name`. */
  part(name: string, schema: Json): Json
}

/** The schema of a record. [OAS-040, OAS-084] */
export function recordSchema(form: SchemaForm, type: RecordType): Json {
  return shapeSchema(form, type.name, type.body, type.custom === 'record')
}

/** `links` of any resource. */
export function linksOf(form: SchemaForm): Json {
  return { title: 'Links', type: 'array', readOnly: true, items: form.shared('nsLink') }
}

function shapeSchema(form: SchemaForm, owner: string, shape: Shape, isCustomRecord = false): Json {
  const properties: Json = {}
  for (const field of shape.fields) {
    const property = propertySchema(form, owner, field)
    // On a custom record every scalar has the marker, built-in ones too. [OAS-083]
    const marked =
      isCustomRecord && field.kind === 'scalar' && CUSTOM_RECORD_BUILT_IN.has(field.name.toLowerCase())
    properties[field.name] = marked ? { ...property, 'x-ns-custom-field': true } : property
  }
  properties.links = linksOf(form)
  return {
    type: 'object',
    properties,
    ...(shape.lineKey && { 'x-ns-sublistkey': sublistKey(shape.lineKey) }),
    ...(shape.filterable && { 'x-ns-filterable': shape.filterable }),
    ...(isCustomRecord && { 'x-ns-custom-record': true }),
  }
}

function propertySchema(form: SchemaForm, owner: string, field: Field): Json {
  switch (field.kind) {
    case 'scalar':
      return { ...head(field), ...SCALARS[field.type], ...(isNullable(field) && { nullable: true }) }
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
      return referenceSchema(form, field.targets, '')
    case 'multiSelect':
      return referenceSchema(form, field.targets, 'Collection')
    case 'sublist': {
      const name = `${owner}-${field.name}`
      const line = form.part(`${name}Element`, shapeSchema(form, name, field.line))
      return form.part(`${name}Collection`, pageSchema(form, line))
    }
    case 'subrecord': {
      const name = `${owner}-${field.name}`
      return form.part(name, shapeSchema(form, name, field.body))
    }
  }
}

/** A bare `$ref` to the record, `oneOf` for several, nsResource for none. [OAS-058, OAS-059, OAS-063] */
function referenceSchema(form: SchemaForm, targets: readonly string[], suffix: '' | 'Collection'): Json {
  const known = targets.map((target) => form.record(target, suffix)).filter((one) => one !== undefined)
  const generic = form.shared(`nsResource${suffix}`)
  if (targets.length > 1) return { oneOf: [...known, generic] }
  return known[0] ?? generic
}

/** Every scalar but booleans and `refName`. [OAS-052] */
function isNullable({ name, type }: Extract<Field, { kind: 'scalar' }>): boolean {
  return type !== 'boolean' && type !== 'any' && name !== 'refName'
}

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
export function pageSchema(form: SchemaForm, items: Json): Json {
  return {
    type: 'object',
    properties: {
      totalResults: { title: 'Total Results', ...counter },
      count: { title: 'Count', ...counter },
      hasMore: { title: 'Has More Results', type: 'boolean', readOnly: true },
      offset: { title: 'Query Offset', ...counter },
      links: linksOf(form),
      items: { title: 'Items', type: 'array', items },
    },
  }
}

/** The selectable fields of a record, each with its page of options. [OAS-071] */
export function selectOptionsSchema(form: SchemaForm, { body }: RecordType): Json {
  const fields = body.fields.filter(({ kind }) => /^(reference|enum|multiSelect)$/.test(kind))
  const properties = Object.fromEntries(
    fields.map(({ name }) => [name, form.shared('nsResourceSelectOptions')]),
  )
  return { type: 'object', properties: { ...properties, links: linksOf(form) } }
}

/** By name. [OAS-043, OAS-044] */
export function sharedSchemas(form: SchemaForm): Json {
  const text = { type: 'string', readOnly: true }
  const detail = {
    detail: text,
    'o:errorCode': text,
    'o:errorPath': { ...text, format: 'JSONPath' },
    'o:errorQueryParam': text,
    'o:errorHeader': text,
    'o:errorUrl': { ...text, format: 'URI' },
  }
  return {
    nsLink: { type: 'object', properties: { rel: text, href: text } },
    nsResource: {
      type: 'object',
      properties: {
        id: { title: 'Internal identifier', type: 'string' },
        refName: { title: 'Reference Name', type: 'string' },
        externalId: { title: 'External identifier', type: 'string' },
        links: linksOf(form),
      },
    },
    nsResourceCollection: pageSchema(form, form.shared('nsResource')),
    nsResourceSelectOptions: {
      type: 'object',
      properties: { _selectOptions: { type: 'array', items: form.shared('nsResource') } },
    },
    nsError: {
      type: 'object',
      properties: {
        type: { ...text, format: 'URI' },
        title: text,
        status: { type: 'integer', format: 'int32', readOnly: true },
        'o:errorDetails': {
          type: 'array',
          readOnly: true,
          items: { type: 'object', properties: detail },
        },
      },
    },
  }
}

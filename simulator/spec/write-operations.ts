/**
 * The operations of a record type as the document has them: parameters written out each time, media types with their
 * parameter, answers. Data, as 2026.1 has it. [OAS-010..021, OAS-030..032]
 */
import type { Json } from './write-schema.ts'

const MEDIA = 'application/vnd.oracle.resource+json; type='

const parameter = (place: 'query' | 'header', name: string, schema: Json, required = false): Json => ({
  name,
  in: place,
  required,
  schema,
})
const text = { type: 'string' }
const flag = { type: 'boolean', default: false }
const strictness = (preset: string): Json => ({
  ...text,
  enum: ['Error', 'Warning', 'Ignore'],
  default: preset,
})

/** [OAS-017] */
const STRICTNESS = [
  parameter('header', 'X-NetSuite-PropertyNameValidation', strictness('Warning')),
  parameter('header', 'X-NetSuite-PropertyValueValidation', strictness('Error')),
]
const prefer = (required = false): Json =>
  parameter('header', 'Prefer', { ...text, enum: ['respond-async'] }, required)
const KEY = parameter('header', 'X-NetSuite-Idempotency-Key', text)
const ASYNC = [prefer(), KEY]
const BATCH = [prefer(true), KEY]

const Q = parameter('query', 'q', text)
const PAGE = [
  parameter('query', 'limit', { type: 'integer', format: 'int32', default: 1000 }),
  parameter('query', 'offset', { type: 'integer', format: 'int32', default: 0 }),
]
const EXPAND_ALL = parameter('query', 'expandSubResources', flag)
const EXPAND = parameter('query', 'expand', text)
const FIELDS = {
  ...parameter('query', 'fields', text),
  examples: { 'single field': { value: 'field' }, 'multiple fields': { value: 'field1,field2' } },
}
/** [OAS-018] */
const REPLACE = {
  ...parameter('query', 'replace', text),
  examples: {
    'single sublist': { value: 'sublist' },
    'sublist on subrecord': { value: 'subrecord.sublist' },
    'multiple sublists': { value: 'sublist1,subrecord.sublist2' },
  },
}
const SELECTED = parameter('query', 'replaceSelectedFields', flag)
const accept = (...kinds: string[]): Json =>
  parameter('header', 'Accept', { ...text, enum: kinds.map((kind) => MEDIA + kind) })
/** Those of forms and select options, which share the operation of a write. [OAS-011, OAS-014] */
const FORM = [FIELDS, Q, ...PAGE, EXPAND_ALL, EXPAND]

const internalId = (name: string): Json => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'integer', format: 'int32' },
})
const ID = internalId('id')
/** [OAS-015] */
const EXTERNAL_ID = { ...ID, schema: { ...text, pattern: 'eid:(.+)' } }

const PARAMETERS: Readonly<Record<string, readonly Json[]>> = {
  'collection GET': [
    ...ASYNC,
    Q,
    ...PAGE,
    parameter('query', 'expandRecords', flag),
    parameter('query', 'ids', text),
  ],
  'collection POST': [...ASYNC, REPLACE, ...STRICTNESS, ...FORM, accept('create-form', 'select-options')],
  'collection PUT': BATCH,
  'collection PATCH': BATCH,
  'collection DELETE': [...BATCH, parameter('query', 'ids', text, true)],
  'instance GET': [...ASYNC, ID, EXPAND_ALL, parameter('query', 'simpleEnumFormat', flag), FIELDS],
  'instance PATCH': [
    ...ASYNC,
    ID,
    ...STRICTNESS,
    REPLACE,
    SELECTED,
    ...FORM,
    accept('edit-form', 'select-options'),
  ],
  'instance PUT': [...ASYNC, EXTERNAL_ID, ...STRICTNESS, REPLACE, SELECTED],
  'instance DELETE': [...ASYNC, ID],
  transform: [...ASYNC, ID, ...STRICTNESS, REPLACE, EXPAND_ALL, EXPAND, FIELDS, accept('create-form')],
  attach: [internalId('targetId'), internalId('attachmentId'), ...ASYNC],
}

const header = { required: false, schema: text }
/** [OAS-032] */
const WRITTEN = {
  headers: { 'X-NetSuite-PropertyValidation': header, 'X-NetSuite-Warning': header },
}
const ACCEPTED = { 202: { description: 'Accepted.' } }

const content = (kind: string, schema: Json): Json => ({ [MEDIA + kind]: { schema } })
const ref = (schema: string): Json => ({ $ref: `#/components/schemas/${schema}` })
/** Errors have no status of their own in the document. [OAS-030] */
const FAILED = { default: { description: 'Error response.', content: content('error', ref('nsError')) } }

/** One operation on the list of a type, or on one record. [OAS-010..016] */
export function operation(name: string, place: 'collection' | 'instance', method: string): Json {
  const isList = place === 'collection' && method !== 'POST'
  const body = isList ? content('collection', ref(`${name}Collection`)) : content('singular', ref(name))
  return {
    tags: [name],
    parameters: PARAMETERS[`${place} ${method}`],
    ...(/^(POST|PATCH|PUT)$/.test(method) && { requestBody: { required: true, content: body } }),
    responses: { ...succeeded(name, place, method), ...ACCEPTED, ...FAILED },
  }
}

function succeeded(name: string, place: 'collection' | 'instance', method: string): Json {
  const formed = (kind: string): Json => ({
    200: {
      description: 'Form or select options.',
      content: {
        ...content(kind, ref(name)),
        ...content('select-options', ref(`${name}SelectOptions`)),
      },
    },
    204: { description: 'Saved record.', ...WRITTEN },
  })
  switch (`${place} ${method}`) {
    case 'collection GET':
      return {
        200: { description: 'List of records.', content: content('collection', ref(`${name}Collection`)) },
      }
    case 'instance GET':
      return {
        200: {
          description: 'Retrieved record.',
          headers: { 'X-NetSuite-Warning': header },
          content: content('singular', ref(name)),
        },
      }
    case 'collection POST':
      return formed('create-form')
    case 'instance PATCH':
      return formed('edit-form')
    case 'instance PUT':
      return { 204: { description: 'Upserted record.', ...WRITTEN } }
    case 'instance DELETE':
      return { 204: { description: 'Removed record.' } }
    default:
      // Batches are accepted, never done at once. [OAS-012]
      return {}
  }
}

/** `target` is the schema of the record that is made. A 204 with content, as real documents have it, is no HTTP. [OAS-019, OAS-033] */
export function transformOperation(name: string, target: Json): Json {
  return {
    tags: [name],
    parameters: PARAMETERS.transform,
    requestBody: { required: true, content: content('singular', target) },
    responses: {
      200: { description: 'Form.', content: content('create-form', target) },
      204: { description: 'Transformed record.', ...WRITTEN },
      ...ACCEPTED,
      ...FAILED,
    },
  }
}

/** Attaching takes a role; neither declares errors. [OAS-021] */
export function attachOperation(name: string, verb: 'attach' | 'detach'): Json {
  const role = { type: 'object', properties: { id: { type: 'integer', format: 'int32' }, externalId: text } }
  const body = { type: 'object', properties: { role } }
  return {
    tags: [name],
    parameters: PARAMETERS.attach,
    ...(verb === 'attach' && { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: { ...ACCEPTED, 204: { description: 'Done.' } },
  }
}

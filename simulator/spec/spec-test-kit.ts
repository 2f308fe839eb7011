/**
 * Small documents for the tests of this folder: NetSuite's layout, one record type, whatever properties a test needs.
 */
import { AppError } from '../../kernel/error.ts'
import { type Field, findField, type RecordType } from './catalogue.ts'
import { type LoadedDocument, loadDocument } from './load.ts'

type Json = Record<string, unknown>

const MEDIA = 'application/vnd.oracle.resource+json; type=singular'

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
export const links = { type: 'array', readOnly: true, items: ref('nsLink') }

/** A list page of `items`. */
export const page = (items: Json): Json => ({
  type: 'object',
  properties: {
    totalResults: { type: 'integer', format: 'int64' },
    hasMore: { type: 'boolean' },
    items: { type: 'array', items },
  },
})

const shared = { nsLink: {}, nsResource: {}, nsResourceCollection: page(ref('nsResource')), nsError: {} }

/** Paths of a record type with list and instance. */
export function pathsOf(name: string): Json {
  const requestBody = { content: { [MEDIA]: { schema: ref(name) } } }
  return {
    [`/${name}`]: { get: {}, post: { requestBody } },
    [`/${name}/{id}`]: { get: {}, patch: { requestBody }, put: { requestBody }, delete: {} },
  }
}

/** A document of `customer` with these properties, further schemas and further paths. */
export function documentOf(
  properties: Json,
  schemas: Json = {},
  paths: Json = {},
  customer: Json = {},
): Json {
  return {
    openapi: '3.0.1',
    info: { title: 'NetSuite REST Record API', version: 'v1' },
    paths: { ...pathsOf('customer'), ...paths },
    components: {
      schemas: {
        customer: { type: 'object', properties: { ...properties, links }, ...customer },
        ...shared,
        ...schemas,
      },
    },
  }
}

export function load(document: unknown, file = 'account.json'): LoadedDocument {
  return loadDocument(JSON.stringify(document), file)
}

/** Codes of all oddities, in order. */
export function codes(loaded: LoadedDocument): string[] {
  return loaded.oddities.map(({ code }) => code)
}

/** The one field of `customer` named `name`. */
export function fieldIn(loaded: LoadedDocument, name: string): Field | undefined {
  return findField(typeIn(loaded, 'customer').body, name)
}

export function typeIn({ types }: LoadedDocument, name: string): RecordType {
  const type = types.find((t) => t.name === name)
  if (type === undefined) throw new Error(`no record type ${name}`)
  return type
}

/** The `E_SPEC_INVALID` that loading ends with; anything else is thrown on. */
export function refusal(text: string, file = 'account.json'): AppError {
  try {
    loadDocument(text, file)
  } catch (error) {
    if (error instanceof AppError && error.code === 'E_SPEC_INVALID') return error
    throw error
  }
  throw new Error('the document was accepted')
}

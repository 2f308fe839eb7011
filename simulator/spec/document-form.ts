/**
 * Tells other things from a NetSuite document, and says what to fetch instead: the list of record types, an error
 * answer, somebody else's OpenAPI document, Swagger 2.
 */
import { AppError, type AppErrorDetails } from '../../kernel/error.ts'
import { isObject, type JsonObject, own } from './reader.ts'
import { sharedSchema } from './refs.ts'

const FETCH =
  'GET https://<account>.suitetalk.api.netsuite.com/services/rest/record/v1/metadata-catalog?select=customer,salesOrder ' +
  'with Accept: application/swagger+json, and save the body'

/** A refused document: `E_SPEC_INVALID`, with a mend that names the request to make unless a better one is given. */
export function specError(file: string, message: string, details: Omit<AppErrorDetails, 'file'>): AppError {
  return new AppError('E_SPEC_INVALID', message, { ...details, file, mend: details.mend ?? FETCH })
}

/**
 * Refuses what is surely no document of the record service.
 *
 * @throws AppError `E_SPEC_INVALID`
 */
export function refuseOther(root: JsonObject, file: string): void {
  if (isCatalogueList(root)) {
    throw specError(file, 'this is the list of record types, not their document', {
      pointer: '/items',
      expected: 'an OpenAPI 3.0 document: openapi, paths, components',
    })
  }
  if (own(root, 'o:errorDetails') !== undefined || own(root, 'o:errorCode') !== undefined) {
    throw specError(file, 'this is an error that NetSuite answered, not a document', {
      pointer: '/o:errorDetails',
      expected: 'the body of a 200 answer',
    })
  }
  if (typeof own(root, 'swagger') === 'string') {
    throw specError(file, 'this is a Swagger 2 document', {
      pointer: '/swagger',
      expected: "openapi '3.0.x'",
    })
  }
  const paths = own(root, 'paths')
  if (paths === undefined && isObject(own(root, 'properties'))) return
  if (own(root, 'openapi') === undefined && paths === undefined) {
    throw specError(file, 'this is neither an OpenAPI document nor the JSON schema of a record', {
      pointer: '',
      expected: "'openapi' and 'paths', or 'properties'",
    })
  }
  if (!isNetSuite(root)) {
    throw specError(
      file,
      'this OpenAPI document is not of NetSuite: nothing in it is of the record service',
      {
        pointer: '',
        expected:
          'the schemas nsLink and nsResource, x-ns- extensions or the media type application/vnd.oracle.resource+json',
      },
    )
  }
}

/** `{ items: [{ name, links }], links }`. [OAS-009] */
function isCatalogueList(root: JsonObject): boolean {
  const items = own(root, 'items')
  if (!Array.isArray(items) || own(root, 'paths') !== undefined) return false
  const first: unknown = items[0]
  return first === undefined || (isObject(first) && typeof own(first, 'name') === 'string')
}

/** Looks at names only, in the two places where every real document shows them. [OAS-002, OAS-031, OAS-043] */
function isNetSuite(root: JsonObject): boolean {
  const info = own(root, 'info')
  const title = isObject(info) ? own(info, 'title') : undefined
  if (typeof title === 'string' && /netsuite/i.test(title)) return true
  const components = own(root, 'components')
  const schemas = isObject(components) ? own(components, 'schemas') : undefined
  if (isObject(schemas)) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (sharedSchema(name) !== undefined) return true
      if (isObject(schema) && Object.keys(schema).some((key) => key.startsWith('x-ns-'))) return true
    }
  }
  return hasVendorMediaType(own(root, 'paths'))
}

function hasVendorMediaType(paths: unknown): boolean {
  for (const item of isObject(paths) ? Object.values(paths) : []) {
    for (const operation of isObject(item) ? Object.values(item) : []) {
      const body = isObject(operation) ? own(operation, 'requestBody') : undefined
      const content = isObject(body) ? own(body, 'content') : undefined
      if (
        isObject(content) &&
        Object.keys(content).some((key) => key.startsWith('application/vnd.oracle.resource+json'))
      )
        return true
    }
  }
  return false
}

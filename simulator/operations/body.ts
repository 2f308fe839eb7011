/** What the body, the query and the headers of a write say. */
import { ApiFault } from '../api-fault.ts'
import type { Validation } from '../records/values.ts'
import type { WriteOptions } from '../records/write.ts'
import { type ParsedRequest, parameter, queryOf } from '../request.ts'

export type Json = Record<string, unknown>

const JSON_TYPE = 'application/json'

/** The request's body as one JSON object. [REC-103, REC-E15, REC-502] */
export function readJson({ headers, body }: ParsedRequest): Json {
  const type = headers['content-type'] ?? JSON_TYPE
  const media = type === JSON_TYPE ? type : type.split(';')[0]!.trim().toLowerCase()
  if (media !== JSON_TYPE && media !== 'application/vnd.oracle.resource+json') {
    throw new ApiFault(
      'UNSUPPORTED_MEDIA_TYPE',
      `Content type '${media}' is not supported. Use application/json.`,
      { header: 'Content-Type' },
    )
  }
  let json: unknown
  try {
    json = JSON.parse(body ?? '')
  } catch {
    json = undefined
  }
  if (json === null || typeof json !== 'object' || Array.isArray(json)) {
    throw new ApiFault('INVALID_CONTENT', 'Invalid content in the request body.')
  }
  return json as Json
}

/** The same where a body may be missing. */
export function readJsonIfAny(request: ParsedRequest): Json {
  return request.body === undefined || request.body.trim() === '' ? {} : readJson(request)
}

const VALIDATION_HEADERS = {
  nameValidation: ['X-NetSuite-PropertyNameValidation', 'x-netsuite-propertynamevalidation', 'warning'],
  valueValidation: ['X-NetSuite-PropertyValueValidation', 'x-netsuite-propertyvaluevalidation', 'error'],
} as const

const NOTHING: ReadonlySet<string> = new Set()

/** [REC-105..107, REC-131, REC-133] */
export function writeOptions(request: ParsedRequest): WriteOptions {
  const query = request.search === '' ? undefined : queryOf(request)
  const validation = (which: keyof typeof VALIDATION_HEADERS): Validation => {
    const [name, key, fallback] = VALIDATION_HEADERS[which]
    const value = request.headers[key]?.toLowerCase() ?? fallback
    if (value === 'ignore' || value === 'warning' || value === 'error') return value
    throw new ApiFault('INVALID_HEADER', `Invalid value for header ${name}. Use Error, Warning or Ignore.`, {
      header: name,
    })
  }
  const replace = query === undefined ? undefined : parameter(query, 'replace')
  return {
    nameValidation: validation('nameValidation'),
    valueValidation: validation('valueValidation'),
    warnings: [],
    notices: [],
    replace:
      replace === undefined ? NOTHING : new Set(replace.split(',').map((name) => name.trim().toLowerCase())),
    replaceSelectedFields: query !== undefined && parameter(query, 'replaceSelectedFields') === 'true',
  }
}

/** Lines in all sublists of a body: what a write costs beyond its base. */
export function lineCount(json: Json): number {
  let lines = 0
  for (const value of Object.values(json)) {
    const items = (value as { items?: unknown } | null)?.items
    if (Array.isArray(items)) lines += items.length
  }
  return lines
}

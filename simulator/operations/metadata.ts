/**
 * The metadata catalogue: the list of record types, and what they look like as OpenAPI or as JSON schema. Limited to the
 * types that the role may view. Documents are kept as text, per view and selection, up to a bound. [REC-230..240, OAS-009]
 */
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { ApiFault } from '../api-fault.ts'
import { parameter, queryOf } from '../request.ts'
import type { Catalogue, RecordType } from '../spec/catalogue.ts'
import { collectionJsonSchema, sharedJsonSchema, toJsonSchema, toOpenApi } from '../spec/write.ts'
import { type Answer, type Call, type Operation, plain } from './operation.ts'

const LIST = 'application/json'
const OPEN_API = 'application/swagger+json'
const JSON_SCHEMA = 'application/schema+json'

/** `rest` is what follows `metadata-catalog` in the path. */
export function planMetadata(call: Call, rest: readonly string[]): Operation {
  const { method, path, headers } = call.request
  if (method !== 'GET') {
    throw new ApiFault('INVALID_METHOD', 'This operation is not allowed for the metadata catalog. Use GET.')
  }
  if (rest.length > 1) {
    throw new ApiFault('INVALID_URL', `Invalid request URL. '${path}' is not in the metadata catalog.`, {
      url: path,
    })
  }
  const mediaType = wantedMediaType(headers.accept)
  const sees = (type: RecordType): boolean => call.principal.role.allows(type, 'view')
  const visible = call.account.catalogue.types.filter(sees)
  if (mediaType === LIST) {
    const types = selected(call, rest[0], visible)
    return metadata('list', 0, () => answer(LIST, JSON.stringify(catalogueList(call, types))))
  }
  if (mediaType === OPEN_API) {
    const types = selected(call, rest[0], visible)
    return metadata('openapi', types.length, () => answer(OPEN_API, openApiText(call, types, visible)))
  }
  const part = rest[0] === undefined ? undefined : partSchema(call, rest[0], visible)
  if (part !== undefined) return metadata('schema', 1, () => answer(JSON_SCHEMA, JSON.stringify(part)))
  const types = selected(call, rest[0], visible)
  return metadata('schema', 1, () => answer(JSON_SCHEMA, schemaText(call, types, visible)))
}

/** Describing all types takes long: that is what `select` is for. [REC-231] */
function metadata(form: string, types: number, run: () => Answer): Operation {
  const work = { verb: 'metadata', recordType: '', kind: 'other', lines: types } as const
  return { ...plain(`metadata.${form}`, run), work }
}

/** Without a wish, and for plain JSON, the list. [REC-230, REC-232, REC-502] */
function wantedMediaType(accept: string | undefined): typeof LIST | typeof OPEN_API | typeof JSON_SCHEMA {
  const wanted = (accept ?? '*/*').split(',').map((range) => range.split(';')[0]!.trim().toLowerCase())
  for (const range of wanted) {
    if (range === OPEN_API || range === JSON_SCHEMA) return range
    if (PLAIN.has(range)) return LIST
  }
  throw new ApiFault('NOT_ACCEPTABLE', `The metadata catalog is ${LIST}, ${OPEN_API} or ${JSON_SCHEMA}.`, {
    header: 'Accept',
  })
}

const PLAIN: ReadonlySet<string> = new Set([
  LIST,
  'application/vnd.oracle.resource+json',
  'application/*',
  '*/*',
  '',
])

/** The types of `?select=a,b` or of the path; all that are visible without either. Names in any case. [REC-231] */
function selected(
  { request, account }: Call,
  inPath: string | undefined,
  visible: readonly RecordType[],
): readonly RecordType[] {
  const select = request.search === '' ? undefined : parameter(queryOf(request), 'select')
  const names = (inPath ?? select)?.split(',')
  if (names === undefined) return visible
  // A blank after the comma is malformed in the path; in the query it does no harm. [REC-231, REC-E07]
  if (inPath !== undefined && names.some((name) => name === '' || name !== name.trim())) {
    throw new ApiFault(
      'INVALID_REQUEST',
      'The request could not be understood by the server due to malformed syntax.',
    )
  }
  const wanted = new Set<RecordType>()
  for (const name of names.map((one) => one.trim()).filter((one) => one !== '')) {
    const type = account.catalogue.find(name)
    if (type === undefined || !visible.includes(type)) throw unknownType(name, inPath, request.path)
    wanted.add(type)
  }
  return wanted.size === 0 ? visible : visible.filter((type) => wanted.has(type))
}

/** To a role that may not view a type, it does not exist. [REC-239, OPQ-011] */
function unknownType(name: string, inPath: string | undefined, path: string): ApiFault {
  const locator = inPath === undefined ? { queryParam: 'select' } : { url: path }
  return new ApiFault('NONEXISTENT_ID', `Record type '${name}' does not exist.`, locator)
}

function catalogueList({ request, account }: Call, types: readonly RecordType[]): Record<string, unknown> {
  const base = request.origin + RECORD_BASE_PATH
  const captured = account.profile.settings.metadataLinks === 'captured'
  const items = types.map((type) => {
    const name = type.name.toLowerCase()
    const href = `${base}/metadata-catalog/${name}`
    const links = [
      { rel: 'canonical', href, mediaType: captured ? JSON_SCHEMA : LIST },
      { rel: 'alternate', href, mediaType: OPEN_API },
      { rel: 'alternate', href, mediaType: JSON_SCHEMA },
      { rel: 'describes', href: `${base}/${name}`, ...(captured && { mediaType: LIST }) },
    ]
    return { name, links }
  })
  return { items, links: [{ rel: 'canonical', href: `${base}/metadata-catalog/`, mediaType: LIST }] }
}

function openApiText(call: Call, types: readonly RecordType[], visible: readonly RecordType[]): string {
  return cached(call, OPEN_API, types, visible, () => toOpenApi(types, writeOptions(call, visible)))
}

/** A JSON schema is of one record; what NetSuite answers for several is not known. [REC-232] */
function schemaText(call: Call, types: readonly RecordType[], visible: readonly RecordType[]): string {
  const [type] = types
  if (type === undefined || types.length > 1) {
    throw new ApiFault('INVALID_REQUEST', 'A JSON schema describes one record type. Name it in the path.')
  }
  return cached(call, JSON_SCHEMA, types, visible, () => toJsonSchema(type, writeOptions(call, visible)))
}

/** What the references of a schema lead to: `nsLink` and its like, and list pages. [REC-235] */
function partSchema(
  { account }: Call,
  name: string,
  visible: readonly RecordType[],
): Record<string, unknown> | undefined {
  if (account.catalogue.find(name) !== undefined) return undefined
  const page = /^(.+)collection$/i.exec(name)?.[1]
  const type = page === undefined ? undefined : account.catalogue.find(page)
  if (type !== undefined && visible.includes(type)) return collectionJsonSchema(type)
  return sharedJsonSchema(name)
}

function writeOptions({ request, account }: Call, visible: readonly RecordType[]) {
  const server = request.origin + RECORD_BASE_PATH
  if (visible.length === account.catalogue.types.length) return { server }
  const names = new Set(visible.map((type) => type.name.toLowerCase()))
  return { server, hides: (name: string) => !names.has(name.toLowerCase()) }
}

/** The whole bundled catalogue is 5 million characters; a dozen views of it fit. */
const KEPT_CHARACTERS_MAX = 64_000_000

/** Texts by what they depend on, least recently asked for first. */
const kept = new WeakMap<Catalogue, Map<string, string>>()

function cached(
  { request, account }: Call,
  mediaType: string,
  types: readonly RecordType[],
  visible: readonly RecordType[],
  make: () => unknown,
): string {
  const { catalogue } = account
  const all = catalogue.types.length
  const names = (list: readonly RecordType[]): string =>
    list.length === all ? '*' : list.map(({ name }) => name).join()
  const key = [mediaType, request.origin, names(types), names(visible)].join(' ')
  const texts = kept.get(catalogue) ?? new Map<string, string>()
  kept.set(catalogue, texts)
  const text = texts.get(key) ?? JSON.stringify(make())
  texts.delete(key)
  texts.set(key, text)
  let sum = 0
  for (const { length } of texts.values()) sum += length
  for (const [oldest, { length }] of texts) {
    if (sum <= KEPT_CHARACTERS_MAX) break
    texts.delete(oldest)
    sum -= length
  }
  return text
}

function answer(mediaType: string, body: string): Answer {
  return { status: 200, headers: { 'content-type': `${mediaType}; charset=UTF-8` }, body, committed: false }
}

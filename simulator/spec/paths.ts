/**
 * The paths of a document: which record types there are, with which methods and transforms, and where the schema of
 * each body is to be found. Types come from the first path segment, never from tags [OAS-008]; sublists and
 * subrecords have no paths in any release [OAS-022].
 */
import type { RecordType } from './catalogue.ts'
import { at, type Oddity } from './oddity.ts'
import { isObject, isUnsafeName, type JsonObject, own } from './reader.ts'

/** Every verb of a record, in the order in which lists of methods are kept. [REC-240] */
export const COLLECTION_METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const
export const INSTANCE_METHODS = ['GET', 'PATCH', 'PUT', 'DELETE'] as const

/** Where a body is declared: a `$ref` or a schema written in place. */
export interface BodySource {
  readonly schema: JsonObject
  readonly pointer: string
}

/** What the paths say of one record type. */
export interface PathType {
  readonly name: string
  /** Pointer to its first path. */
  readonly pointer: string
  readonly collection: Set<string>
  readonly instance: Set<string>
  readonly transforms: string[]
  readonly bodies: BodySource[]
}

const ITEM_KEYS = ['summary', 'description', 'parameters', 'servers']

/** Reads all paths, in their order. Types whose names differ only in case are one. [OAS-009] */
export function readPaths(paths: JsonObject, oddities: Oddity[]): PathType[] {
  const types = new Map<string, PathType>()
  for (const [path, item] of Object.entries(paths)) {
    const pointer = at('/paths', path)
    const segments = path.split('/').slice(1)
    if (segments.at(-1) === '') segments.pop()
    const name = segments[0]
    if (name === undefined || !path.startsWith('/') || !/^[A-Za-z]\w*$/.test(name) || !isObject(item)) {
      oddities.push({ code: 'unknown-path', pointer, message: `'${path}' is no path of a record type` })
      continue
    }
    if (isUnsafeName(name)) {
      oddities.push({ code: 'unsafe-name', pointer, message: `record type '${name}' is left out` })
      continue
    }
    let type = types.get(name.toLowerCase())
    if (type === undefined) {
      type = { name, pointer, collection: new Set(), instance: new Set(), transforms: [], bodies: [] }
      types.set(name.toLowerCase(), type)
    } else if (type.name !== name) {
      oddities.push({ code: 'case-twin', pointer, message: `'${name}' is taken for '${type.name}'` })
    }
    readPath(type, segments.slice(1), item, pointer, oddities)
  }
  return [...types.values()]
}

function readPath(
  type: PathType,
  rest: readonly string[],
  item: JsonObject,
  pointer: string,
  oddities: Oddity[],
) {
  const isVariable = /^\{[^{}]*\}$/.test(rest[0] ?? '')
  if (rest.length === 0) return readMethods(type, 'collection', item, pointer, oddities)
  // `{id}` and `{targetId}` name the same position. [OAS-021]
  if (rest.length === 1 && isVariable) return readMethods(type, 'instance', item, pointer, oddities)
  if (rest.length === 3 && isVariable && rest[1] === '!transform') {
    return readTransform(type, rest[2]!, item, pointer, oddities)
  }
  if (rest.length === 4 && isVariable && (rest[1] === '!attach' || rest[1] === '!detach')) return undefined
  oddities.push({ code: 'unknown-path', pointer, message: 'a path of an unknown form' })
  return undefined
}

function readMethods(
  type: PathType,
  kind: 'collection' | 'instance',
  item: JsonObject,
  pointer: string,
  oddities: Oddity[],
): void {
  const allowed: readonly string[] = kind === 'collection' ? COLLECTION_METHODS : INSTANCE_METHODS
  for (const [key, operation] of Object.entries(item)) {
    const method = key.toUpperCase()
    const here = at(pointer, key)
    if (ITEM_KEYS.includes(key)) continue
    if (!allowed.includes(method) || !isObject(operation)) {
      oddities.push({ code: 'unknown-method', pointer: here, message: `'${key}' on a ${kind}` })
      continue
    }
    type[kind].add(method)
    // A collection's PUT and PATCH carry lists (batches); GET answers a list. [OAS-010, OAS-012]
    if (kind === 'collection' ? method === 'POST' : method !== 'DELETE') {
      const body =
        requestBody(operation, here) ?? (kind === 'instance' ? answerBody(operation, here) : undefined)
      if (body !== undefined) type.bodies.push(body)
    }
  }
}

function readTransform(
  type: PathType,
  target: string,
  item: JsonObject,
  pointer: string,
  oddities: Oddity[],
): void {
  for (const key of Object.keys(item)) {
    if (key !== 'post' && !ITEM_KEYS.includes(key)) {
      oddities.push({ code: 'unknown-method', pointer: at(pointer, key), message: `'${key}' on a transform` })
    }
  }
  const operation = own(item, 'post')
  if (!isObject(operation)) return
  if (!type.transforms.includes(target)) type.transforms.push(target)
  // The body names the target's schema, often outside the document; only its name is needed, and the path has it.
  const body = requestBody(operation, at(pointer, 'post'))
  const ref = body === undefined ? undefined : own(body.schema, '$ref')
  if (typeof ref === 'string' && !ref.startsWith('#')) {
    const message = `the body refers to '${ref}', outside the document`
    oddities.push({ code: 'outside-ref', pointer: body!.pointer, message })
  }
  const responses = own(operation, 'responses')
  const empty = isObject(responses) ? own(responses, '204') : undefined
  if (isObject(empty) && own(empty, 'content') !== undefined) {
    const here = at(at(at(pointer, 'post'), 'responses'), '204')
    oddities.push({
      code: 'content-on-204',
      pointer: here,
      message: `the answer of !transform/${target} declares a body`,
    })
  }
}

function requestBody(operation: JsonObject, pointer: string): BodySource | undefined {
  const body = own(operation, 'requestBody')
  return isObject(body) ? contentSchema(body, at(pointer, 'requestBody')) : undefined
}

function answerBody(operation: JsonObject, pointer: string): BodySource | undefined {
  const responses = own(operation, 'responses')
  const ok = isObject(responses) ? own(responses, '200') : undefined
  return isObject(ok) ? contentSchema(ok, at(at(pointer, 'responses'), '200')) : undefined
}

/** The schema of one record. Media types carry a parameter, so they are compared parsed. [OAS-031] */
function contentSchema(holder: JsonObject, pointer: string): BodySource | undefined {
  const content = own(holder, 'content')
  if (!isObject(content)) return undefined
  const ranked = Object.entries(content)
    .map(([mediaType, entry]) => ({
      mediaType,
      entry,
      rank: ['singular', undefined].indexOf(typeParameter(mediaType)),
    }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
  for (const { mediaType, entry } of ranked) {
    const schema = isObject(entry) ? own(entry, 'schema') : undefined
    if (isObject(schema)) return { schema, pointer: at(at(at(pointer, 'content'), mediaType), 'schema') }
  }
  return undefined
}

/** `type` of `application/vnd.oracle.resource+json; type=singular`; undefined when there is none. */
function typeParameter(mediaType: string): string | undefined {
  for (const parameter of mediaType.split(';').slice(1)) {
    const [name, value] = parameter.split('=')
    if (name?.trim().toLowerCase() === 'type') return value?.trim().replace(/^"|"$/g, '').toLowerCase()
  }
  return undefined
}

/** Custom lists are known by name only; custom records by name or marker. [OAS-084, OAS-085] */
export function customKind(name: string, marked: boolean): Pick<RecordType, 'custom'> {
  if (/^customlist/i.test(name)) return { custom: 'list' }
  return marked || /^customrecord/i.test(name) ? { custom: 'record' } : {}
}

/**
 * What a request asks for, and doing it: route → parse → validate → commit → answer. `planOperation` routes and reads the
 * request without touching the account, so that the pipeline knows how long the work will take; `run` does the work at
 * once and in full. An asynchronous job will run the same function later.
 */

import { RECORD_BASE_PATH, type ResourceKind } from '../protocol/wire.ts'
import { ApiFault } from './api-fault.ts'
import type { Work } from './latency/model.ts'
import { readPaging, renderPage } from './records/list.ts'
import { type RenderContext, renderRecord } from './records/render.ts'
import type { RecordName, StoredRecord } from './records/store.ts'
import type { Validation } from './records/values.ts'
import {
  type Account,
  createRecord,
  deleteRecord,
  targetsOf,
  toId,
  updateRecord,
  type WriteOptions,
} from './records/write.ts'
import { type ParsedRequest, parameter, queryOf } from './request.ts'
import type { RecordType } from './spec/catalogue.ts'
import { rulesFor } from './spec/rules.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For the journal. */
  readonly recordId?: string
  /** Whether the account changed. */
  readonly committed: boolean
}

export interface Operation {
  /** e.g. `record.create`. */
  readonly name: string
  readonly recordType: string | undefined
  readonly externalId: string | undefined
  readonly work: Work
  run(): Answer
}

export type { Account }

interface Target {
  readonly type: RecordType
  readonly id: number | undefined
  readonly externalId: string | undefined
}

/** Routes a request. Throws the `ApiFault` of a path, method or body that leads nowhere. */
export function planOperation(account: Account, request: ParsedRequest): Operation {
  const { method, path, segments } = request
  if (method === 'OPTIONS' && path.startsWith('/services/rest')) {
    return plain('rest.options', () => ({ status: 204, headers: {}, body: '', committed: false }))
  }
  if (segments?.[0] === undefined || segments[0] === '') throw routeFault(path)
  // Answering at once would teach a client that its asynchronous calls work.
  if (/\brespond-async\b/i.test(request.headers.prefer ?? ''))
    throw notSimulated('asynchronous jobs (Prefer: respond-async)')
  const [typeName, idText, ...rest] = segments as [string, ...string[]]
  if (typeName === 'metadata-catalog') throw notSimulated('the metadata catalogue')
  const type = account.catalogue.find(typeName)
  if (type === undefined) {
    throw new ApiFault('NONEXISTENT_ID', `Record type '${typeName}' does not exist.`, { url: path })
  }
  if (idText !== undefined && /^[!@]/.test(idText)) throw notSimulated(idText)
  if (rest.length > 0) throw notSimulated(rest[0]!.startsWith('!') ? rest[0]! : 'a sub-resource path')
  return idText === undefined
    ? planCollection(account, request, type)
    : planInstance(account, request, type, idText)
}

function planCollection(account: Account, request: ParsedRequest, type: RecordType): Operation {
  refuseMethod(type, type.methods.collection, request.method)
  if (request.method === 'GET') return planList(account, request, type)
  if (request.method === 'POST') return planCreate(account, request, type)
  throw notSimulated('batch operations')
}

function planInstance(account: Account, request: ParsedRequest, type: RecordType, idText: string): Operation {
  const target = targetOf(type, idText, request.path)
  const { method } = request
  // PUT is for external ids only. [REC-140]
  const allowed = type.methods.instance.filter((verb) => verb !== 'PUT' || target.externalId !== undefined)
  refuseMethod(type, allowed, method)
  if (method === 'GET') return planGet(account, request, target)
  if (method === 'PATCH') return planUpdate(account, request, target)
  if (method === 'DELETE') return planDelete(account, target)
  return planUpsert(account, request, target)
}

/** `eid:X` or an internal id. [REC-008, REC-E05] */
function targetOf(type: RecordType, idText: string, path: string): Target {
  if (idText.startsWith('eid:') && idText.length > 4)
    return { type, id: undefined, externalId: idText.slice(4) }
  const id = toId(idText)
  if (id === undefined) {
    throw new ApiFault(
      'INVALID_ID',
      `Invalid record instance identifier '${idText}'. Provide a valid record instance ID.`,
      { url: path },
    )
  }
  return { type, id, externalId: undefined }
}

function planGet(account: Account, request: ParsedRequest, target: Target): Operation {
  const query = queryOf(request)
  const expand = parameter(query, 'expandSubResources') === 'true'
  const fields = parameter(query, 'fields')
  if (expand && fields !== undefined && account.profile.settings.fieldsWithExpand === 'refuse') {
    throw new ApiFault('INVALID_PARAMETER', 'fields and expandSubResources exclude each other.', {
      queryParam: 'fields',
    })
  }
  const simpleEnums = parameter(query, 'simpleEnumFormat') === 'true'
  const only =
    fields === undefined ? undefined : new Set(fields.split(',').map((name) => name.trim().toLowerCase()))
  return describe('get', target, 0, () => {
    const record = load(account, target)
    const context = renderContext(account, request.origin, target.type, { expand, simpleEnums, only })
    const body = renderRecord(target.type.body, record, selfHref(request), context)
    return { status: 200, headers: resource('singular'), body, recordId: String(record.id), committed: false }
  })
}

function planList(account: Account, request: ParsedRequest, type: RecordType): Operation {
  const query = queryOf(request)
  if (query.has('q')) throw notSimulated('the q filter')
  const paging = readPaging(parameter(query, 'limit'), parameter(query, 'offset'))
  return describe('list', { type, id: undefined, externalId: undefined }, 0, () => {
    const collection = `${request.origin}${RECORD_BASE_PATH}/${type.name.toLowerCase()}`
    const address = { collection, self: selfHref(request) }
    const body = renderPage(account.store, type.name, paging, address, account.profile.settings)
    return { status: 200, headers: resource('collection'), body, committed: false }
  })
}

function planCreate(account: Account, request: ParsedRequest, type: RecordType): Operation {
  const json = readJson(request)
  const options = writeOptions(request)
  const externalId = typeof json.externalId === 'string' ? json.externalId : undefined
  const target = { type, id: undefined, externalId }
  return describe('create', target, lineCount(json), () =>
    written(request, createRecord(account, type, json, options), options),
  )
}

function planUpdate(account: Account, request: ParsedRequest, target: Target): Operation {
  const json = readJson(request)
  const options = writeOptions(request)
  return describe('update', target, lineCount(json), () => {
    const record = load(account, target)
    return written(request, updateRecord(account, target.type, record, json, options), options)
  })
}

/** Creates or updates; 204 with the internal id in `Location` either way. [REC-140..142, OPQ-065] */
function planUpsert(account: Account, request: ParsedRequest, target: Target): Operation {
  const json = readJson(request)
  const options = writeOptions(request)
  return describe('upsert', target, lineCount(json), () => {
    const record = account.store.getByExternalId(rulesFor(target.type).group, target.externalId!)
    if (record !== undefined && record.type !== target.type.name) throw taken(target.type)
    const saved =
      record === undefined
        ? createRecord(account, target.type, json, options, target.externalId)
        : updateRecord(account, target.type, record, json, options)
    return written(request, saved, options)
  })
}

/** The external id belongs to another type of the group. [OPQ-014] */
function taken(type: RecordType): ApiFault {
  const what = rulesFor(type).kind === 'entity' ? 'entity' : 'record'
  return new ApiFault('USER_ERROR', `Error while accessing a resource. This ${what} already exists.`)
}

function planDelete(account: Account, target: Target): Operation {
  return describe('delete', target, 0, () => {
    const record = load(account, target)
    deleteRecord(account, target.type, record)
    return { status: 204, headers: {}, body: '', recordId: String(record.id), committed: true }
  })
}

/** Finds the record or throws: 404 where the id is free, the wrong-type 400 where another transaction has it. [OPQ-012, OPQ-013] */
function load({ store, profile }: Account, { type, id, externalId }: Target): StoredRecord {
  const { group, kind } = rulesFor(type)
  const record = externalId === undefined ? store.get(group, id!) : store.getByExternalId(group, externalId)
  if (record?.type === type.name) return record
  const isWrongType =
    record !== undefined || (externalId === undefined && profile.settings.transactionMissingId === '400')
  if (kind === 'transaction' && isWrongType) {
    throw new ApiFault(
      'USER_ERROR',
      'Error while accessing a resource. Transaction type specified is incorrect.',
    )
  }
  throw new ApiFault(
    'NONEXISTENT_ID',
    'The record instance does not exist. Provide a valid record instance ID.',
  )
}

/** 204 with the address of the record. [REC-100, REC-130] */
function written(
  { origin, segments }: ParsedRequest,
  record: StoredRecord,
  { warnings }: WriteOptions,
): Answer {
  const id = String(record.id)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    location: `${origin}${RECORD_BASE_PATH}/${segments![0]}/${id}`,
  }
  if (warnings.length > 0) headers['x-netsuite-propertyvalidation'] = warnings.map(encodeURI).join(',')
  return { status: 204, headers, body: '', recordId: id, committed: true }
}

function renderContext(
  account: Account,
  origin: string,
  type: RecordType,
  wanted: Pick<RenderContext, 'expand' | 'simpleEnums' | 'only'>,
): RenderContext {
  const rules = rulesFor(type)
  return {
    ...wanted,
    settings: account.profile.settings,
    base: origin + RECORD_BASE_PATH,
    statuses: rules.statuses,
    lineKeyOf: (sublist) => rules.lineKeys[sublist.toLowerCase()],
    target: (targets, id) => referenceTarget(account, targets, id),
  }
}

/** What a stored reference points at; undefined when the account does not hold or expose it. [OPQ-025] */
export function referenceTarget(
  { catalogue, store }: Account,
  targets: readonly string[],
  id: string,
): RecordName | undefined {
  const key = toId(id)
  if (key === undefined) return undefined
  const { names, groups } = targetsOf(catalogue, targets)
  for (const group of groups) {
    const found = store.peek(group, key)
    if (found !== undefined && names.has(found.type)) return found
  }
  return undefined
}

/** Methods that the document does not list for a type. [OPQ-010] */
function refuseMethod(type: RecordType, allowed: readonly string[], method: string): void {
  if (allowed.includes(method)) return
  const words = [
    ...(type.methods.instance.includes('PATCH') ? ['edit'] : []),
    ...(type.methods.collection.includes('POST') ? ['create'] : []),
    ...(type.methods.instance.includes('DELETE') ? ['delete'] : []),
    ...(type.methods.instance.includes('GET') ? ['load'] : []),
  ]
  throw new ApiFault(
    'INVALID_METHOD',
    `This operation is not allowed for a ${type.name} record. Use one of the following valid operations: ${words.join(', ')}.`,
  )
}

/** The request's body as one JSON object. [REC-103, REC-E15, REC-502] */
function readJson({ headers, body }: ParsedRequest): Record<string, unknown> {
  const media = (headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase()
  if (media !== 'application/json' && media !== 'application/vnd.oracle.resource+json') {
    throw new ApiFault(
      'UNSUPPORTED_MEDIA_TYPE',
      `Content type '${media}' is not supported. Use application/json.`,
      {
        header: 'Content-Type',
      },
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
  return json as Record<string, unknown>
}

const VALIDATION_HEADERS = {
  nameValidation: ['X-NetSuite-PropertyNameValidation', 'x-netsuite-propertynamevalidation', 'warning'],
  valueValidation: ['X-NetSuite-PropertyValueValidation', 'x-netsuite-propertyvaluevalidation', 'error'],
} as const

/** [REC-105..107, REC-131, REC-133] */
function writeOptions(request: ParsedRequest): WriteOptions {
  const query = request.search === '' ? undefined : queryOf(request)
  const validation = (which: keyof typeof VALIDATION_HEADERS): Validation => {
    const [name, key, fallback] = VALIDATION_HEADERS[which]
    const value = (request.headers[key] ?? fallback).toLowerCase()
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
    replace: new Set(replace?.split(',').map((name) => name.trim().toLowerCase())),
    replaceSelectedFields: query !== undefined && parameter(query, 'replaceSelectedFields') === 'true',
  }
}

/** Lines in all sublists of a body: what a write costs beyond its base. */
function lineCount(json: Record<string, unknown>): number {
  let lines = 0
  for (const value of Object.values(json)) {
    const items = (value as { items?: unknown } | null)?.items
    if (Array.isArray(items)) lines += items.length
  }
  return lines
}

function describe(verb: string, { type, externalId }: Target, lines: number, run: () => Answer): Operation {
  const { kind } = rulesFor(type)
  const work = { verb, recordType: type.name, kind, lines }
  return { name: `record.${verb}`, recordType: type.name, externalId, work, run }
}

function plain(name: string, run: () => Answer): Operation {
  return {
    name,
    recordType: undefined,
    externalId: undefined,
    work: { verb: name, recordType: '', kind: 'other', lines: 0 },
    run,
  }
}

/** The query is shown re-encoded, as a form would. [REC-022, REC-057] */
function selfHref(request: ParsedRequest): string {
  const query = request.search === '' ? '' : `?${queryOf(request).toString()}`
  return request.origin + request.path + query
}

/** [REC-020, OPQ-015] */
function resource(kind: ResourceKind): Record<string, string> {
  return { 'content-type': `application/vnd.oracle.resource+json; type=${kind}; charset=UTF-8` }
}

function routeFault(path: string): ApiFault {
  for (const [prefix, what] of Object.entries(NOT_YET)) if (path.startsWith(prefix)) return notSimulated(what)
  return new ApiFault(
    'INVALID_URL',
    'Invalid request URL. The request URL must be constructed in the following way: <service>/v1/<recordname>/<recordid>.',
    { url: path },
  )
}

const NOT_YET: Readonly<Record<string, string>> = {
  '/services/rest/query/': 'SuiteQL',
  '/services/rest/async/': 'asynchronous jobs',
  '/services/rest/system/': 'the system service',
  '/services/rest/auth/': 'OAuth 2.0',
  '/services/NetSuitePort': 'SOAP web services',
  '/app/site/hosting/restlet.nl': 'RESTlets',
}

/** Says plainly what this version lacks, in a status that no NetSuite answer has. */
function notSimulated(what: string): ApiFault {
  return new ApiFault('NOT_SIMULATED', `Seatrial does not simulate ${what} yet.`, { status: 501 })
}

/** One record: read it, create it, change it, create or change it, delete it. */
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import type { Account } from '../account.ts'
import { type ApiFault, userError } from '../api-fault.ts'
import { commitsSince, currentCommit } from '../records/contention.ts'
import { renderRecord } from '../records/render.ts'
import type { StoredRecord } from '../records/store.ts'
import { createRecord, deleteRecord, updateRecord, type WriteOptions } from '../records/write.ts'
import type { ParsedRequest } from '../request.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { lineCount, readJson, writeOptions } from './body.ts'
import {
  type Answer,
  type Call,
  describe,
  load,
  type Operation,
  renderContext,
  resource,
  selfHref,
  type Target,
} from './operation.ts'
import { readView } from './view.ts'

export function planGet({ account, request, principal: { role } }: Call, target: Target): Operation {
  const view = readView(account, request, request.isBatchItem)
  return describe('get', target, 0, () => {
    const record = load(account, target)
    const context = renderContext(account, request.origin, target.type, { ...view, role })
    const body = renderRecord(target.type.body, record, selfHref(request), context)
    return { status: 200, headers: resource('singular'), body, recordId: String(record.id), committed: false }
  })
}

export function planCreate({ account, request }: Call, type: RecordType): Operation {
  const json = readJson(request)
  const options = writeOptions(request)
  const externalId = typeof json.externalId === 'string' ? json.externalId : undefined
  const target = { type, externalId }
  return describe('create', target, lineCount(json), () =>
    written(request, createRecord(account, type, json, options), options),
  )
}

export function planUpdate({ account, request }: Call, target: Target): Operation {
  const json = readJson(request)
  const options = writeOptions(request)
  const planned = currentCommit(account.store)
  return describe('update', target, lineCount(json), () => {
    const record = load(account, target)
    refuseLostRace(account, target.type, record, planned)
    return written(request, updateRecord(account, target.type, record, json, options), options)
  })
}

/** Creates or updates; 204 with the internal id in `Location` either way. [REC-140..142, OPQ-065] */
export function planUpsert({ account, request }: Call, target: Target): Operation {
  const { externalId: _, ...json } = readJson(request)
  const options = writeOptions(request)
  const planned = currentCommit(account.store)
  return describe('upsert', target, lineCount(json), () => {
    const record = account.store.getByExternalId(rulesFor(target.type).group, target.externalId!)
    if (record !== undefined) {
      if (record.type !== target.type.name) throw taken(target.type)
      account.scripts?.refuseLocked(target.type, record)
      refuseLostRace(account, target.type, record, planned)
    }
    const saved =
      record === undefined
        ? createRecord(account, target.type, json, options, target.externalId)
        : updateRecord(account, target.type, record, json, options)
    return written(request, saved, options)
  })
}

/** The external id belongs to another record of the group. [OPQ-014] */
function taken(type: RecordType): ApiFault {
  return userError(`This ${rulesFor(type).kind === 'entity' ? 'entity' : 'record'} already exists.`)
}

/** Somebody else saved the record after this request began; who meant to create it finds it made. [OPQ-018, REC-506] */
function refuseLostRace(
  { store, profile }: Account,
  type: RecordType,
  { id }: StoredRecord,
  planned: number,
): void {
  if (profile.settings.concurrentUpdate === 'last-wins') return
  const since = commitsSince(store, rulesFor(type).group, id, planned)
  if (since === 'created') throw taken(type)
  if (since === 'changed') throw userError('Record has been changed.')
}

export function planDelete({ account }: Call, target: Target): Operation {
  return describe('delete', target, 0, () => {
    const record = load(account, target)
    deleteRecord(account, target.type, record)
    return { status: 204, headers: {}, body: '', recordId: String(record.id), committed: true }
  })
}

/** 204 with the address of the record; `typeName` as the client spelled it. [REC-100, REC-130] */
export function written(
  { origin, segments }: ParsedRequest,
  record: StoredRecord,
  { warnings, notices }: WriteOptions,
  typeName = segments![0]!,
): Answer {
  const id = String(record.id)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    location: `${origin}${RECORD_BASE_PATH}/${typeName}/${id}`,
  }
  if (warnings.length > 0) headers['x-netsuite-propertyvalidation'] = warnings.map(headerText).join(',')
  if (notices.length > 0) headers['x-netsuite-warning'] = notices.map(headerText).join(',')
  return { status: 204, headers, body: '', recordId: id, committed: true }
}

/** A name of the client's, safe in a header: an entry holds no comma, and half a character cannot be encoded. [REC-509] */
function headerText(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x24\x26-\x2b\x2d-\x7e]/gu, encodeURIComponent)
}

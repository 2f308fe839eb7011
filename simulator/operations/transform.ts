/**
 * `POST /{type}/{id}/!transform/{target}`: a record made from another, or its form with nothing saved.
 * [REC-170..178, REC-185, OPQ-019, OPQ-058, OPQ-063, OPQ-064]
 */
import { ApiFault, userError } from '../api-fault.ts'
import type { StoredRecord } from '../records/store.ts'
import type { Source } from '../records/transform/prefill.ts'
import { linesOf, ORDER_SUBLISTS } from '../records/transform/progress.ts'
import { readFields, type StoredReference } from '../records/values.ts'
import { createRecord, draftBody, readContext, type WriteOptions } from '../records/write.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { type Json, lineCount, readJsonIfAny, writeOptions } from './body.ts'
import { type FormLink, formAnswer, formKindOf, formMediaType } from './form.ts'
import {
  type Answer,
  type Call,
  describe,
  load,
  type Operation,
  routeFault,
  selfHref,
  type Target,
} from './operation.ts'
import { written } from './records.ts'
import { readView } from './view.ts'

/** `rest` is what follows `!transform` in the path. */
export function planTransform(call: Call, source: Target, rest: readonly string[]): Operation {
  const { account, request } = call
  const [name] = rest
  if (name === undefined || name === '' || rest.length > 1) throw routeFault(request.path)
  if (request.method !== 'POST') {
    throw new ApiFault(
      'INVALID_METHOD',
      `This operation is not allowed for a ${source.type.name} record. Use one of the following valid operations: transform.`,
    )
  }
  const type = account.catalogue.find(name)
  if (type === undefined)
    throw new ApiFault('NONEXISTENT_ID', `Record type '${name}' does not exist.`, { url: request.path })
  const { place, json } = takePlace(readJsonIfAny(request))
  const options = writeOptions(request)
  const form = formKindOf(request.headers.accept)
  if (form !== undefined && form !== 'create-form')
    throw new ApiFault('NOT_ACCEPTABLE', `A ${form} cannot be had by a transform.`, { header: 'Accept' })
  readView(account, request, true)
  const externalId = typeof json.externalId === 'string' ? json.externalId : undefined
  const lines = Math.max(lineCount(json), linesBrought(call, source))
  return describe('transform', { type, externalId }, lines, () => {
    const from = sourceOf(call, source, load(account, source), place, options)
    if (form !== undefined) return draftForm(call, type, json, options, from)
    return written(request, createRecord(account, type, json, options, undefined, from), options, name)
  })
}

/** A request that names no lines takes those of the source, and they cost what others cost. */
function linesBrought({ account: { store } }: Call, { type, id, externalId }: Target): number {
  const { group } = rulesFor(type)
  const record = externalId === undefined ? store.get(group, id!) : store.getByExternalId(group, externalId)
  if (record === undefined) return 0
  return ORDER_SUBLISTS.reduce((sum, sublist) => sum + linesOf(record.body, sublist).length, 0)
}

/** `inventoryLocation` is a word of the transform, no field of the new record. [REC-176] */
function takePlace(body: Json): { place: unknown; json: Json } {
  const name = Object.keys(body).find((key) => key.toLowerCase() === 'inventorylocation')
  if (name === undefined) return { place: undefined, json: body }
  const { [name]: place, ...json } = body
  return { place, json }
}

/** Fulfilling from another subsidiary needs the location of the goods. [REC-176] */
function sourceOf(
  { account }: Call,
  { type }: Target,
  record: StoredRecord,
  place: unknown,
  options: WriteOptions,
): Source {
  if (place === undefined || place === null) return { type, record }
  const shape = {
    fields: [{ kind: 'reference', name: 'inventoryLocation', targets: LOCATIONS }],
  } as const
  const read = readFields(shape, { inventoryLocation: place }, '', readContext(account, options))
  const location = read.inventoryLocation as StoredReference | undefined
  if (location === undefined) throw userError('Please enter value(s) for: Inventory Location.')
  return { type, record, location }
}

const LOCATIONS = ['location'] as const

/** [REC-185, OPQ-058] */
function draftForm(call: Call, type: RecordType, json: Json, options: WriteOptions, source: Source): Answer {
  const { request } = call
  const body = draftBody(call.account, type, undefined, json, options, source)
  const links: FormLink[] = [
    {
      rel: 'self',
      method: 'POST',
      mediaType: formMediaType('create-form'),
      href: selfHref(request),
    },
    { rel: 'transform', method: 'POST', href: request.origin + request.path },
  ]
  return formAnswer(call, type, body, undefined, links)
}

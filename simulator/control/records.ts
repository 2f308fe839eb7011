/** Routes for the account's records, past logins, slots and time. */
import { z } from 'zod'
import {
  importedSchema,
  importSchema,
  type RecordPage,
  recordCountsSchema,
  recordPageSchema,
} from '../../protocol/control.ts'
import type { Account } from '../account.ts'
import { referenceTarget } from '../operations/operation.ts'
import { exportBody } from '../records/render.ts'
import { liveBody } from '../records/stock/columns.ts'
import type { RecordName, StoredRecord } from '../records/store.ts'
import { createRecord } from '../records/write.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { type FieldTree, isStored, parseFields, pick } from './fields.ts'
import { pageQuery } from './query.ts'
import { notFound, route } from './route.ts'

export const recordRoutes = [
  route({
    method: 'GET',
    path: '/records',
    summary: 'Number of records by type',
    answer: recordCountsSchema,
    handle: (_, { account }) => account.store.counts(),
  }),
  route({
    method: 'GET',
    path: '/records/{type}',
    summary: 'Records of a type, in order of internal id',
    query: z.strictObject({
      ...pageQuery,
      fields: z
        .string()
        .min(1)
        .optional()
        .describe('only these fields, e.g. `otherRefNum,entity,item.quantity`; absent: full bodies'),
    }),
    answer: recordPageSchema,
    handle: ({ parameters, query }, { account }) =>
      exportRecords(account, typeOf(account, parameters.type), query),
  }),
  route({
    method: 'POST',
    path: '/records/{type}',
    summary: "Create records by the account's own rules: all or none, no time passes",
    body: importSchema,
    answer: importedSchema,
    handle: ({ parameters, body }, { account }) =>
      importRecords(account, typeOf(account, parameters.type), body.items),
  }),
]

function typeOf({ catalogue }: Account, name: string): RecordType {
  const type = catalogue.find(name)
  if (type === undefined)
    throw notFound(`no record type ${name}`, 'GET /_seatrial/records names those that have records')
  return type
}

interface Page {
  readonly after: number
  readonly limit: number
  readonly fields?: string | undefined
}

function exportRecords(account: Account, type: RecordType, { after, limit, fields }: Page): RecordPage {
  const wanted = fields === undefined ? undefined : parseFields(fields, type.body)
  const found = account.store.page(type.name, after, limit + 1)
  const target = namesOf(account)
  return {
    items: found.slice(0, limit).map((record) => ({
      id: String(record.id),
      ...(record.externalId === undefined ? {} : { externalId: record.externalId }),
      body: exportBody(type.body, shownBody(account, type, record, wanted), { target }),
    })),
    hasMore: found.length > limit,
  }
}

/** Looks up what references point at, once each: orders name the same items again and again. */
function namesOf(account: Account): (targets: readonly string[], id: string) => RecordName | undefined {
  const known = new Map<readonly string[], Map<string, RecordName | undefined>>()
  return (targets, id) => {
    let names = known.get(targets)
    if (names === undefined) {
      names = new Map()
      known.set(targets, names)
    }
    if (names.has(id)) return names.get(id)
    const found = referenceTarget(account, targets, id)
    names.set(id, found)
    return found
  }
}

function shownBody(account: Account, type: RecordType, record: StoredRecord, wanted: FieldTree | undefined) {
  if (wanted === undefined) return liveBody(account, type, record, true)
  const isThere = isStored(record.body, wanted)
  return pick(isThere ? record.body : liveBody(account, type, record, true), wanted)
}

/** Each item may have warnings; nobody is there to read them. */
function importRecords(
  account: Account,
  type: RecordType,
  items: readonly Record<string, unknown>[],
): { ids: string[] } {
  const options = {
    nameValidation: 'error',
    valueValidation: 'error',
    replace: new Set<string>(),
    replaceSelectedFields: false,
  } as const
  const ids = account.store.transaction(() =>
    items.map((item) =>
      String(createRecord(account, type, item, { ...options, warnings: [], notices: [] }).id),
    ),
  )
  return { ids }
}

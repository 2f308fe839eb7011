/**
 * Sublists, lines and subrecords by their own address, and references followed. A change goes through the record that
 * holds the part, so that its totals, effects and checks are those of a PATCH of the record. [REC-160..165, OPQ-067]
 */
import { ApiFault } from '../api-fault.ts'
import { guardAdministrators, permit } from '../permissions/permit.ts'
import { findPart, type Place } from '../records/parts.ts'
import {
  recordAddress,
  renderMultiSelect,
  renderObject,
  renderRecord,
  renderSublist,
  selfLinks,
} from '../records/render.ts'
import { liveBody } from '../records/stock/columns.ts'
import type { RecordBody, StoredRecord } from '../records/store.ts'
import { targetsOf, updateRecord, type WriteOptions } from '../records/write.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { type Json, readJson, writeOptions } from './body.ts'
import {
  type Answer,
  type Call,
  describe,
  load,
  type Operation,
  referenceTarget,
  renderContext,
  resource,
  selfHref,
  type Target,
} from './operation.ts'
import { written } from './records.ts'
import { readView, type View } from './view.ts'

/** `rest` is what follows the record's id in the path; at least one segment. */
export function planSubResource(call: Call, target: Target, rest: readonly string[]): Operation {
  const { method } = call.request
  if (method === 'GET') {
    const view = readView(call.account, call.request)
    return describe('get', target, 0, () => show(call, target.type, load(call.account, target), rest, view))
  }
  if (method !== 'PATCH') throw refused(target.type, 'edit, load')
  const json = readJson(call.request)
  return describe('update', target, 1, () => change(call, target, rest, json))
}

/** Parts are neither made nor removed by themselves. [REC-161, OPQ-010] */
function refused(type: RecordType, words: string): ApiFault {
  return new ApiFault(
    'INVALID_METHOD',
    `This operation is not allowed for a ${type.name} record. Use one of the following valid operations: ${words}.`,
  )
}

function locate(
  { account, request, principal: { role } }: Call,
  type: RecordType,
  record: StoredRecord,
  path: readonly string[],
  view: View,
) {
  const context = renderContext(account, request.origin, type, { ...view, role })
  const body = liveBody(account, type, record, true)
  const place = findPart(type.body, body, recordAddress(record, context), path, {
    lineKeyOf: context.lineKeyOf,
    idOf(targets, externalId) {
      for (const group of targetsOf(account.catalogue, targets).groups) {
        const found = account.store.find(group, externalId)
        if (found !== undefined) return String(found.id)
      }
      return undefined
    },
  })
  if (place === undefined) throw missing(account.profile.settings.missingSubResource)
  return { place, context }
}

/** No fact says how an unknown part is answered. */
function missing(setting: '404' | '400'): ApiFault {
  return setting === '404'
    ? new ApiFault(
        'NONEXISTENT_ID',
        'The record instance does not exist. Provide a valid record instance ID.',
      )
    : new ApiFault(
        'INVALID_URL',
        'Invalid request URL. The request URL must be constructed in the following way: <service>/v1/<recordname>/<recordid>.',
      )
}

/** A reference is followed as often as the path asks for. */
function show(
  call: Call,
  type: RecordType,
  record: StoredRecord,
  path: readonly string[],
  view: View,
): Answer {
  const { account, request, principal } = call
  const { role } = principal
  const answer = (kind: 'singular' | 'collection', body: string): Answer => ({
    status: 200,
    headers: resource(kind),
    body,
    recordId: String(record.id),
    committed: false,
  })
  if (path.length === 0) {
    const context = renderContext(account, request.origin, type, { ...view, role })
    return answer('singular', renderRecord(type.body, record, selfHref(request), context))
  }
  const { place, context } = locate(call, type, record, path, view)
  const { part, address } = place
  const links = selfLinks(selfHref(request), context)
  switch (part.kind) {
    case 'sublist':
      return answer('collection', renderSublist(part.field, part.lines, links, address, context))
    case 'multiSelect':
      return answer('collection', renderMultiSelect(part.field, part.references, links, context))
    case 'reference': {
      const { type: targetType, record: found } = follow(call, part.targets, part.id)
      const target = { type: targetType, id: found.id, externalId: undefined }
      const look = () => show(call, targetType, found, part.rest, view)
      return guardAdministrators(call, target, describe('get', target, 0, look)).run()
    }
    default:
      return answer('singular', renderObject(part.shape, part.body, links, address, context, context.only))
  }
}

/** The record that a reference points at. The role must be allowed to see that too. */
function follow(
  call: Call,
  targets: readonly string[],
  id: string,
): { type: RecordType; record: StoredRecord } {
  const { account } = call
  const name = referenceTarget(account, targets, id)
  const type = name && account.catalogue.find(name.type)
  const record = type && account.store.get(rulesFor(type).group, name.id)
  if (type === undefined || record === undefined) throw missing(account.profile.settings.missingSubResource)
  permit(call, type, 'instance GET')
  return { type, record }
}

/** [OPQ-067, REC-162]; the address of what was written comes back in `Location`. */
function change(call: Call, target: Target, path: readonly string[], json: Json): Answer {
  const { account, request } = call
  const { type } = target
  const record = load(account, target)
  const view: View = { expand: false, simpleEnums: false, only: undefined }
  const { place } = locate(call, type, record, path, view)
  refuseUnwritable(type, place, account.profile.settings.sublistPatch === 'accept')
  const options = optionsFor(place, writeOptions(request))
  const { body, prefix } = wrap(place.trail, json)
  const allowed = withoutLocked(call, type, body)
  const changed = withPathsFrom(prefix, () => updateRecord(account, type, record, allowed, options))
  const warnings = options.warnings.map((path) => below(prefix, path))
  const answer = written(request, changed, { ...options, warnings })
  return { ...answer, headers: { ...answer.headers, location: place.address } }
}

/** `replace` names sublists inside the part, so that a line can never replace its neighbours. [REC-133] */
function optionsFor({ trail }: Place, options: WriteOptions): WriteOptions {
  const names = trail.filter((step) => typeof step === 'string').map((name) => name.toLowerCase())
  const inside = [...options.replace].map((name) => [...names, name].join('.'))
  return { ...options, replace: new Set(inside) }
}

/** What the role cannot write of a record it cannot write by a part either. [REC-118] */
function withoutLocked(call: Call, type: RecordType, body: Json): Json {
  if (call.principal.role.lockedFields(type).size === 0) return body
  const whole = { ...call, request: { ...call.request, body: JSON.stringify(body) } }
  return readJson(permit(whole, type, 'instance PATCH').request)
}

/** A line known by its place only cannot be told from others in a write. [REC-132] */
function refuseUnwritable(type: RecordType, { part, trail }: Place, sublists: boolean): void {
  const isWritable =
    part.kind === 'line' || part.kind === 'subrecord' || (part.kind === 'sublist' && sublists)
  const isNamed = trail.every((step) => typeof step === 'string' || Object.keys(step).length > 0)
  if (!isWritable || !isNamed) throw refused(type, 'load')
}

/** The change of a part as the change of its record, and where the part is in that body. */
function wrap(trail: readonly (string | RecordBody)[], json: Json): { body: Json; prefix: string } {
  let body = json
  let prefix = ''
  for (const step of trail) prefix += typeof step === 'string' ? `.${step}` : '.items[0]'
  for (const step of trail.toReversed()) {
    if (typeof step === 'string') body = { [step]: body }
    else body = { items: [{ ...body, ...step }] }
  }
  return { body, prefix: prefix.slice(1) }
}

/** A path in the body of the record as a path in the body that was sent. */
function below(prefix: string, path: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length + 1) : path
}

/** The client sent the part only: paths in errors start there. [REC-250] */
function withPathsFrom<T>(prefix: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ApiFault) || error.locator.path?.startsWith(prefix) !== true) throw error
    const { path, ...rest } = error.locator
    const inner = below(prefix, path)
    throw new ApiFault(error.code, error.message, {
      ...rest,
      status: error.status,
      ...(inner === '' ? {} : { path: inner }),
    })
  }
}

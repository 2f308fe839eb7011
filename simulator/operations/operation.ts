/** The form of an operation, and what all of them need: finding the record of an address, links, media types. */
import { RECORD_BASE_PATH, type ResourceKind } from '../../protocol/wire.ts'
import type { Account } from '../account.ts'
import { ApiFault } from '../api-fault.ts'
import type { Work } from '../latency/model.ts'
import type { Principal, Role } from '../permissions/principal.ts'
import type { ReferenceTarget, RenderContext } from '../records/render.ts'
import { liveBody } from '../records/stock/columns.ts'
import type { RecordName, StoredRecord } from '../records/store.ts'
import { targetsOf, toId } from '../records/write.ts'
import { type ParsedRequest, queryOf } from '../request.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'

/** One request on its way to its operation: what is asked, by whom, of which account. */
export interface Call {
  readonly account: Account
  readonly request: ParsedRequest
  readonly principal: Principal
  /** Whether nobody waits for the answer any more; absent where that cannot be known, and for jobs. */
  readonly hungUp?: (() => boolean) | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For the journal. */
  readonly recordId?: string
  /** Whether the account changed. */
  readonly committed: boolean
}

/** What is to be done, before it is done: planning reads the request and touches nothing, `run` does it all at once. */
export interface Operation {
  /** e.g. `record.create`. */
  readonly name: string
  readonly recordType: string | undefined
  readonly externalId: string | undefined
  readonly work: Work
  run(): Answer
  /** Asked when `run` has ended, well or not: what it took beyond its work, and whether the account changed. */
  aftermath?(): { readonly ms: number; readonly committed: boolean }
}

/** The record that a path names. */
export interface Target {
  readonly type: RecordType
  readonly id: number | undefined
  readonly externalId: string | undefined
}

/** An operation on a record type. `lines` is what it costs beyond its base. */
export function describe(
  verb: string,
  { type, externalId }: Pick<Target, 'type' | 'externalId'>,
  lines: number,
  run: () => Answer,
): Operation {
  const { kind } = rulesFor(type)
  const work = { verb, recordType: type.name, kind, lines }
  return { name: `record.${verb}`, recordType: type.name, externalId, work, run }
}

/** An operation that is about no record type. */
export function plain(name: string, run: () => Answer): Operation {
  const work = { verb: name, recordType: '', kind: 'other', lines: 0 } as const
  return { name, recordType: undefined, externalId: undefined, work, run }
}

/** `eid:X` or an internal id. [REC-008, REC-E05] */
export function targetOf(type: RecordType, idText: string, path: string): Target {
  // A pipe would be read as the delimiter of several ids. [REC-009]
  if (idText.startsWith('eid:') && idText.length > 4 && !idText.includes('|')) {
    return { type, id: undefined, externalId: idText.slice(4) }
  }
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

/** Finds the record or throws: 404 where the id is free, the wrong-type 400 where another transaction has it. [OPQ-012, OPQ-013] */
export function load({ store, profile, scripts }: Account, { type, id, externalId }: Target): StoredRecord {
  const { group, kind } = rulesFor(type)
  const record = externalId === undefined ? store.get(group, id!) : store.getByExternalId(group, externalId)
  if (record?.type === type.name) {
    scripts?.refuseLocked(type, record)
    return record
  }
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

/** How to render records of a type. `role` is whose eyes see it; without one, an administrator's. */
export function renderContext(
  account: Account,
  origin: string,
  type: RecordType,
  { role, ...wanted }: Pick<RenderContext, 'expand' | 'simpleEnums' | 'only'> & { readonly role?: Role },
): RenderContext {
  const rules = rulesFor(type)
  return {
    ...wanted,
    settings: account.profile.settings,
    base: origin + RECORD_BASE_PATH,
    statuses: rules.statuses,
    live: (record) => liveBody(account, type, record, wanted.expand),
    lineKeyOf: (sublist) => rules.lineKeys[sublist.toLowerCase()],
    target:
      role === undefined || role.isAdministrator
        ? (targets, id) => referenceTarget(account, targets, id)
        : (targets, id) => visibleTarget(account, targets, id, role),
  }
}

/** A target that the role may not see is named and not linked, as one that is not exposed. [OPQ-025] */
function visibleTarget(
  account: Account,
  targets: readonly string[],
  id: string,
  role: Role,
): ReferenceTarget | undefined {
  const target = referenceTarget(account, targets, id)
  const type = target === undefined ? undefined : account.catalogue.find(target.type)
  if (target === undefined || type === undefined || role.allows(type, 'view')) return target
  const display = account.profile.settings.hiddenReference === 'name' ? target.display : id
  return { type: target.type, display, isHidden: true }
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

/** The query is shown re-encoded, as a form would. [REC-022, REC-057] */
export function selfHref(request: ParsedRequest): string {
  const query = request.search === '' ? '' : `?${queryOf(request).toString()}`
  return request.origin + request.path + query
}

/** The header of a body in the vendor's media type. [REC-020, OPQ-015] */
export function resource(kind: ResourceKind): Record<string, string> {
  return { 'content-type': `application/vnd.oracle.resource+json; type=${kind}; charset=UTF-8` }
}

/** [REC-E06] */
export function routeFault(path: string): ApiFault {
  return new ApiFault(
    'INVALID_URL',
    'Invalid request URL. The request URL must be constructed in the following way: <service>/v1/<recordname>/<recordid>.',
    { url: path },
  )
}

/** Says plainly what this version lacks, in a status that no NetSuite answer has. */
export function notSimulated(what: string): ApiFault {
  return new ApiFault('NOT_SIMULATED', `Seatrial does not simulate ${what} yet.`, { status: 501 })
}

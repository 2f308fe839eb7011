/**
 * What each operation needs of the role, and what a refusal looks like: the one place where permissions are enforced,
 * after the slot is taken and before the work is planned. [AUT-004, AUT-046, REC-013, REC-060, REC-118]
 */
import { ApiFault, userError } from '../api-fault.ts'
import type { Call, Operation, Target } from '../operations/operation.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import type { Level } from './principal.ts'

/** Levels include one another, so a PUT, which may create or change, needs the higher of both. */
const NEEDS = {
  'collection GET': 'view',
  'collection POST': 'create',
  'collection PATCH': 'edit',
  'collection PUT': 'edit',
  'collection DELETE': 'full',
  'instance GET': 'view',
  'instance PATCH': 'edit',
  'instance PUT': 'edit',
  'instance DELETE': 'full',
  'sub-resource GET': 'view',
  'sub-resource POST': 'edit',
  'sub-resource PATCH': 'edit',
  'sub-resource PUT': 'edit',
  'sub-resource DELETE': 'edit',
  'transform source': 'view',
  'transform target': 'create',
  attach: 'edit',
  action: 'edit',
} as const satisfies Record<string, Level>

export type Need = keyof typeof NEEDS

/** Types that come with the A/R feature. [REC-350] */
const RECEIVABLES: ReadonlySet<string> = new Set(['cashSale', 'invoice'])

/** Operations whose body is of the record type itself. */
const WRITES_BODY = /^(collection|instance) (POST|PATCH|PUT)$|^transform target$/

/**
 * Lets a call pass or throws its refusal; gives the call to go on with, without what the role cannot write. `what` is
 * the place and the method; a method that no row names needs nothing, for it is refused as such.
 */
export function permit(call: Call, type: RecordType, what: string): Call {
  if (RECEIVABLES.has(type.name) && !call.account.profile.features.accountsReceivable) throw missing(call)
  const { role } = call.principal
  if (role.isAdministrator || !Object.hasOwn(NEEDS, what)) return call
  if (!role.allows(type, NEEDS[what as Need])) {
    throw what === 'collection GET' ? missingForQuery() : missing(call)
  }
  return WRITES_BODY.test(what) ? withoutLocked(call, type) : call
}

/** The permission for the whole service. Logging in needs one more, which the login checks. [AUT-004] */
export function permitService(call: Call): void {
  const { role } = call.principal
  if (!role.isAdministrator && !role.holds('restWebServices', 'full')) throw missing(call)
}

/** Only an administrator may go on. [GOV-012] */
export function permitAdministrator(call: Call): void {
  if (!call.principal.role.isAdministrator) throw missing(call)
}

const DETAIL =
  'Your current role does not have permission to perform this action. Please contact your account administrator.'

/** Lists, filters and queries: 400, as measured. [REC-060, REC-E23, AUT-046] */
export function missingForQuery(): ApiFault {
  return new ApiFault('USER_ERROR', DETAIL)
}

/** A record or a service: 403, as captured for a create; the sentence is that of the other form. [REC-E24, AUT-046] */
function missing({ account }: Call): ApiFault {
  return account.profile.settings.permissionRefusal === '400'
    ? missingForQuery()
    : new ApiFault('INSUFFICIENT_PERMISSION', DETAIL)
}

function isList(json: unknown): json is { items: unknown[] } {
  return json !== null && typeof json === 'object' && Array.isArray((json as { items?: unknown }).items)
}

/** Fields the role cannot write are dropped without a word, or refused. [REC-118] */
function withoutLocked(call: Call, type: RecordType): Call {
  const { request } = call
  const locked = call.principal.role.lockedFields(type)
  if (locked.size === 0 || request.body === undefined) return call
  let json: unknown
  try {
    json = JSON.parse(request.body)
  } catch {
    return call
  }
  let dropped = 0
  const strip = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
    const kept = Object.entries(value).filter(([name]) => !locked.has(name.toLowerCase()))
    dropped += Object.keys(value).length - kept.length
    return Object.fromEntries(kept)
  }
  const body = strip(json)
  // A batch holds its records in `items`; a sublist would be an object. [REC-214]
  if (isList(body)) body.items = body.items.map(strip)
  if (dropped === 0) return call
  if (call.account.profile.settings.lockedFields === 'refuse') throw missing(call)
  return { ...call, request: { ...request, body: JSON.stringify(body) } }
}

/**
 * Reading loads a record in edit mode, and only an administrator may edit an administrator: so an employee named among
 * the profile's administrators cannot even be read by others. [REC-013, OPQ-074]
 */
export function guardAdministrators(call: Call, target: Target, operation: Operation): Operation {
  const { account, principal } = call
  const { administrators } = account.profile
  if (principal.role.isAdministrator || administrators.length === 0) return operation
  if (target.type.name.toLowerCase() !== 'employee') return operation
  return {
    ...operation,
    run() {
      const { id, externalId } = target
      const { group } = rulesFor(target.type)
      const record =
        externalId === undefined
          ? account.store.get(group, id!)
          : account.store.getByExternalId(group, externalId)
      const names = record?.type === target.type.name ? [String(record.id), record.externalId] : []
      if (names.some((name) => name !== undefined && administrators.includes(name))) {
        throw userError(
          'For security reasons, only an administrator is allowed to edit an administrator record.',
        )
      }
      return operation.run()
    },
  }
}

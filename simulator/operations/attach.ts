/** `POST /{type}/{id}/!attach/{contact|file}/{id}` and `!detach`: 204 and nothing else. [REC-180] */
import { ApiFault, userError } from '../api-fault.ts'
import { type Attachable, attach, detach } from '../records/attachments.ts'
import { readFields, type StoredReference } from '../records/values.ts'
import { readContext } from '../records/write.ts'
import type { RecordType, Shape } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { readJsonIfAny, writeOptions } from './body.ts'
import {
  type Call,
  describe,
  load,
  type Operation,
  referenceTarget,
  type Target,
  targetOf,
} from './operation.ts'

const ROLE_TARGETS = ['contactRole']
/** The body of an attach. */
const CONTACT: Shape = { fields: [{ kind: 'reference', name: 'role', targets: ROLE_TARGETS }] }
const FILE: Shape = { fields: [] }

/** `rest` is what follows the verb in the path. */
export function planAttach(
  call: Call,
  target: Target,
  verb: 'attach' | 'detach',
  rest: readonly string[],
): Operation {
  const { account, request } = call
  const { path, method } = request
  if (method !== 'POST') {
    throw new ApiFault(
      'INVALID_METHOD',
      `This operation is not allowed for a ${target.type.name} record. Use one of the following valid operations: ${verb}.`,
    )
  }
  const { kind, other } = readAttachee(call, rest)
  refuseHost(target.type, kind)
  const attachee = targetOf(other, rest[1]!, path)
  const json = readJsonIfAny(request)
  const options = writeOptions(request)
  return describe(verb, target, 0, () => {
    const shape = kind === 'contact' && verb === 'attach' ? CONTACT : FILE
    const { role } = readFields(shape, json, '', readContext(account, options)) as {
      role?: StoredReference | null
    }
    const record = load(account, target)
    const attached = load(account, attachee)
    const committed =
      verb === 'attach'
        ? attach(account, target.type, record, kind, attached, named(call, role ?? undefined))
        : detach(account, target.type, record, kind, String(attached.id))
    if (verb === 'detach' && !committed && account.profile.settings.detachUnattached === 'refuse')
      throw userError(`The ${kind} is not attached to this record.`)
    return { status: 204, headers: {}, body: '', recordId: String(record.id), committed }
  })
}

/** `{contact|file}/{id}`, attachee last. A type the account's document lacks is none. [REC-180, REC-E04] */
function readAttachee(
  { account, request }: Call,
  rest: readonly string[],
): { kind: Attachable; other: RecordType } {
  const [name, id, ...more] = rest
  if (name === undefined || id === undefined || more.length > 0) {
    throw new ApiFault(
      'INVALID_URL',
      'Invalid request URL. The request URL must be constructed in the following way: <service>/v1/<recordname>/<recordid>.',
      { url: request.path },
    )
  }
  const other = account.catalogue.find(name)
  if (other === undefined) {
    throw new ApiFault('NONEXISTENT_ID', `Record type '${name}' does not exist.`, { url: request.path })
  }
  const kind = other.name.toLowerCase()
  if (kind !== 'contact' && kind !== 'file')
    throw userError(`A ${other.name} record cannot be attached. Only contacts and files can.`)
  return { kind, other }
}

/** Contacts go with entities and transactions. [REC-334] */
function refuseHost(type: RecordType, attachee: Attachable): void {
  const { kind } = rulesFor(type)
  if (attachee === 'contact' && kind !== 'entity' && kind !== 'transaction')
    throw userError(`A contact cannot be attached to a ${type.name} record.`)
}

/** The role with its name: the field that shows it has no targets in the documents. */
function named({ account }: Call, role: StoredReference | undefined): StoredReference | undefined {
  const target = role && referenceTarget(account, ROLE_TARGETS, role.id)
  return role && target ? { id: role.id, refName: target.display } : role
}

/**
 * Contacts and files attached to a record. They are kept in its body as `contactList`, `contactRoles` and `fileList`;
 * a type whose document lacks such a field keeps them all the same and does not show them. [REC-180, REC-332, REC-334]
 */
import type { Account } from '../account.ts'
import type { RecordType } from '../spec/catalogue.ts'
import type { RecordBody, StoredRecord } from './store.ts'
import type { StoredReference } from './values.ts'
import { rewriteRecord } from './write.ts'

export type Attachable = 'contact' | 'file'

const LISTS: Readonly<Record<Attachable, string>> = { contact: 'contactList', file: 'fileList' }
const ROLES = 'contactRoles'

/** Attaching again changes the role at most. Gives whether anything changed. */
export function attach(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  kind: Attachable,
  attached: StoredRecord,
  role: StoredReference | undefined,
): boolean {
  const id = String(attached.id)
  const list = referencesIn(record.body, LISTS[kind])
  const isNew = list.every((reference) => reference.id !== id)
  if (!isNew && role === undefined) return false
  const body: RecordBody = { ...record.body }
  if (isNew) body[LISTS[kind]] = [...list, { id }]
  if (kind === 'contact') body[ROLES] = withRole(record.body, attached, role)
  rewriteRecord(account, type, record, body)
  return true
}

/** Gives whether it was attached. */
export function detach(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  kind: Attachable,
  id: string,
): boolean {
  const list = referencesIn(record.body, LISTS[kind])
  const rest = list.filter((reference) => reference.id !== id)
  if (rest.length === list.length) return false
  const body: RecordBody = { ...record.body }
  set(body, LISTS[kind], rest)
  if (kind === 'contact')
    set(
      body,
      ROLES,
      linesIn(record.body).filter((line) => contactOf(line) !== id),
    )
  rewriteRecord(account, type, record, body)
  return true
}

/** One line per contact; its role changes only when one is named. */
function withRole(body: RecordBody, contact: StoredRecord, role: StoredReference | undefined): RecordBody[] {
  const id = String(contact.id)
  const lines = linesIn(body)
  const old = lines.find((line) => contactOf(line) === id)
  const { email } = contact.body
  const line: RecordBody = {
    ...(old ?? { contact: { id }, contactName: contact.display, ...(email === undefined ? {} : { email }) }),
    ...(role === undefined ? {} : { role }),
  }
  return old === undefined ? [...lines, line] : lines.map((each) => (each === old ? line : each))
}

function referencesIn(body: RecordBody, name: string): readonly StoredReference[] {
  return (body[name] as StoredReference[] | undefined) ?? []
}

function linesIn(body: RecordBody): readonly RecordBody[] {
  return (body[ROLES] as RecordBody[] | undefined) ?? []
}

function contactOf(line: RecordBody): string | undefined {
  return (line.contact as StoredReference | undefined)?.id
}

function set(body: RecordBody, name: string, list: readonly unknown[]): void {
  if (list.length === 0) delete body[name]
  else body[name] = list
}

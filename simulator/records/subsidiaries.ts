/** OneWorld: what a transaction names must belong to its subsidiary. [REC-E27] */
import type { Account } from '../account.ts'
import { userError } from '../api-fault.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { targetsOf, toId } from './references.ts'
import type { RecordBody, StoredRecord } from './store.ts'
import type { StoredReference } from './values.ts'

/** References of a transaction, or of its lines, that belong to subsidiaries. */
const CHECKED = ['entity', 'customer', 'account', 'arAcct', 'location', 'department', 'class'] as const

/** Refuses a transaction that refers to another subsidiary's account, location, department, class or entity. */
export function refuseOtherSubsidiaries(account: Account, type: RecordType, body: RecordBody): void {
  const subsidiary = (body.subsidiary as StoredReference | undefined)?.id
  if (subsidiary === undefined || rulesFor(type).kind !== 'transaction') return
  for (const name of CHECKED) {
    const field = findField(type.body, name)
    if (field?.kind === 'reference') refuseOther(account, field.targets, field.name, body, subsidiary)
  }
  for (const field of type.body.fields) {
    if (field.kind !== 'sublist' || body[field.name] === undefined) continue
    for (const line of body[field.name] as RecordBody[]) {
      for (const name of CHECKED) {
        const column = findField(field.line, name)
        if (column?.kind === 'reference') refuseOther(account, column.targets, column.name, line, subsidiary)
      }
    }
  }
}

function refuseOther(
  account: Account,
  targets: readonly string[],
  name: string,
  body: RecordBody,
  subsidiary: string,
): void {
  const reference = body[name] as StoredReference | undefined
  const target = reference === undefined ? undefined : targetOf(account, targets, reference.id)
  if (target === undefined || belongs(target, subsidiary)) return
  if (target.type !== 'account') {
    throw userError(
      `You have entered an Invalid Field Value ${target.id} for the following field: ${name}.`,
      {
        path: name,
      },
    )
  }
  const own = account.store.peek('subsidiary', toId(subsidiary) ?? 0)?.display ?? subsidiary
  throw userError(`The ${target.display} account cannot be used with the ${own} subsidiary.`)
}

function targetOf(
  { catalogue, store }: Account,
  targets: readonly string[],
  id: string,
): StoredRecord | undefined {
  const { names, groups } = targetsOf(catalogue, targets)
  for (const group of groups) {
    const found = store.get(group, toId(id) ?? 0)
    if (found !== undefined && names.has(found.type)) return found
  }
  return undefined
}

/** One subsidiary, several, or none named: then the record serves all. */
function belongs({ body: { subsidiary } }: StoredRecord, wanted: string): boolean {
  if (subsidiary === undefined) return true
  const own = (Array.isArray(subsidiary) ? subsidiary : [subsidiary]) as StoredReference[]
  return own.some(({ id }) => id === wanted)
}

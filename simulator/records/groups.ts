/**
 * Item groups: a new line that names a group brings a line for each of its members, with as many of them as the group says.
 * Their quantities cannot be told while they are made; afterwards they are lines like others. [REC-347]
 */
import type { Account } from '../account.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { toId } from './references.ts'
import type { RecordBody } from './store.ts'
import type { StoredReference } from './values.ts'

/** What a member's line takes from that of its group. */
const SHARED = ['location', 'department', 'class', 'expectedShipDate', 'isClosed'] as const

/** Adds members' lines to `body`. Lines that have their number were there before, and so were their members. */
export function expandGroups({ store }: Account, type: RecordType, body: RecordBody): void {
  const field = findField(type.body, 'item')
  if (field?.kind !== 'sublist') return
  const lines = body[field.name] as RecordBody[] | undefined
  const groupOf = ({ item, line }: RecordBody): number | undefined => {
    const id = line === undefined ? toId((item as StoredReference | undefined)?.id ?? '') : undefined
    return id !== undefined && store.peek('item', id)?.type === 'itemGroup' ? id : undefined
  }
  if (lines === undefined || !lines.some((line) => groupOf(line) !== undefined)) return
  body[field.name] = lines.flatMap((line) => {
    const group = groupOf(line)
    return group === undefined ? [line] : [line, ...membersOf(store.get('item', group)!.body, line)]
  })
}

function membersOf({ member }: RecordBody, line: RecordBody): RecordBody[] {
  const count = typeof line.quantity === 'number' ? line.quantity : 1
  const shared = Object.fromEntries(
    SHARED.flatMap((name) => (line[name] === undefined ? [] : [[name, line[name]] as const])),
  )
  return ((member as RecordBody[] | undefined) ?? []).map(({ item, quantity }) => ({
    ...shared,
    item,
    quantity: count * (typeof quantity === 'number' ? quantity : 1),
  }))
}

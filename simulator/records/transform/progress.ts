/**
 * How far an order is: what its lines' quantities say, and the status that follows. Used whenever an order is saved, by a
 * client or by what a fulfilment or bill sets in motion, so that the two can never disagree. [REC-341..348]
 */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import type { RecordBody } from '../store.ts'
import type { StoredReference } from '../values.ts'
import { FAMILIES, type Family, type Progress, statusOf } from './families.ts'

/** Sublists of an order that are worked off. An expense is billed as a whole. */
export const ORDER_SUBLISTS = ['item', 'expense'] as const

const families = new WeakMap<RecordType, Family | null>()

/** The family of an order's type; looked up once per type. */
export function familyOf(type: RecordType): Family | undefined {
  let family = families.get(type)
  if (family === undefined) {
    family = FAMILIES[type.name.toLowerCase()] ?? null
    families.set(type, family)
  }
  return family ?? undefined
}

/** The lines of a sublist; none when the record has none. */
export function linesOf(body: RecordBody, sublist: string): readonly RecordBody[] {
  const lines = body[sublist]
  return Array.isArray(lines) ? (lines as RecordBody[]) : []
}

/** A quantity that is not there counts as none, or as what is given. */
export function quantityOf(value: unknown, absent = 0): number {
  return typeof value === 'number' ? value : absent
}

export function progressOf(account: Account, family: Family, sublist: string, line: RecordBody): Progress {
  return {
    ordered: quantityOf(line.quantity, 1),
    first: quantityOf(line[family.first.column]),
    second: quantityOf(line[family.second.column]),
    needsFirst: sublist === 'item' && isFulfillable(account, line.item),
    isClosed: line.isClosed === true,
  }
}

/** How much of a line the second step may take in all. [REC-175] */
export function billableOf(account: Account, family: Family, progress: Progress): number {
  const { ordered, first, needsFirst, isClosed } = progress
  const waits = family.strict === true || account.profile.settings.billUnfulfilled === 'refuse'
  if (needsFirst && waits) return Math.min(ordered, first)
  // What is closed can still be billed as far as it was fulfilled.
  return isClosed ? Math.min(ordered, first) : ordered
}

/** Never fulfilled or received. K; the flag of the item decides for those that may be either. */
const NEVER =
  /^(discount|markup|subtotal|description|payment|salestax|tax|ship|download|giftcertificate|subscription)|^itemgroup/i
const BY_FLAG = /^(noninventory|service|othercharge)/i

type Fulfilment = 'always' | 'never' | 'by flag'

/** By the name of an item type; there are some twenty. */
const fulfilments = new Map<string, Fulfilment>()

function fulfilmentOf(itemType: string): Fulfilment {
  let found = fulfilments.get(itemType)
  if (found === undefined) {
    found = NEVER.test(itemType) ? 'never' : BY_FLAG.test(itemType) ? 'by flag' : 'always'
    fulfilments.set(itemType, found)
  }
  return found
}

/** Whether lines of an item are fulfilled or received before they are billed; an unknown item is. */
export function isFulfillable({ store }: Account, item: unknown): boolean {
  const id = Number((item as StoredReference | undefined)?.id)
  const name = Number.isSafeInteger(id) ? store.peek('item', id)?.type : undefined
  const fulfilment = name === undefined ? 'always' : fulfilmentOf(name)
  if (name === undefined || fulfilment === 'always') return true
  if (fulfilment === 'never') return false
  const flag = store.get('item', id)?.body.isFulfillable
  return typeof flag === 'boolean' ? flag : /^noninventory/i.test(name)
}

const STATUS_FIELDS = ['status', 'orderStatus'] as const

/** Sets the status of an order from its lines. Cancelled, rejected and planned orders stay what they are. */
export function deriveOrder(account: Account, type: RecordType, family: Family, body: RecordBody): void {
  if (body.status === 'C' || body.status === 'P') return
  const lines: Progress[] = []
  for (const sublist of ORDER_SUBLISTS)
    for (const line of linesOf(body, sublist)) lines.push(progressOf(account, family, sublist, line))
  const approval = (body.orderStatus ?? body.status) === 'A' ? 'unapproved' : 'approved'
  // Not in the facts: an order that something was done with can no longer be un-approved.
  if (approval === 'unapproved' && lines.some(({ first, second }) => first > 0 || second > 0)) {
    throw userError('You have entered an Invalid Field Value A for the following field: orderStatus.', {
      path: 'orderStatus',
    })
  }
  const letter = statusOf(lines, approval, account.profile.settings.partlyFulfilledStatus)
  for (const name of STATUS_FIELDS) {
    const field = findField(type.body, name)
    // A sales order's `orderStatus` says no more than whether it is approved: its enumeration ends at B. [REC-341]
    if (field?.kind === 'enum' && (name === 'status' || field.values.includes(letter))) body[name] = letter
  }
}

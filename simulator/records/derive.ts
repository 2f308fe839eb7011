/**
 * The last step before a record is saved: what follows from the rest of it and from the records it names. An order's status
 * from its quantities, a payment's remainder from its applications, a shipment's lines from what was left out.
 */
import type { Account } from '../account.ts'
import { userError } from '../api-fault.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import type { RecordBody } from './store.ts'
import { deriveAmounts, moneyOf } from './transform/amounts.ts'
import { isKept, noLines } from './transform/draft.ts'
import { deriveOrder, familyOf, linesOf } from './transform/progress.ts'

type Deriver = (account: Account, type: RecordType, body: RecordBody) => void

const known = new WeakMap<RecordType, Deriver>()

/** Changes `body`, which is not saved yet. Nearly free for types that nothing follows from. */
export function derive(account: Account, type: RecordType, body: RecordBody): void {
  let deriver = known.get(type)
  if (deriver === undefined) {
    deriver = deriverOf(type)
    known.set(type, deriver)
  }
  deriver(account, type, body)
}

function deriverOf(type: RecordType): Deriver {
  const family = familyOf(type)
  if (family !== undefined) return (account, _, body) => deriveOrder(account, type, family, body)
  const row = moneyOf(type)
  if (row !== undefined) return (account, _, body) => deriveAmounts(account, type, row, body)
  return /^item(fulfillment|receipt)$/i.test(type.name) ? deriveShipment : () => {}
}

/** Lines that are not shipped or received go; the others need a place where the account has several. [REC-360, OPQ-019] */
function deriveShipment({ profile }: Account, type: RecordType, body: RecordBody): void {
  const isShipped = findField(type.body, 'shipStatus') !== undefined
  const lines = linesOf(body, 'item')
  if (lines.length > 0) {
    body.item = lines.every(isKept) ? lines : lines.filter(isKept)
    if (linesOf(body, 'item').length === 0) throw noLines()
    const needsPlace = isShipped && profile.features.multiLocationInventory
    if (needsPlace && linesOf(body, 'item').some(({ location }) => location === undefined))
      throw userError('Please enter value(s) for: Items list: Location.')
  }
  if (isShipped && body.shipStatus !== undefined) body.status = body.shipStatus
}

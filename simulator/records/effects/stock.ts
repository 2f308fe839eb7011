/**
 * Stock follows the records: orders promise and await goods, the other transactions move them. Only the difference
 * between before and after counts, so a create, a change, an approval, a closing and a delete take one path. [REC-363, REC-364]
 */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import { demandOf, idOf, movesOf, supplyOf, toQuantity } from '../stock/lines.ts'
import { type MoveRole, type OrderRole, roleOf } from '../stock/roles.ts'
import type { Balance } from '../stock/tables.ts'
import type { StoredRecord } from '../store.ts'
import type { Change, Effect } from './effect.ts'

export const moveStock: Effect = {
  concerns: (type) => roleOf(type) !== undefined,
  run(change) {
    const role = roleOf(change.type)!
    if (role.kind === 'order') followOrder(change, role)
    else if (role.kind === 'move') followMove(change, role)
    else followItem(change)
  },
}

function followOrder({ account, before, after }: Change, role: OrderRole): void {
  const { id } = (after ?? before)!
  const demand = demandOf(account, role, after)
  const supply = supplyOf(account, role, after)
  if (before === undefined) {
    if (demand.length + supply.length === 0) return
    account.stock.change((book) => {
      book.order(id, demand)
      if (supply.length > 0) book.await(id, supply)
    })
    return
  }
  const isSame =
    after !== undefined &&
    same(demandOf(account, role, before), demand) &&
    same(supplyOf(account, role, before), supply)
  if (isSame) return
  account.stock.change((book) => {
    if (role.demand) book.reorder(id, demand)
    if (role.supplyAt !== undefined) book.await(id, supply)
  })
}

function followMove({ account, before, after }: Change, role: MoveRole): void {
  const { id } = (after ?? before)!
  const moves = movesOf(account, role, after)
  if (after !== undefined && same(movesOf(account, role, before), moves)) return
  const overdrawn = account.stock.change((book) => {
    if (before !== undefined) book.unmove(id)
    book.move(id, moves)
  })
  if (overdrawn.length > 0 && account.profile.settings.negativeStock === 'refuse')
    throw short(account, overdrawn[0]!)
}

/** Words of our own: what NetSuite says is not known. */
function short({ store }: Account, { item, location, onHand }: Balance) {
  const name = store.peek('item', item)?.display ?? String(item)
  const place = store.peek('location', location)?.display ?? String(location)
  return userError(`The quantity on hand of ${name} at ${place} would become ${toQuantity(onHand)}.`)
}

/** An item that says where it is kept. */
function followItem({ account, before, after }: Change): void {
  const { id } = (after ?? before)!
  const place = placeIn(after)
  if (place !== placeIn(before)) account.stock.setPlace(id, place)
}

function placeIn(item: StoredRecord | undefined): number | undefined {
  return idOf(item?.body.preferredLocation) ?? idOf(item?.body.location)
}

/** Lists of flat objects with the same keys in the same order. */
function same(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b))
}

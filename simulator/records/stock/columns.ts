/**
 * The columns that stock fills when a record is shown: they change with every other transaction, so they are never
 * stored with the record, and showing them changes no `lastModifiedDate`. [REC-345, REC-361, REC-363, REC-364]
 */
import type { Account } from '../../account.ts'
import { findField, type RecordType, type Shape } from '../../spec/catalogue.ts'
import { withBalance } from '../balances.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import { sortKeys } from '../values.ts'
import { averageCost } from './book.ts'
import { idOf, locationOf, stockedItem, toQuantity } from './lines.ts'
import { type MoveRole, roleOf } from './roles.ts'
import type { Balance } from './tables.ts'

/** The body as it is shown. `deep`: lines are shown too; without them most records need nothing. */
export function liveBody(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  deep: boolean,
): RecordBody {
  const role = roleOf(type)
  if (role === undefined) return withBalance(account, type, record)
  if (role.kind === 'item') return itemBody(account, type, record)
  if (role.kind === 'order') return deep && role.demand ? orderBody(account, type, record) : record.body
  return role.sublist === 'inventory'
    ? adjustmentBody(account, type, record, role)
    : withOnHand(account, type, record, deep)
}

/** Totals of all locations, and a line for each. [REC-363] */
function itemBody(account: Account, type: RecordType, { id, body }: StoredRecord): RecordBody {
  const balances = account.stock.balances(id)
  if (balances.length === 0) return body
  const total = balances.reduce(plus)
  const shown = filled(type.body, body, {
    ...quantities(total),
    quantityOnHandBase: toQuantity(total.onHand),
    quantityAvailableBase: toQuantity(total.onHand - total.committed),
    totalQuantityOnHand: toQuantity(total.onHand),
    averageCost: cents(averageCost(total)),
    totalValue: cents(total.value),
  })
  const field = findField(type.body, 'locations')
  if (field?.kind !== 'sublist' || !account.profile.features.multiLocationInventory) return shown
  const own = new Map(
    ((body[field.name] as RecordBody[] | undefined) ?? []).map((line) => [idOf(line.location), line]),
  )
  const places = new Set([...own.keys(), ...balances.map(({ location }) => location)])
  const byPlace = new Map(balances.map((balance) => [balance.location, balance]))
  const lines = [...places]
    .sort((a, b) => Number(a) - Number(b))
    .map((place) => {
      const line = own.get(place) ?? { location: { id: String(place) } }
      const balance = byPlace.get(place!)
      return balance === undefined ? line : locationLine(field.line, line, balance)
    })
  return sortKeys({ ...shown, [field.name]: lines })
}

function locationLine(shape: Shape, line: RecordBody, balance: Balance): RecordBody {
  return filled(shape, line, {
    ...quantities(balance),
    quantityOnHandBase: toQuantity(balance.onHand),
    quantityAvailableBase: toQuantity(balance.onHand - balance.committed),
    quantityInTransit: toQuantity(balance.inTransit),
    averageCostMli: cents(averageCost(balance)),
    onHandValueMli: cents(balance.value),
    locationId: balance.location,
  })
}

function plus(a: Readonly<Balance>, b: Readonly<Balance>): Balance {
  return {
    item: a.item,
    location: a.location,
    onHand: a.onHand + b.onHand,
    committed: a.committed + b.committed,
    backOrdered: a.backOrdered + b.backOrdered,
    onOrder: a.onOrder + b.onOrder,
    inTransit: a.inTransit + b.inTransit,
    value: a.value + b.value,
  }
}

function quantities({ onHand, committed, backOrdered, onOrder }: Readonly<Balance>): RecordBody {
  return {
    quantityAvailable: toQuantity(onHand - committed),
    quantityBackOrdered: toQuantity(backOrdered),
    quantityCommitted: toQuantity(committed),
    quantityOnHand: toQuantity(onHand),
    quantityOnOrder: toQuantity(onOrder),
  }
}

/** [REC-345] */
function orderBody(account: Account, type: RecordType, { id, body }: StoredRecord): RecordBody {
  const promises = new Map(account.stock.promises(id).map((row) => [row.line, row]))
  return withLines(type, body, 'item', (shape, line) => {
    const item = stockedItem(account, line.item)
    if (item === undefined) return line
    const row = promises.get(Number(line.line))
    const place = row?.location ?? locationOf(account, item, line.location ?? body.location)
    const balance = account.stock.balance(item, place)
    return filled(shape, line, {
      quantityAvailable: balance === undefined ? 0 : toQuantity(balance.onHand - balance.committed),
      quantityBackOrdered: row === undefined ? 0 : toQuantity(row.remaining - row.committed),
      quantityCommitted: row === undefined ? 0 : toQuantity(row.committed),
    })
  })
}

/** What there was before, and what it became. [REC-364] */
function adjustmentBody(
  account: Account,
  type: RecordType,
  { id, body }: StoredRecord,
  role: MoveRole,
): RecordBody {
  const moves = account.stock.moves(id)
  const own = new Map(
    moves.filter(({ seq }) => role.to === undefined || isGiver(seq)).map((row) => [row.line, row]),
  )
  const shown = withLines(type, body, 'inventory', (shape, line) => {
    const move = own.get(Number(line.line))
    if (move === undefined) return line
    return filled(shape, line, {
      currentValue: cents(move.valueBefore),
      newQuantity: toQuantity(move.onHandBefore + move.onHand),
      quantityOnHand: toQuantity(move.onHandBefore),
    })
  })
  if (role.to !== undefined) return shown
  return filled(type.body, shown, {
    estimatedTotalValue: cents(moves.reduce((sum, { value }) => sum + value, 0)),
  })
}

/** A transfer has two moves per line; its columns tell of the location that gives. */
function isGiver(seq: number): boolean {
  return seq % 2 === 0
}

/** [REC-361] */
function withOnHand(account: Account, type: RecordType, { body }: StoredRecord, deep: boolean): RecordBody {
  if (!deep) return body
  return withLines(type, body, 'item', (shape, line) => {
    const item = findField(shape, 'onHand') === undefined ? undefined : stockedItem(account, line.item)
    if (item === undefined) return line
    const place = locationOf(account, item, line.location ?? body.location)
    return filled(shape, line, { onHand: toQuantity(account.stock.balance(item, place)?.onHand ?? 0) })
  })
}

function withLines(
  type: RecordType,
  body: RecordBody,
  sublist: string,
  show: (shape: Shape, line: RecordBody) => RecordBody,
): RecordBody {
  const field = findField(type.body, sublist)
  const lines = field && (body[field.name] as RecordBody[] | undefined)
  if (field?.kind !== 'sublist' || lines === undefined) return body
  return { ...body, [field.name]: lines.map((line) => show(field.line, line)) }
}

/** The body with those of the values that the shape has a field for, spelled its way. */
function filled(shape: Shape, body: RecordBody, values: RecordBody): RecordBody {
  const shown = { ...body }
  for (const name in values) {
    const field = findField(shape, name)
    if (field !== undefined) shown[field.name] = values[name]
  }
  return sortKeys(shown)
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100
}

/**
 * What a stored transaction says about stock, read from its body: which goods an order promises or awaits, which
 * goods a transaction moves. Quantities are whole numbers of 1/100,000, so that sums are exact. [REC-345, REC-361, REC-364]
 */
import type { Account } from '../../account.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import type { StoredReference } from '../values.ts'
import { isDelivered, isStocked, isTransferOrder, type MoveRole, type OrderRole } from './roles.ts'

/** One line of an open order. */
export interface OrderLine {
  readonly line: number
  readonly item: number
  readonly location: number
  readonly quantity: number
  /** `commitInventory`: 1 what is available, 2 only all of it, 3 nothing. [REC-345] */
  readonly rule: number
}

/** Goods that come (positive) or go. */
export interface Move {
  readonly line: number
  readonly item: number
  readonly location: number
  readonly onHand: number
  readonly inTransit: number
  /** Cost of one, when goods come in at a price. */
  readonly unitCost: number | undefined
  /** Gets what the move before gives, at its cost. */
  readonly takes: boolean
  /** The line of an order that this delivers. */
  readonly order: number | undefined
  readonly orderLine: number | undefined
  /** What counts as delivered on that line. */
  readonly done: number
}

const UNITS = 100_000
/** Far above every real quantity, far below what a double counts exactly. */
const QUANTITY_MAX = 1e9

export function toUnits(quantity: unknown, fallback = 0): number {
  const number = typeof quantity === 'number' ? quantity : fallback
  return Math.round(Math.min(Math.max(number, -QUANTITY_MAX), QUANTITY_MAX) * UNITS)
}

export function toQuantity(units: number): number {
  return units / UNITS
}

/** The id of a stored reference; undefined for none and for what is no internal id. */
export function idOf(value: unknown): number | undefined {
  const id = Number(value !== null && typeof value === 'object' ? (value as StoredReference).id : value)
  return Number.isSafeInteger(id) && value !== null && value !== '' ? id : undefined
}

/** The lines of an order that count, as long as it is open. [REC-344] */
export function demandOf(account: Account, role: OrderRole, record: StoredRecord | undefined): OrderLine[] {
  return role.demand ? orderLines(account, role, record, undefined) : []
}

export function supplyOf(account: Account, role: OrderRole, record: StoredRecord | undefined): OrderLine[] {
  if (role.supplyAt === undefined) return []
  const at = role.supplyAt === 'line' ? undefined : idOf(record?.body[role.supplyAt])
  return role.supplyAt !== 'line' && at === undefined ? [] : orderLines(account, role, record, at)
}

function orderLines(
  account: Account,
  { open }: OrderRole,
  record: StoredRecord | undefined,
  at: number | undefined,
): OrderLine[] {
  const found: OrderLine[] = []
  if (record === undefined) return found
  const { body } = record
  if (!open.includes(String(body.status ?? body.orderStatus ?? open[0]))) return found
  for (const line of linesOf(body, 'item')) {
    const item = stockedItem(account, line.item)
    const quantity = toUnits(line.quantity, 1)
    if (item === undefined || line.isClosed === true || quantity <= 0) continue
    const location = at ?? locationOf(account, item, line.location ?? body.location)
    found.push({ line: Number(line.line), item, location, quantity, rule: Number(line.commitInventory ?? 1) })
  }
  return found
}

/** All that a transaction moves; nothing for a record that is not there. */
export function movesOf(account: Account, role: MoveRole, record: StoredRecord | undefined): Move[] {
  const found: Move[] = []
  if (record === undefined) return found
  const { body } = record
  if (role.when !== undefined && (body[role.when.field] ?? role.when.equals) !== role.when.equals)
    return found
  for (const [index, line] of linesOf(body, role.sublist).entries())
    addMoves(account, role, body, line, index, found)
  if (role.whole !== undefined) {
    const item = stockedItem(account, body.item ?? body.assemblyItem)
    const quantity = role.whole * toUnits(body.quantity ?? body.completedQuantity)
    if (item !== undefined && quantity !== 0)
      found.push({
        ...PLAIN,
        line: 0,
        item,
        location: locationOf(account, item, body.location),
        onHand: quantity,
      })
  }
  return found
}

const PLAIN = {
  inTransit: 0,
  unitCost: undefined,
  takes: false,
  order: undefined,
  orderLine: undefined,
  done: 0,
}

function addMoves(
  account: Account,
  role: MoveRole,
  body: RecordBody,
  line: RecordBody,
  index: number,
  found: Move[],
): void {
  const item = stockedItem(account, line.item)
  if (item === undefined || line.itemReceive === false) return
  const quantity =
    role.sign *
    toUnits(line[role.quantity], role.delivers === undefined && role.quantity === 'quantity' ? 1 : 0)
  if (quantity === 0) return
  const order = idOf(line.orderDoc) ?? idOf(line.createdFrom) ?? idOf(body.createdFrom)
  const orderType = order === undefined ? undefined : account.store.peek('transaction', order)?.type
  if (role.standsAlone && orderType !== undefined && isDelivered(orderType)) return
  const header = (role.header && body[role.header]) ?? body.location
  const orderLine = idOf(line.orderLine)
  const promised =
    role.delivers && order !== undefined ? account.stock.promise(order, orderLine ?? 0)?.location : undefined
  const location = locationOf(account, item, line.location ?? header ?? promised)
  const number = typeof line.line === 'number' ? line.line : index + 1
  // A price of a sale is no cost: goods that a customer returns come in at the average.
  const priced =
    role.cost !== undefined &&
    (!role.delivers || orderType?.toLowerCase() === 'purchaseorder' || order === undefined)
  const cost = priced ? line[role.cost!] : undefined
  const unitCost = typeof cost === 'number' && cost >= 0 ? cost : undefined
  const base = { ...PLAIN, line: number, item, location, onHand: quantity, unitCost }
  if (role.to !== undefined) {
    found.push(base, {
      ...base,
      location: locationOf(account, item, body[role.to]),
      onHand: -quantity,
      takes: true,
    })
  } else if (role.delivers && order !== undefined) {
    const isTransfer = orderType !== undefined && isTransferOrder(orderType)
    const linked = { ...base, order, orderLine }
    if (isTransfer && role.sign === 1) found.push({ ...linked, inTransit: -quantity })
    else found.push({ ...linked, done: Math.abs(quantity) })
    if (isTransfer && role.sign === -1) {
      const target = idOf(account.store.get('transaction', order)?.body.transferLocation)
      if (target !== undefined) found.push({ ...linked, location: target, onHand: 0, inTransit: -quantity })
    }
  } else {
    found.push(base)
  }
}

function linesOf(body: RecordBody, sublist: string): readonly RecordBody[] {
  return (body[sublist] as RecordBody[] | undefined) ?? []
}

/** The item of a line, if it is one that is kept in stock. */
export function stockedItem({ store }: Account, reference: unknown): number | undefined {
  const id = idOf(reference)
  if (id === undefined) return undefined
  const item = store.peek('item', id)
  return item !== undefined && isStocked(item.type) ? id : undefined
}

/** The line's own location, else the transaction's, else the item's, else the account's. One only without the feature. */
export function locationOf({ profile, stock }: Account, item: number, stated: unknown): number {
  const { features, settings } = profile
  const ownLocation = features.multiLocationInventory ? (idOf(stated) ?? stock.placeOf(item)) : undefined
  return ownLocation ?? Number(settings.stockLocation)
}

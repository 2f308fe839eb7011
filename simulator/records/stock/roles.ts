/**
 * Which record types have to do with stock, and how: data, looked up once per type. Every other type is left alone.
 * Common knowledge throughout, save what a fact is named for. [REC-363, REC-364]
 */
import type { RecordType } from '../../spec/catalogue.ts'

/** An order: goods promised to somebody (committed while it is open) or coming from somebody (on order). */
export interface OrderRole {
  readonly kind: 'order'
  /** Goods that leave the line's location. */
  readonly demand: boolean
  /** Body field of the location that goods come to; `line`: the line's own. */
  readonly supplyAt: 'line' | 'transferLocation' | undefined
  /** Letters of the statuses in which it counts. */
  readonly open: string
}

/** A transaction that changes what is on hand. */
export interface MoveRole {
  readonly kind: 'move'
  readonly sublist: 'item' | 'inventory' | 'component'
  readonly quantity: 'quantity' | 'adjustQtyBy'
  /** What one on the line means for its location. */
  readonly sign: 1 | -1
  /** A line that comes from an order moves nothing: its fulfilment or receipt did. */
  readonly standsAlone?: true
  /** Fulfilment or receipt of an order: counts towards the order's line. */
  readonly delivers?: true
  /** Column with the cost of one, where goods come in at a price. */
  readonly cost?: 'rate' | 'unitCost'
  /** Body field of a second location that gets what the first one gives. */
  readonly to?: 'transferLocation'
  /** Body field of the location for lines without one. */
  readonly header?: 'adjLocation'
  /** The body's own item moves too, against its components. */
  readonly whole?: 1 | -1
  /** Body field and letter without which nothing has moved yet. */
  readonly when?: { readonly field: string; readonly equals: string }
}

/** An item that is kept in stock. */
export interface ItemRole {
  readonly kind: 'item'
}

export type StockRole = OrderRole | MoveRole | ItemRole

const OPEN = 'BDE'
const sale = (sign: 1 | -1): MoveRole => ({
  kind: 'move',
  sublist: 'item',
  quantity: 'quantity',
  sign,
  standsAlone: true,
})
const purchase = (sign: 1 | -1): MoveRole => ({ ...sale(sign), cost: 'rate' })
const parts = (sign: 1 | -1, whole?: 1 | -1): MoveRole => ({
  kind: 'move',
  sublist: 'component',
  quantity: 'quantity',
  sign,
  ...(whole && { whole }),
})
const TRANSFER_ORDER: OrderRole = { kind: 'order', demand: true, supplyAt: 'transferLocation', open: OPEN }
const ITEM: ItemRole = { kind: 'item' }

const ROLES: Readonly<Record<string, StockRole>> = {
  inventoryitem: ITEM,
  lotnumberedinventoryitem: ITEM,
  serializedinventoryitem: ITEM,
  assemblyitem: ITEM,
  lotnumberedassemblyitem: ITEM,
  serializedassemblyitem: ITEM,
  salesorder: { kind: 'order', demand: true, supplyAt: undefined, open: OPEN },
  purchaseorder: { kind: 'order', demand: false, supplyAt: 'line', open: OPEN },
  transferorder: TRANSFER_ORDER,
  intercompanytransferorder: TRANSFER_ORDER,
  itemfulfillment: {
    kind: 'move',
    sublist: 'item',
    quantity: 'quantity',
    sign: -1,
    delivers: true,
    // What is picked or packed is still in the house. [REC-360]
    when: { field: 'shipStatus', equals: 'C' },
  },
  itemreceipt: {
    kind: 'move',
    sublist: 'item',
    quantity: 'quantity',
    sign: 1,
    delivers: true,
    cost: 'rate',
  },
  invoice: sale(-1),
  cashsale: sale(-1),
  creditmemo: sale(1),
  cashrefund: sale(1),
  vendorbill: purchase(1),
  check: purchase(1),
  creditcardcharge: purchase(1),
  vendorcredit: purchase(-1),
  creditcardrefund: purchase(-1),
  inventoryadjustment: {
    kind: 'move',
    sublist: 'inventory',
    quantity: 'adjustQtyBy',
    sign: 1,
    cost: 'unitCost',
    header: 'adjLocation',
  },
  inventorytransfer: {
    kind: 'move',
    sublist: 'inventory',
    quantity: 'adjustQtyBy',
    sign: -1,
    to: 'transferLocation',
  },
  assemblybuild: parts(-1, 1),
  assemblyunbuild: parts(1, -1),
  workordercompletion: parts(-1, 1),
  workorderissue: parts(-1),
}

/** Whose lines the fulfilment or receipt of which moves the goods. */
export const DELIVERED: ReadonlySet<string> = new Set([
  'salesorder',
  'purchaseorder',
  'transferorder',
  'intercompanytransferorder',
  'returnauthorization',
  'vendorreturnauthorization',
])

export function isDelivered(typeName: string): boolean {
  return DELIVERED.has(typeName.toLowerCase())
}

/** Goods on a transfer order are in transit between its two ends. */
export function isTransferOrder(typeName: string): boolean {
  return ROLES[typeName.toLowerCase()] === TRANSFER_ORDER
}

/** Whether items of a type are kept in stock; services and kits are not. */
export function isStocked(typeName: string): boolean {
  return ROLES[typeName.toLowerCase()] === ITEM
}

const known = new WeakMap<RecordType, StockRole | 'none'>()

export function roleOf(type: RecordType): StockRole | undefined {
  let role = known.get(type)
  if (role === undefined) {
    role = (type.custom === undefined && ROLES[type.name.toLowerCase()]) || 'none'
    known.set(type, role)
  }
  return role === 'none' ? undefined : role
}

/**
 * External IDs made from a shop's own ids. NetSuite takes letters, digits, `_` and `-` [REC-009]; shops send what they
 * like (`gid://shopify/Order/1`). The mapping is reversible, so two different ids never meet in one record.
 */
import { invariant } from '../../kernel/invariant.ts'

const ORDER_PREFIX = 'SHOP-'
const CUSTOMER_PREFIX = 'SHOP-C-'
/** Not `SHOP-…`: orders and payments share one space [OPQ-014], and a shop may number an order `P-9`. */
const PAYMENT_PREFIX = 'SHOPPAY-'
const LEVEL_PREFIX = 'SHOPLEVEL-'

/** External ID of a shop's order: `1001` → `SHOP-1001`. */
export function orderExternalId(orderId: string): string {
  return ORDER_PREFIX + escapeId(orderId)
}

/** External ID of a shop's payment: `9` → `SHOPPAY-9`. */
export function paymentExternalId(paymentId: string): string {
  return PAYMENT_PREFIX + escapeId(paymentId)
}

/**
 * External ID of the adjustment that brings a stock level to a version: `MUG`, `1`, 7 → `SHOPLEVEL-MUG_40_1_40_7`; with the name of a
 * comparison behind it, where it brings it there again.
 */
export function levelExternalId(sku: string, locationId: string, version: number, repair?: string): string {
  return LEVEL_PREFIX + escapeId(`${sku}@${locationId}@${version}${repair === undefined ? '' : `@${repair}`}`)
}

/** External ID of a shop's customer: `77` → `SHOP-C-77`. Customers and transactions have separate spaces. [OPQ-014] */
export function customerExternalId(customerId: string): string {
  return CUSTOMER_PREFIX + escapeId(customerId)
}

/** Letters, digits and `-` stay; everything else, `_` included, becomes `_<hex code point>_`. */
export function escapeId(id: string): string {
  return id.replace(/[^A-Za-z0-9-]/gu, (char) => `_${char.codePointAt(0)!.toString(16)}_`)
}

/** Undoes `escapeId`. Throws for text that `escapeId` never makes. */
export function unescapeId(escaped: string): string {
  const plain = escaped.replace(/_([0-9a-f]+)_/g, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  )
  invariant(escapeId(plain) === escaped, `${escaped} is not an escaped id`)
  return plain
}

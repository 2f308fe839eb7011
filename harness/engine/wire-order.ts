/**
 * What a shop's order looks like on NetSuite's wire: the customer it belongs to, the sales order itself, and its money.
 * Pure mapping, no calls. Field names by REC-109, REC-111, REC-330..333.
 */
import type { ShopOrder } from '../shop/order.ts'
import type { RecordBody } from './client.ts'
import type { PaymentWork } from './work.ts'

/** How a sales order names its customer: by internal id, or by external ID where the account did not tell the id. */
export type EntityRef = { readonly id: string } | { readonly externalId: string }

/**
 * The customer of an order: a person where both names are known, otherwise a company named by what there is. [REC-330]
 * No address book: its lines have no key, so a repeated upsert would add the address again each time [REC-132]; the
 * order carries its own shipping address.
 */
export function customerBody({ customer, email, shipping_address }: ShopOrder): RecordBody {
  const firstName = customer.first_name ?? shipping_address?.first_name
  const lastName = customer.last_name ?? shipping_address?.last_name
  const mail = customer.email ?? email
  const contact = withoutEmpty({ email: mail, phone: shipping_address?.phone })
  if (firstName && lastName) return { isPerson: true, firstName, lastName, ...contact }
  const companyName = lastName || firstName || mail || `Shop customer ${customer.id}`
  return { isPerson: false, companyName, ...contact }
}

/** The sales order. `externalId` absent: without one, as the naive engine sends it. */
export function salesOrderBody(order: ShopOrder, entity: EntityRef, externalId?: string): RecordBody {
  return {
    ...(externalId ? { externalId } : {}),
    entity,
    otherRefNum: order.name,
    tranDate: shopDate(order.created_at),
    memo: `shop order ${order.name}`,
    item: {
      items: order.line_items.map(({ sku, quantity, price }) => ({
        item: { externalId: sku },
        quantity,
        rate: Number(price),
      })),
    },
    ...(order.shipping_address ? { shippingAddress: shippingAddress(order.shipping_address) } : {}),
  }
}

/** Money taken for an order: a deposit of its customer, on its sales order. Field names by the account's own document. */
export function depositBody(
  { amount, at, orderId }: PaymentWork,
  ids: {
    readonly externalId: string
    readonly salesOrderId: string
    readonly customerId: string | undefined
  },
): RecordBody {
  const { externalId, salesOrderId, customerId } = ids
  return {
    externalId,
    ...withoutEmpty({ customer: customerId === undefined ? undefined : { id: customerId } }),
    salesOrder: { id: salesOrderId },
    payment: Number(amount),
    tranDate: shopDate(at),
    memo: `payment of shop order ${orderId}`,
  }
}

/** What of a payment goes to one invoice. */
export interface Applied {
  readonly invoiceId: string
  /** More than 0. */
  readonly amount: number
}

/** Money taken for an order that is billed already: a payment of its invoices. What is left over stays unapplied. [REC-353] */
export function paymentBody(
  { amount, at, orderId }: PaymentWork,
  { externalId, customerId }: { readonly externalId: string; readonly customerId: string | undefined },
  applied: readonly Applied[],
): RecordBody {
  return {
    externalId,
    ...withoutEmpty({ customer: customerId === undefined ? undefined : { id: customerId } }),
    payment: Number(amount),
    tranDate: shopDate(at),
    memo: `payment of shop order ${orderId}`,
    apply: {
      items: applied.map((line) => ({ doc: { id: line.invoiceId }, apply: true, amount: line.amount })),
    },
  }
}

/** YYYY-MM-DD in the shop's own time zone, as the text has it: UTC would move late orders to the next day. */
function shopDate(createdAt: string): string {
  const written = /^\d{4}-\d{2}-\d{2}/.exec(createdAt)?.[0]
  return written ?? new Date(Date.parse(createdAt)).toISOString().slice(0, 10)
}

function shippingAddress(address: NonNullable<ShopOrder['shipping_address']>): RecordBody {
  const addressee = [address.first_name, address.last_name].filter(Boolean).join(' ')
  return withoutEmpty({
    addressee,
    addr1: address.address1,
    addr2: address.address2,
    city: address.city,
    state: address.province_code,
    zip: address.zip,
    addrPhone: address.phone,
    country: address.country_code ? { id: address.country_code } : undefined,
  })
}

/** Without the keys that have nothing to say: NetSuite would take `null` as "clear this field". [REC-130] */
function withoutEmpty(fields: Record<string, unknown>): RecordBody {
  const said: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== null && value !== '') said[name] = value
  return said
}

/**
 * An order as a web shop sends it: the parts of Shopify's order JSON that an integration needs. Extra keys are
 * ignored. Money arrives as decimal text, as Shopify sends it, and is kept as text until it goes on the wire.
 */
import { z } from 'zod'

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

const money = z
  .union([
    z.string().regex(/^\d+(\.\d+)?$/, 'a decimal amount such as "19.90"'),
    z.number().min(0).transform(String),
  ])
  .describe('decimal text')

const id = z.union([z.string().min(1), z.number().int().transform(String)])

const addressSchema = z.object({
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  address1: z.string().nullish(),
  address2: z.string().nullish(),
  city: z.string().nullish(),
  province_code: z.string().nullish(),
  zip: z.string().nullish(),
  country_code: z.string().length(2).nullish(),
  phone: z.string().nullish(),
})

const orderSchema = z.object({
  id,
  name: z.string().min(1).describe('the number the shopper sees, e.g. "#1001"'),
  created_at: z
    .string()
    .refine(isInstant, 'an ISO 8601 date-time with its zone, e.g. "2026-01-05T09:00:00Z"'),
  financial_status: z
    .string()
    .nullish()
    .describe('`paid`: the shop has the money, and it is booked as a deposit on the order'),
  email: z.string().nullish(),
  currency: z.string().length(3).default('USD'),
  customer: z.object({
    id,
    email: z.string().nullish(),
    first_name: z.string().nullish(),
    last_name: z.string().nullish(),
  }),
  line_items: z
    .array(
      z.object({
        id,
        sku: z.string().min(1),
        title: z.string().nullish(),
        quantity: z.number().int().min(1),
        price: money,
      }),
    )
    .min(1),
  shipping_address: addressSchema.nullish(),
  subtotal_price: money.optional(),
  total_tax: money.optional(),
  total_price: money,
})

/**
 * Whether `text` names one moment on every machine: a full date and time with `Z` or an offset. `Date.parse` alone
 * would take "foo 1", read a time without zone as the machine's own, and roll February 30 over to March.
 */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text) || Number.isNaN(Date.parse(text))) return false
  const day = Number(text.slice(8, 10))
  // Every month has 28 days; files have hundreds of thousands of dates.
  if (day <= 28) return true
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
}

/** Guests have no customer at the shop: their e-mail address, in lower case, is what stays the same from order to order. */
export const shopOrderSchema = z.preprocess(withStableCustomer, orderSchema)

function withStableCustomer(order: unknown): unknown {
  if (!isMapping(order)) return order
  const { customer = null, email } = order
  if (customer !== null && !isMapping(customer)) return order
  const id = customer?.id
  if (id !== undefined && id !== null && id !== '') return order
  const address = [customer?.email, email].find((text) => typeof text === 'string' && text.trim() !== '')
  if (address === undefined) return order
  return { ...order, customer: { ...customer, id: `e-mail ${String(address).trim().toLowerCase()}` } }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export type ShopOrder = z.output<typeof shopOrderSchema>

/** Milliseconds since the epoch at which the shop took the order. */
export function createdMs(order: ShopOrder): number {
  return Date.parse(order.created_at)
}

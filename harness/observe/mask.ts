/**
 * Takes people out of texts before they are logged: what the order says of its shopper, and whatever looks like an e-mail
 * address or a telephone number. NetSuite repeats the value it refuses, so its messages need it as much as ours. Order
 * numbers and ids stay: without them a log is of no use.
 */
import type { ShopOrder } from '../shop/order.ts'

/** Anything with an @ between words. */
const EMAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu
/** Digits in groups, or after a +. A bare row of digits is rather an id. */
const GROUPED_DIGITS = /(?<![\p{L}\p{N}])[+(]?\d[\d ()./-]{5,}\d(?![\p{L}\p{N}])/gu
/** Has the form of a telephone number, but is a date, perhaps with its time. */
const DATE = /^\d{4}-\d{1,2}-\d{1,2}\b|^\d{1,2}[./]\d{1,2}[./]\d{4}\b/
const PHONE_DIGITS_MIN = 7
/** Shorter words of a name would blot out half the text. */
const WORD_CHARS_MIN = 2

/** Stands for what was taken out. */
export const MASK = '[masked]'

/** Texts of an order that tell who the shopper is: names, addresses, e-mail, telephone. */
export function personalTexts({ email, customer, shipping_address: address }: ShopOrder): string[] {
  const texts = [
    email,
    customer.email,
    customer.first_name,
    customer.last_name,
    address?.first_name,
    address?.last_name,
    address?.address1,
    address?.address2,
    address?.zip,
    address?.phone,
  ]
  const known = texts.filter((text) => typeof text === 'string' && text.trim().length >= WORD_CHARS_MIN)
  // Longest first, so that a part never leaves the rest of a whole behind.
  return [...new Set(known as string[])].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
}

/** `text` without the people in it. `personal`: texts known to be about somebody, e.g. from `personalTexts`. */
export function mask(text: string, personal: readonly string[] = []): string {
  let masked = text
  for (const known of personal) masked = masked.replace(wholeWords(known), MASK)
  return masked.replace(EMAIL, MASK).replace(GROUPED_DIGITS, (found) => (isPhone(found) ? MASK : found))
}

function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  return digits.length >= PHONE_DIGITS_MIN && digits !== text && !DATE.test(text)
}

/** Whole words only: a shopper called "Order" must not make every message unreadable, one called "Al" not "already". */
function wholeWords(text: string): RegExp {
  const escaped = text.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu')
}

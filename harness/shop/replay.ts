/**
 * A recorded day as a load: every order at the moment it was created, at its own speed or faster.
 * The same order a second time in the file is a redelivery, a moment after the first.
 */
import { AppError } from '../../kernel/error.ts'
import { type Delivery, inTime } from './delivery.ts'
import { createdMs, type ShopOrder } from './order.ts'

/** After the first delivery, in the time of the run: a repeat does not come sooner because the day is replayed faster. */
const REPEAT_AFTER_MS = 1_000

/**
 * Deliveries of `orders`, ascending, from 0 (the earliest order). `speed` 2 is twice as fast as it happened.
 * Throws `E_SPEED_INVALID` unless `speed` is a positive number.
 */
export function replayDeliveries(orders: readonly ShopOrder[], speed: number): Delivery[] {
  if (!Number.isFinite(speed) || speed <= 0) {
    throw new AppError('E_SPEED_INVALID', `replay speed ${speed} is not possible`, {
      expected: 'a number above 0; 2 is twice as fast as it happened',
      mend: 'give a positive speed',
    })
  }
  const firstMs = orders.reduce((least, order) => Math.min(least, createdMs(order)), Number.POSITIVE_INFINITY)
  const seen = new Map<string, number>()
  return inTime(
    orders.map((order) => {
      const repeats = seen.get(order.id) ?? 0
      seen.set(order.id, repeats + 1)
      const atMs = (createdMs(order) - firstMs) / speed + repeats * REPEAT_AFTER_MS
      return { order, atMs, load: 0, redelivery: repeats > 0 }
    }),
  )
}

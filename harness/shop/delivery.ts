/**
 * Who delivers what when: orders at their intended times, and the repeats that every webhook sender makes.
 * A repeat of an order comes a moment after the first delivery, whether the first was answered or not.
 */
import type { Rng } from '../../kernel/rng.ts'
import type { PlannedStart } from '../load/executor.ts'
import type { ShopOrder } from './order.ts'

/** One hand-over of the shop to the integration. */
export interface Delivery extends PlannedStart {
  readonly order: ShopOrder
  /** A repeat of an order that was due before. */
  readonly redelivery: boolean
}

/** Webhook senders repeat after a time-out of a few seconds, or at once; within the life of the first one either way. */
const REPEAT_MS_MIN = 50
const REPEAT_MS_MAX = 2_000

/** Joins generated orders with their starts (same length) and repeats `redeliveryRatio` of them. Ascending in time. */
export function scheduleDeliveries(
  rng: Rng,
  orders: readonly ShopOrder[],
  starts: readonly PlannedStart[],
  redeliveryRatio: number,
): Delivery[] {
  const deliveries = orders.flatMap((order, index): Delivery[] => {
    const { atMs, load } = starts[index]!
    const first = { order, atMs, load, redelivery: false }
    if (!rng.chance(redeliveryRatio)) return [first]
    return [first, { ...first, atMs: atMs + rng.integer(REPEAT_MS_MIN, REPEAT_MS_MAX), redelivery: true }]
  })
  return inTime(deliveries)
}

/** Sorts by time; of equal times the earlier in the list comes first. */
export function inTime(deliveries: Delivery[]): Delivery[] {
  return deliveries.sort((a, b) => a.atMs - b.atMs)
}

/** Stock levels on their way into the account: by item and location, the newest only. */
import type { InventoryWork } from '../work.ts'
import { Coalescer } from './coalesce.ts'
import type { SyncStore } from './store.ts'

export interface Level {
  readonly sku: string
  /** Internal id of the location. */
  readonly locationId: string
  /** By the warehouse's count, a whole number from 0; a larger one is newer. */
  readonly version: number
  /** On hand. */
  readonly quantity: number
}

type Place = Pick<Level, 'sku' | 'locationId'>

export class Levels {
  readonly #levels: Coalescer

  constructor(store: SyncStore) {
    this.#levels = new Coalescer(store, 'level')
  }

  /** Takes a level; gives the work to submit for it, or `undefined` where a newer one is known or this one has gone out. */
  async offer({ sku, locationId, version, quantity }: Level): Promise<InventoryWork | undefined> {
    const isDue = await this.#levels.offer(keyOf({ sku, locationId }), version, quantity)
    return isDue ? { flow: 'inventory', sku, locationId, version } : undefined
  }

  /**
   * The newest level, unless the one the work was begun for or a newer one has gone out. `mayBeOut`: an earlier try may have
   * booked one; then it is that one.
   */
  async due({ sku, locationId, version }: InventoryWork, mayBeOut: boolean): Promise<Level | undefined> {
    const due = await this.#levels.due(keyOf({ sku, locationId }), version, mayBeOut)
    return due && { sku, locationId, version: due.version, quantity: due.value as number }
  }

  sent(level: Level): Promise<void> {
    return this.#levels.sent(keyOf(level), level.version)
  }

  /** All levels that have gone out and are the newest of their place, `size` at a time. */
  async *settled(size: number): AsyncGenerator<Level[]> {
    for await (const page of this.#levels.settled(size))
      yield page.map(([key, { version, value }]) => ({ ...placeOf(key), version, quantity: value as number }))
  }

  /** The level that a repair is for, unless a newer one is known: that one sets things right. */
  async toRepair({ sku, locationId, version }: InventoryWork): Promise<Level | undefined> {
    const newest = await this.#levels.newest(keyOf({ sku, locationId }))
    if (newest?.version !== version) return undefined
    return { sku, locationId, version, quantity: newest.value as number }
  }
}

/** Neither part holds a line break. */
function keyOf({ sku, locationId }: Place): string {
  return `${locationId}\n${sku}`
}

function placeOf(key: string): Place {
  const at = key.indexOf('\n')
  return { locationId: key.slice(0, at), sku: key.slice(at + 1) }
}

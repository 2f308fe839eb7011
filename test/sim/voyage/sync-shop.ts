/**
 * The other side: a shop that knows customers by the account's ids, tells of its changes by a feed in which its own echoes come
 * as well, and a warehouse that counts. It takes every write, and a judge reads what was written.
 */
import type { Fields } from '../../../harness/engine/sync/field-sync.ts'
import type { Level } from '../../../harness/engine/sync/levels.ts'
import type { Clock } from '../../../kernel/clock.ts'

/** Somebody wrote, or took a customer away (`fields` absent). */
export interface ShopWrite {
  readonly atMs: number
  readonly by: 'shop' | 'sync' | 'silent'
  readonly key: string
  readonly fields: Fields | undefined
  /** As it was before; `undefined`: new. */
  readonly before: Fields | undefined
}

export class SyncShop {
  readonly #clock: Clock
  readonly customers = new Map<string, Fields>()
  /** Keys that changed, in order. */
  readonly feed: string[] = []
  readonly writes: ShopWrite[] = []
  /** The newest count of each place. */
  readonly counts = new Map<string, Level>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes a customer in, unless it is there. */
  create(by: ShopWrite['by'], key: string, fields: Fields): void {
    if (!this.customers.has(key)) this.#put(by, key, fields)
  }

  /** Writes fields of a customer that is there. A silent change is in no feed. */
  write(by: ShopWrite['by'], key: string, fields: Fields): void {
    if (this.customers.has(key)) this.#put(by, key, fields)
  }

  #put(by: ShopWrite['by'], key: string, fields: Fields): void {
    const before = this.customers.get(key)
    this.writes.push({ atMs: this.#clock.now(), by, key, fields, before })
    this.customers.set(key, { ...before, ...fields })
    if (by !== 'silent') this.feed.push(key)
  }

  remove(key: string): void {
    const before = this.customers.get(key)
    this.writes.push({ atMs: this.#clock.now(), by: 'sync', key, fields: undefined, before })
    this.customers.delete(key)
  }

  /** The warehouse counts a place; each count has the next version. */
  count({ sku, locationId, quantity }: Omit<Level, 'version'>): Level {
    const place = placeOf({ sku, locationId })
    const version = (this.counts.get(place)?.version ?? 0) + 1
    const level = { sku, locationId, quantity, version }
    this.counts.set(place, level)
    return level
  }
}

export function placeOf({ sku, locationId }: Pick<Level, 'sku' | 'locationId'>): string {
  return `${sku}@${locationId}`
}

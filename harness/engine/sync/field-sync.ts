/**
 * Two systems that hold the same record: each field belongs to one of them, and what the owner says goes to the other. For each
 * record the agreed values are kept. A value that equals the agreed one is no news: that is how the echo of an own write dies out
 * instead of going back and forth. A value that differs and comes from the owner is news for the other; from the other, it is
 * drift, and the owner's value goes back.
 */
import { type Json, type SyncStore, update } from './store.ts'

export type Side = 'shop' | 'netsuite'

/** Field → the side whose word counts: its system of record. */
export type Owners = Readonly<Record<string, Side>>
/** `null`: empty, which is a value like others. */
export type Fields = Readonly<Record<string, string | null>>

export interface Observation {
  /** What is to be written where; a side without fields is not there. */
  readonly writes: Readonly<Partial<Record<Side, Fields>>>
  /** To be called once the writes are safely queued: then they are agreed. Before that a crash changes nothing. */
  commit(): Promise<void>
}

export class FieldSync {
  readonly #store: SyncStore
  readonly #prefix: string
  readonly #owners: Owners

  /** `name`: of the kind of record; two syncs of one store never share it. */
  constructor(store: SyncStore, name: string, owners: Owners) {
    this.#store = store
    this.#prefix = `agreed/${name}/`
    this.#owners = owners
  }

  /** One side shows fields of a record; those that belong to nobody are passed over. */
  async observe(side: Side, key: string, fields: Fields): Promise<Observation> {
    const at = this.#prefix + key
    const agreed = ((await this.#store.get(at)) ?? {}) as Fields
    const other: Side = side === 'shop' ? 'netsuite' : 'shop'
    const told: Record<string, string | null> = {}
    const corrected: Record<string, string | null> = {}
    for (const [field, value] of Object.entries(fields)) {
      const owner = this.#owners[field]
      const known = agreed[field]
      if (owner === undefined || value === known) continue
      if (owner === side) told[field] = value
      // While the owner has not spoken there is nothing to hold against it.
      else if (known !== undefined) corrected[field] = known
    }
    return {
      writes: { ...filled(other, told), ...filled(side, corrected) },
      commit: async () => {
        if (Object.keys(told).length === 0) return
        // The other side may have been heard since: its fields are not ours to take back.
        await update(this.#store, at, (now) => ({ ...(now as Fields | undefined), ...told }) as Json)
      },
    }
  }
}

function filled(side: Side, fields: Fields): Partial<Record<Side, Fields>> {
  return Object.keys(fields).length === 0 ? {} : { [side]: fields }
}

/**
 * Two systems that hold the same record: each field belongs to one of them, and what the owner says goes to the other. For each
 * record the agreed values are kept. A value that equals the agreed one is no news: that is how the echo of an own write dies out
 * instead of going back and forth. A value that differs and comes from the owner is news for the other; from the other, it is
 * drift, and the owner's value goes back.
 *
 * News is agreed and kept as unwritten in one step, and then written: whoever dies in between finds it there. Were it written
 * first, its own echo would pass for drift and be taken back.
 */
import { AppError } from '../../../kernel/error.ts'
import { OneAtATime } from './one-at-a-time.ts'
import type { Json, SyncStore } from './store.ts'

export type Side = 'shop' | 'netsuite'

/** Field → the side whose word counts: its system of record. */
export type Owners = Readonly<Record<string, Side>>
/** `null`: empty, which is a value like others. */
export type Fields = Readonly<Record<string, string | null>>
/** What is to be written where; a side without fields is not there. */
export type Writes = Readonly<Partial<Record<Side, Fields>>>

interface Slot {
  readonly agreed: Fields
  /** Agreed, and not known to be written. */
  readonly unwritten?: Writes
}

/** Other machines were faster each time: so many turns only fail where something is wrong. */
const TURNS_MAX = 100

export class FieldSync {
  readonly #store: SyncStore
  readonly #prefix: string
  readonly #owners: Owners
  readonly #records = new OneAtATime()

  /** `name`: of the kind of record; two syncs of one store never share it. */
  constructor(store: SyncStore, name: string, owners: Owners) {
    this.#store = store
    this.#prefix = `agreed/${name}/`
    this.#owners = owners
  }

  /**
   * One side shows fields of a record; those that belong to nobody are passed over. `look` reads them, when it is this one's
   * turn: a process observes a record once at a time, so that nothing old is held against what was agreed since. `write` is
   * called where there is something to write, and must be durable once it resolves. Where it rejects, or the process dies, the
   * next observation of the record begins with the same writes.
   */
  observe(
    side: Side,
    key: string,
    look: () => Fields | Promise<Fields>,
    write: (writes: Writes) => Promise<void>,
  ): Promise<void> {
    const at = this.#prefix + key
    return this.#records.run(key, async () => {
      for (let turns = 0; turns < TURNS_MAX; turns++) {
        const kept = await this.#store.get(at)
        const slot = readSlot(kept)
        if (slot.unwritten !== undefined) await write(slot.unwritten)
        const { told, corrected } = compare(this.#owners, side, await look(), slot.agreed)
        const other: Side = side === 'shop' ? 'netsuite' : 'shop'
        const unwritten = { ...filled(other, told), ...filled(side, corrected) }
        if (Object.keys(told).length === 0) {
          if (Object.keys(corrected).length > 0) await write(unwritten)
          if (slot.unwritten !== undefined) await this.#store.swap(at, kept, { agreed: slot.agreed })
          return
        }
        const agreed = { ...slot.agreed, ...told }
        const next = { agreed, unwritten } as Json
        if (!(await this.#store.swap(at, kept, next))) continue
        await write(unwritten)
        await this.#store.swap(at, next, { agreed })
        return
      }
      throw new AppError('E_SYNC_BUSY', `${key} is changed by others all the time`)
    })
  }
}

/** What the owner tells anew, and what the other side has wrong. */
function compare(
  owners: Owners,
  side: Side,
  fields: Fields,
  agreed: Fields,
): { readonly told: Fields; readonly corrected: Fields } {
  const told: Record<string, string | null> = {}
  const corrected: Record<string, string | null> = {}
  for (const [field, value] of Object.entries(fields)) {
    const owner = owners[field]
    const known = agreed[field]
    if (owner === undefined || value === known) continue
    if (owner === side) told[field] = value
    // While the owner has not spoken there is nothing to hold against it.
    else if (known !== undefined) corrected[field] = known
  }
  return { told, corrected }
}

/** Earlier versions kept the agreed fields alone. */
function readSlot(kept: Json | undefined): Slot {
  if (kept === undefined) return { agreed: {} }
  const { agreed } = kept as { readonly agreed?: Json }
  return typeof agreed === 'object' && agreed !== null
    ? (kept as unknown as Slot)
    : { agreed: kept as Fields }
}

function filled(side: Side, fields: Fields): Partial<Record<Side, Fields>> {
  return Object.keys(fields).length === 0 ? {} : { [side]: fields }
}

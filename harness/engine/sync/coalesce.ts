/**
 * Only the newest value of a key goes out. A warehouse tells ten levels of one item in a minute; the account needs the last.
 * Values are kept by version, the source's own counter or time: one that comes late, overtaken on its way, is no news. Work for
 * a version that has gone out in the meantime has nothing left to do, so what is sent is bounded by how fast sending is.
 *
 * What may have gone out already stays what is sent until that is known: were a newer value sent beside it, the older could
 * arrive last.
 */
import { type Json, type SyncStore, update } from './store.ts'

export interface Versioned {
  /** Of the source; a larger one is newer. */
  readonly version: number
  readonly value: Json
}

interface Slot {
  readonly newest: Versioned
  /** The highest version that is known to have gone out. */
  readonly sent: number
  /** What was last given to be sent. Absent: nothing was. */
  readonly sending?: Versioned
}

const NEVER = -1

export class Coalescer {
  readonly #store: SyncStore
  readonly #prefix: string

  /** `name`: of the kind of value; two coalescers of one store never share it. */
  constructor(store: SyncStore, name: string) {
    this.#store = store
    this.#prefix = `newest/${name}/`
  }

  /**
   * Takes a value; gives whether there is work to do for it: it is the newest of its key and has not gone out. The same
   * value again gives the same, so whoever died before the work was queued only has to offer it once more. Versions are whole
   * numbers from 0.
   */
  async offer(key: string, version: number, value: Json): Promise<boolean> {
    let isDue = true
    await this.#change(key, (slot) => {
      const isNewer = slot === undefined || slot.newest.version < version
      isDue = isNewer || (slot.newest.version === version && slot.sent < version)
      return isNewer ? { sent: NEVER, ...slot, newest: { version, value } } : undefined
    })
    return isDue
  }

  /**
   * What is to be sent for work that was begun for `version`; `undefined`: that version or a newer one has gone out. `mayBeOut`:
   * an earlier try of this work may have got through, so it is that one's value again.
   */
  async due(key: string, version: number, mayBeOut: boolean): Promise<Versioned | undefined> {
    let due: Versioned | undefined
    await this.#change(key, (slot) => {
      due = slot === undefined || slot.sent >= version ? undefined : choose(slot, mayBeOut)
      return due === undefined || slot!.sending?.version === due.version
        ? undefined
        : { ...slot!, sending: due }
    })
    return due
  }

  /** The newest value of a key, whether or not it has gone out. */
  async newest(key: string): Promise<Versioned | undefined> {
    return (await this.#slot(key))?.newest
  }

  /** A version has gone out. */
  async sent(key: string, version: number): Promise<void> {
    await this.#change(key, (slot) =>
      slot !== undefined && slot.sent < version ? { ...slot, sent: version } : undefined,
    )
  }

  /** All values whose newest version has gone out, `size` at a time, in order of their keys. */
  async *settled(size: number): AsyncGenerator<(readonly [key: string, newest: Versioned])[]> {
    let after: string | undefined
    for (;;) {
      const page = await this.#store.scan(this.#prefix, after, size)
      const slots = page.map(
        ([key, slot]) => [key.slice(this.#prefix.length), slot as unknown as Slot] as const,
      )
      const settled = slots.filter(([, { newest, sent }]) => sent >= newest.version)
      if (settled.length > 0) yield settled.map(([key, { newest }]) => [key, newest] as const)
      if (page.length < size) return
      after = page.at(-1)![0]
    }
  }

  async #slot(key: string): Promise<Slot | undefined> {
    return (await this.#store.get(this.#prefix + key)) as unknown as Slot | undefined
  }

  /** Values are offered and sent at the same time, also by different machines: none may overwrite the other's word. */
  #change(key: string, change: (slot: Slot | undefined) => Slot | undefined): Promise<void> {
    return update(
      this.#store,
      this.#prefix + key,
      (slot) => change(slot as unknown as Slot | undefined) as Json | undefined,
    )
  }
}

function choose({ newest, sent, sending }: Slot, mayBeOut: boolean): Versioned {
  return mayBeOut && sending !== undefined && sending.version > sent ? sending : newest
}

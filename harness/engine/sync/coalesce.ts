/**
 * Only the newest value of a key goes out. A warehouse tells ten levels of one item in a minute; the account needs the last.
 * Values are kept by version, the source's own counter or time: one that comes late, overtaken on its way, is no news. Work for
 * a version that has gone out in the meantime has nothing left to do, so what is sent is bounded by how fast sending is.
 */
import type { Json, SyncStore } from './store.ts'

export interface Versioned {
  /** Of the source; a larger one is newer. */
  readonly version: number
  readonly value: Json
}

interface Slot {
  readonly newest: Versioned
  /** The highest version that is known to have gone out. */
  readonly sent: number
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
    const slot = await this.#slot(key)
    if (slot !== undefined && slot.newest.version >= version)
      return slot.newest.version === version && slot.sent < version
    await this.#put(key, { newest: { version, value }, sent: slot?.sent ?? NEVER })
    return true
  }

  /** What is to be sent for work that was begun for `version`; `undefined`: that version or a newer one has gone out. */
  async due(key: string, version: number): Promise<Versioned | undefined> {
    const slot = await this.#slot(key)
    return slot === undefined || slot.sent >= version ? undefined : slot.newest
  }

  /** A version has gone out. */
  async sent(key: string, version: number): Promise<void> {
    const slot = await this.#slot(key)
    if (slot !== undefined && slot.sent < version) await this.#put(key, { ...slot, sent: version })
  }

  async #slot(key: string): Promise<Slot | undefined> {
    return (await this.#store.get(this.#prefix + key)) as unknown as Slot | undefined
  }

  #put(key: string, slot: Slot): Promise<void> {
    return this.#store.write({ [this.#prefix + key]: slot as unknown as Json })
  }
}

/**
 * Only the newest value of a key goes out. A warehouse tells ten levels of one item in a minute; the account needs the last.
 * Values are kept by version, the source's own counter or time: one that comes late, overtaken on its way, is no news. Work for
 * a version that has gone out in the meantime has nothing left to do, so what is sent is bounded by how fast sending is.
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
      return isNewer ? { newest: { version, value }, sent: slot?.sent ?? NEVER } : undefined
    })
    return isDue
  }

  /** What is to be sent for work that was begun for `version`; `undefined`: that version or a newer one has gone out. */
  async due(key: string, version: number): Promise<Versioned | undefined> {
    const slot = await this.#slot(key)
    return slot === undefined || slot.sent >= version ? undefined : slot.newest
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

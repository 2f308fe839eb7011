/**
 * What synchronisation must not forget: bookmarks, newest values, agreed fields. Keys and JSON values, written all or none, so
 * that a crash leaves the state before a step or after it. One contract (testing/store-contract.ts): a store in memory, in a file, and
 * in PostgreSQL.
 */
import { AppError } from '../../../kernel/error.ts'

/** JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface SyncStore {
  get(key: string): Promise<Json | undefined>
  /** All of them or none; durable once resolved. `undefined` takes a key away. */
  write(changes: Readonly<Record<string, Json | undefined>>): Promise<void>
  /** Writes `next` if the key holds `expected`, as `get` gave it. `false`: it holds something else, and nothing has changed. */
  swap(key: string, expected: Json | undefined, next: Json): Promise<boolean>
  /** Up to `limit` entries whose key begins with `prefix` and comes after `after`, in order of their keys. */
  scan(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (readonly [string, Json])[]>
  close(): Promise<void>
}

/** Somebody else was faster each time: so many tries only fail where `change` gives what was not asked for. */
const SWAPS_MAX = 1_000

/**
 * Replaces the value of a key by what `change` makes of it, whoever else does so at the same time; it is asked again with the newer
 * value where somebody was faster. `undefined`: nothing is to be changed.
 */
export async function update(
  store: SyncStore,
  key: string,
  change: (value: Json | undefined) => Json | undefined,
): Promise<void> {
  for (let tries = 0; tries < SWAPS_MAX; tries++) {
    const value = await store.get(key)
    const next = change(value)
    if (next === undefined || (await store.swap(key, value, next))) return
  }
  throw new AppError('E_SYNC_BUSY', `${key} is changed by others all the time`)
}

/** For simulation and tests: nothing survives the process. */
export class MemorySyncStore implements SyncStore {
  readonly #values = new Map<string, string>()

  async get(key: string): Promise<Json | undefined> {
    const text = this.#values.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as Json)
  }

  async write(changes: Readonly<Record<string, Json | undefined>>): Promise<void> {
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) this.#values.delete(key)
      else this.#values.set(key, JSON.stringify(value))
    }
  }

  async swap(key: string, expected: Json | undefined, next: Json): Promise<boolean> {
    if (this.#values.get(key) !== JSON.stringify(expected)) return false
    this.#values.set(key, JSON.stringify(next))
    return true
  }

  async scan(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (readonly [string, Json])[]> {
    return [...this.#values]
      .filter(([key]) => key.startsWith(prefix) && (after === undefined || key > after))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key, text]) => [key, JSON.parse(text) as Json] as const)
  }

  async close(): Promise<void> {}
}

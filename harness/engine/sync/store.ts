/**
 * What synchronisation must not forget: bookmarks, newest values, agreed fields. Keys and JSON values, written all or none, so
 * that a crash leaves the state before a step or after it. One contract (testing/store-contract.ts), a store in memory and one in a file.
 */

/** JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface SyncStore {
  get(key: string): Promise<Json | undefined>
  /** All of them or none; durable once resolved. `undefined` takes a key away. */
  write(changes: Readonly<Record<string, Json | undefined>>): Promise<void>
  /** Up to `limit` entries whose key begins with `prefix` and comes after `after`, in order of their keys. */
  scan(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (readonly [string, Json])[]>
  close(): Promise<void>
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

/** A bounded memory for what is looked up again and again. Holds no truth: whoever changes a thing deletes its key. */

/** A small cache that starts over when it is full. Remembers hits only, so what is inserted later is found at once. */
export function createCache<T>(sizeMax: number) {
  const known = new Map<string, T>()
  const set = (key: string, value: T): void => {
    if (known.size >= sizeMax) known.clear()
    known.set(key, value)
  }
  return {
    get(key: string, load: () => T | undefined): T | undefined {
      const cached = known.get(key)
      if (cached !== undefined) return cached
      const found = load()
      if (found !== undefined) set(key, found)
      return found
    },
    set,
    /** What is remembered, without looking it up. */
    known: (key: string) => known.get(key),
    delete: (key: string) => void known.delete(key),
    clear: () => known.clear(),
  }
}

export type Cache<T> = ReturnType<typeof createCache<T>>

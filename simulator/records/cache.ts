/** A bounded memory for what is looked up again and again. Holds no truth: whoever changes a thing deletes its key. */

/** A small cache that starts over when it is full. Remembers hits only, so what is inserted later is found at once. */
export function createCache<T, K = string>(sizeMax: number) {
  const known = new Map<K, T>()
  const set = (key: K, value: T): void => {
    if (known.size >= sizeMax) known.clear()
    known.set(key, value)
  }
  return {
    get(key: K, load: () => T | undefined): T | undefined {
      const cached = known.get(key)
      if (cached !== undefined) return cached
      const found = load()
      if (found !== undefined) set(key, found)
      return found
    },
    set,
    /** What is remembered, without looking it up. */
    known: (key: K) => known.get(key),
    delete: (key: K) => void known.delete(key),
    clear: () => known.clear(),
  }
}

type Cache<T, K> = ReturnType<typeof createCache<T, K>>

/** A cache for each group: gluing group and key into one text would cost more than the look-up. */
export function createGroupedCache<T, K>(sizeMax: number) {
  const groups = new Map<string, Cache<T, K>>()
  return {
    of(group: string): Cache<T, K> {
      let cache = groups.get(group)
      if (cache === undefined) {
        cache = createCache<T, K>(sizeMax)
        groups.set(group, cache)
      }
      return cache
    },
    clear: () => groups.clear(),
  }
}

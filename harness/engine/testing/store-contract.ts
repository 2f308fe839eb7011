/** The contract of every store of synchronisation, as one test suite. For tests only. */
import { describe, expect, it } from 'vitest'
import { Coalescer } from '../sync/coalesce.ts'
import { type SyncStore, update } from '../sync/store.ts'

/** `open` gives a new, empty store. */
export function describeStore(name: string, open: () => Promise<SyncStore>): void {
  describe(`the store in ${name}`, () => {
    it('gives what was written last, and nothing for what was taken away', async () => {
      const store = await open()
      await store.write({ a: { n: [1, null, 'x'] }, b: 2 })
      await store.write({ a: 3, b: undefined, c: false })
      expect([
        await store.get('a'),
        await store.get('b'),
        await store.get('c'),
        await store.get('d'),
      ]).toEqual([3, undefined, false, undefined])
      await store.close()
    })
    it('scans by prefix, in order, in pages', async () => {
      const store = await open()
      await store.write({ 'p/b': 2, 'p/a': 1, 'p/c': 3, 'o/z': 0, 'q/a': 9, p: 8 })
      expect(await store.scan('p/', undefined, 2)).toEqual([
        ['p/a', 1],
        ['p/b', 2],
      ])
      expect(await store.scan('p/', 'p/b', 2)).toEqual([['p/c', 3]])
      expect(await store.scan('p/', 'p/c', 2)).toEqual([])
      await store.close()
    })
    it('keeps nothing of a write that cannot be kept whole', async () => {
      const store = await open()
      await store.write({ a: 1 })
      await expect(store.write({ a: 2, b: 1n as unknown as number })).rejects.toThrow()
      expect(await store.get('b')).toBeUndefined()
      await store.close()
    })

    it('swaps what it was told is there, and nothing else', async () => {
      const store = await open()
      const value = { n: [1, 'x'], m: null }
      expect(await store.swap('a', 0, value)).toBe(false)
      expect(await store.swap('a', undefined, value)).toBe(true)
      expect(await store.swap('a', undefined, 2)).toBe(false)
      expect(await store.swap('a', await store.get('a'), 3)).toBe(true)
      expect(await store.swap('a', value, 4)).toBe(false)
      expect(await store.get('a')).toBe(3)
      await store.close()
    })
    it('loses nothing of what many change at once', async () => {
      const store = await open()
      const add = (): Promise<void> =>
        update(store, 'sum', (value) => ((value as number | undefined) ?? 0) + 1)
      await Promise.all(Array.from({ length: 20 }, add))
      expect(await store.get('sum')).toBe(20)
      await store.close()
    })
    it('keeps the newest value of a key, whoever tells and sends at the same time', async () => {
      const store = await open()
      const levels = new Coalescer(store, 'level')
      await levels.offer('mug', 1, 10)
      await Promise.all([levels.offer('mug', 3, 30), levels.sent('mug', 1), levels.offer('mug', 2, 20)])
      expect(await levels.due('mug', 1, false)).toBeUndefined()
      expect(await levels.due('mug', 2, false)).toEqual({ version: 3, value: 30 })
      await store.close()
    })
  })
}

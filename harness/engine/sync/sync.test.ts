/**
 * If these fail, an old stock level overwrites a new one, two systems write to each other for ever, a field is won by the
 * wrong side, or the nightly comparison is blind.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import { done, type Outcome } from '../outcome.ts'
import { Coalescer } from './coalesce.ts'
import { FieldSync, type Fields, type Side, type Writes } from './field-sync.ts'
import { type Drift, type Entry, reconcile, runNightly } from './reconcile.ts'
import { ReferenceCache } from './reference-cache.ts'
import { MemorySyncStore } from './store.ts'

describe('coalescing', () => {
  it('sends the newest value only, each version at most once, whatever comes in which order', async () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b'), version: fc.nat(12), sends: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const coalescer = new Coalescer(new MemorySyncStore(), 'level')
        const newest = new Map<string, number>()
        const sent = new Map<string, number>()
        for (const { key, version, sends } of steps) {
          const isNewest = version >= (newest.get(key) ?? -1)
          const isDue = isNewest && (sent.get(key) ?? -1) < version
          expect(await coalescer.offer(key, version, version * 10)).toBe(isDue)
          if (isNewest) newest.set(key, version)
          const due = await coalescer.due(key, version, false)
          const isSent = (sent.get(key) ?? -1) >= version
          expect(due).toEqual(isSent ? undefined : { version: newest.get(key), value: newest.get(key)! * 10 })
          if (due === undefined || !sends) continue
          await coalescer.sent(key, due.version)
          sent.set(key, due.version)
        }
      }),
    )
  })
  it('does not take back that a newer version has gone out', async () => {
    const coalescer = new Coalescer(new MemorySyncStore(), 'level')
    await coalescer.offer('a', 5, 50)
    await coalescer.sent('a', 5)
    await coalescer.sent('a', 3)
    expect(await coalescer.due('a', 5, false)).toBeUndefined()
  })
  it('sends again what may have got through, and the newer value only after it', async () => {
    const coalescer = new Coalescer(new MemorySyncStore(), 'level')
    await coalescer.offer('a', 1, 10)
    expect(await coalescer.due('a', 1, false)).toEqual({ version: 1, value: 10 })
    await coalescer.offer('a', 2, 20)
    expect(await coalescer.due('a', 1, true)).toEqual({ version: 1, value: 10 })
    // What was certainly not sent is overtaken.
    expect(await coalescer.due('a', 1, false)).toEqual({ version: 2, value: 20 })
    await coalescer.sent('a', 2)
    await coalescer.offer('a', 3, 30)
    expect(await coalescer.due('a', 3, true)).toEqual({ version: 3, value: 30 })
  })
})

describe('the reference cache', () => {
  const world = (sizeMax = 2) => {
    const clock = new VirtualClock(0)
    const cache = new ReferenceCache<string>(clock, { expiryMs: 1000, sizeMax })
    let asked = 0
    const ask = async (): Promise<Outcome<string>> => {
      asked++
      await clock.sleep(10)
      return done(`v${asked}`)
    }
    return { clock, cache, ask, count: () => asked }
  }
  it('asks once for many, and again after the expiry', async () => {
    const { clock, cache, ask, count } = world()
    await clock.run(async () => {
      const all = await Promise.all([1, 2, 3].map(() => cache.resolve('k', ask)))
      expect(all).toEqual([
        done({ value: 'v1', remembered: false }),
        done({ value: 'v1', remembered: true }),
        done({ value: 'v1', remembered: true }),
      ])
      await clock.sleep(989)
      expect(await cache.resolve('k', ask)).toMatchObject({ value: { value: 'v1' } })
      await clock.sleep(20)
      expect(await cache.resolve('k', ask)).toEqual(done({ value: 'v2', remembered: false }))
    })
    expect(count()).toBe(2)
  })
  it('drops the least recently used one, and what it is told to forget', async () => {
    const { clock, cache, ask, count } = world()
    await clock.run(async () => {
      for (const key of ['a', 'b', 'a', 'c', 'a']) await cache.resolve(key, ask)
      expect(count()).toBe(3)
      await cache.resolve('b', ask)
      cache.forget('b')
      await cache.resolve('b', ask)
      expect(count()).toBe(5)
    })
  })
  it('remembers nothing but what is done', async () => {
    const { clock, cache, ask } = world()
    const no = {
      kind: 'refused',
      cause: 'missing',
      retry: 'never',
      status: 404,
      code: 'X',
      detail: '',
    } as const
    await clock.run(async () => {
      expect(await cache.resolve('k', async () => no)).toBe(no)
      expect(await cache.resolve('k', ask)).toMatchObject({ kind: 'done' })
    })
  })
})

describe('fields of two systems', () => {
  const owners = { email: 'shop', phone: 'shop', terms: 'netsuite' } as const
  const look = (fields: Fields) => () => fields
  const observer = (sync: FieldSync) => async (side: Side, fields: Fields) => {
    let writes: Writes = {}
    await sync.observe(side, 'c1', look(fields), async (due) => {
      writes = due
    })
    return writes
  }

  it('each side gets what the other owns; an echo and a foreign field are no news', async () => {
    const see = observer(new FieldSync(new MemorySyncStore(), 'customer', owners))
    expect(await see('shop', { email: 'a@x', phone: null, nickname: 'Al' })).toEqual({
      netsuite: { email: 'a@x', phone: null },
    })
    // What was written comes back.
    expect(await see('netsuite', { email: 'a@x', phone: null })).toEqual({})
    expect(await see('netsuite', { email: 'a@x', terms: 'Net 30' })).toEqual({ shop: { terms: 'Net 30' } })
    // Somebody edits what is not theirs: the owner's word goes back. And the owner changes its mind.
    expect(await see('netsuite', { email: 'b@x', terms: 'Net 60' })).toEqual({
      shop: { terms: 'Net 60' },
      netsuite: { email: 'a@x' },
    })
    expect(await see('shop', { terms: 'Net 99' })).toEqual({ shop: { terms: 'Net 60' } })
  })
  it('is silent while the owner has not spoken', async () => {
    const see = observer(new FieldSync(new MemorySyncStore(), 'customer', owners))
    expect(await see('netsuite', { email: 'b@x' })).toEqual({})
  })
  it('writes again what the process died over, whoever shows the record next', async () => {
    const sync = new FieldSync(new MemorySyncStore(), 'customer', owners)
    const dies = sync.observe('shop', 'c1', look({ email: 'a@x' }), () => Promise.reject(new Error('died')))
    await expect(dies).rejects.toThrow('died')
    const written: Writes[] = []
    const see = () =>
      sync.observe('netsuite', 'c1', look({ terms: 'Net 30' }), async (due) => void written.push(due))
    await see()
    await see()
    expect(written).toEqual([{ netsuite: { email: 'a@x' } }, { shop: { terms: 'Net 30' } }])
  })
  it('holds nothing old against what the owner says at the same time', async () => {
    const sync = new FieldSync(new MemorySyncStore(), 'customer', owners)
    const shop: Record<string, string | null> = { terms: 'Net 30' }
    await observer(sync)('netsuite', { terms: 'Net 30' })
    const write = async (due: Writes): Promise<void> => void Object.assign(shop, due.shop)
    const told = sync.observe('netsuite', 'c1', look({ terms: 'Net 60' }), write)
    // Looks when its turn comes: the shop has the new value by then.
    const echo = sync.observe('shop', 'c1', () => ({ ...shop }), write)
    await Promise.all([told, echo])
    expect(shop).toEqual({ terms: 'Net 60' })
  })
  it('reads what was agreed before there was anything unwritten', async () => {
    const store = new MemorySyncStore()
    await store.write({ 'agreed/customer/c1': { email: 'a@x' } })
    const see = observer(new FieldSync(store, 'customer', owners))
    expect(await see('netsuite', { email: 'b@x' })).toEqual({ netsuite: { email: 'a@x' } })
  })
  it('comes to rest with the owners’ values on both sides, whatever both do', async () => {
    const edit = fc.record({
      side: fc.constantFrom<Side>('shop', 'netsuite'),
      field: fc.constantFrom('email', 'phone', 'terms'),
      value: fc.constantFrom('1', '2', null),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 20 }), async (edits) => {
        const sync = new FieldSync(new MemorySyncStore(), 'customer', owners)
        const sides: Record<Side, Record<string, string | null>> = { shop: {}, netsuite: {} }
        const last: Record<string, string | null> = {}
        let writes = 0
        const settle = async (side: Side): Promise<void> => {
          let due: Writes = {}
          await sync.observe(
            side,
            'c1',
            () => ({ ...sides[side] }),
            async (writes) => {
              due = writes
              for (const [to, fields] of Object.entries(writes)) Object.assign(sides[to as Side], fields)
            },
          )
          for (const to of Object.keys(due)) {
            if (++writes > 200) throw new Error('they write to each other for ever')
            await settle(to as Side)
          }
        }
        for (const { side, field, value } of edits) {
          sides[side][field] = value
          if (owners[field as keyof typeof owners] === side) last[field] = value
          await settle(side)
        }
        for (const [field, value] of Object.entries(last)) {
          expect(sides.shop[field]).toBe(value)
          expect(sides.netsuite[field]).toBe(value)
        }
      }),
    )
  })
})

describe('the nightly comparison', () => {
  async function* stream(map: ReadonlyMap<string, number>): AsyncGenerator<Entry<number>> {
    for (const key of [...map.keys()].sort()) yield [key, map.get(key)!]
  }
  it('finds every difference and no other, and repairs until both are equal', async () => {
    const side = fc
      .dictionary(fc.string({ maxLength: 3 }), fc.nat(3))
      .map((object) => new Map(Object.entries(object)))
    await fc.assert(
      fc.asyncProperty(side, side, async (wanted, found) => {
        const drifts: Drift<number>[] = []
        const repaired = new Map(found)
        const counts = await reconcile(
          stream(wanted),
          stream(found),
          (a, b) => a === b,
          async (drift) => {
            drifts.push(drift)
            if (drift.wanted === undefined) repaired.delete(drift.key)
            else repaired.set(drift.key, drift.wanted)
          },
        )
        const keys = [...new Set([...wanted.keys(), ...found.keys()])].sort()
        expect(drifts.map(({ key }) => key)).toEqual(keys.filter((key) => wanted.get(key) !== found.get(key)))
        expect(counts).toEqual({
          checked: keys.length,
          missing: keys.filter((key) => !found.has(key)).length,
          extra: keys.filter((key) => !wanted.has(key)).length,
          differing: keys.filter(
            (key) => found.has(key) && wanted.has(key) && found.get(key) !== wanted.get(key),
          ).length,
        })
        expect(repaired).toEqual(wanted)
      }),
    )
  })
  it('will not compare what is out of order', async () => {
    async function* wrong(): AsyncGenerator<Entry<number>> {
      yield ['b', 1]
      yield ['a', 1]
    }
    await expect(reconcile(wrong(), stream(new Map()), Object.is, async () => {})).rejects.toThrow(
      'not in order',
    )
  })
  it('runs once a night, also when a night was missed and when it failed the first time', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 5, 1))
    const store = new MemorySyncStore()
    let runs = 0
    let fails = true
    const look = () =>
      runNightly(clock, store, {
        name: 'stock',
        atMs: 2 * 3_600_000,
        run: async () => {
          if (fails) throw new Error('no')
          runs++
        },
      })
    await clock.run(async () => {
      await expect(look()).rejects.toThrow('no')
      fails = false
      expect([await look(), await look()]).toEqual([true, false])
      await clock.sleep(3_600_000 - 1)
      expect(await look()).toBe(false)
      await clock.sleep(1)
      expect([await look(), await look()]).toEqual([true, false])
      await clock.sleep(3 * 86_400_000)
      expect([await look(), await look()]).toEqual([true, false])
    })
    expect(runs).toBe(3)
  })
})

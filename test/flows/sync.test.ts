/**
 * If these fail, stock in the account is not what the warehouse counted, changes of the account never reach the shop, or a
 * night's comparison leaves drift where it is. The invariants are in harness/engine/sync; here they meet NetSuite's wire.
 */
import { describe, expect, it } from 'vitest'
import { createCaller } from '../../harness/engine/client.ts'
import { compareStock, Levels, MemorySyncStore, pullDelta, reconcile } from '../../harness/engine/index.ts'
import { createQuery, type Row } from '../../harness/engine/suiteql.ts'
import { createRecorder, depsOf } from '../../harness/engine/testing/recorder.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createWorld, type World, withItem } from './world.ts'

const CONTEXT = { key: 'sync', attempt: 1 }
const ADJUSTMENT = { methods: ['POST' as const], recordTypes: ['inventoryAdjustment'] }

function queryOf(world: World) {
  const deps = depsOf(world.clock, world.transport, createRecorder())
  return createQuery(createCaller({ ...deps, credentials: world.simulator.credentials }))
}

async function stockWorld() {
  const world = createWorld({ withoutShop: true })
  await world.clock.run(() => withItem(world))
  const levels = new Levels(new MemorySyncStore())
  const { engine, recorder } = world.start(undefined, { stock: { levels, adjustmentAccountId: '8' } })
  const tell = async (version: number, quantity: number, locationId = '1'): Promise<void> => {
    const work = await levels.offer({ sku: 'SKU-1', locationId, version, quantity })
    if (work !== undefined) await engine.submit(work)
  }
  const onHand = async (): Promise<string[]> => {
    const found = await queryOf(world)(
      {
        operation: 'x',
        text: 'SELECT location, quantityonhand AS n FROM aggregateitemlocation ORDER BY location',
      },
      CONTEXT,
    )
    if (found.kind !== 'done') throw new Error(found.detail)
    return found.value.rows.map(({ location, n }) => `${location}: ${n}`)
  }
  return { ...world, levels, engine, recorder, tell, onHand, query: queryOf(world) }
}

describe('stock levels', () => {
  it('only the newest one goes out [REC-363, REC-364]', async () => {
    const { clock, engine, tell, onHand, records, recorder } = await stockWorld()
    await clock.run(async () => {
      await tell(1, 10)
      await engine.idle()
      for (const [version, quantity] of [
        [2, 9],
        [5, 30],
        [3, 8],
        [4, 7],
      ] as const)
        await tell(version, quantity)
      await tell(1, 4, '2')
      await engine.idle()
      expect(await onHand()).toEqual(['1: 30', '2: 4'])
      // The second was under way when the others came; of those only the newest went out.
      expect((await records('inventoryAdjustment')).map(({ body }) => body.externalId).sort()).toEqual([
        'SHOPLEVEL-SKU-1_40_1_40_1',
        'SHOPLEVEL-SKU-1_40_1_40_2',
        'SHOPLEVEL-SKU-1_40_1_40_5',
        'SHOPLEVEL-SKU-1_40_2_40_1',
      ])
      // The same level again: nothing to do, and not a call.
      const calls = recorder.attempts.length
      await tell(5, 30)
      await engine.idle()
      expect(recorder.attempts.length).toBe(calls)
    })
    expect(recorder.flows.every(({ end }) => end === 'done')).toBe(true)
  })

  it.each<[string, FaultInput]>([
    ['a lost answer', { fault: 'drop-response', match: ADJUSTMENT, countMax: 2 }],
    ['a lost connection', { fault: 'reset-before', match: ADJUSTMENT, countMax: 2 }],
    ['a commit after the time-out', { fault: 'slow', match: ADJUSTMENT, delayMs: 66_000, countMax: 1 }],
    ['a 500', { fault: 'reject', status: 500, match: ADJUSTMENT, countMax: 2 }],
  ])('are booked once after %s', async (_, fault) => {
    const { clock, engine, tell, onHand, fault: install, records } = await stockWorld()
    await clock.run(async () => {
      await install(fault)
      await tell(1, 10)
      await engine.idle()
      await clock.sleep(600_000)
      expect(await onHand()).toEqual(['1: 10'])
      expect(await records('inventoryAdjustment')).toHaveLength(1)
    })
  })

  it('an engine without stock says so', async () => {
    const world = createWorld()
    const { engine, recorder } = world.start()
    await world.clock.run(async () => {
      await engine.submit({ flow: 'inventory', sku: 'SKU-1', locationId: '1', version: 1 })
      await engine.idle()
    })
    expect(recorder.flows).toMatchObject([{ end: 'dead', reason: 'this engine keeps no stock levels' }])
    await expect(
      engine.submit({ flow: 'inventory', sku: 'A', locationId: '1', version: -1 }),
    ).rejects.toThrow('version -1')
  })

  it('drift is found and repaired by a comparison with the warehouse', async () => {
    const { clock, engine, tell, onHand, levels, importRecords, query } = await stockWorld()
    await clock.run(async () => {
      await tell(1, 10)
      await engine.idle()
      // Somebody corrects the stock by hand.
      const line = { item: { externalId: 'SKU-1' }, location: { id: '1' }, adjustQtyBy: -4 }
      await importRecords('inventoryAdjustment', [{ account: { id: '8' }, inventory: { items: [line] } }])
      expect(await onHand()).toEqual(['1: 6'])
      const compare = () =>
        reconcile(
          (async function* () {
            yield ['SKU-1@1', 10] as const
          })(),
          (async function* () {
            const found = await query(
              {
                operation: 'stock.all',
                text: `SELECT i.itemid, s.location, s.quantityonhand AS n FROM aggregateitemlocation s
                  JOIN item i ON i.id = s.item ORDER BY i.itemid, s.location`,
              },
              CONTEXT,
            )
            if (found.kind !== 'done') throw new Error(found.detail)
            for (const { itemid, location, n } of found.value.rows)
              yield [`${itemid}@${location}`, Number(n)] as const
          })(),
          Object.is,
          async ({ wanted }) => {
            const work = await levels.offer({ sku: 'SKU-1', locationId: '1', version: 2, quantity: wanted! })
            await engine.submit(work!)
          },
        )
      expect(await compare()).toEqual({ checked: 1, missing: 0, extra: 0, differing: 1 })
      await engine.idle()
      expect(await onHand()).toEqual(['1: 10'])
      expect(await compare()).toMatchObject({ differing: 0 })
    })
  })
})

describe('the comparison of stock', () => {
  const compared = async (world: Awaited<ReturnType<typeof stockWorld>>, name: string) => {
    const { levels, engine, query } = world
    const end = await compareStock({ query, levels, submit: (work) => engine.submit(work) }, name, CONTEXT)
    expect(end.kind, JSON.stringify(end)).toBe('done')
    await engine.idle()
    return end.kind === 'done' ? end.value : undefined
  }

  it('brings levels back that others have changed, once, and touches no others [REC-363, SQL-053]', async () => {
    const world = await stockWorld()
    const { clock, engine, tell, onHand, importRecords, records } = world
    await clock.run(async () => {
      await tell(1, 10)
      await tell(1, 4, '2')
      await engine.idle()
      expect(await compared(world, 'monday')).toEqual({ checked: 2, differing: 0 })
      const line = { item: { externalId: 'SKU-1' }, location: { id: '1' }, adjustQtyBy: -4 }
      await importRecords('inventoryAdjustment', [{ account: { id: '8' }, inventory: { items: [line] } }])
      await world.fault({ fault: 'drop-response', match: ADJUSTMENT, countMax: 1 })
      expect(await compared(world, 'tuesday')).toEqual({ checked: 2, differing: 1 })
      expect(await onHand()).toEqual(['1: 10', '2: 4'])
      expect((await records('inventoryAdjustment')).map(({ body }) => body.externalId)).toContain(
        'SHOPLEVEL-SKU-1_40_1_40_1_40_tuesday',
      )
      expect(await compared(world, 'tuesday')).toEqual({ checked: 2, differing: 0 })
    })
  })

  it('leaves a place alone whose newer level is on its way', async () => {
    const world = await stockWorld()
    const { clock, engine, tell, levels, onHand } = world
    await clock.run(async () => {
      await tell(1, 10)
      await engine.idle()
      await levels.offer({ sku: 'SKU-1', locationId: '1', version: 2, quantity: 3 })
      expect(await compared(world, 'monday')).toEqual({ checked: 0, differing: 0 })
      // Nor does a repair that comes after it go out.
      await engine.submit({ flow: 'inventory', sku: 'SKU-1', locationId: '1', version: 1, repair: 'monday' })
      await engine.idle()
      expect(await onHand()).toEqual(['1: 10'])
    })
  })
})

describe('the delta of an account', () => {
  const source = { name: 'customer', table: 'customer', columns: ['email', 'externalid'], pageRows: 4 }
  const reader = (world: World) => {
    const query = queryOf(world)
    const store = new MemorySyncStore()
    return async () => {
      const got: Row[] = []
      const end = await pullDelta(source, { query, store }, CONTEXT, async (rows) => void got.push(...rows))
      expect(end.kind, JSON.stringify(end)).toBe('done')
      return got.map(({ email }) => email)
    }
  }
  const customers = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({ companyName: `C${from + n}`, email: `${from + n}@x.example` }))

  it('is read in pages, and then only what changed [SQL-007, SQL-053]', async () => {
    const world = createWorld()
    await world.clock.run(async () => {
      const pull = reader(world)
      await world.importRecords('customer', customers(1, 11))
      expect(await pull()).toHaveLength(11)
      expect(await pull()).toEqual([])
      await world.clock.sleep(3_600_000)
      await world.send('PATCH', 'customer/7', { email: 'new@x.example' })
      await world.importRecords('customer', customers(20, 1))
      expect(await pull()).toEqual(['new@x.example', '20@x.example'])
      await world.clock.sleep(3_600_000)
      expect(await pull()).toEqual([])
    })
  })

  it('misses nothing when summer time ends in the account’s zone', async () => {
    // 01:50 in Los Angeles, ten minutes before the hour runs again.
    const world = createWorld({ startMs: Date.UTC(2026, 10, 1, 8, 50) })
    await world.clock.run(async () => {
      const pull = reader(world)
      await world.importRecords('customer', customers(1, 1))
      expect(await pull()).toHaveLength(1)
      for (let n = 2; n < 12; n++) {
        await world.clock.sleep(12 * 60_000)
        await world.importRecords('customer', customers(n, 1))
        await world.clock.sleep(60_000)
        expect(await pull()).toContain(`${n}@x.example`)
      }
    })
  })
})

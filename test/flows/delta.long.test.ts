/** If this fails, an initial load ends at the 100,000 rows that one query may have. */
import { expect, it } from 'vitest'
import { createCaller } from '../../harness/engine/client.ts'
import { MemorySyncStore, pullDelta } from '../../harness/engine/index.ts'
import { createQuery } from '../../harness/engine/suiteql.ts'
import { createRecorder, depsOf } from '../../harness/engine/testing/recorder.ts'
import { createWorld } from './world.ts'

const ROWS = 100_500

it.each(['stop', 'refuse'] as const)(
  'reads %s beyond 100,000 rows [SQL-007, OPQ-008]',
  async (queryAboveMax) => {
    const world = createWorld({ profile: { settings: { queryAboveMax }, latency: { model: 'none' } } })
    const deps = depsOf(world.clock, world.transport, createRecorder())
    const query = createQuery(createCaller({ ...deps, credentials: world.simulator.credentials }))
    const ids = new Set<string>()
    await world.clock.run(async () => {
      for (let from = 0; from < ROWS; from += 1500)
        await world.importRecords(
          'customer',
          Array.from({ length: 1500 }, (_, n) => ({ companyName: `C${from + n}` })),
        )
      const source = { name: 'customer', table: 'customer', columns: ['companyname'] }
      const end = await pullDelta(
        source,
        { query, store: new MemorySyncStore() },
        { key: 'x', attempt: 1 },
        async (rows) => {
          for (const { id } of rows) ids.add(id!)
        },
      )
      expect(end).toEqual({ kind: 'done', value: { read: ROWS, delivered: ROWS } })
    })
    expect(ids.size).toBe(ROWS)
  },
  600_000,
)

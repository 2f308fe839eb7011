/** If this fails, a served account has no neighbours, whatever its profile says, or they keep it from stopping. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { JournalEntry, SlotsView } from '../../protocol/control.ts'
import { ROOT, scratchFolder, serve, until } from './cli.ts'

it('the noisy Monday can be served and watched', async () => {
  const account = await serve(
    scratchFolder(),
    '--profile',
    join(ROOT, 'examples/06-noisy-monday/noisy-monday.yaml'),
    '--seed',
    'monday',
  )
  const { holders } = (await account.control('GET', '/slots')) as SlotsView
  expect(holders.map(({ integration }) => integration)).toContain('warehouse')
  const entry = await until('a call of the storefront', async () => {
    const { items } = (await account.control('GET', '/journal')) as { items: JournalEntry[] }
    return items.find(({ integration }) => integration === 'storefront')
  })
  expect(entry).toMatchObject({ operation: 'neighbour.get', channel: 'rest', committed: false })
  const { code } = await account.stop()
  expect(code).toBe(0)
})

/** If this fails, a program cannot run the engine by the package's public face alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createEngine, createLogger, createMonitor, SqliteQueue } from '../../harness/index.ts'
import { orderOf } from '../../harness/observe/testing/shop-order.ts'
import { createRng } from '../../kernel/rng.ts'
import { createInProcessTransport } from '../../protocol/in-process-transport.ts'
import { createTestAccount } from '../../simulator/test-account.ts'

it('takes orders into a queue file, brings them into the account once, and tells log and metrics', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-library-'))
  const account = createTestAccount({
    profile: {
      faults: [{ fault: 'drop-response', match: { recordTypes: ['salesOrder', 'customer'] }, countMax: 2 }],
    },
  })
  const { clock, simulator } = account
  const { accountId, ...credentials } = simulator.credentials
  const transport = createInProcessTransport(clock, simulator.handle)
  const queue = new SqliteQueue<never, never>(clock, { file: join(folder, 'orders.queue') })
  const lines: string[] = []
  const logger = createLogger(clock, { destination: { write: (line: string) => lines.push(line) } as never })
  try {
    await account.create('inventoryItem', { externalId: 'SKU-1', itemId: 'SKU-1' })
    await clock.run(async () => {
      const parts = { clock, rng: createRng(2), transport, logger }
      const monitor = createMonitor(parts, () => engine.status())
      const engine = createEngine({
        account: accountId,
        credentials,
        clock,
        seed: 1,
        transport,
        queue: queue as never,
        observer: monitor.observer,
      })
      for (const id of ['1', '2', '2', '3']) await engine.accept(orderOf({ id, last_name: 'Noor' }))
      await engine.idle()
      expect(await monitor.metrics.text()).toContain('seatrial_orders_total{event="completed"} 3')
      await engine.close()
      expect((await account.send('GET', 'salesOrder')).json.totalResults).toBe(3)
    })
    const events = lines.map((line) => JSON.parse(line).event)
    expect(events.filter((event) => event === 'order-completed')).toHaveLength(3)
    expect(events).toContain('order-repeated')
    expect(lines.join()).not.toContain('Noor')
  } finally {
    await queue.close()
    simulator.close()
    rmSync(folder, { recursive: true })
  }
})

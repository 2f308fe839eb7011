/** If this fails, an engine that dies takes orders with it, or the next one puts them into the account twice. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { SqliteQueue } from './queue-sqlite.ts'
import { createReferenceEngine } from './reference.ts'
import type { TryProgress } from './retry.ts'
import { FakeAccount, orderOf } from './testing/fake-account.ts'
import { createRecorder, depsOf } from './testing/recorder.ts'
import type { Work } from './work.ts'

const IDS = Array.from({ length: 30 }, (_, n) => String(1001 + n))

it('a second engine finishes what the first one left in the queue file, each order once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-restart-'))
  const clock = new VirtualClock(0)
  const account = new FakeAccount(clock, { slots: 4 })
  const start = (seed: number) => {
    const queue = new SqliteQueue<Work, TryProgress>(clock, { file: join(folder, 'orders.queue') })
    const recorder = createRecorder()
    const engine = createReferenceEngine(depsOf(clock, account.transport, recorder, seed), queue)
    return { queue, recorder, engine }
  }
  await clock.run(async () => {
    const first = start(1)
    for (const id of IDS) await first.engine.accept(orderOf(id))
    await clock.sleep(3_000)
    // Its requests go on, but it can neither claim nor acknowledge any more.
    await first.queue.close()
    const madeByFirst = account.salesOrder.length
    expect(madeByFirst).toBeGreaterThan(0)
    expect(madeByFirst).toBeLessThan(IDS.length)

    const second = start(2)
    for (const id of IDS) await second.engine.accept(orderOf(id))
    expect(second.recorder.deduplicatedKeys).toEqual(IDS)
    await second.engine.idle()
    expect(second.recorder.reasons.size).toBe(0)
    const empty = { waiting: 0, delayed: 0, leased: 0, dead: 0, oldestMs: undefined }
    expect(await second.queue.stats()).toEqual(empty)
    await second.queue.close()
  })
  expect(account.salesOrder.map(({ externalId }) => externalId).sort()).toEqual(IDS.map((id) => `SHOP-${id}`))
  rmSync(folder, { recursive: true })
})

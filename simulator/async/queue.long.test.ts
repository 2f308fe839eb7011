/** If these fail, a long queue of jobs eats the memory of the machine or slows down whoever submits. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { createTestAccount } from '../test-account.ts'

const JOBS = 100_000
const MEGABYTE = 1024 * 1024
/** One processor that never gets to its first task, so that everything stays in the queue. */
const STUCK = {
  journalCapacity: 100,
  async: { processors: 1 },
  latency: { sigma: 0, factor: 100, medianMs: { '*.queue': 900_000, '*.submit': 0, '*.get': 0 } },
} as const

const folder = mkdtempSync(join(tmpdir(), 'seatrial-queue-'))
afterAll(() => rmSync(folder, { recursive: true }))

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('a queue of 100,000 jobs [ASY-044]', () => {
  it('takes at most 100 MB, and the last submits are as quick as the first', async () => {
    const dbFile = join(folder, 'queue.db')
    const account = createTestAccount({ profile: STUCK, dbFile })
    const time = new SystemClock()
    const submit = async (from: number, to: number): Promise<number> => {
      const startedMs = time.now()
      for (let n = from; n < to; n++) {
        const body = { companyName: `Customer ${n}`, comments: 'x'.repeat(300) }
        const key = `6fa459ea-ee8a-3ca4-894e-${String(n).padStart(12, '0')}`
        const headers = { prefer: 'respond-async', 'x-netsuite-idempotency-key': key }
        await account.send('POST', 'customer', body, headers)
      }
      return time.now() - startedMs
    }
    /** Heap in use once what login remembers of past requests has run out. */
    const settledHeap = async (): Promise<number> => {
      await account.clock.advance(3_600_000)
      await account.send('GET', 'currency/1')
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    await submit(0, 10_000)
    const before = await settledHeap()
    const first = await submit(10_000, 20_000)
    await submit(20_000, JOBS - 10_000)
    const last = await submit(JOBS - 10_000, JOBS)
    const heap = (await settledHeap()) - before
    account.simulator.close()
    const stored = statSync(dbFile).size
    process.stdout.write(
      `heap ${(heap / MEGABYTE).toFixed(1)} MB, stored ${(stored / MEGABYTE).toFixed(1)} MB; ` +
        `10,000 submits: first ${Math.round(first)} ms, last ${Math.round(last)} ms\n`,
    )
    expect((heap + stored) / MEGABYTE).toBeLessThan(100)
    expect(last).toBeLessThan(first * 1.5)
  }, 600_000)
})

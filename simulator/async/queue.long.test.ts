/** If these fail, a long queue of jobs eats the memory of the machine or slows down whoever submits. */
import { describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { createTestAccount } from '../test-account.ts'

const JOBS = 100_000
const MEGABYTE = 1024 * 1024

describe('a queue of 100,000 jobs [ASY-044]', () => {
  it('takes at most 100 MB, and the last submits are as quick as the first', async () => {
    const account = createTestAccount({ profile: { journalCapacity: 100 } })
    const time = new SystemClock()
    const submit = async (from: number, to: number): Promise<number> => {
      const startedMs = time.now()
      for (let n = from; n < to; n++) {
        await account.send(
          'POST',
          'customer',
          { companyName: `Customer ${n}`, comments: 'x'.repeat(300) },
          {
            prefer: 'respond-async',
            'x-netsuite-idempotency-key': `6fa459ea-ee8a-3ca4-894e-${String(n).padStart(12, '0')}`,
          },
        )
      }
      return time.now() - startedMs
    }
    await submit(0, 10_000)
    const before = process.memoryUsage().rss
    const first = await submit(10_000, 20_000)
    await submit(20_000, JOBS)
    const last = await submit(JOBS, JOBS + 10_000)
    const grown = (process.memoryUsage().rss - before) / MEGABYTE
    process.stdout.write(
      `${Math.round(grown)} MB; 10,000 submits: first ${Math.round(first)} ms, last ${Math.round(last)} ms\n`,
    )
    expect(grown).toBeLessThan(100)
    expect(last).toBeLessThan(first * 1.5)
  }, 600_000)
})

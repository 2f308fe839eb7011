/** If this fails, a shop that goes over from a queue file to a database loses orders, or has them twice. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openQueue } from '../../cli/queue.ts'
import { createDatabase, SERVER_URL } from '../../harness/engine/testing/postgres.ts'
import { SystemClock } from '../../kernel/clock.ts'
import { seatrial } from './cli.ts'
import { drained, enqueueOrders, faultyAccount, startWorker } from './kill-worker.ts'

async function deadIn(queue: string): Promise<number[]> {
  const opened = await openQueue(new SystemClock(), queue, { mayCreate: false })
  const letters = await opened.queue.deadLetters(undefined, 100)
  await opened.queue.close()
  return letters.map(({ dedupeKey }) => Number(dedupeKey)).sort((a, b) => a - b)
}

describe.skipIf(SERVER_URL === undefined)('a queue file and a database', () => {
  it('are worked off at the same time; what is in both is made once, and the file is empty in the end', async () => {
    const { account, cwd } = await faultyAccount()
    const { url, drop } = await createDatabase(SERVER_URL!)
    const file = `sqlite:${join(cwd, 'old.queue')}`
    await enqueueOrders(file, 1, 40)
    await enqueueOrders(url, 21, 40)
    const onDatabase = await startWorker(cwd, url)
    const args = [
      'work',
      '--queue',
      file,
      '--target',
      'target.yaml',
      '--until-empty',
      '--log-level',
      'silent',
    ]
    expect(await seatrial(args, cwd)).toMatchObject({ code: 0 })
    await drained(url)
    onDatabase.child.kill('SIGTERM')
    expect(await onDatabase.finished).toMatchObject({ code: 0 })

    const { items } = (await account.control('GET', '/records/salesOrder?limit=1000')) as {
      items: { externalId: string }[]
    }
    const made = items.map(({ externalId }) => Number(externalId.replace('SHOP-', ''))).sort((a, b) => a - b)
    const all = Array.from({ length: 60 }, (_, n) => n + 1)
    expect(made).toEqual(all.filter((id) => id % 10 !== 0))
    expect([await deadIn(file), await deadIn(url)]).toEqual([
      [10, 20, 30, 40],
      [30, 40, 50, 60],
    ])
    const left = await seatrial(['queue', 'stats', '--queue', file, '--json'], cwd)
    expect(JSON.parse(left.stdout)).toMatchObject({ waiting: 0, delayed: 0, leased: 0 })
    await account.stop()
    await drop()
  })
})

/** The long run of kill-worker.test.ts. If these fail, one kill in many finds a worker at a bad moment. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDatabase, SERVER_URL } from '../../harness/engine/testing/postgres.ts'
import { faultyAccount, type Killed, killRounds } from './kill-worker.ts'

const ROUNDS = 100
const expectAll = ({ accepted, done, dead, caught }: Killed): void => {
  process.stdout.write(
    `${ROUNDS} kills: ${accepted} accepted, ${done} in the account once, ${dead} dead, ${caught} were in work\n`,
  )
  expect([accepted, done, dead]).toEqual([6_000, 5_400, 600])
  expect(caught).toBeGreaterThan(ROUNDS)
}

it('a hundred kills of workers on a queue file', { timeout: 1_800_000 }, async () => {
  const setting = await faultyAccount()
  expectAll(await killRounds(ROUNDS, `sqlite:${join(setting.cwd, 'q.queue')}`, setting))
})

describe.skipIf(SERVER_URL === undefined)('on a server', () => {
  it('a hundred kills of workers on PostgreSQL', { timeout: 1_800_000 }, async () => {
    const { url, drop } = await createDatabase(SERVER_URL!)
    expectAll(await killRounds(ROUNDS, url, await faultyAccount()))
    await drop()
  })
})

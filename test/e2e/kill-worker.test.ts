/** If these fail, a worker that dies takes orders with it, or the next one puts them into the account twice. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDatabase, SERVER_URL } from '../../harness/engine/testing/postgres.ts'
import { faultyAccount, killRounds } from './kill-worker.ts'

const ROUNDS = 2

it('kill -9 of workers on a queue file: every order once, or a dead letter with a reason', async () => {
  const setting = await faultyAccount()
  const { accepted, done, dead, caught } = await killRounds(
    ROUNDS,
    `sqlite:${join(setting.cwd, 'q.queue')}`,
    setting,
  )
  expect([accepted, done, dead]).toEqual([ROUNDS * 60, ROUNDS * 54, ROUNDS * 6])
  expect(caught).toBeGreaterThan(0)
})

describe.skipIf(SERVER_URL === undefined)('on a server', () => {
  it('kill -9 of workers on PostgreSQL: every order once, or a dead letter with a reason', async () => {
    const { url, drop } = await createDatabase(SERVER_URL!)
    const { accepted, done, dead, caught } = await killRounds(ROUNDS, url, await faultyAccount())
    expect([accepted, done, dead]).toEqual([ROUNDS * 60, ROUNDS * 54, ROUNDS * 6])
    expect(caught).toBeGreaterThan(0)
    await drop()
  })
})

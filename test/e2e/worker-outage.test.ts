/** If these fail, a database that restarts, or a network that is cut, ends a worker, or loses or doubles what it was doing. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { badNetwork } from '../../harness/engine/testing/bad-network.ts'
import { createDatabase, SERVER_URL } from '../../harness/engine/testing/postgres.ts'
import { ROOT } from './cli.ts'
import { drained, enqueueOrders, faultyAccount, startWorker, verify } from './kill-worker.ts'

const ORDERS = 150

/** Works orders off while `trouble` happens; gives what the worker said of it. */
async function workThrough(
  queue: string,
  workersQueue: string,
  trouble: () => Promise<void>,
): Promise<string> {
  const { account, cwd } = await faultyAccount()
  const accepted = await enqueueOrders(queue, 1, ORDERS)
  const { child, finished } = await startWorker(cwd, workersQueue)
  await pause(500)
  await trouble()
  await drained(queue)
  child.kill('SIGTERM')
  const { code, stderr } = await finished
  expect(code).toBe(0)
  expect(await verify(account, queue, accepted)).toEqual({ done: 135, dead: 15 })
  await account.stop()
  return stderr
}

/** A network to the server of a database, and the address of that behind it. */
async function behindNetwork(url: string) {
  const network = await badNetwork(Number(new URL(url).port))
  return { network, farUrl: Object.assign(new URL(url), { port: String(network.port) }).href }
}

describe.skipIf(SERVER_URL === undefined)('a worker on a server', () => {
  it('goes on after the network to its database was cut', async () => {
    const { url, drop } = await createDatabase(SERVER_URL!)
    const { network, farUrl } = await behindNetwork(url)
    const said = await workThrough(url, farUrl, async () => {
      network.cut()
      await pause(2_500)
      network.mend()
    })
    expect(said).toMatch(
      /^the queue: 127\.0\.0\.1:\d+\/\w+ gives no answer.*; trying again\nthe queue answers again after \d/m,
    )
    network.close()
    await drop()
  })

  it('loses its orders to another while the network swallows what it says, and goes on when it is back', {
    timeout: 150_000,
  }, async () => {
    const { url, drop } = await createDatabase(SERVER_URL!)
    const { network, farUrl } = await behindNetwork(url)
    const { account, cwd } = await faultyAccount()
    let accepted = await enqueueOrders(url, 1, ORDERS)
    const [far, near] = [await startWorker(cwd, farUrl), await startWorker(cwd, url)]
    await pause(300)
    network.swallow()
    await drained(url)
    // Longer than the wait for an answer, and for a new connection after it.
    await pause(16_000)
    near.child.kill('SIGTERM')
    expect(await near.finished).toMatchObject({ code: 0, stderr: '' })
    network.mend()
    accepted += await enqueueOrders(url, accepted + 1, ORDERS)
    await drained(url)
    network.swallow()
    far.child.kill('SIGTERM')
    const { code, stderr, stdout } = await far.finished
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\d+ done/)])
    expect(stderr).toMatch(/^the queue: .* gives no answer; trying again\nthe queue answers again after \d/m)
    expect(await verify(account, url, accepted)).toEqual({ done: 270, dead: 30 })
    network.close()
    await account.stop()
    await drop()
  })

  describe('of its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-pg-'))
    const script = (...args: string[]): string =>
      execFileSync(join(ROOT, 'scripts/postgres.sh'), args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    afterAll(() => void script('stop', folder))

    it('goes on after the server fell over and came back', async () => {
      const { port, close } = await badNetwork(0)
      close()
      const url = script('start', folder, String(port))
      const said = await workThrough(url, url, async () => void script('restart', folder))
      expect(said).toMatch(/^the queue: .*; trying again\nthe queue answers again after \d/m)
    })
  })
})

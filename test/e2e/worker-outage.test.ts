/** If these fail, a database that restarts, or a network that is cut, ends a worker, or loses or doubles what it was doing. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { createDatabase, SERVER_URL } from '../../harness/engine/testing/postgres.ts'
import { ROOT } from './cli.ts'
import { drained, enqueueOrders, faultyAccount, startWorker, verify } from './kill-worker.ts'

const ORDERS = 150

/** A way to `port` that can be cut: connections end, and new ones are refused at once. */
async function cuttable(port: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const proxy = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    port: (proxy.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => {
      isCut = false
    },
    close: () => proxy.close(),
  }
}

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

describe.skipIf(SERVER_URL === undefined)('a worker on a server', () => {
  it('goes on after the network to its database was cut', async () => {
    const { url, drop } = await createDatabase(SERVER_URL!)
    const network = await cuttable(Number(new URL(url).port))
    const farUrl = Object.assign(new URL(url), { port: String(network.port) }).href
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

  describe('of its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-pg-'))
    const script = (...args: string[]): string =>
      execFileSync(join(ROOT, 'scripts/postgres.sh'), args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    afterAll(() => void script('stop', folder))

    it('goes on after the server fell over and came back', async () => {
      const { port, close } = await cuttable(0)
      close()
      const url = script('start', folder, String(port))
      const said = await workThrough(url, url, async () => void script('restart', folder))
      expect(said).toMatch(/^the queue: .*; trying again\nthe queue answers again after \d/m)
    })
  })
})

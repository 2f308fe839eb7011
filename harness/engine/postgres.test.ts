/** If these fail, a user is not told what is wrong with a server, or is told a password. */

import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { openPostgres, queueDatabaseError } from './postgres.ts'
import { openPostgresQueue } from './queue-postgres.ts'
import { badNetwork } from './testing/bad-network.ts'
import { createDatabase, SERVER_URL } from './testing/postgres.ts'

const clock = new SystemClock()

describe('a server', () => {
  const claim = async (url: string): Promise<unknown> => {
    const db = await openPostgres(url)
    try {
      return await db.query('SELECT 1 AS one')
    } finally {
      await db.close()
    }
  }
  const listen = async (greet: (socket: Socket) => void) => {
    const server = createServer(greet)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return { url: `postgres://someone:hunter2@127.0.0.1:${port}/orders`, close: () => server.close() }
  }

  it('that is not there is named, without the password', async () => {
    const { url, close } = await listen(() => {})
    close()
    const refused = claim(url)
    await expect(refused).rejects.toMatchObject({ code: 'E_QUEUE_UNREACHABLE' })
    await expect(refused).rejects.toThrow(/^127\.0\.0\.1:\d+\/orders gives no answer \(ECONNREFUSED\)$/)
    await expect(claim('postgres://someone@no-such-host.invalid/orders')).rejects.toMatchObject({
      code: 'E_QUEUE_UNREACHABLE',
    })
  })

  it('that hangs up is one that gives no answer', async () => {
    const { url, close } = await listen((socket) => socket.destroy())
    await expect(claim(url)).rejects.toMatchObject({ code: 'E_QUEUE_UNREACHABLE' })
    close()
  })

  it('says by its codes what is wrong', () => {
    const meaning = (code: string): unknown =>
      queueDatabaseError(Object.assign(new Error('x'), { code }), 'db.example/orders')
    expect(meaning('28P01')).toMatchObject({
      code: 'E_QUEUE_REFUSED',
      message: 'db.example/orders refuses the login (28P01)',
    })
    expect(meaning('53100')).toMatchObject({ code: 'E_QUEUE_FULL' })
    expect(meaning('53300')).toMatchObject({ code: 'E_QUEUE_UNREACHABLE' })
    expect(meaning('57P01')).toMatchObject({ code: 'E_QUEUE_UNREACHABLE' })
    for (const words of ['timeout exceeded when trying to connect', 'Query read timeout'])
      expect(queueDatabaseError(new Error(words), 'x')).toMatchObject({ code: 'E_QUEUE_UNREACHABLE' })
    expect(meaning('40P01')).toMatchObject({ code: 'E_QUEUE_BUSY' })
    // A mistake in our SQL is ours, and no trouble of the network.
    expect(meaning('42601')).toMatchObject({ message: 'x', code: '42601' })
  })

  describe.skipIf(SERVER_URL === undefined)('that is real', () => {
    const at = (change: Partial<URL>): string => Object.assign(new URL(SERVER_URL!), change).href

    it('refuses an unknown user and an unknown database', async () => {
      const stranger = claim(at({ username: 'nobody_of_ours' }))
      await expect(stranger).rejects.toMatchObject({ code: 'E_QUEUE_REFUSED' })
      const nowhere = claim(at({ pathname: '/no_such_database' }))
      await expect(nowhere).rejects.toThrow('/no_such_database does not exist (3D000)')
    })

    it('is out of reach for every call while the network swallows all that is said, and back when it does not', async () => {
      const network = await badNetwork(Number(new URL(SERVER_URL!).port))
      const db = await openPostgres(at({ port: String(network.port) }))
      const ask = (): Promise<unknown> => db.query('SELECT 1 AS one')
      await Promise.all([ask(), ask(), ask()])
      network.swallow()
      // On open connections, on one that is only begun, and in the line for one.
      const asked = await Promise.allSettled(Array.from({ length: 6 }, ask))
      for (const { status, reason } of asked as PromiseRejectedResult[])
        expect([status, reason.code]).toEqual(['rejected', 'E_QUEUE_UNREACHABLE'])
      network.mend()
      expect(await ask()).toEqual([{ one: 1 }])
      await db.close()
      network.close()
    })

    it('lets two programs make the queue at once', async () => {
      const { url, drop } = await createDatabase(SERVER_URL!)
      const open = async (): Promise<void> =>
        (await openPostgresQueue(clock, await openPostgres(url))).close()
      await Promise.all([open(), open(), open(), open()])
      await drop()
    })

    it('answers only when the disk has it, even where its default is not to', async () => {
      const { url, drop } = await createDatabase(SERVER_URL!)
      const admin = await openPostgres(url)
      const name = new URL(url).pathname.slice(1)
      await admin.exec(`ALTER DATABASE ${name} SET synchronous_commit = off`)
      await admin.exec(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`)
      await admin.close()
      const db = await openPostgres(url)
      expect(await db.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
      expect(await db.query('SHOW transaction_isolation')).toEqual([
        { transaction_isolation: 'read committed' },
      ])
      await db.close()
      await drop()
    })
  })
})

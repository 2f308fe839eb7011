/** If these fail, a password ends up where every user of the machine reads it, or a mistyped address is not explained. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readAddress } from './queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'seatrial-address-'))
afterAll(() => rmSync(folder, { recursive: true }))
const thrown = (text: string, env = {}): unknown => {
  try {
    return readAddress(text, env)
  } catch (error) {
    return error
  }
}

describe('the address of a queue', () => {
  it('names a file or a database', () => {
    expect(readAddress('sqlite:orders.queue')).toEqual({ kind: 'sqlite', file: 'orders.queue' })
    expect(readAddress('sqlite:///var/lib/orders.queue')).toEqual({
      kind: 'sqlite',
      file: '/var/lib/orders.queue',
    })
    const url = 'postgresql://me@db.example.com:5433/orders?sslmode=verify-full'
    expect(readAddress(url)).toEqual({ kind: 'postgres', url })
  })

  it('may stand in a variable or a file, with its password', () => {
    const url = 'postgres://me:hunter2@db/orders'
    expect(readAddress('env:QUEUE_URL', { QUEUE_URL: url })).toEqual({ kind: 'postgres', url })
    const file = join(folder, 'url.txt')
    writeFileSync(file, `${url}\n`)
    expect(readAddress(`file:${file}`)).toEqual({ kind: 'postgres', url })
    expect(thrown('env:QUEUE_URL', { QUEUE_URL: 'hunter2' })).toMatchObject({
      code: 'E_QUEUE_ADDRESS',
      message: 'env:QUEUE_URL is not the address of a queue',
    })
    expect(thrown('env:QUEUE_URL')).toMatchObject({ message: 'env:QUEUE_URL is not set' })
  })

  it('never holds a password on the command line', () => {
    const secrets = ['postgres://me:hunter2@db/orders', 'postgres://me@db/orders?password=hunter2']
    for (const text of secrets) {
      const error = thrown(text) as Error
      expect(error).toMatchObject({ code: 'E_QUEUE_SECRET' })
      expect(JSON.stringify([error.message, error])).not.toContain('hunter2')
    }
  })

  it.each(['orders.queue', 'mysql://db/orders', 'postgres://', 'sqlite:', ''])('is not %j', (text) => {
    expect(thrown(text)).toMatchObject({ code: 'E_QUEUE_ADDRESS' })
  })
})

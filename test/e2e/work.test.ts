/** If these fail, somebody who hands orders over to a worker loses them, or is not told what is wrong with a queue. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { put, scratchFolder, seatrial, serve, start, until } from './cli.ts'
import { orderLines, TARGET } from './orders.ts'

const cwd = scratchFolder()
const QUEUE = 'sqlite:orders.queue'
const addItem = (
  control: (method: string, path: string, body: unknown) => Promise<unknown>,
): Promise<unknown> =>
  control('POST', '/records/inventoryItem', { items: [{ itemId: 'SKU-1', externalId: 'SKU-1' }] })

describe('a worker', () => {
  it('takes each order from a queue file into the account once, and keeps what NetSuite refuses for an operator', async () => {
    const account = await serve(cwd, '--latency', 'none')
    await addItem(account.control)
    put(cwd, 'orders.ndjson', orderLines(1, 20).replace('SKU-1', 'NOPE'))
    put(cwd, 'target.yaml', TARGET(account.readyFile))
    const at = ['--queue', QUEUE]
    const run = (...args: string[]) => seatrial(args, cwd)

    expect(await run('enqueue', ...at, '--orders', 'orders.ndjson')).toMatchObject({ code: 0, stderr: '' })
    const again = await run('enqueue', ...at, '--orders', 'orders.ndjson')
    expect(again.stdout).toBe('0 orders queued, 20 known already\n')
    const work = ['work', ...at, '--target', 'target.yaml', '--until-empty', '--log-level', 'silent']
    const worked = await run(...work)
    expect(worked).toMatchObject({ code: 0, stderr: '' })
    expect(worked.stdout).toMatch(
      /^working for the simulator\n19 done, 1 dead, \d+ calls, \d+ of them answered 429\n$/,
    )
    expect(await account.control('GET', '/records')).toMatchObject({ salesOrder: 19 })

    const dead = await run('queue', 'dead', ...at)
    expect(dead.stdout).toMatch(/^1 {2}\S+Z {2}order 1: salesOrder\.create: 400 USER_ERROR: .*NOPE.*\n$/)
    expect((await run('queue', 'redrive', '1', '99', ...at)).stdout).toBe(
      '1 put back, 1 are no dead letters\n',
    )
    const stats = JSON.parse((await run('queue', 'stats', '--json', ...at)).stdout)
    expect(stats).toMatchObject({ waiting: 1, delayed: 0, leased: 0, dead: 0 })
    await account.stop()
  })

  it('finishes what it is at when it is told to stop, takes up what comes in, and shows its figures', async () => {
    const account = await serve(cwd, '--latency', 'lean')
    await addItem(account.control)
    put(cwd, 'more.ndjson', orderLines(101, 130))
    put(cwd, 'target.yaml', TARGET(account.readyFile))
    const args = ['work', '--queue', 'sqlite:more.queue', '--target', 'target.yaml', '--health-port', '0']
    const { child, finished } = start([...args, '--log-level', 'info'], cwd)
    let shown = ''
    child.stdout.on('data', (text: string) => (shown += text))
    const url = await until('the worker', () => /health at (\S+)/.exec(shown)?.[1])
    await seatrial(['enqueue', '--queue', 'sqlite:more.queue', '--orders', 'more.ndjson'], cwd)
    const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text()
    await until('the first orders', async () =>
      (await metrics()).match(/completed\S* [1-9]/) ? true : undefined,
    )
    child.kill('SIGTERM')
    const { code, stdout } = await finished
    expect(code).toBe(0)
    const done = Number(/\n(\d+) done, 0 dead/.exec(stdout)![1])
    const left = await seatrial(['queue', 'stats', '--queue', 'sqlite:more.queue', '--json'], cwd)
    expect(JSON.parse(left.stdout)).toMatchObject({ waiting: 30 - done, leased: 0, dead: 0 })
    expect(await account.control('GET', '/records')).toMatchObject({ salesOrder: done })
    await account.stop()
  })
})

describe('a queue that cannot be used', () => {
  put(cwd, 'nothing.ndjson', 'no order\n')
  put(cwd, 'orders.txt', orderLines(1, 1))
  it.concurrent.each([
    [['queue', 'stats', '--queue', 'sqlite:none.queue'], 2, 'E_QUEUE_MISSING'],
    [['queue', 'stats', '--queue', 'sqlite:orders.txt'], 2, 'E_QUEUE_FOREIGN'],
    [['queue', 'stats', '--queue', 'postgres://me:hunter2@127.0.0.1/orders'], 2, 'E_QUEUE_SECRET'],
    [['queue', 'stats', '--queue', 'postgres://me@127.0.0.1:1/orders'], 3, 'E_QUEUE_UNREACHABLE'],
    [['enqueue', '--queue', 'sqlite:new.queue', '--orders', 'nothing.ndjson'], 2, 'nothing.ndjson'],
    [['work', '--queue', 'sqlite:new.queue', '--target', 'x.yaml', '--lease', '0'], 2, '--lease 0'],
  ])('seatrial %j is refused', async (args, code, words) => {
    const result = await seatrial(args, cwd)
    expect(result.code).toBe(code)
    expect(result.stderr).toContain(words)
    expect(result.text).not.toMatch(/hunter2|\n {4}at /)
    expect(existsSync(join(cwd, 'none.queue')) || existsSync(join(cwd, 'new.queue'))).toBe(false)
    expect(readFileSync(join(cwd, 'orders.txt'), 'utf8')).toBe(orderLines(1, 1))
  })

  it('is not made for an account that may not be written to', async () => {
    put(cwd, 'read-only.yaml', TARGET('ready.json').replace('true', 'false'))
    put(cwd, 'ready.json', {
      baseUrl: 'http://127.0.0.1:1',
      accountId: '1',
      consumerKey: 'a',
      consumerSecret: 'b',
      tokenId: 'c',
      tokenSecret: 'd',
    })
    const work = (target: string) =>
      seatrial(['work', '--queue', 'sqlite:new.queue', '--target', target], cwd)
    expect(await work('read-only.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E_TARGET_READ_ONLY'),
    })
    put(cwd, 'gone.yaml', TARGET('ready.json'))
    expect(await work('gone.yaml')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('E_TARGET_UNREACHABLE'),
    })
    expect(existsSync(join(cwd, 'new.queue'))).toBe(false)
  })
})

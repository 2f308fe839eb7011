/** If these fail, a worker does not do what its settings say: levels are not booked, changes do not come, budgets are not kept. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDatabase, SERVER_URL } from '../../harness/engine/testing/postgres.ts'
import type { JournalPage } from '../../protocol/control.ts'
import { put, scratchFolder, seatrial, serve, start, until } from './cli.ts'
import { drained } from './kill-worker.ts'
import { orderLines, TARGET } from './orders.ts'

const cwd = scratchFolder()
const QUEUE = ['--queue', 'sqlite:shop.queue']
const SETTINGS = `peak: { enterBacklog: 500, leaveBacklog: 50 }
budgets:
  - { name: minute, windowMs: 60000, callsMax: 2000, burstRatio: 0.5 }
stock: { adjustmentAccountId: 8, compareAtUtc: "00:00" }
sync:
  - { name: customers, table: customer, columns: [externalid, email], file: customers.ndjson }
`
const LEVEL = { sku: 'SKU-1', locationId: '1', version: 3, quantity: 40 }

it('a worker books stock levels, delivers what changed once, and compares stock', async () => {
  const account = await serve(cwd, '--latency', 'none')
  await account.control('POST', '/records/inventoryItem', {
    items: [{ itemId: 'SKU-1', externalId: 'SKU-1' }],
  })
  put(cwd, 'target.yaml', TARGET(account.readyFile))
  put(cwd, 'work.yaml', SETTINGS)
  put(cwd, 'orders.ndjson', orderLines(1, 3))
  const older = { ...LEVEL, version: 2, quantity: 9 }
  put(cwd, 'levels.ndjson', [LEVEL, older].map((level) => `${JSON.stringify(level)}\n`).join(''))
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, text } = await seatrial(args, cwd)
    expect(code, text).toBe(0)
    return stdout
  }
  const work = () =>
    run('work', ...QUEUE, '--target', 'target.yaml', '--settings', 'work.yaml', '--until-empty')
  const onHand = async (): Promise<unknown> => {
    const { body } = await account.call('GET', '/inventoryItem/eid:SKU-1/locations?expandSubResources=true')
    const { items } = JSON.parse(body) as { items: { location: { id: string }; quantityOnHand: number }[] }
    return items.find(({ location }) => location.id === '1')?.quantityOnHand
  }
  const changes = (): unknown[] =>
    readFileSync(join(cwd, 'customers.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { externalid: string }).externalid)

  expect(await run('enqueue', ...QUEUE, '--orders', 'orders.ndjson', '--levels', 'levels.ndjson')).toBe(
    '3 orders queued, 0 known already\n1 levels queued, 1 known or outdated already\n',
  )
  expect(await work()).toMatch(/\n4 done, 0 dead, /)
  expect(await onHand()).toBe(40)

  // The customers came with the orders, perhaps after the first pass; by now each has been told once.
  await work()
  expect(changes().sort()).toEqual(['SHOP-C-c0', 'SHOP-C-c1', 'SHOP-C-c2'])
  await account.stop()
})

describe.skipIf(SERVER_URL === undefined)('two workers on a server', () => {
  const WINDOW_MS = 8_000
  const CALLS_MAX = 40

  it('keep one budget of calls together, and one of them delivers what changed', async () => {
    const account = await serve(cwd, '--latency', 'none')
    const { url, drop } = await createDatabase(SERVER_URL!)
    await account.control('POST', '/records/inventoryItem', {
      items: [{ itemId: 'SKU-1', externalId: 'SKU-1' }],
    })
    put(cwd, 'target.yaml', TARGET(account.readyFile))
    put(cwd, 'orders.ndjson', orderLines(1, 60))
    put(
      cwd,
      'both.yaml',
      `budgets: [{ name: short, windowMs: ${WINDOW_MS}, callsMax: ${CALLS_MAX} }]
sync: [{ name: customers, table: customer, columns: [externalid], everyMs: 1000, file: both.ndjson }]
`,
    )
    const queue = ['--queue', url]
    expect(await seatrial(['enqueue', ...queue, '--orders', 'orders.ndjson'], cwd)).toMatchObject({ code: 0 })
    const args = ['work', ...queue, '--target', 'target.yaml', '--settings', 'both.yaml']
    const workers = [1, 2].map(() => start([...args, '--log-level', 'silent'], cwd))
    await drained(url)
    const lines = (): string[] => readFileSync(join(cwd, 'both.ndjson'), 'utf8').split('\n').filter(Boolean)
    await until('all customers', () => (lines().length >= 20 ? true : undefined))
    for (const { child } of workers) child.kill('SIGTERM')
    const ended = await Promise.all(workers.map(({ finished }) => finished))
    for (const { code, stdout, stderr } of ended) {
      expect([code, stderr]).toEqual([0, ''])
      expect(Number(/(\d+) done/.exec(stdout)![1])).toBeGreaterThan(0)
    }
    const told = lines().map((line) => (JSON.parse(line) as { externalid: string }).externalid)
    expect(new Set(told).size).toBe(20)
    // Each worker brings each customer up to date once, and both times it has changed.
    expect(told.length).toBeLessThanOrEqual(40)

    const { items } = (await account.control('GET', '/journal?limit=10000')) as JournalPage
    const sentMs = items
      .filter(({ path }) => /customer|salesOrder|suiteql/.test(path))
      .map(({ receivedMs }) => receivedMs)
      .sort((a, b) => a - b)
    expect(sentMs.length).toBeGreaterThan(CALLS_MAX * 1.5)
    const inWindow = sentMs.map((ms) => sentMs.filter((one) => one >= ms && one < ms + WINDOW_MS).length)
    // A call may take a moment from its permit to the account: two may come closer there than they were sent.
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(CALLS_MAX + 2)
    await account.stop()
    await drop()
  })
})

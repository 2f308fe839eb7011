/** If these fail, a worker does not do what its settings say: levels are not booked, changes do not come, budgets are not kept. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { put, scratchFolder, seatrial, serve } from './cli.ts'
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

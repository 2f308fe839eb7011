/**
 * Rounds of kill -9 of workers in mid-work, over real sockets and with faults on the way, until everything that was accepted
 * is in the account exactly once or a dead letter with a reason. Used by kill-worker.test.ts and its long run.
 */
import { expect } from 'vitest'
import { openQueue } from '../../cli/queue.ts'
import { workInput } from '../../harness/engine/work.ts'
import { readOrders } from '../../harness/shop/order-file.ts'
import { SystemClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { put, type Served, scratchFolder, serve, start, until } from './cli.ts'
import { orderLines, TARGET } from './orders.ts'

/** Short, so that what a killed worker held is taken up while the next round runs. */
const LEASE_SEC = 2
const ORDERS_PER_ROUND = 60
const PROFILE = `preset: ultimate
latency: { sigma: 0.5, medianMs: { "*.create": 40, "*.upsert": 20, "*.get": 5 } }
faults:
  - { fault: drop-response, match: { methods: [POST, PUT] }, probabilityRatio: 0.05 }
  - { fault: reset-before, match: { methods: [POST, PUT] }, probabilityRatio: 0.03 }
  - { fault: reject, match: { methods: [POST, PUT] }, probabilityRatio: 0.03 }
`
const clock = new SystemClock()

export interface Killed {
  readonly accepted: number
  readonly done: number
  readonly dead: number
  /** Orders that were in work at the moment of a kill, all rounds together. */
  readonly caught: number
}

/** Starts an account with faults, and a folder that knows it. */
export async function faultyAccount(): Promise<{ account: Served; cwd: string }> {
  const cwd = scratchFolder()
  put(cwd, 'profile.yaml', PROFILE)
  const account = await serve(cwd, '--profile', 'profile.yaml', '--seed', 'kill-worker')
  await account.control('POST', '/records/inventoryItem', {
    items: [{ itemId: 'SKU-1', externalId: 'SKU-1' }],
  })
  put(cwd, 'target.yaml', TARGET(account.readyFile))
  return { account, cwd }
}

/** Starts a worker; resolves when it works. */
export async function startWorker(cwd: string, queue: string, env: NodeJS.ProcessEnv = {}) {
  const args = ['work', '--queue', queue, '--target', 'target.yaml', '--lease', String(LEASE_SEC)]
  const worker = start([...args, '--log-level', 'silent'], cwd, env)
  let shown = ''
  let over = ''
  worker.child.stdout!.on('data', (text: string) => (shown += text))
  void worker.finished.then(({ text }) => (over = text))
  await until('a worker', () => {
    if (over !== '') throw new Error(`the worker ended: ${over}`)
    return shown.includes('working for') ? true : undefined
  })
  return worker
}

/** Puts orders in; every tenth is one that NetSuite refuses for good. Gives how many. */
export async function enqueueOrders(queue: string, from: number, count: number): Promise<number> {
  const orders = readOrders(orderLines(from, from + count - 1), 'orders')
  const spoilt = orders.map((order) =>
    Number(order.id) % 10 === 0
      ? { ...order, line_items: [{ ...order.line_items[0]!, sku: 'NOPE' }] }
      : order,
  )
  const opened = await openQueue(clock, queue, { mayCreate: true })
  const taken = await opened.queue.enqueue(spoilt.map((order) => workInput({ flow: 'order', order })))
  await opened.queue.close()
  return taken.filter((state) => state === 'queued').length
}

/** Waits until nothing is open. */
export async function drained(queue: string): Promise<void> {
  const opened = await openQueue(clock, queue, { mayCreate: false })
  await until('an empty queue', async () => {
    const { waiting, delayed, leased } = await opened.queue.stats()
    return waiting + delayed + leased === 0 ? true : undefined
  })
  await opened.queue.close()
}

/** Orders 1 to `accepted`: each in the account once, or a dead letter with NetSuite's reason; gives how many of each. */
export async function verify(
  account: Served,
  queue: string,
  accepted: number,
): Promise<{ done: number; dead: number }> {
  const { items } = (await account.control('GET', '/records/salesOrder?limit=10000')) as {
    items: { externalId: string }[]
  }
  const opened = await openQueue(clock, queue, { mayCreate: false })
  const letters = await opened.queue.deadLetters(undefined, 10_000)
  await opened.queue.close()
  const inAccount = items.map(({ externalId }) => Number(externalId.replace('SHOP-', '')))
  const given = letters.map(({ dedupeKey }) => Number(dedupeKey))
  const all = Array.from({ length: accepted }, (_, n) => n + 1)
  expect([...inAccount, ...given].sort((a, b) => a - b)).toEqual(all)
  expect(given.sort((a, b) => a - b)).toEqual(all.filter((id) => id % 10 === 0))
  for (const { reason } of letters) expect(reason).toContain('NOPE')
  return { done: inAccount.length, dead: given.length }
}

/** Two workers share the queue; each round kills one of them at a random moment and starts another. */
export async function killRounds(
  rounds: number,
  queue: string,
  { account, cwd }: Awaited<ReturnType<typeof faultyAccount>>,
) {
  const rng = createRng('kill-worker')
  let accepted = 0
  let caught = 0
  const workers = await Promise.all([startWorker(cwd, queue), startWorker(cwd, queue)])
  for (let round = 0; round < rounds; round++) {
    accepted += await enqueueOrders(queue, accepted + 1, ORDERS_PER_ROUND)
    await clock.sleep(rng.next() * 500)
    const victim = round % 2
    workers[victim]!.child.kill('SIGKILL')
    expect((await workers[victim]!.finished).code).toBeNull()
    const held = await openQueue(clock, queue, { mayCreate: false })
    caught += (await held.queue.stats()).leased
    await held.queue.close()
    workers[victim] = await startWorker(cwd, queue)
  }
  await drained(queue)
  for (const { child } of workers) child.kill('SIGTERM')
  for (const { finished } of workers) expect(await finished).toMatchObject({ code: 0 })
  const { done, dead } = await verify(account, queue, accepted)
  await account.stop()
  return { accepted, done, dead, caught }
}

/** `seatrial enqueue`: puts orders or stock levels from a file into a queue, for workers to take. */
import { Command } from 'commander'
import { type Level, Levels } from '../../harness/engine/index.ts'
import { type Work, workInput } from '../../harness/engine/work.ts'
import { readOrders } from '../../harness/shop/order-file.ts'
import { SystemClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/error.ts'
import { readText } from '../files.ts'
import { readLevels } from '../level-file.ts'
import { type OpenedQueue, openQueue, QUEUE_HELP } from '../queue.ts'

interface EnqueueOptions {
  readonly queue: string
  readonly orders?: string
  readonly levels?: string
}

const HELP = `${QUEUE_HELP}
Each order is taken once, however often it is enqueued. Bad rows stop the command before the first is.

Stock levels are NDJSON: { "sku": "MUG", "locationId": "1", "version": 7, "quantity": 40 }. The version is the warehouse's own
count, a whole number from 0: of each item and location only the level with the highest goes out. Workers need stock in
their settings (\`seatrial work --settings\`) to book them.

Examples:
  seatrial enqueue --queue sqlite:orders.queue --orders orders.ndjson
  seatrial enqueue --queue postgres://seatrial@db.example.com/orders --orders black-friday.csv
  seatrial enqueue --queue sqlite:orders.queue --levels levels.ndjson
`

/** Small enough that a slow database answers in time, large enough that the way there does not matter. */
const BATCH = 500

export function enqueueCommand(): Command {
  return new Command('enqueue')
    .description('put orders or stock levels into a queue')
    .requiredOption('--queue <address>', 'where they wait: sqlite:FILE or postgres://…')
    .option('--orders <file>', 'NDJSON, JSON or CSV; the formats of `seatrial run --orders`')
    .option('--levels <file>', 'NDJSON; how many of an item are at a location')
    .addHelpText('after', HELP)
    .action(enqueue)
}

async function enqueue({
  queue: address,
  orders: orderFile,
  levels: levelFile,
}: EnqueueOptions): Promise<void> {
  if (orderFile === undefined && levelFile === undefined)
    throw new AppError('E_OPTION_MISSING', 'nothing to enqueue', {
      expected: '--orders FILE, --levels FILE, or both',
      mend: 'name a file',
    })
  const orders = orderFile === undefined ? [] : readOrders(readText(orderFile), orderFile)
  const levels = levelFile === undefined ? [] : readLevels(readText(levelFile), levelFile)
  const opened = await openQueue(new SystemClock(), address, { mayCreate: true })
  try {
    if (orderFile !== undefined) {
      const queued = await putAll(
        opened,
        orders.map((order): Work => ({ flow: 'order', order })),
      )
      process.stdout.write(`${queued} orders queued, ${orders.length - queued} known already\n`)
    }
    if (levelFile !== undefined) {
      const queued = await putLevels(opened, levels)
      process.stdout.write(`${queued} levels queued, ${levels.length - queued} known or outdated already\n`)
    }
  } finally {
    await opened.queue.close()
  }
}

/** Gives how many were new. */
async function putAll({ queue }: OpenedQueue, works: readonly Work[]): Promise<number> {
  let queued = 0
  for (let from = 0; from < works.length; from += BATCH) {
    const taken = await queue.enqueue(works.slice(from, from + BATCH).map(workInput))
    queued += taken.filter((state) => state === 'queued').length
  }
  return queued
}

/** Levels are known before the work for them is queued: after a crash in between the same file does the rest. */
async function putLevels(opened: OpenedQueue, given: readonly Level[]): Promise<number> {
  const store = await opened.openStore()
  try {
    const levels = new Levels(store)
    const works: Work[] = []
    for (const level of given) {
      const work = await levels.offer(level)
      if (work !== undefined) works.push(work)
    }
    return await putAll(opened, works)
  } finally {
    await store.close()
  }
}

/** `seatrial enqueue`: puts orders from a file into a queue, for workers to take. */
import { Command } from 'commander'
import { workInput } from '../../harness/engine/work.ts'
import { readOrders } from '../../harness/shop/order-file.ts'
import { SystemClock } from '../../kernel/clock.ts'
import { readText } from '../files.ts'
import { openQueue, QUEUE_HELP } from '../queue.ts'

interface EnqueueOptions {
  readonly queue: string
  readonly orders: string
}

const HELP = `${QUEUE_HELP}
Each order is taken once, however often it is enqueued. Bad rows stop the command before the first is.

Examples:
  seatrial enqueue --queue sqlite:orders.queue --orders orders.ndjson
  seatrial enqueue --queue postgres://seatrial@db.example.com/orders --orders black-friday.csv
`

/** Small enough that a slow database answers in time, large enough that the way there does not matter. */
const BATCH = 500

export function enqueueCommand(): Command {
  return new Command('enqueue')
    .description('put orders into a queue')
    .requiredOption('--queue <address>', 'where they wait: sqlite:FILE or postgres://…')
    .requiredOption('--orders <file>', 'NDJSON, JSON or CSV; the formats of `seatrial run --orders`')
    .addHelpText('after', HELP)
    .action(enqueue)
}

async function enqueue({ queue: address, orders: file }: EnqueueOptions): Promise<void> {
  const orders = readOrders(readText(file), file)
  const { queue } = await openQueue(new SystemClock(), address, { mayCreate: true })
  try {
    let queued = 0
    for (let from = 0; from < orders.length; from += BATCH) {
      const inputs = orders.slice(from, from + BATCH).map((order) => workInput({ flow: 'order', order }))
      queued += (await queue.enqueue(inputs)).filter((state) => state === 'queued').length
    }
    process.stdout.write(`${queued} orders queued, ${orders.length - queued} known already\n`)
  } finally {
    await queue.close()
  }
}

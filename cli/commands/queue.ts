/** `seatrial queue`: what an operator asks of a queue, and does with what was given up. */
import { Command } from 'commander'
import type { DeadLetter, QueueStats, WorkQueue } from '../../harness/engine/index.ts'
import { readWork, subjectOf, type Work } from '../../harness/engine/work.ts'
import { SystemClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/error.ts'
import { openQueue, QUEUE_HELP } from '../queue.ts'

const HELP = `${QUEUE_HELP}
Examples:
  seatrial queue stats --queue sqlite:orders.queue
  seatrial queue dead --queue sqlite:orders.queue
  seatrial queue redrive 17 21 --queue sqlite:orders.queue     try these again, once the reason is mended
  seatrial queue redrive --all --queue sqlite:orders.queue
`

interface QueueOptions {
  readonly queue: string
  readonly json?: true
  readonly all?: true
}

const PAGE = 500
const clock = new SystemClock()

export function queueCommand(): Command {
  const part = (name: string, description: string): Command =>
    new Command(name)
      .description(description)
      .requiredOption('--queue <address>', 'sqlite:FILE or postgres://…')
      .addHelpText('after', QUEUE_HELP)
  return new Command('queue')
    .description('look at a queue, and try dead letters again')
    .addHelpText('after', HELP)
    .addCommand(
      part('stats', 'how much waits, and for how long').option('--json', 'for programs').action(stats),
    )
    .addCommand(
      part('dead', 'what was given up, and why').option('--json', 'for programs, one line each').action(dead),
    )
    .addCommand(
      part('redrive', 'put dead letters back')
        .argument('[ids...]', 'as `queue dead` shows them')
        .option('--all', 'all of them')
        .action(redrive),
    )
}

async function withQueue(address: string, work: (queue: WorkQueue) => Promise<void>): Promise<void> {
  const { queue } = await openQueue(clock, address, { mayCreate: false })
  try {
    await work(queue)
  } finally {
    await queue.close()
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function stats({ queue: address, json }: QueueOptions): Promise<void> {
  return withQueue(address, async (queue) => {
    const found = await queue.stats()
    print(json ? JSON.stringify(found) : describeStats(found))
  })
}

function describeStats({ waiting, delayed, leased, dead, oldestMs }: QueueStats): string {
  const counts = `${waiting} waiting, ${delayed} waiting for their next try, ${leased} in work, ${dead} dead`
  if (oldestMs === undefined) return counts
  return `${counts}; the oldest came ${Math.max(0, Math.round((clock.now() - oldestMs) / 1_000))} s ago`
}

function dead({ queue: address, json }: QueueOptions): Promise<void> {
  return withQueue(address, async (queue) => {
    for await (const letter of letters(queue)) print(json ? JSON.stringify(letter) : describeLetter(letter))
  })
}

async function* letters(queue: WorkQueue): AsyncGenerator<DeadLetter<Work>> {
  let afterId: string | undefined
  for (;;) {
    const page = await queue.deadLetters(afterId, PAGE)
    yield* page
    if (page.length < PAGE) return
    afterId = page.at(-1)!.id
  }
}

function describeLetter({ id, dedupeKey, payload, atMs, reason }: DeadLetter<Work>): string {
  const work = readWork(payload)
  const what = typeof work === 'string' ? dedupeKey : `${work.flow} ${subjectOf(work)}`
  return `${id}  ${new Date(atMs).toISOString()}  ${what}: ${reason}`
}

function redrive(ids: readonly string[], { queue: address, all }: QueueOptions): Promise<void> {
  if (ids.length > 0 === (all === true))
    throw new AppError('E_OPTION_INVALID', all ? '--all and ids exclude each other' : 'nothing to put back', {
      expected: 'ids as `seatrial queue dead` shows them, or --all',
      mend: 'name what is to be tried again',
    })
  return withQueue(address, async (queue) => {
    const wanted = [...ids]
    if (all) for await (const { id } of letters(queue)) wanted.push(id)
    let count = 0
    for (let from = 0; from < wanted.length; from += PAGE)
      count += await queue.redrive(wanted.slice(from, from + PAGE))
    print(`${count} put back${count < wanted.length ? `, ${wanted.length - count} are no dead letters` : ''}`)
  })
}

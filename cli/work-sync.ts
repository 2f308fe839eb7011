/** The jobs of synchronisation that a worker's settings ask for, and what it says of them. */
import type { Logger } from 'pino'
import {
  compareStock,
  type Levels,
  pullDelta,
  type ReferenceEngine,
  runNightly,
  type SyncJob,
  SyncSchedule,
  type SyncStore,
} from '../harness/engine/index.ts'
import { describeProblem, type Outcome } from '../harness/engine/outcome.ts'
import type { Query } from '../harness/engine/suiteql.ts'
import type { Deliver } from '../harness/engine/sync/delta.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import type { Transport } from '../protocol/transport.ts'
import { readWebhook } from './alerts.ts'
import { fileSink, prepareFile, webhookSink } from './sync-sinks.ts'
import type { DeltaSettings, WorkSettings } from './work-settings.ts'

export interface SyncParts {
  readonly engine: ReferenceEngine
  readonly store: SyncStore
  readonly levels: Levels | undefined
  readonly transport: Transport
  readonly logger: Logger
  /** Whether the jobs are this worker's to run. Default: always. */
  readonly isMine?: (() => boolean) | undefined
}

/** A night's work is looked for so often. */
const NIGHTLY_LOOK_MS = 60_000
const DAY_MS = 86_400_000

/** The schedule, without jobs where the settings ask for none. Throws `E_SYNC_SINK`, `E_WEBHOOK_INVALID`. */
export async function createSync(
  clock: Clock,
  { sync, stock }: WorkSettings,
  parts: SyncParts,
): Promise<SyncSchedule> {
  const jobs: SyncJob[] = []
  for (const delta of sync) jobs.push(deltaJob(delta, await sinkOf(delta, parts.transport), parts))
  if (stock?.compareAtUtc !== undefined) jobs.push(stockJob(clock, stock.compareAtUtc, parts))
  return new SyncSchedule(clock, jobs, { isMine: parts.isMine, onEnd: reporter() })
}

async function sinkOf({ name, file, webhook }: DeltaSettings, transport: Transport): Promise<Deliver> {
  if (file === undefined) return webhookSink(transport, name, readWebhook(webhook!, `webhook of ${name}`))
  await prepareFile(file)
  return fileSink(file)
}

function deltaJob(
  { name, everyMs, ...source }: DeltaSettings,
  deliver: Deliver,
  { engine, store, logger }: SyncParts,
): SyncJob {
  return {
    name,
    everyMs,
    run: async (isStopped) => {
      const query = stoppable(engine.query, isStopped)
      const context = { key: name, attempt: 1, flow: 'sync' }
      const end = settled(
        `${name}.delta`,
        await pullDelta({ name, ...source }, { query, store }, context, deliver),
      )
      logger.info({ event: 'sync', job: name, ...end }, 'changes are delivered')
    },
  }
}

function stockJob(clock: Clock, atUtc: string, { engine, store, levels, logger }: SyncParts): SyncJob {
  const [hours, minutes] = atUtc.split(':').map(Number) as [number, number]
  const atMs = (hours * 60 + minutes) * 60_000
  const compare = async (isStopped: () => boolean): Promise<void> => {
    const query = stoppable(engine.query, isStopped)
    const night = new Date(Math.floor((clock.now() - atMs) / DAY_MS) * DAY_MS).toISOString().slice(0, 10)
    const context = { key: 'stock', attempt: 1, flow: 'sync' }
    const parts = { query, levels: levels!, submit: engine.submit }
    const end = settled('stock.compare', await compareStock(parts, night, context))
    logger.info({ event: 'sync', job: 'stock', ...end }, 'stock is compared')
  }
  return {
    name: 'stock',
    everyMs: NIGHTLY_LOOK_MS,
    run: async (isStopped) =>
      void (await runNightly(clock, store, { name: 'stock', atMs, run: () => compare(isStopped) })),
  }
}

/** `query` until it shall stop: a pass then ends after the page it is at. */
function stoppable(query: Query, isStopped: () => boolean): Query {
  return async (statement, context) => {
    if (!isStopped()) return query(statement, context)
    const problem = { status: 0, code: 'E_STOPPED', detail: 'the worker is told to stop' }
    return { kind: 'refused', cause: 'outage', retry: 'later', ...problem }
  }
}

/** What came of a job. Throws `E_SYNC_REFUSED` for anything but `done`. */
function settled<T>(operation: string, outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value
  throw new AppError('E_SYNC_REFUSED', describeProblem(operation, outcome))
}

/** Says on standard error when a job begins to fail, and when it goes well again. */
function reporter(): (job: string, problem: AppError | undefined) => void {
  const failing = new Set<string>()
  return (job, problem) => {
    if (problem === undefined) {
      if (failing.delete(job)) process.stderr.write(`sync ${job} goes well again\n`)
    } else if (!failing.has(job)) {
      failing.add(job)
      process.stderr.write(`sync ${job}: ${problem.toText().split('\n')[0]}; trying again\n`)
    }
  }
}

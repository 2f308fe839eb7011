/**
 * How a new record goes into the account: at once, later, or with others. Flows do not know which: the outcome is the same.
 *
 *   at peak, while batches have room ──▶ batch
 *   with more lines than a call can take ──▶ asynchronous job of its own
 *   otherwise ──▶ synchronous call
 */
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import type { AsyncJobs } from './async-job.ts'
import type { Batches } from './batch.ts'
import type { CallContext, RecordBody, RecordClient, Written } from './client.ts'
import type { Outcome } from './outcome.ts'

/**
 * Each line of a transaction costs time to save; with so many a call may outlast every time-out on its way, and its fate
 * would be unknown more often than not. [GOV-034]
 */
export const ASYNC_LINES_MIN = 200

export interface Writer {
  /** A record that must not be there yet; `externalId` is also in `body`. */
  create(type: string, externalId: string, body: RecordBody, context: CallContext): Promise<Outcome<Written>>
  /** A record that may be there: then it is brought up to date, or at peak left as it is. */
  ensure(type: string, externalId: string, body: RecordBody, context: CallContext): Promise<Outcome<Written>>
}

/** Every record by a synchronous call of its own. */
export function createDirectWriter(client: RecordClient): Writer {
  return {
    create: (type, _externalId, body, context) => client.create(type, body, context),
    ensure: (type, externalId, body, context) => client.upsert(type, externalId, body, context),
  }
}

export interface WriterParts {
  readonly client: RecordClient
  readonly jobs: AsyncJobs
  readonly batches: Batches
  readonly isPeak: () => boolean
}

export function createWriter({ client, jobs, batches, isPeak }: WriterParts): Writer {
  const inBatch = async (
    type: string,
    externalId: string,
    body: RecordBody,
    context: CallContext,
  ): Promise<Outcome<Written> | undefined> => {
    if (!isPeak() || !batches.hasRoom(type)) return undefined
    return batches.create({ type, externalId, body: { ...body, externalId }, context })
  }
  const later = async (type: string, body: RecordBody, context: CallContext): Promise<Outcome<Written>> => {
    const path = `${RECORD_BASE_PATH}/${type}`
    const job = await jobs.run({ operation: `${type}.submit`, method: 'POST', path, body }, context)
    return job.kind === 'done' ? job.value.result(1) : job
  }
  return {
    create: async (type, externalId, body, context) => {
      const batched = await inBatch(type, externalId, body, context)
      if (batched !== undefined) return batched
      return linesOf(body) >= ASYNC_LINES_MIN
        ? later(type, body, context)
        : client.create(type, body, context)
    },
    ensure: async (type, externalId, body, context) =>
      (await inBatch(type, externalId, body, context)) ?? client.upsert(type, externalId, body, context),
  }
}

function linesOf({ item }: RecordBody): number {
  const lines = (item as { items?: unknown } | undefined)?.items
  return Array.isArray(lines) ? lines.length : 0
}

/**
 * Many records of one type in one request, for times when calls are scarcer than seconds. Records are gathered for a moment,
 * submitted as one asynchronous batch [REC-210..216], and their outcomes told apart afterwards: one query finds by external
 * ID all that are there, and only the rest are asked for one by one [ASY-028, REC-217]. So fifty records cost some eight calls
 * instead of fifty. A record that was there before counts as created: its external ID is its identity.
 *
 * Records of a batch run one after another, several batches side by side: only so the account takes each batch up once. Size and
 * number follow the account (batch-pace.ts). Where batches fail as a whole, everybody goes the usual way for a while, and where the account has none
 * (before 2026.1), for an hour.
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import type { AsyncJobs, EndedJob } from './async-job.ts'
import { BATCH_RECORDS_START, BatchPace } from './batch-pace.ts'
import type { CallContext, RecordBody, Written } from './client.ts'
import type { BatchEvent } from './engine.ts'
import { done, type Outcome } from './outcome.ts'
import type { Query } from './suiteql.ts'

/** How long the first record waits for others. Milliseconds. */
const LINGER_MS = 500
/** How long batches are left alone after one whose fate is unknown, and after one that the account would not have. */
const PAUSE_MS = 120_000
const OFF_MS = 3_600_000

/** Record type that may go into batches → the table that shows its external IDs. */
const TABLES: Readonly<Record<string, string>> = {
  salesOrder: 'transaction',
  customerDeposit: 'transaction',
  inventoryAdjustment: 'transaction',
  customer: 'customer',
}

export interface NewBatchRecord {
  readonly type: string
  /** Also in `body`. */
  readonly externalId: string
  readonly body: RecordBody
  readonly context: CallContext
}

export interface Batches {
  /** Records whose batch has not ended: so many workers wait for no slot. */
  readonly inside: number
  /** About so many more would find room. */
  readonly free: number
  /** Whether a record of the type would be taken now. */
  hasRoom(type: string): boolean
  /** `undefined`: the account does no batches; nothing was done. */
  create(record: NewBatchRecord): Promise<Outcome<Written> | undefined>
}

interface Seat extends NewBatchRecord {
  readonly resolve: (outcome: Outcome<Written> | undefined) => void
}

interface Bucket {
  readonly seats: Seat[]
  cancel: Cancel
}

export interface BatchParts {
  readonly jobs: AsyncJobs
  readonly query: Query
  readonly ended: (event: BatchEvent) => void
}

export function createBatches(clock: Clock, parts: BatchParts): Batches {
  return new Batching(clock, parts)
}

class Batching implements Batches {
  readonly #clock: Clock
  readonly #parts: BatchParts
  readonly #pace = new BatchPace()
  /** Batches that are being filled, by type. */
  readonly #buckets = new Map<string, Bucket>()
  #running = 0
  #inside = 0
  #offUntilMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, parts: BatchParts) {
    this.#clock = clock
    this.#parts = parts
  }

  get inside(): number {
    return this.#inside
  }

  get free(): number {
    if (this.#isOff) return 0
    let free = this.#freeJobs * BATCH_RECORDS_START
    for (const [type, { seats }] of this.#buckets) free += Math.max(0, this.#pace.size(type) - seats.length)
    return free
  }

  get #isOff(): boolean {
    return this.#clock.now() < this.#offUntilMs
  }

  get #freeJobs(): number {
    return Math.max(0, this.#pace.jobsMax - this.#running - this.#buckets.size)
  }

  hasRoom(type: string): boolean {
    return type in TABLES && !this.#isOff && (this.#buckets.has(type) || this.#freeJobs > 0)
  }

  create(record: NewBatchRecord): Promise<Outcome<Written> | undefined> {
    const { type } = record
    return new Promise((resolve) => {
      let bucket = this.#buckets.get(type)
      if (bucket === undefined) {
        bucket = { seats: [], cancel: this.#clock.schedule(LINGER_MS, () => this.#flush(type)) }
        this.#buckets.set(type, bucket)
      }
      this.#inside++
      const leave = (outcome: Outcome<Written> | undefined): void => {
        this.#inside--
        resolve(outcome)
      }
      bucket.seats.push({ ...record, resolve: leave })
      if (bucket.seats.length >= this.#pace.size(type)) this.#flush(type)
    })
  }

  #flush(type: string): void {
    const { seats, cancel } = this.#buckets.get(type)!
    cancel()
    this.#buckets.delete(type)
    this.#running++
    void this.#run(type, seats).finally(() => this.#running--)
  }

  async #run(type: string, seats: readonly Seat[]): Promise<void> {
    const startedMs = this.#clock.now()
    const records = seats.length
    const context = contextOf(type, seats)
    const path = `${RECORD_BASE_PATH}/${type}`
    const headers = { 'content-type': 'application/vnd.oracle.resource+json; type=collection' }
    const body = { items: seats.map((seat) => seat.body) }
    const call = { operation: `${type}.batch`, method: 'POST', path, headers, body }
    const job = await this.#parts.jobs.run(call, context, this.#pace.leastMs(type, records))
    let written = 0
    if (job.kind === 'done') {
      this.#pace.learn({ type, records, startedMs, endedMs: this.#clock.now() })
      written = await this.#resolveEach(type, seats, job.value, context)
    } else {
      const isImpossible = job.kind === 'refused' && job.retry === 'never'
      if (job.kind === 'unknown') this.#offUntilMs = this.#clock.now() + PAUSE_MS
      if (isImpossible) this.#offUntilMs = this.#clock.now() + OFF_MS
      for (const { resolve } of seats) resolve(isImpossible ? undefined : job)
    }
    this.#parts.ended({ type, records, written, startedMs, endedMs: this.#clock.now() })
  }

  /** Gives how many are in the account. */
  async #resolveEach(
    type: string,
    seats: readonly Seat[],
    job: EndedJob,
    context: CallContext,
  ): Promise<number> {
    const ids = await this.#idsOf(type, seats, context)
    let written = 0
    const one = async ({ externalId, resolve }: Seat, index: number): Promise<void> => {
      const id = ids?.get(externalId)
      const outcome = id === undefined ? await job.result(index + 1) : done({ id })
      // The query did not find what the result calls created: one of the two is wrong, so nobody knows.
      const isDoubtful = ids !== undefined && id === undefined && outcome.kind === 'done'
      if (outcome.kind === 'done' && !isDoubtful) written++
      resolve(isDoubtful ? contradiction(job, index + 1) : outcome)
    }
    await Promise.all(seats.map(one))
    return written
  }

  /** External ID → internal id of those that are there; `undefined` where nobody could be asked. */
  async #idsOf(
    type: string,
    seats: readonly Seat[],
    context: CallContext,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const marks = seats.map(() => '?').join(', ')
    const text = `SELECT id, externalid FROM ${TABLES[type]} WHERE externalid IN (${marks})`
    const params = seats.map(({ externalId }) => externalId)
    const found = await this.#parts.query({ operation: `${type}.findAll`, text, params }, context)
    if (found.kind !== 'done') return undefined
    return new Map(found.value.rows.map(({ id, externalid }) => [externalid!, id!]))
  }
}

/** A batch is nobody's work alone: it goes by its first record, and by all their tries. */
function contextOf(type: string, seats: readonly Seat[]): CallContext {
  const attempt = seats.reduce((sum, { context }) => sum + context.attempt, 0)
  return { key: `${type} batch from ${seats[0]!.context.key}`, attempt }
}

function contradiction({ id }: EndedJob, n: number): Outcome<Written> {
  const detail = `job ${id} says that it wrote record ${n}, and it is not there`
  return { kind: 'unknown', status: 0, code: 'E_JOB_DOUBTFUL', detail }
}

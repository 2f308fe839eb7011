/**
 * The queue of jobs: first in, first out. [ASY-043] A task is planned when a processor takes it up, and carried out when
 * its time is over; its effect and its result are saved in one transaction. What is under way is known here only, so
 * after a restart it has not begun.
 */
import type { Clock } from '../../kernel/clock.ts'
import { ApiFault, faultAnswer } from '../api-fault.ts'
import type { LatencyModel, Work } from '../latency/model.ts'
import type { Answer, Operation } from '../operations/operation.ts'
import type { Principal, Role } from '../permissions/principal.ts'
import type { RecordStore } from '../records/store.ts'
import { type ParsedRequest, parseRequest } from '../request.ts'
import type { PieceOfWork } from './processors.ts'
import type { JobRow, JobTables } from './tables.ts'

/** A request taken apart into what is to be done: one piece, or one per record of a batch. */
export interface Tasks {
  readonly isBatch: boolean
  /** Each throws the `ApiFault` of what it cannot read. */
  readonly plans: readonly (() => Operation)[]
}

export interface QueueParts {
  readonly clock: Clock
  readonly store: RecordStore
  /** Of its own, so that jobs do not shift the times of requests. */
  readonly latency: LatencyModel
  /** Takes a request apart. Throws what is wrong with it as a whole. */
  readonly planTasks: (request: ParsedRequest, principal: Principal) => Tasks
  readonly roleNamed: (name: string) => Role
  /** A bug of ours in a task becomes the fault that its result shows. */
  readonly unexpected: (error: unknown, request: ParsedRequest) => ApiFault
}

/** A job on a processor. */
export interface Running {
  readonly id: number
  readonly request: ParsedRequest
  readonly plans: Tasks['plans']
  /** Tasks no processor has taken yet. */
  readonly waiting: number[]
  /** When the tasks under way began. */
  readonly startedMs: Map<number, number>
  readonly total: number
  finished: number
  failed: number
}

/** What a processor does before the first task of a job. */
const QUEUE: Work = { verb: 'queue', recordType: '', kind: 'other', lines: 0 }

type TaskAnswer = Pick<Answer, 'status' | 'headers' | 'body'>

export class JobQueue {
  readonly #parts: QueueParts
  readonly #tables: JobTables
  readonly #running = new Map<number, Running>()
  #lastTaken = 0
  /** The parallel batch that still has tasks to hand out. */
  #spread: Running | undefined

  constructor(parts: QueueParts, tables: JobTables) {
    this.#parts = parts
    this.#tables = tables
  }

  running(id: number): Running | undefined {
    return this.#running.get(id)
  }

  /** The next piece of work. The tasks of a parallel batch are handed out one by one, those of any other job together. */
  take(): PieceOfWork | undefined {
    if (this.#spread === undefined) {
      const row = this.#tables.nextOpen(this.#lastTaken)
      if (row === undefined) return undefined
      this.#lastTaken = row.id
      const job = open(this.#parts, row, this.#tables.finished(row.id))
      this.#running.set(job.id, job)
      if (row.parallel === 0) return this.#runAll(job)
      this.#spread = job
    }
    const job = this.#spread
    const no = job.waiting.shift()!
    if (job.waiting.length === 0) this.#spread = undefined
    return this.#runOne(job, no)
  }

  reset(): void {
    this.#running.clear()
    this.#lastTaken = 0
    this.#spread = undefined
  }

  *#runAll(job: Running): Generator<number, void> {
    yield this.#parts.latency.serviceMs(QUEUE)
    for (let no = job.waiting.shift(); no !== undefined; no = job.waiting.shift())
      yield* this.#runTask(job, no)
  }

  *#runOne(job: Running, no: number): Generator<number, void> {
    yield this.#parts.latency.serviceMs(QUEUE)
    yield* this.#runTask(job, no)
  }

  *#runTask(job: Running, no: number): Generator<number, void> {
    const { clock, latency } = this.#parts
    job.startedMs.set(no, clock.now())
    let work: () => TaskAnswer
    let waitMs: number
    try {
      const operation = job.plans[no - 1]!()
      work = () => operation.run()
      waitMs = latency.serviceMs(operation.work)
    } catch (error) {
      work = () => {
        throw error
      }
      waitMs = latency.errorMs()
    }
    yield waitMs
    this.#carryOut(job, no, work)
  }

  /** The work and its result are saved together or not at all; of work that fails nothing remains but its result. */
  #carryOut(job: Running, no: number, work: () => TaskAnswer): void {
    const attempt = (answer: () => TaskAnswer): boolean =>
      this.#parts.store.transaction(() => this.#save(job, no, answer()))
    let isFailure: boolean
    try {
      isFailure = attempt(work)
    } catch (error) {
      const fault = error instanceof ApiFault ? error : this.#parts.unexpected(error, job.request)
      isFailure = attempt(() => faultAnswer(fault))
    }
    job.finished++
    if (isFailure) job.failed++
    job.startedMs.delete(no)
    if (job.finished === job.total) this.#running.delete(job.id)
  }

  /** Tells whether the answer is a failure. */
  #save(job: Running, no: number, { status, headers, body }: TaskAnswer): boolean {
    const nowMs = this.#parts.clock.now()
    const isFailure = status >= 400
    this.#tables.saveTask(job.id, no, {
      started_ms: job.startedMs.get(no)!,
      ended_ms: nowMs,
      status,
      headers: JSON.stringify(headers),
      body,
    })
    if (job.finished + 1 === job.total) this.#tables.end(job.id, nowMs, job.failed + (isFailure ? 1 : 0))
    return isFailure
  }
}

/** A stored job as something to work on; what is finished already stays so. */
function open(
  { planTasks, roleNamed }: QueueParts,
  row: JobRow,
  finished: readonly { no: number; status: number }[],
): Running {
  const { id, method, url, headers, body, tasks: total } = row
  const request = parseRequest({ method, url, headers: JSON.parse(headers), body: body ?? undefined })
  const principal = { integration: row.integration, user: row.user, role: roleNamed(row.role) }
  const done = new Set(finished.map(({ no }) => no))
  const numbers = Array.from({ length: total }, (_, index) => index + 1)
  return {
    id,
    request,
    plans: plansOf(() => planTasks(request, principal), total),
    waiting: numbers.filter((no) => !done.has(no)),
    startedMs: new Map(),
    total,
    finished: done.size,
    failed: finished.filter(({ status }) => status >= 400).length,
  }
}

/** A request accepted under another profile may not be readable any more: then each of its tasks fails. */
function plansOf(read: () => Tasks, total: number): Tasks['plans'] {
  try {
    return read().plans
  } catch (error) {
    return Array.from({ length: total }, () => () => {
      throw error
    })
  }
}

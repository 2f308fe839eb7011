/**
 * The jobs of an account: taking them on, and telling how they stand. A task is the planned operation of a synchronous
 * request, run later; every accepted task is carried out exactly once, whenever the account is stopped and started
 * again. [ASY-001..079]
 */
import type { Principal } from '../permissions/principal.ts'
import type { ParsedRequest } from '../request.ts'
import type { AsyncOptions } from './options.ts'
import { createProcessors } from './processors.ts'
import { JobQueue, type QueueParts, type Running, type Tasks } from './queue.ts'
import { createJobTables, type JobRow, type TaskRow } from './tables.ts'

export interface Submission {
  /** As it is to be run: without `Prefer`. */
  readonly request: ParsedRequest
  readonly principal: Principal
  readonly tasks: Tasks
  readonly isParallel: boolean
  /** With its scope. */
  readonly key: string | undefined
}

/** The outcome of a submit: a new job, or the earlier one that has the key. */
export interface Submitted {
  readonly job: number
  readonly isRepeat: boolean
}

export type Progress = 'pending' | 'processing' | 'succeeded' | 'failed'

/** How a job or a task stands. */
export interface Standing {
  readonly progress: Progress
  readonly startMs: number | undefined
  readonly endMs: number | undefined
}

export interface JobView extends Standing {
  readonly integration: string
  readonly tasks: number
}

export interface Jobs {
  readonly options: AsyncOptions
  readonly planTasks: QueueParts['planTasks']
  submit(submission: Submission): Submitted
  job(id: number): JobView | undefined
  task(job: number, no: number): Standing | undefined
  result(job: number, no: number): Pick<TaskRow, 'status' | 'headers' | 'body'> | undefined
  /** Takes up what an earlier run of the account left undone. */
  resume(): void
  /** Forgets what is under way: the tables are about to say something else. `resume` takes up what they then hold. */
  suspend(): void
  reset(): void
  /** Stops the processors; what they were at is undone and stays in the queue. */
  close(): void
}

export interface JobsParts extends QueueParts {
  readonly options: AsyncOptions
  readonly processors: number
}

const DAY_MS = 86_400_000
/** Ended jobs are taken away now and then, not at every submit. */
const PURGE_EVERY_MS = 3_600_000

export function createJobs(parts: JobsParts): Jobs {
  const { clock, store, options, planTasks } = parts
  const tables = createJobTables(store.db)
  const queue = new JobQueue(parts, tables)
  const processors = createProcessors(clock, parts.processors, () => queue.take())
  let purgedMs = Number.NEGATIVE_INFINITY
  const isGone = ({ ended_ms }: JobRow): boolean =>
    ended_ms !== null && ended_ms + options.retentionDays * DAY_MS <= clock.now()
  const find = (id: number): JobRow | undefined => {
    const row = tables.get(id)
    return row === undefined || isGone(row) ? undefined : row
  }
  const holdsKey = (row: JobRow): boolean =>
    !isGone(row) &&
    (options.keyDays === undefined || row.submitted_ms + options.keyDays * DAY_MS > clock.now())
  const purge = (): void => {
    if (clock.now() < purgedMs + PURGE_EVERY_MS) return
    purgedMs = clock.now()
    tables.purge(purgedMs - options.retentionDays * DAY_MS)
  }
  const suspend = (): void => {
    processors.stop()
    queue.reset()
    purgedMs = Number.NEGATIVE_INFINITY
  }
  return {
    options,
    planTasks,
    submit(submission) {
      const { key } = submission
      const earlier = key === undefined ? undefined : tables.byKey(key)
      if (earlier !== undefined && holdsKey(earlier)) return { job: earlier.id, isRepeat: true }
      if (earlier !== undefined) tables.freeKey(earlier.id)
      purge()
      const job = tables.insert(rowOf(submission, clock.now()))
      processors.wake()
      return { job, isRepeat: false }
    },
    job(id) {
      const row = find(id)
      return row === undefined ? undefined : jobView(row, queue.running(id), options)
    },
    task(job, no) {
      const row = find(job)
      if (row === undefined || no < 1 || no > row.tasks) return undefined
      return taskView(tables.task(job, no), queue.running(job)?.startedMs.get(no))
    },
    result: (job, no) => tables.task(job, no),
    resume: processors.wake,
    suspend,
    reset() {
      suspend()
      tables.reset()
    },
    close: processors.stop,
  }
}

function rowOf({ request, principal, tasks, isParallel, key }: Submission, nowMs: number) {
  const { origin, path, search, method, headers, body } = request
  return {
    integration: principal.integration,
    user: principal.user,
    role: principal.role.name,
    method,
    url: origin + path + search,
    headers: JSON.stringify(headers),
    body: body ?? null,
    idem: key ?? null,
    parallel: isParallel && tasks.plans.length > 1 ? 1 : 0,
    batch: tasks.isBatch ? 1 : 0,
    tasks: tasks.plans.length,
    submitted_ms: nowMs,
  }
}

/** `startTime` is there from the start, `endTime` once it is over. [OPQ-050, OPQ-051, OPQ-080] */
function jobView(row: JobRow, job: Running | undefined, options: AsyncOptions): JobView {
  const { integration, tasks, submitted_ms: startMs, ended_ms, failed, batch } = row
  const common = { integration, tasks, startMs, endMs: ended_ms ?? undefined }
  if (ended_ms !== null) {
    const progress = failed === 0 ? 'succeeded' : batch === 0 ? options.failedSingle : options.failedBatch
    return { ...common, progress }
  }
  const isStarted = job !== undefined && (job.finished > 0 || job.startedMs.size > 0)
  return { ...common, progress: isStarted ? 'processing' : 'pending' }
}

function taskView(row: TaskRow | undefined, startedMs: number | undefined): Standing {
  if (row !== undefined) {
    const progress = row.status >= 400 ? 'failed' : 'succeeded'
    return { progress, startMs: row.started_ms, endMs: row.ended_ms }
  }
  return {
    progress: startedMs === undefined ? 'pending' : 'processing',
    startMs: startedMs,
    endMs: undefined,
  }
}

/**
 * When synchronisation runs: each job again and again, never twice at once in one process, and where many machines share the work, on
 * one of them at a time. A job that fails is run again at its next time; what it must not forget is in its store.
 */
import type { Cancel, Clock } from '../../../kernel/clock.ts'
import { AppError } from '../../../kernel/error.ts'

export interface SyncJob {
  readonly name: string
  /** From the end of one run to the beginning of the next, milliseconds. */
  readonly everyMs: number
  /**
   * Throws an `AppError` for what may pass: it is reported, and the job is run again at its next time. Should end soon, however far
   * it came, once `isStopped` says so.
   */
  run(isStopped: () => boolean): Promise<void>
}

export interface ScheduleOptions {
  /** Whether this process is the one to run jobs; asked before each run. Default: always. */
  readonly isMine?: (() => boolean) | undefined
  /** Told of the end of every run that was not cut short. */
  readonly onEnd?: ((job: string, problem: AppError | undefined) => void) | undefined
}

export class SyncSchedule {
  readonly #clock: Clock
  readonly #jobs: readonly SyncJob[]
  readonly #options: ScheduleOptions
  readonly #running = new Set<Promise<void>>()
  readonly #alarms = new Map<SyncJob, Cancel>()
  #stopped = false
  #fail: (error: unknown) => void = () => {}

  constructor(clock: Clock, jobs: readonly SyncJob[], options: ScheduleOptions = {}) {
    this.#clock = clock
    this.#jobs = jobs
    this.#options = options
  }

  /** Runs each job now, and then at its times, until `stop`. Rejects with a fault of ours. */
  run(): Promise<never> {
    for (const job of this.#jobs) this.#next(job, 0)
    return new Promise((_, reject) => {
      this.#fail = reject
    })
  }

  /** Runs each job once. */
  async once(): Promise<void> {
    for (const job of this.#jobs) if (!this.#stopped) await this.#begin(job)
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const cancel of this.#alarms.values()) cancel()
    await Promise.allSettled(this.#running)
  }

  #next(job: SyncJob, waitMs: number): void {
    const cancel = this.#clock.schedule(waitMs, () => {
      const { isMine = () => true } = this.#options
      const ended = isMine() ? this.#begin(job) : Promise.resolve()
      ended.then(
        () => {
          if (!this.#stopped) this.#next(job, job.everyMs)
        },
        (error) => this.#fail(error),
      )
    })
    this.#alarms.set(job, cancel)
  }

  #begin(job: SyncJob): Promise<void> {
    const run = this.#run(job).finally(() => this.#running.delete(run))
    this.#running.add(run)
    return run
  }

  async #run(job: SyncJob): Promise<void> {
    let problem: AppError | undefined
    try {
      await job.run(() => this.#stopped)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problem = error
    }
    if (!this.#stopped) this.#options.onEnd?.(job.name, problem)
  }
}

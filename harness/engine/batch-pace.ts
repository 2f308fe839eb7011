/**
 * How large batches are and how many run side by side, learned from how long they took: as many records as were lately written
 * within a bearable time, as many batches as do not slow each other down [ASY-042]. Pure; times are handed in.
 */

/** Records of one batch. [REC-210] */
export const BATCH_RECORDS_MAX = 100
/** With fewer, submitting, polling and asking would cost as many calls as they save. */
export const BATCH_RECORDS_MIN = 10
/** Until the account has shown how fast it is. */
export const BATCH_RECORDS_START = 25
/** An order should not wait longer than this for its batch. Milliseconds. */
const TARGET_MS = 30_000

/** Jobs at once, to begin with: the smallest account has two processors. [ASY-040] */
const JOBS_START = 3
const JOBS_MIN = 2
/** Half the processors of the largest account: the rest is for others. [ASY-040] */
const JOBS_MAX = 30
/** A record that takes so many times as long as it can shows that batches wait for each other; one near it, that they do not. */
const CROWDED_RATIO = 1.75
const FREE_RATIO = 1.25
const DECREASE_RATIO = 0.8

export interface EndedBatch {
  /** Record type: orders take longer than customers. */
  readonly type: string
  readonly records: number
  readonly startedMs: number
  readonly endedMs: number
}

export class BatchPace {
  /** By record type, milliseconds per record, the batch's wait for its turn included. */
  readonly #paces = new Map<string, { readonly lastMs: number; readonly bestMs: number }>()
  #jobs = JOBS_START
  #lessenedMs = Number.NEGATIVE_INFINITY

  /** Batches that may run at once. */
  get jobsMax(): number {
    return Math.floor(this.#jobs)
  }

  /** Records that the next batch should hold. */
  size(type: string): number {
    const pace = this.#paces.get(type)
    if (pace === undefined) return BATCH_RECORDS_START
    const fitting = Math.floor(TARGET_MS / pace.lastMs)
    return Math.min(BATCH_RECORDS_MAX, Math.max(BATCH_RECORDS_MIN, fitting))
  }

  /** How long a batch takes at least; 0 while nobody knows. Milliseconds. */
  leastMs(type: string, records: number): number {
    return records * (this.#paces.get(type)?.bestMs ?? 0)
  }

  learn({ type, records, startedMs, endedMs }: EndedBatch): void {
    const lastMs = (endedMs - startedMs) / records
    const bestMs = Math.min(lastMs, this.#paces.get(type)?.bestMs ?? lastMs)
    this.#paces.set(type, { lastMs, bestMs })
    if (lastMs <= bestMs * FREE_RATIO) this.#jobs = Math.min(JOBS_MAX, this.#jobs + 1 / this.#jobs)
    // What was submitted before the last step down says nothing about it.
    if (lastMs <= bestMs * CROWDED_RATIO || startedMs < this.#lessenedMs) return
    this.#lessenedMs = endedMs
    this.#jobs = Math.max(JOBS_MIN, this.#jobs * DECREASE_RATIO)
  }
}

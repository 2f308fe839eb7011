/**
 * The queue's contract: what the engine has promised to do and has not yet done. Shaped so that memory, SQLite and a
 * distributed store can stand behind it: payload and progress are plain JSON, every call may be remote, and the only
 * lock is a lease that runs out by itself when its holder dies.
 *
 *   waiting → leased → (ack) gone · (retryAt) delayed → waiting · (deadLetter) dead · (lease expires) waiting
 *   dead → (redrive) waiting
 */
import { AppError } from '../../kernel/error.ts'

/** Largest priority, and largest negative one. */
export const PRIORITY_MAX = 1_000_000

/** What is to be done. */
export interface WorkInput<T> {
  /** At most one item with this key is ever accepted, even after the first one is done. */
  readonly dedupeKey: string
  /**
   * Items of one order key are handed out one at a time in the order of arrival. One that waits for its retry holds
   * up its successors; one that is dead does not.
   */
  readonly orderKey: string
  /** JSON value. */
  readonly payload: T
  /** Whole number; a higher one is claimed first. It never lets an item pass an earlier one of its order key. Default 0. */
  readonly priority?: number | undefined
  /** Not handed out before this time; holds up its successors as a retry does. Default: at once. */
  readonly notBeforeMs?: number | undefined
}

/** One claim of an item. It belongs to the claimer until the lease expires. */
export interface WorkItem<T, P> extends WorkInput<T> {
  readonly id: string
  /** How often it has been handed out, from 1. Together with `id` it names this claim: a later claim outdates it. */
  readonly deliveries: number
  readonly enqueuedMs: number
  /** What the last `retryAt` left; `undefined` before the first. */
  readonly progress: P | undefined
  /** Whether nobody knows what was done before: a lease ran out, a process died, or a dead letter was redriven. */
  readonly abandoned: boolean
}

/** An item that is neither done nor dead, as an operator sees it. */
export interface OpenItem<T, P> extends WorkInput<T> {
  readonly id: string
  readonly state: 'waiting' | 'delayed' | 'leased'
  readonly deliveries: number
  readonly enqueuedMs: number
  readonly progress: P | undefined
}

/** An item given up, kept for an operator. */
export interface DeadLetter<T> extends WorkInput<T> {
  readonly id: string
  readonly reason: string
  readonly atMs: number
}

export interface QueueStats {
  /** Could be claimed now, or waits for an earlier item of its order key. */
  readonly waiting: number
  /** First of its order key, and its time has not come. */
  readonly delayed: number
  /** An expired lease does not count: its item is waiting. */
  readonly leased: number
  readonly dead: number
  /** When the item that came first of those neither done nor dead was enqueued: now less this is the backlog's age. */
  readonly oldestMs: number | undefined
}

/**
 * `T` is the payload, `P` the progress. Calls that name a claim give `false`, and change nothing, when the claim is
 * no longer the current one (its lease expired and somebody else may work on the item).
 */
export interface Queue<T, P> {
  /** How long a claim is good for. */
  readonly leaseMs: number
  /**
   * Others may put work in or fall silent without a word: a worker with room asks again after so long. `undefined`: nobody
   * else has this queue.
   */
  readonly pollMs: number | undefined
  /** Durable once resolved. Gives per input whether it was taken or known before. */
  enqueue(inputs: readonly WorkInput<T>[]): Promise<readonly ('queued' | 'duplicate')[]>
  /** Up to `count` items by priority, then by arrival, each leased. Expired leases are handed out again. */
  claim(count: number): Promise<readonly WorkItem<T, P>[]>
  /** Starts the lease of a claim anew. */
  renew(item: WorkItem<T, P>): Promise<boolean>
  /** Done: the item is forgotten except for its dedupe key. */
  ack(item: WorkItem<T, P>): Promise<boolean>
  /** Back into the queue, not before `atMs`, with what the next holder must know. */
  retryAt(item: WorkItem<T, P>, atMs: number, progress: P): Promise<boolean>
  /** Given up, with the reason an operator will read. */
  deadLetter(item: WorkItem<T, P>, reason: string): Promise<boolean>
  /** Up to `limit` dead letters with an id after `afterId`, in order of arrival. */
  deadLetters(afterId: string | undefined, limit: number): Promise<readonly DeadLetter<T>[]>
  /**
   * Puts dead letters back as if they came now: with a new id, behind the others of their order key, deliveries counted
   * from 1, without progress. Gives how many; an id that names no dead letter is passed over.
   */
  redrive(ids: readonly string[]): Promise<number>
  /** Up to `limit` items neither done nor dead with an id after `afterId`, in order of arrival. */
  scan(afterId: string | undefined, limit: number): Promise<readonly OpenItem<T, P>[]>
  stats(): Promise<QueueStats>
  /** When `claim` may next give something it would not give now, if nobody calls anything; `undefined`: never. */
  nextDueMs(): Promise<number | undefined>
  close(): Promise<void>
}

/**
 * How long a claim is good for: short enough that a crash does not hold an order back for long. A worker that lives
 * renews it (`heartbeatMs`), for in an outage an order may wait longer than this for its turn to send.
 */
export const LEASE_MS_DEFAULT = 300_000

/** Whoever works on an item renews its lease so often: two beats may fail before the item is taken for abandoned. */
export function heartbeatMs({ leaseMs }: { readonly leaseMs: number }): number {
  return leaseMs / 3
}

/** Short beside what an order takes in NetSuite, and some questions a second are nothing to a database. */
export const POLL_MS = 250

/** Codes of errors that pass: somebody else holds the store, it is full, or nobody reaches it. The call may be made again. */
const TROUBLE = new Set(['E_QUEUE_LOCKED', 'E_QUEUE_BUSY', 'E_QUEUE_FULL', 'E_QUEUE_UNREACHABLE'])

/** Whether a queue's error is worth another try. After an error nobody knows whether the call took effect. */
export function isQueueTrouble(error: unknown): error is AppError {
  return error instanceof AppError && TROUBLE.has(error.code)
}

/** Throws `E_QUEUE_INPUT` for what not every store can keep. All queues refuse it, so that none comes as a surprise. */
export function checkInputs(inputs: readonly WorkInput<unknown>[]): void {
  for (const { dedupeKey, orderKey, priority = 0 } of inputs) {
    for (const key of [dedupeKey, orderKey])
      if (!key.isWellFormed() || key.includes('\0'))
        throw new AppError('E_QUEUE_INPUT', `the key ${JSON.stringify(key)} cannot be stored`, {
          expected: 'text without U+0000 and without halves of surrogate pairs',
        })
    if (!Number.isInteger(priority) || Math.abs(priority) > PRIORITY_MAX)
      throw new AppError('E_QUEUE_INPUT', `priority ${priority} of ${dedupeKey} is out of range`, {
        expected: `a whole number from ${-PRIORITY_MAX} to ${PRIORITY_MAX}`,
      })
  }
}

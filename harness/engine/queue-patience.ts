/**
 * A queue that bears trouble: a call that fails because the store is locked, full or out of reach is made again after a
 * pause, and reported. How long depends on what it is worth: a word about a claim only as long as its lease lasts,
 * for then the item is somebody else's; everything else until it is time for a person to look.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import { heartbeatMs, isQueueTrouble, type Queue } from './queue.ts'

/** The end of one spell of trouble, or one more failure in it. */
export interface QueueTrouble {
  /** What the store said last; `undefined`: it answers again. */
  readonly error: Error | undefined
  /** Since the first failure of this spell, milliseconds. */
  readonly lastedMs: number
}

export interface PatienceOptions {
  /** Told of every failure in turn, and once when it is over. */
  readonly onTrouble?: ((trouble: QueueTrouble) => void) | undefined
  /** Once true, only words about claims are tried again: what is in work shall end well, and nothing else matters. */
  readonly isStopped?: (() => boolean) | undefined
}

/** A database that is down for so long needs a person; the program that ends here is started again by its supervisor. */
export const OUTAGE_MS_MAX = 600_000
/** Jitter, so that a fleet does not come back as one. */
const PAUSE: BackoffOptions = { baseMs: 200, capMs: 5_000 }

/** `queue` with patience. An error that is no trouble, and one that lasts longer than `OUTAGE_MS_MAX`, comes through. */
export function patientQueue<T, P>(
  clock: Clock,
  rng: Rng,
  queue: Queue<T, P>,
  { onTrouble = () => {}, isStopped = () => false }: PatienceOptions = {},
): Queue<T, P> {
  let sinceMs: number | undefined
  const failed = (error: Error): void => {
    const nowMs = clock.now()
    sinceMs ??= nowMs
    onTrouble({ error, lastedMs: nowMs - sinceMs })
  }
  const answered = (): void => {
    if (sinceMs === undefined) return
    onTrouble({ error: undefined, lastedMs: clock.now() - sinceMs })
    sinceMs = undefined
  }
  /** Tries again for `patienceMs`; then gives `otherwise()`, or the error where there is none. */
  const patiently = async <R>(
    call: () => Promise<R>,
    patienceMs: number,
    otherwise?: () => R,
  ): Promise<R> => {
    const startedMs = clock.now()
    for (let failures = 1; ; failures++) {
      try {
        const result = await call()
        answered()
        return result
      } catch (error) {
        if (!isQueueTrouble(error)) throw error
        failed(error)
        const pauseMs = backoffMs(rng, failures, PAUSE)
        const isOver = clock.now() + pauseMs - startedMs > patienceMs
        if (otherwise === undefined) {
          if (isOver || isStopped()) throw error
        } else if (isOver) return otherwise()
        await clock.sleep(pauseMs)
      }
    }
  }
  const { leaseMs, pollMs } = queue
  const no = (): boolean => false
  const settle = (call: () => Promise<boolean>): Promise<boolean> => patiently(call, leaseMs, no)
  const ask = <R>(call: () => Promise<R>): Promise<R> => patiently(call, OUTAGE_MS_MAX)
  return {
    leaseMs,
    pollMs,
    claim: (count) => ask(() => queue.claim(count)),
    enqueue: (inputs) => ask(() => queue.enqueue(inputs)),
    renew: (item) => patiently(() => queue.renew(item), heartbeatMs(queue), no),
    ack: (item) => settle(() => queue.ack(item)),
    retryAt: (item, atMs, progress) => settle(() => queue.retryAt(item, atMs, progress)),
    deadLetter: (item, reason) => settle(() => queue.deadLetter(item, reason)),
    deadLetters: (afterId, limit) => ask(() => queue.deadLetters(afterId, limit)),
    redrive: (ids) => queue.redrive(ids),
    scan: (afterId, limit) => ask(() => queue.scan(afterId, limit)),
    stats: () => ask(() => queue.stats()),
    nextDueMs: () => ask(() => queue.nextDueMs()),
    close: () => queue.close(),
  }
}

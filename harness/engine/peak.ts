/**
 * Real time or batch: real time normally, because an order should be in the account within seconds; batch while the
 * backlog is high, because then an order waits anyway. Two thresholds, so that a backlog near one of them does not make
 * the engine change its mind with every order.
 */
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/error.ts'
import type { QueueStats } from './queue.ts'

export interface PeakOptions {
  /** Work items, waiting or in work, from which batches are used. */
  readonly enterBacklog: number
  /** Work items at which it is over; below `enterBacklog`. */
  readonly leaveBacklog: number
}

export type Mode = 'realtime' | 'batch'

export interface Peak {
  readonly mode: Mode
  /** Tells it the backlog; gives whether the mode has changed. */
  update(backlog: number): boolean
}

/** Starts in real time. Throws `E_PEAK_INVALID`. */
export function createPeak({ enterBacklog, leaveBacklog }: PeakOptions): Peak {
  if (!(leaveBacklog >= 0 && leaveBacklog < enterBacklog))
    throw new AppError(
      'E_PEAK_INVALID',
      `leaveBacklog ${leaveBacklog} is not below enterBacklog ${enterBacklog}`,
      {
        expected: 'leaveBacklog of 0 or more, and below enterBacklog',
      },
    )
  let mode: Mode = 'realtime'
  return {
    get mode() {
      return mode
    },
    update(backlog) {
      const next = mode === 'realtime' ? backlog >= enterBacklog : backlog > leaveBacklog
      const before = mode
      mode = next ? 'batch' : 'realtime'
      return mode !== before
    },
  }
}

/** How often the backlog is looked at: counting a large queue takes its time. */
const SAMPLE_MS = 5_000

export interface PeakWatchOptions {
  /** The queue's own word: others may fill it and empty it, too. */
  readonly stats: () => Promise<QueueStats>
  readonly onChange: (mode: Mode) => void
}

/** Gives what is to be called whenever the backlog moves; it looks at the queue now and then. */
export function watchPeak(
  clock: Clock,
  peak: Peak | undefined,
  { stats, onChange }: PeakWatchOptions,
): () => void {
  let sampleAtMs = Number.NEGATIVE_INFINITY
  const look = async (watched: Peak): Promise<void> => {
    const { waiting, delayed, leased } = await stats()
    if (watched.update(waiting + delayed + leased)) onChange(watched.mode)
  }
  return () => {
    if (peak === undefined || clock.now() < sampleAtMs) return
    sampleAtMs = clock.now() + SAMPLE_MS
    // A queue that fails says so to the workers.
    look(peak).catch(() => {})
  }
}

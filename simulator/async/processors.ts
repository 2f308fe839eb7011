/**
 * REST Async Processors: so many pieces of work at once, taken up in the order of the queue. [ASY-040, ASY-043]
 * A piece of work is an iterator that yields how long to wait before its next step. Idle processors hold no timer, so
 * an account without jobs keeps no simulation and no process alive.
 */
import type { Cancel, Clock } from '../../kernel/clock.ts'

export type PieceOfWork = Iterator<number, void>

export interface Processors {
  /** Idle processors take what is there; call it after something was queued. */
  wake(): void
  /** Drops what is being worked on. */
  stop(): void
}

/** `take` gives the next piece of work, or undefined when nothing waits. */
export function createProcessors(
  clock: Clock,
  count: number,
  take: () => PieceOfWork | undefined,
): Processors {
  let idle = count
  const timers = new Set<Cancel>()
  const wake = (): void => {
    while (idle > 0) {
      const work = take()
      if (work === undefined) return
      idle--
      step(work)
    }
  }
  const step = (work: PieceOfWork): void => {
    const turn = work.next()
    if (turn.done === true) {
      idle++
      wake()
      return
    }
    const cancel = clock.schedule(turn.value, () => {
      timers.delete(cancel)
      step(work)
    })
    timers.add(cancel)
  }
  return {
    wake,
    stop() {
      for (const cancel of timers) cancel()
      timers.clear()
      idle = count
    },
  }
}

/** [ASY-040] */
const BY_LICENCES = [2, 5, 10, 15]
const PER_FURTHER_LICENCE = 5

export function processorsOf(suiteCloudPlus: number): number {
  return BY_LICENCES[suiteCloudPlus] ?? 15 + PER_FURTHER_LICENCE * (suiteCloudPlus - 3)
}

/**
 * Timers in the order in which they are due: what a clock that is not the machine's keeps. A binary heap; what was cancelled
 * stays in it, empty, until its time has come.
 */

/** Cancels a scheduled call; harmless when it has already run. */
export type Cancel = () => void

interface Timer {
  readonly atMs: number
  /** Order of asking; breaks ties, so that equal times run in the order they were asked for. */
  readonly sequence: number
  /** Absent: cancelled. */
  fn: (() => void) | undefined
}

export interface DueTimer {
  readonly atMs: number
  readonly fn: () => void
}

export class TimerQueue {
  #sequence = 0
  readonly #heap: Timer[] = []

  add(atMs: number, fn: () => void): Cancel {
    const timer: Timer = { atMs, sequence: this.#sequence++, fn }
    push(this.#heap, timer)
    return () => {
      timer.fn = undefined
    }
  }

  /** When the first one is due; undefined when there is none. */
  nextMs(): number | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].fn === undefined) pop(this.#heap)
    return this.#heap[0]?.atMs
  }

  /** Takes out the first one that is due at `untilMs` at the latest; undefined when there is none. */
  take(untilMs = Number.POSITIVE_INFINITY): DueTimer | undefined {
    const nextMs = this.nextMs()
    if (nextMs === undefined || nextMs > untilMs) return undefined
    const due = this.#heap[0] as DueTimer
    pop(this.#heap)
    return due
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence)
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!before(timer, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()!
  if (heap.length === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
    if (!before(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
}

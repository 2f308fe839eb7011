/** Progress of long work: one line that redraws on a terminal, a plain line now and then without one. */
import { SystemClock } from '../kernel/clock.ts'

export interface ProgressLine {
  /** Shows the newest state; most calls draw nothing. */
  update(text: () => string): void
  /** Clears the line. */
  done(): void
}

const REDRAW_MS = 100
const PLAIN_LINE_MS = 5000
/** Work shorter than this shows nothing. */
const PATIENCE_MS = 1000

/** Writes to standard error, so that standard output stays what was asked for. */
export function createProgress(label: string, stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  const clock = new SystemClock()
  const isTerminal = stream.isTTY === true
  let dueMs = clock.now() + (isTerminal ? PATIENCE_MS : PLAIN_LINE_MS)
  let isShown = false
  return {
    update(text) {
      const nowMs = clock.now()
      if (nowMs < dueMs) return
      dueMs = nowMs + (isTerminal ? REDRAW_MS : PLAIN_LINE_MS)
      isShown = true
      stream.write(isTerminal ? `\r\u001b[2K${label}: ${text()}` : `${label}: ${text()}\n`)
    },
    done() {
      if (isTerminal && isShown) stream.write('\r\u001b[2K')
    },
  }
}

/**
 * AppError: a problem of ours that a user can mend (bad file, unknown option, port in use).
 * It never carries a stack trace to the terminal; the command line prints `message` and `mend`.
 * Wire errors are data of the simulator (ApiFault); broken assumptions are `invariant`.
 */

/** What an `AppError` tells the reader beyond its message. */
export interface AppErrorDetails {
  /** File the problem is in, as the user named it. */
  readonly file?: string | undefined
  /** 1-based line, or data row, in `file`. */
  readonly line?: number | undefined
  /** JSON pointer (RFC 6901) into `file`. */
  readonly pointer?: string | undefined
  /** What was expected there, in a few words. */
  readonly expected?: string | undefined
  /** What to do about it, as an imperative sentence. */
  readonly mend?: string | undefined
  readonly cause?: unknown
}

export class AppError extends Error {
  /** Stable name, `E_` + words: part of the public interface. */
  readonly code: string
  readonly details: AppErrorDetails

  constructor(code: string, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.details = details
  }

  /** One paragraph for a terminal: where, what, expected, mend. Never a stack trace. */
  toText(): string {
    const { file, line, pointer, expected, mend } = this.details
    const place = [file, line === undefined ? undefined : `line ${line}`, pointer].filter(Boolean).join(', ')
    const head = place === '' ? this.message : `${place}: ${this.message}`
    const lines = [`${head} [${this.code}]`]
    if (expected !== undefined) lines.push(`  expected: ${expected}`)
    if (mend !== undefined) lines.push(`  mend: ${mend}`)
    return lines.join('\n')
  }
}

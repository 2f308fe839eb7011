/**
 * Group commit: writes that are asked for in the same turn share one transaction, and so one wait for the disk. Each is
 * answered only after the commit. A group that does not fit on the disk is tried again one by one, so that an item that
 * is too large does not keep its neighbours from being acknowledged.
 */
import type { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../kernel/error.ts'
import { inTransaction, queueFileError } from './queue-file.ts'

interface Pending {
  readonly work: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

export class GroupCommit {
  readonly #db: DatabaseSync
  readonly #file: string
  readonly #defer: (fn: () => void) => void
  #pending: Pending[] = []
  #closed = false

  /** `defer(fn)` calls `fn` when whoever else writes in this turn has asked. */
  constructor(db: DatabaseSync, file: string, defer: (fn: () => void) => void) {
    this.#db = db
    this.#file = file
    this.#defer = defer
  }

  /** Resolves with the result of `work` once it is on the disk. `work` must not wait for anything. */
  submit<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new AppError('E_QUEUE_CLOSED', 'was closed', { file: this.#file })
      this.#pending.push({ work, resolve, reject })
      if (this.#pending.length === 1) this.#defer(() => this.flush())
    })
  }

  /** Writes what is pending now; takes nothing more. */
  close(): void {
    this.flush()
    this.#closed = true
  }

  flush(): void {
    const group = this.#pending.splice(0)
    if (group.length === 0) return
    const error = this.#commit(group)
    if (error === undefined) return
    const isFull = error instanceof AppError && error.code === 'E_QUEUE_FULL'
    for (const each of group) {
      const itsError = isFull && group.length > 1 ? this.#commit([each]) : error
      if (itsError !== undefined) each.reject(itsError)
    }
  }

  #commit(group: readonly Pending[]): unknown {
    try {
      const results = inTransaction(this.#db, () => group.map(({ work }) => work()))
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as never)
      return undefined
    } catch (error) {
      return queueFileError(error, this.#file)
    }
  }
}

/** Transactions of the store: all of a piece of work or nothing of it, in whole, in part, and when it was cut off. */
import type { DatabaseSync } from 'node:sqlite'
import type { Counter } from './counters.ts'

export interface Transactions {
  /** Runs `work` in one transaction: all of it or nothing. Inside another one it is a part of that one. */
  transaction<T>(work: () => T): T
  /** As `transaction`, but inside another one the part is undone by itself, so that the whole may go on without it. */
  attempt<T>(work: () => T): T
  /** Undoes a transaction whose work was cut off and never ended. */
  abandon(): void
}

/** After an undo nothing that was looked up meanwhile may be believed: `forgetAll`. */
export function createTransactions(db: DatabaseSync, counter: Counter, forgetAll: () => void): Transactions {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const undo = (): void => {
    rollback.run()
    counter.undone()
    forgetAll()
  }
  const transaction = <T>(work: () => T): T => {
    if (db.isTransaction) return work()
    begin.run()
    try {
      const result = work()
      commit.run()
      counter.committed()
      return result
    } catch (error) {
      undo()
      throw error
    }
  }
  /** Parts may hold parts: SQLite takes the innermost of one name. */
  const part = <T>(work: () => T): T => {
    const mark = counter.mark()
    db.exec('SAVEPOINT part')
    try {
      const result = work()
      db.exec('RELEASE part')
      return result
    } catch (error) {
      db.exec('ROLLBACK TO part; RELEASE part')
      counter.undone(mark)
      forgetAll()
      throw error
    }
  }
  return {
    transaction,
    attempt: (work) => (db.isTransaction ? part(work) : transaction(work)),
    abandon() {
      if (db.isTransaction) undo()
    },
  }
}

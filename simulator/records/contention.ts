/**
 * Two writers on one record: who planned his change on an older version than the one he finds has lost the race.
 * Nothing is locked; the log remembers the latest commits only, more than can fall into the time of one request.
 * A commit that was undone with its transaction still counts as one. [REC-145, REC-506, OPQ-018]
 */
import type { RecordStore } from './store.ts'

interface Commit {
  readonly createdAt: number
  readonly changedAt: number
}

interface CommitLog {
  last: number
  readonly byRecord: Map<string, Commit>
}

const LOG_MAX = 4096

const logs = new WeakMap<RecordStore, CommitLog>()

function logOf(store: RecordStore): CommitLog {
  let log = logs.get(store)
  if (log === undefined) {
    log = { last: 0, byRecord: new Map() }
    logs.set(store, log)
  }
  return log
}

/** The point in the order of commits at which a request begins. */
export function currentCommit(store: RecordStore): number {
  return logOf(store).last
}

export function logCommit(store: RecordStore, group: string, id: number, isNew: boolean): void {
  const log = logOf(store)
  const key = `${group}/${id}`
  const at = ++log.last
  const createdAt = isNew ? at : (log.byRecord.get(key)?.createdAt ?? 0)
  log.byRecord.delete(key)
  log.byRecord.set(key, { createdAt, changedAt: at })
  if (log.byRecord.size > LOG_MAX) log.byRecord.delete(log.byRecord.keys().next().value!)
}

/** What became of a record since: somebody made it, somebody changed it, or nothing. */
export function commitsSince(
  store: RecordStore,
  group: string,
  id: number,
  since: number,
): 'created' | 'changed' | undefined {
  const commit = logOf(store).byRecord.get(`${group}/${id}`)
  if (commit === undefined || commit.changedAt <= since) return undefined
  return commit.createdAt > since ? 'created' : 'changed'
}

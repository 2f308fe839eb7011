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
  /** The latest commits, and those before them: taking the oldest out of one map again and again would cost a walk each. */
  recent: Map<string, Commit>
  earlier: Map<string, Commit>
}

/** Of each of the two maps. */
const LOG_MAX = 4096

const logs = new WeakMap<RecordStore, CommitLog>()

function logOf(store: RecordStore): CommitLog {
  let log = logs.get(store)
  if (log === undefined) {
    log = { last: 0, recent: new Map(), earlier: new Map() }
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
  const createdAt = isNew ? at : (commitOf(log, key)?.createdAt ?? 0)
  log.recent.set(key, { createdAt, changedAt: at })
  if (log.recent.size < LOG_MAX) return
  log.earlier = log.recent
  log.recent = new Map()
}

function commitOf({ recent, earlier }: CommitLog, key: string): Commit | undefined {
  return recent.get(key) ?? earlier.get(key)
}

/** What became of a record since: somebody made it, somebody changed it, or nothing. */
export function commitsSince(
  store: RecordStore,
  group: string,
  id: number,
  since: number,
): 'created' | 'changed' | undefined {
  const commit = commitOf(logOf(store), `${group}/${id}`)
  if (commit === undefined || commit.changedAt <= since) return undefined
  return commit.createdAt > since ? 'created' : 'changed'
}

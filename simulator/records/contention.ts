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
  readonly groups: Map<string, GroupLog>
}

/** The latest commits, and those before them: taking the oldest out of one map again and again would cost a walk each. */
interface GroupLog {
  recent: Map<number, Commit>
  earlier: Map<number, Commit>
}

/** Of each of the two maps of a group. */
const LOG_MAX = 4096

const logs = new WeakMap<RecordStore, CommitLog>()

function logOf(store: RecordStore): CommitLog {
  let log = logs.get(store)
  if (log === undefined) {
    log = { last: 0, groups: new Map() }
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
  const at = ++log.last
  let own = log.groups.get(group)
  if (own === undefined) {
    own = { recent: new Map(), earlier: new Map() }
    log.groups.set(group, own)
  }
  const createdAt = isNew ? at : (commitOf(own, id)?.createdAt ?? 0)
  own.recent.set(id, { createdAt, changedAt: at })
  if (own.recent.size < LOG_MAX) return
  own.earlier = own.recent
  own.recent = new Map()
}

function commitOf({ recent, earlier }: GroupLog, id: number): Commit | undefined {
  return recent.get(id) ?? earlier.get(id)
}

/** What became of a record since: somebody made it, somebody changed it, or nothing. */
export function commitsSince(
  store: RecordStore,
  group: string,
  id: number,
  since: number,
): 'created' | 'changed' | undefined {
  const own = logOf(store).groups.get(group)
  const commit = own === undefined ? undefined : commitOf(own, id)
  if (commit === undefined || commit.changedAt <= since) return undefined
  return commit.createdAt > since ? 'created' : 'changed'
}

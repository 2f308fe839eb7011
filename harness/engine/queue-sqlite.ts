/**
 * The queue in a SQLite file: the embedded default. Durable once answered, and any number of processes of one machine may
 * share a file: every claim is one transaction, leases are told apart by id and delivery. Leases run by the injected
 * clock, so the processes' clocks must agree to well within a lease, as they do on one machine.
 *
 * Every call costs O(log n) per item, whatever the backlog; queue-file.ts has the tables, group-commit.ts the writing.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { atEndOfTurn, type Clock } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/invariant.ts'
import { GroupCommit } from './group-commit.ts'
import {
  checkInputs,
  type DeadLetter,
  LEASE_MS_DEFAULT,
  type OpenItem,
  POLL_MS,
  type Queue,
  type QueueStats,
  type WorkInput,
  type WorkItem,
} from './queue.ts'
import {
  BLOCKED,
  DELAYED,
  LEASED,
  openQueueFile,
  type QueueFileOptions,
  queueFileError,
  WAITING,
} from './queue-file.ts'

export interface SqliteQueueOptions extends QueueFileOptions {
  /** Path of the queue file; created where there is none. */
  readonly file: string
  /** Length of every lease, default five minutes. */
  readonly leaseMs?: number | undefined
}

interface ItemRow {
  readonly id: number
  readonly state: number
  readonly priority: number
  readonly until_ms: number
  readonly deliveries: number
  readonly abandoned: number
  readonly enqueued_ms: number
  readonly dedupe_key: string
  readonly order_key: string
  readonly progress: string | null
  readonly payload: string
}

interface DeadRow {
  readonly id: number
  readonly priority: number
  readonly dedupe_key: string
  readonly order_key: string
  readonly payload: string
  readonly reason: string
  readonly at_ms: number
}

interface CountRow {
  readonly total: number
  readonly delayed: number
  readonly leased: number
  readonly dead: number
  readonly oldest_ms: number | null
}

/** What names a claim, and that it is still the current one. */
const HELD = `id = ? AND deliveries = ? AND state = ${LEASED} AND until_ms > ?`
const IN_TIME = `state IN (${DELAYED}, ${LEASED})`

function prepare(db: DatabaseSync) {
  const entries = {
    know: 'INSERT OR IGNORE INTO known VALUES (?)',
    insert: `INSERT INTO item (state, priority, until_ms, deliveries, abandoned, enqueued_ms, dedupe_key, order_key, payload)
      VALUES (${BLOCKED}, ?, ?, 0, ?, ?, ?, ?, ?)`,
    unblock: `UPDATE item SET state = CASE WHEN until_ms > ? THEN ${DELAYED} ELSE ${WAITING} END
      WHERE id = (SELECT id FROM item WHERE order_key = ? ORDER BY id LIMIT 1) AND state = ${BLOCKED}`,
    wake: `UPDATE item SET abandoned = abandoned OR state = ${LEASED}, state = ${WAITING}
      WHERE ${IN_TIME} AND until_ms <= ?`,
    claim: `UPDATE item SET state = ${LEASED}, deliveries = deliveries + 1, until_ms = ? WHERE id IN
      (SELECT id FROM item WHERE state = ${WAITING} ORDER BY priority DESC, id LIMIT ?) RETURNING *`,
    renew: `UPDATE item SET until_ms = ? WHERE ${HELD}`,
    retry: `UPDATE item SET state = ${DELAYED}, abandoned = 0, until_ms = ?, progress = ? WHERE ${HELD}`,
    bury: `INSERT INTO dead SELECT id, priority, dedupe_key, order_key, payload, ?, ? FROM item WHERE ${HELD}`,
    remove: `DELETE FROM item WHERE ${HELD} RETURNING order_key`,
    dead: 'SELECT * FROM dead WHERE id > ? ORDER BY id LIMIT ?',
    raise: 'DELETE FROM dead WHERE id = ? RETURNING *',
    scan: 'SELECT * FROM item WHERE id > ? ORDER BY id LIMIT ?',
    count: `SELECT (SELECT count(*) FROM item) AS total, (SELECT count(*) FROM dead) AS dead,
      (SELECT count(*) FROM item WHERE ${IN_TIME} AND until_ms > ?1 AND state = ${DELAYED}) AS delayed,
      (SELECT count(*) FROM item WHERE ${IN_TIME} AND until_ms > ?1 AND state = ${LEASED}) AS leased,
      (SELECT enqueued_ms FROM item ORDER BY id LIMIT 1) AS oldest_ms`,
    anyWaiting: `SELECT 1 FROM item WHERE state = ${WAITING} LIMIT 1`,
    nextDue: `SELECT min(until_ms) AS at FROM item WHERE ${IN_TIME}`,
  } satisfies Record<string, string>
  const prepared = Object.entries(entries).map(([name, text]) => [name, db.prepare(text)])
  return Object.fromEntries(prepared) as Record<keyof typeof entries, StatementSync>
}

export class SqliteQueue<T, P> implements Queue<T, P> {
  readonly #clock: Clock
  readonly leaseMs: number
  readonly pollMs: number | undefined
  readonly #file: string
  readonly #db: DatabaseSync
  readonly #sql: ReturnType<typeof prepare>
  readonly #writes: GroupCommit

  /** Opens or creates the file. Throws an `AppError` for one that is locked, damaged, of another version or not ours. */
  constructor(clock: Clock, options: SqliteQueueOptions) {
    this.#clock = clock
    this.leaseMs = options.leaseMs ?? LEASE_MS_DEFAULT
    // In virtual time there is no other process, and asking without end would be all there is to do.
    this.pollMs = clock.mode === 'virtual' ? undefined : POLL_MS
    this.#file = options.file
    this.#db = openQueueFile(options.file, options)
    this.#sql = prepare(this.#db)
    // Virtual time would move on before the turn ends; then only what is asked for in one go shares a commit.
    this.#writes = new GroupCommit(
      this.#db,
      options.file,
      clock.mode === 'virtual' ? queueMicrotask : atEndOfTurn,
    )
  }

  async enqueue(inputs: readonly WorkInput<T>[]): Promise<readonly ('queued' | 'duplicate')[]> {
    checkInputs(inputs)
    const payloads = inputs.map(({ payload }) => toJson(payload))
    return this.#writes.submit(() =>
      inputs.map((input, index) => {
        if (this.#sql.know.run(input.dedupeKey).changes === 0) return 'duplicate'
        this.#lineUp(input, payloads[index]!, false)
        return 'queued'
      }),
    )
  }

  #lineUp(input: Omit<WorkInput<T>, 'payload'>, payload: string, abandoned: boolean): void {
    const { dedupeKey, orderKey, priority = 0, notBeforeMs = 0 } = input
    const nowMs = this.#clock.now()
    this.#sql.insert.run(priority, notBeforeMs, Number(abandoned), nowMs, dedupeKey, orderKey, payload)
    this.#sql.unblock.run(nowMs, orderKey)
  }

  claim(count: number): Promise<readonly WorkItem<T, P>[]> {
    return this.#writes.submit(() => {
      const nowMs = this.#clock.now()
      this.#sql.wake.run(nowMs)
      const rows = this.#sql.claim.all(nowMs + this.leaseMs, count) as unknown as ItemRow[]
      rows.sort((a, b) => b.priority - a.priority || a.id - b.id)
      return rows.map((row) => ({ ...this.#open(row), abandoned: row.abandoned === 1 }))
    })
  }

  renew(item: WorkItem<T, P>): Promise<boolean> {
    return this.#writes.submit(() => {
      const nowMs = this.#clock.now()
      return this.#sql.renew.run(nowMs + this.leaseMs, item.id, item.deliveries, nowMs).changes === 1
    })
  }

  ack(item: WorkItem<T, P>): Promise<boolean> {
    return this.#writes.submit(() => this.#remove(item))
  }

  async retryAt(item: WorkItem<T, P>, atMs: number, progress: P): Promise<boolean> {
    const text = progress === undefined ? null : toJson(progress)
    return this.#writes.submit(
      () => this.#sql.retry.run(atMs, text, item.id, item.deliveries, this.#clock.now()).changes === 1,
    )
  }

  deadLetter(item: WorkItem<T, P>, reason: string): Promise<boolean> {
    return this.#writes.submit(() => {
      const nowMs = this.#clock.now()
      this.#sql.bury.run(reason, nowMs, item.id, item.deliveries, nowMs)
      return this.#remove(item)
    })
  }

  /** Takes a held item out and lets the next one of its key come forward. */
  #remove(item: WorkItem<T, P>): boolean {
    const nowMs = this.#clock.now()
    const row = this.#sql.remove.get(item.id, item.deliveries, nowMs) as { order_key: string } | undefined
    if (row === undefined) return false
    this.#sql.unblock.run(nowMs, row.order_key)
    return true
  }

  async deadLetters(afterId: string | undefined, limit: number): Promise<readonly DeadLetter<T>[]> {
    const rows = this.#read(() => this.#sql.dead.all(Number(afterId ?? 0), limit)) as unknown as DeadRow[]
    return rows.map((row) => ({
      id: String(row.id),
      dedupeKey: row.dedupe_key,
      orderKey: row.order_key,
      priority: row.priority,
      payload: JSON.parse(row.payload) as T,
      reason: row.reason,
      atMs: row.at_ms,
    }))
  }

  redrive(ids: readonly string[]): Promise<number> {
    return this.#writes.submit(() => {
      const known = ids.filter((id) => /^\d{1,15}$/.test(id))
      const rows = known.map((id) => this.#sql.raise.get(Number(id)) as unknown as DeadRow | undefined)
      const found = rows.filter((row) => row !== undefined)
      for (const { dedupe_key: dedupeKey, order_key: orderKey, priority, payload } of found)
        this.#lineUp({ dedupeKey, orderKey, priority }, payload, true)
      return found.length
    })
  }

  async scan(afterId: string | undefined, limit: number): Promise<readonly OpenItem<T, P>[]> {
    const nowMs = this.#clock.now()
    const rows = this.#read(() => this.#sql.scan.all(Number(afterId ?? 0), limit)) as unknown as ItemRow[]
    return rows.map((row) => ({ ...this.#open(row), state: stateOf(row, nowMs) }))
  }

  #open(row: ItemRow) {
    return {
      id: String(row.id),
      dedupeKey: row.dedupe_key,
      orderKey: row.order_key,
      priority: row.priority,
      payload: JSON.parse(row.payload) as T,
      deliveries: row.deliveries,
      enqueuedMs: row.enqueued_ms,
      progress: row.progress === null ? undefined : (JSON.parse(row.progress) as P),
    }
  }

  async stats(): Promise<QueueStats> {
    const row = this.#read(() => this.#sql.count.get(this.#clock.now())) as unknown as CountRow
    const { total, delayed, leased, dead, oldest_ms } = row
    return { waiting: total - delayed - leased, delayed, leased, dead, oldestMs: oldest_ms ?? undefined }
  }

  async nextDueMs(): Promise<number | undefined> {
    return this.#read(() => {
      if (this.#sql.anyWaiting.get() !== undefined) return this.#clock.now()
      const { at } = this.#sql.nextDue.get() as { at: number | null }
      return at ?? undefined
    })
  }

  #read<R>(ask: () => R): R {
    try {
      return ask()
    } catch (error) {
      throw queueFileError(error, this.#file)
    }
  }

  /** What was asked for before is still written. */
  async close(): Promise<void> {
    this.#writes.close()
    if (this.#db.isOpen) this.#db.close()
  }
}

function stateOf({ state, until_ms }: ItemRow, nowMs: number): 'waiting' | 'delayed' | 'leased' {
  if (until_ms <= nowMs) return 'waiting'
  if (state === LEASED) return 'leased'
  return state === DELAYED ? 'delayed' : 'waiting'
}

function toJson(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  invariant(text !== undefined, 'what goes into a queue is a JSON value')
  return text
}

/**
 * The queue in PostgreSQL: for workers on many machines. Durable once answered; claims skip what others are just claiming
 * (`FOR UPDATE SKIP LOCKED`) and never wait for them. postgres-schema.ts has the tables and the statements.
 *
 * The database's clock rules: leases and delays are spans from its now, so the machines' clocks need not agree, and what a
 * caller names by its own clock is turned into a span first. In virtual time the injected clock rules instead.
 */
import { atEndOfTurn, type Clock } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/invariant.ts'
import { Batches } from './batches.ts'
import type { Postgres } from './postgres.ts'
import { ensureSchema, nowSql } from './postgres-schema.ts'
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

export interface PostgresQueueOptions {
  /** Length of every lease, default five minutes. */
  readonly leaseMs?: number | undefined
  /** Whether to make the queue where the database has none. Default true. */
  readonly mayCreate?: boolean | undefined
}

/** About a megabyte of orders in one statement. */
const BATCH_MAX = 1_000
/** Longer than any server lives, short enough to add to a date. */
const WAIT_MS_MAX = 1e13

interface ItemRow {
  readonly id: string
  readonly dedupe_key: string
  readonly order_key: string
  readonly priority: number
  readonly payload: string
}

interface ClaimedRow extends ItemRow {
  readonly deliveries: number
  readonly abandoned: boolean
  readonly enqueued_ms: number
  readonly progress: string | null
}

interface OpenRow extends ItemRow {
  readonly state: 'waiting' | 'delayed' | 'leased'
  readonly deliveries: number
  readonly enqueued_ms: number
  readonly progress: string | null
}

interface DeadRow extends ItemRow {
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

interface DueRow {
  readonly now_ms: number
  readonly any_waiting: boolean
  readonly due_ms: number | null
}

/** A word of a holder about its claim. */
interface Settling {
  readonly item: WorkItem<unknown, unknown>
  readonly verdict: 'ack' | 'renew' | 'retry' | 'dead'
  readonly atMs?: number
  readonly note?: string
}

const SQL = {
  enqueue: 'SELECT n FROM seatrial.enqueue($1, $2, $3, $4, $5, $6) AS n',
  claim: 'SELECT * FROM seatrial.claim($1, $2, $3)',
  settle: 'SELECT n FROM seatrial.settle($1, $2, $3, $4, $5, $6, $7, $8) AS n',
  redrive: 'SELECT seatrial.redrive($1, $2) AS count',
  dead: 'SELECT id::text, dedupe_key, order_key, priority, payload, reason, at_ms FROM seatrial.dead WHERE id > $1 ORDER BY id LIMIT $2',
  scan: `SELECT i.id::text, i.dedupe_key, i.order_key, i.priority, i.payload, i.enqueued_ms, l.progress,
      coalesce(l.deliveries, 0) AS deliveries,
      CASE WHEN l.until_ms > ${nowSql('$1')} THEN l.state ELSE 'waiting' END AS state
    FROM (SELECT * FROM seatrial.item WHERE id > $2 ORDER BY id LIMIT $3) i
    LEFT JOIN seatrial.lane l ON l.order_key = i.order_key AND l.item_id = i.id ORDER BY i.id`,
  count: `SELECT (SELECT count(*) FROM seatrial.item)::float8 AS total, (SELECT count(*) FROM seatrial.dead)::float8 AS dead,
      count(*) FILTER (WHERE state = 'delayed')::float8 AS delayed, count(*) FILTER (WHERE state = 'leased')::float8 AS leased,
      (SELECT enqueued_ms FROM seatrial.item ORDER BY id LIMIT 1) AS oldest_ms
    FROM seatrial.lane WHERE state <> 'waiting' AND until_ms > ${nowSql('$1')}`,
  due: `SELECT ${nowSql('$1')} AS now_ms, EXISTS (SELECT FROM seatrial.lane WHERE state = 'waiting') AS any_waiting,
      (SELECT min(until_ms) FROM seatrial.lane WHERE state <> 'waiting') AS due_ms`,
} as const

/** Opens the queue in a database. Throws an `AppError` for one that cannot be reached, is not ours or of another version. */
export async function openPostgresQueue<T, P>(
  clock: Clock,
  db: Postgres,
  options: PostgresQueueOptions = {},
): Promise<PostgresQueue<T, P>> {
  await ensureSchema(db, options.mayCreate ?? true)
  return new PostgresQueue(clock, db, options.leaseMs ?? LEASE_MS_DEFAULT)
}

export class PostgresQueue<T, P> implements Queue<T, P> {
  readonly #clock: Clock
  readonly #db: Postgres
  readonly leaseMs: number
  readonly pollMs = POLL_MS
  readonly #enqueues: Batches<WorkInput<string>, 'queued' | 'duplicate'>
  readonly #settlings: Batches<Settling, boolean>

  /** On a database with the schema; `openPostgresQueue` sees to that. Closing the queue closes `db`. */
  constructor(clock: Clock, db: Postgres, leaseMs: number) {
    this.#clock = clock
    this.#db = db
    this.leaseMs = leaseMs
    const defer = clock.mode === 'virtual' ? queueMicrotask : atEndOfTurn
    this.#enqueues = new Batches((inputs) => this.#enqueue(inputs), defer, BATCH_MAX)
    this.#settlings = new Batches((settlings) => this.#settle(settlings), defer, BATCH_MAX)
  }

  /** What every statement goes by: `null` is the database's own clock. */
  #givenMs(): number | null {
    return this.#clock.mode === 'virtual' ? this.#clock.now() : null
  }

  /** From now to `atMs`, a moment of this machine's clock; `null` where there is none. */
  #waitMs(atMs: number | undefined): number | null {
    return atMs === undefined ? null : Math.min(WAIT_MS_MAX, atMs - this.#clock.now())
  }

  async enqueue(inputs: readonly WorkInput<T>[]): Promise<readonly ('queued' | 'duplicate')[]> {
    checkInputs(inputs)
    return this.#enqueues.ask(inputs.map((input) => ({ ...input, payload: toJson(input.payload) })))
  }

  async #enqueue(inputs: readonly WorkInput<string>[]): Promise<readonly ('queued' | 'duplicate')[]> {
    const rows = await this.#db.query<{ n: number }>(SQL.enqueue, [
      this.#givenMs(),
      inputs.map(({ dedupeKey }) => dedupeKey),
      inputs.map(({ orderKey }) => orderKey),
      inputs.map(({ priority = 0 }) => priority),
      inputs.map(({ notBeforeMs }) => this.#waitMs(notBeforeMs)),
      inputs.map(({ payload }) => payload),
    ])
    const queued = new Set(rows.map(({ n }) => n))
    return inputs.map((_, index) => (queued.has(index + 1) ? 'queued' : 'duplicate'))
  }

  async claim(count: number): Promise<readonly WorkItem<T, P>[]> {
    const rows = await this.#db.query<ClaimedRow>(SQL.claim, [this.#givenMs(), this.leaseMs, count])
    return rows.map((row) => ({
      ...inputOf<T>(row),
      id: row.id,
      deliveries: row.deliveries,
      enqueuedMs: row.enqueued_ms,
      progress: progressOf<P>(row),
      abandoned: row.abandoned,
    }))
  }

  renew(item: WorkItem<T, P>): Promise<boolean> {
    return this.#say({ item, verdict: 'renew' })
  }

  ack(item: WorkItem<T, P>): Promise<boolean> {
    return this.#say({ item, verdict: 'ack' })
  }

  retryAt(item: WorkItem<T, P>, atMs: number, progress: P): Promise<boolean> {
    return this.#say({ item, verdict: 'retry', atMs, note: toJson(progress) })
  }

  deadLetter(item: WorkItem<T, P>, reason: string): Promise<boolean> {
    // What a server said may hold characters that PostgreSQL cannot keep.
    return this.#say({ item, verdict: 'dead', note: reason.toWellFormed().replaceAll('\0', '\ufffd') })
  }

  async #say(settling: Settling): Promise<boolean> {
    const [isHeld] = await this.#settlings.ask([settling])
    return isHeld!
  }

  async #settle(settlings: readonly Settling[]): Promise<readonly boolean[]> {
    const rows = await this.#db.query<{ n: number }>(SQL.settle, [
      this.#givenMs(),
      this.leaseMs,
      settlings.map(({ item }) => item.orderKey),
      settlings.map(({ item }) => item.id),
      settlings.map(({ item }) => item.deliveries),
      settlings.map(({ verdict }) => verdict),
      settlings.map(({ atMs }) => this.#waitMs(atMs)),
      settlings.map(({ note }) => note ?? null),
    ])
    const held = new Set(rows.map(({ n }) => n))
    return settlings.map((_, index) => held.has(index + 1))
  }

  async deadLetters(afterId: string | undefined, limit: number): Promise<readonly DeadLetter<T>[]> {
    const rows = await this.#db.query<DeadRow>(SQL.dead, [afterId ?? 0, limit])
    return rows.map((row) => ({ ...inputOf<T>(row), id: row.id, reason: row.reason, atMs: row.at_ms }))
  }

  async redrive(ids: readonly string[]): Promise<number> {
    const known = [...new Set(ids)].filter((id) => /^\d{1,15}$/.test(id))
    const [row] = await this.#db.query<{ count: number }>(SQL.redrive, [this.#givenMs(), known])
    return row!.count
  }

  async scan(afterId: string | undefined, limit: number): Promise<readonly OpenItem<T, P>[]> {
    const rows = await this.#db.query<OpenRow>(SQL.scan, [this.#givenMs(), afterId ?? 0, limit])
    return rows.map((row) => ({
      ...inputOf<T>(row),
      id: row.id,
      state: row.state,
      deliveries: row.deliveries,
      enqueuedMs: row.enqueued_ms,
      progress: progressOf<P>(row),
    }))
  }

  async stats(): Promise<QueueStats> {
    const [row] = await this.#db.query<CountRow>(SQL.count, [this.#givenMs()])
    const { total, delayed, leased, dead, oldest_ms } = row!
    return { waiting: total - delayed - leased, delayed, leased, dead, oldestMs: oldest_ms ?? undefined }
  }

  async nextDueMs(): Promise<number | undefined> {
    const [row] = await this.#db.query<DueRow>(SQL.due, [this.#givenMs()])
    const { now_ms, any_waiting, due_ms } = row!
    if (any_waiting) return this.#clock.now()
    return due_ms === null ? undefined : this.#clock.now() + (due_ms - now_ms)
  }

  /** What was asked for before is still answered. */
  close(): Promise<void> {
    return this.#db.close()
  }
}

function inputOf<T>({ dedupe_key, order_key, priority, payload }: ItemRow): WorkInput<T> {
  return { dedupeKey: dedupe_key, orderKey: order_key, priority, payload: JSON.parse(payload) as T }
}

function progressOf<P>({ progress }: { readonly progress: string | null }): P | undefined {
  return progress === null ? undefined : (JSON.parse(progress) as P)
}

function toJson(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  invariant(text !== undefined, 'what goes into a queue is a JSON value')
  return text
}

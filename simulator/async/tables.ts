/**
 * Jobs and the results of their tasks, in the account's database. A job is the request as it was sent; a task has a row
 * once it is finished. What is being worked on is not stored: after a restart it simply has not happened yet.
 */
import type { DatabaseSync } from 'node:sqlite'

export interface JobRow {
  readonly id: number
  readonly integration: string
  readonly user: string
  readonly role: string
  readonly method: string
  readonly url: string
  /** JSON. */
  readonly headers: string
  readonly body: string | null
  /** The idempotency key with its scope. */
  readonly idem: string | null
  readonly parallel: number
  readonly batch: number
  readonly tasks: number
  readonly submitted_ms: number
  readonly ended_ms: number | null
  /** Tasks that failed; set at the end. */
  readonly failed: number
}

export interface TaskRow {
  readonly started_ms: number
  readonly ended_ms: number
  readonly status: number
  /** JSON. */
  readonly headers: string
  readonly body: string
}

export type NewJob = Omit<JobRow, 'id' | 'ended_ms' | 'failed'>

// AUTOINCREMENT: the id of a job that retention took away is not given again.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS async_job (
    id INTEGER PRIMARY KEY AUTOINCREMENT, integration TEXT NOT NULL, user TEXT NOT NULL, role TEXT NOT NULL,
    method TEXT NOT NULL, url TEXT NOT NULL, headers TEXT NOT NULL, body TEXT, idem TEXT, parallel INTEGER NOT NULL, batch INTEGER NOT NULL,
    tasks INTEGER NOT NULL, submitted_ms REAL NOT NULL, ended_ms REAL, failed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS async_job_key ON async_job (idem) WHERE idem IS NOT NULL;
  CREATE TABLE IF NOT EXISTS async_task (
    job INTEGER NOT NULL, no INTEGER NOT NULL, started_ms REAL NOT NULL, ended_ms REAL NOT NULL,
    status INTEGER NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (job, no)
  ) STRICT, WITHOUT ROWID;
`

export type JobTables = ReturnType<typeof createJobTables>

export function createJobTables(db: DatabaseSync) {
  db.exec(SCHEMA)
  const sql = prepare(db)
  return {
    /** Stores a job and gives its id. */
    insert(job: NewJob): number {
      const { integration, user, role, method, url, headers, body, idem, parallel, batch, tasks } = job
      const { lastInsertRowid } = sql.insert.run(
        integration,
        user,
        role,
        method,
        url,
        headers,
        body,
        idem,
        parallel,
        batch,
        tasks,
        job.submitted_ms,
      )
      return Number(lastInsertRowid)
    },
    get: (id: number) => sql.get.get(id) as JobRow | undefined,
    byKey: (idem: string) => sql.byKey.get(idem) as JobRow | undefined,
    freeKey: (id: number) => void sql.freeKey.run(id),
    /** The first job after `id` that has not ended. */
    nextOpen: (id: number) => sql.nextOpen.get(id) as JobRow | undefined,
    task: (job: number, no: number) => sql.task.get(job, no) as TaskRow | undefined,
    /** Numbers and statuses of the finished tasks of a job. */
    finished: (job: number) => sql.finished.all(job) as { no: number; status: number }[],
    saveTask(job: number, no: number, { started_ms, ended_ms, status, headers, body }: TaskRow): void {
      sql.saveTask.run(job, no, started_ms, ended_ms, status, headers, body)
    },
    /** A job that has ended needs its request no longer. */
    end: (id: number, nowMs: number, failed: number) => void sql.end.run(nowMs, failed, id),
    purge(endedUntilMs: number): void {
      sql.purgeTasks.run(endedUntilMs)
      sql.purgeJobs.run(endedUntilMs)
    },
    reset(): void {
      db.exec(
        `DELETE FROM async_task; DELETE FROM async_job; DELETE FROM sqlite_sequence WHERE name = 'async_job'`,
      )
    },
  }
}

function prepare(db: DatabaseSync) {
  return {
    insert: db.prepare(
      `INSERT INTO async_job (integration, user, role, method, url, headers, body, idem, parallel, batch, tasks, submitted_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    get: db.prepare('SELECT * FROM async_job WHERE id = ?'),
    byKey: db.prepare('SELECT * FROM async_job WHERE idem = ?'),
    freeKey: db.prepare('UPDATE async_job SET idem = NULL WHERE id = ?'),
    nextOpen: db.prepare('SELECT * FROM async_job WHERE id > ? AND ended_ms IS NULL ORDER BY id LIMIT 1'),
    task: db.prepare('SELECT * FROM async_task WHERE job = ? AND no = ?'),
    finished: db.prepare('SELECT no, status FROM async_task WHERE job = ? ORDER BY no'),
    saveTask: db.prepare(
      'INSERT INTO async_task (job, no, started_ms, ended_ms, status, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    end: db.prepare('UPDATE async_job SET ended_ms = ?, failed = ?, body = NULL WHERE id = ?'),
    purgeTasks: db.prepare(
      'DELETE FROM async_task WHERE job IN (SELECT id FROM async_job WHERE ended_ms <= ?)',
    ),
    purgeJobs: db.prepare('DELETE FROM async_job WHERE ended_ms <= ?'),
  }
}

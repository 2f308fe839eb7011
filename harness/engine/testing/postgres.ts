/**
 * Databases for tests: PGlite (PostgreSQL inside the process), and a database of its own on the server that SEATRIAL_PG_URL
 * names, where it names one. For tests only.
 */
import { PGlite } from '@electric-sql/pglite'
import { entropySeed } from '../../../kernel/entropy.ts'
import { createRng } from '../../../kernel/rng.ts'
import { openPostgres, type Postgres, queueDatabaseError } from '../postgres.ts'

/** The server to test on; `undefined`: there is none here. `scripts/postgres.sh start` prints one. */
export const SERVER_URL = process.env.SEATRIAL_PG_URL

/** A new, empty database inside this process. Starting it takes seconds: once per file. */
export async function openPglite(): Promise<Postgres> {
  const name = 'PGlite'
  const db = await PGlite.create()
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question
    } catch (error) {
      throw queueDatabaseError(error, name)
    }
  }
  return {
    name,
    query: async (sql, values = []) => (await ask(db.query(sql, [...values]))).rows as never,
    exec: async (sql) => void (await ask(db.exec(sql))),
    close: () => db.close(),
  }
}

/** A new, empty database on the server: its address, and how to drop it. */
export async function createDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const database = `seatrial_test_${createRng(entropySeed()).hex(12)}`
  const admin = async (sql: string): Promise<void> => {
    const db = await openPostgres(server)
    await db.exec(sql)
    await db.close()
  }
  await admin(`CREATE DATABASE ${database}`)
  const url = new URL(server)
  url.pathname = `/${database}`
  return { url: url.href, drop: () => admin(`DROP DATABASE ${database} WITH (FORCE)`) }
}

/** The tables as a new queue has them. */
export async function emptyQueue(db: Postgres): Promise<void> {
  await db.exec(
    `DELETE FROM seatrial.known; DELETE FROM seatrial.item; DELETE FROM seatrial.lane; DELETE FROM seatrial.dead;
    DELETE FROM seatrial.board; ALTER SEQUENCE seatrial.arrival RESTART`,
  )
}

/** The same database for several owners: none of them closes it. */
export function shared(db: Postgres): Postgres {
  return {
    ...db,
    name: db.name,
    query: (...all) => db.query(...all),
    exec: (sql) => db.exec(sql),
    close: async () => {},
  }
}

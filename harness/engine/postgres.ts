/**
 * The way to a PostgreSQL server: what the queue and the shared budget ask of one, kept by `pg` (servers) and by PGlite
 * (PostgreSQL inside the process, for tests), and what its errors mean to a user. A connection that is lost is replaced by
 * the next call; each wait has its end, so that a network that swallows everything is an error and not a silence.
 */
import type { Pool, PoolConfig } from 'pg'
import { AppError } from '../../kernel/error.ts'
import { withPassfile } from './postgres-passfile.ts'

export interface Postgres {
  /** Host and database, for messages; never a password. */
  readonly name: string
  /** One statement with `$1`… in it. Throws an `AppError` where `queueDatabaseError` knows the reason. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** Any number of statements without values: all of them or none. */
  exec(sql: string): Promise<void>
  close(): Promise<void>
}

/** Claims, settling, enqueueing and a look from outside at once; more connections only cost the server. */
const CONNECTIONS_MAX = 4
/** A claim takes a millisecond. An answer that takes this long comes from a server or a network that is not there. */
const ANSWER_MS_MAX = 10_000
/** The server gives up first, so that it does not go on with what nobody waits for. */
const STATEMENT_MS_MAX = 8_000
/** For a new connection, and for one of ours to become free. */
const CONNECT_MS_MAX = 5_000
/**
 * How long a connection may be idle until each side asks whether the other is still there; the systems' own two hours would leave
 * the server with the connections of every worker whose machine or network is gone.
 */
const KEEP_ALIVE_SEC = 30

/**
 * Opens `url` (`postgres://user@host:5432/database?sslmode=…`). What it leaves out comes from libpq's variables: PGPASSWORD,
 * PGPASSFILE, PGHOST, PGUSER, PGSSLMODE and so on. Connects with the first call.
 */
export async function openPostgres(url: string): Promise<Postgres> {
  const { default: pg } = await import('pg')
  const config: PoolConfig = {
    connectionString: withPassfile(url),
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_SEC * 1_000,
    // An idle connection keeps no process alive: where the goodbye is swallowed, the answer to it is a quarter of an hour away.
    allowExitOnIdle: true,
    application_name: 'seatrial',
    // Each statement of ours must see what was committed before it, and an answer must mean that the disk has it.
    onConnect: async (client) => void (await client.query(DURABLE)),
    options: Object.entries(SESSION)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  }
  const pool = new pg.Pool(config)
  // An idle connection that breaks is no news: the pool drops it, and the next call opens another.
  pool.on('error', () => {})
  return new PooledPostgres(pool, nameOf(url))
}

/** Settings of a session, as libpq's `options` has them. */
const SESSION = {
  default_transaction_isolation: 'read\\ committed',
  statement_timeout: STATEMENT_MS_MAX,
  tcp_keepalives_idle: KEEP_ALIVE_SEC,
  tcp_keepalives_interval: 10,
  tcp_keepalives_count: 3,
} as const

/** `off` and `local` answer before the commit is safe; what is stricter than `on` stays. */
const DURABLE = `SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') IN ('off', 'local')`

/** `db.example.com/orders`. The user and all options stay out. */
function nameOf(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `${host === '' ? 'PostgreSQL' : decodeURIComponent(host)}${pathname}`
  } catch {
    return 'PostgreSQL'
  }
}

class PooledPostgres implements Postgres {
  readonly name: string
  readonly #pool: Pool

  constructor(pool: Pool, name: string) {
    this.#pool = pool
    this.name = name
  }

  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#pool.query(sql, [...values])).rows as Row[]
    } catch (error) {
      throw queueDatabaseError(error, this.name)
    }
  }

  async exec(sql: string): Promise<void> {
    try {
      await this.#pool.query(sql)
    } catch (error) {
      throw queueDatabaseError(error, this.name)
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end()
  }
}

type Meaning = readonly [code: string, message: string, mend: string]

const UNREACHABLE: Meaning = [
  'E_QUEUE_UNREACHABLE',
  'gives no answer',
  'check the address, the network, and that the server is up',
]
const BUSY: Meaning = [
  'E_QUEUE_BUSY',
  'is too busy to answer in time',
  'try again; look for long transactions if it stays so',
]
const REFUSED: Meaning = [
  'E_QUEUE_REFUSED',
  'refuses the login',
  'check the user in the address and PGPASSWORD or PGPASSFILE',
]

/** SQLSTATE, or its class of two characters, or the error code of a socket → what a user is told. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '28': REFUSED,
  '3D': ['E_QUEUE_REFUSED', 'does not exist', 'create the database, or correct its name in the address'],
  '42501': [
    'E_QUEUE_REFUSED',
    'does not let this user make or use the schema seatrial',
    'grant the user CREATE on the database, or USAGE of the schema and all rights to what is in it',
  ],
  '25006': ['E_QUEUE_UNREACHABLE', 'is a read-only standby', 'name the primary server'],
  '08': UNREACHABLE,
  '57P01': UNREACHABLE,
  '57P02': UNREACHABLE,
  '57P03': UNREACHABLE,
  '57014': BUSY,
  '55P03': BUSY,
  '40': BUSY,
  '53100': ['E_QUEUE_FULL', 'cannot grow: its disk is full', 'make room on the server'],
  '53': [
    'E_QUEUE_UNREACHABLE',
    'has no connection or memory to spare',
    'raise max_connections, or start fewer workers',
  ],
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  ENOTFOUND: ['E_QUEUE_UNREACHABLE', 'is on a host that nobody knows', 'correct the host in the address'],
  EAI_AGAIN: UNREACHABLE,
  ENOENT: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EPIPE: UNREACHABLE,
}
/** pg's own words for a connection that was lost or never came; they have no code. */
const LOST =
  /connection terminated|timeout expired|timeout exceeded|read timeout|connection timeout|client has encountered a connection error|not queryable/i

/** An error of the driver as an `AppError`; anything else as it is. */
export function queueDatabaseError(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return error
  const { code = '' } = error as { code?: string }
  const known =
    MEANINGS[code] ??
    (/^[0-9A-Z]{5}$/.test(code) ? MEANINGS[code.slice(0, 2)] : undefined) ??
    (LOST.test(error.message) ? UNREACHABLE : undefined)
  if (known === undefined) return error
  const [ours, message, mend] = known
  return new AppError(ours, `${name} ${message}${code === '' ? '' : ` (${code})`}`, { mend, cause: error })
}

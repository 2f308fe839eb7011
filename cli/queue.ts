/**
 * The queue that a user names with `--queue`: a SQLite file on this machine, or a PostgreSQL database for many. An address
 * with a password in it is not taken from the command line, where every user of the machine can read it.
 */
import { existsSync } from 'node:fs'
import {
  openPostgres,
  openPostgresQueue,
  openPostgresSyncStore,
  type Postgres,
  SqliteQueue,
  SqliteSyncStore,
  type SyncStore,
  type WorkQueue,
} from '../harness/engine/index.ts'
import type { TryProgress } from '../harness/engine/retry.ts'
import type { Work } from '../harness/engine/work.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import { readText } from './files.ts'

export const QUEUE_HELP = `
A queue is named by
  sqlite:orders.queue                    a file on this machine; made where there is none
  postgres://user@db.example.com/orders  a schema of its own, seatrial, in a PostgreSQL database
  env:QUEUE_URL or file:queue-url.txt    where one of the two is written, e.g. because it holds a password
Passwords otherwise come from PGPASSWORD or PGPASSFILE, never from the command line.
`

export interface OpenedQueue {
  readonly queue: WorkQueue
  /** The database behind it, where it is one that many machines share. */
  readonly database: Postgres | undefined
  /**
   * Opens what synchronisation must not forget: in the same database, or in a file beside the queue's, `orders.queue.sync`. Made where
   * there is none. Ends with the queue.
   */
  openStore(): Promise<SyncStore>
}

export interface OpenOptions {
  /** Length of leases; default five minutes. */
  readonly leaseMs?: number | undefined
  /** Whether to make the queue where there is none. */
  readonly mayCreate: boolean
}

type Address =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Opens what `--queue` names. Throws an `AppError`; then nothing has been changed. */
export async function openQueue(clock: Clock, text: string, options: OpenOptions): Promise<OpenedQueue> {
  const address = readAddress(text)
  const { leaseMs, mayCreate } = options
  if (address.kind === 'sqlite') {
    const { file } = address
    if (!mayCreate && !existsSync(file))
      throw new AppError('E_QUEUE_MISSING', 'no such file', {
        file,
        mend: 'check the path; `seatrial enqueue` or `seatrial work` makes a queue',
      })
    const queue = new SqliteQueue<Work, TryProgress>(clock, { file, leaseMs })
    return { queue, database: undefined, openStore: async () => new SqliteSyncStore(`${file}.sync`) }
  }
  const database = await openPostgres(address.url)
  try {
    const queue = await openPostgresQueue<Work, TryProgress>(clock, database, { leaseMs, mayCreate })
    return { queue, database, openStore: () => openPostgresSyncStore(database) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Reads an address, or what it points to. Throws `E_QUEUE_ADDRESS` and `E_QUEUE_SECRET`; no message holds a password. */
export function readAddress(text: string, env: NodeJS.ProcessEnv = process.env): Address {
  const pointer = /^(env|file):(.+)$/.exec(text)
  if (pointer === null) {
    const address = parseAddress(text, '--queue')
    if (address.kind === 'postgres' && holdsPassword(address.url))
      throw new AppError(
        'E_QUEUE_SECRET',
        '--queue holds a password, which every user of this machine can read',
        {
          expected: 'an address without one, or env:NAME or file:PATH',
          mend: 'put the password into PGPASSWORD or PGPASSFILE, or the whole address into a variable or a file; then change it',
        },
      )
    return address
  }
  const [, kind, name] = pointer as unknown as [string, string, string]
  const found = kind === 'env' ? env[name] : readText(name)
  if (found === undefined || found.trim() === '')
    throw new AppError('E_QUEUE_ADDRESS', `${text} is ${kind === 'env' ? 'not set' : 'empty'}`, {
      mend: 'write the address of the queue there',
    })
  return parseAddress(found.trim(), text)
}

function parseAddress(text: string, where: string): Address {
  const file = /^sqlite:(?:\/\/)?(.+)$/.exec(text)?.[1]
  if (file !== undefined) return { kind: 'sqlite', file }
  if (/^postgres(ql)?:\/\/./.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text }
  throw new AppError('E_QUEUE_ADDRESS', `${where} is not the address of a queue`, {
    expected: 'sqlite:FILE, postgres://USER@HOST/DATABASE, env:NAME or file:PATH',
    mend: 'correct the address',
  })
}

function holdsPassword(url: string): boolean {
  const { password, searchParams } = new URL(url)
  return password !== '' || searchParams.has('password') || searchParams.has('sslpassword')
}

/**
 * What a query may do and what it may take. It may read, and only tables that SuiteQL shows parts of: SQLite asks the
 * authorizer about every table and function of a statement. Rows are counted while they are joined, so that a query that
 * takes too many ends the same way on every machine; over that stands V8's watchdog, by the machine's time, which strikes
 * at the next counted row. A query that nobody waits for any more is ended. docs/decisions/0012 says what is bounded by which.
 */
import { constants } from 'node:sqlite'
import { Script } from 'node:vm'
import type { Account } from '../account.ts'
import { unsupported } from './refusals.ts'

export interface Limits {
  /** For preparing and running what a statement was translated to. */
  reading<T>(work: () => T): T
  /** The same, for a statement that may call functions very often: cut off in time. */
  watching<T>(work: () => T): T
  /** The same, for a statement that counts its rows: cut off in time, and when `hungUp` says that nobody waits for it. */
  counting<T>(work: () => T, hungUp?: () => boolean): T
}

const { SQLITE_OK, SQLITE_DENY, SQLITE_READ, SQLITE_SELECT, SQLITE_FUNCTION, SQLITE_RECURSIVE } = constants

/** Of the account's own tables; those in `ql` are all for queries. */
const READABLE: ReadonlySet<string> = new Set([
  'record',
  'stock_balance',
  'aggregateitemlocation',
  'inventorybalance',
  'json_each',
  'system_note',
])

function allows(action: number, name: string | null, more: string | null, schema: string | null): boolean {
  if (action === SQLITE_SELECT || action === SQLITE_RECURSIVE) return true
  if (action === SQLITE_FUNCTION) return more !== 'load_extension'
  // Of lists, where no column of theirs is read, SQLite does not say whose they are.
  if (action === SQLITE_READ && name === 'json_each' && schema === null) return true
  return action === SQLITE_READ && (schema === 'ql' || (schema === 'main' && READABLE.has(name ?? '')))
}

export function createLimits({ store: { db }, profile }: Account): Limits {
  const { queryStepsMax, queryWallMsMax } = profile.settings
  let isReading = false
  let steps = 0
  let isOver: (() => boolean) | undefined
  db.function('ql_step', { varargs: true }, () => {
    steps += 1
    if (steps > queryStepsMax) throw unsupported(`more than ${queryStepsMax} joined rows`)
    if (steps % LOOK_EVERY === 0) refuseAbandoned(isOver)
    return 1
  })
  // Set once: each change of it makes SQLite prepare all statements of the account anew. Node has it from 24.10 on.
  db.setAuthorizer?.((action, name, more, schema) =>
    isReading && !allows(action, name, more, schema) ? SQLITE_DENY : SQLITE_OK,
  )
  const reading = <T>(work: () => T): T => {
    isReading = true
    try {
      return work()
    } finally {
      isReading = false
    }
  }
  return {
    reading,
    watching: (work) => reading(() => watched(queryWallMsMax, work)),
    // No `finally` runs below the watchdog's stroke, so this one is around it.
    counting: (work, hungUp) =>
      reading(() => {
        refuseAbandoned(hungUp)
        steps = 0
        isOver = hungUp
        return watched(queryWallMsMax, work)
      }),
  }
}

/** Joined rows between two looks at the client: a tenth of a second or so. */
const LOOK_EVERY = 100_000

function refuseAbandoned(hungUp: (() => boolean) | undefined): void {
  if (hungUp?.() === true) throw unsupported('cancelled: its client has hung up')
}

/** Where the watchdog's script finds what it is to call. */
const KEY = Symbol.for('seatrial.query')
const shared = globalThis as unknown as Record<symbol, { call: (() => void) | undefined } | undefined>
shared[KEY] ??= { call: undefined }
const slot = shared[KEY]
const CALL = new Script("globalThis[Symbol.for('seatrial.query')].call()", { filename: 'query' })

function watched<T>(wallMsMax: number, work: () => T): T {
  let result: { readonly value: T } | undefined
  slot.call = () => {
    result = { value: work() }
  }
  try {
    CALL.runInThisContext({ timeout: wallMsMax })
    return result!.value
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw unsupported(`more than ${wallMsMax} ms`)
  } finally {
    slot.call = undefined
  }
}

/**
 * Calling code that users wrote: a loop without end is cut off by V8's watchdog, whatever is thrown becomes a plain
 * failure, and both name the file and the function. One watchdog stands over a call and all that is called inside it:
 * when it strikes, no `catch` and no `finally` below it runs, so a transaction that began inside is undone from here.
 * The limit is of the machine's time and far above what any sane function takes.
 */
import { Script } from 'node:vm'
import type { RecordStore } from '../records/store.ts'

/** One call of a user's function. */
export interface Frame {
  readonly kind: 'userEvent' | 'locks' | 'mapReduce' | 'restlet'
  /** As the profile names it. */
  readonly file: string
  readonly name: string
}

/** What a user's function died of. */
export interface Failure {
  /** Its SuiteScript name, e.g. `SSS_USAGE_LIMIT_EXCEEDED`; undefined: an error of plain JavaScript. */
  readonly code: string | undefined
  readonly message: string
  /** It ran on and on. */
  readonly isCut: boolean
  /** `file function`, the innermost. */
  readonly where: string
}

export type Outcome<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly failure: Failure; readonly value?: undefined }

/** An error with a code, as SuiteScript's modules throw them. */
export class ScriptError extends Error {
  constructor(code: string, message: string) {
    super(message)
    this.name = code
  }
}

export const TIME_LIMIT = ['SSS_TIME_LIMIT_EXCEEDED', 'Script Execution Time Exceeded.'] as const
export const USAGE_LIMIT = ['SSS_USAGE_LIMIT_EXCEEDED', 'Script Execution Usage Limit Exceeded'] as const

/** Where the watchdog's script finds what it is to call; one for the process, however often this module is loaded. */
const KEY = Symbol.for('seatrial.guarded')
const shared = globalThis as unknown as Record<symbol, { call: (() => void) | undefined } | undefined>
shared[KEY] ??= { call: undefined }
const slot = shared[KEY]
const CALL = new Script("globalThis[Symbol.for('seatrial.guarded')].call()", { filename: 'guarded' })

const CODE = /^[A-Z][A-Z0-9_]+$/

export class Guard {
  readonly #wallMsMax: number
  readonly #store: Pick<RecordStore, 'db' | 'abandon'>
  #stack: Frame[] = []
  #bug: { readonly error: unknown } | undefined

  constructor(wallMsMax: number, store: Pick<RecordStore, 'db' | 'abandon'>) {
    this.#wallMsMax = wallMsMax
    this.#store = store
  }

  isRunning(kind: Frame['kind']): boolean {
    return this.#stack.some((frame) => frame.kind === kind)
  }

  /** Runs `work`, which calls the user's function. A bug of ours in what it calls is thrown on. */
  run<T>(frame: Frame, work: () => T): Outcome<T> {
    if (this.#stack.length > 0) return this.#inside(frame, work)
    const isWithin = this.#store.db.isTransaction
    let outcome: Outcome<T> | undefined
    slot.call = () => {
      outcome = this.#inside(frame, work)
    }
    try {
      CALL.runInThisContext({ timeout: this.#wallMsMax })
      if (this.#bug !== undefined) throw this.#bug.error
      return outcome!
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      const at = this.#stack.at(-1) ?? frame
      if (!isWithin) this.#store.abandon()
      const [code, message] = TIME_LIMIT
      return { failure: { code, message, isCut: true, where: whereOf(at) } }
    } finally {
      this.#stack = []
      this.#bug = undefined
      slot.call = undefined
    }
  }

  /** Notes a bug of ours, so that a user's `catch` cannot hide it. */
  noteBug(error: unknown): void {
    this.#bug ??= { error }
  }

  #inside<T>(frame: Frame, work: () => T): Outcome<T> {
    this.#stack.push(frame)
    try {
      const value = work()
      if (typeof (value as { then?: unknown } | undefined)?.then === 'function')
        throw new TypeError('the function gave a promise; scripts are synchronous')
      return { value }
    } catch (error) {
      return { failure: { ...readThrown(error), isCut: false, where: whereOf(frame) } }
    } finally {
      this.#stack.pop()
    }
  }
}

function whereOf({ file, name }: Frame): string {
  return `${file} ${name}`
}

/** Anything can be thrown, also what throws when it is looked at. */
function readThrown(thrown: unknown): Pick<Failure, 'code' | 'message'> {
  try {
    if (thrown === null || typeof thrown !== 'object') return { code: undefined, message: String(thrown) }
    const { name, message } = thrown as { name?: unknown; message?: unknown }
    const text = typeof message === 'string' ? message : JSON.stringify(thrown)
    if (typeof name !== 'string' || name === 'Error') return { code: undefined, message: text }
    return CODE.test(name) ? { code: name, message: text } : { code: undefined, message: `${name}: ${text}` }
  } catch {
    return { code: undefined, message: 'an error that cannot be shown' }
  }
}

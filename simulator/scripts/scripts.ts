/**
 * The account's scripts at work: before-submit, after-submit, locks of workflows and map/reduce, in the order of the profile.
 * A save that a script refuses leaves nothing, for all of it is one transaction. What a user event saves runs no user
 * events of its own, as in NetSuite. [GOV-041, GOV-091, REC-E25, REC-E28, OPQ-075]
 */
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/error.ts'
import type { Rng } from '../../kernel/rng.ts'
import type { Account } from '../account.ts'
import { type ApiFault, userError } from '../api-fault.ts'
import type { LatencyModel } from '../latency/model.ts'
import type { Operation } from '../operations/operation.ts'
import { ADMINISTRATOR } from '../permissions/principal.ts'
import type { RecordBody, StoredRecord } from '../records/store.ts'
import type { Catalogue, RecordType } from '../spec/catalogue.ts'
import type { AfterSubmit, BeforeSubmit, Locks, MapReduce, SaveType, ScriptContext } from './api.ts'
import { type Failure, type Frame, type Guard, TIME_LIMIT, USAGE_LIMIT } from './guard.ts'
import { createMapReduceQueue, type MapReduceQueue, type MapReduceRun } from './map-reduce.ts'
import { functionsOf, SCRIPT_FUNCTIONS, type UserModules } from './modules.ts'
import type { ScriptingOptions, ScriptSpec } from './options.ts'
import { createContext, translated } from './record-api.ts'
import { Meter } from './units.ts'
import { createEditable, createView } from './view.ts'

/** What went wrong in a user's code, for whoever runs the account. */
export interface ScriptNotice {
  /** `file function`. */
  readonly where: string
  readonly message: string
}

export interface ScriptParts {
  readonly clock: Clock
  readonly rng: Rng
  readonly guard: Guard
  readonly specs: readonly ScriptSpec[]
  readonly options: ScriptingOptions
  readonly modules: UserModules
  readonly latency: LatencyModel
  readonly processors: number
  /** Not there yet when its scripts are made. */
  readonly account: () => Account
  /** Told of what is cut off, and of what fails where no client hears of it. */
  readonly onNotice: (notice: ScriptNotice) => void
}

/** One save, as its scripts are told of it. */
export interface Save {
  readonly type: RecordType
  readonly event: SaveType
  readonly before: StoredRecord | undefined
}

/** A record before it is saved. */
export interface Draft {
  readonly body: () => RecordBody
  readonly apply: (json: RecordBody) => void
}

interface Script {
  readonly spec: ScriptSpec
  readonly beforeSubmit?: BeforeSubmit
  readonly afterSubmit?: AfterSubmit
  readonly locks?: Locks
  readonly mapReduce?: MapReduce
}

/** The events that an operation may come to. A PUT may create or change; it takes the time of both, once each. */
const EVENTS: Readonly<Record<string, readonly SaveType[]>> = {
  create: ['create'],
  transform: ['create'],
  update: ['edit'],
  upsert: ['create', 'edit'],
  delete: ['delete'],
}

/** A record action saves the record. [GOV-091, REC-195] */
const ACTION_EVENTS: readonly SaveType[] = ['edit']

export class AccountScripts {
  readonly #parts: ScriptParts
  readonly #scripts: readonly Script[]
  readonly #known = new Map<string, readonly Script[]>()
  readonly #queue: MapReduceQueue | undefined

  constructor(parts: ScriptParts, db: Parameters<typeof createMapReduceQueue>[0]['db']) {
    this.#parts = parts
    const { specs, modules } = parts
    // What a function takes is the user's to keep to; that it is one has been checked.
    this.#scripts = specs.map(
      (spec) => ({ spec, ...functionsOf(modules, spec.file, SCRIPT_FUNCTIONS) }) as Script,
    )
    if (!this.#scripts.some(({ mapReduce }) => mapReduce !== undefined)) return
    this.#queue = createMapReduceQueue({
      ...parts,
      db,
      timeMs: (file) => this.#draw(specs.find((spec) => spec.file === file)!),
      run: (run) => this.#runMapReduce(run),
    })
  }

  /** Whether anything happens at such a save. */
  watches(type: RecordType, event: SaveType): boolean {
    return !this.#parts.guard.isRunning('userEvent') && this.#at(type, [event]).length > 0
  }

  /** Before-submit scripts; they may change the draft. Tells whether they did. */
  before({ type, event, before }: Save, draft: Draft): boolean {
    const { guard } = this.#parts
    const account = this.#parts.account()
    let isChanged = false
    const apply = (json: RecordBody): void => {
      translated(guard, () => draft.apply(json))
      isChanged = true
    }
    const id = before === undefined ? undefined : String(before.id)
    const newRecord =
      event === 'delete'
        ? createEditable(account, type, id, draft.body, () => {})
        : createEditable(account, type, id, draft.body, apply)
    const oldRecord = viewOf(account, type, before)
    for (const script of this.#at(type, [event])) {
      const { beforeSubmit } = script
      if (beforeSubmit === undefined) continue
      this.#userEvent(script, 'beforeSubmit', (context) =>
        beforeSubmit({ ...context, type: event, newRecord, oldRecord }),
      )
    }
    return isChanged
  }

  /** After-submit scripts, and what they start for later. */
  after({ type, event, before }: Save, after: StoredRecord | undefined): void {
    const account = this.#parts.account()
    const oldRecord = viewOf(account, type, before)
    const newRecord = viewOf(account, type, after ?? before)!
    for (const script of this.#at(type, [event])) {
      const { afterSubmit } = script
      if (afterSubmit !== undefined) {
        this.#userEvent(script, 'afterSubmit', (context) =>
          afterSubmit({ ...context, type: event, newRecord, oldRecord }),
        )
      }
    }
    // What a map/reduce script saves starts no other, or they would start each other for ever.
    if (this.#parts.guard.isRunning('mapReduce')) return
    for (const { spec, mapReduce } of this.#at(type, [event])) {
      const record_id = (after ?? before)!.id
      if (mapReduce !== undefined)
        this.#queue!.note({ file: spec.file, record_type: type.name, record_id, event })
    }
  }

  /** Nobody reads or writes a locked record by its id; lists and queries still show it. [REC-E25, OPQ-075] */
  refuseLocked(type: RecordType, record: StoredRecord): void {
    for (const { spec, locks } of this.#of(type)) {
      if (locks === undefined) continue
      const view = viewOf(this.#parts.account(), type, record)!
      const frame: Frame = { kind: 'locks', file: spec.file, name: 'locks' }
      const { value, failure } = this.#parts.guard.run(frame, () => locks(view))
      if (failure !== undefined) throw this.#refusal(failure)
      if (value) throw userError('This record has been locked by a user defined workflow.')
    }
  }

  /** The operation with the time its scripts will take; the one that takes too long ends it. [GOV-041] */
  timed(operation: Operation): Operation {
    const { verb, recordType } = operation.work
    const events = verb.startsWith('@') ? ACTION_EVENTS : EVENTS[verb]
    const type = events === undefined ? undefined : this.#parts.account().catalogue.find(recordType)
    if (events === undefined || type === undefined) return operation
    const { ms, over } = this.#time(type, events)
    if (ms === 0) return operation
    const work = { ...operation.work, scriptMs: ms }
    if (over === undefined) return { ...operation, work }
    const { store } = this.#parts.account()
    const run = (): never =>
      // What is wrong with the request itself comes first.
      store.attempt(() => {
        operation.run()
        throw this.#refusal(over)
      })
    return { ...operation, work, run }
  }

  /** The time that a save made by another script takes in its own scripts. */
  saveMs(type: RecordType, event: SaveType): number {
    return this.#parts.guard.isRunning('userEvent') ? 0 : this.#time(type, [event]).ms
  }

  resume(): void {
    this.#queue?.resume()
  }

  /** Stops what is under way; `resume` takes up what the database then holds. */
  suspend(): void {
    this.#queue?.stop()
  }

  reset(): void {
    this.#queue?.stop()
  }

  close(): void {
    this.#queue?.stop()
  }

  #of(type: RecordType): readonly Script[] {
    return this.#at(type, undefined)
  }

  /** The scripts of a type at certain events, worked out once. */
  #at(type: RecordType, events: readonly SaveType[] | undefined): readonly Script[] {
    const key = `${type.name} ${events?.join() ?? ''}`
    let found = this.#known.get(key)
    if (found === undefined) {
      const name = type.name.toLowerCase()
      found = this.#scripts.filter(
        ({ spec }) =>
          spec.recordTypes.some((one) => one === '*' || one.toLowerCase() === name) &&
          (events === undefined || events.some((event) => spec.events.includes(event))),
      )
      this.#known.set(key, found)
    }
    return found
  }

  #time(type: RecordType, events: readonly SaveType[]): { ms: number; over?: Failure } {
    const most = this.#parts.options.userEventMsMax
    let total = 0
    for (const script of this.#at(type, events)) {
      for (const name of ['beforeSubmit', 'afterSubmit'] as const) {
        if (script[name] === undefined) continue
        const ms = this.#draw(script.spec)
        total += Math.min(ms, most)
        if (ms > most) {
          const [code, message] = TIME_LIMIT
          const where = `${script.spec.file} ${name}`
          return { ms: total, over: { code, message, isCut: false, where } }
        }
      }
    }
    return { ms: total }
  }

  #draw({ timeMs: { medianMs, sigma } }: ScriptSpec): number {
    return medianMs === 0 ? 0 : medianMs * Math.exp(sigma * this.#parts.rng.normal())
  }

  #userEvent(
    { spec }: Script,
    name: 'beforeSubmit' | 'afterSubmit',
    work: (context: ScriptContext) => void,
  ): void {
    const { guard, options } = this.#parts
    const meter = new Meter({ units: options.userEventUnits, unitMs: 0, ms: Number.POSITIVE_INFINITY })
    const context = this.#context(meter)
    const { failure } = guard.run({ kind: 'userEvent', file: spec.file, name }, () => work(context))
    const broken = limitOf(meter, `${spec.file} ${name}`) ?? failure
    if (broken !== undefined) throw this.#refusal(broken)
  }

  #context(meter: Meter): ScriptContext {
    const { guard, options } = this.#parts
    return createContext({
      account: this.#parts.account(),
      role: ADMINISTRATOR,
      guard,
      meter,
      options,
      onSave: () => {},
    })
  }

  #runMapReduce({ file, record_type, record_id, event }: MapReduceRun): void {
    const { guard, options, onNotice } = this.#parts
    const mapReduce = this.#scripts.find((one) => one.spec.file === file)?.mapReduce
    if (mapReduce === undefined) return
    const meter = new Meter({ units: options.mapReduceUnits, unitMs: 0, ms: Number.POSITIVE_INFINITY })
    const context = this.#context(meter)
    const given = { ...context, type: event, recordType: record_type, recordId: String(record_id) }
    const { failure } = guard.run({ kind: 'mapReduce', file, name: 'mapReduce' }, () => mapReduce(given))
    const broken = limitOf(meter, `${file} mapReduce`) ?? failure
    if (broken !== undefined) onNotice({ where: broken.where, message: textOf(broken) })
  }

  /** [REC-E28] */
  #refusal(failure: Failure): ApiFault {
    if (failure.isCut) this.#parts.onNotice(cutNotice(failure, this.#parts.options))
    const isLimit = failure.code === TIME_LIMIT[0] || failure.code === USAGE_LIMIT[0]
    const text = isLimit ? textOf(failure) : failure.message
    return userError(text, { explanation: `script ${failure.where}: ${textOf(failure)}` })
  }
}

export function cutNotice({ where }: Failure, { wallMsMax }: ScriptingOptions): ScriptNotice {
  return { where, message: `cut off after ${wallMsMax} ms` }
}

/** A limit that was passed ends the run, whether or not the script caught it. */
export function limitOf({ over }: Meter, where: string): Failure | undefined {
  return over === undefined ? undefined : { code: over.name, message: over.message, isCut: false, where }
}

export function textOf({ code, message }: Pick<Failure, 'code' | 'message'>): string {
  return code === undefined ? message : `${code}: ${message}`
}

function viewOf(account: Account, type: RecordType, record: StoredRecord | undefined) {
  return record === undefined ? undefined : createView(account, type, String(record.id), () => record.body)
}

/** A script deployed on a record type that the account does not have would never run. */
export function checkScriptTypes(specs: readonly ScriptSpec[], catalogue: Catalogue): void {
  specs.forEach(({ recordTypes }, at) => {
    const unknown = recordTypes.find((name) => name !== '*' && catalogue.find(name) === undefined)
    if (unknown === undefined) return
    throw new AppError('E_PROFILE_INVALID', `"${unknown}" is no record type of this account`, {
      pointer: `/scripts/${at}/recordTypes`,
      mend: 'see seatrial spec check for the record types there are',
    })
  })
}

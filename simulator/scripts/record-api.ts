/**
 * The `record` object of scripts: the account's own writes, under a role, each call counted in usage units. A call that
 * fails leaves nothing of itself, whether or not the script catches what it throws. Faults come as SuiteScript errors.
 */
import type { Account } from '../account.ts'
import { ApiFault, messageOf } from '../api-fault.ts'
import type { Level, Role } from '../permissions/principal.ts'
import { liveBody } from '../records/stock/columns.ts'
import type { StoredRecord } from '../records/store.ts'
import { createRecord, deleteRecord, toId, updateRecord, type WriteOptions } from '../records/write.ts'
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import type { RecordApi, SaveType, ScriptContext, Values } from './api.ts'
import { type Guard, ScriptError } from './guard.ts'
import type { ScriptingOptions } from './options.ts'
import { type Meter, type UnitCall, unitsOf } from './units.ts'
import { createView } from './view.ts'

export interface ApiParts {
  readonly account: Account
  readonly role: Role
  readonly guard: Guard
  readonly meter: Meter
  readonly options: ScriptingOptions
  /** Told before each save; the scripts of the record take time too. */
  readonly onSave: (type: RecordType, event: SaveType) => void
  /** Told after a call that may have saved something. */
  readonly onCommit?: () => void
}

/** What every function of a script is given. */
export function createContext(parts: ApiParts): ScriptContext {
  return {
    record: createRecordApi(parts),
    now: () => parts.account.clock.now(),
    remainingUsage: () => parts.meter.remaining,
    error: (name, message) => new ScriptError(String(name), String(message)),
  }
}

function createRecordApi(parts: ApiParts): RecordApi {
  const { account, options, meter, onSave } = parts
  const { store } = account
  /** Pays for the calls, then works as one piece. */
  const call = <T>(
    typeName: string,
    level: Level,
    paid: readonly UnitCall[],
    work: (type: RecordType) => T,
  ): T =>
    translated(parts.guard, () => {
      const type = permittedType(parts, typeName, level)
      for (const one of paid) meter.spend(unitsOf(one, type, options))
      const result = store.attempt(() => work(type))
      if (level !== 'view') parts.onCommit?.()
      return result
    })
  const change = (
    typeName: string,
    id: string | number,
    values: Values,
    event: 'edit' | 'xedit',
    paid: readonly UnitCall[],
  ) => {
    const json = plainJson(values)
    return call(typeName, 'edit', paid, (type) => {
      const record = find(account, type, id)
      onSave(type, event)
      const inline = event === 'xedit' ? { isInline: true as const } : {}
      const allowed = withoutLocked(parts, type, json)
      return String(updateRecord(account, type, record, allowed, { ...writeOptions(), ...inline }).id)
    })
  }
  return {
    create(typeName, values) {
      const json = plainJson(values)
      return call(typeName, 'create', ['create', 'save'], (type) => {
        onSave(type, 'create')
        return String(createRecord(account, type, withoutLocked(parts, type, json), writeOptions()).id)
      })
    },
    load: (typeName, id) =>
      call(typeName, 'view', ['load'], (type) => {
        const record = find(account, type, id)
        const body = liveBody(account, type, record, true)
        return createView(account, type, String(record.id), () => body)
      }),
    update: (typeName, id, values) => change(typeName, id, values, 'edit', ['load', 'save']),
    submitFields: (typeName, id, values) => change(typeName, id, values, 'xedit', ['submitFields']),
    delete: (typeName, id) =>
      call(typeName, 'full', ['delete'], (type) => {
        const record = find(account, type, id)
        onSave(type, 'delete')
        deleteRecord(account, type, record)
        return String(record.id)
      }),
    find: (typeName, externalId) =>
      call(typeName, 'view', ['find'], (type) => {
        const found = store.find(rulesFor(type).group, String(externalId))
        return found?.type === type.name ? String(found.id) : undefined
      }),
  }
}

function writeOptions(): WriteOptions {
  return {
    nameValidation: 'error',
    valueValidation: 'error',
    warnings: [],
    notices: [],
    replace: new Set(),
    replaceSelectedFields: false,
  }
}

function permittedType({ account, role }: ApiParts, typeName: string, level: Level): RecordType {
  const type = account.catalogue.find(String(typeName))
  if (type === undefined) throw new ScriptError('INVALID_RCRD_TYPE', 'The record type is invalid.')
  if (!role.allows(type, level))
    throw new ScriptError(
      'INSUFFICIENT_PERMISSION',
      'You do not have permission to perform this action. Please contact your account administrator.',
    )
  return type
}

function find({ store }: Account, type: RecordType, id: string | number): StoredRecord {
  const wanted = toId(String(id))
  const record = wanted === undefined ? undefined : store.get(rulesFor(type).group, wanted)
  if (record?.type !== type.name) throw new ScriptError('RCRD_DSNT_EXIST', 'That record does not exist.')
  return record
}

/** [REC-118] */
function withoutLocked({ account, role }: ApiParts, type: RecordType, json: Values): Values {
  const locked = role.lockedFields(type)
  if (locked.size === 0) return json
  const kept = Object.entries(json).filter(([name]) => !locked.has(name.toLowerCase()))
  if (kept.length < Object.keys(json).length && account.profile.settings.lockedFields === 'refuse')
    throw new ScriptError('INSUFFICIENT_PERMISSION', 'You do not have permission to change these fields.')
  return Object.fromEntries(kept)
}

/** What a script hands in may be anything, with getters and cycles; what goes on is JSON. */
function plainJson(values: unknown): Values {
  const text = JSON.stringify(values)
  const json: unknown = text === undefined ? undefined : JSON.parse(text)
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    throw new ScriptError('SSS_INVALID_TYPE_ARG', 'values: an object is wanted.')
  return json as Values
}

/** Faults become errors that a script can catch and read; bugs of ours stay bugs. */
export function translated<T>(guard: Guard, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ScriptError) throw error
    if (error instanceof ApiFault) throw new ScriptError(error.code, messageOf(error))
    // A script that calls itself without end runs out of stack wherever it happens to be.
    if (!(error instanceof RangeError)) guard.noteBug(error)
    throw error
  }
}

/**
 * Creating and changing records: defaults, sourcing, keyed lines, mandatory fields, totals, unique external ids.
 * Every public function ends in one statement, so that after a refusal nothing of the write remains.
 */
import type { Account } from '../account.ts'
import { userError } from '../api-fault.ts'
import type { Save } from '../scripts/scripts.ts'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { rulesFor, type TypeRules } from '../spec/rules.ts'
import { keepOneDefault, writeAddressTexts } from './addresses.ts'
import { logCommit } from './contention.ts'
import { refuseDependents } from './dependents.ts'
import { derive } from './derive.ts'
import type { Change } from './effects/effect.ts'
import { hasEffects, runEffects } from './effects/index.ts'
import { refuseTakenName } from './entity-names.ts'
import { expandGroups } from './groups.ts'
import { checkInventoryDetails } from './inventory-detail.ts'
import { layOver } from './merge.ts'
import { numberLines, numberRecord } from './numbering.ts'
import { resolverOf } from './references.ts'
import { refuseBadUrl, refuseMissing, refuseTooManyLines } from './required.ts'
import { sourceDueDate, sourceFromEntity, sourcePrices } from './sourcing.ts'
import { setStatus } from './status.ts'
import { ExternalIdTaken, type RecordBody, type StoredRecord } from './store.ts'
import { refuseOtherSubsidiaries } from './subsidiaries.ts'
import { noteChange } from './system-notes.ts'
import { computeTotals } from './totals.ts'
import { leaveOut, nameLines, sourceNamed } from './transform/draft.ts'
import { type Prefill, prefill, type Source } from './transform/prefill.ts'
import { dateText, dateTimeText, type FieldValues, type ReadContext, readFields, sortDeep } from './values.ts'

export { targetsOf, toId } from './references.ts'

/** Query parameters and headers that steer a write. */
export interface WriteOptions extends Pick<ReadContext, 'nameValidation' | 'valueValidation' | 'warnings'> {
  /** Sublists whose lines are replaced, lower case, those inside subrecords dotted. [REC-133] */
  readonly replace: ReadonlySet<string>
  /** Clear only fields that are null in the body and named in `replace`. [REC-131] */
  readonly replaceSelectedFields: boolean
  /** Changes body fields alone, as a script's `submitFields` does. */
  readonly isInline?: true
  /** What else the client is told; goes into `X-NetSuite-Warning`. [REC-108, OPQ-068] */
  readonly notices: string[]
}

type Json = Record<string, unknown>

/** A record while it is written. */
interface Draft {
  readonly account: Account
  readonly type: RecordType
  /** As it was; undefined for a new one. */
  readonly before: StoredRecord | undefined
  readonly values: FieldValues
  readonly body: RecordBody
}

/**
 * Creates a record. `externalId` is given when it comes from the URL, `source` when it is made from another record.
 * Gives the stored record. [REC-100..118, REC-170]
 */
export function createRecord(
  account: Account,
  type: RecordType,
  json: Json,
  options: WriteOptions,
  externalId?: string,
  source?: Source,
): StoredRecord {
  const { store } = account
  const save = { account, type, event: 'create', before: undefined } as const
  return withScripts(save, options, (submit) => {
    const values = readValues(account, type, json, options)
    if (externalId !== undefined) values.externalId = externalId
    const draft = draftOf(account, type, undefined, values, options, source)
    complete(draft, options)
    submit?.(draft)
    const id = store.nextId(rulesFor(type).group)
    const record = finish(draft, id, externalIdOf(draft.values))
    commit({ account, type, before: undefined, after: record })
    return record
  })
}

/** Changes a record: fields not named stay, null clears, lines are matched by their key. [REC-130..138] */
export function updateRecord(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  json: Json,
  options: WriteOptions,
): StoredRecord {
  const save = { account, type, event: options.isInline ? 'xedit' : 'edit', before: record } as const
  return withScripts(save, options, (submit) => {
    const values = readValues(account, type, json, options)
    const draft = draftOf(account, type, record, values, options)
    complete(draft, options)
    submit?.(draft)
    const unique = 'externalId' in draft.values ? externalIdOf(draft.values) : record.externalId
    const changed = finish(draft, record.id, unique)
    commit({ account, type, before: record, after: changed })
    return changed
  })
}

/**
 * The body as it would be saved, for forms: nothing is saved and nothing needs to be complete. A new one has no id, no
 * automatic number and no times. [REC-185, REC-186]
 */
export function draftBody(
  account: Account,
  type: RecordType,
  record: StoredRecord | undefined,
  json: Json,
  options: WriteOptions,
  source?: Source,
): RecordBody {
  const values = readValues(account, type, json, options)
  const draft = draftOf(account, type, record, values, options, source)
  if (record === undefined)
    for (const name of [...CREATED_FIELDS, ...MODIFIED_FIELDS]) delete draft.body[name]
  compute(draft)
  return sortDeep(draft.body)
}

/** Deletes a record that no other one needs. */
export function deleteRecord(account: Account, type: RecordType, record: StoredRecord): void {
  const { scripts, store, profile } = account
  const remove = (): void => {
    if (profile.settings.dependents === 'refuse') refuseDependents(account, type, record)
    commit({ account, type, before: record, after: undefined })
  }
  if (scripts?.watches(type, 'delete') !== true) {
    remove()
    return
  }
  const save = { type, event: 'delete', before: record } as const
  store.transaction(() => {
    scripts.before(save, { body: () => record.body, apply: () => {} })
    remove()
    scripts.after(save, undefined)
  })
}

/**
 * A save with its scripts around it, in one transaction: `submit` runs those before, at a draft that is complete, and what
 * they change is checked as the rest was. An account without scripts goes straight through. [REC-E28, GOV-091]
 */
function withScripts(
  { account, ...save }: Save & { readonly account: Account },
  options: WriteOptions,
  work: (submit: ((draft: Draft) => void) | undefined) => StoredRecord,
): StoredRecord {
  const { scripts, store } = account
  if (scripts?.watches(save.type, save.event) !== true) return work(undefined)
  return store.transaction(() => {
    const record = work((draft) => {
      const isChanged = scripts.before(save, {
        body: () => draft.body,
        apply: (json) => change(draft, json),
      })
      if (isChanged) complete(draft, options)
    })
    scripts.after(save, record)
    return record
  })
}

/** What a script sets before the save goes the way of what a request sets. */
function change({ account, type, before, values, body }: Draft, json: Json): void {
  const read = readFields(
    type.body,
    json,
    '',
    readContext(account, { nameValidation: 'error', valueValidation: 'error', warnings: [] }),
    rulesFor(type).computed,
  )
  Object.assign(values, read)
  layOver(type.body, body, read, { rules: rulesFor(type), replace: new Set(), replaceSelectedFields: false })
  setStatus(type, body, read, before?.body)
}

/**
 * A change that the account makes by itself, for effects: the body is taken as it is (computed fields included), keys are
 * sorted, the time of the last change is set, and the effects of this change follow. Inside the transaction of its cause.
 */
export function rewriteRecord(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  body: RecordBody,
): StoredRecord {
  const changed = { ...record, body: sortDeep(touched(type, body, account.clock.now(), MODIFIED_FIELDS)) }
  commit({ account, type, before: record, after: changed })
  return changed
}

/** Stores a body that a record action has made of a record's own; for scripts it is an edit as any other. [GOV-091] */
export function saveAction(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  body: RecordBody,
  options: WriteOptions,
): StoredRecord {
  const save = { account, type, event: 'edit', before: record } as const
  return withScripts(save, options, (submit) => {
    const draft: Draft = { account, type, before: record, values: {}, body }
    submit?.(draft)
    const unique = 'externalId' in draft.values ? externalIdOf(draft.values) : record.externalId
    const changed = finish(draft, record.id, unique)
    commit({ account, type, before: record, after: changed })
    return changed
  })
}

/** Saves a change and runs its effects, all or nothing. */
function commit(change: Change): void {
  const save = (): void => {
    saveChange(change)
    runEffects(change)
  }
  if (hasEffects(change.type)) change.account.store.transaction(save)
  else save()
}

/** Saves, or says that the external id is taken. [REC-E21, REC-E22, OPQ-014] */
function saveChange({ account: { store, clock }, type, before, after }: Change): void {
  const { group, kind } = rulesFor(type)
  logCommit(store, group, (after ?? before!).id, before === undefined)
  try {
    if (after === undefined) store.remove(group, before!)
    else if (before === undefined) store.insert(group, after, clock.now())
    else store.update(group, after, before, clock.now())
    if (before !== undefined) noteChange(store, before, after, clock.now())
  } catch (error) {
    if (!(error instanceof ExternalIdTaken)) throw error
    throw userError(kind === 'entity' ? 'This entity already exists.' : 'This record already exists.')
  }
}

/** How the values of a request are read in an account. */
export function readContext(
  account: Account,
  {
    nameValidation,
    valueValidation,
    warnings,
  }: Pick<WriteOptions, 'nameValidation' | 'valueValidation' | 'warnings'>,
): ReadContext {
  const { newlineEscape, invalidReference } = account.profile.settings
  const resolve = resolverOf(account)
  return { nameValidation, valueValidation, warnings, newlineEscape, invalidReference, resolve }
}

function readValues(account: Account, type: RecordType, json: Json, options: WriteOptions): FieldValues {
  return readFields(type.body, json, '', readContext(account, options), rulesFor(type).computed)
}

function externalIdOf(values: FieldValues): string | undefined {
  const value = values.externalId
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What is there already, what is sourced, and the values of a request over both. */
function draftOf(
  account: Account,
  type: RecordType,
  before: StoredRecord | undefined,
  values: FieldValues,
  options: WriteOptions,
  source?: Source,
): Draft {
  const rules = rulesFor(type)
  const { replace, replaceSelectedFields } = options
  const body = before === undefined ? initialBody(type, rules, account.clock.now()) : { ...before.body }
  const from = source ?? (before === undefined ? sourceNamed(account, type, values) : undefined)
  if (from !== undefined) {
    const draft = prefill(account, from, type)
    layOverSource(account, type, body, values, options, draft, source === undefined)
    return { account, type, before, values: { ...draft.body, ...values }, body }
  }
  if (rules.kind === 'transaction') sourceFromEntity(account, type, values, body)
  layOver(type.body, body, values, { rules, replace, replaceSelectedFields })
  if (rules.kind === 'transaction') expandGroups(account, type, body)
  setStatus(type, body, values, before?.body)
  if (rules.kind === 'entity') keepOneDefault(before?.body, body)
  return { account, type, before, values, body }
}

/**
 * The same for a record that is made from another. `isPlain`: the request is no transform but a create that names its
 * source; the lines it sends are all it wants. [REC-170, REC-174]
 */
function layOverSource(
  account: Account,
  type: RecordType,
  body: RecordBody,
  values: FieldValues,
  { replace, replaceSelectedFields }: WriteOptions,
  draft: Prefill,
  isPlain: boolean,
): void {
  const rules = rulesFor(type)
  nameLines(account, type, draft, values, isPlain)
  if (rules.kind === 'transaction') sourceFromEntity(account, type, { ...draft.body, ...values }, body)
  Object.assign(body, draft.body)
  const keys = Object.entries(draft.lineKeys)
  const lineKeys = { ...rules.lineKeys, ...Object.fromEntries(keys.map(([name, key]) => [name, [key]])) }
  layOver(type.body, body, values, {
    rules: { ...rules, lineKeys },
    replace: isPlain ? new Set([...replace, ...keys.map(([name]) => name)]) : replace,
    replaceSelectedFields,
  })
  leaveOut(type, draft, body)
  setStatus(type, body, values, undefined)
}

interface Beginning {
  readonly fixed: RecordBody
  /** Fields that begin with the day, or with the time, of the creation. */
  readonly today: readonly string[]
  readonly now: readonly string[]
}

const beginnings = new WeakMap<TypeRules, Beginning>()

function initialBody(type: RecordType, rules: TypeRules, nowMs: number): RecordBody {
  let beginning = beginnings.get(rules)
  if (beginning === undefined) {
    beginning = beginningOf(type, rules)
    beginnings.set(rules, beginning)
  }
  const body = { ...beginning.fixed }
  for (const name of beginning.today) body[name] = dateText(nowMs)
  for (const name of beginning.now) body[name] = dateTimeText(nowMs)
  return body
}

function beginningOf(type: RecordType, { defaults, initialStatus, settable }: TypeRules): Beginning {
  const fixed: RecordBody = {}
  const today: string[] = []
  const now: string[] = []
  for (const [name, value] of Object.entries(defaults)) {
    const moment = (value !== null && typeof value === 'object' ? value : {}) as Record<string, unknown>
    if (moment.today === true) today.push(name)
    else if (moment.now === true) now.push(name)
    else fixed[name] = value
  }
  for (const name of initialStatus === undefined ? [] : ['status', ...Object.keys(settable)]) {
    const field = findField(type.body, name)
    if (field?.kind === 'enum') fixed[field.name] = initialStatus
  }
  return { fixed, today, now }
}

/** Prices, line numbers, totals, address texts: what follows from the rest. */
function compute({ account, type, values, body }: Draft): void {
  if (rulesFor(type).kind === 'transaction') {
    sourcePrices(account, type, body)
    sourceDueDate(account, type, values, body)
    computeTotals(type, body, account.profile.settings.grossAmounts)
  }
  numberLines(type, body, account.store)
  derive(account, type, body)
  writeAddressTexts(type, body)
}

/** Refuses what may not be saved as it stands, and works out the rest. */
function complete(draft: Draft, { notices }: WriteOptions): void {
  const { account, type, body } = draft
  const { settings, features } = account.profile
  refuseMissing(type, body, account.profile)
  refuseBadUrl(body)
  if (rulesFor(type).kind === 'transaction') refuseTooManyLines(body, settings.transactionLinesMax)
  if (features.oneWorld) refuseOtherSubsidiaries(account, type, body)
  checkInventoryDetails(type, body, settings.inventoryDetailMismatch, notices)
  compute(draft)
}

/** Automatic numbers and times; then the record as it is stored. */
function finish(
  { account, type, before, values, body }: Draft,
  id: number,
  externalId: string | undefined,
): StoredRecord {
  const { clock, store, profile } = account
  const { entityAutoName, duplicateEntityNames } = profile.settings
  const rules = rulesFor(type)
  body.id = String(id)
  if (externalId === undefined) delete body.externalId
  else body.externalId = externalId
  if (before === undefined) numberRecord(type, body, id, entityAutoName)
  if (rules.kind === 'entity' && 'entityId' in values && duplicateEntityNames === 'refuse') {
    refuseTakenName(store, type.name, id, body)
  }
  const times = before === undefined ? [...CREATED_FIELDS, ...MODIFIED_FIELDS] : MODIFIED_FIELDS
  touched(type, body, clock.now(), times)
  return { type: type.name, id, externalId, display: displayOf(rules, body, id), body: sortDeep(body) }
}

/** The body with those of the named times that the type has set to now. */
function touched(type: RecordType, body: RecordBody, nowMs: number, names: readonly string[]): RecordBody {
  const now = dateTimeText(nowMs)
  for (const name of names) {
    const field = findField(type.body, name)
    if (field !== undefined) body[field.name] = now
  }
  return body
}

/** Standard records say `createdDate`, customers `dateEntered`, custom records `created`. [REC-320, OAS-084] */
const CREATED_FIELDS = ['createdDate', 'dateEntered', 'dateCreated', 'created']
const MODIFIED_FIELDS = ['lastModifiedDate', 'lastModified']

/** What references show as `refName`. An entity is shown by its number and its name. (common knowledge) */
function displayOf({ displayFields, kind }: TypeRules, body: RecordBody, id: number): string {
  const textOf = (name: string): string | undefined => {
    const value = body[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const shown = displayFields.map(textOf).find((value) => value !== undefined) ?? String(id)
  if (kind !== 'entity') return shown
  const person = [textOf('firstName'), textOf('lastName')].filter((part) => part !== undefined).join(' ')
  const name = textOf('companyName') ?? person
  if (name === '' || shown.includes(name)) return shown
  return textOf('entityId') === undefined ? name : `${shown} ${name}`
}

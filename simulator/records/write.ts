/**
 * Creating and changing records: defaults, sourcing, keyed lines, mandatory fields, totals, unique external ids.
 * Every public function ends in one statement, so that after a refusal nothing of the write remains.
 */
import type { Account } from '../account.ts'
import { userError } from '../api-fault.ts'
import { type Catalogue, findField, type RecordType } from '../spec/catalogue.ts'
import { type Requirement, rulesFor, type TypeRules } from '../spec/rules.ts'
import { computeTransaction, numberLines } from './compute.ts'
import type { Change } from './effects/effect.ts'
import { hasEffects, runEffects } from './effects/index.ts'
import { ExternalIdTaken, type RecordBody, type StoredRecord } from './store.ts'
import { mergeSublist } from './sublists.ts'
import {
  dateText,
  dateTimeText,
  type FieldValues,
  type ReadContext,
  readFields,
  type StoredReference,
  sortDeep,
} from './values.ts'

/** Query parameters and headers that steer a write. */
export interface WriteOptions extends Pick<ReadContext, 'nameValidation' | 'valueValidation' | 'warnings'> {
  /** Sublists whose lines are replaced, lower case. [REC-133] */
  readonly replace: ReadonlySet<string>
  /** Clear only fields that are null in the body and named in `replace`. [REC-131] */
  readonly replaceSelectedFields: boolean
}

type Json = Record<string, unknown>

/** Creates a record. `externalId` is given when it comes from the URL. Gives the stored record. [REC-100..118] */
export function createRecord(
  account: Account,
  type: RecordType,
  json: Json,
  options: WriteOptions,
  externalId?: string,
): StoredRecord {
  const { store } = account
  const rules = rulesFor(type)
  const values = readFields(type.body, json, '', readContext(account, options), rules.computed)
  if (externalId !== undefined) values.externalId = externalId
  const unique = externalIdOf(values)
  const body = newBody(account, type, values, options)
  const id = store.nextId(rules.group)
  const record = finish(account, type, rules, body, { id, externalId: unique, isNew: true })
  commit({ account, type, before: undefined, after: record })
  return record
}

/** Defaults, what is sourced, and the values of a request over both. */
function newBody(account: Account, type: RecordType, values: FieldValues, options: WriteOptions): RecordBody {
  const rules = rulesFor(type)
  const body = initialBody(type, rules, account.clock.now())
  sourceFromEntity(account, type, values, body)
  apply(type, rules, body, values, options)
  return body
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
): RecordBody {
  const rules = rulesFor(type)
  const values = readFields(type.body, json, '', readContext(account, options), rules.computed)
  const body = record === undefined ? newBody(account, type, values, options) : { ...record.body }
  if (record === undefined) for (const name of [...CREATED_FIELDS, ...MODIFIED_FIELDS]) delete body[name]
  else apply(type, rules, body, values, options)
  numberLines(type, rules, body)
  if (rules.kind === 'transaction') computeTransaction(type, body)
  return sortDeep(body)
}

/** Changes a record: fields not named stay, null clears, lines are matched by their key. [REC-130..138] */
export function updateRecord(
  account: Account,
  type: RecordType,
  record: StoredRecord,
  json: Json,
  options: WriteOptions,
): StoredRecord {
  const rules = rulesFor(type)
  const values = readFields(type.body, json, '', readContext(account, options), rules.computed)
  const unique = 'externalId' in values ? externalIdOf(values) : record.externalId
  const body = { ...record.body }
  apply(type, rules, body, values, options)
  const changed = finish(account, type, rules, body, { id: record.id, externalId: unique, isNew: false })
  commit({ account, type, before: record, after: changed })
  return changed
}

export function deleteRecord(account: Account, type: RecordType, record: StoredRecord): void {
  commit({ account, type, before: record, after: undefined })
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
  try {
    if (after === undefined) store.remove(group, before!)
    else if (before === undefined) store.insert(group, after, clock.now())
    else store.update(group, after, before, clock.now())
  } catch (error) {
    if (!(error instanceof ExternalIdTaken)) throw error
    throw userError(kind === 'entity' ? 'This entity already exists.' : 'This record already exists.')
  }
}

/** How the values of a request are read in an account. */
export function readContext({ catalogue, store }: Account, options: WriteOptions): ReadContext {
  const { nameValidation, valueValidation, warnings } = options
  return {
    nameValidation,
    valueValidation,
    warnings,
    resolve(targets, wanted) {
      const { names, groups } = targetsOf(catalogue, targets)
      if (groups.length === 0) return 'unchecked'
      for (const group of groups) {
        const found =
          'id' in wanted ? store.peek(group, toId(wanted.id) ?? 0) : store.find(group, wanted.externalId)
        if (found !== undefined && names.has(found.type)) return String(found.id)
      }
      return undefined
    },
  }
}

interface TargetTypes {
  readonly names: ReadonlySet<string>
  readonly groups: readonly string[]
}

/** Worked out once per list of targets: an item line may refer to any of twenty types. */
const knownTargets = new WeakMap<readonly string[], TargetTypes>()

/** The types a reference may point at, as the catalogue has them, and the id groups to look in. */
export function targetsOf(catalogue: Catalogue, targets: readonly string[]): TargetTypes {
  let known = knownTargets.get(targets)
  if (known === undefined) {
    const types = targets.map((name) => catalogue.find(name)).filter((type) => type !== undefined)
    known = {
      names: new Set(types.map(({ name }) => name)),
      groups: [...new Set(types.map((type) => rulesFor(type).group))],
    }
    knownTargets.set(targets, known)
  }
  return known
}

/** An internal id as a number, or undefined when the text is none. Negative ids exist. [REC-007] */
export function toId(text: string): number | undefined {
  return /^(-?[1-9]\d{0,14}|0)$/.test(text) ? Number(text) : undefined
}

function externalIdOf(values: FieldValues): string | undefined {
  const value = values.externalId
  return typeof value === 'string' && value !== '' ? value : undefined
}

function initialBody(type: RecordType, rules: TypeRules, nowMs: number): RecordBody {
  const body: RecordBody = {}
  for (const [name, value] of Object.entries(rules.defaults)) {
    const field = findField(type.body, name)
    if (field === undefined) continue
    const { today, now } = (value !== null && typeof value === 'object' ? value : {}) as {
      today?: true
      now?: true
    }
    body[field.name] = today ? dateText(nowMs) : now ? dateTimeText(nowMs) : value
  }
  const { initialStatus, settable } = rules
  if (initialStatus === undefined) return body
  for (const name of ['status', ...Object.keys(settable)]) {
    const field = findField(type.body, name)
    if (field?.kind === 'enum') body[field.name] = initialStatus
  }
  return body
}

/** What a transaction takes from its customer or vendor unless the body says otherwise. [REC-340] */
const SOURCED = ['subsidiary', 'currency', 'terms', 'salesRep']

function sourceFromEntity({ store }: Account, type: RecordType, values: FieldValues, body: RecordBody): void {
  const entity = (values.entity ?? values.customer) as StoredReference | undefined
  const id = entity === undefined ? undefined : toId(entity.id)
  const source = id === undefined ? undefined : store.get('entity', id)
  if (source === undefined) return
  for (const name of SOURCED) {
    const field = findField(type.body, name)
    if (field?.kind === 'reference' && source.body[name] !== undefined) body[field.name] = source.body[name]
  }
}

/** Lays the values of a request over a body. */
function apply(
  type: RecordType,
  rules: TypeRules,
  body: RecordBody,
  values: FieldValues,
  options: WriteOptions,
): void {
  for (const [name, value] of Object.entries(values)) {
    const key = name.toLowerCase()
    const field = findField(type.body, name)!
    if (value === null) {
      if (!options.replaceSelectedFields || options.replace.has(key)) delete body[name]
    } else if (field.kind === 'sublist') {
      const merged = mergeSublist((body[name] as RecordBody[] | undefined) ?? [], value as RecordBody[], {
        key: rules.lineKeys[key],
        replace: options.replace.has(key),
        computed: rules.lineComputed[key],
      })
      if (merged.length === 0) delete body[name]
      else body[name] = merged
    } else if (field.kind === 'subrecord') {
      body[name] = withoutNulls({ ...(body[name] as RecordBody | undefined), ...(value as RecordBody) })
    } else {
      body[name] = value
    }
  }
  const allowed = rules.settable
  for (const [name, letters] of Object.entries(allowed)) {
    const field = findField(type.body, name)
    if (field === undefined || !(field.name in values)) continue
    const letter = body[field.name]
    if (!letters.includes(String(letter))) {
      throw userError(
        `You have entered an Invalid Field Value ${String(letter)} for the following field: ${field.name}.`,
        {
          path: field.name,
        },
      )
    }
    // The order's status follows what was set. [REC-341]
    if (findField(type.body, 'status') !== undefined && field.name === 'orderStatus') body.status = letter
  }
}

function withoutNulls(body: RecordBody): RecordBody {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

interface Identity {
  readonly id: number
  readonly externalId: string | undefined
  readonly isNew: boolean
}

/** Mandatory fields, line numbers, totals, automatic numbers and times; then the body as it is stored. */
function finish(
  { clock }: Account,
  type: RecordType,
  rules: TypeRules,
  body: RecordBody,
  identity: Identity,
): StoredRecord {
  const { id, externalId, isNew } = identity
  const set = (name: string, value: unknown, onlyIfEmpty = false): void => {
    const field = findField(type.body, name)
    if (field === undefined || (onlyIfEmpty && body[field.name] !== undefined)) return
    if (value === undefined) delete body[field.name]
    else body[field.name] = value
  }
  refuseMissing(type, rules, body)
  numberLines(type, rules, body)
  if (rules.kind === 'transaction') computeTransaction(type, body)
  body.id = String(id)
  if (externalId === undefined) delete body.externalId
  else body.externalId = externalId
  if (isNew && rules.autoNumber !== undefined)
    set(rules.autoNumber.field, `${rules.autoNumber.prefix}${id}`, true)
  touched(type, body, clock.now(), isNew ? [...CREATED_FIELDS, ...MODIFIED_FIELDS] : MODIFIED_FIELDS)
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
  return name === '' || shown.includes(name) ? shown : `${shown} ${name}`
}

/** Names what is missing by its UI label, fields of a sublist as `Items list: Location`. [REC-E20, OPQ-019] */
function refuseMissing(type: RecordType, { required, lineRequired }: TypeRules, body: RecordBody): void {
  const missing = required.filter((requirement) => isMissing(requirement, body)).map(({ label }) => label)
  for (const [sublist, requirements] of Object.entries(lineRequired)) {
    const field = findField(type.body, sublist)
    if (field?.kind !== 'sublist') continue
    for (const line of (body[field.name] as RecordBody[] | undefined) ?? []) {
      for (const requirement of requirements) {
        if (!isMissing(requirement, line)) continue
        const label = `${field.title ?? `${sublist[0]!.toUpperCase()}${sublist.slice(1)}s`} list: ${requirement.label}`
        if (!missing.includes(label)) missing.push(label)
      }
    }
  }
  if (missing.length > 0) throw userError(`Please enter value(s) for: ${missing.join(', ')}.`)
}

/** Rules name only fields the type has, as its document spells them. */
function isMissing({ anyOf, when, unless }: Requirement, body: RecordBody): boolean {
  if (when !== undefined && body[when.field] !== when.equals) return false
  if (unless !== undefined && body[unless.field] === unless.equals) return false
  return anyOf.every((name) => isEmpty(body[name]))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

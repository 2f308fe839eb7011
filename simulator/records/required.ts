/**
 * What a record must have before it is saved, named by the labels of the user interface: by its type, by the features of
 * the account, and by its form. [REC-E20, REC-325, REC-330, REC-340, OPQ-019]
 */
import { userError } from '../api-fault.ts'
import type { Profile } from '../profile.ts'
import { type Field, findField, type RecordType } from '../spec/catalogue.ts'
import { type Requirement, rulesFor } from '../spec/rules.ts'
import type { RecordBody } from './store.ts'

/** Names what is missing by its label, fields of a sublist as `Items list: Location`. [REC-E20, OPQ-019] */
export function refuseMissing(type: RecordType, body: RecordBody, profile: Profile): void {
  const { required, lineRequired, requiredLines } = rulesFor(type)
  const missing: string[] = []
  for (const need of required) if (isMissing(need, body)) missing.push(need.label)
  addMissingByAccount(type, body, profile, missing)
  const wanted = mandatoryFields(type, profile.settings.mandatoryFields)
  for (const path of wanted) if (!path.includes('.')) addMissingField(type, body, path, missing)
  for (const sublist in lineRequired) addMissingColumns(type, sublist, lineRequired[sublist]!, body, missing)
  for (const path of wanted) if (path.includes('.')) addMissingField(type, body, path, missing)
  if (missing.length > 0) throw userError(`Please enter value(s) for: ${missing.join(', ')}.`)
  if (requiredLines.length > 0 && requiredLines.every((name) => isEmpty(body[name]))) {
    throw userError('You must enter at least one line item for this transaction.')
  }
}

/** Beyond this a save takes longer than a request may; what NetSuite answers then is not known. [GOV-038, GOV-039] */
export function refuseTooManyLines(body: RecordBody, linesMax: number): void {
  let lines = 0
  for (const name in body) if (Array.isArray(body[name])) lines += (body[name] as unknown[]).length
  if (lines > linesMax)
    throw userError(`This transaction has more than ${linesMax} lines. Split it into several.`)
}

/** [REC-E26] */
export function refuseBadUrl({ url }: RecordBody): void {
  if (typeof url === 'string' && url.includes(' '))
    throw userError('Invalid url. Spaces are not allowed in the URL.')
}

function addMissingColumns(
  type: RecordType,
  sublist: string,
  needs: readonly Requirement[],
  body: RecordBody,
  missing: string[],
): void {
  const field = findField(type.body, sublist)
  if (field?.kind !== 'sublist') return
  for (const line of (body[field.name] as RecordBody[] | undefined) ?? []) {
    for (const need of needs) {
      if (!isMissing(need, line)) continue
      const label = `${listLabel(field)} list: ${need.label}`
      if (!missing.includes(label)) missing.push(label)
    }
  }
}

/** Types beside entities and items that belong to a subsidiary of their own. [REC-364] */
const SUBSIDIARY_TYPES: ReadonlySet<string> = new Set(['inventoryAdjustment'])

/** OneWorld asks for a subsidiary [REC-330, REC-334, REC-362]; accounts that do not number entities for an id. */
function addMissingByAccount(
  type: RecordType,
  body: RecordBody,
  { features, settings }: Profile,
  missing: string[],
): void {
  const { kind, autoNumber } = rulesFor(type)
  if (features.oneWorld && (kind === 'entity' || kind === 'item' || SUBSIDIARY_TYPES.has(type.name))) {
    const field = findField(type.body, 'subsidiary')
    if (field !== undefined && isEmpty(body[field.name])) missing.push('Subsidiary')
  }
  if (!settings.entityAutoName && kind === 'entity' && autoNumber !== undefined) {
    if (isEmpty(body.entityId)) missing.push(`${words(type.name)} ID`)
  }
}

/** What a form asks for beyond that. [REC-325] */
function mandatoryFields(
  type: RecordType,
  wanted: Profile['settings']['mandatoryFields'],
): readonly string[] {
  for (const name in wanted) if (name.toLowerCase() === type.name.toLowerCase()) return wanted[name]!
  return []
}

/** `memo`, or `item.location` for a column. */
function addMissingField(type: RecordType, body: RecordBody, path: string, missing: string[]): void {
  const [name, column] = path.split('.') as [string, string?]
  const field = findField(type.body, name)
  if (field === undefined) return
  if (column === undefined) {
    if (isEmpty(body[field.name])) missing.push(labelOf(field))
  } else if (field.kind === 'sublist') {
    const inner = findField(field.line, column)
    if (inner !== undefined) {
      addMissingColumns(type, name, [{ anyOf: [inner.name], label: labelOf(inner) }], body, missing)
    }
  }
}

function listLabel(field: Field): string {
  return field.title ?? `${words(field.name)}s`
}

function labelOf(field: Field): string {
  return field.title?.trim() ?? words(field.name)
}

/** `shipDate` → `Ship Date`: documents give no label to references. [OAS-054] */
function words(name: string): string {
  const spaced = name.replace(/([a-z\d])([A-Z])/g, '$1 $2')
  return spaced[0]!.toUpperCase() + spaced.slice(1)
}

/** Rules name only fields the type has, as its document spells them. */
function isMissing({ anyOf, when, unless }: Requirement, body: RecordBody): boolean {
  if (when !== undefined && body[when.field] !== when.equals) return false
  if (unless !== undefined && body[unless.field] === unless.equals) return false
  for (const name of anyOf) if (!isEmpty(body[name])) return false
  return true
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

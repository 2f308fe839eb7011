/**
 * The other 191 record types: bodies of release 2020.2, brought nearer to 2026.1 by what the core types show
 * (spelling, dates, enumerations) [OAS-047]. A type known by name only gets the fields every record has.
 */
import type { Field, ScalarType, Shape } from '../../simulator/spec/catalogue.ts'
import { ITEM_FAMILY, SPLIT_TYPES } from './families.ts'
import { BODY_KIN, borrowedLine, SUBRECORD_KIN } from './lines.ts'
import type { Facts, OldProperty } from './source.ts'

const SCALARS: Readonly<Record<string, ScalarType>> = {
  string: 'string',
  bool: 'boolean',
  float: 'double',
  int: 'integer',
}

/** What every list-like record has. */
const EVERY: readonly Field[] = [
  ['externalId', 'string'],
  ['id', 'string'],
  ['isInactive', 'boolean'],
  ['lastModifiedDate', 'date-time'],
  ['name', 'string'],
  ['refName', 'string'],
].map(([name, type]) => ({ name: name!, kind: 'scalar', type: type as ScalarType }))

/** Every transaction has these. [REC-320] */
const TRANSACTION = [
  'class,createdDate,currency,customForm,department,entity,exchangeRate,externalId,id,lastModifiedDate,location',
  'memo,postingPeriod,refName,status,subsidiary,tranDate,tranId,transactionNumber',
]
  .join(',')
  .split(',')

/** Types known by name only that are transactions → their own fields beside those. */
const TRANSACTIONS_BY_NAME: Readonly<Record<string, readonly Field[]>> = {
  vendorPrepayment: [
    { name: 'account', kind: 'reference', targets: ['account'] },
    { name: 'payment', kind: 'scalar', type: 'double' },
    { name: 'purchaseOrder', kind: 'reference', targets: ['purchaseOrder'] },
  ],
  vendorPrepaymentApplication: [
    { name: 'vendorPrepayment', kind: 'reference', targets: ['vendorPrepayment'] },
  ],
}

/** Fields of other types known by name only, from common knowledge of the record. */
const FIELDS_BY_NAME: Readonly<Record<string, readonly Field[]>> = {
  currencyRate: [
    { name: 'baseCurrency', kind: 'reference', targets: ['currency'] },
    { name: 'effectiveDate', kind: 'scalar', type: 'date' },
    { name: 'exchangeRate', kind: 'scalar', type: 'double' },
    { name: 'transactionCurrency', kind: 'reference', targets: ['currency'] },
  ],
  entityGroup: [
    { name: 'groupName', kind: 'scalar', type: 'string' },
    { name: 'comments', kind: 'scalar', type: 'string' },
  ],
}

/** Record name → body, for every type that is not core. */
export function otherBodies(facts: Facts, core: ReadonlyMap<string, Shape>): ReadonlyMap<string, Shape> {
  const hints = hintsFrom(core)
  const old = new Map(Object.keys(facts.old).map((name) => [name.toLowerCase(), name]))
  const body = (name: string): Shape => {
    const oldName = old.get((BODY_KIN[name] ?? name).toLowerCase())
    const kin = core.get(BODY_KIN[name] ?? '')
    if (kin !== undefined) return kin
    if (oldName === undefined) return byName(name, core)
    const context: Context = { facts, core, hints, type: name, oldName }
    const fields = Object.entries(facts.old[oldName]!).flatMap(
      ([field, property]) => fieldOf(context, field, property) ?? [],
    )
    return { fields: sorted(fields) }
  }
  return new Map(facts.typeNames.filter((name) => !core.has(name)).map((name) => [name, body(name)]))
}

function byName(name: string, core: ReadonlyMap<string, Shape>): Shape {
  const own = TRANSACTIONS_BY_NAME[name]
  if (own === undefined) return { fields: sorted([...EVERY, ...(FIELDS_BY_NAME[name] ?? [])]) }
  const invoice = core.get('invoice')!.fields.filter((field) => TRANSACTION.includes(field.name))
  return { fields: sorted([...invoice, ...own]) }
}

function sorted(fields: readonly Field[]): Field[] {
  return [...fields].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

/** What the core bodies tell of a field name, by lower case. */
interface Hints {
  readonly spelling: ReadonlyMap<string, string>
  readonly dates: ReadonlyMap<string, ScalarType>
  readonly enums: ReadonlyMap<string, readonly string[]>
}

function hintsFrom(core: ReadonlyMap<string, Shape>): Hints {
  const spelling = new Map<string, string>()
  const dates = new Map<string, ScalarType>()
  const enums = new Map<string, readonly string[]>()
  for (const { fields } of core.values()) {
    for (const field of fields) {
      const key = field.name.toLowerCase()
      // The spelling with most capitals is the newer one: employee fields are nearly all lower case. [OAS-046]
      const known = spelling.get(key)
      if (known === undefined || capitals(field.name) > capitals(known)) spelling.set(key, field.name)
      if (field.kind === 'scalar' && /^date/.test(field.type)) dates.set(key, field.type)
      if (field.kind === 'enum' && field.values.length > 0) enums.set(key, field.values)
    }
  }
  return { spelling, dates, enums }
}

function capitals(name: string): number {
  return name.replace(/[^A-Z]/g, '').length
}

interface Context {
  readonly facts: Facts
  readonly core: ReadonlyMap<string, Shape>
  readonly hints: Hints
  readonly type: string
  /** Its name in 2020.2. */
  readonly oldName: string
}

function fieldOf(context: Context, oldField: string, property: OldProperty): Field | undefined {
  const name = context.hints.spelling.get(oldField.toLowerCase()) ?? oldField
  if (property.ref === 'NsLink') return undefined
  // The one field whose type changed between the releases. [OAS-047]
  if (name === 'customForm') return { name, kind: 'reference', targets: [] }
  if (property.oneOf !== undefined) return oneOf(context, name, property.oneOf)
  if (property.ref !== undefined) return refField(context, name, property.ref)
  if (property.enumFirst10 !== undefined) {
    return { name, kind: 'enum', values: enumValues(context.hints, name, property.enumFirst10) }
  }
  const type = SCALARS[property.type ?? ''] ?? 'any'
  return { name, kind: 'scalar', type: type === 'string' ? dateOr(context.hints, name) : type }
}

/** 2020.2 gives dates as strings; the core types know their own, the name tells the others. */
function dateOr(hints: Hints, name: string): ScalarType {
  const known = hints.dates.get(name.toLowerCase())
  if (known !== undefined) return known
  if (/^(date(created|modified)|(created|lastmodified)date)$/i.test(name)) return 'date-time'
  return /[a-z]Date$|^date$|duedate$|startdate$|enddate$|trandate$/.test(name) ? 'date' : 'string'
}

function enumValues(hints: Hints, name: string, first: readonly string[]): readonly string[] {
  if (first.length < 10) return first
  // Cut after ten values: the list of a core field of that name, else no values, so that all are accepted.
  return hints.enums.get(name.toLowerCase()) ?? []
}

/** Record types that a schema name of 2020.2 stands for; none when 2026.1 has no such type. */
function typesFor(facts: Facts, oldName: string): readonly string[] {
  const split = SPLIT_TYPES[oldName.toLowerCase()]
  if (split !== undefined) return split
  return facts.typeNames.filter((name) => name.toLowerCase() === oldName.toLowerCase())
}

function oneOf(context: Context, name: string, members: readonly string[]): Field {
  const lists = members.some((member) => /Collection$/.test(member) && member !== 'NsResourceCollection')
  const plain = members.map((member) => member.replace(/Collection$/, ''))
  const isItem = plain.includes('InventoryItem') && plain.includes('KitItem')
  const targets = isItem
    ? ITEM_FAMILY
    : [...new Set(plain.flatMap((member) => typesFor(context.facts, member)))]
  return { name, kind: lists ? 'multiSelect' : 'reference', targets }
}

function refField(context: Context, name: string, ref: string): Field {
  if (ref === 'NsResource') return { name, kind: 'reference', targets: [] }
  if (ref === 'NsResourceCollection') return { name, kind: 'multiSelect', targets: [] }
  const prefix = context.oldName[0]!.toUpperCase() + context.oldName.slice(1)
  const isOwn = ref.startsWith(prefix) && ref !== prefix && ref !== `${prefix}Collection`
  const known = typesFor(context.facts, ref.replace(/Collection$/, ''))
  if (!isOwn || known.length > 0) {
    return { name, kind: ref.endsWith('Collection') ? 'multiSelect' : 'reference', targets: known }
  }
  const part = ref.slice(prefix.length)
  // `Price` is the one list page without the suffix. [OAS-042]
  if (part.endsWith('Collection') || part === 'Price') {
    return {
      name,
      kind: 'sublist',
      line: borrowedLine(context.type, part.replace(/Collection$/, ''), context.core),
    }
  }
  return { name, kind: 'subrecord', body: subrecord(context.core, part) }
}

function subrecord(core: ReadonlyMap<string, Shape>, part: string): Shape {
  if (part === 'Inventorydetail' || part === 'InventoryDetail') return lineSubrecord(core)
  const kin = SUBRECORD_KIN[part.toLowerCase()]
  const field = kin && core.get(kin[0])?.fields.find(({ name }) => name === kin[1])
  return field?.kind === 'subrecord' ? field.body : { fields: [] }
}

/** The inventory detail of an adjustment's line serves every body that has one. [REC-365] */
function lineSubrecord(core: ReadonlyMap<string, Shape>): Shape {
  const lines = core.get('inventoryAdjustment')?.fields.find(({ name }) => name === 'inventory')
  const detail = lines?.kind === 'sublist' && lines.line.fields.find(({ name }) => name === 'inventoryDetail')
  return detail && detail.kind === 'subrecord' ? detail.body : { fields: [] }
}

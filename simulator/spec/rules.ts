/**
 * What no document says: required, computed and default fields, keys of lines, statuses, id spaces [OAS §9, REC §13].
 * Data is in `rules/`, one row per type with the fact it rests on (K: common knowledge, no source found). A type
 * without a row, custom ones among them, gets the rules of its kind. Rules never name a field the type lacks.
 */
import { type Field, findField, type RecordType, type Shape } from './catalogue.ts'
import { ENTITIES, ENTITY } from './rules/entities.ts'
import { ITEM, ITEMS } from './rules/items.ts'
import { groupOf, kindOf } from './rules/kinds.ts'
import { LISTS, STOCK } from './rules/stock.ts'
import { PURCHASES, SALES, TRANSACTION } from './rules/transactions.ts'
import type { RecordKind, Requirement, RuleRow, TypeRules } from './rules/type-rules.ts'

export type { Requirement, TypeRules } from './rules/type-rules.ts'

const ROWS: ReadonlyMap<string, RuleRow> = new Map(
  [ENTITIES, ITEMS, SALES, PURCHASES, STOCK, LISTS].flatMap((rows) => Object.entries(rows)),
)
const BY_KIND: Readonly<Record<RecordKind, RuleRow>> = {
  entity: ENTITY,
  item: ITEM,
  transaction: TRANSACTION,
  other: { displayFields: 'name fullName title itemId entityId displayName' },
}

/** Given by the account, whatever the kind. [REC-103, OAS-053] */
const ALWAYS_COMPUTED = 'id links refName createdDate dateCreated lastModifiedDate'
/** On custom records and lists too. [OAS-084] */
const CUSTOM_COMPUTED = 'created lastModified lastModifiedBy recordId'

/** Built once per type object. */
const known = new WeakMap<RecordType, TypeRules>()

/** The rules of any record type: bundled, of a user's document, or custom. The same object for the same type. */
export function rulesFor(type: RecordType): TypeRules {
  let rules = known.get(type)
  if (rules === undefined) {
    rules = build(type)
    known.set(type, rules)
  }
  return rules
}

function build(type: RecordType): TypeRules {
  const kind = kindOf(type)
  const general = BY_KIND[kind]
  const row = ROWS.get(type.name.toLowerCase()) ?? {}
  const sublists = sublistsOf(type.body)
  const required = (row.required ?? general.required ?? []).flatMap((need) => spelled(type.body, need))
  return {
    kind,
    group: groupOf(type, kind),
    required,
    requiredLines: (row.requiredLines ?? '')
      .split(' ')
      .flatMap((name) => findField(type.body, name)?.name ?? []),
    lineRequired: mapSublists(sublists, (name, line) => {
      const list = byName(row.lineRequired, name)?.flatMap((need) => spelled(line, need)) ?? []
      return list.length > 0 ? list : undefined
    }),
    computed: computedNames(type.body, [
      ALWAYS_COMPUTED,
      general.computed,
      row.computed,
      type.custom && CUSTOM_COMPUTED,
    ]),
    lineComputed: mapSublists(sublists, (name, line) => {
      const set = computedNames(line, [
        'links refName',
        byName(general.lineComputed, name),
        byName(row.lineComputed, name),
      ])
      return set.size > 0 ? set : undefined
    }),
    lineKeys: mapSublists(sublists, keyOf),
    lineDefaults: mapSublists(sublists, (name, line) => {
      const values = pickFields(line, byName(general.lineDefaults, name) ?? {})
      return Object.keys(values).length > 0 ? values : undefined
    }),
    ...(row.statuses && { statuses: row.statuses }),
    ...(row.initialStatus && { initialStatus: row.initialStatus }),
    settable: pickFields(type.body, row.settable ?? {}),
    transitions: Object.fromEntries(
      Object.entries(row.transitions ?? {}).map(([from, to]) => [from, [...to]]),
    ),
    ...(row.autoNumber && findField(type.body, row.autoNumber.field) && { autoNumber: row.autoNumber }),
    defaults: defaultsOf(type.body, { ...general.defaults, ...row.defaults }),
    displayFields: (row.displayFields ?? general.displayFields ?? '')
      .split(' ')
      .flatMap((name) => findField(type.body, name)?.name ?? []),
    ...(row.transactionCode && { transactionCode: row.transactionCode }),
  }
}

/** Names of those fields that exist, as spelled; the text twin of a subrecord is always one. [OAS-067] */
function computedNames(shape: Shape, lists: readonly (string | undefined)[]): ReadonlySet<string> {
  const listed = new Set(lists.flatMap((list) => (list ?? '').trim().toLowerCase().split(/\s+/)))
  const isComputed = (field: Field): boolean =>
    listed.has(field.name.toLowerCase()) || isTextTwin(shape, field.name) || isOutOfReach(field)
  return new Set(shape.fields.filter(isComputed).map(({ name }) => name))
}

/** Sublists that documents show and REST neither reads nor writes: custom ones and translations. [REC-015] */
export function isOutOfReach({ kind, name, custom }: Field): boolean {
  return kind === 'sublist' && (custom === true || /translations?$/i.test(name))
}

function isTextTwin(shape: Shape, name: string): boolean {
  return (
    name.toLowerCase().endsWith('_text') &&
    findField(shape, name.slice(0, -'_text'.length))?.kind === 'subrecord'
  )
}

/** With the names as the document spells them; none where no field could meet it, which would refuse every body. */
function spelled(shape: Shape, need: Requirement): readonly Requirement[] {
  const anyOf = need.anyOf.flatMap((name) => findField(shape, name)?.name ?? [])
  return anyOf.length === 0 ? [] : [{ ...need, anyOf }]
}

/** Deepest nesting is sublist → subrecord → sublist. */
const NESTING_MAX = 4

/** All sublists by lower-case name, those inside lines and subrecords too; an outer one wins. */
function sublistsOf(shape: Shape, depth = 0, found = new Map<string, Shape>()): ReadonlyMap<string, Shape> {
  if (depth > NESTING_MAX) return found
  const inner: Shape[] = []
  for (const field of shape.fields) {
    if (field.kind === 'sublist') {
      if (!found.has(field.name.toLowerCase())) found.set(field.name.toLowerCase(), field.line)
      inner.push(field.line)
    } else if (field.kind === 'subrecord') {
      inner.push(field.body)
    }
  }
  for (const next of inner) sublistsOf(next, depth + 1, found)
  return found
}

function mapSublists<T>(
  sublists: ReadonlyMap<string, Shape>,
  make: (name: string, line: Shape) => T | undefined,
): Readonly<Record<string, T>> {
  const entries = [...sublists].flatMap(([name, line]) => {
    const value = make(name, line)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

function byName<T>(rows: Readonly<Record<string, T>> | undefined, sublist: string): T | undefined {
  return Object.entries(rows ?? {}).find(([name]) => name.toLowerCase() === sublist)?.[1]
}

/** Keys the facts name: item lines [REC-136], applications [REC-139], addresses [OPQ-027], prices [REC-037]; the rest are K. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ['addressbook', 'id'],
  ['apply', 'doc'],
  ['credit', 'doc'],
  ['currencylist', 'currency'],
  ['deposit', 'doc'],
  ['expcost', 'doc'],
  ['inventoryassignment', 'internalId'],
  ['item', 'line'],
  ['itemcost', 'doc'],
  ['locations', 'location'],
  ['price', 'currencyPage priceLevel quantity'],
  ['time', 'doc'],
])

/** The columns that name a line: what the document declares [OAS-065], else what is known of the sublist, else `line` or `id`. */
function keyOf(sublist: string, line: Shape): readonly string[] | undefined {
  const { lineKey } = line
  if (lineKey !== undefined) {
    const spelled = lineKey.existing.map((name) => findField(line, name)?.name ?? name)
    return lineKey.present && spelled.length > 0 ? spelled : undefined
  }
  for (const names of [KEYS.get(sublist), 'line', 'id']) {
    const key = names === undefined ? undefined : named(line, names.split(' '))
    if (key !== undefined) return key
  }
  return undefined
}

/** The names as spelled, when the line has them all. */
function named(line: Shape, names: readonly string[]): readonly string[] | undefined {
  const spelled = names.flatMap((name) => findField(line, name)?.name ?? [])
  return spelled.length > 0 && spelled.length === names.length ? spelled : undefined
}

function pickFields<T>(shape: Shape, values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const field = findField(shape, name)
      return field === undefined ? [] : [[field.name, value] as const]
    }),
  )
}

/** Times of writing and `isInactive` where the type has them, then those of the kind and of the type. */
function defaultsOf(shape: Shape, own: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const now = { now: true }
  return pickFields(shape, {
    createdDate: now,
    dateCreated: now,
    created: now,
    lastModifiedDate: now,
    lastModified: now,
    isInactive: false,
    ...own,
  })
}

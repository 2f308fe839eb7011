/**
 * Numbers that the account gives: keys of lines, also of lines inside lines, unique keys of transaction lines, and the
 * numbers of transactions and entities. [REC-136, REC-138, REC-320, REC-345, OPQ-027]
 */
import { findField, type RecordType, type Shape } from '../spec/catalogue.ts'
import { rulesFor, type TypeRules } from '../spec/rules.ts'
import type { RecordBody, RecordStore } from './store.ts'

/** What is to be numbered below a body; empty parts are left out, so that a walk goes only where there is something. */
interface Numbering {
  readonly lists: readonly NumberedList[]
  readonly subrecords: readonly { readonly name: string; readonly inner: Numbering }[]
}

interface NumberedList {
  readonly name: string
  /** Columns that hold the number; the first is the key. */
  readonly columns: readonly { readonly name: string; readonly isText: boolean }[]
  readonly first: number
  readonly hasUniqueKey: boolean
  readonly inner: Numbering
}

/** Deepest nesting is sublist → subrecord → sublist. */
const NESTING_MAX = 4

/** Journal lines are counted from 0, all others from 1. [OPQ-027] */
const FIRST: Readonly<Record<string, number>> = { line: 0 }

/** An address line shows its number three times. [OPQ-027] */
const TWINS: Readonly<Record<string, readonly string[]>> = { addressbook: ['internalId', 'addressId'] }

/** A field that holds the number of the record itself, and what stands before it. */
interface OwnNumber {
  readonly name: string
  readonly prefix: string
  readonly isSet: 'always' | 'unless sent' | 'where entities are numbered'
}

/** What of a type is numbered. */
interface Plan {
  readonly numbering: Numbering
  readonly own: readonly OwnNumber[]
}

const known = new WeakMap<RecordType, Plan>()

function planOf(type: RecordType): Plan {
  let plan = known.get(type)
  if (plan === undefined) {
    plan = { numbering: numberingOf(type.body, rulesFor(type), 0), own: ownNumbers(type) }
    known.set(type, plan)
  }
  return plan
}

/** Gives new lines of keyed sublists their number: one more than the highest there. Keys that are references are the client's. */
export function numberLines(type: RecordType, body: RecordBody, store: RecordStore): void {
  number(planOf(type).numbering, body, store)
}

function numberingOf(shape: Shape, rules: TypeRules, depth: number): Numbering {
  if (depth > NESTING_MAX) return { lists: [], subrecords: [] }
  const lists: NumberedList[] = []
  const subrecords: { name: string; inner: Numbering }[] = []
  for (const field of shape.fields) {
    if (field.kind === 'sublist') {
      const { name, line } = field
      const inner = numberingOf(line, rules, depth + 1)
      const columns = columnsOf(line, rules.lineKeys[name.toLowerCase()], TWINS[name.toLowerCase()] ?? [])
      const hasUniqueKey = findField(line, 'lineUniqueKey') !== undefined
      if (columns.length > 0 || hasUniqueKey || !isNothing(inner)) {
        lists.push({ name, columns, first: FIRST[name.toLowerCase()] ?? 1, hasUniqueKey, inner })
      }
    } else if (field.kind === 'subrecord') {
      const inner = numberingOf(field.body, rules, depth + 1)
      if (!isNothing(inner)) subrecords.push({ name: field.name, inner })
    }
  }
  return { lists, subrecords }
}

function isNothing({ lists, subrecords }: Numbering): boolean {
  return lists.length === 0 && subrecords.length === 0
}

function columnsOf(
  line: Shape,
  key: readonly string[] | undefined,
  twins: readonly string[],
): NumberedList['columns'] {
  if (key?.length !== 1) return []
  const columns = [key[0]!, ...twins].map((name) => findField(line, name))
  if (columns[0]?.kind !== 'scalar') return []
  return columns.flatMap((field) =>
    field?.kind === 'scalar' ? [{ name: field.name, isText: field.type === 'string' }] : [],
  )
}

function number({ lists, subrecords }: Numbering, body: RecordBody, store: RecordStore): void {
  for (const list of lists) {
    const lines = body[list.name] as RecordBody[] | undefined
    if (lines !== undefined) body[list.name] = numbered(list, lines, store)
  }
  for (const { name, inner } of subrecords) {
    if (body[name] === undefined) continue
    const copy = { ...(body[name] as RecordBody) }
    number(inner, copy, store)
    body[name] = copy
  }
}

/** Lines that have their numbers stay the same objects: stored ones are shared with a cache. */
function numbered(list: NumberedList, lines: readonly RecordBody[], store: RecordStore): RecordBody[] {
  const { columns, hasUniqueKey, first, inner } = list
  const key = columns[0]?.name
  let last = first - 1
  if (key !== undefined) for (const line of lines) last = Math.max(last, Number(line[key] ?? last) || 0)
  const deeper = !isNothing(inner)
  return lines.map((line) => {
    const isNew = columns.some(({ name }) => line[name] === undefined)
    const wantsUnique = hasUniqueKey && line.lineUniqueKey === undefined
    if (!isNew && !wantsUnique && !deeper) return line
    const copy = { ...line }
    if (isNew && key !== undefined) {
      const value = line[key] ?? ++last
      for (const { name, isText } of columns) copy[name] = isText ? String(value) : Number(value)
    }
    if (wantsUnique) copy.lineUniqueKey = String(store.nextId('lineUniqueKey'))
    if (deeper) number(inner, copy, store)
    return copy
  })
}

/** `tranId`, `entityId` unless sent, and the transaction number, which nobody can set. [REC-320, REC-330] */
export function numberRecord(type: RecordType, body: RecordBody, id: number, entityNames: boolean): void {
  for (const { name, prefix, isSet } of planOf(type).own) {
    if (isSet === 'always') body[name] = `${prefix}${id}`
    else if (isSet === 'unless sent' || entityNames) body[name] ??= `${prefix}${id}`
  }
}

function ownNumbers(type: RecordType): OwnNumber[] {
  const { autoNumber, kind, transactionCode = type.name } = rulesFor(type)
  const numbers: OwnNumber[] = []
  if (autoNumber !== undefined) {
    const { name } = findField(type.body, autoNumber.field)!
    const isSet = kind === 'entity' ? 'where entities are numbered' : 'unless sent'
    numbers.push({ name, prefix: autoNumber.prefix, isSet })
  }
  const own = kind === 'transaction' ? findField(type.body, 'transactionNumber') : undefined
  if (own !== undefined)
    numbers.push({ name: own.name, prefix: transactionCode.toUpperCase(), isSet: 'always' })
  return numbers
}

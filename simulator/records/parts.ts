/**
 * Finds what a path below a record names: a sublist, a line by its key, a subrecord, a multi-select, or the record that
 * a reference points at; to any depth, by the shapes alone. [REC-160, REC-163, REC-008]
 */
import { findField, type MultiSelectField, type Shape, type SublistField } from '../spec/catalogue.ts'
import { isOutOfReach } from '../spec/rules.ts'
import { lineSegment } from './render.ts'
import type { RecordBody } from './store.ts'
import type { StoredReference } from './values.ts'

export type Part =
  | { readonly kind: 'line' | 'subrecord'; readonly shape: Shape; readonly body: RecordBody }
  | { readonly kind: 'sublist'; readonly field: SublistField; readonly lines: readonly RecordBody[] }
  | {
      readonly kind: 'multiSelect'
      readonly field: MultiSelectField
      readonly references: readonly StoredReference[]
    }
  /** The path leaves the record here; `rest` goes on below the target. */
  | {
      readonly kind: 'reference'
      readonly targets: readonly string[]
      readonly id: string
      readonly rest: readonly string[]
    }

export interface Place {
  readonly part: Part
  /** Address of the part. */
  readonly address: string
  /** From the record down to the part; a line by the columns that name it, none where only its place does. */
  readonly trail: readonly (string | RecordBody)[]
}

export interface PartContext {
  lineKeyOf(sublist: string): readonly string[] | undefined
  /** The id of the record with an external id. */
  idOf(targets: readonly string[], externalId: string): string | undefined
}

/** Undefined when the record has no such part. */
export function findPart(
  shape: Shape,
  body: RecordBody,
  address: string,
  path: readonly string[],
  context: PartContext,
): Place | undefined {
  let place: Place = { part: { kind: 'subrecord', shape, body }, address, trail: [] }
  for (const [index, segment] of path.entries()) {
    const { part } = place
    let next: Place | undefined
    if (part.kind === 'sublist') next = lineOf(part, segment, place, context)
    else if (part.kind === 'multiSelect') next = memberOf(part, segment, place, context)
    else if (part.kind !== 'reference') next = fieldOf(part, segment, place)
    if (next === undefined) return undefined
    place = next
    if (place.part.kind === 'reference')
      return { ...place, part: { ...place.part, rest: path.slice(index + 1) } }
  }
  return place
}

/** Scalars and enumerations are no resources; an empty sublist is one, an empty subrecord or reference is none. */
function fieldOf(
  { shape, body }: { shape: Shape; body: RecordBody },
  name: string,
  { address, trail }: Place,
): Place | undefined {
  const field = findField(shape, name)
  if (field === undefined || isOutOfReach(field)) return undefined
  const value = body[field.name]
  const at = (part: Part): Place => ({
    part,
    address: `${address}/${field.name}`,
    trail: [...trail, field.name],
  })
  switch (field.kind) {
    case 'sublist':
      return at({ kind: 'sublist', field, lines: (value as RecordBody[] | undefined) ?? [] })
    case 'multiSelect':
      return at({ kind: 'multiSelect', field, references: (value as StoredReference[] | undefined) ?? [] })
    case 'subrecord':
      return value === undefined
        ? undefined
        : at({ kind: 'subrecord', shape: field.body, body: value as RecordBody })
    case 'reference':
      return value === undefined
        ? undefined
        : at({
            kind: 'reference',
            targets: field.targets,
            id: (value as StoredReference).id,
            rest: [],
          })
    default:
      return undefined
  }
}

function lineOf(
  { field, lines }: { field: SublistField; lines: readonly RecordBody[] },
  segment: string,
  { address, trail }: Place,
  context: PartContext,
): Place | undefined {
  const key = context.lineKeyOf(field.name)
  const wanted = segment.toLowerCase()
  const matches = lineTest(field, key, segment, context)
  const index = lines.findIndex((line, at) => matches(line, lineSegment(key, line, at).toLowerCase(), wanted))
  const line = lines[index]
  if (line === undefined) return undefined
  const columns = key ?? compoundColumns(field, segment)
  const name = Object.fromEntries(columns.map((column) => [column, line[column]]))
  return {
    part: { kind: 'line', shape: field.line, body: line },
    address: `${address}/${lineSegment(key, line, index)}`,
    trail: [...trail, name],
  }
}

type LineTest = (line: RecordBody, shown: string, wanted: string) => boolean

/** By key; by the external id of the record that the line is about [REC-008]; by several columns [REC-037]. */
function lineTest(
  field: SublistField,
  key: readonly string[] | undefined,
  segment: string,
  context: PartContext,
): LineTest {
  if (segment.startsWith('eid:')) {
    const column = subjectOf(field, key)
    const id = column && context.idOf(column.targets, segment.slice(4))
    return (line) => id !== undefined && (line[column!.name] as StoredReference | undefined)?.id === id
  }
  const columns = compoundColumns(field, segment)
  if (columns.length === 0) return (_, shown, wanted) => shown === wanted
  const values = segment.split(',').map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
  return (line) => columns.every((column, at) => columnText(line[column]) === values[at])
}

/** `currencypage=1,pricelevel=1,quantity=10`: the columns it names, or none when it is no such key. */
function compoundColumns({ line }: SublistField, segment: string): string[] {
  if (!segment.includes('=')) return []
  const names = segment
    .split(',')
    .map((pair) => findField(line, pair.slice(0, Math.max(0, pair.indexOf('='))).trim())?.name)
  return names.every((name) => name !== undefined) ? (names as string[]) : []
}

/** The reference that a line is about: its key, or the column that the sublist is named after. */
function subjectOf({ name, line }: SublistField, key: readonly string[] | undefined) {
  const sublist = name.toLowerCase()
  for (const field of line.fields) {
    if (field.kind !== 'reference') continue
    if ((key?.length === 1 && field.name === key[0]) || sublist.startsWith(field.name.toLowerCase()))
      return field
  }
  return undefined
}

/** A column's value as it stands in a key. */
function columnText(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value ?? '')
  const { id, value: inner } = value as { id?: unknown; value?: unknown }
  return String(id ?? inner ?? '')
}

function memberOf(
  { field: { targets }, references }: { field: MultiSelectField; references: readonly StoredReference[] },
  segment: string,
  { address, trail }: Place,
  context: PartContext,
): Place | undefined {
  const id = segment.startsWith('eid:') ? context.idOf(targets, segment.slice(4)) : segment
  if (id === undefined || !references.some((reference) => reference.id === id)) return undefined
  return { part: { kind: 'reference', targets, id, rest: [] }, address: `${address}/${id}`, trail }
}

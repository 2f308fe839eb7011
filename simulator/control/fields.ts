/**
 * Which fields of a record an export shows: `otherRefNum,entity,item.quantity`. Reading a large account back costs mostly
 * what nobody asked for, above all the columns that stock fills anew each time a line is shown. [REC-345]
 */
import type { RecordBody } from '../records/store.ts'
import { type Field, findField, type Shape } from '../spec/catalogue.ts'
import { badRequest } from './route.ts'

/** Field → what is wanted of its lines or of its subrecord; undefined: all. */
export type FieldTree = ReadonlyMap<string, FieldTree | undefined>

/** Reads a list of fields; throws 400 for one that the type has not. */
export function parseFields(text: string, shape: Shape): FieldTree {
  const tree = new Map<string, FieldTree | undefined>()
  const paths = text.split(',').map((path) => path.split('.'))
  for (const name of new Set(paths.map(([first]) => first!))) {
    const field = findField(shape, name)
    const inner = field === undefined ? undefined : innerShape(field)
    const rests = paths.filter(([first]) => first === name).map(([, ...rest]) => rest)
    const wantsAll = rests.some((rest) => rest.length === 0)
    if (field === undefined || (inner === undefined && rests.some((rest) => rest.length > 0)))
      throw badRequest(
        `no field ${name} here`,
        'name fields as a GET shows them, those of lines as item.quantity',
      )
    const below = rests.map((rest) => rest.join('.')).filter((rest) => rest !== '')
    const parsed = below.length === 0 || inner === undefined ? undefined : parseFields(below.join(','), inner)
    tree.set(field.name, wantsAll ? undefined : parsed)
  }
  return tree
}

function innerShape(field: Field): Shape | undefined {
  if (field.kind === 'sublist') return field.line
  return field.kind === 'subrecord' ? field.body : undefined
}

/** The wanted part of a body. */
export function pick(body: RecordBody, tree: FieldTree): RecordBody {
  const picked: RecordBody = {}
  for (const [name, inner] of tree) {
    const value = body[name]
    if (value === undefined) continue
    if (inner === undefined) picked[name] = value
    else if (Array.isArray(value)) picked[name] = value.map((line) => pick(line, inner))
    else picked[name] = pick(value as RecordBody, inner)
  }
  return picked
}

/** Whether a body as it is stored has all that is wanted. Lists and what is missing may be filled when they are shown. */
export function isStored(body: RecordBody, tree: FieldTree): boolean {
  return [...tree].every(([name, inner]) => {
    const value = body[name]
    if (value === undefined) return false
    if (inner === undefined) return !Array.isArray(value)
    const parts = (Array.isArray(value) ? value : [value]) as readonly RecordBody[]
    return parts.every((part) => isStored(part, inner))
  })
}

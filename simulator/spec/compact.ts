/**
 * The compact form in which the bundled catalogue is kept: equal shapes and enumerations once [OAS-041, OAS-056], one
 * word per field. Files are chained: the numbers of a later file go on where the earlier one ended.
 *
 *     { "enums": [["A", "B"]], "shapes": ["id:s status:e:0 item:l:1", "line:i item:r:kitItem,serviceSaleItem"],
 *       "types": [{ "name": "salesOrder", "body": 0, "transforms": ["invoice"], "methods": ["GET POST", "GET PUT"] }] }
 */
import { invariant } from '../../kernel/invariant.ts'
import type { Field, RecordType, ScalarType, Shape } from './catalogue.ts'

export interface CompactCatalogue {
  readonly enums: readonly (readonly string[])[]
  readonly shapes: readonly string[]
  readonly types: readonly CompactType[]
}
export interface CompactType {
  readonly name: string
  /** Number of its body's shape. */
  readonly body: number
  readonly transforms: readonly string[]
  /** Methods of the collection and of the instance, parted by blanks. */
  readonly methods: readonly string[]
}

const SCALARS: Readonly<Record<string, ScalarType>> = {
  s: 'string',
  b: 'boolean',
  i: 'integer',
  d: 'double',
  f: 'float',
  D: 'date',
  T: 'date-time',
  a: 'any',
}
const LETTERS = new Map(Object.entries(SCALARS).map(([letter, type]) => [type, letter]))

/** Writes types; `before` are the files that will stand before this one. Names with blanks or colons are a bug. */
export function encodeCatalogue(
  types: readonly RecordType[],
  before: readonly CompactCatalogue[] = [],
): CompactCatalogue {
  const enums = new Numbering<readonly string[]>(before.flatMap((file) => file.enums))
  const shapes = new Numbering<string>(before.flatMap((file) => file.shapes))
  const shape = (value: Shape): number => {
    invariant(
      value.filterable === undefined && value.lineKey === undefined,
      'the compact form has no extensions',
    )
    return shapes.of(value.fields.map(field).join(' '))
  }
  const field = (value: Field): string => {
    invariant(
      /^[^\s:]+$/.test(value.name) && value.custom === undefined && value.title === undefined,
      value.name,
    )
    switch (value.kind) {
      case 'scalar':
        return `${value.name}:${LETTERS.get(value.type)}`
      case 'enum':
        return `${value.name}:e:${enums.of(value.values)}`
      case 'reference':
        return `${value.name}:r:${value.targets.join(',')}`
      case 'multiSelect':
        return `${value.name}:m:${value.targets.join(',')}`
      case 'sublist':
        return `${value.name}:l:${shape(value.line)}`
      case 'subrecord':
        return `${value.name}:u:${shape(value.body)}`
    }
  }
  const compact = types.map((type) => ({
    name: type.name,
    body: shape(type.body),
    transforms: type.transforms,
    methods: [type.methods.collection.join(' '), type.methods.instance.join(' ')],
  }))
  return { enums: enums.added, shapes: shapes.added, types: compact }
}

/** Numbers equal values alike, going on after those already known. */
class Numbering<T> {
  readonly #numbers = new Map<string, number>()
  readonly added: T[] = []

  constructor(known: readonly T[]) {
    for (const value of known) this.#numbers.set(JSON.stringify(value), this.#numbers.size)
  }

  of(value: T): number {
    const key = JSON.stringify(value)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(key, number)
    this.added.push(value)
    return number
  }
}

/** Reads a chain of files, in the order of writing. Equal shapes become one object. */
export function decodeCatalogue(files: readonly CompactCatalogue[]): RecordType[] {
  const enums = files.flatMap((file) => file.enums)
  const texts = files.flatMap((file) => file.shapes)
  const shapes: Shape[] = []
  const shapeAt = (number: number): Shape => {
    const known = shapes[number]
    if (known !== undefined) return known
    const text = texts[number]
    invariant(text !== undefined, `shape ${number} of the bundled catalogue`)
    const shape = { fields: text === '' ? [] : text.split(' ').map(fieldOf) }
    shapes[number] = shape
    return shape
  }
  const fieldOf = (word: string): Field => {
    const [name, code, argument = ''] = word.split(':') as [string, string, string?]
    switch (code) {
      case 'e':
        return { name, kind: 'enum', values: enums[Number(argument)]! }
      case 'r':
      case 'm':
        return {
          name,
          kind: code === 'r' ? 'reference' : 'multiSelect',
          targets: argument === '' ? [] : argument.split(','),
        }
      case 'l':
        return { name, kind: 'sublist', line: shapeAt(Number(argument)) }
      case 'u':
        return { name, kind: 'subrecord', body: shapeAt(Number(argument)) }
      default:
        return { name, kind: 'scalar', type: SCALARS[code]! }
    }
  }
  return files.flatMap((file) =>
    file.types.map(({ name, body, transforms, methods }) => ({
      name,
      // Decoded when a type is first used: most runs touch a dozen of the two hundred.
      get body() {
        return shapeAt(body)
      },
      transforms,
      methods: { collection: split(methods[0]), instance: split(methods[1]) },
    })),
  )
}

function split(methods: string | undefined): string[] {
  return methods === undefined || methods === '' ? [] : methods.split(' ')
}

/**
 * The fifteen core record types of release 2026.1, whose bodies, lines and subrecords are known in full.
 * Enumerations known by sample only get no values: every value is then accepted. [OAS §7]
 */
import { invariant } from '../../kernel/invariant.ts'
import type { Field, ScalarType, Shape } from '../../simulator/spec/catalogue.ts'
import { ENTITY_FAMILY, ITEM_FAMILY } from './families.ts'
import { extraColumns } from './lines.ts'
import type { CoreFacts, CoreProperty } from './source.ts'

const SCALARS: Readonly<Record<string, ScalarType>> = {
  string: 'string',
  'string/date': 'date',
  'string/date-time': 'date-time',
  boolean: 'boolean',
  'number/double': 'double',
  'number/float': 'float',
  'integer/int64': 'integer',
}

/** Record name → body. */
export function coreBodies(core: CoreFacts): ReadonlyMap<string, Shape> {
  return new Map(
    Object.keys(core.records).map((record) => [record, new CoreReader(core, record).shape(record, 0)]),
  )
}

class CoreReader {
  readonly #core: CoreFacts
  readonly #record: string

  constructor(core: CoreFacts, record: string) {
    this.#core = core
    this.#record = record
  }

  shape(schemaName: string, depth: number): Shape {
    invariant(depth < 8, `schemas of ${this.#record} contain each other`)
    const schema = this.#core.records[this.#record]![schemaName]
    if (schema === undefined || '$notCopied' in schema) return { fields: extraColumns(schemaName) }
    const fields = Object.entries(schema).flatMap(
      ([name, property]) => this.#field(name, property, depth) ?? [],
    )
    return { fields }
  }

  #field(name: string, property: CoreProperty, depth: number): Field | undefined {
    if (property.linksArray) return undefined
    if (property.untypedArray) return { name, kind: 'scalar', type: 'any' }
    if (property.ref !== undefined)
      return { name, kind: 'reference', targets: targets(property.ref, property.family) }
    if (property.enumObject !== undefined)
      return { name, kind: 'enum', values: this.#values(property.enumObject) }
    if (property.multiselect !== undefined) {
      const target = property.multiselect.replace(/Collection$/, '')
      return { name, kind: 'multiSelect', targets: targets(target, undefined) }
    }
    if (property.subrecord !== undefined) {
      return { name, kind: 'subrecord', body: this.shape(property.subrecord, depth + 1) }
    }
    if (property.sublist !== undefined) {
      const element = `${property.sublist.replace(/Collection$/, '')}Element`
      return { name, kind: 'sublist', line: this.shape(element, depth + 1) }
    }
    const type = SCALARS[[property.type, property.format].filter(Boolean).join('/')]
    invariant(type !== undefined, `type of ${this.#record}.${name}`)
    return { name, kind: 'scalar', type }
  }

  #values(list: readonly string[] | string | null): readonly string[] {
    if (list === null) return []
    if (typeof list !== 'string') return list
    const shared = this.#core.enums[list.slice(1)]
    return Array.isArray(shared) ? shared : []
  }
}

function targets(ref: string, family: CoreProperty['family']): readonly string[] {
  if (family === 'entity') return ENTITY_FAMILY
  if (family === 'item') return ITEM_FAMILY
  return ref === 'nsResource' ? [] : [ref]
}

/**
 * The record catalogue: what an OpenAPI document says about an account's record types, in the form the simulator
 * works with. Built by `load.ts` from any NetSuite document, or read from `catalog/` for the bundled account.
 * What no document says (required, computed, defaults) is in `rules.ts`, keyed by the same names.
 */

/** Scalars, named by what travels. `any`: the document gives no type; every JSON value is kept as sent. [OAS-050, OAS-068] */
export type ScalarType = 'string' | 'boolean' | 'integer' | 'double' | 'float' | 'date' | 'date-time' | 'any'

interface FieldBase {
  /** As the document spells it; matched without regard to case. [OAS-046] */
  readonly name: string
  /** UI label, if the document has one. [OAS-054] */
  readonly title?: string
  /** A custom field, by `x-ns-custom-field` or by its `cust…` prefix. [OAS-082] */
  readonly custom?: true
}

export interface ScalarField extends FieldBase {
  readonly kind: 'scalar'
  readonly type: ScalarType
}
/** An enumeration, declared as a plain string or as `{ id, refName }`; an empty list means the document names no values. [OAS-055, OAS-056] */
export interface EnumField extends FieldBase {
  readonly kind: 'enum'
  readonly values: readonly string[]
}
/** A reference; several targets when polymorphic, none when the document does not tell (`nsResource`). [OAS-058, OAS-059] */
export interface ReferenceField extends FieldBase {
  readonly kind: 'reference'
  readonly targets: readonly string[]
}
/** A list of references. [OAS-063] */
export interface MultiSelectField extends FieldBase {
  readonly kind: 'multiSelect'
  readonly targets: readonly string[]
}
export interface SublistField extends FieldBase {
  readonly kind: 'sublist'
  readonly line: Shape
}
export interface SubrecordField extends FieldBase {
  readonly kind: 'subrecord'
  readonly body: Shape
}
export type Field =
  | ScalarField
  | EnumField
  | ReferenceField
  | MultiSelectField
  | SublistField
  | SubrecordField

/** The fields of a record body, a sublist line or a subrecord. */
export interface Shape {
  readonly fields: readonly Field[]
  /** Names usable in `q`; absent when the document has no `x-ns-filterable`. [OAS-080] */
  readonly filterable?: readonly string[]
  /** How lines are matched on write, from `x-ns-sublistkey`; absent when not declared. Lines only. [OAS-065] */
  readonly lineKey?: {
    readonly present: boolean
    readonly new: readonly string[]
    readonly existing: readonly string[]
  }
}

export interface RecordType {
  /** As the document spells it, e.g. `salesOrder`; hrefs of lists show it in lower case. [OAS-009, OPQ-083] */
  readonly name: string
  /** Custom record type (`customrecord…`) or custom list (`customlist…`). [OAS-084, OAS-085] */
  readonly custom?: 'record' | 'list'
  readonly body: Shape
  /** Targets of `!transform`, as spelled. [OAS-019] */
  readonly transforms: readonly string[]
  /** Methods the document lists; a verb that is absent answers 405. [OAS-023, OPQ-010] */
  readonly methods: { readonly collection: readonly string[]; readonly instance: readonly string[] }
}

export interface Catalogue {
  /** In the document's order. */
  readonly types: readonly RecordType[]
  /** Finds a type whatever the case of its name. [REC-005] */
  find(name: string): RecordType | undefined
}

/** Indexes record types. Of two types whose names differ only in case the first wins. */
export function createCatalogue(types: readonly RecordType[]): Catalogue {
  const byName = new Map<string, RecordType>()
  for (const type of types) {
    const key = type.name.toLowerCase()
    if (!byName.has(key)) byName.set(key, type)
  }
  return { types, find: (name) => byName.get(name) ?? byName.get(name.toLowerCase()) }
}

/** `null`: asked for and not there. */
const fieldIndexes = new WeakMap<Shape, Map<string, Field | null>>()
/** Of spellings kept in an index beyond those of its fields; they are the clients'. */
const SPELLINGS_MAX = 1000

/** Fields are looked up one after the other in the same shape. */
let latestShape: Shape | undefined
let latestIndex: Map<string, Field | null> = new Map()

function indexOf(shape: Shape): Map<string, Field | null> {
  if (shape === latestShape) return latestIndex
  let index = fieldIndexes.get(shape)
  if (index === undefined) {
    index = new Map()
    for (const field of shape.fields) {
      const key = field.name.toLowerCase()
      if (!index.has(key)) index.set(key, field)
      // An exact spelling always wins over a twin that differs in case. [OAS-046]
      index.set(field.name, field)
    }
    fieldIndexes.set(shape, index)
  }
  latestShape = shape
  latestIndex = index
  return index
}

/** Finds a field whatever the case of its name. [REC-104] */
export function findField(shape: Shape, name: string): Field | undefined {
  const index = indexOf(shape)
  const known = index.get(name)
  if (known !== undefined) return known ?? undefined
  const found = index.get(name.toLowerCase()) ?? null
  if (index.size < 2 * shape.fields.length + SPELLINGS_MAX) index.set(name, found)
  return found ?? undefined
}

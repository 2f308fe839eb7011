/**
 * Reads one schema as a `Shape` and each of its properties as a `Field`, by form and not by name wherever the
 * form tells [OAS-042, OAS-055, OAS-058..070]. References are never followed: a record is read once, by its paths.
 * Leaves to `list-page.ts` what a list page is, and to `load.ts` which schemas are record bodies.
 */
import type { Field, ScalarType, Shape } from './catalogue.ts'
import { type ListPage, listPageOf } from './list-page.ts'
import { at } from './oddity.ts'
import {
  DEPTH_MAX,
  internEnum,
  isObject,
  isUnsafeName,
  type JsonObject,
  note,
  own,
  type Reader,
} from './reader.ts'
import { parseRef, sharedSchema } from './refs.ts'
import { checkKeys, filterableOf, lineKeyOf } from './schema-keys.ts'

/** Prefixes of custom field script ids. Not `cust` alone: `customForm` and `customer` are standard. [OAS-082] */
const CUSTOM_PREFIX = /^cust(?:entity|body|col|item|record|event)/i

/** Fields every custom record has; there even these carry the custom marker. [OAS-083, OAS-084] */
export const CUSTOM_RECORD_BUILT_IN: ReadonlySet<string> = new Set(
  'abbreviation created externalid id isinactive lastmodified lastmodifiedby name owner recordid refname scriptid'.split(
    ' ',
  ),
)

interface Place {
  readonly pointer: string
  readonly depth: number
  /** Inside the body of a custom record. */
  readonly customRecord: boolean
}

/** A named schema as a shape, read once. A schema inside itself, or missing, gives undefined. */
export function namedShape(reader: Reader, name: string, depth = 0): Shape | undefined {
  const known = reader.shapes.get(name)
  if (known !== undefined) return known
  const schema = reader.schemas.get(name)
  if (!isObject(schema) || reader.open.has(name)) return undefined
  reader.open.add(name)
  const shape = shapeOf(reader, schema, at(reader.schemasPointer, name), depth)
  reader.open.delete(name)
  reader.shapes.set(name, shape)
  return shape
}

/** The properties of `schema` as fields, `links` left out: it is never data. */
export function shapeOf(reader: Reader, schema: JsonObject, pointer: string, depth = 0): Shape {
  checkKeys(reader, schema, pointer)
  const fields: Field[] = []
  const spellings = new Map<string, string>()
  const properties = own(schema, 'properties')
  const place = { pointer: at(pointer, 'properties'), depth: depth + 1, customRecord: isCustomRecord(schema) }
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    const here = { ...place, pointer: at(place.pointer, name) }
    if (isUnsafeName(name)) {
      note(reader, 'unsafe-name', here.pointer, `field '${name}' is left out`)
      continue
    }
    const twin = spellings.get(name.toLowerCase())
    if (twin !== undefined) note(reader, 'case-twin', here.pointer, `'${name}' beside '${twin}'`)
    spellings.set(name.toLowerCase(), name)
    const field = fieldOf(reader, name, property, here)
    if (field !== undefined) fields.push(field)
  }
  const filterable = filterableOf(reader, schema, pointer, fields)
  const lineKey = lineKeyOf(reader, schema, pointer)
  return { fields, ...(filterable && { filterable }), ...(lineKey && { lineKey }) }
}

export function isCustomRecord(schema: JsonObject): boolean {
  return own(schema, 'x-ns-custom-record') === true
}

type Base = Pick<Field, 'name' | 'title' | 'custom'>

/** undefined: not data (`links`, select options). */
function fieldOf(reader: Reader, name: string, schema: unknown, place: Place): Field | undefined {
  if (!isObject(schema)) {
    note(reader, 'not-a-schema', place.pointer, `'${name}' is ${describe(schema)}`)
    return { name, kind: 'scalar', type: 'any' }
  }
  const base = baseOf(name, schema, place)
  if (place.depth > DEPTH_MAX) {
    note(
      reader,
      'too-deep',
      place.pointer,
      `'${name}' is ${place.depth} levels down, the limit is ${DEPTH_MAX}`,
    )
    return { ...base, kind: 'scalar', type: 'any' }
  }
  const ref = own(schema, '$ref')
  if (typeof ref === 'string') return refField(reader, base, ref, place)
  for (const key of ['oneOf', 'anyOf']) {
    const members = own(schema, key)
    if (Array.isArray(members))
      return oneOfField(reader, base, members, { ...place, pointer: at(place.pointer, key) })
  }
  const all = own(schema, 'allOf')
  if (Array.isArray(all)) {
    note(reader, 'all-of', at(place.pointer, 'allOf'), `'${name}' has allOf of ${all.length}`)
    return fieldOf(reader, name, all[0], {
      ...place,
      pointer: at(at(place.pointer, 'allOf'), '0'),
      depth: place.depth + 1,
    })
  }
  checkKeys(reader, schema, place.pointer)
  const type = own(schema, 'type')
  if (isObject(own(schema, 'properties')) || type === 'object')
    return objectField(reader, base, schema, place)
  if (type === 'array') return arrayField(reader, base, schema, place)
  return scalarField(reader, base, schema, place.pointer)
}

function baseOf(name: string, schema: JsonObject, place: Place): Base {
  const title = own(schema, 'title')
  const label = typeof title === 'string' ? title.trim() : ''
  // A title that only says a label is missing is none. [OAS-054]
  const titled = label !== '' && !label.startsWith('[Missing Label')
  const marked =
    own(schema, 'x-ns-custom-field') === true &&
    !(place.customRecord && CUSTOM_RECORD_BUILT_IN.has(name.toLowerCase()))
  return {
    name,
    ...(titled && { title: label }),
    ...((marked || CUSTOM_PREFIX.test(name)) && { custom: true as const }),
  }
}

function refField(reader: Reader, base: Base, text: string, place: Place): Field | undefined {
  const ref = parseRef(text)
  if (ref.kind === 'foreign') {
    note(reader, 'foreign-ref', place.pointer, `'${base.name}' refers to '${text}'`)
    return { ...base, kind: 'reference', targets: [] }
  }
  switch (sharedSchema(ref.name)) {
    case 'link':
    case 'error':
    case 'selectOptions':
      return undefined
    case 'resource':
      return { ...base, kind: 'reference', targets: [] }
    case 'resourceList':
      return { ...base, kind: 'multiSelect', targets: [] }
  }
  if (ref.kind === 'outside') return outsideField(reader, base, ref.name, place)
  if (!reader.schemas.has(ref.name)) return danglingField(reader, base, ref.name, place)
  reader.used.add(ref.name)
  const schema = reader.schemas.get(ref.name)
  const page = isObject(schema) ? listPageOf(reader, schema) : undefined
  if (page !== undefined) {
    const target = at(reader.schemasPointer, ref.name)
    return listField(reader, base, page, {
      name: ref.name,
      pointer: target,
      depth: place.depth,
      refPointer: place.pointer,
    })
  }
  // The full record schema stands for a reference to it: following it would expand the whole model. [OAS-058]
  if (!ref.name.includes('-')) return { ...base, kind: 'reference', targets: [spelling(reader, ref.name)] }
  const body = namedShape(reader, ref.name, place.depth)
  return body === undefined ? cycleField(reader, base, ref.name, place) : { ...base, kind: 'subrecord', body }
}

function cycleField(reader: Reader, base: Base, name: string, place: Place): Field {
  note(reader, 'cycle', place.pointer, `'${base.name}' contains '${name}', which contains it`)
  return { ...base, kind: 'scalar', type: 'any' }
}

function danglingField(reader: Reader, base: Base, name: string, place: Place): Field {
  note(reader, 'dangling-ref', place.pointer, `'${base.name}' refers to '${name}'`)
  return name.includes('-')
    ? { ...base, kind: 'scalar', type: 'any' }
    : { ...base, kind: 'reference', targets: [] }
}

function outsideField(reader: Reader, base: Base, name: string, place: Place): Field {
  if (name === '') {
    note(reader, 'empty-ref', place.pointer, `'${base.name}' refers to no record type`)
    return { ...base, kind: 'reference', targets: [] }
  }
  if (!reader.outsideIsUsual) note(reader, 'outside-ref', place.pointer, `'${base.name}' refers to '${name}'`)
  const list = /^([^-]+)collection$/i.exec(name)
  if (list !== null) return { ...base, kind: 'multiSelect', targets: [spelling(reader, list[1]!)] }
  return { ...base, kind: 'reference', targets: [spelling(reader, name)] }
}

function spelling(reader: Reader, recordName: string): string {
  return reader.recordNames.get(recordName.toLowerCase()) ?? recordName
}

interface ListPlace {
  /** Name of the page's schema; undefined for a page written in place. */
  readonly name: string | undefined
  readonly pointer: string
  readonly depth: number
  readonly refPointer: string
}

/** A page of references is a multi-select, a page of lines a sublist; the name should say the same. [OAS-042, OAS-063] */
function listField(reader: Reader, base: Base, page: ListPage, place: ListPlace): Field {
  if (place.name !== undefined) {
    if (place.name.includes('-') !== (page.kind === 'lines')) {
      note(reader, 'list-name', place.refPointer, `'${place.name}' is a page of ${page.kind}`)
    } else if (!/collection$/i.test(place.name)) {
      note(reader, 'page-name', place.pointer, `'${place.name}' is a list page by its shape`)
    }
  }
  if (page.kind === 'references') {
    return { ...base, kind: 'multiSelect', targets: page.targets.map((target) => spelling(reader, target)) }
  }
  if (page.schemaName !== undefined) {
    reader.used.add(page.schemaName)
    const line = namedShape(reader, page.schemaName, place.depth)
    if (line !== undefined) return { ...base, kind: 'sublist', line }
    return cycleField(reader, base, page.schemaName, {
      pointer: place.refPointer,
      depth: 0,
      customRecord: false,
    })
  }
  const pointer = at(at(at(place.pointer, 'properties'), 'items'), 'items')
  return { ...base, kind: 'sublist', line: shapeOf(reader, page.schema, pointer, place.depth) }
}

/** A reference to any of several types; `nsResource` among them matches all and says nothing. [OAS-059] */
function oneOfField(reader: Reader, base: Base, members: readonly unknown[], place: Place): Field {
  const targets = new Set<string>()
  let lists = 0
  members.forEach((member, index) => {
    const ref = isObject(member) ? own(member, '$ref') : undefined
    const here = { ...place, pointer: at(place.pointer, String(index)) }
    const field = typeof ref === 'string' ? refField(reader, base, ref, here) : undefined
    if (field?.kind !== 'reference' && field?.kind !== 'multiSelect') {
      note(reader, 'mixed-one-of', here.pointer, `a member of '${base.name}' is no reference`)
      return
    }
    if (field.kind === 'multiSelect') lists++
    for (const target of field.targets) targets.add(target)
  })
  return { ...base, kind: lists > 0 ? 'multiSelect' : 'reference', targets: [...targets] }
}

/** An object written in place: enumeration, reference, list page or subrecord. [OAS-055, OAS-087] */
function objectField(reader: Reader, base: Base, schema: JsonObject, place: Place): Field {
  const properties = own(schema, 'properties')
  const names = isObject(properties) ? Object.keys(properties) : []
  if (!isObject(properties) || names.length === 0) {
    note(reader, 'empty-object', place.pointer, `'${base.name}' is an object without properties`)
    return { ...base, kind: 'scalar', type: 'any' }
  }
  const page = listPageOf(reader, schema)
  if (page !== undefined) {
    return listField(reader, base, page, { name: undefined, ...place, refPointer: place.pointer })
  }
  const id = own(properties, 'id')
  if (isObject(id) && names.every((name) => /^(id|refName|externalId|links)$/i.test(name))) {
    const idPointer = at(at(place.pointer, 'properties'), 'id')
    if (own(id, 'enum') !== undefined) return enumField(reader, base, own(id, 'enum'), idPointer)
    if (names.some((name) => /^(externalId|links)$/i.test(name)))
      return { ...base, kind: 'reference', targets: [] }
    return enumField(reader, base, [], idPointer)
  }
  return { ...base, kind: 'subrecord', body: shapeOf(reader, schema, place.pointer, place.depth) }
}

function arrayField(reader: Reader, base: Base, schema: JsonObject, place: Place): Field | undefined {
  const items = own(schema, 'items')
  const any: Field = { ...base, kind: 'scalar', type: 'any' }
  if (items === undefined) {
    // A `links` array that names no member type (it points outside in JSON schemas) is still no data.
    if (base.name === 'links') return undefined
    note(reader, 'array-without-items', place.pointer, `'${base.name}' is an array of anything`)
    return any
  }
  const ref = isObject(items) ? own(items, '$ref') : undefined
  const parsed = typeof ref === 'string' ? parseRef(ref) : undefined
  const shared = parsed === undefined || parsed.kind === 'foreign' ? undefined : sharedSchema(parsed.name)
  if (shared === 'link' || base.name === 'links') return undefined
  note(reader, 'odd-array', place.pointer, `'${base.name}' is a plain array`)
  return any
}

const FORMATS: Readonly<Record<string, Readonly<Record<string, ScalarType>>>> = {
  string: { date: 'date', 'date-time': 'date-time' },
  number: { double: 'double', float: 'float', integer: 'integer' },
  integer: { int64: 'integer', int32: 'integer', integer: 'integer' },
  boolean: {},
}
const PLAIN: Readonly<Record<string, ScalarType>> = {
  string: 'string',
  number: 'double',
  integer: 'integer',
  boolean: 'boolean',
}

function scalarField(reader: Reader, base: Base, schema: JsonObject, pointer: string): Field {
  const values = own(schema, 'enum')
  if (values !== undefined) return enumField(reader, base, values, pointer)
  const declared = own(schema, 'type')
  if (declared === undefined) {
    note(reader, 'no-type', pointer, `'${base.name}' has no type`)
    return { ...base, kind: 'scalar', type: 'any' }
  }
  const plain = typeof declared === 'string' && Object.hasOwn(PLAIN, declared) ? PLAIN[declared] : undefined
  if (typeof declared !== 'string' || plain === undefined) {
    note(reader, 'odd-type', pointer, `'${base.name}' has type ${describe(declared)}`)
    return { ...base, kind: 'scalar', type: 'any' }
  }
  const format = own(schema, 'format')
  if (format === undefined) return { ...base, kind: 'scalar', type: plain }
  const formats = FORMATS[declared]!
  const type = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined
  if (type === undefined) note(reader, 'odd-format', pointer, `'${base.name}' has format ${describe(format)}`)
  return { ...base, kind: 'scalar', type: type ?? plain }
}

function enumField(reader: Reader, base: Base, list: unknown, pointer: string): Field {
  const values = Array.isArray(list) ? list : []
  if (values.length === 0) note(reader, 'empty-enum', pointer, `'${base.name}' lists no values`)
  if (values.some((value) => typeof value !== 'string')) {
    note(reader, 'numeric-enum', pointer, `'${base.name}' lists values that are not strings`)
  }
  const plain = values.filter((value) => ['string', 'number', 'boolean'].includes(typeof value)).map(String)
  return { ...base, kind: 'enum', values: internEnum(reader, plain) }
}

/** A value in a message: short, and never a dump. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? 'an object' : String(value)
}

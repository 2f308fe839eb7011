/**
 * Fields of a record body as columns: scalars, enumerations, references and multi-selects, by their REST names in lower
 * case, custom fields by their script ids. Sublists and subrecords are no columns. [SQL-046, SQL-073]
 */

import { targetsOf } from '../../records/write.ts'
import { type Catalogue, type Field, findField, type RecordType, type Shape } from '../../spec/catalogue.ts'
import { type Column, displayOf, hierarchyOf, quoted } from './table.ts'

/** `body` gives the SQL of the JSON body that the field is in. */
export function fieldColumn(
  catalogue: Catalogue,
  field: Field,
  body: (alias: string) => string,
): Column | undefined {
  const path = `$."${field.name.replaceAll('"', '')}"`
  const at = (alias: string): string => `${body(alias)} ->> ${quoted(path)}`
  switch (field.kind) {
    case 'scalar':
      return scalarColumn(field.type, at)
    case 'enum':
      return { type: 'text', sql: (alias) => `nullif(${at(alias)}, '')` }
    case 'reference': {
      const { groups } = targetsOf(catalogue, field.targets)
      const id = (alias: string): string => `ql_id(${body(alias)} ->> ${quoted(`${path}.id`)})`
      const name = (alias: string): string => `${body(alias)} ->> ${quoted(`${path}.refName`)}`
      const display = (alias: string): string => `coalesce(${displayOf(groups, id(alias))}, ${name(alias)})`
      return { type: groups.length > 0 ? 'number' : 'text', sql: id, display, ...hierarchyOf(groups, id) }
    }
    case 'multiSelect': {
      const { groups } = targetsOf(catalogue, field.targets)
      const joined = (value: string) => (alias: string) =>
        `(SELECT nullif(group_concat(${value}, ', '), '') FROM json_each(${body(alias)}, ${quoted(path)}) AS m)`
      const name = `coalesce(${displayOf(groups, "ql_id(m.value ->> 'id')")}, m.value ->> 'refName')`
      return { type: 'text', sql: joined("m.value ->> 'id'"), display: joined(name), isMultiSelect: true }
    }
    default:
      return undefined
  }
}

function scalarColumn(type: string, at: (alias: string) => string): Column {
  switch (type) {
    case 'boolean':
      return {
        type: 'text',
        sql: (alias) => `CASE ${at(alias)} WHEN 1 THEN 'T' WHEN 0 THEN 'F' ELSE ${at(alias)} END`,
      }
    case 'integer':
    case 'double':
    case 'float':
      return { type: 'number', sql: at }
    case 'date':
      return { type: 'date', sql: (alias) => `${at(alias)} || ' 00:00:00'` }
    case 'date-time':
      return { type: 'date', sql: (alias) => `ql_local(${at(alias)})` }
    default:
      return { type: 'text', sql: (alias) => `nullif(CAST(${at(alias)} AS TEXT), '')` }
  }
}

/** One column per field name of all the types; the first type that has it decides what it is. */
export function bodyColumns(
  catalogue: Catalogue,
  types: readonly RecordType[],
  body: (alias: string) => string,
  without: ReadonlySet<string> = new Set(),
): Map<string, Column> {
  return shapeColumns(
    catalogue,
    types.map((type) => type.body),
    body,
    without,
  )
}

export function shapeColumns(
  catalogue: Catalogue,
  shapes: readonly Shape[],
  body: (alias: string) => string,
  without: ReadonlySet<string> = new Set(),
): Map<string, Column> {
  const columns = new Map<string, Column>()
  for (const shape of shapes) {
    const owner = ownerOf(shape, body)
    for (const field of shape.fields) {
      const name = field.name.toLowerCase()
      if (columns.has(name) || without.has(name)) continue
      const column = fieldColumn(catalogue, findField(shape, field.name)!, body)
      if (column !== undefined) columns.set(name, isAmount(field) ? { ...column, ...owner } : column)
    }
  }
  return columns
}

const isAmount = (field: Field): boolean => field.kind === 'scalar' && /^(?:double|float)$/.test(field.type)

/** What amounts of a record are in, and whose they are, by its own fields. */
function ownerOf(shape: Shape, body: (alias: string) => string): Pick<Column, 'currency' | 'subsidiary'> {
  const id = (name: string) => {
    const field = findField(shape, name)
    return field?.kind === 'reference'
      ? (alias: string) => `ql_id(${body(alias)} ->> ${quoted(`$.${field.name}.id`)})`
      : undefined
  }
  const [currency, subsidiary] = [id('currency'), id('subsidiary')]
  return { ...(currency && { currency }), ...(subsidiary && { subsidiary }) }
}

/**
 * The files of facts that the bundled catalogue is made of, as they lie in the folder given to the generator, and
 * the few forms they use. Nothing of them is copied as text: names, types and enumeration values only.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A property of a 2026.1 schema. Exactly one of the keys is there, `family` beside `ref`. */
export interface CoreProperty {
  readonly type?: string
  readonly format?: string
  readonly ref?: string
  /** The page shows one member of this polymorphic reference only. [OAS-060] */
  readonly family?: 'entity' | 'item'
  /** Values, `@name` of a shared list, or null: no values listed. */
  readonly enumObject?: readonly string[] | string | null
  readonly sublist?: string
  readonly subrecord?: string
  readonly multiselect?: string
  readonly linksArray?: true
  readonly untypedArray?: true
}
export type CoreSchema = Readonly<Record<string, CoreProperty>>

export interface CoreFacts {
  readonly enums: Readonly<Record<string, readonly string[] | { readonly partial: true }>>
  readonly transforms: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  /** Record → schema name → properties. A schema with `$notCopied` is only counted. */
  readonly records: Readonly<Record<string, Readonly<Record<string, CoreSchema>>>>
}

/** A body field of release 2020.2. */
export interface OldProperty {
  readonly type?: 'string' | 'bool' | 'float' | 'int'
  /** The first ten values of an enumeration; exactly ten means that more may follow. */
  readonly enumFirst10?: readonly string[]
  readonly ref?: string
  readonly oneOf?: readonly string[]
  readonly readOnly?: boolean
}
export type OldRecords = Readonly<Record<string, Readonly<Record<string, OldProperty>>>>

export interface Facts {
  readonly core: CoreFacts
  readonly old: OldRecords
  readonly typeNames: readonly string[]
  /** Operations per type where they are not nine. [OAS-023] */
  readonly operations: Readonly<Record<string, number>>
}

/** Reads the three files. Throws as `readFileSync` and `JSON.parse` do: run by hand. */
export function readFacts(folder: string): Facts {
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const types = json('record-types-2026.1.json')
  return {
    core: json('core-fields.json'),
    old: json('body-fields-2020.2.json').records,
    typeNames: types.recordTypes,
    operations: types.operationsExceptions,
  }
}

/**
 * The state of reading one document: its schemas, the record types it speaks of, what was noted, and the guards
 * that keep a hostile or cyclic document from harm (names JavaScript reserves, depth, a schema inside itself).
 */
import type { Shape } from './catalogue.ts'
import type { Oddity, OddityCode } from './oddity.ts'

/** Deeper than any NetSuite schema (record → line → subrecord → line → field is 5), far below the call stack. */
export const DEPTH_MAX = 24

export type JsonObject = Readonly<Record<string, unknown>>

export interface Reader {
  /** Where the named schemas are, as a JSON pointer; '' when there are none. */
  readonly schemasPointer: string
  readonly schemas: ReadonlyMap<string, unknown>
  /** Lower-case record name → spelling of the document. */
  readonly recordNames: ReadonlyMap<string, string>
  /** References that leave the document are the normal form here (JSON schema answers), no oddity. [OAS-061, OAS-087] */
  readonly outsideIsUsual: boolean
  readonly oddities: Oddity[]
  /** Finished shapes by schema name: each is read once, so that a document is read in linear time. */
  readonly shapes: Map<string, Shape>
  /** Schemas being read, outermost first: what meets itself here is a cycle. [OAS-058] */
  readonly open: Set<string>
  /** Schemas that some record type uses. */
  readonly used: Set<string>
  /** Interned enumerations, since a country list comes back on every address. [OAS-056] */
  readonly enums: Map<string, readonly string[]>
}

/** A reader over named schemas. `recordNames` as spelled in the paths, in their order. */
export function createReader(
  options: Pick<Reader, 'schemasPointer' | 'schemas' | 'outsideIsUsual'> & {
    readonly recordNames: readonly string[]
    readonly oddities: Oddity[]
  },
): Reader {
  return {
    ...options,
    recordNames: new Map(options.recordNames.map((name) => [name.toLowerCase(), name])),
    shapes: new Map(),
    open: new Set(),
    used: new Set(),
    enums: new Map(),
  }
}

/** Notes an oddity. */
export function note(reader: Reader, code: OddityCode, pointer: string, message: string): void {
  reader.oddities.push({ code, pointer, message })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own property, so that no name of `Object.prototype` is ever met. */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** True for names that every JavaScript object has (`__proto__`, `constructor`): tables keyed by them would break. */
export function isUnsafeName(name: string): boolean {
  return name in Object.prototype
}

/** The one copy of an equal list. */
export function internEnum(reader: Reader, values: readonly string[]): readonly string[] {
  const key = JSON.stringify(values)
  const known = reader.enums.get(key)
  if (known !== undefined) return known
  reader.enums.set(key, values)
  return values
}

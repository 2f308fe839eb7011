/**
 * From what is stored to JSON on the wire. Written as text, because NetSuite's numbers keep a decimal point that
 * `JSON.stringify` would drop. Keys come stored in order; `links` goes first. [REC-020..037, OPQ-023..029]
 */
import type { Settings } from '../profile.ts'
import {
  type EnumField,
  type Field,
  findField,
  type MultiSelectField,
  type Shape,
  type SublistField,
} from '../spec/catalogue.ts'
import { countryName } from './addresses.ts'
import type { RecordBody, StoredRecord } from './store.ts'
import { lineKeyText } from './sublists.ts'
import type { StoredReference } from './values.ts'

export interface ReferenceTarget {
  readonly type: string
  readonly display: string
  /** The reader may not see it: it is not linked. */
  readonly isHidden?: boolean
}

export interface RenderContext {
  readonly settings: Settings
  /** `https://host/services/rest/record/v1` */
  readonly base: string
  readonly expand: boolean
  /** Sublists and subrecords of the body (lower case) that are expanded though `expand` is off. [REC-029] */
  readonly expandNamed?: ReadonlySet<string>
  /** A record that is not saved: its parts have no address, so their `links` are empty. [REC-185] */
  readonly unsaved?: boolean
  readonly simpleEnums: boolean
  /** Body fields to show, lower case; undefined: all. [REC-028] */
  readonly only: ReadonlySet<string> | undefined
  /** Key columns of a sublist, for the `self` of its lines. [REC-027, REC-037] */
  lineKeyOf(sublist: string): readonly string[] | undefined
  /** Letter → label of a transaction's status. */
  readonly statuses: Readonly<Record<string, string>> | undefined
  /** The body with the columns that are worked out only when it is shown. */
  live(record: StoredRecord): RecordBody
  /** Type and name of a reference's target; undefined: not exposed. [OPQ-025] */
  target(targets: readonly string[], id: string): ReferenceTarget | undefined
}

/** A whole record. `selfHref` repeats the request as it was sent. [REC-022] */
export function renderRecord(
  shape: Shape,
  record: StoredRecord,
  selfHref: string,
  context: RenderContext,
): string {
  const links = selfLinks(selfHref, context)
  return renderObject(
    shape,
    context.live(record),
    links,
    recordAddress(record, context),
    context,
    context.only,
  )
}

/** Where a record and its parts are found. [OPQ-083] */
export function recordAddress(
  { type, id }: Pick<StoredRecord, 'type' | 'id'>,
  { base }: Pick<RenderContext, 'base'>,
): string {
  return `${base}/${type.toLowerCase()}/${id}`
}

/** A record, a line or a subrecord; `links` as JSON text. */
export function renderObject(
  shape: Shape,
  body: RecordBody,
  links: string,
  address: string,
  context: RenderContext,
  only?: ReadonlySet<string>,
): string {
  let text = `{"links":${links}`
  for (const name in body) {
    if (only !== undefined && !only.has(name.toLowerCase())) continue
    const field = findField(shape, name)
    if (field === undefined) continue
    text += `,${JSON.stringify(name)}:${renderValue(field, body[name], `${address}/${name}`, context)}`
  }
  return `${text}}`
}

export function selfLinks(href: string, { settings }: RenderContext): string {
  return `[{"rel":"self","href":${JSON.stringify(href)}${settings.linkMethod ? ',"method":"GET"' : ''}}]`
}

/** The links of a sublist, a line or a subrecord inside its record. */
function partLinks(address: string, context: RenderContext): string {
  return context.unsaved === true ? '[]' : selfLinks(address, context)
}

/** The context to show the inside of a part in, or undefined where it stays folded. */
function unfolded(name: string, context: RenderContext): RenderContext | undefined {
  if (context.expand) return context
  return context.expandNamed?.has(name.toLowerCase()) === true ? { ...context, expand: true } : undefined
}

function renderValue(field: Field, value: unknown, address: string, context: RenderContext): string {
  switch (field.kind) {
    case 'scalar':
      return typeof value === 'number' && (field.type === 'double' || field.type === 'float')
        ? decimalText(value)
        : JSON.stringify(value)
    case 'enum':
      return renderEnum(field, value as string, context)
    case 'reference':
      return renderReference(field.targets, value as StoredReference, context)
    case 'multiSelect':
      return renderMultiSelect(field, value as StoredReference[], partLinks(address, context), context)
    case 'subrecord': {
      const links = partLinks(address, context)
      const inside = unfolded(field.name, context)
      if (inside === undefined) return `{"links":${links}}`
      return renderObject(field.body, value as RecordBody, links, address, inside)
    }
    case 'sublist': {
      const links = partLinks(address, context)
      const inside = unfolded(field.name, context)
      if (inside === undefined) return `{"links":${links}}`
      return renderSublist(field, value as RecordBody[], links, address, inside)
    }
  }
}

/** [REC-031] */
export function renderMultiSelect(
  { targets }: Pick<MultiSelectField, 'targets'>,
  references: readonly StoredReference[],
  links: string,
  context: RenderContext,
): string {
  const items = references.map((reference) => renderReference(targets, reference, context))
  return `{"links":${links},"items":[${items.join(',')}],"totalResults":${items.length}}`
}

/** `links, items, totalResults`; lines are links unless expanded. [REC-025, REC-026, REC-163, OPQ-082] */
export function renderSublist(
  { name, line }: SublistField,
  lines: readonly RecordBody[],
  links: string,
  address: string,
  context: RenderContext,
): string {
  const key = context.lineKeyOf(name)
  const items = lines.map((body, index) => {
    const at = `${address}/${lineSegment(key, body, index)}`
    // Lines of a journal have no address. [OPQ-027]
    const self = name === 'line' ? '[]' : partLinks(at, context)
    return context.expand ? renderObject(line, body, self, at, context) : `{"links":${self}}`
  })
  return `{"links":${links},"items":[${items.join(',')}],"totalResults":${items.length}}`
}

/** What names a line in its address: its key, or its place in a sublist without one. [REC-027] */
export function lineSegment(key: readonly string[] | undefined, line: RecordBody, index: number): string {
  return (key === undefined ? undefined : lineKeyText(key, line)) ?? String(index + 1)
}

/** `{links: [], id, refName}`, or the bare id. [REC-030, OPQ-024] */
function renderEnum(field: EnumField, value: string, context: RenderContext): string {
  const { id, refName } = enumShown(field, value, context)
  if (context.simpleEnums) return JSON.stringify(id)
  return `{"links":[],"id":${JSON.stringify(id)},"refName":${JSON.stringify(refName)}}`
}

/** Shown by their English names, as real answers do. [OPQ-024] */
const COUNTRY = /country$/i
/** Letters of the transaction's status. [OPQ-040] */
const STATUS: ReadonlySet<string> = new Set(['status', 'orderStatus', 'shipStatus'])

/** What answers show of a value. A status shows its label as id. [OPQ-040] */
export function enumShown(
  { name }: EnumField,
  id: string,
  { statuses, settings }: Pick<RenderContext, 'statuses' | 'settings'>,
): { id: string; refName: string } {
  if (COUNTRY.test(name)) return { id, refName: countryName(id) }
  const refName = (STATUS.has(name) ? statuses?.[id] : undefined) ?? id
  return { id: name === 'status' && settings.statusId === 'label' ? refName : id, refName }
}

/** [REC-023, OPQ-025, OPQ-083] */
function renderReference(
  targets: readonly string[],
  { id, refName }: StoredReference,
  context: RenderContext,
): string {
  const target = context.target(targets, id)
  const name = target?.display ?? refName ?? id
  const links =
    target === undefined || target.isHidden === true
      ? '[]'
      : selfLinks(`${context.base}/${target.type.toLowerCase()}/${id}`, context)
  return `{"links":${links},"id":${JSON.stringify(id)},"refName":${JSON.stringify(name)}}`
}

/** At least one decimal: `70.0`. [OPQ-029] */
export function decimalText(value: number): string {
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** One record for the control API: everything expanded, enums simple, references with their names, no links. */
export function exportBody(
  shape: Shape,
  body: RecordBody,
  context: Pick<RenderContext, 'target'>,
): RecordBody {
  const out: RecordBody = {}
  for (const [name, value] of Object.entries(body)) {
    const field = findField(shape, name)
    if (field !== undefined) out[name] = exportValue(field, value, context)
  }
  return out
}

function exportValue(field: Field, value: unknown, context: Pick<RenderContext, 'target'>): unknown {
  const named = (reference: StoredReference, targets: readonly string[]) => {
    const refName = context.target(targets, reference.id)?.display ?? reference.refName
    return refName === undefined ? { id: reference.id } : { id: reference.id, refName }
  }
  switch (field.kind) {
    case 'scalar':
    case 'enum':
      return value
    case 'reference':
      return named(value as StoredReference, field.targets)
    case 'multiSelect':
      return (value as StoredReference[]).map((item) => named(item, field.targets))
    case 'subrecord':
      return exportBody(field.body, value as RecordBody, context)
    case 'sublist':
      return { items: (value as RecordBody[]).map((line) => exportBody(field.line, line, context)) }
  }
}

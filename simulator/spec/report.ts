/**
 * Says in words what a document holds and what is odd about it: for `seatrial spec check`, so that a user sees what
 * the simulated account will have before it is started.
 */
import type { Field, RecordType, Shape } from './catalogue.ts'
import type { LoadedDocument } from './load.ts'
import { ODDITIES, type OddityCode } from './oddity.ts'

/** One record type in figures. */
export interface TypeSummary {
  readonly name: string
  readonly custom?: 'record' | 'list'
  /** Body fields, all kinds. */
  readonly fieldCount: number
  /** Body fields by kind; kinds that do not occur are left out. */
  readonly fieldsByKind: Readonly<Partial<Record<Field['kind'], number>>>
  readonly customFields: readonly string[]
  /** Sublists with their columns and, where declared, the key of a line. */
  readonly sublists: readonly { readonly name: string; readonly columnCount: number; readonly key?: string }[]
  readonly subrecords: readonly string[]
  readonly transforms: readonly string[]
  readonly methods: RecordType['methods']
  /** Names usable in `q`; undefined when the document does not say. */
  readonly filterableCount?: number
}

/** Kind → words for one and for several. */
const KIND_WORDS: Readonly<Record<Field['kind'], readonly [string, string]>> = {
  scalar: ['plain', 'plain'],
  enum: ['enumeration', 'enumerations'],
  reference: ['reference', 'references'],
  multiSelect: ['multi-select', 'multi-selects'],
  sublist: ['sublist', 'sublists'],
  subrecord: ['subrecord', 'subrecords'],
}

/** The figures of one record type. */
export function summarizeType(type: RecordType): TypeSummary {
  const fieldsByKind: Partial<Record<Field['kind'], number>> = {}
  for (const kind of Object.keys(KIND_WORDS) as Field['kind'][]) {
    const count = type.body.fields.filter((field) => field.kind === kind).length
    if (count > 0) fieldsByKind[kind] = count
  }
  return {
    name: type.name,
    ...(type.custom && { custom: type.custom }),
    fieldCount: type.body.fields.length,
    fieldsByKind,
    customFields: customFields(type.body, ''),
    sublists: type.body.fields.flatMap((field) => (field.kind === 'sublist' ? [sublist(field)] : [])),
    subrecords: type.body.fields.filter(({ kind }) => kind === 'subrecord').map(({ name }) => name),
    transforms: type.transforms,
    methods: type.methods,
    ...(type.body.filterable && { filterableCount: type.body.filterable.length }),
  }
}

function sublist({ name, line }: Extract<Field, { kind: 'sublist' }>): TypeSummary['sublists'][number] {
  const key = line.lineKey?.present ? line.lineKey.existing.join(', ') : undefined
  return { name, columnCount: line.fields.length, ...(key !== undefined && { key }) }
}

/** Custom fields of the body, and custom columns as `item.custcol_x`. */
function customFields(shape: Shape, prefix: string): string[] {
  return shape.fields.flatMap((field) => [
    ...(field.custom ? [`${prefix}${field.name}`] : []),
    ...(field.kind === 'sublist' ? customFields(field.line, `${prefix}${field.name}.`) : []),
    ...(field.kind === 'subrecord' ? customFields(field.body, `${prefix}${field.name}.`) : []),
  ])
}

/** The whole report as plain text: types first, then every oddity with its place. Ends in a line break. */
export function describeDocument(loaded: LoadedDocument): string {
  const { info, types, oddities } = loaded
  const form = info.form === 'openapi' ? `OpenAPI ${info.openapi ?? '(no version)'}` : 'JSON schema'
  const head = `${plain(info.file)}: ${form}, ${count(types.length, 'record type')}, ${count(oddities.length, 'oddity', 'oddities')}`
  const body = [head, '', ...types.flatMap((type) => [...describeType(summarizeType(type)), ''])]
  return `${[...body, ...describeOddities(loaded)].join('\n')}\n`
}

function describeType(type: TypeSummary): string[] {
  const kinds = Object.entries(type.fieldsByKind).map(([kind, n]) =>
    count(n, ...KIND_WORDS[kind as Field['kind']]),
  )
  const lines = type.sublists.map(
    ({ name, columnCount, key }) =>
      `${name} (${count(columnCount, 'column')}${key === undefined ? '' : `, key ${key}`})`,
  )
  const methods = [
    type.methods.collection.length > 0 ? `list ${type.methods.collection.join(' ')}` : '',
    type.methods.instance.length > 0 ? `record ${type.methods.instance.join(' ')}` : '',
  ]
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['methods', methods.filter(Boolean)],
    ['custom fields', type.customFields],
    ['sublists', lines],
    ['subrecords', type.subrecords],
    ['transforms to', type.transforms],
  ]
  const filterable = type.filterableCount === undefined ? '' : `; ${type.filterableCount} usable in q`
  const custom = type.custom === undefined ? '' : ` (custom ${type.custom})`
  return [
    `${plain(type.name)}${custom}: ${count(type.fieldCount, 'field')}: ${kinds.join(', ') || 'none'}${filterable}`,
    ...rows
      .filter(([, items]) => items.length > 0)
      .map(([label, items]) => `  ${label}: ${items.map(plain).join(', ')}`),
  ]
}

/** Grouped by code, most frequent first; every single one is listed. */
function describeOddities({ oddities }: LoadedDocument): string[] {
  if (oddities.length === 0) return ['No oddities: every part of the document is understood.']
  const groups = new Map<OddityCode, string[]>()
  for (const { code, pointer, message } of oddities) {
    const rows = groups.get(code) ?? []
    rows.push(`    ${plain(pointer === '' ? '(whole document)' : pointer)}: ${plain(message)}`)
    groups.set(code, rows)
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length)
  return [
    'Oddities (tolerated; nothing here stops the simulation):',
    ...sorted.flatMap(([code, rows]) => [`  ${rows.length} × ${code}: ${ODDITIES[code]}`, ...rows]),
  ]
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** Text of a document made safe for a terminal: no control characters, so no escape sequences. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
}

/**
 * The values that a select field may take: records of its target types, or the values of an enumeration, by page and
 * filtered by name. Inactive records and those of other subsidiaries are not offered (K). [REC-190, REC-191]
 */
import type { SQLInputValue } from 'node:sqlite'
import { findField, type RecordType } from '../spec/catalogue.ts'
import { foldCase, type RecordStore } from './store.ts'
import type { StoredReference } from './values.ts'

export interface SelectOption {
  readonly id: number | string
  readonly refName: string
}

/** A condition on `refName`. [REC-191, REC-511] */
export interface NameFilter {
  readonly operator: 'CONTAIN' | 'IS' | 'START_WITH'
  readonly value: string
}

export interface OptionsPage {
  readonly filters: readonly NameFilter[]
  readonly limit: number
  readonly offset: number
}

export interface Options {
  readonly items: readonly SelectOption[]
  readonly totalResults: number
}

/** Records of several types, by id. `subsidiary`: that of the record the field is on. */
export function recordOptions(
  { db }: RecordStore,
  types: readonly RecordType[],
  subsidiary: string | undefined,
  { filters, limit, offset }: OptionsPage,
): Options {
  if (types.length === 0) return { items: [], totalResults: 0 }
  const params: SQLInputValue[] = []
  const typed = types.map((type) => offered(type, subsidiary, params)).join(' OR ')
  const named = filters.map(({ operator, value }) => {
    const text = foldCase(value)
    params.push(...(operator === 'START_WITH' ? [text, text] : [text]))
    return NAME_CONDITIONS[operator]
  })
  const from = `FROM record WHERE ${[`(${typed})`, ...named].join(' AND ')}`
  const { n } = db.prepare(`SELECT count(*) AS n ${from}`).get(...params) as { n: number }
  const rows = db
    .prepare(`SELECT id, display ${from} ORDER BY id, type LIMIT ? OFFSET ?`)
    .all(...params, limit, offset) as unknown as { id: number; display: string }[]
  return { items: rows.map(({ id, display }) => ({ id, refName: display })), totalResults: n }
}

const NAME_CONDITIONS: Readonly<Record<NameFilter['operator'], string>> = {
  CONTAIN: 'instr(fold_case(display), ?) > 0',
  IS: 'fold_case(display) = ?',
  START_WITH: 'substr(fold_case(display), 1, length(?)) = ?',
}

/** Records of one type that a user could choose, as SQL; its values go to `params`. */
function offered(type: RecordType, subsidiary: string | undefined, params: SQLInputValue[]): string {
  let text = 'type = ?'
  params.push(type.name)
  const inactive = findField(type.body, 'isInactive')
  if (inactive !== undefined) {
    text += ' AND json_extract(body, ?) IS NOT 1'
    params.push(`$.${inactive.name}`)
  }
  const field = findField(type.body, 'subsidiary')
  if (subsidiary === undefined || field === undefined) return `(${text})`
  const path = `$.${field.name}`
  if (field.kind === 'reference') {
    text += ' AND coalesce(json_extract(body, ?), ?) = ?'
    params.push(`${path}.id`, subsidiary, subsidiary)
  } else if (field.kind === 'multiSelect') {
    text += ` AND (json_extract(body, ?) IS NULL
      OR EXISTS (SELECT 1 FROM json_each(record.body, ?) AS member WHERE json_extract(member.value, '$.id') = ?))`
    params.push(path, path, subsidiary)
  }
  return `(${text})`
}

/** A page of what is known already. */
export function pageOf(options: readonly SelectOption[], { filters, limit, offset }: OptionsPage): Options {
  const kept = options.filter(({ refName }) => filters.every((filter) => passes(foldCase(refName), filter)))
  return { items: kept.slice(offset, offset + limit), totalResults: kept.length }
}

function passes(name: string, { operator, value }: NameFilter): boolean {
  const text = foldCase(value)
  if (operator === 'CONTAIN') return name.includes(text)
  return operator === 'IS' ? name === text : name.startsWith(text)
}

/** The subsidiary that a body names. */
export function subsidiaryOf(body: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = body?.subsidiary as StoredReference | undefined
  return typeof value?.id === 'string' ? value.id : undefined
}

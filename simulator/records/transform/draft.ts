/**
 * How a request's body meets what a transform brings: lines are named by `orderLine`, what is not named keeps its default,
 * what is refused or zero is left out. The same for a plain create that names `createdFrom`. [REC-174, OPQ-064]
 */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import { findField, type RecordType } from '../../spec/catalogue.ts'
import { rulesFor } from '../../spec/rules.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import type { FieldValues, StoredReference } from '../values.ts'
import { committedOf } from './open-lines.ts'
import { pairOf } from './pairs.ts'
import type { Prefill, Source } from './prefill.ts'
import { linesOf, ORDER_SUBLISTS, quantityOf } from './progress.ts'

/** The source that the values of a plain create name, if records like this are made from it. */
export function sourceNamed(account: Account, type: RecordType, values: FieldValues): Source | undefined {
  const id = (values.createdFrom as StoredReference | null | undefined)?.id
  const record = id === undefined ? undefined : account.store.get('transaction', Number(id))
  const sourceType = record === undefined ? undefined : account.catalogue.find(record.type)
  if (record === undefined || sourceType === undefined || pairOf(sourceType, type) === undefined)
    return undefined
  return { type: sourceType, record }
}

/** Makes the lines of a request name lines of the source, and takes those that are named. Changes `values`. */
export function nameLines(
  account: Account,
  type: RecordType,
  draft: Prefill,
  values: FieldValues,
  byItem: boolean,
): void {
  refuseFixed(draft, values)
  const { settings } = account.profile
  const isShipment = findField(type.body, 'shipStatus') !== undefined
  for (const sublist of ORDER_SUBLISTS) {
    const key = draft.lineKeys[sublist]
    if (key === undefined) continue
    const known = linesOf(draft.body, sublist)
    const sources = linesOf(draft.source.record.body, sublist)
    const named = new Set<unknown>()
    for (const [index, line] of linesOf(values, sublist).entries()) {
      const at = line[key] ?? (byItem ? sameItem(known, line, named)?.[key] : undefined)
      if (at === undefined || at === null) continue
      const found = keyedLine(known, key, at) ?? keyedLine(known, key, ofUniqueKey(sources, at))
      if (found === undefined) throw unknownLine(key, at, `${sublist}.items[${index}]`)
      line[key] = found[key]
      named.add(found[key])
      if (line.itemReceive === undefined && !(isShipment && settings.fulfilmentLines === 'named'))
        line.itemReceive = true
      if (isShipment)
        refuseUncommitted(account, draft.source.record, keyedLine(sources, 'line', found[key]), line)
    }
  }
}

/** [REC-178, REC-177] */
function refuseFixed({ pair, source }: Prefill, values: FieldValues): void {
  const { refuses, namesSource } = pair
  if (refuses !== undefined && values[refuses] !== undefined) {
    const shown = (values[refuses] as StoredReference | null)?.id ?? ''
    throw userError(`You have entered an Invalid Field Value ${shown} for the following field: ${refuses}.`, {
      path: refuses,
    })
  }
  if (namesSource !== true) return
  const docs = linesOf(values, 'apply').map((line) => (line.doc as StoredReference | undefined)?.id)
  if (!docs.includes(String(source.record.id)))
    throw userError('Please enter value(s) for: Apply list: Apply To.')
}

function keyedLine(lines: readonly RecordBody[], key: string, at: unknown): RecordBody | undefined {
  return at === undefined ? undefined : lines.find((line) => String(line[key]) === String(at))
}

/** `orderLine` may also be the line's unique key. [OPQ-064] */
function ofUniqueKey(sources: readonly RecordBody[], at: unknown): unknown {
  return sources.find(
    ({ lineUniqueKey }) => lineUniqueKey !== undefined && String(lineUniqueKey) === String(at),
  )?.line
}

/** A line without a name stands for the first line of its item that is still free. */
function sameItem(
  known: readonly RecordBody[],
  { item }: RecordBody,
  named: ReadonlySet<unknown>,
): RecordBody | undefined {
  const id = (item as StoredReference | null | undefined)?.id
  if (id === undefined) return undefined
  return known.find(
    (line) => (line.item as StoredReference | undefined)?.id === id && !named.has(line.orderLine),
  )
}

function unknownLine(key: string, at: unknown, path: string) {
  return userError(`You have entered an Invalid Field Value ${at} for the following field: ${key}.`, { path })
}

/** Text not in the facts. */
function refuseUncommitted(
  account: Account,
  order: StoredRecord,
  source: RecordBody | undefined,
  line: RecordBody,
): void {
  if (source === undefined || quantityOf(line.quantity) <= committedOf(account, order, source)) return
  throw userError('The quantity to fulfill exceeds the quantity committed.')
}

/** Drops the lines that are left out, and what only steered it; an order's child without lines is refused. [OPQ-019] */
export function leaveOut(type: RecordType, draft: Prefill, body: RecordBody): void {
  let isEmpty = true
  for (const sublist of ORDER_SUBLISTS) {
    const field = findField(type.body, sublist)
    if (field?.kind !== 'sublist') continue
    const kept = linesOf(body, field.name).filter(isKept)
    if (kept.length === 0) {
      delete body[field.name]
      continue
    }
    isEmpty = false
    const hasSwitch = findField(field.line, 'itemReceive') !== undefined
    const key = rulesFor(type).lineKeys[sublist]
    body[field.name] = kept.map((line) => {
      const { itemReceive, ...rest } = line
      if (key?.[0] === 'line' && draft.lineKeys[sublist] !== 'line') delete rest.line
      return hasSwitch ? { ...rest, itemReceive: itemReceive ?? true } : rest
    })
  }
  if (isEmpty && draft.pair.lines === 'open') throw noLines()
}

export function isKept({ itemReceive, quantity }: RecordBody): boolean {
  return itemReceive !== false && quantity !== 0
}

/** Nothing to fulfil, receive or bill. [OPQ-019] */
export function noLines() {
  return userError('You must enter at least one line item for this transaction.')
}

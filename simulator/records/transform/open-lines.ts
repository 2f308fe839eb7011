/** Which lines of an order a transform takes by itself, and how much of each. [REC-174, REC-175, OPQ-019, OPQ-063] */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import type { StoredReference } from '../values.ts'
import { type Family, stepOf } from './families.ts'
import type { Source } from './prefill.ts'
import { billableOf, familyOf, linesOf, progressOf, quantityOf } from './progress.ts'

export interface OpenLine {
  readonly line: RecordBody
  /** What is left of it; undefined: as much as the line says. */
  readonly quantity: number | undefined
  /** Whether it is taken without being named. */
  readonly isTaken: boolean
  readonly location?: unknown
}

/** Every line that can be named, with its default. Closed lines and lines that need no fulfilment are none of a fulfilment. */
export function openLines(account: Account, source: Source, target: RecordType, sublist: string): OpenLine[] {
  const family = familyOf(source.type)
  const step = family === undefined ? undefined : stepOf(family, target.name.toLowerCase())
  const lines = linesOf(source.record.body, sublist)
  if (family === undefined) return lines.map((line) => ({ line, quantity: undefined, isTaken: true }))
  if (step === 'second') return lines.map((line) => billableLine(account, family, sublist, line))
  return lines
    .filter((line) => line.isClosed !== true && progressOf(account, family, sublist, line).needsFirst)
    .map((line) => fulfillableLine(account, family, source, line))
}

function billableLine(account: Account, family: Family, sublist: string, line: RecordBody): OpenLine {
  const progress = progressOf(account, family, sublist, line)
  const quantity = Math.max(0, billableOf(account, family, progress) - progress.second)
  return { line, quantity, isTaken: quantity > 0 }
}

function fulfillableLine(account: Account, family: Family, source: Source, line: RecordBody): OpenLine {
  const { settings, features } = account.profile
  const left = Math.max(0, leftToFulfil(family, line))
  const isShipped = family.first.column === 'quantityFulfilled'
  const quantity = isShipped ? Math.min(left, committedOf(account, source.record, line)) : left
  const location = placeOf(source, line)
  const hasPlace = !isShipped || !features.multiLocationInventory || location !== undefined
  const isTaken = quantity > 0 && hasPlace && !(isShipped && settings.fulfilmentLines === 'named')
  return { line, quantity, isTaken, location }
}

/** Where a line is fulfilled from. Another subsidiary's goods need the place named by the request. [REC-176] */
function placeOf({ record, location }: Source, line: RecordBody): unknown {
  if (location !== undefined) return location
  const owner = (line.inventorysubsidiary as StoredReference | undefined)?.id
  const own = (record.body.subsidiary as StoredReference | undefined)?.id
  if (owner !== undefined && owner !== own) throw userError('Please enter value(s) for: Inventory Location.')
  return line.location ?? line.inventorylocation ?? record.body.location
}

/** Goods picked for an earlier fulfilment are spoken for, shipped or not. */
export function leftToFulfil({ first }: Family, line: RecordBody): number {
  const done = Math.max(quantityOf(line[first.column]), quantityOf(line.quantityPicked))
  return quantityOf(line.quantity, 1) - done
}

/**
 * How much of an order's line may be fulfilled: what stock is committed to it, less what is picked and not yet shipped.
 * Lines to which no stock is committed at all, as those of services, are not bound by it. [OPQ-063]
 */
export function committedOf({ profile, stock }: Account, order: StoredRecord, line: RecordBody): number {
  const number = Number(line.line)
  if (profile.settings.fulfilUncommitted === 'accept') return Number.POSITIVE_INFINITY
  if (stock.promise(order.id, number) === undefined) return Number.POSITIVE_INFINITY
  const picked = Math.max(0, quantityOf(line.quantityPicked) - quantityOf(line.quantityFulfilled))
  return Math.max(0, stock.committedOf(order.id, number) - picked)
}

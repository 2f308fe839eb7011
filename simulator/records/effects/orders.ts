/**
 * What fulfilments, receipts and bills do to the order they come from: its lines count them, its status follows. The
 * difference between before and after is moved, so deleting or changing one gives back what it took. [REC-348, REC-345]
 */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import { type Family, MOVERS, stepOf } from '../transform/families.ts'
import { notTransformable } from '../transform/prefill.ts'
import {
  billableOf,
  deriveOrder,
  familyOf,
  linesOf,
  ORDER_SUBLISTS,
  progressOf,
  quantityOf,
} from '../transform/progress.ts'
import type { StoredReference } from '../values.ts'
import { rewriteRecord } from '../write.ts'
import type { Change, Effect } from './effect.ts'

/** Column → how much more of it. */
type Moves = Record<string, number>
/** Order → sublist and line → moves. */
type Plan = Map<number, Map<string, Moves>>

export const moveOrders: Effect = {
  concerns: ({ name }) => MOVERS.has(name.toLowerCase()),
  run({ account, type, before, after }) {
    const plan: Plan = new Map()
    if (before !== undefined) count(account, type, before.body, -1, plan)
    if (after !== undefined) count(account, type, after.body, 1, plan)
    for (const [id, lines] of plan) moveOrder(account, type, id, lines)
  },
}

/** Adds what a record took, or gives it back. */
function count(account: Account, type: RecordType, body: RecordBody, sign: 1 | -1, plan: Plan): void {
  const mover = type.name.toLowerCase()
  for (const sublist of ORDER_SUBLISTS) {
    for (const line of linesOf(body, sublist)) {
      const order = linkedId(line.orderDoc) ?? linkedId(body.createdFrom)
      if (order === undefined || line.orderLine === undefined) continue
      const family = familyAt(account, order)
      const step = family === undefined ? undefined : stepOf(family, mover)
      if (family === undefined || step === undefined) continue
      const lines = plan.get(order) ?? new Map<string, Moves>()
      plan.set(order, lines)
      const key = `${sublist}/${line.orderLine}`
      const moves = lines.get(key) ?? {}
      lines.set(key, moves)
      for (const column of columnsOf(family, step, body))
        moves[column] = (moves[column] ?? 0) + sign * quantityOf(line.quantity, 1)
    }
  }
}

function linkedId(value: unknown): number | undefined {
  const id = Number(value !== null && typeof value === 'object' ? (value as StoredReference).id : value)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

function familyAt({ store, catalogue }: Account, id: number): Family | undefined {
  const name = store.peek('transaction', id)?.type
  const type = name === undefined ? undefined : catalogue.find(name)
  return type === undefined ? undefined : familyOf(type)
}

/** Goods are picked, then packed, then shipped; only what is shipped is fulfilled. [REC-360] */
function columnsOf(family: Family, step: 'first' | 'second', { shipStatus }: RecordBody): readonly string[] {
  const { column } = family[step]
  if (step === 'second' || column !== 'quantityFulfilled') return [column]
  if (shipStatus === 'A') return ['quantityPicked']
  return shipStatus === 'B'
    ? ['quantityPicked', 'quantityPacked']
    : ['quantityPicked', 'quantityPacked', column]
}

function moveOrder(account: Account, mover: RecordType, id: number, lines: ReadonlyMap<string, Moves>): void {
  const record = account.store.get('transaction', id)!
  const type = account.catalogue.find(record.type)!
  const family = familyOf(type)!
  const grows = [...lines.values()].some((moves) => Object.values(moves).some((amount) => amount > 0))
  if (grows) refuseUnlessOpen(account, { type, record }, family, mover)
  const left = new Map([...lines].filter(([, moves]) => Object.values(moves).some((amount) => amount !== 0)))
  if (left.size === 0) return
  const body = { ...record.body }
  for (const sublist of ORDER_SUBLISTS) {
    if (body[sublist] === undefined) continue
    body[sublist] = linesOf(body, sublist).map((line) => {
      const key = `${sublist}/${line.line}`
      const moves = left.get(key)
      left.delete(key)
      return moves === undefined ? line : movedLine(account, family, sublist, line, moves)
    })
  }
  const unknown = [...left.keys()][0]
  if (unknown !== undefined && grows) {
    const at = unknown.slice(unknown.indexOf('/') + 1)
    throw userError(`You have entered an Invalid Field Value ${at} for the following field: orderLine.`)
  }
  deriveOrder(account, type, family, body)
  rewriteRecord(account, type, record, body)
}

function refuseUnlessOpen(
  account: Account,
  source: { type: RecordType; record: StoredRecord },
  family: Family,
  mover: RecordType,
): void {
  const step = stepOf(family, mover.name.toLowerCase())!
  // A shipment that was picked while the order was open may still be shipped, and a bill be corrected.
  const letter = String(source.record.body.status ?? 'B')
  if ('ACH'.includes(letter) || (letter !== 'G' && !`${family[step].open}F`.includes(letter)))
    throw notTransformable(account, source, mover)
}

/** The line with its new quantities. Texts of the refusals are not in the facts. */
function movedLine(
  account: Account,
  family: Family,
  sublist: string,
  line: RecordBody,
  moves: Moves,
): RecordBody {
  const moved: RecordBody = { ...line }
  for (const column in moves) moved[column] = rounded(quantityOf(line[column]) + moves[column]!)
  if (account.profile.settings.overage === 'accept') return moved
  const progress = progressOf(account, family, sublist, moved)
  const first = Math.max(progress.first, quantityOf(moved.quantityPicked))
  if (rises(moves, family.first.column, 'quantityPicked') && first > progress.ordered)
    throw userError('The quantity entered exceeds the quantity remaining on the order.')
  if (rises(moves, family.second.column) && progress.second > billableOf(account, family, progress)) {
    const what = family.second.column === 'quantityReceived' ? 'received' : 'billed'
    throw userError(`The quantity entered exceeds the quantity remaining to be ${what} on the order.`)
  }
  if (family.strict === true && falls(moves, family.first.column) && progress.second > progress.first)
    throw userError('The quantity cannot be less than the quantity already received.')
  return moved
}

function rises(moves: Moves, ...columns: readonly string[]): boolean {
  return columns.some((column) => (moves[column] ?? 0) > 0)
}

function falls(moves: Moves, column: string): boolean {
  return (moves[column] ?? 0) < 0
}

/** Quantities have up to eight decimals; sums of them must not drift. */
function rounded(quantity: number): number {
  return Math.round(quantity * 1e8) / 1e8
}

/** An order keeps what its fulfilments and bills rest on. Texts of the refusals are not in the facts. */
export const guardOrders: Effect = {
  concerns: (type) => familyOf(type) !== undefined,
  run({ account, type, before, after }: Change) {
    if (before === undefined) return
    const family = familyOf(type)!
    for (const sublist of ORDER_SUBLISTS) {
      const lines = linesOf(before.body, sublist)
      const next = after === undefined ? [] : linesOf(after.body, sublist)
      if (lines === next) continue
      for (const line of lines) {
        const done = Math.max(
          quantityOf(line[family.first.column]),
          quantityOf(line[family.second.column]),
          quantityOf(line.quantityPicked),
        )
        if (done > 0)
          guardLine(
            account,
            after,
            next.find((other) => other.line === line.line),
            done,
          )
      }
    }
  },
}

function guardLine(
  { profile }: Account,
  after: StoredRecord | undefined,
  line: RecordBody | undefined,
  done: number,
): void {
  if (after === undefined) {
    if (profile.settings.dependents === 'ignore') return
    throw userError('This record cannot be deleted because it has dependent records.')
  }
  if (line === undefined)
    throw userError('A line that is linked to by one or more transactions cannot be deleted.')
  if (profile.settings.overage === 'refuse' && quantityOf(line.quantity, 1) < done)
    throw userError('The quantity cannot be less than the quantity already fulfilled or billed.')
}

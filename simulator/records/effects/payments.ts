/**
 * What payments, credits and refunds do to what they are applied to: the amount that is left and the status follow. Only the
 * difference between before and after moves, so un-applying or deleting gives it back. [REC-139, REC-352, REC-353, REC-355]
 */
import type { Account } from '../../account.ts'
import { userError } from '../../api-fault.ts'
import type { RecordType } from '../../spec/catalogue.ts'
import type { RecordBody } from '../store.ts'
import {
  applyingSublists,
  cents,
  deriveAmounts,
  docIdOf,
  leftOf,
  moneyOf,
  partyOf,
  sumOf,
  takenColumn,
} from '../transform/amounts.ts'
import { linesOf, quantityOf } from '../transform/progress.ts'
import { rewriteRecord } from '../write.ts'
import type { Change, Effect } from './effect.ts'

export const movePayments: Effect = {
  concerns(type) {
    const row = moneyOf(type)
    return row !== undefined && applyingSublists(row).length > 0
  },
  run({ account, type, before, after }) {
    const amounts = new Map<number, number>()
    if (before !== undefined) count(type, before.body, -1, amounts)
    if (after !== undefined) count(type, after.body, 1, amounts)
    for (const [id, amount] of amounts) if (cents(amount) !== 0) take(account, id, cents(amount))
  },
}

function count(type: RecordType, body: RecordBody, sign: 1 | -1, amounts: Map<number, number>): void {
  const row = moneyOf(type)!
  const add = (id: number | undefined, amount: number): void => {
    if (id !== undefined) amounts.set(id, (amounts.get(id) ?? 0) + sign * amount)
  }
  for (const sublist of applyingSublists(row))
    for (const line of linesOf(body, sublist)) add(docIdOf(line), quantityOf(line.amount))
  // A deposit application spends the deposit that it names in its header.
  if (row.base === undefined && body.deposit !== undefined && !Array.isArray(body.deposit))
    add(docIdOf({ doc: body.deposit }), sumOf(body, row.applies))
}

function take(account: Account, id: number, amount: number): void {
  const record = account.store.get('transaction', id)
  const type = record === undefined ? undefined : account.catalogue.find(record.type)
  const row = type === undefined ? undefined : moneyOf(type)
  if (record === undefined || type === undefined || row === undefined) return
  const column = takenColumn(row)
  const body = { ...record.body, [column]: cents(quantityOf(record.body[column]) + amount) }
  // Text not in the facts.
  if (amount > 0 && leftOf(row, body) < 0) throw userError('The amount applied exceeds the amount due.')
  deriveAmounts(account, type, row, body)
  rewriteRecord(account, type, record, body)
}

/** What money was applied to stays, and stays large enough. Texts are not in the facts. */
export const guardPayments: Effect = {
  concerns: (type) => moneyOf(type) !== undefined,
  run({ account, type, before, after }: Change) {
    if (before === undefined) return
    const row = moneyOf(type)!
    const taken = quantityOf(before.body[takenColumn(row)])
    if (taken <= 0) return
    if (after === undefined) {
      if (account.profile.settings.dependents === 'ignore') return
      throw userError('This record cannot be deleted because it has dependent records.')
    }
    const party = partyOf(after.body)
    if (party !== partyOf(before.body))
      throw userError(
        `You have entered an Invalid Field Value ${party ?? ''} for the following field: entity.`,
      )
    if (leftOf(row, after.body) < 0)
      throw userError('The amount cannot be less than what is already applied.')
  },
}

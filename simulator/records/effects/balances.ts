/** The balance of a customer or vendor follows what its transactions still owe. [REC-331] */
import { moveBalance, shareOf } from '../balances.ts'
import { moneyOf, partyOf } from '../transform/amounts.ts'
import type { Effect } from './effect.ts'

export const moveBalances: Effect = {
  concerns: (type) => moneyOf(type) !== undefined,
  run({ account, type, before, after }) {
    const [old, next] = [shareOf(type, before?.body), shareOf(type, after?.body)]
    const isSame = old.owed === next.owed && old.deposits === next.deposits
    if (isSame && before !== undefined && after !== undefined && partyOf(before.body) === partyOf(after.body))
      return
    moveBalance(account, type, before?.body, -1)
    moveBalance(account, type, after?.body, 1)
  },
}

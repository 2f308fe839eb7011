/**
 * An inventory count that is approved makes an inventory adjustment: what was counted less what is on hand, line by line,
 * as far as they differ. Columns: `countQuantity`, or `quantity` where the document has no such column. (common knowledge) [REC-195]
 */
import type { Account } from '../../account.ts'
import { idOf, locationOf, stockedItem, toQuantity, toUnits } from '../stock/lines.ts'
import type { RecordBody, StoredRecord } from '../store.ts'
import { createRecord } from '../write.ts'
import type { Effect } from './effect.ts'

const APPROVED = 'D'
/** Account that adjustments post to when the count names none. */
const ADJUSTMENTS = { id: '8' }

export const adjustCounts: Effect = {
  concerns: ({ name }) => name.toLowerCase() === 'inventorycount',
  run({ account, before, after }) {
    if (after?.body.status !== APPROVED || before?.body.status === APPROVED) return
    const type = account.catalogue.find('inventoryAdjustment')
    const items = differences(account, after)
    if (type === undefined || items.length === 0) return
    const { account: posted = ADJUSTMENTS, subsidiary, tranId } = after.body
    createRecord(
      account,
      type,
      {
        account: posted,
        ...(subsidiary === undefined ? {} : { subsidiary }),
        memo: `Inventory Count ${typeof tranId === 'string' ? tranId : after.id}`,
        inventory: { items },
      },
      {
        nameValidation: 'ignore',
        valueValidation: 'error',
        warnings: [],
        notices: [],
        replace: new Set(),
        replaceSelectedFields: false,
      },
    )
  },
}

/** A line that was not counted changes nothing. */
function differences(account: Account, { body }: StoredRecord): RecordBody[] {
  return ((body.item as RecordBody[] | undefined) ?? []).flatMap((line) => {
    const item = stockedItem(account, line.item)
    const counted = line.countQuantity ?? line.quantity
    if (item === undefined || typeof counted !== 'number') return []
    const location = locationOf(account, item, idOf(line.location) ?? body.location)
    const change = toUnits(counted) - (account.stock.balance(item, location)?.onHand ?? 0)
    if (change === 0) return []
    return [
      { item: { id: String(item) }, location: { id: String(location) }, adjustQtyBy: toQuantity(change) },
    ]
  })
}

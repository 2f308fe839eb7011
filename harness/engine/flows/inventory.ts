/**
 * The inventory flow: brings the stock of an item at a location to the newest level known. Quantities change by transactions
 * only [REC-363], so it reads what is on hand and adjusts by the difference. The adjustment is named after the level's version:
 * one that was given up and commits later is refused or found, never added a second time. Until it is settled no newer one is sent.
 *
 *   newest level ──gone out already, and no repair──▶ done, without a call
 *        └──▶ create once: (on hand ──▶ difference) ──▶ remember that it went out ──▶ done
 *                              └ none: nothing to book
 */
import type { CallContext, RecordBody, RecordClient } from '../client.ts'
import { levelExternalId } from '../external-id.ts'
import { done, type Outcome } from '../outcome.ts'
import type { Level } from '../sync/levels.ts'
import type { InventoryWork } from '../work.ts'
import { createOnce } from './create-once.ts'
import { type Flow, failed, finished, type StockParts } from './flow.ts'

export const inventoryFlow: Flow<InventoryWork> = {
  async run(work, parts, tried) {
    const { client, stock } = parts
    if (stock === undefined) return { kind: 'impossible', reason: 'this engine keeps no stock levels' }
    const { levels } = stock
    const level = await (work.repair === undefined ? levels.due(work, tried.mayExist) : levels.toRepair(work))
    if (level === undefined) return finished(undefined)
    const externalId = levelExternalId(level.sku, level.locationId, level.version, work.repair)
    const body = async () => {
      const onHand = await readOnHand(client, level, tried.call)
      if (onHand.kind !== 'done') return failed('inventoryItem.get', onHand)
      const difference = level.quantity - onHand.value
      return done(difference === 0 ? undefined : adjustmentBody(stock, level, externalId, difference))
    }
    const end = await createOnce(parts, { type: 'inventoryAdjustment', externalId, body }, tried)
    if (end.kind !== 'done') return end
    await levels.sent(level)
    return finished(end.id)
  },
}

/** What is on hand at the location of a level; 0 where the item has never been there. [REC-163, REC-363] */
async function readOnHand(
  client: RecordClient,
  { sku, locationId }: Level,
  call: CallContext,
): Promise<Outcome<number>> {
  const read = await client.get('inventoryItem', `eid:${encodeURIComponent(sku)}/locations`, call, {
    expandSubResources: 'true',
  })
  if (read.kind !== 'done') return read
  // { items: [ { location: { id }, quantityOnHand } ] }
  const { items = [] } = read.value as {
    items?: readonly { location?: { id?: unknown }; quantityOnHand?: unknown }[]
  }
  const line = items.find(({ location }) => String(location?.id) === locationId)
  return done(Number(line?.quantityOnHand ?? 0))
}

/** [REC-364] */
function adjustmentBody(
  { adjustmentAccountId, subsidiaryId }: StockParts,
  { sku, locationId, version }: Level,
  externalId: string,
  difference: number,
): RecordBody {
  return {
    externalId,
    account: { id: adjustmentAccountId },
    ...(subsidiaryId === undefined ? {} : { subsidiary: { id: subsidiaryId } }),
    memo: `level ${version} of ${sku}`,
    inventory: {
      items: [{ item: { externalId: sku }, location: { id: locationId }, adjustQtyBy: difference }],
    },
  }
}

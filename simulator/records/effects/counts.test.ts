/** If these fail, a stocktaking is approved and stock stays what it was. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../../test-account.ts'
import { stockKit } from '../stock/stock-test-kit.ts'

let account: TestAccount
let kit: Awaited<ReturnType<typeof stockKit>>
beforeEach(async () => {
  account = createTestAccount()
  kit = await stockKit(account)
})

const press = async (id: string, ...actions: string[]): Promise<number[]> => {
  const statuses: number[] = []
  for (const action of actions)
    statuses.push((await account.send('POST', `inventoryCount/${id}/@${action}`)).status)
  return statuses
}
const count = (quantity: number) =>
  account.create('inventoryCount', {
    location: { id: '1' },
    item: { items: [{ item: { id: kit.item }, quantity }] },
  })

describe('an inventory count', () => {
  it('adjusts stock to what was counted when it is approved, once [REC-195, REC-364]', async () => {
    await kit.adjust(10)
    const id = await count(7)
    expect(await press(id, 'startcount', 'completecount')).toEqual([200, 200])
    expect(await kit.stock()).toMatchObject({ onHand: 10 })
    expect(await press(id, 'approve', 'approve')).toEqual([200, 400])
    expect(await kit.stock()).toMatchObject({ onHand: 7 })
    const { json } = await account.send('GET', 'inventoryAdjustment')
    const made = (json.items as { id: string }[]).at(-1)!.id
    const adjustment = await account.send('GET', `inventoryAdjustment/${made}?expandSubResources=true`)
    expect(adjustment.json).toMatchObject({
      account: { id: '8' },
      memo: `Inventory Count ${id}`,
      inventory: { items: [{ item: { id: kit.item }, location: { id: '1' }, adjustQtyBy: -3 }] },
    })
  })
  it('makes no adjustment when it is right, or rejected [REC-195]', async () => {
    await kit.adjust(10)
    expect(await press(await count(10), 'startcount', 'completecount', 'approve')).toEqual([200, 200, 200])
    expect(await press(await count(4), 'startcount', 'completecount', 'reject')).toEqual([200, 200, 200])
    expect((await account.send('GET', 'inventoryAdjustment')).json.totalResults).toBe(1)
    expect(await kit.stock()).toMatchObject({ onHand: 10 })
  })
})

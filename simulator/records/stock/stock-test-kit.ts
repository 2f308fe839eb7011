/** Test support: an account with one item and one customer, and short ways to move the item and to read its stock. */
import type { Body, TestAccount } from '../../test-account.ts'

export interface Shown {
  readonly onHand: unknown
  readonly committed: unknown
  readonly available: unknown
  readonly backOrdered: unknown
  readonly onOrder: unknown
  readonly inTransit: unknown
}

export async function stockKit(account: TestAccount) {
  const { send, create } = account
  const customer = await create('customer', { companyName: 'Acme' })
  const item = await create('inventoryItem', { itemId: 'SKU' })
  const linesOf = async (path: string, sublist: string): Promise<Body[]> => {
    const { json } = await send('GET', `${path}?expandSubResources=true`)
    return (json[sublist] as { items: Body[] } | undefined)?.items ?? []
  }
  const line = (adjustQtyBy: number, location = '1', unitCost?: number) => ({
    item: { id: item },
    location: { id: location },
    adjustQtyBy,
    ...(unitCost !== undefined && { unitCost }),
  })
  const adjusting = (quantity: number, location?: string, unitCost?: number) =>
    send('POST', 'inventoryAdjustment', {
      account: { id: '8' },
      inventory: { items: [line(quantity, location, unitCost)] },
    })
  return {
    customer,
    item,
    line,
    adjusting,
    adjust: async (...change: Parameters<typeof adjusting>): Promise<string> =>
      (await adjusting(...change)).id,
    /** An approved sales order with one line. */
    order: (quantity: number, body: Body = {}, column: Body = {}): Promise<string> =>
      create('salesOrder', {
        entity: { id: customer },
        orderStatus: 'B',
        item: { items: [{ item: { id: item }, quantity, ...column }] },
        ...body,
      }),
    promised: async (order: string) =>
      (await linesOf(`salesOrder/${order}`, 'item')).map((shown) => ({
        committed: shown.quantityCommitted,
        backOrdered: shown.quantityBackOrdered,
        available: shown.quantityAvailable,
      })),
    locations: () => linesOf(`inventoryItem/${item}`, 'locations'),
    /** The item at one location. */
    stock: async (location = '1'): Promise<Shown | undefined> => {
      const lines = await linesOf(`inventoryItem/${item}`, 'locations')
      const shown = lines.find((candidate) => (candidate.location as { id: string }).id === location)
      return (
        shown && {
          onHand: shown.quantityOnHand,
          committed: shown.quantityCommitted,
          available: shown.quantityAvailable,
          backOrdered: shown.quantityBackOrdered,
          onOrder: shown.quantityOnOrder,
          inTransit: shown.quantityInTransit,
        }
      )
    },
  }
}

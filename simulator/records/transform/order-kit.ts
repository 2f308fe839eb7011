/** Test support: orders with stock items and services, and what a test asks of them. */
import { createTestAccount, type TestAccount, type TestAnswer } from '../../test-account.ts'

type Line = Record<string, unknown>
type Settings = Record<string, string>

export interface OrderKit {
  readonly account: TestAccount
  readonly customer: string
  readonly vendor: string
  readonly goods: string
  readonly service: string
  /** A sales order that is approved: 10 goods at 5.00 and 4 more at 2.50, from location 1. Gives its id. */
  order(changes?: Line, lines?: readonly Line[]): Promise<string>
  purchase(lines?: readonly Line[]): Promise<string>
  transform(path: string, target: string, body?: unknown): Promise<TestAnswer>
  /** Label of a transaction's status. */
  status(path: string): Promise<string>
  /** The named columns of a sublist's lines. */
  lines(path: string, columns: string, sublist?: string): Promise<unknown[][]>
  read(path: string): Promise<Line>
}

/** The account fulfils whatever is ordered, unless `settings` say otherwise: stock is not the matter of these tests. */
export async function createOrderKit(settings: Settings = {}): Promise<OrderKit> {
  const account = createTestAccount({ profile: { settings: { fulfilUncommitted: 'accept', ...settings } } })
  const { create, send } = account
  const [customer, vendor] = [
    await create('customer', { companyName: 'Acme' }),
    await create('vendor', { companyName: 'Supply' }),
  ]
  const goods = await create('inventoryItem', { itemId: 'SKU-1' })
  const service = await create('serviceSaleItem', { itemId: 'SERVICE-1' })
  const item = { id: goods }
  const location = { id: '1' }
  const read = async (path: string): Promise<Line> => {
    const answer = await send('GET', `${path}?expandSubResources=true`)
    if (answer.status !== 200) throw new Error(answer.body)
    return answer.json
  }
  return {
    account,
    customer,
    vendor,
    goods,
    service,
    read,
    order: (
      changes = {},
      lines = [
        { item, quantity: 10, rate: 5, location },
        { item, quantity: 4, rate: 2.5, location },
      ],
    ) =>
      create('salesOrder', {
        entity: { id: customer },
        orderStatus: { id: 'B' },
        item: { items: lines },
        ...changes,
      }),
    purchase: (lines = [{ item, quantity: 6, rate: 3 }]) =>
      create('purchaseOrder', { entity: { id: vendor }, item: { items: lines } }),
    transform: (path, target, body) => send('POST', `${path}/!transform/${target}`, body),
    status: async (path) => ((await read(path)).status as { refName: string }).refName,
    lines: async (path, columns, sublist = 'item') => {
      const { [sublist]: list } = await read(path)
      const items = (list as { items: Line[] } | undefined)?.items ?? []
      return items.map((line) => columns.split(' ').map((column) => line[column]))
    },
  }
}

/** Rounds of writing, kill -9 and looking what is left, over real sockets and one file. Used by kill-records.test.ts and its long run. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Served, scratchFolder, serve, until } from './cli.ts'

const CLIENTS = 12
const PROFILE =
  'preset: ultimate\nconcurrencyLimit: 100\nlatency: { sigma: 0.5, medianMs: { "*.create": 8, "*.update": 4, "*.get": 1 } }\n'

interface Acknowledged {
  /** External id → internal id. */
  readonly orders: Map<string, string>
  readonly adjustments: Map<string, string>
}

const lineOf = (quantity: number) => ({
  item: { externalId: 'MUG' },
  location: { id: '1' },
  ...quantityOf(quantity),
})
const quantityOf = (quantity: number) => ({ quantity, rate: 9.5 })

/** One client: an order of 2, then 3 pieces into stock, and so on, until the account is gone. */
async function write(account: Served, round: number, client: number, seen: Acknowledged): Promise<void> {
  for (let n = 0; ; n++) {
    const externalId = `${round}-${client}-${n}`
    const isOrder = n % 2 === 0
    const body = isOrder
      ? { externalId, orderStatus: 'B', entity: { externalId: 'SHOP' }, item: { items: [lineOf(2)] } }
      : {
          externalId,
          account: { id: '1' },
          subsidiary: { id: '1' },
          inventory: { items: [{ item: { externalId: 'MUG' }, location: { id: '1' }, adjustQtyBy: 3 }] },
        }
    const type = isOrder ? 'salesOrder' : 'inventoryAdjustment'
    const answer = await account.call('POST', `/${type}`, body).catch(() => undefined)
    if (answer === undefined) return
    if (answer.status !== 204) throw new Error(answer.body)
    ;(isOrder ? seen.orders : seen.adjustments).set(externalId, answer.headers.location!.split('/').at(-1)!)
  }
}

interface Exported {
  readonly items: { id: string; externalId: string; body: Record<string, unknown> }[]
}

const exported = async (account: Served, type: string) =>
  ((await account.control('GET', `/records/${type}?limit=10000`)) as Exported).items

/** What is stored is all that was acknowledged, each id once, and stock is what the stored records make it. */
async function verify(account: Served, seen: Acknowledged): Promise<void> {
  const orders = await exported(account, 'salesOrder')
  const adjustments = await exported(account, 'inventoryAdjustment')
  for (const [records, acknowledged] of [
    [orders, seen.orders],
    [adjustments, seen.adjustments],
  ] as const) {
    const byExternalId = new Map(records.map(({ id, externalId }) => [externalId, id]))
    const lost = [...acknowledged].filter(([externalId, id]) => byExternalId.get(externalId) !== id)
    expect(lost).toEqual([])
  }
  const ids = [...orders, ...adjustments].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const answer = await account.call('GET', '/inventoryItem/eid:MUG?expandSubResources=true')
  const { locations } = JSON.parse(answer.body) as {
    locations: {
      items: {
        location: { id: string }
        quantityOnHand?: number
        quantityCommitted?: number
        quantityBackOrdered?: number
      }[]
    }
  }
  const stock = locations.items.find(({ location }) => location.id === '1')!
  expect(stock.quantityOnHand ?? 0).toBe(3 * adjustments.length)
  expect((stock.quantityCommitted ?? 0) + (stock.quantityBackOrdered ?? 0)).toBe(2 * orders.length)
}

/** Writes and kills `rounds` times over one file; each start finds what the last one acknowledged. */
export async function killRounds(rounds: number, writesPerRound: number): Promise<Acknowledged> {
  const folder = scratchFolder()
  const profile = join(folder, 'quick.yaml')
  writeFileSync(profile, PROFILE)
  const start = () =>
    serve(folder, '--profile', profile, '--db', join(folder, 'account.db'), '--seed', 'kill')
  const seen: Acknowledged = { orders: new Map(), adjustments: new Map() }
  let account = await start()
  await account.call('POST', '/inventoryItem', { externalId: 'MUG', itemId: 'MUG' })
  await account.call('POST', '/customer', { externalId: 'SHOP', companyName: 'Shop' })
  for (let round = 0; round < rounds; round++) {
    const before = seen.orders.size + seen.adjustments.size
    const clients = Array.from({ length: CLIENTS }, (_, client) => write(account, round, client, seen))
    await until('enough writes', () =>
      seen.orders.size + seen.adjustments.size >= before + writesPerRound ? true : undefined,
    )
    await account.kill()
    await Promise.all(clients)
    account = await start()
    await verify(account, seen)
  }
  await account.stop()
  return seen
}

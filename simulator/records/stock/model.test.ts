/** If this fails, some sequence of writes leaves quantities that the account's records do not add up to. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Body, createTestAccount, type TestAccount } from '../../test-account.ts'
import { stockKit } from './stock-test-kit.ts'

type Lines = { items: Body[] }
const idOf = (value: unknown): string => String((value as { id: string } | undefined)?.id)

/** One write; numbers pick a record among those that are there. */
const quantity = fc.integer({ min: 1, max: 9 })
const place = fc.constantFrom('1', '2')
const step = fc.oneof(
  fc.record({ kind: fc.constant('adjust' as const), by: fc.integer({ min: -6, max: 12 }), place }),
  fc.record({
    kind: fc.constant('order' as const),
    quantities: fc.array(quantity, { minLength: 1, maxLength: 3 }),
    place,
    status: fc.constantFrom('A', 'B'),
    rule: fc.constantFrom('1', '1', '2', '3'),
  }),
  fc.record({ kind: fc.constant('resize' as const), pick: fc.nat(20), quantity, place }),
  fc.record({ kind: fc.constant('close' as const), pick: fc.nat(20), isClosed: fc.boolean() }),
  fc.record({ kind: fc.constant('approve' as const), pick: fc.nat(20), status: fc.constantFrom('A', 'B') }),
  fc.record({ kind: fc.constant('sell' as const), quantity, place }),
  fc.record({ kind: fc.constant('transfer' as const), quantity }),
  fc.record({ kind: fc.constant('buy' as const), quantity, place }),
  fc.record({ kind: fc.constant('fulfil' as const), pick: fc.nat(20), quantity }),
  fc.record({ kind: fc.constant('receive' as const), pick: fc.nat(20), quantity }),
  fc.record({
    kind: fc.constant('delete' as const),
    type: fc.constantFrom(
      'salesOrder',
      'inventoryAdjustment',
      'cashSale',
      'itemFulfillment',
      'itemReceipt',
      'purchaseOrder',
    ),
    pick: fc.nat(20),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function recordsOf({ send }: TestAccount, type: string): Promise<Body[]> {
  const { json } = await send('GET', `/_seatrial/records/${type}`)
  return (json.items as { body: Body }[]).map(({ body }) => body)
}

/** The id of one of the records of a type. */
async function idAmong(account: TestAccount, type: string, number: number): Promise<string | undefined> {
  const found = await recordsOf(account, type)
  return found.length === 0 ? undefined : String(found[number % found.length]!.id)
}

interface World {
  readonly account: TestAccount
  readonly item: string
  readonly customer: string
  readonly vendor: string
}

async function act({ account, item, customer, vendor }: World, wanted: Step): Promise<number> {
  const { send } = account
  const pick = (type: string, number: number) => idAmong(account, type, number)
  const patch = async (number: number, body: Body) => {
    const id = await pick('salesOrder', number)
    return id === undefined ? undefined : send('PATCH', `salesOrder/${id}`, body)
  }
  const make = (type: string, entity: string, lines: Body[], body: Body = {}) =>
    send('POST', type, { entity: { id: entity }, item: { items: lines }, ...body })
  const line = (count: number, at: string) => ({
    item: { id: item },
    quantity: count,
    location: { id: at },
    rate: 2,
  })
  const transform = async (from: string, to: string, number: number, count: number) => {
    const id = await pick(from, number)
    const items = [{ orderLine: 1, quantity: count, location: { id: '1' }, itemReceive: true }]
    return id === undefined ? undefined : send('POST', `${from}/${id}/!transform/${to}`, { item: { items } })
  }
  const answer = await (() => {
    switch (wanted.kind) {
      case 'adjust':
        return send('POST', 'inventoryAdjustment', {
          account: { id: '8' },
          inventory: {
            items: [
              { item: { id: item }, location: { id: wanted.place }, adjustQtyBy: wanted.by, unitCost: 3 },
            ],
          },
        })
      case 'order': {
        const lines = wanted.quantities.map((count) => ({
          ...line(count, wanted.place),
          commitInventory: wanted.rule,
        }))
        return make('salesOrder', customer, lines, { orderStatus: wanted.status })
      }
      case 'resize':
        return patch(wanted.pick, {
          item: { items: [{ line: 1, quantity: wanted.quantity, location: { id: wanted.place } }] },
        })
      case 'close':
        return patch(wanted.pick, { item: { items: [{ line: 1, isClosed: wanted.isClosed }] } })
      case 'approve':
        return patch(wanted.pick, { orderStatus: wanted.status })
      case 'sell':
        return make('cashSale', customer, [line(wanted.quantity, wanted.place)])
      case 'transfer':
        return send('POST', 'inventoryTransfer', {
          location: { id: '1' },
          transferLocation: { id: '2' },
          inventory: { items: [{ item: { id: item }, adjustQtyBy: wanted.quantity }] },
        })
      case 'buy':
        return make('purchaseOrder', vendor, [line(wanted.quantity, wanted.place)])
      case 'fulfil':
        return transform('salesOrder', 'itemFulfillment', wanted.pick, wanted.quantity)
      case 'receive':
        return transform('purchaseOrder', 'itemReceipt', wanted.pick, wanted.quantity)
      case 'delete':
        return pick(wanted.type, wanted.pick).then((id) =>
          id === undefined ? undefined : send('DELETE', `${wanted.type}/${id}`),
        )
    }
  })()
  return answer?.status ?? 0
}

interface Sums {
  onHand: number
  committed: number
  backOrdered: number
  onOrder: number
}

/** Everything anew from the records, by the shortest code that can say it. */
async function recount(account: TestAccount): Promise<Map<string, Sums>> {
  const places = new Map(
    ['1', '2'].map((id) => [id, { onHand: 0, committed: 0, backOrdered: 0, onOrder: 0 }]),
  )
  const each = async (type: string, sublist: string, tell: (line: Body, sums: Sums, body: Body) => void) => {
    for (const body of await recordsOf(account, type)) {
      for (const line of (body[sublist] as Lines | undefined)?.items ?? []) {
        tell(line, places.get(idOf(line.location ?? body.location))!, body)
      }
    }
  }
  const done = new Map<string, number>()
  const deliver = (sign: number) => (line: Body, sums: Sums, body: Body) => {
    if (line.itemReceive === false) return
    sums.onHand += sign * Number(line.quantity)
    const key = `${idOf(body.createdFrom)}/${line.orderLine}`
    done.set(key, (done.get(key) ?? 0) + Number(line.quantity))
  }
  await each('inventoryAdjustment', 'inventory', (line, sums) => (sums.onHand += Number(line.adjustQtyBy)))
  await each('cashSale', 'item', (line, sums) => (sums.onHand -= Number(line.quantity)))
  await each('inventoryTransfer', 'inventory', (line) => {
    places.get('1')!.onHand -= Number(line.adjustQtyBy)
    places.get('2')!.onHand += Number(line.adjustQtyBy)
  })
  await each('itemFulfillment', 'item', deliver(-1))
  await each('itemReceipt', 'item', deliver(1))
  const left = (line: Body, { id, status }: Body): number =>
    'BDE'.includes(String(status)) && line.isClosed !== true
      ? Math.max(Number(line.quantity) - (done.get(`${id}/${line.line}`) ?? 0), 0)
      : 0
  await each('salesOrder', 'item', (line, sums, body) => {
    sums.committed += Number(line.quantityCommitted)
    sums.backOrdered += Number(line.quantityBackOrdered)
    expect([body.id, line.line, Number(line.quantityCommitted) + Number(line.quantityBackOrdered)]).toEqual([
      body.id,
      line.line,
      left(line, body),
    ])
  })
  await each('purchaseOrder', 'item', (line, sums, body) => (sums.onOrder += left(line, body)))
  return places
}

async function verify(world: World): Promise<void> {
  const { account, item } = world
  const expected = await recount(account)
  const [shown] = (await recordsOf(account, 'inventoryItem')).filter(({ id }) => id === item)
  const lines = new Map(
    ((shown!.locations as Lines | undefined)?.items ?? []).map((line) => [idOf(line.location), line]),
  )
  for (const [id, sums] of expected) {
    const line = lines.get(id)
    const read = (name: string): number => Number(line?.[name] ?? 0)
    expect({
      onHand: read('quantityOnHand'),
      committed: read('quantityCommitted'),
      backOrdered: read('quantityBackOrdered'),
      onOrder: read('quantityOnOrder'),
    }).toEqual(sums)
    expect(sums.committed).toBeLessThanOrEqual(Math.max(sums.onHand, 0))
    expect(read('quantityAvailable')).toBe(sums.onHand - sums.committed)
  }
}

async function play(steps: readonly Step[], negativeStock: 'allow' | 'refuse'): Promise<void> {
  const account = createTestAccount({ profile: { settings: { negativeStock } } })
  const { item, customer } = await stockKit(account)
  const vendor = await account.create('vendor', { companyName: 'Maker' })
  const world = { account, item, customer, vendor }
  const everything = async () =>
    JSON.stringify(
      await Promise.all(
        ['inventoryItem', 'salesOrder', 'purchaseOrder'].map((type) => recordsOf(account, type)),
      ),
    )
  for (const wanted of steps) {
    const before = negativeStock === 'refuse' ? await everything() : ''
    const status = await act(world, wanted)
    if (status >= 400 && negativeStock === 'refuse') expect(await everything()).toBe(before)
    await verify(world)
  }
}

describe('stock as the sum of all records', () => {
  const sequences = fc.array(step, { minLength: 1, maxLength: 25 })
  it('equals a recount after every write; committed ≤ on hand [REC-345, REC-363, REC-364]', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, (steps) => play(steps, 'allow')),
      { seed: 1, numRuns: 60 },
    )
  })
  it('a refused write leaves no trace in it [REC-363]', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, (steps) => play(steps, 'refuse')),
      { seed: 1, numRuns: 30 },
    )
  })
})

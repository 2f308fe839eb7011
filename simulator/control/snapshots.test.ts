/** If these fail, a tester who goes back to a snapshot tests something else than the account as it was. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalPage } from '../../protocol/control.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const snapshots = '/_seatrial/snapshots'
const take = (account: TestAccount, name: string) => account.send('POST', snapshots, { name })
const restore = (account: TestAccount, name: string) =>
  account.send('POST', `${snapshots}/${name}/restore`).then(({ status }) => status)

/** Everything that the account shows of its records. */
async function exported(account: TestAccount): Promise<Record<string, unknown>> {
  const { json: counts } = await account.send('GET', '/_seatrial/records')
  const all: Record<string, unknown> = { counts }
  for (const type of Object.keys(counts))
    all[type] = (await account.send('GET', `/_seatrial/records/${type}?limit=10000`)).json
  return all
}

type Step = readonly ['item' | 'customer' | 'order' | 'stock' | 'change' | 'delete', number]

const write = async (account: TestAccount, [kind, n]: Step): Promise<void> => {
  const quantity = (n % 7) + 1
  if (kind === 'item')
    await account.send('POST', 'inventoryItem', { itemId: `item ${n}`, externalId: `i${n}` })
  if (kind === 'customer')
    await account.send('POST', 'customer', { companyName: `c ${n}`, externalId: `c${n}` })
  if (kind === 'order') {
    const line = { item: { externalId: `i${n % 3}` }, quantity, rate: 3, location: { id: '1' } }
    await account.send('POST', 'salesOrder', { entity: { externalId: `c${n % 3}` }, item: { items: [line] } })
  }
  if (kind === 'stock') {
    const line = { item: { externalId: `i${n % 3}` }, adjustQtyBy: quantity, location: { id: '1' } }
    await account.send('POST', 'inventoryAdjustment', {
      account: { id: '8' },
      inventory: { items: [line] },
    })
  }
  if (kind === 'change') await account.send('PATCH', `customer/eid:c${n % 3}`, { comments: `change ${n}` })
  if (kind === 'delete') await account.send('DELETE', `customer/eid:c${n % 5}`)
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom('item', 'customer', 'order', 'stock', 'change', 'delete'),
    fc.integer({ min: 0, max: 20 }),
  ),
  { maxLength: 12 },
)

/** With three items to sell, three customers who buy them, an order and stock. */
async function startedAccount(): Promise<TestAccount> {
  const account = createTestAccount()
  for (let n = 0; n < 3; n++) {
    await write(account, ['item', n])
    await write(account, ['customer', n])
  }
  await write(account, ['order', 1])
  await write(account, ['stock', 1])
  const { json } = await account.send('GET', '/_seatrial/records')
  expect(json).toMatchObject({ customer: 3, inventoryItem: 3, salesOrder: 1, inventoryAdjustment: 1 })
  return account
}

describe('a restored account', () => {
  it('is exactly the one that was copied, whatever was written before and after', async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const account = await startedAccount()
        for (const step of before) await write(account, step)
        expect((await take(account, 'then')).status).toBe(200)
        const then = await exported(account)
        for (const step of after) await write(account, step)
        expect(await restore(account, 'then')).toBe(204)
        expect(await exported(account)).toEqual(then)
        // The same again: a copy can be used more than once, and ids go on from where they were.
        for (const step of after) await write(account, step)
        const once = await exported(account)
        expect(await restore(account, 'then')).toBe(204)
        for (const step of after) await write(account, step)
        expect(await exported(account)).toEqual(once)
      }),
      { seed: 1, numRuns: 15 },
    )
  })
  it('gives the ids that it would have given then', async () => {
    const account = await startedAccount()
    await take(account, 'then')
    const first = await account.create('customer', { companyName: 'next' })
    await restore(account, 'then')
    expect(await account.create('customer', { companyName: 'another' })).toBe(first)
  })
  it('has its copy after a reset too', async () => {
    const account = await startedAccount()
    await take(account, 'then')
    const then = await exported(account)
    await account.send('POST', '/_seatrial/reset')
    expect(await exported(account)).not.toEqual(then)
    await restore(account, 'then')
    expect(await exported(account)).toEqual(then)
  })
  it('carries out the jobs that had not ended, and knows nothing of later ones', async () => {
    const account = createTestAccount()
    const submit = (companyName: string) =>
      account.send('POST', 'customer', { companyName }, { prefer: 'respond-async' })
    const first = await submit('first')
    await take(account, 'then')
    const second = await submit('second')
    await account.clock.advance(60_000)
    expect((await account.send('GET', '/_seatrial/records')).json.customer).toBe(2)
    await restore(account, 'then')
    expect((await account.send('GET', '/_seatrial/records')).json.customer).toBeUndefined()
    await account.clock.advance(60_000)
    expect((await account.send('GET', '/_seatrial/records')).json.customer).toBe(1)
    const job = (answer: typeof first) => account.send('GET', `/services/rest/async/v1/job/${answer.id}`)
    expect((await job(first)).json).toMatchObject({ completed: true, progress: 'succeeded' })
    expect((await job(second)).status).toBe(404)
  })
})

describe('a request under way', () => {
  it.each([
    ['restored', (account: TestAccount) => restore(account, 'then')],
    [
      'reset',
      (account: TestAccount) => account.send('POST', '/_seatrial/reset').then(({ status }) => status),
    ],
  ])(
    'ends without an answer when the account is %s, changes nothing and gives its slot back',
    async (_, back) => {
      const account = createTestAccount({ profile: { latency: { model: 'lean' } } })
      await take(account, 'then')
      const outcome = account.send('POST', 'customer', { companyName: 'too late' }).catch(String)
      await account.clock.advance(1)
      expect(await back(account)).toBe(204)
      await account.clock.advance(60_000)
      expect(await outcome).toBe('Error: connection reset')
      expect((await account.send('GET', '/_seatrial/records')).json.customer).toBeUndefined()
      expect((await account.send('GET', '/_seatrial/slots')).json).toMatchObject({ inUse: 0 })
    },
  )
  it('is in the journal with the reason', async () => {
    const account = createTestAccount({ profile: { latency: { model: 'lean' } } })
    await take(account, 'then')
    const outcome = account.send('GET', 'currency/1').catch(String)
    await account.clock.advance(1)
    await restore(account, 'then')
    await account.clock.advance(60_000)
    await outcome
    const { items } = (await account.send('GET', '/_seatrial/journal')).json as unknown as JournalPage
    expect(items[0]).toMatchObject({
      status: 0,
      committed: false,
      delivery: 'reset-before',
      explanation: 'the account was reset or restored while the request was under way',
    })
  })
})

describe('snapshots', () => {
  it('are listed with what they hold, and are gone when deleted', async () => {
    const account = createTestAccount()
    const taken = await take(account, 'start')
    expect(taken.json).toMatchObject({ name: 'start', takenMs: account.clock.now() })
    expect(taken.json.records).toBeGreaterThan(10)
    expect((await account.send('GET', snapshots)).json).toEqual({ items: [taken.json] })
    expect((await account.send('DELETE', `${snapshots}/start`)).status).toBe(204)
    expect((await account.send('GET', snapshots)).json).toEqual({ items: [] })
    expect(await restore(account, 'start')).toBe(404)
  })
  it('are eight at most, each with a name of its own', async () => {
    const account = createTestAccount()
    const statuses: number[] = []
    for (let n = 1; n <= 9; n++) statuses.push((await take(account, `s${n}`)).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 409])
    const refused = await take(account, 's1')
    expect([refused.status, refused.json.error]).toMatchObject([409, { code: 'E_SNAPSHOT_EXISTS' }])
    await account.send('DELETE', `${snapshots}/s3`)
    expect((await take(account, 's9')).status).toBe(200)
    expect((await take(account, '../s')).status).toBe(400)
  })
})

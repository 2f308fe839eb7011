/** If these fail, customers of an account are doubled although their e-mail address is known, or one is taken from another shop. */
import { expect, it } from 'vitest'
import { orderOf } from '../../harness/engine/testing/fake-account.ts'
import type { FaultInput } from '../../protocol/fault.ts'
import { createWorld, type World, withItem } from './world.ts'

const customersOf = async (world: World): Promise<unknown[][]> => {
  const found = await world.records('customer')
  return found.map(({ id, body }) => [id, body.externalId, body.email])
}

/** One engine, or more of them at once, take orders of customers whose addresses the account may know. */
async function run(
  known: readonly Record<string, unknown>[],
  customerIds: readonly string[],
  faults: FaultInput[] = [],
) {
  const world = createWorld({ withoutShop: true })
  return world.clock.run(async () => {
    await withItem(world)
    await world.importRecords('customer', known)
    for (const spec of faults) await world.fault(spec)
    const { engine, recorder } = world.start(undefined, { customers: 'email' })
    for (const [n, id] of customerIds.entries()) await engine.accept(orderOf(`${n}`, id))
    await engine.idle()
    await engine.stop()
    const orders = await world.records('salesOrder')
    const entities = orders.map(({ body }) => (body.entity as { id: string }).id)
    return { recorder, customers: await customersOf(world), entities }
  })
}

const lead = { companyName: 'Lead', email: 'C-1@Example.com' }
const patch = (more: Partial<FaultInput>): FaultInput =>
  ({ fault: 'drop-response', match: { methods: ['PATCH'] }, countMax: 2, ...more }) as FaultInput

it('a customer with the address and without an external ID is adopted, and found by it from then on', async () => {
  const { customers, entities, recorder } = await run([lead], ['c-1', 'c-1'])
  expect(customers).toEqual([[entities[0], 'SHOP-C-c-1', 'C-1@Example.com']])
  expect(new Set(entities).size).toBe(1)
  const asked = recorder.attempts.map(({ operation }) => operation)
  expect(asked.filter((operation) => operation !== 'salesOrder.create')).toEqual([
    'customer.match',
    'customer.patch',
  ])
})

it('of several with the address the oldest is adopted, and one that is of another shop never', async () => {
  const other = { companyName: 'Other', email: 'c-1@example.com', externalId: 'OTHER-7' }
  const { customers, entities } = await run([other, lead, lead], ['c-1'])
  expect(customers.map(([, externalId]) => externalId)).toEqual(['OTHER-7', 'SHOP-C-c-1', undefined])
  expect(entities).toEqual([customers[1]![0]])
  const alone = await run([other], ['c-1'])
  expect(alone.customers.map(([, externalId]) => externalId)).toEqual(['OTHER-7', 'SHOP-C-c-1'])
})

it('one whose address nobody knows is made', async () => {
  const { customers } = await run([lead], ['c-2'])
  expect(customers.map(([, externalId]) => externalId)).toEqual([undefined, 'SHOP-C-c-2'])
})

it.each<[string, FaultInput]>([
  ['a lost answer', patch({})],
  ['a lost connection', patch({ fault: 'reset-before' } as Partial<FaultInput>)],
  ['a 503', patch({ fault: 'reject' } as Partial<FaultInput>)],
])('is adopted once with %s', async (_, fault) => {
  const { customers, entities } = await run([lead], ['c-1'], [fault])
  expect(customers.map(([, externalId]) => externalId)).toEqual(['SHOP-C-c-1'])
  expect(entities).toHaveLength(1)
})

it('two workers that bring in one customer at once agree on who it is [OPQ-014]', async () => {
  const world = createWorld({ withoutShop: true })
  await world.clock.run(async () => {
    await withItem(world)
    // Each adopts another record: the second is refused the external ID that the first has got.
    await world.importRecords('customer', [lead, lead])
    await world.fault(patch({ fault: 'slow', delayMs: 3_000, countMax: 1 } as Partial<FaultInput>))
    const engines = [1, 2].map(() => world.start(undefined, { customers: 'email' }).engine)
    await Promise.all(engines.map((engine, n) => engine.accept(orderOf(`${n}`, 'c-1'))))
    for (const engine of engines) await engine.idle()
    const customers = await customersOf(world)
    expect(customers.filter(([, externalId]) => externalId === 'SHOP-C-c-1')).toHaveLength(1)
    const [mine] = customers.find(([, externalId]) => externalId === 'SHOP-C-c-1')!
    for (const { body } of await world.records('salesOrder')) expect(body.entity).toMatchObject({ id: mine })
    for (const engine of engines) await engine.stop()
  })
})

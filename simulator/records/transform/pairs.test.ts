/** If these fail, a transform that NetSuite offers is refused, or one needs what it does not bring. */
import { expect, it } from 'vitest'
import { loadBundledCatalogue } from '../../spec/bundled.ts'
import { createOrderKit } from './order-kit.ts'
import { pairOf } from './pairs.ts'

const catalogue = loadBundledCatalogue()

it('every pair of the catalogue has its row, and others have none [REC-171, REC-172, REC-173]', () => {
  const offered = catalogue.types.flatMap((type) =>
    type.transforms.map((target) => [type.name, target] as const),
  )
  expect(offered.length).toBeGreaterThanOrEqual(60)
  for (const [source, target] of offered) {
    expect(pairOf(catalogue.find(source)!, catalogue.find(target)!), `${source} ${target}`).toBeDefined()
  }
  expect(pairOf(catalogue.find('salesOrder')!, catalogue.find('purchaseOrder')!)).toBeUndefined()
})

it('what is made of a customer is for that customer [REC-172]', async () => {
  const kit = await createOrderKit()
  for (const target of ['salesOrder', 'estimate', 'opportunity', 'invoice']) {
    const item = { items: [{ item: { id: kit.service }, quantity: 1, rate: 2 }] }
    const made = await kit.transform(`customer/${kit.customer}`, target, { item })
    expect([target, made.error]).toEqual([target, undefined])
    expect((await kit.read(`${target}/${made.id}`)).entity).toMatchObject({ id: kit.customer })
  }
})

it('inventoryLocation says where all lines are shipped from [REC-176]', async () => {
  const kit = await createOrderKit()
  const id = await kit.order({}, [{ item: { id: kit.goods }, quantity: 1 }])
  const body = { inventoryLocation: { id: '2' } }
  const made = await kit.transform(`salesOrder/${id}`, 'itemFulfillment', body)
  const [[location] = []] = await kit.lines(`itemFulfillment/${made.id}`, 'location')
  expect(location).toMatchObject({ id: '2' })
})

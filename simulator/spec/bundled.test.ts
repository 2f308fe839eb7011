// If this fails, an account without a document of its own has wrong record types, or starts slowly.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from './bundled.ts'
import { type Field, findField, type RecordType, type Shape } from './catalogue.ts'
import { decodeCatalogue, encodeCatalogue } from './compact.ts'
import { loadDocument } from './load.ts'

const catalogue = loadBundledCatalogue()
const type = (name: string): RecordType => {
  const found = catalogue.find(name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
const lineOf = (name: string, sublist: string): Shape => {
  const field = findField(type(name).body, sublist)
  if (field?.kind !== 'sublist') throw new Error(`no sublist ${name}.${sublist}`)
  return field.line
}

describe('the bundled catalogue', () => {
  it('has all 206 record types of 2026.1, each once, each with an id', () => {
    expect(catalogue.types).toHaveLength(206)
    expect(new Set(catalogue.types.map(({ name }) => name.toLowerCase())).size).toBe(206)
    expect(catalogue.types.filter(({ body }) => findField(body, 'id') === undefined)).toEqual([])
    expect(catalogue.find('SALESORDER')?.name).toBe('salesOrder')
  })
  it('has the methods that add up to the public totals [OAS-005, OAS-023]', () => {
    const methods = catalogue.types.flatMap(({ methods: m }) => [...m.collection, ...m.instance])
    const count = (method: string) => methods.filter((m) => m === method).length
    // 129 POSTs of transforms, attach and detach are left out.
    expect(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].map(count)).toEqual([411, 330 - 129, 410, 412, 398])
    expect(type('giftCertificate').methods).toEqual({
      collection: ['GET', 'PATCH', 'PUT'],
      instance: ['GET', 'PATCH', 'PUT'],
    })
    expect(type('salesCampaign').methods.collection).not.toContain('GET')
  })
  it('has the transforms of the browser and of SuiteScript [OAS-020, REC-172, REC-173]', () => {
    expect(type('salesOrder').transforms).toEqual([
      'cashSale',
      'fulfillmentRequest',
      'invoice',
      'itemFulfillment',
      'returnAuthorization',
    ])
    expect(type('estimate').transforms).toEqual(['cashSale', 'invoice', 'salesOrder'])
    expect(type('currency').transforms).toEqual([])
    const targets = catalogue.types.flatMap(({ transforms }) => transforms)
    expect(targets.filter((name) => catalogue.find(name) === undefined)).toEqual([])
  })
  it('points references at types it has', () => {
    const wrong = new Set<string>()
    const visit = ({ fields }: Shape): void => {
      for (const field of fields) {
        if ('targets' in field) for (const name of field.targets) if (!catalogue.find(name)) wrong.add(name)
        if (field.kind === 'sublist') visit(field.line)
        if (field.kind === 'subrecord') visit(field.body)
      }
    }
    for (const { body } of catalogue.types) visit(body)
    expect([...wrong]).toEqual([])
  })
  it('has polymorphic references restored [OAS-059, OAS-060]', () => {
    const entity = ['customer', 'partner', 'vendor', 'employee', 'contact']
    expect(findField(type('salesOrder').body, 'entity')).toMatchObject({ targets: entity })
    expect(findField(type('estimate').body, 'entity')).toMatchObject({ targets: entity })
    const item = findField(lineOf('salesOrder', 'item'), 'item')
    expect(item).toMatchObject({
      targets: expect.arrayContaining(['inventoryItem', 'serviceSaleItem', 'kitItem']),
    })
  })
  it.each([
    ['estimate', 'item', ['item', 'quantity', 'rate', 'amount', 'line']],
    ['creditMemo', 'item', ['item', 'quantity', 'rate', 'amount', 'line']],
    ['creditMemo', 'apply', ['doc', 'apply', 'amount']],
    ['vendorBill', 'item', ['item', 'quantity', 'rate', 'amount', 'line', 'orderLine']],
    ['vendorBill', 'expense', ['account', 'amount', 'memo', 'line']],
    ['itemReceipt', 'item', ['item', 'quantity', 'itemReceive', 'orderLine', 'location']],
    ['returnAuthorization', 'item', ['item', 'quantity', 'rate']],
    ['cashRefund', 'item', ['item', 'quantity', 'rate']],
    ['transferOrder', 'item', ['item', 'quantity']],
    ['workOrder', 'item', ['item', 'quantity']],
    ['vendorPayment', 'apply', ['doc', 'apply', 'amount']],
    ['journalEntry', 'line', ['account', 'debit', 'credit', 'line']],
    ['inventoryTransfer', 'inventory', ['item', 'adjustQtyBy']],
    ['itemFulfillment', 'package', ['packageTrackingNumber', 'packageWeight', 'packageDescr']],
    ['vendor', 'addressBook', ['label', 'addressBookAddress']],
    ['assemblyItem', 'price', ['priceLevel', 'price']],
  ])('has lines for %s.%s', (name, sublist, columns) => {
    expect(columns.filter((column) => findField(lineOf(name, sublist), column) === undefined)).toEqual([])
  })
  it('gives types known by name only what every record has', () => {
    for (const name of ['taxSchedule', 'supportCaseStatus', 'leadSource']) {
      const fields = type(name).body.fields.map((field) => field.name)
      expect(fields).toEqual(['externalId', 'id', 'isInactive', 'lastModifiedDate', 'name', 'refName'])
    }
    expect(findField(type('vendorPrepayment').body, 'tranDate')).toMatchObject({ type: 'date' })
  })
  it('knows dates that the older release gave as text', () => {
    expect(findField(type('estimate').body, 'dueDate')).toEqual({
      name: 'dueDate',
      kind: 'scalar',
      type: 'date',
    })
    expect(findField(type('vendorBill').body, 'tranDate')).toMatchObject({ type: 'date' })
    expect(findField(type('term').body, 'lastModifiedDate')).toMatchObject({ type: 'date-time' })
  })
  it('is decoded once and shares equal shapes', () => {
    expect(loadBundledCatalogue()).toBe(catalogue)
    expect(lineOf('serviceSaleItem', 'itemVendor')).toBe(lineOf('assemblyItem', 'itemVendor'))
    expect(type('salesOrder').body).toBe(type('salesOrder').body)
  })
})

const DOCUMENT = resolve(import.meta.dirname, '../../../shared/openapi/core-reconstructed.openapi.json')

describe.skipIf(!existsSync(DOCUMENT))('beside the rebuilt document', () => {
  it('has the same core types, field by field', () => {
    const names = (shape: Shape): unknown[] =>
      shape.fields.map((field) => [field.name, field.kind, field.kind === 'scalar' ? field.type : '']).sort()
    for (const core of loadDocument(readFileSync(DOCUMENT, 'utf8'), 'core').types) {
      expect(names(type(core.name).body)).toEqual(names(core.body))
      expect(type(core.name).transforms).toEqual(core.transforms)
      expect(type(core.name).methods).toEqual(core.methods)
    }
  })
})

describe('the compact form', () => {
  const item: Field = { name: 'item', kind: 'reference', targets: ['a', 'b'] }
  const line: Shape = { fields: [item, { name: 'n', kind: 'scalar', type: 'date-time' }] }
  const types: RecordType[] = ['x', 'y'].map((name) => ({
    name,
    body: {
      fields: [
        { name: 'item', kind: 'sublist', line },
        { name: 'detail', kind: 'subrecord', body: { fields: [] } },
        { name: 'e', kind: 'enum', values: name === 'x' ? ['1', 'a b:c'] : [] },
        { name: 'm', kind: 'multiSelect', targets: [] },
      ],
    },
    transforms: ['y'],
    methods: { collection: ['GET', 'POST'], instance: [] },
  }))

  it('comes back as it went in, over one file or a chain', () => {
    expect(decodeCatalogue([encodeCatalogue(types)])).toEqual(types)
    const first = encodeCatalogue(types.slice(0, 1))
    const second = encodeCatalogue(types.slice(1), [first])
    expect(decodeCatalogue([first, second])).toEqual(types)
    // The line is in the first file already.
    expect(second.shapes).toHaveLength(1)
  })
  it('refuses what it cannot keep', () => {
    const titled: Field = { ...item, title: 'Item' }
    const bad = { ...types[0]!, body: { fields: [titled] } }
    expect(() => encodeCatalogue([bad])).toThrow('invariant broken')
  })
})

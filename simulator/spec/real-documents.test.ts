// If this fails, a document that a real NetSuite account answered no longer loads as it was counted by hand. Those
// documents are third-party output and stay outside the project: without them beside it, this file checks nothing.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Field, findField } from './catalogue.ts'
import { type LoadedDocument, loadDocument } from './load.ts'
import { mergeTypes } from './merge.ts'
import { refusal, typeIn } from './spec-test-kit.ts'

const FOLDER = resolve(import.meta.dirname, '../../../shared/openapi')
const read = (file: string) => readFileSync(resolve(FOLDER, file), 'utf8')
const load = (file: string) => loadDocument(read(file), file)
const kinds = (fields: readonly Field[]) =>
  Object.fromEntries(
    Map.groupBy(fields, ({ kind }) => kind)
      .entries()
      .map(([kind, list]) => [kind, list.length]),
  )
const counts = (loaded: LoadedDocument) =>
  Object.fromEntries(
    Map.groupBy(loaded.oddities, ({ code }) => code)
      .entries()
      .map(([code, list]) => [code, list.length]),
  )

describe.skipIf(!existsSync(FOLDER))('real documents', () => {
  it('loads the customer document of 2020 [OAS-061, OAS-080, OAS-082]', () => {
    const loaded = load('ledger_sync-netsuite/customer_metadata.json')
    const customer = typeIn(loaded, 'customer')
    expect(loaded.types).toHaveLength(1)
    expect(loaded.info.schemaCount).toBe(17)
    // 103 properties, `links` among them.
    expect(customer.body.fields).toHaveLength(102)
    expect(customer.body.filterable).toHaveLength(71)
    expect(customer.transforms).toEqual([
      'vendor',
      'cashSale',
      'estimate',
      'opportunity',
      'customerPayment',
      'invoice',
      'salesOrder',
    ])
    expect(customer.body.fields.filter((field) => field.custom)).toHaveLength(9)
    expect(findField(customer.body, 'parent')).toMatchObject({ targets: ['customer'] })
    expect(findField(customer.body, 'customForm')).toMatchObject({ kind: 'enum', values: { length: 276 } })
    // 14 references leave the document, in the bodies and in the pointless contents of seven transforms.
    expect(counts(loaded)).toEqual({ 'outside-ref': 7, 'content-on-204': 7 })
  })
  it('loads the JSON schema of 2019', () => {
    const loaded = load('ledger_sync-netsuite/customer_metadata_properties.json')
    const { name, body } = loaded.types[0]!
    expect(name).toBe('customer')
    expect(kinds(body.fields)).toMatchObject({ sublist: 5 })
    expect(findField(body, 'subsidiary')).toMatchObject({ kind: 'reference', targets: ['subsidiary'] })
    const addresses = findField(body, 'addressbook') as Extract<Field, { kind: 'sublist' }>
    expect(findField(addresses.line, 'addressbookaddress')?.kind).toBe('subrecord')
    // OAS-061: last segments that are empty.
    expect(counts(loaded)).toEqual({ 'name-from-file': 1, 'methods-assumed': 1, 'empty-ref': 2 })
  })
  it('loads the document of 2019 with its older names [OAS-043]', () => {
    const loaded = load('ledger_sync-2019/customer-2019-12-22.swagger.json')
    expect(loaded.info.schemaCount).toBe(17)
    expect(kinds(typeIn(loaded, 'customer').body.fields)).toMatchObject({ sublist: 5, reference: 23 })
    expect(loaded.oddities).toEqual([])
  })
  it('restores targets that the OpenAPI form of 2019 lost from the JSON schema form', () => {
    const over = load('ledger_sync-2019/customer-2019-12-22.swagger.json').types
    const merged = mergeTypes(load('ledger_sync-netsuite/customer_metadata_properties.json').types, over)[0]!
    expect(findField(over[0]!.body, 'terms')).toMatchObject({ targets: [] })
    expect(findField(merged.body, 'terms')).toMatchObject({ targets: ['term'] })
    expect(merged.methods.collection).toEqual(['GET', 'POST'])
  })
  it('loads a custom record of 2026 [OAS-083, OAS-084]', () => {
    const loaded = load('sophie-jentic-openapi-specs/openapi.json')
    const type = typeIn(loaded, 'customrecord_awl_product_review')
    expect(type).toMatchObject({ custom: 'record', transforms: [] })
    expect(type.body.filterable).toHaveLength(17)
    expect(kinds(type.body.fields)).toEqual({ scalar: 13, reference: 5, sublist: 1 })
    expect(
      type.body.fields.filter((field) => field.custom).every(({ name }) => name.startsWith('custrecord_')),
    ).toBe(true)
    expect(findField(type.body, 'userNotes')).toMatchObject({
      kind: 'sublist',
      line: { lineKey: { present: false } },
    })
    expect(loaded.oddities).toEqual([])
  })
  it('refuses the list of record types and says what to fetch', () => {
    const { message, details } = refusal(
      read('yemming-metadata-catalog/metadata-catalog.json'),
      'metadata-catalog.json',
    )
    expect(message).toMatch(/list of record types/)
    expect(details.mend).toMatch(/select=.*application\/swagger\+json/)
  })
  // fields, references, of them polymorphic, enumerations, sublists, subrecords, multi-selects, scalars [OAS §7]
  it.each([
    ['customer', 158, 37, 0, 13, 11, 0, 1, 95],
    ['contact', 41, 9, 1, 2, 1, 0, 1, 27],
    ['salesOrder', 220, 42, 2, 8, 9, 2, 0, 158],
    ['cashSale', 220, 44, 2, 9, 12, 2, 0, 152],
    ['invoice', 215, 43, 2, 10, 13, 2, 0, 146],
    ['inventoryItem', 278, 57, 0, 27, 11, 0, 4, 178],
    ['itemFulfillment', 138, 16, 1, 20, 8, 3, 0, 90],
    ['customerPayment', 66, 18, 0, 4, 5, 0, 0, 38],
    ['inventoryAdjustment', 29, 11, 0, 0, 2, 0, 0, 15],
    ['vendor', 98, 18, 0, 2, 8, 0, 2, 67],
    ['purchaseOrder', 107, 22, 1, 7, 5, 2, 0, 70],
    ['employee', 158, 31, 0, 14, 18, 0, 0, 94],
    ['subsidiary', 46, 12, 0, 2, 4, 3, 0, 24],
    ['location', 55, 3, 0, 4, 7, 2, 1, 37],
    ['currency', 19, 0, 0, 3, 0, 0, 0, 15],
  ])(
    'counts the fields of the rebuilt %s as the source does',
    (name, all, references, poly, enums, sublists, subrecords, multis, scalars) => {
      const { fields } = typeIn(rebuilt(), name).body
      const of = (kind: Field['kind']) => fields.filter((field) => field.kind === kind).length
      // `links` makes up the difference of one.
      expect(fields.length).toBe(all - 1)
      expect(fields.filter((field) => field.kind === 'reference' && field.targets.length > 1)).toHaveLength(
        poly,
      )
      expect([
        of('reference'),
        of('enum'),
        of('sublist'),
        of('subrecord'),
        of('multiSelect'),
        of('scalar'),
      ]).toEqual([references, enums, sublists, subrecords, multis, scalars])
    },
  )
  it('loads the rebuilt document of fifteen types [OAS-042, OAS-061, OAS-068]', () => {
    const loaded = rebuilt()
    expect(loaded.types).toHaveLength(15)
    expect(loaded.info.schemaCount).toBe(326)
    // 32 references out of the document, in 16 bodies and 16 contents.
    expect(counts(loaded)).toMatchObject({ 'outside-ref': 16, 'page-name': 1, 'array-without-items': 1 })
    const item = findField(typeIn(loaded, 'salesOrder').body, 'item') as Extract<Field, { kind: 'sublist' }>
    // 139 columns, `links` among them. [OAS §7]
    expect(item.line.fields).toHaveLength(138)
  })
})

let document: LoadedDocument | undefined
function rebuilt(): LoadedDocument {
  document ??= load('core-reconstructed.openapi.json')
  return document
}

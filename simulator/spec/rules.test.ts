// If this fails, the simulator asks for the wrong fields, lets clients write totals, or mixes up id spaces.
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from './bundled.ts'
import { type Field, findField, type RecordType, type Shape } from './catalogue.ts'
import { ENTITIES, ENTITY } from './rules/entities.ts'
import { ITEM, ITEMS } from './rules/items.ts'
import { LISTS, STOCK } from './rules/stock.ts'
import { PURCHASES, SALES, TRANSACTION } from './rules/transactions.ts'
import { rulesFor, type TypeRules } from './rules.ts'

const catalogue = loadBundledCatalogue()
const rules = (name: string): TypeRules => rulesFor(catalogue.find(name)!)
const text = (name: string): Field => ({ name, kind: 'scalar', type: 'string' })
const typeOf = (name: string, fields: readonly Field[], more: Partial<RecordType> = {}): RecordType => ({
  name,
  body: { fields },
  transforms: [],
  methods: { collection: [], instance: [] },
  ...more,
})

describe('rules of core types', () => {
  it.each([
    ['salesOrder', ['Customer']], // REC-340
    ['invoice', ['Customer']],
    ['cashSale', ['Customer']],
    ['customerPayment', ['Customer']], // REC-353
    ['inventoryItem', ['Item Name/Number']], // REC-362
    ['inventoryAdjustment', ['Adjustment Account']], // REC-364
    ['purchaseOrder', ['Vendor']],
    ['itemFulfillment', []], // REC-360: by transform
    ['contact', ['Name']],
    ['employee', ['Name']],
    ['subsidiary', ['Name']],
    ['location', ['Name']],
    ['currency', ['Currency', 'ISO Code']],
    ['customer', ['Company Name', 'First Name', 'Last Name']],
    ['vendor', ['Company Name', 'First Name', 'Last Name']],
  ])('asks %s for %j', (name, labels) => {
    expect(rules(name).required.map(({ label }) => label)).toEqual(labels)
  })
  it('asks a company for its name and an individual for both of his [REC-330, REC-E20]', () => {
    const person = { field: 'isPerson', equals: true }
    expect(rules('customer').required).toEqual([
      { anyOf: ['companyName'], label: 'Company Name', unless: person },
      { anyOf: ['firstName'], label: 'First Name', when: person },
      { anyOf: ['lastName'], label: 'Last Name', when: person },
    ])
  })
  it('asks lines for what they are about', () => {
    expect(rules('salesOrder').lineRequired).toEqual({ item: [{ anyOf: ['item'], label: 'Item' }] })
    expect(rules('inventoryAdjustment').lineRequired.inventory?.map(({ anyOf }) => anyOf[0])).toEqual([
      'item',
      'location',
      'adjustQtyBy',
    ])
    expect(rules('customerPayment').lineRequired.apply).toHaveLength(1)
  })
  it('lets nobody write totals and states, but prices and amounts of lines [REC-321, REC-345]', () => {
    const { computed, lineComputed } = rules('salesOrder')
    for (const name of [
      'id',
      'refName',
      'status',
      'total',
      'subtotal',
      'taxTotal',
      'createdDate',
      'lastModifiedDate',
      'transactionNumber',
      'billingAddress_text',
    ]) {
      expect(computed.has(name), name).toBe(true)
    }
    for (const name of [
      'entity',
      'tranId',
      'tranDate',
      'memo',
      'orderStatus',
      'shippingCost',
      'externalId',
    ]) {
      expect(computed.has(name), name).toBe(false)
    }
    for (const name of ['quantityCommitted', 'quantityFulfilled', 'lineUniqueKey', 'itemType']) {
      expect(lineComputed.item!.has(name), name).toBe(true)
    }
    for (const name of ['amount', 'rate', 'quantity', 'line'])
      expect(lineComputed.item!.has(name), name).toBe(false)
    for (const name of ['applied', 'unapplied', 'total'])
      expect(rules('customerPayment').computed.has(name)).toBe(true)
    expect(rules('customerPayment').computed.has('payment')).toBe(false)
    expect(rules('customer').computed.has('overdueBalance')).toBe(true)
    expect(rules('contact').computed.has('owner')).toBe(false)
  })
  it('knows the compound key of price lines [REC-037, OAS-065]', () => {
    expect(rules('inventoryItem').lineKeys.price).toEqual(['currencyPage', 'priceLevel', 'quantity'])
  })
  it('knows the keys of lines [REC-136, REC-139, OPQ-027]', () => {
    expect(rules('salesOrder').lineKeys).toMatchObject({
      item: ['line'],
      inventoryassignment: ['internalId'],
    })
    expect(rules('customerPayment').lineKeys).toMatchObject({ apply: ['doc'], credit: ['doc'] })
    expect(rules('customer').lineKeys).toMatchObject({ addressbook: ['id'] })
    expect(rules('purchaseOrder').lineKeys).toMatchObject({ item: ['line'], expense: ['line'] })
  })
  it('knows states, and which may be written [REC-341, REC-342, OPQ-041]', () => {
    const order = rules('salesOrder')
    expect(order).toMatchObject({
      initialStatus: 'A',
      settable: { orderStatus: ['A', 'B'] },
      transactionCode: 'SalesOrd',
    })
    expect(order.statuses).toMatchObject({ B: 'Pending Fulfillment', F: 'Pending Billing', H: 'Closed' })
    expect(order.transitions.B).toContain('A')
    expect(rules('itemFulfillment').settable).toEqual({ shipStatus: ['A', 'B', 'C'] })
    expect(rules('invoice').statuses).toEqual({
      A: 'Open',
      B: 'Paid In Full',
      D: 'Pending Approval',
      E: 'Rejected',
      V: 'Voided',
    })
  })
  it('has defaults only for fields of the type, in its spelling', () => {
    expect(rules('salesOrder').defaults).toMatchObject({
      tranDate: { today: true },
      createdDate: { now: true },
      source: 'restWebServices',
    })
    expect(rules('customer').defaults).toMatchObject({
      isPerson: false,
      isInactive: false,
      dateCreated: { now: true },
    })
    expect(rules('customer').defaults).not.toHaveProperty('tranDate')
  })
})

describe('kinds and groups', () => {
  it.each([
    ['customer', 'entity', 'entity'],
    ['contact', 'entity', 'entity'],
    ['job', 'entity', 'entity'],
    ['salesOrder', 'transaction', 'transaction'],
    ['journalEntry', 'transaction', 'transaction'],
    ['estimate', 'transaction', 'transaction'],
    ['inventoryItem', 'item', 'item'],
    ['taxGroup', 'item', 'item'],
    ['itemGroup', 'item', 'item'],
    ['account', 'other', 'account'],
    ['phoneCall', 'other', 'event'],
    ['supportCase', 'other', 'event'],
    ['campaign', 'other', 'event'],
    ['inboundShipment', 'other', 'inboundshipment'],
    ['currency', 'other', 'currency'],
  ])('puts %s into %s, group %s [OPQ-014]', (name, kind, group) => {
    expect(rules(name)).toMatchObject({ kind, group })
  })
  it('tells types it has never heard of by name or by their fields', () => {
    expect(rulesFor(typeOf('customtransaction_x', []))).toMatchObject({
      kind: 'transaction',
      group: 'transaction',
    })
    expect(rulesFor(typeOf('newSale', [text('tranId'), text('tranDate')]))).toMatchObject({
      kind: 'transaction',
    })
    expect(rulesFor(typeOf('newPerson', [text('entityId')]))).toMatchObject({ kind: 'entity' })
    expect(rulesFor(typeOf('newItem', [text('itemId'), text('displayName')]))).toMatchObject({ kind: 'item' })
    expect(rulesFor(typeOf('customrecord_a', [text('entityId')], { custom: 'record' }))).toMatchObject({
      kind: 'other',
      group: 'customrecord_a',
    })
  })
})

describe('rules of any type', () => {
  it('are built once per type', () => {
    expect(rules('customer')).toBe(rules('customer'))
  })
  it('never name a field or a sublist that the type lacks', () => {
    for (const type of catalogue.types) {
      const found = rulesFor(type)
      const has = (shape: Shape, name: string) => findField(shape, name) !== undefined
      const named = [
        ...found.computed,
        ...Object.keys(found.defaults),
        ...Object.keys(found.settable),
        ...found.displayFields,
      ]
      expect(
        named.filter((name) => !has(type.body, name)),
        type.name,
      ).toEqual([])
      expect(found.required.filter(({ anyOf }) => !anyOf.some((name) => has(type.body, name)))).toEqual([])
      if (found.autoNumber) expect(has(type.body, found.autoNumber.field), type.name).toBe(true)
    }
  })
  it('never count a key or a mandatory column among the computed ones', () => {
    for (const type of catalogue.types) {
      const { lineKeys, lineComputed, lineRequired, required, computed } = rulesFor(type)
      for (const [sublist, key] of Object.entries(lineKeys)) {
        const computedKeys = key.filter((name) => lineComputed[sublist]?.has(name))
        expect(computedKeys, `${type.name}.${sublist}`).toEqual([])
      }
      for (const [sublist, needs] of Object.entries(lineRequired)) {
        const wrong = needs.flatMap(({ anyOf }) => anyOf.filter((name) => lineComputed[sublist]?.has(name)))
        expect(wrong, `${type.name}.${sublist}`).toEqual([])
      }
      expect(
        required.flatMap(({ anyOf }) => anyOf.filter((name) => computed.has(name))),
        type.name,
      ).toEqual([])
    }
  })
  it('start in a known state and move between known states, each within the letters of the field', () => {
    for (const type of catalogue.types) {
      const { statuses, initialStatus, transitions } = rulesFor(type)
      const letters = Object.keys(statuses ?? {})
      const used = [initialStatus ?? [], Object.entries(transitions)].flat(3)
      expect(
        used.filter((letter) => !letters.includes(letter)),
        type.name,
      ).toEqual([])
      const field = findField(type.body, 'status')
      if (field?.kind === 'enum' && field.values.length > 0) {
        expect(
          letters.filter((letter) => !field.values.includes(letter)),
          type.name,
        ).toEqual([])
      }
    }
  })
  it('hold for every row: the type exists, its fields and sublists too, its transaction code is one of NetSuite’s', () => {
    for (const [name, row] of [ENTITIES, ITEMS, SALES, PURCHASES, STOCK, LISTS].flatMap((rows) =>
      Object.entries(rows),
    )) {
      const type = catalogue.find(name)
      expect(type, name).toBeDefined()
      if (row.required) expect(rulesFor(type!).required, name).toEqual(row.required)
      const unknown = words(row.computed).filter((field) => findField(type!.body, field) === undefined)
      expect(unknown, name).toEqual([])
      for (const [sublist, columns] of Object.entries(row.lineComputed ?? {})) {
        const found = rulesFor(type!).lineComputed[sublist.toLowerCase()] ?? new Set()
        expect(
          words(columns).filter((column) => !found.has(column)),
          `${name}.${sublist}`,
        ).toEqual([])
      }
      for (const sublist of Object.keys({ ...row.lineRequired, ...row.lineComputed })) {
        expect(findField(type!.body, sublist)?.kind, `${name}.${sublist}`).toBe('sublist')
      }
      if (row.transactionCode !== undefined) expect(TRANSACTION_CODES).toContain(row.transactionCode)
    }
  })
  it('name for a kind only what some type of that kind has', () => {
    for (const [kind, row] of Object.entries({ entity: ENTITY, item: ITEM, transaction: TRANSACTION })) {
      const types = catalogue.types.filter((type) => rulesFor(type).kind === kind)
      const names = [...words(row.computed), ...words(row.displayFields), ...Object.keys(row.defaults ?? {})]
      const unknown = names.filter((name) => !types.some(({ body }) => findField(body, name)))
      expect(unknown, kind).toEqual([])
    }
  })
  it('follow a document that declares its own line key [OAS-065]', () => {
    const line = (lineKey: Shape['lineKey']): Field => ({
      name: 'item',
      kind: 'sublist',
      line: { fields: [text('line')], ...(lineKey && { lineKey }) },
    })
    const keyed = typeOf('x', [line({ present: true, new: ['orderLine'], existing: ['other'] })])
    const keyless = typeOf('x', [line({ present: false, new: [], existing: [] })])
    expect(rulesFor(keyed).lineKeys).toEqual({ item: ['other'] })
    expect(rulesFor(keyless).lineKeys).toEqual({})
    expect(rulesFor(typeOf('x', [line(undefined)])).lineKeys).toEqual({ item: ['line'] })
  })
  it('do not ask an older document for fields it does not have', () => {
    expect(rulesFor(typeOf('customer', [text('companyname')])).required.map(({ label }) => label)).toEqual([
      'Company Name',
    ])
    expect(rulesFor(typeOf('salesOrder', [])).required).toEqual([])
  })
  it('give the account what is its own on custom records [OAS-084]', () => {
    const custom = typeOf(
      'customrecord_a',
      [text('lastmodified'), text('created'), text('name'), text('recordId')],
      { custom: 'record' },
    )
    expect([...rulesFor(custom).computed]).toEqual(['lastmodified', 'created', 'recordId'])
    expect(rulesFor(custom)).toMatchObject({ defaults: { created: { now: true } }, displayFields: ['name'] })
    expect([...rulesFor(typeOf('thing', [text('created')])).computed]).toEqual([])
  })
})

const words = (list = ''): string[] => list.split(/\s+/).filter(Boolean)

/** The values of the browser's transaction type field. */
const TRANSACTION_CODES = (
  'VendPymt CustCred ItemShip Check CustChrg Journal Opprtnty CustRfnd TrnfrOrd CashRfnd Build Unbuild RevComm SalesOrd ' +
  'TegPybl Deposit WOIssue FinChrg PurchOrd DepAppl ExpRept TegRcvbl WOCompl InvAdjst Transfer Paycheck VendBill ' +
  'YtdAdjst ItemRcpt PChkJrnl Estimate SysJrnl Commissn TaxPymt RtnAuth CustInvc WorkOrd FxReval BinTrnfr LiaAdjst ' +
  'InvDistr LiabPymt RevComRv VendAuth CardRfnd InvWksht VendCred BinWksht Custom CustDep CustPymt WOClose CashSale ' +
  'DeprCust CardChrg InvTrnfr'
).split(' ')

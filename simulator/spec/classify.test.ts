// If this fails, fields of a customer's own document get the wrong kind: references are stored as text, lines are lost.
import { describe, expect, it } from 'vitest'
import { loadDocument } from './load.ts'
import { codes, documentOf, fieldIn, links, load, page, ref } from './spec-test-kit.ts'

describe('scalars', () => {
  it.each([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', format: 'date-time' }, 'date-time'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'number', format: 'double' }, 'double'],
    [{ type: 'number', format: 'float' }, 'float'],
    [{ type: 'number' }, 'double'],
    [{ type: 'integer', format: 'int64' }, 'integer'],
    // The forms of 2019. [OAS-050]
    [{ type: 'integer', format: 'integer' }, 'integer'],
    [{ type: 'number', format: 'integer' }, 'integer'],
  ])('reads %j without an oddity', (schema, type) => {
    const loaded = load(documentOf({ f: schema }))
    expect(fieldIn(loaded, 'f')).toEqual({ name: 'f', kind: 'scalar', type })
    expect(codes(loaded)).toEqual([])
  })
  it.each([
    [{ type: 'array' }, 'array-without-items'], // OAS-068
    [{ type: 'array', items: { type: 'string' } }, 'odd-array'],
    [{ title: 'F' }, 'no-type'],
    [{ type: 'money' }, 'odd-type'],
    [{ type: ['string', 'null'] }, 'odd-type'],
    [{ type: 'object' }, 'empty-object'],
    ['string', 'not-a-schema'],
    [null, 'not-a-schema'],
  ])('keeps %j as any JSON value and says so', (schema, code) => {
    const loaded = load(documentOf({ f: schema }))
    expect(fieldIn(loaded, 'f')).toMatchObject({ kind: 'scalar', type: 'any' })
    expect(loaded.oddities).toMatchObject([{ code, pointer: '/components/schemas/customer/properties/f' }])
  })
  it('ignores an unknown format and says so', () => {
    const loaded = load(documentOf({ f: { type: 'string', format: 'uuid' } }))
    expect(fieldIn(loaded, 'f')).toMatchObject({ type: 'string' })
    expect(codes(loaded)).toEqual(['odd-format'])
  })
  it('trims labels and drops the placeholder of a missing one [OAS-054]', () => {
    const loaded = load(
      documentOf({
        email: { title: ' Email', type: 'string' },
        id: { title: '', type: 'string' },
        addressId: { title: '[Missing Label:addressId]', type: 'string' },
      }),
    )
    expect(fieldIn(loaded, 'email')?.title).toBe('Email')
    expect(fieldIn(loaded, 'id')).not.toHaveProperty('title')
    expect(fieldIn(loaded, 'addressId')).not.toHaveProperty('title')
  })
})

describe('enumerations', () => {
  it('reads the plain and the object form alike [OAS-055]', () => {
    const plain = load(documentOf({ f: { type: 'string', nullable: true, enum: ['1', '-10', '0.5'] } }))
    const object = load(
      documentOf({
        f: {
          type: 'object',
          properties: { id: { type: 'string', enum: ['1', '-10', '0.5'] }, refName: { type: 'string' } },
        },
      }),
    )
    expect(fieldIn(plain, 'f')).toEqual({ name: 'f', kind: 'enum', values: ['1', '-10', '0.5'] })
    expect(fieldIn(object, 'f')).toEqual(fieldIn(plain, 'f'))
    expect([...codes(plain), ...codes(object)]).toEqual([])
  })
  it('reads one that lists no values and says so [OAS-056]', () => {
    const loaded = load(
      documentOf({
        f: { type: 'object', properties: { id: { type: 'string' }, refName: { type: 'string' } } },
      }),
    )
    expect(fieldIn(loaded, 'f')).toEqual({ name: 'f', kind: 'enum', values: [] })
    expect(codes(loaded)).toEqual(['empty-enum'])
  })
  it('reads numbers as strings and says so', () => {
    const loaded = load(documentOf({ f: { type: 'integer', enum: [1, 2] } }))
    expect(fieldIn(loaded, 'f')).toMatchObject({ kind: 'enum', values: ['1', '2'] })
    expect(codes(loaded)).toEqual(['numeric-enum'])
  })
})

describe('references', () => {
  it('takes the full record schema for a reference, itself included [OAS-058]', () => {
    const loaded = load(documentOf({ parent: ref('customer'), other: ref('nsResource') }))
    expect(fieldIn(loaded, 'parent')).toEqual({ name: 'parent', kind: 'reference', targets: ['customer'] })
    expect(fieldIn(loaded, 'other')).toEqual({ name: 'other', kind: 'reference', targets: [] })
    expect(codes(loaded)).toEqual([])
  })
  it('takes oneOf for a reference to any of its members, nsResource aside [OAS-059]', () => {
    const loaded = load(
      documentOf(
        {
          entity: { oneOf: [ref('customer'), ref('vendor'), ref('nsResource')] },
          item: { oneOf: [ref('nsResource')] },
        },
        { vendor: {} },
      ),
    )
    expect(fieldIn(loaded, 'entity')).toMatchObject({ kind: 'reference', targets: ['customer', 'vendor'] })
    expect(fieldIn(loaded, 'item')).toMatchObject({ kind: 'reference', targets: [] })
  })
  it('ignores a member of oneOf that is no reference and says so', () => {
    const loaded = load(documentOf({ entity: { oneOf: [ref('customer'), { type: 'string' }] } }))
    expect(fieldIn(loaded, 'entity')).toMatchObject({ targets: ['customer'] })
    expect(loaded.oddities).toMatchObject([
      { code: 'mixed-one-of', pointer: expect.stringMatching(/\/entity\/oneOf\/1$/) },
    ])
  })
  it.each([
    ['/services/rest/record/v1/metadata-catalog/vendor', ['vendor'], 'outside-ref'],
    [
      'https://1.suitetalk.api.netsuite.com/services/rest/record/v1/metadata-catalog/vendor',
      ['vendor'],
      'outside-ref',
    ],
    ['/rest/platform/v1/metadata-catalog/record/vendor', ['vendor'], 'outside-ref'],
    ['/rest/platform/v1/metadata-catalog/record/', [], 'empty-ref'],
    ['#/components/schemas/gone', [], 'dangling-ref'],
    ['./vendor.json', [], 'foreign-ref'],
    ['https://example.invalid/a.json#/x', [], 'foreign-ref'],
  ])('never opens %s [OAS-061]', ($ref, targets, code) => {
    const loaded = load(documentOf({ f: { $ref } }))
    expect(fieldIn(loaded, 'f')).toEqual({ name: 'f', kind: 'reference', targets })
    expect(codes(loaded)).toEqual([code])
  })
  it('spells a target as the document spells its paths [OAS-009]', () => {
    const loaded = load(documentOf({ f: { $ref: '/services/rest/record/v1/metadata-catalog/CUSTOMER' } }))
    expect(fieldIn(loaded, 'f')).toMatchObject({ targets: ['customer'] })
  })
  it('uses the first member of allOf and says so', () => {
    const loaded = load(documentOf({ f: { allOf: [ref('customer'), { nullable: true }] } }))
    expect(fieldIn(loaded, 'f')).toMatchObject({ kind: 'reference', targets: ['customer'] })
    expect(codes(loaded)).toEqual(['all-of'])
  })
  it('leaves select options and links out', () => {
    const loaded = load(
      documentOf({ s: ref('nsResourceSelectOptions'), l: links }, { nsResourceSelectOptions: {} }),
    )
    expect(fieldIn(loaded, 's')).toBeUndefined()
    expect(fieldIn(loaded, 'links')).toBeUndefined()
  })
})

describe('list pages', () => {
  const line = {
    'customer-linesElement': {
      type: 'object',
      properties: { line: { type: 'integer', format: 'int64' }, links },
    },
  }

  it('tells a sublist from a multi-select [OAS-063, OAS-064]', () => {
    const loaded = load(
      documentOf(
        {
          lines: ref('customer-linesCollection'),
          friends: ref('customerCollection'),
          any: ref('nsResourceCollection'),
        },
        {
          ...line,
          'customer-linesCollection': page(ref('customer-linesElement')),
          customerCollection: page(ref('customer')),
        },
      ),
    )
    expect(fieldIn(loaded, 'lines')).toEqual({
      name: 'lines',
      kind: 'sublist',
      line: { fields: [{ name: 'line', kind: 'scalar', type: 'integer' }] },
    })
    expect(fieldIn(loaded, 'friends')).toEqual({
      name: 'friends',
      kind: 'multiSelect',
      targets: ['customer'],
    })
    expect(fieldIn(loaded, 'any')).toEqual({ name: 'any', kind: 'multiSelect', targets: [] })
    expect(codes(loaded)).toEqual([])
  })
  it('knows the price page by its shape and says so [OAS-042]', () => {
    const loaded = load(
      documentOf(
        { price: ref('customer-price') },
        {
          'customer-price': page(ref('customer-priceElement')),
          'customer-priceElement': { type: 'object', properties: {} },
        },
      ),
    )
    expect(fieldIn(loaded, 'price')).toMatchObject({ kind: 'sublist', line: { fields: [] } })
    expect(loaded.oddities).toMatchObject([
      { code: 'page-name', pointer: '/components/schemas/customer-price' },
    ])
  })
  it('lets the shape decide where the name disagrees, and says so', () => {
    const loaded = load(
      documentOf(
        { a: ref('oddCollection'), b: ref('customer-oddCollection') },
        {
          ...line,
          oddCollection: page(ref('customer-linesElement')),
          'customer-oddCollection': page(ref('customer')),
        },
      ),
    )
    expect(fieldIn(loaded, 'a')?.kind).toBe('sublist')
    expect(fieldIn(loaded, 'b')?.kind).toBe('multiSelect')
    expect(codes(loaded)).toEqual(['list-name', 'list-name'])
  })
  it('reads a polymorphic multi-select', () => {
    const loaded = load(
      documentOf(
        { to: { oneOf: [ref('customerCollection'), ref('nsResourceCollection')] } },
        { customerCollection: page(ref('customer')) },
      ),
    )
    expect(fieldIn(loaded, 'to')).toEqual({ name: 'to', kind: 'multiSelect', targets: ['customer'] })
  })
  it('keeps a sublist without columns [OAS-066]', () => {
    const loaded = load(
      documentOf(
        { notes: ref('customer-notesCollection') },
        {
          'customer-notesCollection': page(ref('customer-notesElement')),
          'customer-notesElement': { type: 'object', properties: { links } },
        },
      ),
    )
    expect(fieldIn(loaded, 'notes')).toEqual({ name: 'notes', kind: 'sublist', line: { fields: [] } })
  })
})

describe('subrecords', () => {
  it('reads one on the body, one on a line, and a sublist inside it [OAS-040, OAS-067]', () => {
    const loaded = load(
      documentOf(
        { billingAddress: ref('customer-billingAddress'), item: ref('customer-itemCollection') },
        {
          'customer-billingAddress': { type: 'object', properties: { city: { type: 'string' } } },
          'customer-itemCollection': page(ref('customer-itemElement')),
          'customer-itemElement': {
            type: 'object',
            properties: { inventoryDetail: ref('customer-item-inventoryDetail') },
          },
          'customer-item-inventoryDetail': {
            type: 'object',
            properties: {
              inventoryAssignment: ref('customer-item-inventoryDetail-inventoryAssignmentCollection'),
            },
          },
          'customer-item-inventoryDetail-inventoryAssignmentCollection': page(
            ref('customer-item-inventoryDetail-inventoryAssignmentElement'),
          ),
          'customer-item-inventoryDetail-inventoryAssignmentElement': {
            type: 'object',
            properties: { quantity: { type: 'number', format: 'float' } },
          },
        },
      ),
    )
    const quantity = { name: 'quantity', kind: 'scalar', type: 'float' }
    const assignment = { name: 'inventoryAssignment', kind: 'sublist', line: { fields: [quantity] } }
    expect(fieldIn(loaded, 'billingAddress')).toMatchObject({
      kind: 'subrecord',
      body: { fields: [{ name: 'city' }] },
    })
    expect(fieldIn(loaded, 'item')).toEqual({
      name: 'item',
      kind: 'sublist',
      line: { fields: [{ name: 'inventoryDetail', kind: 'subrecord', body: { fields: [assignment] } }] },
    })
    expect(codes(loaded)).toEqual([])
  })
  it('cuts a subrecord that contains itself, and says so [OAS-058]', () => {
    const loaded = load(
      documentOf(
        { a: ref('customer-a') },
        {
          'customer-a': { properties: { b: ref('customer-b') } },
          'customer-b': { properties: { a: ref('customer-a') } },
        },
      ),
    )
    const inner = { name: 'a', kind: 'scalar', type: 'any' }
    expect(fieldIn(loaded, 'a')).toMatchObject({
      kind: 'subrecord',
      body: { fields: [{ name: 'b', body: { fields: [inner] } }] },
    })
    expect(loaded.oddities).toMatchObject([
      { code: 'cycle', pointer: '/components/schemas/customer-b/properties/a' },
    ])
  })
  it('cuts a sublist whose lines contain it', () => {
    const loaded = load(
      documentOf(
        { l: ref('customer-lCollection') },
        {
          'customer-lCollection': page(ref('customer-lElement')),
          'customer-lElement': { properties: { l: ref('customer-lCollection') } },
        },
      ),
    )
    expect(fieldIn(loaded, 'l')).toMatchObject({
      kind: 'sublist',
      line: { fields: [{ name: 'l', type: 'any' }] },
    })
    expect(codes(loaded)).toEqual(['cycle'])
  })
  it('cuts what nests too deep, in place or by name', () => {
    // JSON.stringify would run out of stack on this one; the text is written by hand.
    const deep = `${'{"type":"object","properties":{"f":'.repeat(5000)}{"type":"string"}${'}}'.repeat(5000)}`
    const text = JSON.stringify(documentOf({ f: 'HERE' })).replace('"HERE"', deep)
    const named = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [
        `customer-${i}`,
        { properties: { f: ref(`customer-${i + 1}`) } },
      ]),
    )
    expect(codes(loadDocument(text, 'deep.json'))).toContain('too-deep')
    expect(codes(load(documentOf({ f: ref('customer-0') }, named)))).toContain('too-deep')
  })
})

describe('customisation', () => {
  it('knows custom fields by marker or prefix, and customForm as standard [OAS-082]', () => {
    const loaded = load(
      documentOf({
        custentity_a: { type: 'string', 'x-ns-custom-field': true },
        oddlynamed: { type: 'string', 'x-ns-custom-field': true },
        custbody_ref: ref('nsResource'),
        customForm: ref('nsResource'),
        customerCode: { type: 'string' },
      }),
    )
    const custom = loaded.types[0]!.body.fields.filter((field) => field.custom).map(({ name }) => name)
    expect(custom).toEqual(['custentity_a', 'oddlynamed', 'custbody_ref'])
  })
  it('does not take the built-in fields of a custom record for custom ones [OAS-083]', () => {
    const marked = { type: 'string', 'x-ns-custom-field': true }
    const loaded = load(
      documentOf(
        { name: marked, id: marked, custrecord_x: marked, extra: marked },
        {},
        {},
        { 'x-ns-custom-record': true },
      ),
    )
    expect(loaded.types[0]).toMatchObject({ custom: 'record' })
    const custom = loaded.types[0]!.body.fields.filter((field) => field.custom).map(({ name }) => name)
    expect(custom).toEqual(['custrecord_x', 'extra'])
  })
})

describe('schema keywords', () => {
  it('keeps the filterable names that are fields [OAS-080]', () => {
    const loaded = load(
      documentOf({ a: { type: 'string' } }, {}, {}, { 'x-ns-filterable': ['A', 'gone', 7] }),
    )
    expect(loaded.types[0]!.body.filterable).toEqual(['A'])
    expect(codes(loaded)).toEqual(['odd-filterable', 'odd-filterable'])
    expect(load(documentOf({})).types[0]!.body).not.toHaveProperty('filterable')
  })
  it.each([
    [{ present: false }, { present: false, new: [], existing: [] }, []],
    [
      { present: true, value: { new: ['orderLine'], existing: ['line'] } },
      { present: true, new: ['orderLine'], existing: ['line'] },
      [],
    ],
    [{ present: true }, undefined, ['odd-sublist-key']],
    ['line', undefined, ['odd-sublist-key']],
  ])('reads the line key %j [OAS-065]', (key, lineKey, oddities) => {
    const loaded = load(
      documentOf(
        { l: ref('customer-lCollection') },
        {
          'customer-lCollection': page(ref('customer-lElement')),
          'customer-lElement': { properties: {}, 'x-ns-sublistkey': key },
        },
      ),
    )
    expect(fieldIn(loaded, 'l')).toEqual({
      name: 'l',
      kind: 'sublist',
      line: { fields: [], ...(lineKey && { lineKey }) },
    })
    expect(codes(loaded)).toEqual(oddities)
  })
  it('says what it does not enforce and what it does not know [OAS-051]', () => {
    const loaded = load(
      documentOf({ a: { type: 'string', maxLength: 3, 'x-ns-novelty': true } }, {}, {}, { required: ['a'] }),
    )
    expect(loaded.oddities.map(({ code, pointer }) => [code, pointer.split('/').at(-1)])).toEqual([
      ['ignored-keyword', 'required'],
      ['ignored-keyword', 'maxLength'],
      ['unknown-key', 'x-ns-novelty'],
    ])
  })
  it('keeps fields that differ in case only, and says so [OAS-046]', () => {
    const loaded = load(documentOf({ VSOEDeferral: { type: 'string' }, vsoeDeferral: { type: 'boolean' } }))
    expect(fieldIn(loaded, 'vsoeDeferral')).toMatchObject({ type: 'boolean' })
    expect(fieldIn(loaded, 'VSOEDeferral')).toMatchObject({ type: 'string' })
    expect(codes(loaded)).toEqual(['case-twin'])
  })
})

// If this fails, the JSON schema answer of one record cannot be used as a document any more.
import { describe, expect, it } from 'vitest'
import { findField } from './catalogue.ts'
import { codes, load, refusal } from './spec-test-kit.ts'

const outside = (name: string) => ({ $ref: `/rest/platform/v1/metadata-catalog/record/${name}` })
const list = (items: object) => ({
  type: 'object',
  properties: {
    totalResults: { type: 'integer' },
    hasMore: { type: 'boolean' },
    items: { type: 'array', items },
  },
})
const links = { type: 'array', readOnly: true, items: outside('x-ns-link') }
const schemaOf = (properties: object, more: object = {}) => ({
  type: 'object',
  properties: { ...properties, links },
  ...more,
})

describe('a JSON schema answer [OAS-087]', () => {
  it('has lists in place, references outside or in place, and all methods', () => {
    const reference = {
      id: { type: 'string' },
      refName: { type: 'string' },
      externalId: { type: 'string' },
      links,
    }
    const loaded = load(
      schemaOf({
        terms: outside('term'),
        salesRep: { type: 'object', properties: reference },
        contactList: outside('contactCollection'),
        friends: list({ type: 'object', properties: reference }),
        addressbook: list({
          type: 'object',
          properties: {
            label: { type: 'string' },
            address: { type: 'object', properties: { city: { type: 'string' }, links } },
            links,
          },
        }),
      }),
      'folder/customer.json',
    )
    const { body, methods, name } = loaded.types[0]!
    expect(name).toBe('customer')
    expect(methods.collection).toEqual(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'])
    expect(findField(body, 'terms')).toMatchObject({ kind: 'reference', targets: ['term'] })
    expect(findField(body, 'salesRep')).toMatchObject({ kind: 'reference', targets: [] })
    expect(findField(body, 'contactList')).toMatchObject({ kind: 'multiSelect', targets: ['contact'] })
    expect(findField(body, 'friends')).toMatchObject({ kind: 'multiSelect', targets: [] })
    expect(findField(body, 'addressbook')).toMatchObject({
      kind: 'sublist',
      line: {
        fields: [
          { name: 'label' },
          { name: 'address', kind: 'subrecord', body: { fields: [{ name: 'city' }] } },
        ],
      },
    })
    expect(codes(loaded)).toEqual(['name-from-file', 'methods-assumed'])
  })
  it.each([
    ['customer_metadata_properties.json', {}, 'customer'],
    ['C:\\docs\\customrecord_rental_unit.schema.json', {}, 'customrecord_rental_unit'],
    ['x.json', { $id: 'https://h/services/rest/record/v1/metadata-catalog/salesorder' }, 'salesorder'],
  ])('takes the name of %s', (file, more, name) => {
    expect(load(schemaOf({}, more), file).types[0]!.name).toBe(name)
  })
  it('asks for a name when the file has none', () => {
    expect(refusal(JSON.stringify(schemaOf({})), '2024-01-01.json').details.mend).toMatch(/rename the file/)
  })
})

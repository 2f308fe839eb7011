/** If this fails, generators and clients that read the metadata catalogue find less than in a real document. */
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from './bundled.ts'
import type { RecordType } from './catalogue.ts'
import { load } from './spec-test-kit.ts'
import { toJsonSchema, toOpenApi } from './write.ts'

const SERVER = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'
const catalogue = loadBundledCatalogue()
const named = (...names: string[]): RecordType[] => names.map((name) => catalogue.find(name)!)

interface Operation {
  readonly tags: string[]
  readonly parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[]
  readonly requestBody?: { content: Record<string, { schema: unknown }> }
  readonly responses: Record<string, { content?: Record<string, unknown>; headers?: object }>
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, { properties: Record<string, unknown> }> }
}
const documentOf = (...names: string[]) =>
  toOpenApi(named(...names), { server: SERVER }) as unknown as Document
const parametersOf = ({ parameters }: Operation) =>
  parameters.map(({ name, required }) => (required ? `${name}!` : name))

describe('an OpenAPI document', () => {
  const document = documentOf('customer', 'salesOrder', 'contact')
  const { paths, components } = document

  it('has the head of a real one, one server and one security scheme [OAS-001..004, REC-240]', () => {
    expect(document).toMatchObject({
      openapi: '3.0.1',
      info: { title: 'NetSuite REST Record API', version: 'v1' },
      servers: [{ url: SERVER }],
      security: [{ 'OAuth_1.0_authorization': [] }],
      components: {
        securitySchemes: {
          'OAuth_1.0_authorization': { type: 'apiKey', name: 'authorization', in: 'header' },
        },
      },
    })
    expect(Object.keys(document)).toEqual(['openapi', 'info', 'servers', 'security', 'paths', 'components'])
  })
  it('says of a list how it is filtered and paged [OAS-010]', () => {
    const { get } = paths['/customer']!
    expect(parametersOf(get!)).toEqual([
      'Prefer',
      'X-NetSuite-Idempotency-Key',
      'q',
      'limit',
      'offset',
      'expandRecords',
      'ids',
    ])
    const limit = get!.parameters.find(({ name }) => name === 'limit')
    expect(limit).toMatchObject({ in: 'query', schema: { type: 'integer', format: 'int32', default: 1000 } })
  })
  it('says of writes how strict they are and what they replace [OAS-011, OAS-014, OAS-017, OAS-018]', () => {
    const { post } = paths['/customer']!
    expect(parametersOf(post!)).toEqual(
      expect.arrayContaining(['replace', 'fields', 'expandSubResources', 'expand', 'Accept', 'Prefer']),
    )
    const { patch } = paths['/customer/{id}']!
    expect(parametersOf(patch!)).toEqual(expect.arrayContaining(['id!', 'replace', 'replaceSelectedFields']))
    for (const operation of [post!, patch!]) {
      expect(operation.parameters).toEqual(
        expect.arrayContaining([
          {
            name: 'X-NetSuite-PropertyNameValidation',
            in: 'header',
            required: false,
            schema: { type: 'string', enum: ['Error', 'Warning', 'Ignore'], default: 'Warning' },
          },
          {
            name: 'X-NetSuite-PropertyValueValidation',
            in: 'header',
            required: false,
            schema: { type: 'string', enum: ['Error', 'Warning', 'Ignore'], default: 'Error' },
          },
        ]),
      )
    }
    const replace = post!.parameters.find(({ name }) => name === 'replace')
    expect(replace).toMatchObject({
      examples: { 'sublist on subrecord': { value: 'subrecord.sublist' } },
    })
  })
  it('says of batches that they need Prefer, and of a multi-delete its ids [OAS-012]', () => {
    const { put, patch, delete: remove } = paths['/customer']!
    expect([put!, patch!, remove!].map(parametersOf)).toEqual([
      ['Prefer!', 'X-NetSuite-Idempotency-Key'],
      ['Prefer!', 'X-NetSuite-Idempotency-Key'],
      ['Prefer!', 'X-NetSuite-Idempotency-Key', 'ids!'],
    ])
    expect(put!.requestBody).toMatchObject({
      content: {
        'application/vnd.oracle.resource+json; type=collection': {
          schema: { $ref: '#/components/schemas/customerCollection' },
        },
      },
    })
    expect([put!, patch!, remove!].map(({ responses }) => Object.keys(responses))).toEqual([
      ['202', 'default'],
      ['202', 'default'],
      ['202', 'default'],
    ])
  })
  it('says of a record how it is read and upserted [OAS-013, OAS-015]', () => {
    const { get, put } = paths['/customer/{id}']!
    expect(parametersOf(get!)).toEqual([
      'Prefer',
      'X-NetSuite-Idempotency-Key',
      'id!',
      'expandSubResources',
      'simpleEnumFormat',
      'fields',
    ])
    const id = (operation: Operation) => operation.parameters.find(({ name }) => name === 'id')!.schema
    expect(id(get!)).toEqual({ type: 'integer', format: 'int32' })
    expect(id(put!)).toEqual({ type: 'string', pattern: 'eid:(.+)' })
  })
  it('says which headers come back, and errors only as default [OAS-030, OAS-032]', () => {
    const { post, get } = { ...paths['/customer/{id}'], ...paths['/customer'] } as Record<string, Operation>
    expect(Object.keys(post!.responses['204']!.headers!)).toEqual([
      'X-NetSuite-PropertyValidation',
      'X-NetSuite-Warning',
    ])
    expect(Object.keys(get!.responses)).toEqual(['200', '202', 'default'])
    expect(get!.responses.default!.content).toEqual({
      'application/vnd.oracle.resource+json; type=error': {
        schema: { $ref: '#/components/schemas/nsError' },
      },
    })
  })
  it('has transforms with the schema of what is made, outside when it is not selected [OAS-019, OAS-061]', () => {
    const bodyOf = (path: string) =>
      paths[path]!.post!.requestBody!.content['application/vnd.oracle.resource+json; type=singular']!.schema
    expect(bodyOf('/customer/{id}/!transform/salesOrder')).toEqual({
      $ref: '#/components/schemas/salesOrder',
    })
    expect(bodyOf('/salesOrder/{id}/!transform/invoice')).toEqual({
      $ref: '/services/rest/record/v1/metadata-catalog/invoice',
    })
  })
  it('has attach and detach where contacts can be attached, 27 types of the bundle [OAS-021, OAS-005]', () => {
    const attach = paths['/customer/{targetId}/!attach/contact/{attachmentId}']!.post!
    expect(parametersOf(attach)).toEqual([
      'targetId!',
      'attachmentId!',
      'Prefer',
      'X-NetSuite-Idempotency-Key',
    ])
    expect(Object.keys(attach.responses)).toEqual(['202', '204'])
    expect(paths['/customer/{targetId}/!detach/contact/{attachmentId}']).toBeDefined()
    expect(paths['/contact/{targetId}/!attach/contact/{attachmentId}']).toBeUndefined()
    const whole = toOpenApi(catalogue.types, { server: SERVER }) as unknown as Document
    const all = Object.keys(whole.paths)
    expect(all.filter((path) => path.includes('!attach'))).toHaveLength(27)
  })
  it('has no path of a sublist and no operationId [OAS-007, OAS-022, REC-164]', () => {
    expect(Object.keys(paths).filter((path) => /\}\/[^!]/.test(path))).toEqual([])
    expect(JSON.stringify(document)).not.toContain('operationId')
  })
  it('names schemas as the browser does, select options among them [REC-233, OAS-040, OAS-042, OAS-071]', () => {
    const names = Object.keys(components.schemas)
    expect(names).toEqual(
      expect.arrayContaining([
        'customer',
        'customerCollection',
        'customer-addressBookCollection',
        'customer-addressBookElement',
        'customer-addressBook-addressBookAddress',
        'salesOrder-item-inventoryDetail-inventoryAssignmentElement',
        'customerSelectOptions',
        ...['nsError', 'nsLink', 'nsResource', 'nsResourceCollection', 'nsResourceSelectOptions'],
      ]),
    )
    const options = components.schemas.customerSelectOptions!.properties
    expect(options.subsidiary).toEqual({ $ref: '#/components/schemas/nsResourceSelectOptions' })
    expect(options.emailPreference).toEqual({ $ref: '#/components/schemas/nsResourceSelectOptions' })
    expect(options).not.toHaveProperty('companyName')
  })
  it('gives types that are not selected no structure [REC-236, OAS-061]', () => {
    const { properties } = components.schemas.customer!
    expect(properties.parent).toEqual({ $ref: '#/components/schemas/customer' })
    expect(properties.subsidiary).toEqual({ $ref: '#/components/schemas/nsResource' })
    expect(components.schemas).not.toHaveProperty('subsidiary')
  })
  it('marks no field as required and only scalars as nullable [REC-238, OAS-051, OAS-052]', () => {
    const { properties } = components.schemas.customer!
    expect(components.schemas.customer).not.toHaveProperty('required')
    expect(properties.companyName).toEqual({ type: 'string', nullable: true })
    expect(properties.isPerson).toEqual({ type: 'boolean' })
  })
})

describe('customisation', () => {
  const field = { kind: 'scalar', type: 'string' } as const
  const review: RecordType = {
    name: 'customrecord_review',
    custom: 'record',
    body: {
      fields: [
        { ...field, name: 'name', title: 'Name' },
        { ...field, name: 'custrecord_text', custom: true },
        { name: 'custrecord_who', kind: 'reference', targets: [], custom: true },
      ],
      filterable: ['name', 'custrecord_who'],
    },
    transforms: [],
    methods: { collection: ['GET', 'POST'], instance: ['GET'] },
  }

  it('is marked as real documents mark it, and read back [OAS-080, OAS-082..084, REC-234]', () => {
    const document = toOpenApi([review], { server: SERVER })
    const schema = (document as unknown as Document).components.schemas.customrecord_review
    expect(schema).toMatchObject({
      'x-ns-custom-record': true,
      'x-ns-filterable': ['name', 'custrecord_who'],
      properties: {
        name: { title: 'Name', type: 'string', 'x-ns-custom-field': true, nullable: true },
        custrecord_text: { 'x-ns-custom-field': true },
        // A bare reference carries nothing beside it.
        custrecord_who: { $ref: '#/components/schemas/nsResource' },
      },
    })
    expect(load(document).types).toEqual([review])
  })
})

describe('a JSON schema', () => {
  it('is a draft-06 hyper-schema with sublists in place and references as URLs [REC-232, REC-235, OAS-087]', () => {
    const schema = toJsonSchema(named('salesOrder')[0]!, { server: SERVER }) as {
      $schema: string
      properties: Record<string, { properties: { items: { items: { properties: object } } } }>
    }
    expect(schema.$schema).toBe('https://json-schema.org/draft-06/hyper-schema#')
    expect(schema).not.toHaveProperty('paths')
    expect(schema.properties.links).toMatchObject({
      items: { $ref: '/services/rest/record/v1/metadata-catalog/nsLink' },
    })
    expect(schema.properties.subsidiary).toEqual({
      $ref: '/services/rest/record/v1/metadata-catalog/subsidiary',
    })
    expect(schema.properties.item!.properties.items.items.properties).toHaveProperty('quantity')
    expect(JSON.stringify(schema)).not.toContain('#/components')
  })
})

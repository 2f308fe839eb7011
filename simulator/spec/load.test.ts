// If this fails, record types of a customer's document are missing or wrong, or a bad file is refused without help.
import { describe, expect, it } from 'vitest'
import { loadDocument } from './load.ts'
import { codes, documentOf, load, page, pathsOf, ref, refusal, typeIn } from './spec-test-kit.ts'

describe('paths', () => {
  it('takes record types from the first segment, methods as listed, transforms in order [OAS-008, OAS-019]', () => {
    const post = { post: { tags: ['anything'] } }
    const loaded = load(
      documentOf(
        {},
        { vendor: {} },
        {
          '/customer/{id}/!transform/vendor': post,
          '/customer/{id}/!transform/invoice': post,
          '/vendor/': { get: {} },
        },
      ),
    )
    expect(loaded.types.map(({ name }) => name)).toEqual(['customer', 'vendor'])
    expect(typeIn(loaded, 'customer')).toMatchObject({
      transforms: ['vendor', 'invoice'],
      methods: { collection: ['GET', 'POST'], instance: ['GET', 'PATCH', 'PUT', 'DELETE'] },
    })
    expect(typeIn(loaded, 'vendor').methods).toEqual({ collection: ['GET'], instance: [] })
    expect(codes(loaded)).toEqual([])
  })
  it('merges {id} and {targetId}, and knows attach and detach [OAS-021]', () => {
    const loaded = load({
      ...documentOf({}),
      paths: {
        '/customer/{id}': { get: {} },
        '/customer/{targetId}': { delete: {} },
        '/customer/{targetId}/!attach/contact/{attachmentId}': { post: {} },
        '/customer/{targetId}/!detach/contact/{attachmentId}': { post: {} },
      },
    })
    expect(typeIn(loaded, 'customer').methods.instance).toEqual(['GET', 'DELETE'])
    expect(codes(loaded)).toEqual([])
  })
  it('takes names that differ in case for one type, and says so [OAS-009]', () => {
    const loaded = load(documentOf({}, {}, { '/CUSTOMER/{id}': { get: {} } }))
    expect(loaded.types).toHaveLength(1)
    expect(loaded.oddities).toMatchObject([{ code: 'case-twin', pointer: '/paths/~1CUSTOMER~1{id}' }])
  })
  it('says what it ignores', () => {
    const loaded = load(
      documentOf(
        {},
        { vendor: {} },
        {
          '/customer/{id}/item': { get: {} },
          '/{type}': { get: {} },
          'query/v1/suiteql': { post: {} },
          '/customer/{id}/!transform/x': { get: {} },
          '/constructor': { get: {} },
          '/vendor': { trace: {}, get: 'x', parameters: [], delete: {} },
        },
      ),
    )
    expect(codes(loaded)).toEqual([
      ...['unknown-path', 'unknown-path', 'unknown-path'],
      ...['unknown-method', 'unsafe-name', 'unknown-method', 'unknown-method'],
    ])
  })
  it('finds the body by the $ref of an operation, else by name without regard to case', () => {
    const loaded = load(
      documentOf(
        {},
        {
          VENDOR: { properties: { a: { type: 'string' } } },
          thing: { properties: { b: { type: 'string' } } },
        },
        {
          '/vendor/{id}': { delete: {} },
          '/item/{id}': {
            patch: {
              requestBody: {
                content: {
                  'application/vnd.oracle.resource+json; TYPE="singular"': { schema: ref('thing') },
                },
              },
            },
          },
          '/inline/{id}': {
            get: {
              responses: {
                200: {
                  content: { 'application/json': { schema: { properties: { c: { type: 'string' } } } } },
                },
              },
            },
          },
        },
      ),
    )
    const names = loaded.types.map((type) => [type.name, ...type.body.fields.map(({ name }) => name)])
    expect(names).toEqual([['customer'], ['vendor', 'a'], ['item', 'b'], ['inline', 'c']])
  })
  it('does not take a list body or a form for the record [OAS-011, OAS-012]', () => {
    const content = (type: string, name: string) => ({
      content: { [`application/vnd.oracle.resource+json; type=${type}`]: { schema: ref(name) } },
    })
    const loaded = load({
      ...documentOf({ a: { type: 'string' } }, { customerCollection: page(ref('customer')) }),
      paths: {
        '/customer': {
          put: { requestBody: content('collection', 'customerCollection') },
          post: { responses: { 200: content('create-form', 'customer') } },
        },
        '/customer/{id}': {
          get: {
            responses: {
              200: {
                content: {
                  ...content('edit-form', 'gone').content,
                  ...content('singular', 'customer').content,
                },
              },
            },
          },
        },
      },
    })
    expect(typeIn(loaded, 'customer').body.fields).toHaveLength(1)
    expect(codes(loaded)).toEqual([])
  })
  it('says that a transform leaves the document and that its answer declares a body [OAS-033, OAS-061]', () => {
    const schema = { $ref: '/services/rest/record/v1/metadata-catalog/invoice' }
    const content = { 'application/vnd.oracle.resource+json; type=singular': { schema } }
    const loaded = load(
      documentOf(
        {},
        {},
        {
          '/customer/{id}/!transform/invoice': {
            post: { requestBody: { content }, responses: { 204: { content } } },
          },
        },
      ),
    )
    expect(typeIn(loaded, 'customer').transforms).toEqual(['invoice'])
    expect(codes(loaded)).toEqual(['outside-ref', 'content-on-204'])
  })
  it('names custom records and lists [OAS-085]', () => {
    const names = ['customrecord46', 'customrecord_a_b', 'customlist_x', 'custom']
    const loaded = load(
      documentOf(
        {},
        Object.fromEntries(names.map((name) => [name, {}])),
        Object.assign({}, ...names.map(pathsOf)),
      ),
    )
    expect(loaded.types.map(({ custom }) => custom)).toEqual([
      undefined,
      'record',
      'record',
      'list',
      undefined,
    ])
  })
  it('says which schemas belong to no record type, the service’s own aside', () => {
    const loaded = load(
      documentOf(
        { to: ref('contactCollection') },
        {
          customerCollection: page(ref('customer')),
          customerSelectOptions: {},
          contactCollection: page(ref('contact')),
          'vendor-address': { properties: {} },
        },
      ),
    )
    expect(loaded.oddities).toEqual([
      {
        code: 'orphan-schema',
        pointer: '/components/schemas/vendor-address',
        message: expect.stringContaining('vendor-address'),
      },
    ])
  })
})

describe('hostile names', () => {
  it('leaves out what every object has, in fields, schemas and types', () => {
    const text = JSON.stringify(
      documentOf(
        { PROTO: { type: 'string' }, constructor: { type: 'string' }, a: { type: 'string' } },
        { PROTO: {} },
      ),
    )
    const loaded = loadDocument(text.replaceAll('PROTO', '__proto__'), 'x.json')
    expect(loaded.types[0]!.body.fields.map(({ name }) => name)).toEqual(['a'])
    expect(codes(loaded)).toEqual(['unsafe-name', 'unsafe-name', 'unsafe-name'])
    expect(({} as Record<string, unknown>).type).toBeUndefined()
  })
  it('does not find a schema that only every object has', () => {
    const loaded = load(documentOf({ f: ref('toString'), g: { type: 'valueOf' } }))
    expect(codes(loaded)).toEqual(['dangling-ref', 'odd-type'])
  })
})

describe('what it says of the document', () => {
  it('keeps nothing of the description, which names a user [OAS-002]', () => {
    const document = documentOf({})
    const loaded = load({
      ...document,
      info: { title: 'NetSuite', description: 'by somebody@example.invalid' },
    })
    expect(JSON.stringify(loaded)).not.toContain('somebody')
    expect(loaded.info).toEqual({ form: 'openapi', file: 'account.json', openapi: '3.0.1', schemaCount: 5 })
  })
  it('reads a file with a byte order mark and unknown keys, and says so', () => {
    const loaded = loadDocument(`\uFEFF${JSON.stringify({ ...documentOf({}), 'x-imported': 1 })}`, 'x.json')
    expect(codes(loaded)).toEqual(['byte-order-mark', 'unknown-key'])
  })
})

describe('refusals', () => {
  it('points at the line of what is not JSON', () => {
    const { message, details } = refusal('{\n  "openapi": "3.0.1",\n  "paths": {,}\n}')
    expect(message).toBe('the file is not JSON')
    expect(details).toMatchObject({
      file: 'account.json',
      line: 3,
      expected: expect.stringContaining('a name'),
    })
  })
  it('knows YAML and pages by sight', () => {
    expect(refusal('openapi: 3.0.1\npaths:\n').details.mend).toMatch(/only JSON is read/)
    expect(refusal('# made by us\n---\nopenapi: 3.0.1\n').message).toMatch(/YAML/)
    expect(refusal('<!doctype html><html></html>').details.mend).toMatch(/login/)
    expect(refusal('').message).toBe('the file is empty')
  })
  it.each([
    ['a list', [], ''],
    ['a number', 7, ''],
    ['nothing of either', {}, ''],
    ['the list of record types', { items: [{ name: 'customer', links: [] }], links: [] }, '/items'],
    ['an error answer', { type: 'x', 'o:errorDetails': [] }, '/o:errorDetails'],
    ['Swagger 2', { swagger: '2.0', paths: {} }, '/swagger'],
    ['a document without paths', { openapi: '3.0.1', info: { title: 'NetSuite' } }, '/paths'],
    ['a document without record paths', { ...documentOf({}), paths: { '/{x}': {} } }, '/paths'],
    [
      'somebody else’s document',
      { openapi: '3.0.1', paths: { '/pets': { get: {} } }, components: { schemas: { pets: {} } } },
      '',
    ],
    ['the JSON schema of something else', { $schema: 'x', properties: { a: {} } }, '/properties'],
  ])('refuses %s and says what to fetch', (_, document, pointer) => {
    const { details } = refusal(JSON.stringify(document))
    expect(details.pointer).toBe(pointer)
    expect(details.expected).toBeTruthy()
    expect(details.mend).toMatch(/metadata-catalog/)
  })
  it('points at a body whose schema is missing', () => {
    const broken = documentOf({}, {}, pathsOf('vendor'))
    const { message, details } = refusal(JSON.stringify(broken))
    expect(message).toContain("'#/components/schemas/vendor'")
    expect(details.pointer).toBe(
      '/paths/~1vendor/post/requestBody/content/application~1vnd.oracle.resource+json; type=singular/schema/$ref',
    )
    expect(refusal(JSON.stringify(documentOf({}, {}, { '/vendor': { get: {} } }))).details.pointer).toBe(
      '/paths/~1vendor',
    )
  })
  it('refuses what is deep beyond measure without running out of stack', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(refusal(deep).details.pointer).toBe('')
    expect(refusal(`{"a":${deep}}`).message).toMatch(/neither/)
    expect(
      codes(loadDocument(JSON.stringify(documentOf({ f: 'HERE' })).replace('"HERE"', deep), 'x')),
    ).toEqual(['not-a-schema'])
  })
})

/** If this fails, a client that discovers the account by its metadata catalogue sees another account. */
import { describe, expect, it } from 'vitest'
import { createCatalogue, type RecordType } from '../spec/catalogue.ts'
import { loadDocument } from '../spec/load.ts'
import { accountWithRole, createTestAccount, type TestAnswer } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'
const OPEN_API = { accept: 'application/swagger+json' }
const SCHEMA = { accept: 'application/schema+json' }

const namesIn = ({ json }: TestAnswer) => (json.items as { name: string }[]).map(({ name }) => name)
const seen = ({ status, error }: TestAnswer) => [status, error?.['o:errorCode'], error?.detail]

describe('the list', () => {
  it('names every type in lower case with four links, as captured [REC-230, OAS-009]', async () => {
    const { send } = createTestAccount()
    const answer = await send('GET', 'metadata-catalog')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=UTF-8'])
    expect(namesIn(answer)).toHaveLength(206)
    expect(Object.keys(answer.json)).toEqual(['items', 'links'])
    expect(
      (answer.json.items as unknown[]).find((item) => (item as { name: string }).name === 'salesorder'),
    ).toEqual({
      name: 'salesorder',
      links: [
        {
          rel: 'canonical',
          href: `${HOST}/metadata-catalog/salesorder`,
          mediaType: 'application/schema+json',
        },
        {
          rel: 'alternate',
          href: `${HOST}/metadata-catalog/salesorder`,
          mediaType: 'application/swagger+json',
        },
        {
          rel: 'alternate',
          href: `${HOST}/metadata-catalog/salesorder`,
          mediaType: 'application/schema+json',
        },
        { rel: 'describes', href: `${HOST}/salesorder`, mediaType: 'application/json' },
      ],
    })
    expect(answer.json.links).toEqual([
      { rel: 'canonical', href: `${HOST}/metadata-catalog/`, mediaType: 'application/json' },
    ])
  })
  it('has the media types of the help when the profile says so [REC-230]', async () => {
    const { send } = createTestAccount({ profile: { settings: { metadataLinks: 'documented' } } })
    const { json } = await send('GET', 'metadata-catalog/customer')
    expect((json.items as { links: unknown[] }[])[0]!.links).toEqual([
      { rel: 'canonical', href: `${HOST}/metadata-catalog/customer`, mediaType: 'application/json' },
      { rel: 'alternate', href: `${HOST}/metadata-catalog/customer`, mediaType: 'application/swagger+json' },
      { rel: 'alternate', href: `${HOST}/metadata-catalog/customer`, mediaType: 'application/schema+json' },
      { rel: 'describes', href: `${HOST}/customer` },
    ])
  })
  it('is restricted by select and by the path, names in any case [REC-231]', async () => {
    const { send } = createTestAccount()
    for (const path of [
      'metadata-catalog?select=SALESORDER,customer',
      'metadata-catalog?select=customer,%20salesOrder',
      'metadata-catalog/Customer,salesorder',
      'metadata-catalog/?select=customer,salesorder',
    ]) {
      expect(namesIn(await send('GET', path))).toEqual(['customer', 'salesorder'])
    }
  })
  it('answers a space after the comma of the path with INVALID_REQUEST [REC-231, REC-E07]', async () => {
    const { send } = createTestAccount()
    expect(seen(await send('GET', 'metadata-catalog/customer,%20salesorder'))).toEqual([
      400,
      'INVALID_REQUEST',
      'The request could not be understood by the server due to malformed syntax.',
    ])
  })
  it('answers 404 for an unknown type, 405 for a write, 406 for HTML [OPQ-011, REC-501, REC-502]', async () => {
    const { send } = createTestAccount()
    expect(seen(await send('GET', 'metadata-catalog/file'))).toEqual([
      404,
      'NONEXISTENT_ID',
      "Record type 'file' does not exist.",
    ])
    expect((await send('GET', 'metadata-catalog?select=file', undefined, OPEN_API)).status).toBe(404)
    expect((await send('POST', 'metadata-catalog', {})).status).toBe(405)
    const html = await send('GET', 'metadata-catalog', undefined, { accept: 'text/html' })
    expect([html.status, html.error?.['o:errorHeader']]).toEqual([406, 'Accept'])
    const browser = await send('GET', 'metadata-catalog', undefined, { accept: 'text/html,*/*;q=0.8' })
    expect(browser.status).toBe(200)
  })
})

describe('a document', () => {
  it('is OpenAPI for application/swagger+json, of the selected types [REC-231, REC-232]', async () => {
    const { send } = createTestAccount()
    const answer = await send('GET', 'metadata-catalog?select=customer,salesorder', undefined, OPEN_API)
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'application/swagger+json; charset=UTF-8',
    ])
    expect(loadDocument(answer.body, 'x.json').types.map(({ name }) => name)).toEqual([
      'customer',
      'salesOrder',
    ])
    expect(answer.json.servers).toEqual([{ url: HOST }])
  })
  it('is JSON schema for application/schema+json, of one type [REC-232, REC-235]', async () => {
    const { send } = createTestAccount()
    const answer = await send('GET', 'metadata-catalog/salesorder', undefined, SCHEMA)
    expect(answer.headers['content-type']).toBe('application/schema+json; charset=UTF-8')
    expect(loadDocument(answer.body, 'x.json').types[0]!.name).toBe('salesOrder')
    for (const path of ['metadata-catalog', 'metadata-catalog?select=customer,salesorder']) {
      expect(seen(await send('GET', path, undefined, SCHEMA)).slice(0, 2)).toEqual([400, 'INVALID_REQUEST'])
    }
  })
  it('refers only to schemas that can be fetched [REC-235]', async () => {
    const { send } = createTestAccount()
    const { body } = await send('GET', 'metadata-catalog/customer', undefined, SCHEMA)
    const refs = new Set([...body.matchAll(/"\$ref":"([^"]+)"/g)].map(([, url]) => url!))
    expect(refs).toContain('/services/rest/record/v1/metadata-catalog/nsLink')
    expect(refs).toContain('/services/rest/record/v1/metadata-catalog/contactcollection')
    for (const url of refs)
      expect([url, (await send('GET', url, undefined, SCHEMA)).status]).toEqual([url, 200])
  })
  it('of the whole account is the same text the second time, and made once [REC-239]', async () => {
    const { send } = createTestAccount()
    const first = await send('GET', 'metadata-catalog', undefined, OPEN_API)
    const again = await send('GET', 'metadata-catalog', undefined, OPEN_API)
    expect(loadDocument(first.body, 'x.json').types).toHaveLength(206)
    expect(again.body).toBe(first.body)
  })
  it('holds custom fields, custom records and custom lists of the account [REC-239, OAS-006, OAS-085]', async () => {
    const types: RecordType[] = (['customrecord_x', 'customlist_y'] as const).map((name) => ({
      name,
      custom: name.startsWith('customlist') ? 'list' : 'record',
      body: { fields: [{ name: 'custrecord_z', kind: 'scalar', type: 'string', custom: true }] },
      transforms: [],
      methods: { collection: ['GET'], instance: ['GET'] },
    }))
    const { send } = createTestAccount({ catalogue: createCatalogue(types) })
    const { body } = await send('GET', 'metadata-catalog', undefined, OPEN_API)
    expect(loadDocument(body, 'x.json').types).toEqual(types)
    expect(namesIn(await send('GET', 'metadata-catalog'))).toEqual(['customrecord_x', 'customlist_y'])
  })
})

describe('a role', () => {
  it('sees the types it may view, and no trace of others [REC-239]', async () => {
    const { clerk } = accountWithRole({ permissions: { salesOrder: 'view', customer: 'edit' } })
    expect(namesIn(await clerk('GET', 'metadata-catalog'))).toEqual(['customer', 'salesorder'])
    expect((await clerk('GET', 'metadata-catalog/vendor')).status).toBe(404)
    const { body } = await clerk('GET', 'metadata-catalog', undefined, OPEN_API)
    const { types } = loadDocument(body, 'x.json')
    expect(types.map(({ name }) => name)).toEqual(['customer', 'salesOrder'])
    expect(types.flatMap(({ transforms }) => transforms)).toEqual(['salesOrder'])
    expect(body).not.toContain('metadata-catalog/invoice')
    const schema = (await clerk('GET', 'metadata-catalog/salesorder', undefined, SCHEMA)).body
    expect(schema).toContain('metadata-catalog/customer"')
    expect(schema).not.toContain('metadata-catalog/subsidiary')
    expect((await clerk('GET', 'metadata-catalog/vendorCollection', undefined, SCHEMA)).status).toBe(404)
  })
})

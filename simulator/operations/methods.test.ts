/** If this fails, a verb that an account does not offer is answered otherwise than by NetSuite, or changes something. */
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from '../spec/bundled.ts'
import { createCatalogue, type RecordType } from '../spec/catalogue.ts'
import { createTestAccount } from '../test-account.ts'

const VERBS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD'] as const

describe('OPTIONS', () => {
  it('answers 204 without a body below /services/rest [REC-012]', async () => {
    const { send } = createTestAccount()
    for (const path of [
      '/services/rest',
      '/services/rest/record/v1',
      '/services/rest/record/v1/customer/1',
    ]) {
      const { status, body } = await send('OPTIONS', path)
      expect([status, body]).toEqual([204, ''])
    }
  })
  it('is a login test: a bad signature gets 401 [REC-012]', async () => {
    const { simulator, senderOf } = createTestAccount()
    const wrong = senderOf({ ...simulator.credentials, tokenSecret: 'wrong' })
    expect((await wrong('OPTIONS', '/services/rest/record/v1')).status).toBe(401)
  })
})

describe('a verb that the catalogue does not list', () => {
  it('answers 405 in the captured words, with no locator and no Allow [OPQ-010, REC-501]', async () => {
    const { send } = createTestAccount()
    const { status, json, headers } = await send('GET', 'salesCampaign')
    expect(status).toBe(405)
    expect(headers).not.toHaveProperty('allow')
    expect(json).toEqual({
      type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6',
      title: 'Method Not Allowed',
      status: 405,
      'o:errorDetails': [
        {
          detail:
            'This operation is not allowed for a salesCampaign record. Use one of the following valid operations: edit, create, delete, load.',
          'o:errorCode': 'INVALID_METHOD',
        },
      ],
    })
  })
  it('answers 405 for every type and verb that is not listed, HEAD among them [OPQ-010, OAS-023]', async () => {
    const { send } = createTestAccount()
    let refused = 0
    for (const type of loadBundledCatalogue().types) {
      const lacking = [
        ...VERBS.filter((verb) => !type.methods.collection.includes(verb)).map((verb) => [verb, type.name]),
        ...VERBS.filter((verb) => !type.methods.instance.includes(verb)).map((verb) => [
          verb,
          `${type.name}/1`,
        ]),
      ] as [string, string][]
      for (const [verb, path] of lacking) {
        const { status } = await send(verb, path, verb === 'GET' || verb === 'HEAD' ? undefined : {})
        expect([verb, path, status]).toEqual([verb, path, 405])
        refused++
      }
    }
    // 22 that the document lacks; HEAD twice and POST on an instance for each of 206 types.
    expect(refused).toBe(22 + 3 * 206)
  })
})

describe('the media type of an answer', () => {
  it('says what it holds: one record, a list or an error [REC-237]', async () => {
    const { send, create } = createTestAccount()
    const id = await create('customer', { companyName: 'Acme' })
    const answers = [
      await send('GET', `customer/${id}`),
      await send('GET', 'customer'),
      await send('GET', 'customer/999'),
    ]
    expect(answers.map(({ headers }) => headers['content-type'])).toEqual([
      'application/vnd.oracle.resource+json; type=singular; charset=UTF-8',
      'application/vnd.oracle.resource+json; type=collection; charset=UTF-8',
      'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
    ])
  })
})

describe('a custom record', () => {
  it('is addressed by its script id, in any case [REC-006, REC-005]', async () => {
    const field = { kind: 'scalar', type: 'string' } as const
    const rental: RecordType = {
      name: 'customrecord_rental',
      custom: 'record',
      body: {
        fields: [
          { ...field, name: 'id' },
          { ...field, name: 'name' },
          { ...field, name: 'custrecord_colour', custom: true },
        ],
      },
      transforms: [],
      methods: { collection: ['GET', 'POST'], instance: ['GET', 'PATCH', 'DELETE'] },
    }
    const { send, create } = createTestAccount({ catalogue: createCatalogue([rental]) })
    const id = await create('customrecord_rental', { name: 'One', custrecord_colour: 'red' })
    await send('PATCH', `CUSTOMRECORD_rental/${id}`, { custrecord_colour: 'blue' })
    const { json } = await send('GET', `customrecord_rental/${id}`)
    expect(json).toMatchObject({ id, name: 'One', custrecord_colour: 'blue' })
    // A type of this kind cannot itself be made by REST.
    expect((await send('POST', 'customrecord_other', { name: 'x' })).status).toBe(404)
    expect((await send('PUT', 'customrecord_rental/eid:X', { name: 'x' })).status).toBe(405)
  })
})

/** If these fail, links and references in answers are not those that clients follow and send back. */
import { describe, expect, it } from 'vitest'
import { createTestAccount } from '../test-account.ts'

const BASE = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

describe('links', () => {
  it('of the record repeat the query, re-encoded; those of a reference do not [REC-022, REC-023, REC-024, OPQ-023]', async () => {
    const { send, create } = createTestAccount()
    const id = await create('customer', { companyName: 'Acme', currency: { id: '4' } })
    const { json } = await send('GET', `customer/${id}?fields=companyName,currency`)
    expect(json).toEqual({
      links: [
        {
          rel: 'self',
          href: `${BASE}/customer/${id}?fields=companyName%2Ccurrency`,
          method: 'GET',
        },
      ],
      companyName: 'Acme',
      currency: {
        links: [{ rel: 'self', href: `${BASE}/currency/4`, method: 'GET' }],
        id: '4',
        refName: 'Euro',
      },
    })
  })
  it('have no method in an account of before 2026 [OPQ-023]', async () => {
    const { send } = createTestAccount({ profile: { settings: { linkMethod: false } } })
    expect((await send('GET', 'currency/1')).json.links).toEqual([
      { rel: 'self', href: `${BASE}/currency/1` },
    ])
  })
  it('are empty where the type of a reference is not exposed [OPQ-025]', async () => {
    const { send, create } = createTestAccount()
    const id = await create('customer', { companyName: 'Acme', customForm: { id: '68', refName: 'Form' } })
    expect((await send('GET', `customer/${id}`)).json.customForm).toEqual({
      links: [],
      id: '68',
      refName: 'Form',
    })
  })
  it('may be sent back as they were read, and mean nothing [REC-024]', async () => {
    const { send, create } = createTestAccount()
    const id = await create('customer', { companyName: 'Acme', currency: { id: '4' } })
    const { json } = await send('GET', `customer/${id}`)
    const strict = { 'x-netsuite-propertynamevalidation': 'error' }
    const answer = await send(
      'PATCH',
      `customer/${id}`,
      { links: json.links, currency: json.currency },
      strict,
    )
    expect([answer.status, answer.headers['x-netsuite-propertyvalidation']]).toEqual([204, undefined])
  })
})

describe('a create', () => {
  it('answers without a body whatever Prefer asks for, and never 201 [REC-100, REC-101, REC-102]', async () => {
    const { send } = createTestAccount()
    const prefer = { prefer: 'return=representation' }
    const { status, body, headers } = await send('POST', 'customer', { companyName: 'Acme' }, prefer)
    expect([status, body, headers['preference-applied']]).toEqual([204, '', undefined])
  })
})

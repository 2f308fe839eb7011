/** If this fails, a client of the query service gets another envelope, other links or other refusals than NetSuite's. */
import { describe, expect, it } from 'vitest'
import { accountWithRole, createTestAccount, type TestAccount } from '../test-account.ts'

const SUITEQL = '/services/rest/query/v1/suiteql'
const TRANSIENT = { prefer: 'transient' }
const NO_COLUMN =
  'Invalid search query. Detailed unprocessed description follows. Search error occurred: ' +
  "Unknown identifier 'nothing'. Available identifiers are: {vendor=vendor}."
const BASE = 'https://'

const ask = (
  account: Pick<TestAccount, 'send'>,
  q: unknown,
  query = '',
  more: Record<string, unknown> = {},
) => account.send('POST', SUITEQL + query, { q, ...more }, TRANSIENT)

async function withVendors(count: number): Promise<TestAccount> {
  const account = createTestAccount()
  for (let n = 1; n <= count; n++)
    await account.create('vendor', { companyName: `V${n}`, ...(n === 2 ? { phone: '555' } : {}) })
  return account
}

describe('the query service', () => {
  it('answers a page: links, count, hasMore, items, offset, totalResults [SQL-001, SQL-010]', async () => {
    const answer = await ask(await withVendors(1), 'SELECT id FROM vendor')
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json)).toEqual(['links', 'count', 'hasMore', 'items', 'offset', 'totalResults'])
    expect(answer.json).toMatchObject({
      count: 1,
      hasMore: false,
      items: [{ links: [], id: '1' }],
      offset: 0,
      totalResults: 1,
    })
  })

  it('says so in its headers, and a page without paging names itself without a query [OPQ-004, SQL-017]', async () => {
    const { headers, json } = await ask(await withVendors(1), 'SELECT id FROM vendor')
    expect(headers['preference-applied']).toBe('transient')
    expect(headers['content-type']).toBe(
      'application/vnd.oracle.resource+json; type=collection; charset=UTF-8',
    )
    const [self] = json.links as { rel: string; href: string; method: string }[]
    expect([self!.rel, self!.method, self!.href.endsWith(SUITEQL), self!.href.startsWith(BASE)]).toEqual([
      'self',
      'POST',
      true,
      true,
    ])
  })

  it('leaves NULL columns out, and sorts the others by name after links [OPQ-001, OPQ-002, SQL-013, SQL-016]', async () => {
    const { json } = await ask(await withVendors(2), 'SELECT phone, id, companyName FROM vendor ORDER BY id')
    expect(JSON.stringify(json.items)).toBe(
      '[{"links":[],"companyname":"V1","id":"1"},{"links":[],"companyname":"V2","id":"2","phone":"555"}]',
    )
  })

  it('gives every value as a text and every column in lower case [SQL-011, SQL-012]', async () => {
    const { json } = await ask(await withVendors(2), 'SELECT COUNT(*) AS myID, 16 / 3 AS amount FROM vendor')
    expect(json.items).toEqual([{ links: [], myid: '2', amount: '5.33333333333333' }])
  })

  it('asks for Prefer: transient, its name in small letters too [SQL-002, SQL-003, OPQ-003]', async () => {
    const account = await withVendors(1)
    const bare = await account.send('POST', SUITEQL, { q: 'SELECT id FROM vendor' })
    expect(bare.status).toBe(400)
    expect(bare.error).toMatchObject({ 'o:errorCode': 'INVALID_HEADER', 'o:errorHeader': 'Prefer' })
    expect(bare.error!.detail).toMatch(/^The required request header 'Prefer' is missing/)
    expect(
      (await account.send('POST', SUITEQL, { q: 'SELECT id FROM vendor' }, { prefer: 'Transient' })).status,
    ).toBe(200)
  })

  it('runs at once, whatever is said of respond-async [SQL-008, OPQ-009]', async () => {
    const { send } = await withVendors(1)
    const answer = await send(
      'POST',
      SUITEQL,
      { q: 'SELECT id FROM vendor' },
      { prefer: 'transient, respond-async' },
    )
    expect(answer.status).toBe(200)
  })

  it('pages by limit and offset, with a right last link [SQL-005, SQL-017, OPQ-021]', async () => {
    const { json } = await ask(await withVendors(5), 'SELECT id FROM vendor ORDER BY id', '?limit=2&offset=2')
    expect(json).toMatchObject({ count: 2, hasMore: true, offset: 2, totalResults: 5 })
    expect(json.items).toEqual([
      { links: [], id: '3' },
      { links: [], id: '4' },
    ])
    const links = json.links as { rel: string; href: string }[]
    expect(links.map(({ rel, href }) => [rel, href.split('?')[1]])).toEqual([
      ['previous', 'limit=2&offset=0'],
      ['first', 'limit=2&offset=0'],
      ['next', 'limit=2&offset=4'],
      ['last', 'limit=2&offset=4'],
      ['self', 'limit=2&offset=2'],
    ])
  })

  it.each([['?limit=2&offset=3'], ['?limit=1001'], ['?limit=0'], ['?offset=x']])(
    'refuses paging %s [SQL-005, SQL-006]',
    async (query) => {
      const { status, error } = await ask(await withVendors(1), 'SELECT id FROM vendor', query)
      expect([status, error?.['o:errorCode']]).toEqual([400, 'INVALID_PARAMETER'])
    },
  )

  it('answers an empty page with 200 [SQL-018]', async () => {
    const { status, json } = await ask(await withVendors(1), 'SELECT id FROM vendor WHERE id = 99')
    expect([status, json.count, json.items, json.totalResults]).toEqual([200, 0, [], 0])
  })

  it('binds params to question marks in their order [SQL-004]', async () => {
    const account = await withVendors(3)
    const q = "SELECT id, ? || 'x' AS a FROM vendor WHERE id > ? AND id <= ? ORDER BY id"
    expect((await ask(account, q, '', { params: ['p', '1', '2'] })).json.items).toEqual([
      { links: [], a: 'px', id: '2' },
    ])
    expect((await ask(account, q, '', { params: ['p'] })).status).toBe(400)
  })

  it('refuses in the shape of the service [SQL-030]', async () => {
    const { status, json } = await ask(await withVendors(1), 'SELECT nothing FROM vendor')
    expect(status).toBe(400)
    expect(json).toEqual({
      type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1',
      title: 'Bad Request',
      status: 400,
      'o:errorDetails': [{ detail: NO_COLUMN, 'o:errorQueryParam': 'q', 'o:errorCode': 'INVALID_PARAMETER' }],
    })
  })

  it('refuses a body without q, and other methods', async () => {
    const account = await withVendors(1)
    expect((await ask(account, '')).status).toBe(400)
    expect((await ask(account, 7)).status).toBe(400)
    expect((await account.send('GET', SUITEQL, undefined, TRANSIENT)).status).toBe(405)
  })
})

describe('what a role may ask', () => {
  it('needs the workbook permission: 400 without it [SQL-061, AUT-046]', async () => {
    const account = accountWithRole({ permissions: { vendor: 'full', suiteAnalyticsWorkbook: 'none' } })
    const answer = await account.clerk('POST', SUITEQL, { q: 'SELECT id FROM vendor' }, TRANSIENT)
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([400, 'USER_ERROR'])
  })

  it('does not see a table of records that the role does not [SQL-033]', async () => {
    const account = accountWithRole({ permissions: { vendor: 'view', suiteAnalyticsWorkbook: 'edit' } })
    const answer = await account.clerk('POST', SUITEQL, { q: 'SELECT id FROM customer' }, TRANSIENT)
    expect(answer.error?.detail).toContain("Search error occurred: Record 'customer' was not found.")
  })

  it('gives no rows of types that the role does not see', async () => {
    const account = accountWithRole({ permissions: { vendor: 'view', suiteAnalyticsWorkbook: 'edit' } })
    await account.create('customer', { companyName: 'Hidden' })
    await account.create('vendor', { companyName: 'Seen' })
    const answer = await account.clerk('POST', SUITEQL, { q: 'SELECT type FROM entity' }, TRANSIENT)
    expect(answer.json.items).toEqual([{ links: [], type: 'Vendor' }])
  })
})

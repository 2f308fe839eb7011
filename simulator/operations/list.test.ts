/** If these fail, a client that scans a type misses records, sees some twice, or relies on links real answers do not have. */
import { describe, expect, it } from 'vitest'
import { loadProfile } from '../profile.ts'
import { reachable, renderPage } from '../records/list.ts'
import { accountWithRole, createTestAccount, type TestAccount, type TestAnswer } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

/** Customers by the control API: as many as asked, fast. */
async function fill({ send }: Pick<TestAccount, 'send'>, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1000) {
    const items = Array.from({ length: Math.min(1000, count - done) }, (_, index) => ({
      companyName: `C${done + index}`,
    }))
    const { status } = await send('POST', '/_seatrial/records/customer', { items })
    expect(status).toBe(200)
  }
}

const linksOf = ({ json }: TestAnswer): string[] =>
  (json.links as { rel: string; href: string }[]).map(({ rel, href }) => `${rel} ${href.slice(HOST.length)}`)
const idsOf = ({ json }: TestAnswer): string[] => (json.items as { id: string }[]).map(({ id }) => id)

describe('a list', () => {
  it('is 200 of type collection with six keys in one order, to the letter [REC-050, REC-051, OPQ-083]', async () => {
    const account = createTestAccount()
    await fill(account, 1)
    const { status, headers, body } = await account.send('GET', 'Customer')
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/vnd.oracle.resource+json; type=collection; charset=UTF-8',
    ])
    expect(body).toBe(
      `{"links":[{"rel":"self","href":"${HOST}/Customer","method":"GET"}],"count":1,"hasMore":false,` +
        `"items":[{"links":[{"rel":"self","href":"${HOST}/customer/1"}],"id":"1"}],"offset":0,"totalResults":1}`,
    )
  })
  it('is empty and 200 when there is nothing, and past the end [REC-059]', async () => {
    const account = createTestAccount()
    const empty = { count: 0, hasMore: false, items: [], offset: 0, totalResults: 0 }
    expect((await account.send('GET', 'vendor')).json).toMatchObject(empty)
    expect((await account.send('GET', 'customer?q=companyName IS nobody')).json).toMatchObject(empty)
    await fill(account, 3)
    const past = await account.send('GET', 'customer?limit=2&offset=10')
    expect(past.json).toMatchObject({ count: 0, hasMore: false, items: [], offset: 10, totalResults: 3 })
    expect(linksOf(past).map((link) => link.split(' ')[0])).toEqual(['previous', 'first', 'self'])
  })
  it('has the links of first, middle, last and only page, in order [REC-056, OPQ-020]', async () => {
    const account = createTestAccount()
    await fill(account, 5)
    expect(linksOf(await account.send('GET', 'customer?limit=2'))).toEqual([
      'next /customer?limit=2&offset=2',
      'last /customer?limit=2&offset=2',
      'self /customer?limit=2',
    ])
    expect(linksOf(await account.send('GET', 'customer?offset=2&limit=2'))).toEqual([
      'previous /customer?limit=2&offset=0',
      'first /customer?limit=2&offset=0',
      'next /customer?limit=2&offset=4',
      'last /customer?limit=2&offset=2',
      'self /customer?offset=2&limit=2',
    ])
    expect(linksOf(await account.send('GET', 'customer?limit=2&offset=4'))).toEqual([
      'previous /customer?limit=2&offset=2',
      'first /customer?limit=2&offset=0',
      'self /customer?limit=2&offset=4',
    ])
    expect(linksOf(await account.send('GET', 'customer'))).toEqual(['self /customer'])
  })
  it('holds 1000 by default, each record once over all pages [REC-052, REC-053, REC-058]', async () => {
    const account = createTestAccount()
    await fill(account, 1001)
    const first = await account.send('GET', 'customer')
    expect(first.json).toMatchObject({ count: 1000, hasMore: true, totalResults: 1001 })
    const second = await account.send('GET', 'customer?offset=1000')
    expect(second.json).toMatchObject({ count: 1, hasMore: false, offset: 1000 })
    const all = [...idsOf(first), ...idsOf(second)]
    expect(all).toEqual(Array.from({ length: 1001 }, (_, index) => String(index + 1)))
  })
  it('ends after 1000 pages, and so does its total [REC-055, OPQ-022, GOV-035]', async () => {
    const account = createTestAccount()
    await fill(account, 1001)
    const last = await account.send('GET', 'customer?limit=1&offset=999')
    expect(last.json).toMatchObject({ count: 1, hasMore: false, totalResults: 1000 })
    const beyond = await account.send('GET', 'customer?limit=1&offset=1000&q=id GREATER 0')
    expect(beyond.json).toMatchObject({ count: 0, hasMore: false, totalResults: 1000 })
  })
  it('reaches 1,000,000 results with SuiteAnalytics Connect and 100,000 without [REC-055]', () => {
    const { features } = loadProfile('premium')
    const connected = { ...features, suiteAnalyticsConnect: true }
    expect([1000, 5].map((limit) => reachable({ limit, offset: 0 }, features))).toEqual([100_000, 5000])
    expect([1000, 5].map((limit) => reachable({ limit, offset: 0 }, connected))).toEqual([1_000_000, 5000])
  })
  it.each([
    [3493, 5, 695],
    [355, 5, 70],
    [58, 5, 10],
    [244, 5, 45],
    [742, 10, 70],
    [205, 10, 20],
    [584, 10, 50],
    [109, 10, 10],
    [47, 10, 0],
    [5000, 5, 995],
  ])('of %i by %i has its last link at %i, as captured [OPQ-021]', (total, limit, offset) => {
    const { settings } = loadProfile('premium')
    const ids = Array.from({ length: limit }, (_, index) => index)
    const address = { collection: 'c', self: 's', q: undefined }
    const last = (profileSettings: typeof settings): string => {
      const { links } = JSON.parse(renderPage({ total, limit, offset: 0, ids }, address, profileSettings))
      return links.find(({ rel }: { rel: string }) => rel === 'last').href
    }
    expect(last(settings)).toBe(`c?limit=${limit}&offset=${offset}`)
    expect(last({ ...settings, lastLink: 'correct' })).toBe(
      `c?limit=${limit}&offset=${Math.ceil(total / limit) * limit - limit}`,
    )
  })
  it('repeats the query as sent in self, form-encoded; of two filters the last [REC-057, REC-090]', async () => {
    const account = createTestAccount()
    const self = async (path: string): Promise<string> => linksOf(await account.send('GET', path)).at(-1)!
    expect(await self('customer?q=parent%20EQUAL%20%2214%22')).toBe('self /customer?q=parent+EQUAL+%2214%22')
    const twice = 'customer?q=companyName%20IS%20A&limit=5&q=companyName%20IS%20B'
    expect(await self(twice)).toBe('self /customer?q=companyName+IS+B&limit=5')
  })
  it('reads a plus in its query as a blank [REC-089]', async () => {
    const { sign, simulator } = createTestAccount()
    const url = `${HOST}/customer?q=parent%20EQUAL%20%2214%22`
    const signed = sign({ method: 'GET', url, headers: {}, body: undefined })
    const answer = await simulator.handle({ ...signed, url: `${HOST}/customer?q=parent+EQUAL+%2214%22` })
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('?q=parent+EQUAL+%2214%22"') })
  })
  it('repeats the filter in its page links, or not when the profile says so [OPQ-020]', async () => {
    for (const [filterInLinks, expected] of [
      [true, 'next /customer?q=companyName+START_WITH+C&limit=1&offset=1'],
      [false, 'next /customer?limit=1&offset=1'],
    ] as const) {
      const account = createTestAccount({ profile: { settings: { filterInLinks } } })
      await fill(account, 3)
      expect(linksOf(await account.send('GET', 'customer?limit=1&q=companyName%20START_WITH%20C'))[0]).toBe(
        expected,
      )
    }
  })
  it('ignores parameters that lists do not have, fields among them [REC-051, REC-058]', async () => {
    const account = createTestAccount()
    await fill(account, 1)
    const { status, json } = await account.send(
      'GET',
      'customer?fields=companyName&foo=1&sort=id&expandSubResources=true',
    )
    expect(status).toBe(200)
    expect(json.items).toEqual([{ links: [{ rel: 'self', href: `${HOST}/customer/1` }], id: '1' }])
  })
})

describe('limit and offset', () => {
  it.each([
    ['limit=0', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=abc', 'limit'],
    ['limit=', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=10&offset=15', 'offset'],
    ['limit=10&offset=-10', 'offset'],
    ['offset=1', 'offset'],
    ['limit=1&offset=2147483648', 'offset'],
  ])('are refused as %s [REC-052, REC-054, REC-500]', async (query, queryParam) => {
    const { status, error } = await createTestAccount().send('GET', `customer?${query}`)
    expect([status, error]).toEqual([
      400,
      {
        detail: `Invalid value for query parameter ${queryParam}. Provide a valid value.`,
        'o:errorQueryParam': queryParam,
        'o:errorCode': 'INVALID_PARAMETER',
      },
    ])
  })
  it('are moved into range when the profile says so [REC-500]', async () => {
    const account = createTestAccount({ profile: { settings: { badPaging: 'clamp' } } })
    await fill(account, 3)
    const seen = async (query: string) => {
      const { json } = await account.send('GET', `customer?${query}`)
      return [json.count, json.offset]
    }
    expect(await seen('limit=0')).toEqual([3, 0])
    expect(await seen('limit=5000&offset=x')).toEqual([3, 0])
    expect(await seen('limit=2&offset=3')).toEqual([1, 2])
  })
})

describe('a role without SuiteAnalytics Workbook', () => {
  it('is refused lists and filters with 400, and still reads and writes by id [REC-060, REC-E23]', async () => {
    const { clerk, create } = accountWithRole({
      permissions: { customer: 'full', suiteAnalyticsWorkbook: 'view' },
    })
    const id = await create('customer', { companyName: 'Acme' })
    for (const path of ['customer?limit=1', 'customer?q=companyName IS Acme']) {
      const { status, error } = await clerk('GET', path)
      expect([status, error]).toEqual([
        400,
        {
          detail:
            'Your current role does not have permission to perform this action. Please contact your account administrator.',
          'o:errorCode': 'USER_ERROR',
        },
      ])
    }
    expect((await clerk('GET', `customer/${id}`)).status).toBe(200)
    expect((await clerk('PATCH', `customer/${id}`, { companyName: 'B' })).status).toBe(204)
  })
})

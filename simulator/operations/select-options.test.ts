/** If these fail, a form built on the account offers wrong choices, or too many, or none. */
import { beforeEach, describe, expect, it } from 'vitest'
import { accountWithRole, createTestAccount, type TestAccount } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'
const TYPE = 'application/vnd.oracle.resource+json; type=select-options'
const OPTIONS = { accept: TYPE }

let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})

interface Page {
  readonly links: { rel: string; href: string }[]
  readonly items: { id: number | string; refName: string }[]
  readonly count: number
  readonly offset: number
  readonly hasMore: boolean
  readonly totalResults: number
}

async function ask(path: string, body?: unknown, method = 'POST') {
  const answer = await account.send(method, path, body, OPTIONS)
  const page = (field: string) =>
    (answer.json[field] as { _selectOptions: Page } | undefined)?._selectOptions as Page
  const names = (field: string) => page(field).items.map(({ refName }) => refName)
  return { ...answer, page, names }
}

describe('select options', () => {
  it('gives the records a reference may name, ids as numbers, and saves nothing [REC-102, REC-190, REC-191]', async () => {
    const { status, headers, json } = await ask('customer?fields=terms')
    expect([status, headers['content-type']]).toEqual([200, `${TYPE}; charset=UTF-8`])
    const self = {
      rel: 'self',
      method: 'POST',
      mediaType: TYPE,
      href: `${HOST}/customer?fields=terms`,
    }
    expect(json).toEqual({
      links: [self],
      terms: {
        _selectOptions: {
          links: [self],
          items: [
            { id: 1, refName: 'Net 15' },
            { id: 2, refName: 'Net 30' },
            { id: 3, refName: 'Net 60' },
          ],
          count: 3,
          offset: 0,
          hasMore: false,
          totalResults: 3,
        },
      },
    })
    expect((await account.send('GET', 'customer')).json.totalResults).toBe(0)
  })
  it('gives values of enumerations, targets of multi-selects and of columns, several at once [REC-190]', async () => {
    const { json, names } = await ask('inventoryItem?fields=costingMethod,subsidiary,price.priceLevel')
    expect(Object.keys(json)).toEqual(['links', 'costingMethod', 'subsidiary', 'price.priceLevel'])
    expect(names('costingMethod')).toEqual(['SERIAL', 'LOT', 'AVG', 'LIFO', 'GROUPAVG', 'FIFO', 'STANDARD'])
    expect(names('subsidiary')).toEqual(['Parent Company'])
    expect(names('price.priceLevel')).toEqual(['Custom', 'Base Price', 'Alternate Price 1'])
  })
  it('shows labels of statuses [OPQ-040]', async () => {
    const { page } = await ask('salesOrder?fields=orderStatus')
    expect(page('orderStatus').items).toEqual([
      { id: 'A', refName: 'Pending Approval' },
      { id: 'B', refName: 'Pending Fulfillment' },
    ])
  })
  it('is asked for an existing record by PATCH [REC-190]', async () => {
    const id = await account.create('customer', { companyName: 'Acme' })
    const { status, json } = await ask(`customer/${id}?fields=currency`, undefined, 'PATCH')
    expect([status, (json.links as { method: string }[])[0]?.method]).toEqual([200, 'PATCH'])
    expect((await ask('customer/999?fields=currency', undefined, 'PATCH')).status).toBe(404)
  })
  it('filters by name with CONTAIN, IS and START_WITH, several fields by comma [REC-191]', async () => {
    const q = encodeURIComponent('terms START_WITH net 3, currency IS "US Dollar"')
    const both = await ask(`customer?fields=terms,currency&q=${q}`)
    expect([both.names('terms'), both.names('currency')]).toEqual([['Net 30'], ['US Dollar']])
    const dollars = await ask(`customer?fields=currency&q=${encodeURIComponent('currency CONTAIN dollar')}`)
    expect(dollars.names('currency')).toEqual(['US Dollar', 'Canadian Dollar'])
    const enums = await ask(
      `customer?fields=emailPreference&q=${encodeURIComponent('emailPreference IS pdf')}`,
    )
    expect(enums.names('emailPreference')).toEqual(['PDF'])
  })
  it('pages by limit and offset, shared by all fields, links of their own [REC-191]', async () => {
    const { page } = await ask('customer?fields=currency,terms&limit=2&offset=2')
    expect(page('currency')).toMatchObject({ count: 2, offset: 2, hasMore: false, totalResults: 4 })
    expect(page('terms')).toMatchObject({ count: 1, offset: 2, hasMore: false, totalResults: 3 })
    const at = (offset: number) => `${HOST}/customer?fields=terms&limit=2&offset=${offset}`
    const links = page('terms').links.map(({ rel, href }) => [rel, href])
    expect(links).toEqual([
      ['previous', at(0)],
      ['first', at(0)],
      ['self', at(2)],
    ])
    const first = (await ask('customer?fields=terms&limit=2')).page('terms')
    expect(first.links.map(({ rel, href }) => [rel, href])).toEqual([
      ['next', at(2)],
      ['last', at(2)],
      ['self', at(0)],
    ])
  })
  it('has pages of 100 unless asked [REC-191]', async () => {
    for (let n = 0; n < 103; n++) await account.create('location', { name: `Location ${n}` })
    const { page } = await ask('salesOrder?fields=location')
    expect(page('location')).toMatchObject({ count: 100, offset: 0, hasMore: true, totalResults: 105 })
  })
  it('depends on the values of the body, and leaves out what is inactive [REC-190]', async () => {
    const other = await account.create('subsidiary', { name: 'Other' })
    await account.create('location', { name: 'Ours', subsidiary: { items: [{ id: '1' }] } })
    await account.create('location', { name: 'Theirs', subsidiary: { items: [{ id: other }] } })
    await account.create('location', { name: 'Closed', isInactive: true })
    const open = await ask('salesOrder?fields=location')
    expect(open.names('location')).toEqual(['Main Warehouse', 'Second Warehouse', 'Ours', 'Theirs'])
    const ours = await ask('salesOrder?fields=location', { subsidiary: { id: 1 } })
    expect(ours.names('location')).toEqual(['Main Warehouse', 'Second Warehouse', 'Ours'])
    const lines = { items: [{ subsidiary: { id: other } }] }
    const column = await ask('salesOrder?fields=item.location', { subsidiary: { id: 1 }, item: lines })
    expect(column.names('item.location')).toEqual(['Main Warehouse', 'Second Warehouse', 'Theirs'])
  })
  it('names a field once, and refuses a filter of any length at once [REC-191]', async () => {
    const { json, body } = await ask('customer?fields=terms,Terms,terms')
    expect([Object.keys(json).length, body.split('_selectOptions').length]).toEqual([2, 2])
    const long = encodeURIComponent(`terms IS ${' '.repeat(50_000)}"x`)
    expect((await ask(`customer?fields=terms&q=${long}`)).status).toBe(400)
    const spaced = encodeURIComponent('terms IS   "Net 15" , terms CONTAIN  15 ')
    expect((await ask(`customer?fields=terms&q=${spaced}`)).names('terms')).toEqual(['Net 15'])
  })
  it('shows a role what it may view, or everything where the profile says so [REC-191]', async () => {
    const permissions = { customer: 'create', currency: 'view' } as const
    const totals = async (settings: { selectOptions?: 'all' }) => {
      const { clerk } = accountWithRole({ permissions }, { profile: { settings } })
      const { json } = await clerk('POST', 'customer?fields=terms,currency', undefined, OPTIONS)
      return ['terms', 'currency'].map(
        (field) => (json[field] as { _selectOptions: Page })._selectOptions.totalResults,
      )
    }
    expect(await totals({})).toEqual([0, 4])
    expect(await totals({ selectOptions: 'all' })).toEqual([3, 4])
  })
  it('refuses fields that are no lists, and bad filters [REC-E10]', async () => {
    for (const [path, parameter] of [
      ['customer', 'fields'],
      ['customer?fields=email', 'fields'],
      ['customer?fields=addressBook', 'fields'],
      ['customer?fields=addressBook.none', 'fields'],
      ['customer?fields=terms&q=currency%20IS%20x', 'q'],
      ['customer?fields=terms&q=terms%20LIKE%20x', 'q'],
      ['customer?fields=terms&limit=0', 'limit'],
    ] as const) {
      const { status, error } = await ask(path)
      expect([path, status, error?.['o:errorCode'], error?.['o:errorQueryParam']]).toEqual([
        path,
        400,
        'INVALID_PARAMETER',
        parameter,
      ])
    }
  })
  it('has no path of its own, nor do copies and defaults [REC-199]', async () => {
    const id = await account.create('customer', { companyName: 'Acme' })
    for (const path of ['!copy', '!defaults', '!selectOptions', 'getSelectOptions']) {
      const { status } = await account.send('POST', `customer/${id}/${path}`, {})
      expect([path, status]).toEqual([path, path.startsWith('!') ? 400 : 405])
    }
  })
})

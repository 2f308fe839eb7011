/** If these fail, a request in a form that NetSuite takes is refused, or one in a hostile form does harm. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from '../test-account.ts'

type Json = Record<string, unknown>
let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})
const post = (body: unknown, headers: Record<string, string> = {}) =>
  account.send('POST', 'customer', body, headers)

describe('media types', () => {
  it.each([
    '',
    'application/json',
    'application/vnd.oracle.resource+json; type=singular',
    '*/*',
    'text/html, */*;q=0.8',
  ])('Accept "%s" gets the vendor type [REC-036, REC-020]', async (accept) => {
    const { id } = await post({ companyName: 'A' })
    const answer = await account.send('GET', `customer/${id}`, undefined, accept === '' ? {} : { accept })
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'application/vnd.oracle.resource+json; type=singular; charset=UTF-8',
    ])
  })
  it('Accept text/html is refused, naming the header [REC-502]', async () => {
    const answer = await account.send('GET', 'customer', undefined, { accept: 'text/html' })
    expect([answer.status, answer.error]).toMatchObject([
      406,
      { 'o:errorCode': 'NOT_ACCEPTABLE', 'o:errorHeader': 'Accept' },
    ])
  })
  it.each([
    ['application/json; charset=utf-8', 204],
    ['application/vnd.oracle.resource+json; type=singular', 204],
    ['text/plain', 415],
    ['application/xml', 415],
  ])('Content-Type %s is answered %i [REC-103, REC-502]', async (type, status) => {
    const answer = await post({ companyName: 'A' }, { 'content-type': type })
    expect(answer.status).toBe(status)
    if (status === 415) expect(answer.error?.['o:errorHeader']).toBe('Content-Type')
  })
})

describe('validation headers', () => {
  it('are compared without case, and refused when they say something else [REC-105, REC-106, REC-107]', async () => {
    for (const value of ['ERROR', 'Error', 'error']) {
      const answer = await post(
        { companyName: 'A', shoeSize: 1 },
        { 'x-netsuite-propertynamevalidation': value },
      )
      expect([answer.status, answer.error?.['o:errorPath']]).toEqual([400, 'shoeSize'])
    }
    const answer = await post({ companyName: 'A' }, { 'x-netsuite-propertyvaluevalidation': 'sometimes' })
    expect([answer.status, answer.error?.['o:errorHeader']]).toEqual([
      400,
      'X-NetSuite-PropertyValueValidation',
    ])
  })
  it('are answered by a comma list of paths, safe for a header [REC-108, REC-301, REC-509]', async () => {
    const answer = await post({ companyName: 'A', shoeSize: 1, 'a,b': 1, 'größe\r\n': 1, '\ud800': 1 })
    expect(answer.status).toBe(204)
    expect(answer.headers['x-netsuite-propertyvalidation']).toBe(
      'shoeSize,a%2Cb,gr%C3%B6%C3%9Fe%0D%0A,%EF%BF%BD',
    )
  })
  it('say nothing of what the account computes: it is dropped [REC-103]', async () => {
    const { id, headers } = await post({ companyName: 'A', id: '77777', balance: 9, links: [] })
    expect(headers['x-netsuite-propertyvalidation']).toBeUndefined()
    const { json } = await account.send('GET', `customer/${id}`)
    expect([json.id, json.balance]).toEqual([id, undefined])
  })
})

describe('values', () => {
  const stored = async (body: Json): Promise<Json> => {
    const { id } = await post({ companyName: 'A', ...body })
    return (await account.send('GET', `customer/${id}?expandSubResources=true`)).json
  }
  it('hold line breaks only when escaped twice [REC-014]', async () => {
    expect((await stored({ comments: 'a\nb' })).comments).toBe('ab')
    expect((await stored({ comments: 'a\\nb\\rc' })).comments).toBe('a\nb\rc')
    account = createTestAccount({ profile: { settings: { newlineEscape: 'once' } } })
    expect((await stored({ comments: 'a\nb\\n' })).comments).toBe('a\nb\\n')
  })
  it.each([
    ['2019-1-31', '2019-01-31'],
    ['2020-6-5', '2020-06-05'],
    ['2020-02-29', '2020-02-29'],
  ])('take the date %s [REC-032, REC-033]', async (sent, shown) => {
    expect((await stored({ startDate: sent })).startDate).toBe(shown)
  })
  it.each(['2019-2-30', '31.1.2019', '', 20190131, {}])(
    'refuse the date %j [REC-032, REC-E18]',
    async (startDate) => {
      expect((await post({ companyName: 'A', startDate })).error).toEqual({
        detail: "Invalid value for the resource or sub-resource field 'startDate'. Provide a valid value.",
        'o:errorCode': 'INVALID_VALUE',
        'o:errorPath': 'startDate',
      })
    },
  )
  it('take references by id, bare or as a number, and by external id; by name only enumerations [REC-109, REC-110]', async () => {
    await post({ companyName: 'P', externalId: 'P-1' })
    const parent = (await account.send('GET', 'customer/eid:P-1')).json.id as string
    for (const value of [
      { id: parent },
      { id: Number(parent) },
      parent,
      Number(parent),
      { externalId: 'P-1' },
    ]) {
      expect((await stored({ parent: value })).parent).toMatchObject({
        id: parent,
        refName: `CUST${parent} P`,
      })
    }
    expect((await post({ companyName: 'A', parent: { refName: 'P' } })).status).toBe(400)
    expect((await stored({ emailPreference: { refName: 'PDF' } })).emailPreference).toMatchObject({
      id: 'PDF',
    })
  })
  it('show decimals, and integers without [REC-035, OPQ-029]', async () => {
    const { id } = await post({ companyName: 'A', creditLimit: 70, reminderDays: 5 })
    const { body } = await account.send('GET', `customer/${id}`)
    expect(body).toContain('"creditLimit":70.0')
    expect(body).toContain('"reminderDays":5}')
  })
  it('show and take multi-selects as collections [REC-031, REC-111]', async () => {
    const items = { items: [{ id: '1' }] }
    const { id } = await account.send('POST', 'inventoryItem', { itemId: 'X', subsidiary: items })
    const { json } = await account.send('GET', `inventoryItem/${id}`)
    expect(json.subsidiary).toMatchObject({
      items: [{ id: '1', refName: 'Parent Company' }],
      totalResults: 1,
    })
    const bare = await account.send('POST', 'inventoryItem', { itemId: 'Y', subsidiary: { id: '1' } })
    expect(bare.error).toMatchObject({ 'o:errorCode': 'INVALID_VALUE', 'o:errorPath': 'subsidiary' })
  })
})

describe('fields', () => {
  it('name body fields and whole sublists; nothing below, nor with expansion [REC-028, OPQ-084]', async () => {
    const addressBook = { items: [{ addressBookAddress: { addr1: 'x' } }] }
    const { id } = await post({ companyName: 'A', addressBook })
    const { json } = await account.send('GET', `customer/${id}?fields=addressbook,email`)
    expect(Object.keys(json)).toEqual(['links', 'addressBook'])
    for (const query of ['fields=addressBook.label', 'fields=email&expandSubResources=true']) {
      expect((await account.send('GET', `customer/${id}?${query}`)).error).toMatchObject({
        'o:errorCode': 'INVALID_PARAMETER',
        'o:errorQueryParam': 'fields',
      })
    }
  })
})

describe('replacing', () => {
  const read = async (id: string): Promise<Json> => (await account.send('GET', `customer/${id}`)).json
  it('clears selected fields only: null and named [REC-131]', async () => {
    const { id } = await post({ companyName: 'A', phone: '5551234567', email: 'a@b.co', comments: 'x' })
    const query = 'replaceSelectedFields=true&replace=phone,comments'
    await account.send('PATCH', `customer/${id}?${query}`, { phone: null, email: null })
    expect(await read(id)).toMatchObject({ email: 'a@b.co', comments: 'x' })
    expect(await read(id)).not.toHaveProperty('phone')
  })
  it.each([
    ['?replace=addressBook', { items: [] }],
    ['?replace=addressbook', null],
    ['', null],
  ])('clears a sublist: %s %j [REC-134, REC-135]', async (query, addressBook) => {
    const { id } = await post({ companyName: 'A', addressBook: { items: [{ label: 'x' }] } })
    expect((await account.send('PATCH', `customer/${id}${query}`, { addressBook })).status).toBe(204)
    expect(await read(id)).not.toHaveProperty('addressBook')
  })
  it('changes a subrecord of a line field by field, and dotted names reach its sublists [REC-112, REC-133]', async () => {
    const item = await account.create('inventoryItem', { itemId: 'X' })
    const entity = await account.create('customer', { companyName: 'A' })
    const lot = (quantity: number) => ({ quantity, receiptInventoryNumber: 'L' })
    const detail = (...items: Json[]) => ({ inventoryDetail: { inventoryAssignment: { items } } })
    const order = await account.create('salesOrder', {
      entity,
      item: { items: [{ item, quantity: 3, ...detail(lot(1), lot(2)) }] },
    })
    const path = `salesOrder/${order}`
    const lots = async () => {
      const { json } = await account.send('GET', `${path}/item/1?expandSubResources=true`)
      const { inventoryAssignment } = json.inventoryDetail as { inventoryAssignment: { items: Json[] } }
      return inventoryAssignment.items.map(({ internalId, quantity }) => [internalId, quantity])
    }
    await account.send('PATCH', path, {
      item: {
        items: [{ line: 1, ...detail({ internalId: 1, quantity: 2 }, { internalId: 2, quantity: 1 }) }],
      },
    })
    expect(await lots()).toEqual([
      [1, 2],
      [2, 1],
    ])
    await account.send('PATCH', `${path}?replace=item.inventoryDetail.inventoryAssignment`, {
      item: { items: [{ line: 1, ...detail({ internalId: 2, quantity: 3 }) }] },
    })
    expect(await lots()).toEqual([[2, 3]])
  })
})

describe('external ids', () => {
  it('with a pipe cannot be addressed, only found [REC-009]', async () => {
    const { status } = await post({ companyName: 'A', externalId: 'A|B' })
    expect(status).toBe(204)
    expect((await account.send('GET', 'customer/eid:A%7CB')).error?.['o:errorCode']).toBe('INVALID_ID')
  })
  it('of a PUT come from the URL, whatever its body says [REC-142]', async () => {
    for (let turn = 0; turn < 2; turn++) {
      await account.send('PUT', 'customer/eid:U-1', { companyName: 'A', externalId: 'OTHER' })
    }
    expect((await account.send('GET', 'customer/eid:U-1')).json.externalId).toBe('U-1')
    expect((await account.send('GET', 'customer/eid:OTHER')).status).toBe(404)
  })
  it('need all mandatory fields when a PUT creates [OPQ-059]; DELETE of nothing is 404 [OPQ-066]', async () => {
    expect((await account.send('PUT', 'customer/eid:U-2', { email: 'a@b.co' })).status).toBe(400)
    expect((await account.send('DELETE', 'customer/eid:U-2')).error?.['o:errorCode']).toBe('NONEXISTENT_ID')
  })
})

describe('hostile bodies', () => {
  const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)
  it.each([
    ['deep arrays', `{"companyName":${nested(50_000, '[', ']')}}`],
    ['deep objects', `{"companyName":${nested(50_000, '{"a":', '}').replace('}', '1}')}}`],
    ['a huge number', '{"companyName":"A","creditLimit":1e999}'],
    ['a number of many digits', `{"companyName":"A","reminderDays":${'9'.repeat(400)}}`],
    ['names of prototypes', '{"companyName":"A","__proto__":{"isPerson":true},"constructor":1,"toString":2}'],
    ['a prototype as value', '{"companyName":"A","parent":{"__proto__":{"id":"1"}}}'],
    ['a name twice', '{"companyName":"A","companyName":"B","companyname":"C"}'],
    ['half characters', '{"companyName":"A\\ud800","externalId":"\\udfff\\u0000x"}'],
  ])('%s do no harm [REC-E15, REC-E18]', async (_, body) => {
    const answer = await post(body)
    expect([204, 400]).toContain(answer.status)
    expect(({} as Json).isPerson).toBeUndefined()
    if (answer.status === 204) expect((await account.send('GET', `customer/${answer.id}`)).status).toBe(200)
  })
  it('an untyped value keeps what it holds, save names that objects trip over [OAS-068]', async () => {
    const quantity = '{"value":10,"__proto__":{"value":1},"more":[1,{"b":null}]}'
    const body = `{"itemId":"X","price":{"items":[{"price":1,"quantity":${quantity}}]}}`
    const { id } = await account.send('POST', 'inventoryItem', body)
    const { json } = await account.send('GET', `inventoryItem/${id}?expandSubResources=true`)
    expect((json.price as { items: Json[] }).items[0]!.quantity).toEqual({
      value: 10,
      more: [1, { b: null }],
    })
    const wide = `{"itemId":"Y","price":{"items":[{"quantity":[${'1,'.repeat(200_000)}1]}]}}`
    expect((await account.send('POST', 'inventoryItem', wide)).status).toBe(204)
  })
  it('a body over the limit is refused [REC-117, REC-503]', async () => {
    account = createTestAccount({ profile: { settings: { requestBytesMax: 2000 } } })
    const answer = await post({ companyName: 'A', comments: 'x'.repeat(2000) })
    expect([answer.status, answer.error]).toEqual([
      413,
      { detail: 'The request body is larger than 2000 bytes.', 'o:errorCode': 'REQUEST_TOO_LARGE' },
    ])
  })
})

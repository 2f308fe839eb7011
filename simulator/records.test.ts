/** If these fail, an integration that passes here would not pass against NetSuite: records are stored or answered wrongly. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createTestAccount, type TestAccount } from './test-account.ts'

let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

async function orderOf({ create }: TestAccount, externalId?: string) {
  const customer = await create('customer', { companyName: 'Acme' })
  const item = await create('inventoryItem', { itemId: 'SKU-1', externalId: 'SKU-1' })
  const lines = [
    { item: { id: item }, quantity: 2, rate: 10.5 },
    { item: { externalId: 'SKU-1' }, quantity: 1, rate: 4 },
  ]
  const id = await create('salesOrder', {
    entity: { id: customer },
    item: { items: lines },
    ...(externalId ? { externalId } : {}),
  })
  return { id, customer, item }
}

describe('create and read', () => {
  it('answers 204 with an absolute Location and no body [REC-100]', async () => {
    const answer = await account.send('POST', 'customer', { companyName: 'Acme' })
    expect([answer.status, answer.body, answer.headers.location]).toEqual([
      204,
      '',
      `${HOST}/customer/${answer.id}`,
    ])
  })
  it('shows links first, then fields by name; empty ones are left out [REC-021]', async () => {
    const id = await account.create('customer', {
      companyName: 'Acme',
      email: 'a@example.com',
      comments: 'x',
    })
    const { headers, json } = await account.send('GET', `customer/${id}`)
    expect(headers['content-type']).toBe('application/vnd.oracle.resource+json; type=singular; charset=UTF-8')
    const [first, ...names] = Object.keys(json)
    expect(first).toBe('links')
    expect(names).toEqual([...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
    expect(json).toMatchObject({ id, companyName: 'Acme', email: 'a@example.com' })
    expect(json.links).toEqual([{ rel: 'self', href: `${HOST}/customer/${id}`, method: 'GET' }])
    expect(json).not.toHaveProperty('phone')
  })
  it('takes names of types and properties in any case [REC-005, REC-104]', async () => {
    const id = await account.create('CUSTOMER', { companyname: 'Acme' })
    expect((await account.send('GET', `Customer/${id}`)).json.companyName).toBe('Acme')
  })
  it('shows references with the name of their target [REC-023]', async () => {
    const { id, customer } = await orderOf(account)
    const { json } = await account.send('GET', `salesOrder/${id}`)
    expect(json.entity).toEqual({
      links: [{ rel: 'self', href: `${HOST}/customer/${customer}`, method: 'GET' }],
      id: customer,
      refName: expect.stringContaining('Acme'),
    })
  })
  it('folds sublists into a link, and expands them with keyed lines and amounts [REC-025..027, REC-321]', async () => {
    const { id } = await orderOf(account)
    const folded = await account.send('GET', `salesOrder/${id}`)
    expect(folded.json.item).toEqual({
      links: [{ rel: 'self', href: `${HOST}/salesorder/${id}/item`, method: 'GET' }],
    })
    const { json, body } = await account.send('GET', `salesOrder/${id}?expandSubResources=true`)
    const item = json.item as { items: Record<string, unknown>[]; totalResults: number }
    expect(Object.keys(item)).toEqual(['links', 'items', 'totalResults'])
    expect(item.items.map(({ line, amount, quantity, rate }) => [line, amount, quantity, rate])).toEqual([
      [1, 21, 2, 10.5],
      [2, 4, 1, 4],
    ])
    expect(json.total).toBe(25)
    expect(body).toContain('"total":25.0')
  })
  it('selects body fields [REC-028]', async () => {
    const id = await account.create('customer', { companyName: 'Acme', email: 'a@example.com' })
    const { json } = await account.send('GET', `customer/${id}?fields=companyName,id`)
    expect(Object.keys(json)).toEqual(['links', 'companyName', 'id'])
    expect(json.links).toEqual([
      { rel: 'self', href: `${HOST}/customer/${id}?fields=companyName%2Cid`, method: 'GET' },
    ])
  })
  it('shows enumerations as objects or, on request, bare [REC-030, OPQ-024]', async () => {
    const id = await account.create('customer', { companyName: 'Acme', emailPreference: 'HTML' })
    const full = await account.send('GET', `customer/${id}`)
    expect(full.json.emailPreference).toEqual({ links: [], id: 'HTML', refName: 'HTML' })
    const simple = await account.send('GET', `customer/${id}?simpleEnumFormat=true`)
    expect(simple.json.emailPreference).toBe('HTML')
  })
  it('starts a sales order pending approval or as told, label as id [REC-341, OPQ-040]', async () => {
    const { id } = await orderOf(account)
    const before = (await account.send('GET', `salesOrder/${id}`)).json
    expect(before.status).toEqual({ links: [], id: 'Pending Approval', refName: 'Pending Approval' })
    await account.send('PATCH', `salesOrder/${id}`, { orderStatus: { id: 'B' } })
    const after = (await account.send('GET', `salesOrder/${id}`)).json
    expect(after.status).toMatchObject({ id: 'Pending Fulfillment' })
    expect(after.orderStatus).toMatchObject({ id: 'B', refName: 'Pending Fulfillment' })
  })
})

describe('external ids', () => {
  it('address a record, and are unique in the whole group [REC-008, OPQ-014]', async () => {
    const id = await account.create('customer', { companyName: 'Acme', externalId: 'C-1' })
    expect((await account.send('GET', 'customer/eid:C-1')).json.id).toBe(id)
    const again = await account.send('POST', 'vendor', { companyName: 'Other', externalId: 'C-1' })
    expect(again.status).toBe(400)
    expect(again.error).toMatchObject({
      'o:errorCode': 'USER_ERROR',
      detail: 'Error while accessing a resource. This entity already exists.',
    })
    expect(await account.create('inventoryItem', { itemId: 'x', externalId: 'C-1' })).not.toBe('')
  })
  it('say "record" for a transaction [REC-E22]', async () => {
    const { customer } = await orderOf(account, 'SO-1')
    const item = { items: [{ item: { externalId: 'SKU-1' }, quantity: 1, rate: 1 }] }
    const again = await account.send('POST', 'salesOrder', {
      externalId: 'SO-1',
      entity: { id: customer },
      item,
    })
    expect(again.error?.detail).toBe('Error while accessing a resource. This record already exists.')
  })
  it('upsert by PUT, 204 and the internal id in Location both times [REC-140, OPQ-065]', async () => {
    const created = await account.send('PUT', 'customer/eid:C-9', { companyName: 'Acme' })
    const updated = await account.send('PUT', 'customer/eid:C-9', { email: 'b@example.com' })
    expect([created.status, updated.status, updated.headers.location]).toEqual([
      204,
      204,
      created.headers.location,
    ])
    expect((await account.send('GET', `customer/${created.id}`)).json).toMatchObject({
      companyName: 'Acme',
      email: 'b@example.com',
      externalId: 'C-9',
    })
    expect((await account.send('PUT', `customer/${created.id}`, {})).status).toBe(405)
  })
})

describe('change and delete', () => {
  it('PATCH keeps what is not named and null clears [REC-130]', async () => {
    const id = await account.create('customer', {
      companyName: 'Acme',
      email: 'a@example.com',
      phone: '555-1234567',
    })
    const answer = await account.send('PATCH', `customer/${id}`, { phone: null, comments: 'new' })
    expect([answer.status, answer.body, answer.id]).toEqual([204, '', id])
    const { json } = await account.send('GET', `customer/${id}`)
    expect(json).toMatchObject({ companyName: 'Acme', email: 'a@example.com', comments: 'new' })
    expect(json).not.toHaveProperty('phone')
  })
  it('PATCH matches lines by their key, adds the rest, and replace removes what is not named [REC-132, REC-133, REC-136]', async () => {
    const { id, item } = await orderOf(account)
    const quantities = async () => {
      const { json } = await account.send('GET', `salesOrder/${id}?expandSubResources=true`)
      return (json.item as { items: { line: number; quantity: number; amount: number }[] }).items.map(
        (line) => [line.line, line.quantity, line.amount],
      )
    }
    await account.send('PATCH', `salesOrder/${id}`, {
      item: {
        items: [
          { line: 1, quantity: 5 },
          { item, quantity: 7, rate: 1 },
        ],
      },
    })
    expect(await quantities()).toEqual([
      [1, 5, 52.5],
      [2, 1, 4],
      [3, 7, 7],
    ])
    await account.send('PATCH', `salesOrder/${id}?replace=item`, {
      item: { items: [{ line: 2, quantity: 9 }] },
    })
    expect(await quantities()).toEqual([[2, 9, 36]])
  })
  it('DELETE answers 204 and the record is gone; its id is not given again [REC-143]', async () => {
    const id = await account.create('customer', { companyName: 'Acme' })
    const answer = await account.send('DELETE', `customer/${id}`)
    expect([answer.status, answer.headers.location]).toEqual([204, undefined])
    expect((await account.send('GET', `customer/${id}`)).status).toBe(404)
    expect(await account.create('customer', { companyName: 'Acme' })).not.toBe(id)
  })
  it('leaves nothing of a refused write', async () => {
    const { id } = await orderOf(account)
    const before = (await account.send('GET', `salesOrder/${id}?expandSubResources=true`)).body
    const refused = await account.send('PATCH', `salesOrder/${id}`, {
      memo: 'x',
      item: { items: [{ item: { id: '999' } }] },
    })
    expect(refused.status).toBe(400)
    expect((await account.send('GET', `salesOrder/${id}?expandSubResources=true`)).body).toBe(before)
  })
})

describe('refusals', () => {
  const customer = { companyName: 'Acme' }
  it.each<[string, string, string, unknown, number, Record<string, string>]>([
    ['unknown id', 'GET', 'customer/99999', undefined, 404, { 'o:errorCode': 'NONEXISTENT_ID' }],
    ['unknown external id', 'GET', 'customer/eid:none', undefined, 404, { 'o:errorCode': 'NONEXISTENT_ID' }],
    [
      'unknown record type',
      'GET',
      'file/1',
      undefined,
      404,
      {
        detail: "Record type 'file' does not exist.",
        'o:errorUrl': '/services/rest/record/v1/file/1',
        'o:errorCode': 'NONEXISTENT_ID',
      },
    ],
    [
      'malformed id',
      'GET',
      'customer/000',
      undefined,
      400,
      {
        detail: "Invalid record instance identifier '000'. Provide a valid record instance ID.",
        'o:errorUrl': '/services/rest/record/v1/customer/000',
        'o:errorCode': 'INVALID_ID',
      },
    ],
    ['not JSON', 'POST', 'customer', '{"companyName"', 400, { 'o:errorCode': 'INVALID_CONTENT' }],
    ['an array', 'POST', 'customer', '[{"companyName":"A"}]', 400, { 'o:errorCode': 'INVALID_CONTENT' }],
    ['no body', 'POST', 'customer', '', 400, { 'o:errorCode': 'INVALID_CONTENT' }],
    [
      'missing mandatory field',
      'POST',
      'customer',
      { isPerson: true },
      400,
      {
        detail: 'Error while accessing a resource. Please enter value(s) for: First Name, Last Name.',
        'o:errorCode': 'USER_ERROR',
      },
    ],
    [
      'wrong type',
      'POST',
      'customer',
      { ...customer, isInactive: 'maybe' },
      400,
      { 'o:errorCode': 'INVALID_VALUE', 'o:errorPath': 'isInactive' },
    ],
    [
      'unknown enum',
      'POST',
      'customer',
      { ...customer, emailPreference: 'SMOKE' },
      400,
      { 'o:errorCode': 'INVALID_VALUE' },
    ],
    [
      'reference to nothing',
      'POST',
      'customer',
      { ...customer, parent: { id: '53384' } },
      400,
      {
        detail:
          'Error while accessing a resource. You have entered an Invalid Field Value 53384 for the following field: parent.',
        'o:errorCode': 'USER_ERROR',
      },
    ],
    [
      'another service',
      'GET',
      '/services/rest/nothing/v1/x',
      undefined,
      400,
      { 'o:errorCode': 'INVALID_URL' },
    ],
    [
      'a bad limit',
      'GET',
      'customer?limit=0',
      undefined,
      400,
      { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': 'limit' },
    ],
    [
      'a crooked offset',
      'GET',
      'customer?limit=10&offset=15',
      undefined,
      400,
      { 'o:errorQueryParam': 'offset' },
    ],
    ['POST to a record', 'POST', 'customer/1', {}, 405, { 'o:errorCode': 'INVALID_METHOD' }],
  ])('%s', async (_, method, path, body, status, error) => {
    const answer = await account.send(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe(
      'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
    )
    expect(Object.keys(answer.json)).toEqual(['type', 'title', 'status', 'o:errorDetails'])
    expect(answer.error).toMatchObject(error)
  })
  it('tell the id of another transaction type from an id of nothing [OPQ-012, OPQ-013]', async () => {
    const { id } = await orderOf(account)
    const other = await account.send('GET', `invoice/${id}`)
    expect([other.status, other.error?.detail]).toEqual([
      400,
      'Error while accessing a resource. Transaction type specified is incorrect.',
    ])
    expect((await account.send('GET', 'invoice/424242')).status).toBe(404)
  })
  it('drop unknown properties with a warning header, refuse them on request, or say nothing [REC-105, REC-108]', async () => {
    const body = { companyName: 'Acme', shoeSize: 43 }
    const warned = await account.send('POST', 'customer', body)
    expect([warned.status, warned.headers['x-netsuite-propertyvalidation']]).toEqual([204, 'shoeSize'])
    const refused = await account.send('POST', 'customer', body, {
      'x-netsuite-propertynamevalidation': 'Error',
    })
    expect([refused.status, refused.error?.['o:errorPath']]).toEqual([400, 'shoeSize'])
    const ignored = await account.send('POST', 'customer', body, {
      'x-netsuite-propertynamevalidation': 'ignore',
    })
    expect([ignored.status, ignored.headers['x-netsuite-propertyvalidation']]).toEqual([204, undefined])
  })
  it('forgive syntax on request, but never a reference to nothing [REC-106]', async () => {
    const lenient = { 'x-netsuite-propertyvaluevalidation': 'warning' }
    const syntax = await account.send('POST', 'customer', { companyName: 'A', isInactive: 'maybe' }, lenient)
    expect([syntax.status, syntax.headers['x-netsuite-propertyvalidation']]).toEqual([204, 'isInactive'])
    const reference = await account.send(
      'POST',
      'customer',
      { companyName: 'A', parent: { id: '53384' } },
      lenient,
    )
    expect(reference.status).toBe(400)
  })
})

describe('lists', () => {
  it('hold ids and links only, with the paging links of real answers [REC-051, OPQ-020, OPQ-021, OPQ-083]', async () => {
    for (let count = 0; count < 5; count++) await account.create('customer', { companyName: `C${count}` })
    const { json, headers } = await account.send('GET', 'customer?limit=2&offset=2')
    expect(headers['content-type']).toContain('type=collection')
    expect(Object.keys(json)).toEqual(['links', 'count', 'hasMore', 'items', 'offset', 'totalResults'])
    expect(
      (json.links as { rel: string; href: string }[]).map(({ rel, href }) => [rel, href.slice(HOST.length)]),
    ).toEqual([
      ['previous', '/customer?limit=2&offset=0'],
      ['first', '/customer?limit=2&offset=0'],
      ['next', '/customer?limit=2&offset=4'],
      ['last', '/customer?limit=2&offset=2'],
      ['self', '/customer?limit=2&offset=2'],
    ])
    expect(json).toMatchObject({ count: 2, hasMore: true, offset: 2, totalResults: 5 })
    expect(Object.keys((json.items as object[])[0]!)).toEqual(['links', 'id'])
  })
})

/** If these fail, a contact or a file is tied to the wrong record, or the tie is lost. */
import { beforeEach, describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from '../spec/bundled.ts'
import { createCatalogue, type RecordType } from '../spec/catalogue.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const HOST = 'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1'

let account: TestAccount
beforeEach(() => {
  account = createTestAccount()
})

async function people() {
  const customer = await account.create('customer', { companyName: 'Acme', externalId: 'JOHN_DOE42' })
  const contact = await account.create('contact', {
    entityId: 'Ann Lee',
    email: 'ann@example.com',
    externalId: 'user1',
  })
  return { customer, contact }
}

async function contactsOf(customer: string) {
  const { json } = await account.send('GET', `customer/${customer}?expandSubResources=true`)
  const list = json.contactList as { items: { id: string }[] } | undefined
  const roles = json.contactRoles as { items: Record<string, unknown>[] } | undefined
  return { ids: list?.items.map(({ id }) => id), roles: roles?.items }
}

describe('attach and detach', () => {
  it('answers 204 and shows the contact and its role [REC-180, REC-332]', async () => {
    const { customer, contact } = await people()
    const path = `customer/${customer}/!attach/contact/${contact}`
    const answer = await account.send('POST', path, { role: { id: '-10' } })
    expect([answer.status, answer.body, answer.headers.location]).toEqual([204, '', undefined])
    const { ids, roles } = await contactsOf(customer)
    expect(ids).toEqual([contact])
    expect(roles).toMatchObject([
      {
        contact: { id: contact },
        contactName: 'Ann Lee',
        email: 'ann@example.com',
        role: { links: [], id: '-10', refName: 'Primary Contact' },
      },
    ])
    const list = await account.send('GET', `customer/${customer}/contactList`)
    expect(list.json.items).toMatchObject([
      { links: [{ rel: 'self', href: `${HOST}/contact/${contact}` }], id: contact, refName: 'Ann Lee' },
    ])
  })
  it('takes no body, an empty one, and external ids on both sides and for the role [REC-008, REC-180]', async () => {
    const { customer, contact } = await people()
    await account.create('contactRole', { name: 'Family', externalId: 'family' })
    const path = 'customer/eid:JOHN_DOE42/!attach/contact/eid:user1'
    for (const body of [undefined, {}, { role: { externalId: 'family' } }]) {
      expect((await account.send('POST', path, body)).status).toBe(204)
    }
    const { ids, roles } = await contactsOf(customer)
    expect([ids, roles?.length, roles?.[0]?.role]).toEqual([
      [contact],
      1,
      expect.objectContaining({ refName: 'Family' }),
    ])
  })
  it('can be repeated; a role once set stays until another is named [REC-180]', async () => {
    const { customer, contact } = await people()
    const path = `customer/${customer}/!attach/contact/${contact}`
    await account.send('POST', path, { role: { id: -30 } })
    await account.send('POST', path)
    expect((await contactsOf(customer)).roles).toMatchObject([{ role: { refName: 'Consultant' } }])
  })
  it('detaches, also what is not attached unless the profile refuses it [REC-180]', async () => {
    const { customer, contact } = await people()
    await account.send('POST', `customer/${customer}/!attach/contact/${contact}`)
    const path = `customer/${customer}/!detach/contact/${contact}`
    expect((await account.send('POST', path)).status).toBe(204)
    expect(await contactsOf(customer)).toEqual({ ids: undefined, roles: undefined })
    expect((await account.send('POST', path)).status).toBe(204)
    account = createTestAccount({ profile: { settings: { detachUnattached: 'refuse' } } })
    const other = await people()
    const refused = await account.send('POST', `customer/${other.customer}/!detach/contact/${other.contact}`)
    expect([refused.status, refused.error?.['o:errorCode']]).toEqual([400, 'USER_ERROR'])
  })
  it('keeps the contact of a transaction, whose document has no field to show it [REC-334]', async () => {
    const { customer, contact } = await people()
    const order = await account.create('salesOrder', {
      entity: { id: customer },
      item: {
        items: [{ item: { id: await account.create('inventoryItem', { itemId: 'SKU' }) }, quantity: 1 }],
      },
    })
    expect((await account.send('POST', `salesOrder/${order}/!attach/contact/${contact}`)).status).toBe(204)
    await account.send('PATCH', `salesOrder/${order}`, { memo: 'm' })
    expect((await account.send('GET', `salesOrder/${order}`)).json).not.toHaveProperty('contactList')
  })
  it('refuses everything but contacts and files, unknown ids, unknown roles [REC-180, REC-E17]', async () => {
    const { customer, contact } = await people()
    for (const [method, path, body, status, code] of [
      ['POST', `customer/${customer}/!attach/customer/${customer}`, undefined, 400, 'USER_ERROR'],
      ['POST', `currency/1/!attach/contact/${contact}`, undefined, 400, 'USER_ERROR'],
      ['POST', `customer/${customer}/!attach/contact/999`, undefined, 404, 'NONEXISTENT_ID'],
      ['POST', `customer/999/!attach/contact/${contact}`, undefined, 404, 'NONEXISTENT_ID'],
      ['POST', `customer/${customer}/!attach/contact/x`, undefined, 400, 'INVALID_ID'],
      ['POST', `customer/${customer}/!attach/contact`, undefined, 400, 'INVALID_URL'],
      ['POST', `customer/${customer}/!attach/contact/${contact}`, { role: { id: '77' } }, 400, 'USER_ERROR'],
      ['GET', `customer/${customer}/!attach/contact/${contact}`, undefined, 405, 'INVALID_METHOD'],
    ] as const) {
      const answer = await account.send(method, path, body)
      expect([path, answer.status, answer.error?.['o:errorCode']]).toEqual([path, status, code])
    }
    expect(await contactsOf(customer)).toEqual({ ids: undefined, roles: undefined })
  })
  it('knows files only where the document of the account does [REC-E04, OPQ-011]', async () => {
    const { customer } = await people()
    const path = `customer/${customer}/!attach/file/398`
    expect((await account.send('POST', path)).error).toEqual({
      detail: "Record type 'file' does not exist.",
      'o:errorUrl': `/services/rest/record/v1/${path}`,
      'o:errorCode': 'NONEXISTENT_ID',
    })
    const file: RecordType = {
      name: 'file',
      body: { fields: [{ kind: 'scalar', name: 'name', type: 'string' }] },
      transforms: [],
      methods: { collection: ['GET', 'POST'], instance: ['GET'] },
    }
    account = createTestAccount({ catalogue: createCatalogue([...loadBundledCatalogue().types, file]) })
    const owner = (await people()).customer
    const id = await account.create('file', { name: 'a.pdf' })
    expect((await account.send('POST', `customer/${owner}/!attach/file/${id}`)).status).toBe(204)
    expect((await account.send('POST', `customer/${owner}/!detach/file/${id}`)).status).toBe(204)
  })
})

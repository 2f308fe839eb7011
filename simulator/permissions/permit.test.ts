/** If this fails, a role may do what it must not, or is refused in another form than NetSuite's. */
import { describe, expect, it } from 'vitest'
import { loadBundledCatalogue } from '../spec/bundled.ts'
import { accountWithRole, type TestAnswer } from '../test-account.ts'

const TEXT =
  'Your current role does not have permission to perform this action. Please contact your account administrator.'

const seen = ({ status, error }: TestAnswer) =>
  error === undefined ? status : [status, error['o:errorCode'], error.detail]
const FORBIDDEN = [403, 'INSUFFICIENT_PERMISSION', TEXT]
const BAD = [400, 'USER_ERROR', TEXT]

describe('a role that may view customers', () => {
  it('reads a customer, and is refused everything else with 403 INSUFFICIENT_PERMISSION [AUT-046, REC-E24]', async () => {
    const { clerk, create } = accountWithRole({ permissions: { customer: 'view' } })
    const id = await create('customer', { companyName: 'Acme', externalId: 'A' })
    expect((await clerk('GET', `customer/${id}`)).status).toBe(200)
    const refused = await Promise.all([
      clerk('POST', 'customer', { companyName: 'B' }),
      clerk('PATCH', `customer/${id}`, { companyName: 'B' }),
      clerk('PUT', 'customer/eid:A', { companyName: 'B' }),
      clerk('DELETE', `customer/${id}`),
      clerk('GET', 'vendor/1'),
    ])
    expect(refused.map(seen)).toEqual(refused.map(() => FORBIDDEN))
    expect(refused[0]!.json).toMatchObject({
      type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4',
      title: 'Forbidden',
      status: 403,
    })
    expect((await clerk('GET', `customer/${id}`)).json.companyName).toBe('Acme')
  })
  it('is refused with 400 when the profile says so [AUT-046, AUT-096]', async () => {
    const profile = { settings: { permissionRefusal: '400' } } as const
    const { clerk } = accountWithRole({ permissions: { customer: 'view' } }, { profile })
    expect(seen(await clerk('POST', 'customer', { companyName: 'B' }))).toEqual(BAD)
  })
  it('is refused a list of another type with 400 USER_ERROR [REC-060, REC-E23]', async () => {
    const { clerk } = accountWithRole({ permissions: { customer: 'view', suiteAnalyticsWorkbook: 'edit' } })
    expect(seen(await clerk('GET', 'vendor?limit=1'))).toEqual(BAD)
    expect((await clerk('GET', 'customer?limit=1')).status).toBe(200)
  })
  it('is told that a type does not exist rather than that it is not allowed [OPQ-011]', async () => {
    const { clerk } = accountWithRole({ permissions: {} })
    expect((await clerk('GET', 'nothing/1')).status).toBe(404)
  })
})

describe('levels', () => {
  it.each([
    ['create', [204, FORBIDDEN, FORBIDDEN, FORBIDDEN]],
    ['edit', [204, 204, 204, FORBIDDEN]],
    ['full', [204, 204, 204, 204]],
  ] as const)('of %s decide on POST, PATCH, PUT and DELETE [AUT-004]', async (level, expected) => {
    const { clerk, create } = accountWithRole({ permissions: { entities: level } })
    const id = await create('customer', { companyName: 'Acme', externalId: 'A' })
    expect([
      seen(await clerk('POST', 'customer', { companyName: 'B' })),
      seen(await clerk('PATCH', `customer/${id}`, { companyName: 'C' })),
      seen(await clerk('PUT', 'customer/eid:A', { companyName: 'D' })),
      seen(await clerk('DELETE', `customer/${id}`)),
    ]).toEqual(expected)
  })
  it('of the narrowest row win: type, then group, then wildcard [AUT-046]', async () => {
    const permissions = { '*': 'view', lists: 'none', entities: 'view', vendor: 'none' } as const
    const { clerk, create } = accountWithRole({ permissions })
    const customer = await create('customer', { companyName: 'Acme' })
    const vendor = await create('vendor', { companyName: 'Acme' })
    const statuses = [
      await clerk('GET', `customer/${customer}`),
      await clerk('GET', `vendor/${vendor}`),
      await clerk('GET', 'currency/1'),
      await clerk('GET', 'salesOrder/999'),
    ].map(({ status }) => status)
    expect(statuses).toEqual([200, 403, 403, 404])
  })
  it('needed by a transform: view on the source, create on what is made [AUT-046]', async () => {
    const order = { permissions: { salesOrder: 'view', invoice: 'view' } } as const
    const refused = await accountWithRole(order).clerk('POST', 'salesOrder/1/!transform/invoice', {})
    expect(seen(refused)).toEqual(FORBIDDEN)
    const source = { permissions: { invoice: 'create' } } as const
    const unseen = await accountWithRole(source).clerk('POST', 'salesOrder/1/!transform/invoice', {})
    expect(seen(unseen)).toEqual(FORBIDDEN)
    const both = { permissions: { salesOrder: 'view', invoice: 'create' } } as const
    const allowed = await accountWithRole(both).clerk('POST', 'salesOrder/999/!transform/invoice', {})
    expect(allowed.status).not.toBe(403)
  })
  it('needed below a record: view to read, edit for lines, attachments and actions [AUT-046]', async () => {
    const { clerk } = accountWithRole({ permissions: { customer: 'view' } })
    const refused = [
      await clerk('PATCH', 'customer/1/addressBook/1', {}),
      await clerk('POST', 'customer/1/!attach/contact/2', {}),
      await clerk('POST', 'customer/1/@approve', {}),
    ]
    expect(refused.map(seen)).toEqual(refused.map(() => FORBIDDEN))
  })
})

describe('a job', () => {
  const async = { prefer: 'respond-async' }
  const batch = { ...async, 'content-type': 'application/vnd.oracle.resource+json; type=collection' }

  it('cannot do what its sender may not, alone or in a batch [AUT-046, REC-210]', async () => {
    const { clerk, create, clock, send } = accountWithRole({ permissions: { customer: 'create' } })
    const id = await create('customer', { companyName: 'Acme' })
    const alone = await clerk('PATCH', `customer/${id}`, { companyName: 'B' }, async)
    const many = await clerk('PATCH', 'customer', { items: [{ id, companyName: 'B' }] }, batch)
    const removal = await clerk('DELETE', `customer?ids=${id}`, undefined, async)
    expect([alone, many, removal].map(seen)).toEqual([FORBIDDEN, FORBIDDEN, FORBIDDEN])
    await clock.advance(0)
    expect((await send('GET', `customer/${id}`)).json.companyName).toBe('Acme')
  })
  it('drops what its sender cannot write, in each record of a batch [REC-118]', async () => {
    const permissions = { customer: 'edit' } as const
    const lockedFields = { customer: ['comments'] }
    const { clerk, create, clock, send } = accountWithRole({ permissions, lockedFields })
    const id = await create('customer', { companyName: 'Acme' })
    const items = [{ id, companyName: 'B', comments: 'x' }]
    expect((await clerk('PATCH', 'customer', { items }, batch)).status).toBe(202)
    await clock.advance(0)
    const { json } = await send('GET', `customer/${id}`)
    expect([json.companyName, json.comments]).toEqual(['B', undefined])
  })
})

describe('permissions that are not about a record type', () => {
  it('none of REST Web Services: every service answers 403, OPTIONS still 204 [AUT-004, REC-012]', async () => {
    const { clerk } = accountWithRole({ permissions: { '*': 'full', restWebServices: 'none' } })
    expect(seen(await clerk('GET', 'customer/1'))).toEqual(FORBIDDEN)
    expect(seen(await clerk('GET', '/services/rest/system/v1/serverTime'))).toEqual(FORBIDDEN)
    expect((await clerk('OPTIONS', '/services/rest/record/v1')).status).toBe(204)
  })
  it('none of Log in using Access Tokens: 401, for the audit trail permission_denied [AUT-004, AUT-042]', async () => {
    const { clerk, send } = accountWithRole({ permissions: { '*': 'full', logInUsingAccessTokens: 'none' } })
    const answer = await clerk('GET', 'customer/1')
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([401, 'INVALID_LOGIN'])
    const { json } = await send('GET', '/_seatrial/journal')
    expect(JSON.stringify(json)).toContain('permission_denied')
  })
})

describe('fields that a role cannot write', () => {
  const permissions = { customer: 'full' } as const
  const role = { permissions, lockedFields: { Customer: ['creditLimit'] } }

  it('are dropped without a word, whatever the spelling [REC-118]', async () => {
    const { clerk, create, send } = accountWithRole(role)
    const id = await create('customer', { companyName: 'Acme', creditLimit: 100 })
    const answer = await clerk('PATCH', `customer/${id}`, { CREDITLIMIT: 5, comments: 'x' })
    expect([answer.status, answer.headers['x-netsuite-propertyvalidation']]).toEqual([204, undefined])
    expect((await send('GET', `customer/${id}`)).json).toMatchObject({ creditLimit: 100, comments: 'x' })
  })
  it('are refused when the profile says so [REC-118]', async () => {
    const { clerk, create } = accountWithRole(role, { profile: { settings: { lockedFields: 'refuse' } } })
    const id = await create('customer', { companyName: 'Acme' })
    expect(seen(await clerk('PATCH', `customer/${id}`, { creditLimit: 5 }))).toEqual(FORBIDDEN)
    expect((await clerk('PATCH', `customer/${id}`, { comments: 'x' })).status).toBe(204)
  })
  it('do not change what a malformed body gets [REC-E15]', async () => {
    const { clerk } = accountWithRole(role)
    const answers = [await clerk('POST', 'customer', '{'), await clerk('POST', 'customer', [])]
    expect(answers.map((answer) => answer.error?.['o:errorCode'])).toEqual([
      'INVALID_CONTENT',
      'INVALID_CONTENT',
    ])
  })
})

describe('administrators as records', () => {
  it('cannot be read, changed or deleted by another role [AUT-048, REC-013, OPQ-074]', async () => {
    const profile = { administrators: ['BOSS'] }
    const { clerk, create, send } = accountWithRole({ permissions: { '*': 'full' } }, { profile })
    const boss = await create('employee', { firstName: 'A', lastName: 'B', externalId: 'BOSS' })
    const other = await create('employee', { firstName: 'C', lastName: 'D' })
    const answers = [
      await clerk('GET', `employee/${boss}`),
      await clerk('PATCH', 'employee/eid:BOSS', { comments: 'x' }),
      await clerk('DELETE', `employee/${boss}`),
    ]
    expect(answers.map(seen)).toEqual(
      answers.map(() => [
        400,
        'USER_ERROR',
        'Error while accessing a resource. For security reasons, only an administrator is allowed to edit an administrator record.',
      ]),
    )
    expect((await clerk('GET', `employee/${other}`)).status).toBe(200)
    expect((await send('GET', `employee/${boss}`)).status).toBe(200)
  })
})

describe('a reference to what the role may not see', () => {
  it('is named and not linked, or shows its id when the profile says so [OPQ-025]', async () => {
    const role = { permissions: { contact: 'view' } } as const
    const shown = async (setting: 'name' | 'id') => {
      const profile = { settings: { hiddenReference: setting } }
      const { clerk, create } = accountWithRole(role, { profile })
      const company = await create('customer', { companyName: 'Acme' })
      const id = await create('contact', { entityId: 'Joe', company: { id: company } })
      return { company, json: (await clerk('GET', `contact/${id}`)).json }
    }
    const named = await shown('name')
    expect(named.json.company).toMatchObject({ links: [], refName: expect.stringContaining('Acme') })
    const bare = await shown('id')
    expect(bare.json.company).toEqual({ links: [], id: bare.company, refName: bare.company })
  })
})

describe('every verb of every type', () => {
  it('is refused to a role without permissions, and nothing else is said [AUT-046]', async () => {
    const { clerk } = accountWithRole({})
    for (const type of loadBundledCatalogue().types.slice(0, 40)) {
      expect((await clerk('GET', `${type.name}/1`)).status).toBe(403)
      expect((await clerk('POST', type.name, {})).status).toBe(403)
    }
  })
})

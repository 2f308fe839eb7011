/** If this fails, user event scripts do not do to a save what they do in NetSuite. */
import { describe, expect, it } from 'vitest'
import { createTestAccount } from '../test-account.ts'
import type { AfterSubmitContext, BeforeSubmitContext } from './api.ts'
import type { UserModule } from './modules.ts'

type Script = { recordTypes: string[]; events?: ('create' | 'edit' | 'xedit' | 'delete')[] }

/** An account whose scripts are given with their deployment, by file. */
function accountWith(scripts: Record<string, Script & { module: UserModule }>) {
  return createTestAccount({
    profile: {
      scripts: Object.entries(scripts).map(([file, { module: _, ...spec }]) => ({ file, ...spec })),
    },
    modules: Object.fromEntries(Object.entries(scripts).map(([file, { module }]) => [file, module])),
  })
}

const customer = { companyName: 'Acme', subsidiary: { id: '1' } }

describe('before submit', () => {
  it('changes what is saved, checked and computed as what a client sends [REC-E28]', async () => {
    const account = accountWith({
      'price.ts': {
        recordTypes: ['salesOrder'],
        events: ['create'],
        module: {
          beforeSubmit({ newRecord }: BeforeSubmitContext) {
            newRecord.setValue({ fieldId: 'memo', value: `by ${newRecord.getText('entity')}` })
            newRecord.setSublistValue({ sublistId: 'item', fieldId: 'quantity', line: 0, value: 3 })
          },
        },
      },
    })
    const entity = await account.create('customer', customer)
    const item = await account.create('inventoryItem', { itemId: 'MUG' })
    const id = await account.create('salesOrder', {
      entity: { id: entity },
      item: { items: [{ item: { id: item }, quantity: 1, rate: 10 }] },
    })
    const { json } = await account.send('GET', `salesOrder/${id}?fields=memo,total`)
    expect(json).toMatchObject({ memo: 'by CUST1 Acme', total: 30 })
  })

  it('sees the record as it was and the kind of save', async () => {
    const seen: unknown[] = []
    const account = accountWith({
      'look.ts': {
        recordTypes: ['customer'],
        module: {
          beforeSubmit({ type, newRecord, oldRecord }: BeforeSubmitContext) {
            seen.push([
              type,
              newRecord.id,
              oldRecord?.getValue('companyName'),
              newRecord.getValue('companyname'),
            ])
          },
        },
      },
    })
    const id = await account.create('customer', customer)
    await account.send('PATCH', `customer/${id}`, { companyName: 'Beta' })
    await account.send('DELETE', `customer/${id}`)
    expect(seen).toEqual([
      ['create', undefined, undefined, 'Acme'],
      ['edit', '1', 'Acme', 'Beta'],
      ['delete', '1', 'Beta', 'Beta'],
    ])
  })

  it('fails the call with its own words and leaves nothing [REC-E28]', async () => {
    const account = accountWith({
      'refuse.ts': {
        recordTypes: ['customer'],
        module: {
          beforeSubmit({ newRecord }: BeforeSubmitContext) {
            if (newRecord.getValue('companyName') === 'Bad') throw new Error('Credit check failed.')
          },
        },
      },
    })
    const answer = await account.send('POST', 'customer', { ...customer, companyName: 'Bad' })
    expect(answer.status).toBe(400)
    expect(answer.error).toEqual({
      detail: 'Error while accessing a resource. Credit check failed.',
      'o:errorCode': 'USER_ERROR',
    })
    expect((await account.send('GET', 'customer')).json.totalResults).toBe(0)
    const { json } = await account.send('GET', '/_seatrial/journal?limit=1')
    expect(json.items).toMatchObject([
      { status: 400, committed: false, explanation: 'script refuse.ts beforeSubmit: Credit check failed.' },
    ])
  })

  it('is refused a value that no request could set', async () => {
    const account = accountWith({
      'wrong.ts': {
        recordTypes: ['customer'],
        module: {
          beforeSubmit: ({ newRecord }: BeforeSubmitContext) =>
            newRecord.setValue({ fieldId: 'terms', value: '4711' }),
        },
      },
    })
    const { status, error } = await account.send('POST', 'customer', customer)
    expect(status).toBe(400)
    expect(error?.detail).toBe(
      'Error while accessing a resource. You have entered an Invalid Field Value 4711 for the following field: terms.',
    )
  })

  it('survives whatever is thrown', async () => {
    const hostile = {
      get message() {
        throw new Error('no')
      },
    }
    const thrown: unknown[] = [
      hostile,
      null,
      undefined,
      'text',
      { name: 'MY_CODE', message: 'mine' },
      Symbol('s'),
    ]
    const account = accountWith({
      'throw.ts': {
        recordTypes: ['customer'],
        module: {
          beforeSubmit() {
            throw thrown.shift()
          },
        },
      },
    })
    const details: unknown[] = []
    while (thrown.length > 0) {
      const { status, error } = await account.send('POST', 'customer', customer)
      details.push([status, error?.detail?.replace('Error while accessing a resource. ', '')])
    }
    expect(details).toEqual([
      [400, 'an error that cannot be shown'],
      [400, 'null'],
      [400, 'undefined'],
      [400, 'text'],
      [400, 'mine'],
      [400, 'Symbol(s)'],
    ])
  })
})

describe('after submit', () => {
  it('writes another record in the same transaction; a failure after it undoes all [REC-E28]', async () => {
    const account = accountWith({
      'follow.ts': {
        recordTypes: ['customer'],
        events: ['create'],
        module: {
          afterSubmit({ record, newRecord }: AfterSubmitContext) {
            record.create('department', { name: `of ${newRecord.id}` })
            if (newRecord.getValue('companyName') === 'Bad') throw new Error('too late')
          },
        },
      },
    })
    await account.create('customer', customer)
    const bad = await account.send('POST', 'customer', { ...customer, companyName: 'Bad' })
    expect(bad.error?.detail).toBe('Error while accessing a resource. too late')
    const { json } = await account.send('GET', '/_seatrial/records')
    expect(json).toMatchObject({ customer: 1, department: 3 })
  })

  it('goes on after a refused write that it caught, and that leaves nothing', async () => {
    const seen: unknown[] = []
    const account = accountWith({
      'try.ts': {
        recordTypes: ['customer'],
        events: ['create'],
        module: {
          afterSubmit({ record, newRecord }: AfterSubmitContext) {
            try {
              record.create('department', { name: 'x', noSuchField: 1 })
            } catch (error) {
              seen.push((error as Error).name, (error as Error).message)
            }
            record.submitFields('customer', newRecord.id!, { comments: 'seen' })
          },
        },
      },
    })
    const id = await account.create('customer', customer)
    expect(seen).toEqual(['INVALID_CONTENT', "Unknown field 'noSuchField'. Provide a valid field name."])
    expect((await account.send('GET', `customer/${id}?fields=comments`)).json).toMatchObject({
      comments: 'seen',
    })
    expect((await account.send('GET', '/_seatrial/records')).json).toMatchObject({ department: 2 })
  })

  it('sets off no other user event [GOV-091]', async () => {
    let runs = 0
    const account = accountWith({
      'self.ts': {
        recordTypes: ['customer'],
        module: {
          afterSubmit({ record, newRecord }: AfterSubmitContext) {
            runs++
            record.update('customer', newRecord.id!, { comments: `run ${runs}` })
          },
        },
      },
    })
    await account.create('customer', customer)
    expect(runs).toBe(1)
  })

  it('runs in the order of the profile, before all after', async () => {
    const order: string[] = []
    const noting = (name: string) => ({
      recordTypes: ['*'],
      module: {
        beforeSubmit: () => void order.push(`before ${name}`),
        afterSubmit: () => void order.push(`after ${name}`),
      },
    })
    const account = accountWith({ 'b.ts': noting('b'), 'a.ts': noting('a') })
    await account.create('customer', customer)
    expect(order).toEqual(['before b', 'before a', 'after b', 'after a'])
  })

  it('runs for every record of a batch, in the jobs too [ASY-058, GOV-091]', async () => {
    const seen: unknown[] = []
    const account = accountWith({
      'batch.ts': {
        recordTypes: ['customer'],
        module: {
          afterSubmit({ newRecord }: AfterSubmitContext) {
            seen.push(newRecord.getValue('companyName'))
            if (newRecord.getValue('companyName') === 'Bad') throw new Error('not this one')
          },
        },
      },
    })
    const items = ['One', 'Bad', 'Two'].map((companyName) => ({ ...customer, companyName }))
    await account.clock.run(async () => {
      const { status } = await account.send(
        'POST',
        'customer',
        { items },
        {
          prefer: 'respond-async',
          'content-type': 'application/vnd.oracle.resource+json; type=collection',
        },
      )
      expect(status).toBe(202)
      await account.clock.sleep(60_000)
    })
    expect(seen).toEqual(['One', 'Bad', 'Two'])
    expect((await account.send('GET', '/_seatrial/records')).json).toMatchObject({ customer: 2 })
  })
})

describe('record actions', () => {
  const timeBill = async (account: ReturnType<typeof accountWith>): Promise<string> => {
    const employee = await account.create('employee', { entityId: 'Ann Lee' })
    return account.create('timeBill', { employee: { id: employee }, hours: '8:00' })
  }

  it('are saves: user events run around them, as an edit [GOV-091, REC-195]', async () => {
    const seen: unknown[] = []
    const account = accountWith({
      'approval.ts': {
        recordTypes: ['timeBill'],
        events: ['edit'],
        module: {
          beforeSubmit({ type, newRecord, oldRecord }: BeforeSubmitContext) {
            const statuses = [oldRecord, newRecord].map((one) => one?.getValue('approvalStatus'))
            newRecord.setValue({ fieldId: 'memo', value: 'seen' })
            seen.push([type, ...statuses])
          },
          afterSubmit: ({ newRecord }: AfterSubmitContext) => void seen.push(newRecord.getValue('memo')),
        },
      },
    })
    const id = await timeBill(account)
    expect((await account.send('POST', `timeBill/${id}/@submit`)).status).toBe(200)
    expect(seen).toEqual([['edit', undefined, '2'], 'seen'])
    const { json } = await account.send('GET', `timeBill/${id}`)
    expect(json).toMatchObject({ approvalStatus: '2', memo: 'seen' })
  })
  it('leave nothing where a script refuses them [REC-E28]', async () => {
    const account = accountWith({
      'approval.ts': {
        recordTypes: ['timeBill'],
        events: ['edit'],
        module: {
          beforeSubmit() {
            throw new Error('not on a Monday')
          },
        },
      },
    })
    const id = await timeBill(account)
    const refused = await account.send('POST', `timeBill/${id}/@submit`)
    expect([refused.status, refused.error?.detail]).toEqual([400, expect.stringContaining('not on a Monday')])
    expect((await account.send('GET', `timeBill/${id}`)).json.approvalStatus).toBeUndefined()
  })
})

describe('locks of a workflow', () => {
  const account = () =>
    accountWith({
      'lock.ts': {
        recordTypes: ['customer'],
        module: {
          locks: (record: AfterSubmitContext['newRecord']) => record.getValue('comments') === 'locked',
        },
      },
    })
  it('refuse writes by id [REC-E25]', async () => {
    const { create, send } = account()
    const id = await create('customer', { ...customer, externalId: 'C1', comments: 'locked' })
    for (const [method, path] of [
      ['PATCH', `customer/${id}`],
      ['PUT', 'customer/eid:C1'],
      ['DELETE', `customer/${id}`],
    ] as const) {
      const { status, error } = await send(
        method,
        path,
        method === 'DELETE' ? undefined : { comments: 'free' },
      )
      expect([status, error]).toEqual([
        400,
        {
          detail: 'Error while accessing a resource. This record has been locked by a user defined workflow.',
          'o:errorCode': 'USER_ERROR',
        },
      ])
    }
  })
  it('refuse a GET by id, while lists still show the record [OPQ-075]', async () => {
    const { create, send } = account()
    const id = await create('customer', { ...customer, comments: 'locked' })
    expect((await send('GET', `customer/${id}`)).status).toBe(400)
    expect((await send('GET', 'customer')).json).toMatchObject({ totalResults: 1, items: [{ id }] })
    expect((await send('GET', `customer/${await create('customer', customer)}`)).status).toBe(200)
  })
})

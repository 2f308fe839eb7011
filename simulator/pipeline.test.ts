/** If these fail, a client that gives up finds another world than NetSuite's: slots, late commits, lost answers, the journal. */
import { describe, expect, it } from 'vitest'
import type { JournalPage, SlotsView } from '../protocol/control.ts'
import { createInProcessTransport } from '../protocol/in-process-transport.ts'
import { TransportError } from '../protocol/transport.ts'
import { RECORD_BASE_PATH } from '../protocol/wire.ts'
import { createTestAccount } from './test-account.ts'

const SLOW = { latency: { model: 'lean', sigma: 0, medianMs: { '*.create': 1000, '*.get': 500 } } } as const

async function control<T>(account: ReturnType<typeof createTestAccount>, path: string): Promise<T> {
  return (await account.send('GET', `/_seatrial/${path}`)).json as T
}

describe('a client that gives up', () => {
  it('does not stop the account: the slot stays taken and the record appears later', async () => {
    const account = createTestAccount({ profile: { ...SLOW, concurrencyLimit: 1 } })
    const { clock, simulator, sign } = account
    const transport = createInProcessTransport(clock, simulator.handle)
    const url = `${simulator.baseUrl}${RECORD_BASE_PATH}/customer`
    const headers = { 'content-type': 'application/json' }
    const body = '{"companyName":"Acme","externalId":"LATE"}'
    const seen = await clock.run(async () => {
      const failure = await transport
        .send(sign({ method: 'POST', url, headers, body }), { timeoutMs: 300 })
        .catch((error) => error)
      const slots = await control<SlotsView>(account, 'slots')
      const refused = await account.send('GET', 'customer/eid:LATE')
      await clock.sleep(1000)
      const found = await account.send('GET', 'customer/eid:LATE')
      return { failure, slots, refused, found }
    })
    expect(seen.failure).toBeInstanceOf(TransportError)
    expect(seen.failure).toMatchObject({ code: 'E_TIMEOUT', effect: 'unknown' })
    expect(seen.slots).toMatchObject({
      limit: 1,
      inUse: 1,
      holders: [{ method: 'POST', integration: 'seatrial' }],
    })
    expect([seen.refused.status, seen.refused.error?.['o:errorCode']]).toEqual([
      429,
      'CONCURRENCY_LIMIT_EXCEEDED',
    ])
    expect(seen.found.status).toBe(200)
  })
})

describe('over the limit', () => {
  it('answers 429 as documented and takes no slot [GOV-016, REC-E30]', async () => {
    const account = createTestAccount({ profile: { ...SLOW, concurrencyLimit: 2 } })
    const answers = await account.clock.run(() =>
      Promise.all(Array.from({ length: 5 }, () => account.send('GET', 'currency/1'))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429])
    const refused = answers.find(({ status }) => status === 429)!
    expect(refused.json).toEqual({
      type: 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html',
      title: 'Bad Request',
      status: 429,
      'o:errorCode': 'USER_ERROR',
      'o:errorDetails': [
        {
          detail: 'Concurrent request limit exceeded. Request blocked.',
          'o:errorCode': 'CONCURRENCY_LIMIT_EXCEEDED',
        },
      ],
    })
    expect(refused.headers).not.toHaveProperty('retry-after')
    expect(await control<SlotsView>(account, 'slots')).toMatchObject({
      inUse: 0,
      peak: 2,
      granted: 2,
      refused: 3,
    })
  })
})

describe('faults', () => {
  const post = (account: ReturnType<typeof createTestAccount>, externalId: string) =>
    account.send('POST', 'customer', { companyName: 'Acme', externalId })

  it('drop-response commits and then says nothing', async () => {
    const account = createTestAccount({
      profile: { faults: [{ fault: 'drop-response', match: { methods: ['POST'] } }] },
    })
    await expect(post(account, 'X')).rejects.toThrow('connection reset')
    expect((await account.send('GET', 'customer/eid:X')).status).toBe(200)
  })
  it('drop-response hides a refusal as well', async () => {
    const account = createTestAccount({
      profile: { faults: [{ fault: 'drop-response', match: { methods: ['POST'] } }] },
    })
    await expect(account.send('POST', 'customer', {})).rejects.toThrow('connection reset')
  })
  it('reset-before and reject do nothing', async () => {
    for (const fault of ['reset-before', 'reject'] as const) {
      const account = createTestAccount({ profile: { faults: [{ fault, match: { methods: ['POST'] } }] } })
      const answer = await post(account, 'X').catch(() => undefined)
      expect(answer?.status).toBe(fault === 'reject' ? 503 : undefined)
      expect((await account.send('GET', 'customer/eid:X')).status).toBe(404)
      expect(await control<SlotsView>(account, 'slots')).toMatchObject({ granted: 1 })
    }
  })
})

describe('the journal', () => {
  it('tells of every request what became of it, and never a secret', async () => {
    const account = createTestAccount({
      profile: { faults: [{ fault: 'drop-response', id: 'lost', match: { methods: ['DELETE'] } }] },
    })
    const id = await account.create('customer', { companyName: 'Acme', externalId: 'X' })
    await account.send('GET', 'customer/99')
    await account.send('DELETE', `customer/${id}`).catch(() => undefined)
    const { simulator, send } = account
    const unsigned = { method: 'GET', url: `${simulator.baseUrl}${RECORD_BASE_PATH}/customer/1`, headers: {} }
    await simulator.handle(unsigned)
    const page = (await send('GET', '/_seatrial/journal')).json as unknown as JournalPage
    expect(
      page.items.map(({ operation, status, committed, delivery, fault }) => [
        operation,
        status,
        committed,
        delivery,
        fault,
      ]),
    ).toEqual([
      ['record.create', 204, true, 'answered', undefined],
      ['record.get', 404, false, 'answered', undefined],
      ['record.delete', 204, true, 'dropped-after', 'lost'],
      ['unknown', 401, false, 'answered', undefined],
    ])
    expect(page.items[3]).toMatchObject({
      loginFailure: 'MissingTokenPassportRequiredFields',
      errorCode: 'INVALID_LOGIN',
    })
    const text = JSON.stringify(page)
    const { consumerSecret, tokenSecret, tokenId } = simulator.credentials
    for (const secret of [consumerSecret, tokenSecret, tokenId]) expect(text).not.toContain(secret)
  })
})

describe('the control API', () => {
  it('imports all or nothing', async () => {
    const account = createTestAccount()
    const items = [
      { companyName: 'A', externalId: '1' },
      { companyName: 'B', externalId: '1' },
    ]
    const refused = await account.send('POST', '/_seatrial/records/customer', { items })
    expect(refused.status).toBe(400)
    expect((await account.send('GET', 'customer/eid:1')).status).toBe(404)
    const done = await account.send('POST', '/_seatrial/records/customer', { items: items.slice(0, 1) })
    expect(done.json.ids).toHaveLength(1)
    expect((await account.send('GET', 'customer/eid:1')).status).toBe(200)
  })
  it('exports records with the names of what they refer to', async () => {
    const account = createTestAccount()
    const customer = await account.create('customer', { companyName: 'Acme' })
    const item = await account.create('inventoryItem', { itemId: 'SKU-1' })
    await account.create('salesOrder', {
      entity: { id: customer },
      item: { items: [{ item: { id: item }, quantity: 1, rate: 2 }] },
    })
    const { json } = await account.send('GET', '/_seatrial/records/salesOrder')
    expect(json).toMatchObject({
      hasMore: false,
      items: [
        {
          body: {
            entity: { id: customer },
            item: { items: [{ item: { id: item, refName: 'SKU-1' }, quantity: 1, amount: 2 }] },
          },
        },
      ],
    })
  })
  it('resets records, journal and faults, and lets installed faults of the profile stand', async () => {
    const account = createTestAccount({
      profile: { faults: [{ fault: 'reset-before', id: 'always', probabilityRatio: 0 }] },
    })
    await account.create('customer', { companyName: 'Acme' })
    expect((await account.send('POST', '/_seatrial/faults', { fault: 'reject', id: 'mine' })).status).toBe(
      200,
    )
    expect((await account.send('POST', '/_seatrial/faults', { fault: 'reject', id: 'mine' })).status).toBe(
      409,
    )
    expect((await account.send('POST', '/_seatrial/faults', { fault: 'melt' })).status).toBe(400)
    expect((await account.send('POST', '/_seatrial/reset')).status).toBe(204)
    expect(await control(account, 'journal')).toMatchObject({ total: 0 })
    expect(await control(account, 'records')).not.toHaveProperty('customer')
    expect(
      ((await control(account, 'faults')) as { items: { id: string }[] }).items.map(({ id }) => id),
    ).toEqual(['always'])
  })
  it('says what it knows when asked for something else', async () => {
    const account = createTestAccount()
    const answer = await account.send('GET', '/_seatrial/nothing')
    expect([answer.status, (answer.json.error as { code: string }).code]).toEqual([404, 'E_NOT_FOUND'])
  })
})

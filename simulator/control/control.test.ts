/** If these fail, a tester cannot change an account's limits as life does, or a refused change leaves half of itself behind. */
import { expect, it } from 'vitest'
import type { JournalPage, LimitsView } from '../../protocol/control.ts'
import { createTestAccount } from '../test-account.ts'

it('limits change while the account runs, and the journal explains a refusal [GOV-013, GOV-016]', async () => {
  const account = createTestAccount({ profile: { latency: { model: 'lean' } } })
  const change = await account.send('PATCH', '/_seatrial/limits', { concurrencyLimit: 1 })
  expect(change.json).toMatchObject({ concurrencyLimit: 1, allocations: {}, windows: {}, notices: [] })
  const statuses = await account.clock.run(async () => {
    const both = await Promise.all([account.send('GET', 'currency/1'), account.send('GET', 'currency/2')])
    return both.map(({ status }) => status)
  })
  expect(statuses).toEqual([200, 429])
  const { items } = (await account.send('GET', '/_seatrial/journal')).json as unknown as JournalPage
  expect(items[1]?.explanation).toBe('1 of 1 slots held: seatrial 1 (longest 0.0 s)')
})

it.each([
  ['an unknown key', { slots: 3 }],
  ['no slot at all', { concurrencyLimit: 0 }],
  ['allocations that leave nothing', { concurrencyLimit: 40, allocations: { shop: 40 } }],
])('a change of limits with %s is refused whole', async (_, body) => {
  const account = createTestAccount()
  const before = (await account.send('GET', '/_seatrial/limits')).json as unknown as LimitsView
  const refused = await account.send('PATCH', '/_seatrial/limits', body)
  expect([refused.status, (refused.json.error as { code: string }).code]).toEqual([400, 'E_BAD_REQUEST'])
  expect((await account.send('GET', '/_seatrial/limits')).json).toEqual(before)
})

const refusalOf = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const { status, json, headers: answered } = await createTestAccount().send(method, path, body, headers)
  return { status, ...(json.error as { code: string; message: string; mend: string }), allow: answered.allow }
}

it('a path that is not there, a method it has not, and a body that is no JSON are told apart', async () => {
  expect(await refusalOf('GET', '/_seatrial/nothing')).toMatchObject({ status: 404, code: 'E_NOT_FOUND' })
  expect(await refusalOf('PUT', '/_seatrial/faults')).toMatchObject({
    status: 405,
    code: 'E_METHOD_NOT_ALLOWED',
    allow: 'GET, POST, DELETE',
  })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(await refusalOf('POST', '/_seatrial/faults', 'fault=reject', form)).toMatchObject({
    status: 415,
    code: 'E_CONTENT_TYPE',
  })
  expect(await refusalOf('POST', '/_seatrial/faults', '{"fault":')).toMatchObject({
    status: 400,
    message: 'the body is not JSON',
  })
  const tooLarge = ' '.repeat(64 * 1024 * 1024 + 1)
  expect(await refusalOf('POST', '/_seatrial/faults', tooLarge)).toMatchObject({
    status: 413,
    code: 'E_TOO_LARGE',
  })
})

it.each([
  'journal?after=-1',
  'journal?after=1.5',
  'journal?limit=0',
  'journal?limit=10001',
  'journal?after=1&after=2',
  'journal?befor=1',
  'health?x=1',
])('query parameters that nobody knows or nobody means are refused: %s', async (path) => {
  expect(await refusalOf('GET', `/_seatrial/${path}`)).toMatchObject({ status: 400, code: 'E_BAD_REQUEST' })
})

it('the journal is searched by status, integration, operation, fault and time [GOV-060]', async () => {
  const account = createTestAccount()
  await account.send('GET', 'currency/1')
  await account.send('POST', '/_seatrial/faults', { fault: 'reject', id: 'noon', status: 503, countMax: 1 })
  await account.send('GET', 'currency/2')
  await account.clock.advance(1000)
  await account.send('GET', 'currency/999')
  const found = async (query: string) => {
    const { json } = await account.send('GET', `/_seatrial/journal?${query}`)
    return (json as unknown as JournalPage).items.map(({ sequence }) => sequence)
  }
  expect(await found('status=200')).toEqual([1])
  expect(await found('status=4xx')).toEqual([3])
  expect(await found('status=5xx&integration=seatrial')).toEqual([2])
  expect(await found('integration=nobody')).toEqual([])
  expect(await found('operation=record.get')).toEqual([1, 3])
  expect(await found('fault=noon')).toEqual([2])
  expect(await found(`since=${account.clock.now()}`)).toEqual([3])
  expect((await account.send('GET', '/_seatrial/journal?status=abc')).status).toBe(400)
  const { items } = (await account.send('GET', '/_seatrial/journal')).json as unknown as JournalPage
  expect(items[1]).toMatchObject({ explanation: 'fault noon (reject): hit 1 of 1 matching requests' })
  expect(items[0]).toMatchObject({ method: 'GET', status: 200, user: 'seatrial' })
})

it('a request that waited for its slot says how long', async () => {
  const account = createTestAccount({
    profile: {
      concurrencyLimit: 1,
      latency: { model: 'lean' },
      governance: { overLimit: 'queue', queueMsMax: 60_000 },
    },
  })
  const calls = Promise.all([account.send('GET', 'currency/1'), account.send('GET', 'currency/2')])
  await account.clock.advance(120_000)
  expect((await calls).map(({ status }) => status)).toEqual([200, 200])
  const { items } = (await account.send('GET', '/_seatrial/journal')).json as unknown as JournalPage
  expect(items[0]?.waitedMs).toBeUndefined()
  expect(items[1]?.waitedMs).toBe(items[0]!.slotUntilMs! - items[1]!.receivedMs)
})

it('usage has what the pages of an administrator show [GOV-062, GOV-066]', async () => {
  const account = createTestAccount({ profile: { concurrencyLimit: 1, latency: { model: 'lean' } } })
  const calls = Promise.all([account.send('GET', 'currency/1'), account.send('GET', 'currency/999')])
  await account.clock.advance(60_000)
  await calls
  expect((await account.send('GET', '/_seatrial/usage')).json).toMatchObject({
    concurrencyLimit: 1,
    unallocatedLimit: 1,
    totalRequests: 2,
    rejectedRequests: 1,
    rejectedRatio: 0.5,
    peakConcurrency: 1,
    integrations: [{ integration: 'seatrial', requests: 2, rejected: 1, rejectedRatio: 0.5 }],
  })
  expect((await account.send('GET', '/_seatrial/usage/minutes')).json).toMatchObject({
    items: [{ peak: 1, requests: 2, rejected: 1, errors: 0 }],
  })
  const { json } = await account.send('GET', '/_seatrial/usage/requests')
  expect(json.counts).toEqual([
    { integration: 'seatrial', operation: 'record.get', channel: 'rest', status: 200, count: 1 },
    {
      integration: 'seatrial',
      operation: 'unknown',
      channel: 'rest',
      status: 429,
      errorCode: 'CONCURRENCY_LIMIT_EXCEEDED',
      count: 1,
    },
  ])
})

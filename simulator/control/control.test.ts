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

/** If these fail, a tester cannot change an account's limits as life does, or a refused change leaves half of itself behind. */
import { expect, it } from 'vitest'
import type { JournalPage, LimitsView } from '../protocol/control.ts'
import { createTestAccount } from './test-account.ts'

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

/** If these fail, two writers on one record end otherwise than NetSuite lets them end. */
import { describe, expect, it } from 'vitest'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

type Json = Record<string, unknown>

/** An account in which every write takes two seconds. */
const slow = (settings: ProfileInput['settings'] = {}): TestAccount =>
  createTestAccount({
    profile: { settings, latency: { model: 'lean', sigma: 0, medianMs: { '*.get': 10 } } },
  })

const together = (account: TestAccount, ...requests: [string, string, Json][]) => {
  return account.clock.run(() =>
    Promise.all(requests.map(([method, path, body]) => account.send(method, path, body))),
  )
}

const statuses = (answers: readonly { status: number }[]): number[] =>
  answers.map(({ status }) => status).sort()

describe('two writers on one record', () => {
  it('the one who planned on the older version is refused [OPQ-018, REC-145, REC-506, GOV-100, GOV-101]', async () => {
    const account = slow()
    const [made] = await together(account, ['POST', 'customer', { companyName: 'Acme' }])
    const path = `customer/${made!.id}`
    const answers = await together(
      account,
      ['PATCH', path, { comments: 'a' }],
      ['PATCH', path, { phone: '5551234567' }],
    )
    expect(statuses(answers)).toEqual([204, 400])
    const refused = answers.find(({ status }) => status === 400)!
    expect(refused.error).toEqual({
      detail: 'Error while accessing a resource. Record has been changed.',
      'o:errorCode': 'USER_ERROR',
    })
    expect(statuses(await together(account, ['PATCH', path, { phone: '5551234567' }]))).toEqual([204])
  })
  it('or the last one wins, as the profile says [REC-145]', async () => {
    const account = slow({ concurrentUpdate: 'last-wins' })
    const [made] = await together(account, ['POST', 'customer', { companyName: 'Acme' }])
    const path = `customer/${made!.id}`
    const answers = await together(
      account,
      ['PATCH', path, { comments: 'a' }],
      ['PATCH', path, { comments: 'b' }],
    )
    expect(statuses(answers)).toEqual([204, 204])
  })
  it.each(['POST', 'PUT'])(
    'of two %s of one new external id exactly one creates [REC-116, REC-E21, OPQ-014]',
    async (method) => {
      const account = slow()
      const path = method === 'PUT' ? 'customer/eid:C-1' : 'customer'
      const body = { companyName: 'Acme', externalId: 'C-1' }
      const answers = await together(
        account,
        [method, path, body],
        [method, path, body],
        [method, path, body],
      )
      expect(statuses(answers)).toEqual([204, 400, 400])
      for (const { status, error } of answers) {
        if (status === 400)
          expect(error?.detail).toBe('Error while accessing a resource. This entity already exists.')
      }
    },
  )
})

/** If this fails, an integration that asks the account for its limits or its time plans with wrong ones. */
import { describe, expect, it } from 'vitest'
import { accountWithRole, createTestAccount } from '../test-account.ts'

const LIMITS = '/services/rest/system/v1/governanceLimits'
const TIME = '/services/rest/system/v1/serverTime'

describe('governanceLimits', () => {
  it('tells the limit of the contract in exactly these keys [GOV-012, REC-401, REC-004]', async () => {
    const { send } = createTestAccount({ profile: { serviceTier: 'enterprise', suiteCloudPlus: 2 } })
    const { status, json, headers } = await send('GET', LIMITS)
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=UTF-8'])
    expect(json).toEqual({
      accountConcurrencyLimit: 40,
      accountUnallocatedConcurrencyLimit: 40,
      integrationLimitType: 'accountLimit',
    })
  })
  it('tells a developer account 5, and an overridden limit as it is [GOV-006, GOV-012]', async () => {
    const developer = createTestAccount({ profile: { accountType: 'developer' } })
    expect((await developer.send('GET', LIMITS)).json.accountConcurrencyLimit).toBe(5)
    const overridden = createTestAccount({ profile: { concurrencyLimit: 7 } })
    expect((await overridden.send('GET', LIMITS)).json.accountConcurrencyLimit).toBe(7)
  })
  it('tells an integration the slots that are its own [GOV-009, GOV-012]', async () => {
    const secret = (digit: string) => digit.repeat(64)
    const integration = {
      name: 'sync',
      concurrencyLimit: 2,
      consumerKey: secret('a'),
      consumerSecret: secret('b'),
      tokens: [{ tokenId: secret('c'), tokenSecret: secret('d') }],
    }
    const { send } = createTestAccount({
      profile: { serviceTier: 'standard', integrations: [integration] },
    })
    expect((await send('GET', LIMITS)).json).toEqual({
      accountConcurrencyLimit: 5,
      accountUnallocatedConcurrencyLimit: 3,
      integrationConcurrencyLimit: 2,
      integrationLimitType: 'integrationSpecific',
    })
  })
  it('is for administrators only [GOV-012]', async () => {
    const { clerk } = accountWithRole({ permissions: { '*': 'full' } })
    const answer = await clerk('GET', LIMITS)
    expect([answer.status, answer.error?.['o:errorCode']]).toEqual([403, 'INSUFFICIENT_PERMISSION'])
  })
})

describe('serverTime', () => {
  it('is UTC, for anybody [REC-401]', async () => {
    const { clerk, clock } = accountWithRole({})
    const { status, json } = await clerk('GET', TIME)
    expect(status).toBe(200)
    expect(json).toEqual({ serverTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) })
    expect(Date.parse(String(json.serverTime))).toBe(Math.floor(clock.now() / 1000) * 1000)
  })
})

describe('the system service', () => {
  it('answers 405 to other verbs and 400 to other paths [REC-501, REC-E06]', async () => {
    const { send } = createTestAccount()
    const post = await send('POST', TIME, {})
    expect([post.status, post.error?.['o:errorCode']]).toEqual([405, 'INVALID_METHOD'])
    const unknown = await send('GET', '/services/rest/system/v1/nothing')
    expect([unknown.status, unknown.error?.['o:errorCode']]).toEqual([400, 'INVALID_URL'])
    const below = await send('GET', `${LIMITS}/1`)
    expect(below.status).toBe(400)
  })
})

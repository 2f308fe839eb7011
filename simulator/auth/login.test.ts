/** If these fail, a login that NetSuite refuses is let in, looks different on the wire, or leaves no reason behind. */
import { describe, expect, it } from 'vitest'
import type { LoginsPage } from '../../protocol/control.ts'
import type { TbaCredentials } from '../../protocol/signing.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import type { ProfileInput } from '../profile.ts'
import { createTestAccount, type TestAccount } from '../test-account.ts'

const secret = (digit: string): string => digit.repeat(64)
const KEYS = { consumerKey: secret('a'), consumerSecret: secret('b') }
const TOKEN = { tokenId: secret('1'), tokenSecret: secret('2'), user: 'Sally', role: 'Clerk' }

function accountOf(profile: Partial<ProfileInput> = {}): TestAccount {
  return createTestAccount({
    profile: {
      accountId: '1234567_SB1',
      roles: [{ name: 'Clerk', permissions: { '*': 'full' } }],
      integrations: [{ name: 'shop', ...KEYS, tokens: [TOKEN] }],
      ...profile,
    },
  })
}

const logins = async ({ send }: TestAccount): Promise<LoginsPage> =>
  (await send('GET', '/_seatrial/logins')).json as unknown as LoginsPage

const REFUSED = {
  type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2',
  title: 'Unauthorized',
  status: 401,
  'o:errorDetails': [
    {
      detail:
        'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > ' +
        'Users/Roles > User Management > View Login Audit Trail.',
      'o:errorCode': 'INVALID_LOGIN',
    },
  ],
}
const CHALLENGE =
  'OAuth realm="1234567_SB1", error="token_rejected", error_description="Invalid login attempt."'

/** The reason in the audit trail of a request that is refused as all others are. */
async function reasonOf(account: TestAccount, send = account.send): Promise<string> {
  const answer = await send('GET', 'currency/1')
  expect(answer.json).toEqual(REFUSED)
  expect(answer.headers['www-authenticate']).toBe(CHALLENGE)
  return (await logins(account)).items.at(-1)!.detail
}

describe('a failed login', () => {
  const change = (credentials: Partial<TbaCredentials>) => (account: TestAccount) =>
    account.senderOf({ ...account.simulator.credentials, ...credentials })
  it.each([
    ['consumer_key_unknown', change({ consumerKey: secret('f') })],
    ['token_rejected', change({ tokenId: secret('f') })],
    ['token_rejected', change({ accountId: '1234567_sb1' })],
    ['InvalidSignature', change({ tokenSecret: secret('f') })],
  ])(
    'answers the same and says %s in the audit trail [AUT-008, AUT-040, AUT-041, AUT-042]',
    async (reason, sender) => {
      const account = accountOf()
      expect(await reasonOf(account, sender(account))).toBe(reason)
    },
  )
  it.each<[string, Partial<ProfileInput>]>([
    [
      'consumer_key_refused',
      { integrations: [{ name: 'shop', ...KEYS, state: 'blocked', tokens: [TOKEN] }] },
    ],
    ['token_rejected', { integrations: [{ name: 'shop', ...KEYS, tokens: [{ ...TOKEN, revoked: true }] }] }],
    ['permission_denied', { auth: { inactiveUsers: ['Sally'] } }],
    ['permission_denied', { roles: [{ name: 'Clerk', inactive: true }] }],
    ['permission_denied', { roles: [{ name: 'Clerk', permissions: { logInUsingAccessTokens: 'none' } }] }],
    ['FeatureDisabled', { features: { tokenBasedAuthentication: false } }],
  ])('is %s where the profile says so [AUT-042]', async (reason, profile) => {
    expect(await reasonOf(accountOf(profile))).toBe(reason)
  })
  const rewritten = (from: RegExp, to: string) => (request: WireRequest) => {
    const authorization = request.headers.authorization!.replace(from, to)
    expect(authorization).not.toBe(request.headers.authorization)
    return { ...request, headers: { ...request.headers, authorization } }
  }
  it.each<[string, string, (request: WireRequest, account: TestAccount) => unknown]>([
    ['a nonce used before', 'NonceUsed', (request, { simulator }) => simulator.handle(request)],
    ['a nonce of five', 'parameter_rejected', rewritten(/oauth_nonce="[^"]*"/, 'oauth_nonce="five5"')],
    ['a timestamp of five minutes ago', 'InvalidTimestamp', (_, { clock }) => clock.advance(301_000)],
    [
      'a timestamp that is none',
      'InvalidTimestamp',
      rewritten(/oauth_timestamp="\d+"/, 'oauth_timestamp="now"'),
    ],
    ['HMAC-SHA1', 'UnknownAlgorithm', rewritten(/HMAC-SHA256/, 'HMAC-SHA1')],
    ['another version', 'VersionRejected', rewritten(/oauth_version="1.0"/, 'oauth_version="2.0"')],
    ['a parameter less', 'MissingTokenPassportRequiredFields', rewritten(/oauth_nonce="[^"]*", /, '')],
    ['a parameter twice', 'parameter_rejected', rewritten(/(oauth_nonce="[^"]*")/, '$1, $1')],
  ])(
    'with %s answers the same and says %s in the audit trail [AUT-020, AUT-027, AUT-028, AUT-040, AUT-042]',
    async (_, reason, spoil) => {
      const account = accountOf()
      const { baseUrl } = account.simulator
      const url = `${baseUrl}/services/rest/record/v1/currency/1`
      const signed = account.sign({ method: 'GET', url, headers: {} })
      const spoilt = (await spoil(signed, account)) as WireRequest | undefined
      const answer = await account.simulator.handle(
        spoilt?.headers.authorization === undefined ? signed : spoilt,
      )
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': CHALLENGE } })
      expect(JSON.parse((answer as { body: string }).body)).toEqual(REFUSED)
      expect((await logins(account)).items.at(-1)!.detail).toBe(reason)
    },
  )
  it('has the coarse reason on the wire where that is set [AUT-041]', async () => {
    const account = accountOf({
      auth: { wireError: 'reason', badRequestStatus: '400' },
      integrations: [{ name: 'shop', ...KEYS, state: 'blocked', tokens: [TOKEN] }],
    })
    const blocked = await account.send('GET', 'currency/1')
    expect(blocked.headers['www-authenticate']).toContain('error="consumer_key_refused"')
    const url = `${account.simulator.baseUrl}/services/rest/record/v1/currency/1`
    const unsigned = await account.simulator.handle({ method: 'GET', url, headers: {} })
    expect(unsigned).toMatchObject({ status: 400 })
  })
  it('of a RESTlet has reasons of its own for nonces [AUT-042, AUT-045]', async () => {
    const account = accountOf()
    const url = `${account.simulator.baseUrl}/app/site/hosting/restlet.nl?script=1&deploy=1`
    const signed = account.sign({ method: 'GET', url, headers: {} })
    const reason = async () => {
      expect(await account.simulator.handle(signed)).toMatchObject({
        status: 401,
        body: expect.stringContaining('INVALID_LOGIN_ATTEMPT'),
      })
      return (await logins(account)).items.at(-1)!.detail
    }
    await account.simulator.handle(signed)
    expect(await reason()).toBe('nonce_used')
  })
})

describe('while the account runs', () => {
  it('integrations are blocked and tokens revoked until the next reset [AUT-042]', async () => {
    const account = accountOf()
    const { send } = account
    const status = async () => (await send('GET', 'currency/1')).status
    expect(await status()).toBe(200)
    expect((await send('PATCH', '/_seatrial/integrations/shop', { state: 'blocked' })).status).toBe(204)
    expect(await reasonOf(account)).toBe('consumer_key_refused')
    await send('PATCH', '/_seatrial/integrations/shop', { state: 'enabled' })
    expect(await status()).toBe(200)
    const name = encodeURIComponent('shop - Sally, Clerk')
    expect((await send('DELETE', `/_seatrial/tokens/${name}`)).status).toBe(204)
    expect(await reasonOf(account)).toBe('token_rejected')
    expect((await send('GET', '/_seatrial/integrations')).json).toEqual({
      items: [
        {
          name: 'shop',
          state: 'enabled',
          tokens: [{ name: 'shop - Sally, Clerk', user: 'Sally', role: 'Clerk', state: 'revoked' }],
          certificates: [],
        },
      ],
    })
    await send('POST', '/_seatrial/reset')
    expect(await status()).toBe(200)
  })
  it('a user is locked for thirty minutes, or inactive [AUT-042, AUT-043]', async () => {
    const account = accountOf()
    const { send, clock } = account
    expect((await send('PATCH', '/_seatrial/users/Sally', { state: 'locked' })).status).toBe(204)
    expect(await reasonOf(account)).toBe('temporary_locked')
    await clock.advance(30 * 60_000)
    expect((await send('GET', 'currency/1')).status).toBe(200)
    await send('PATCH', '/_seatrial/users/Sally', { state: 'inactive' })
    expect(await reasonOf(account)).toBe('permission_denied')
    await send('PATCH', '/_seatrial/users/Sally', { state: 'active' })
    expect((await send('GET', 'currency/1')).status).toBe(200)
  })
  it('a refused change changes nothing', async () => {
    const account = accountOf()
    const { send } = account
    const answers = [
      await send('PATCH', '/_seatrial/integrations/nobody', { state: 'blocked' }),
      await send('PATCH', '/_seatrial/integrations/shop', { state: 'closed' }),
      await send('PATCH', '/_seatrial/users/nobody', { state: 'locked' }),
      await send('DELETE', '/_seatrial/tokens/nobody'),
      await send('DELETE', '/_seatrial/certificates/nobody'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 404, 404, 404])
    expect((await send('GET', 'currency/1')).status).toBe(200)
  })
})

describe('the Login Audit Trail', () => {
  it('has the columns of the page, counts successes and keeps no secrets [AUT-051]', async () => {
    const account = accountOf()
    await account.send('GET', 'currency/1')
    await account.send('PATCH', '/_seatrial/users/Sally', { state: 'inactive' })
    await account.send('GET', 'currency/1?fields=name')
    const page = await logins(account)
    expect(page).toEqual({
      items: [
        {
          sequence: 1,
          atMs: account.clock.now(),
          status: 'Failure',
          detail: 'permission_denied',
          method: 'GET',
          path: '/services/rest/record/v1/currency/1',
          applicationName: 'shop',
          tokenName: 'shop - Sally, Clerk',
          user: 'Sally',
          role: 'Clerk',
        },
      ],
      hasMore: false,
      overwritten: 0,
      successes: 1,
      failures: 1,
    })
    const text = JSON.stringify(page)
    for (const hidden of [KEYS.consumerSecret, TOKEN.tokenSecret, TOKEN.tokenId])
      expect(text).not.toContain(hidden)
  })
  it('keeps the newest and says how many are gone', async () => {
    const account = accountOf({ auth: { inactiveUsers: ['Sally'], auditCapacity: 10 } })
    for (let i = 0; i < 13; i++) await account.send('GET', 'currency/1')
    const page = await logins(account)
    expect([page.items.length, page.items[0]!.sequence, page.overwritten, page.failures]).toEqual([
      10, 4, 3, 13,
    ])
    const rest = (await account.send('GET', '/_seatrial/logins?after=5&limit=2'))
      .json as unknown as LoginsPage
    expect([rest.items.map(({ sequence }) => sequence), rest.hasMore]).toEqual([[6, 7], true])
  })
})

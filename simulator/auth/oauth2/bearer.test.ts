/** If these fail, access tokens open what they should not, stay good too long, or are refused in other words than NetSuite's. */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bearerGet, lastReason, oauth2Account, post, tokenFor } from './test-client.ts'

type Account = ReturnType<typeof oauth2Account>

async function accessToken(account: Account, claims: Record<string, unknown> = {}): Promise<string> {
  return String((await tokenFor(account, { claims })).json.access_token)
}

const INVALID =
  'Bearer realm="1234567_SB1", error="invalid_token", error_description="Invalid login attempt."'
const MALFORMED =
  'Bearer realm="1234567_SB1", error="invalid_request", error_description="The request could not be understood by the server due to malformed syntax."'

async function expectRefused(account: Account, token: string, reason: string): Promise<void> {
  const answer = await bearerGet(account, `Bearer ${token}`)
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, INVALID])
  expect(await lastReason(account)).toBe(reason)
}

function partsOf(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)
  return { header: header!, claims: claims! }
}

describe('an access token', () => {
  it('logs in with the user and role of its certificate [AUT-090]', async () => {
    const account = oauth2Account()
    const token = await accessToken(account)
    expect((await bearerGet(account, `Bearer ${token}`)).status).toBe(200)
    expect((await bearerGet(account, `bearer ${token}`)).status).toBe(200)
    const { json } = await account.send('GET', '/_seatrial/journal')
    expect((json.items as { integration: string }[]).map(({ integration }) => integration)).toEqual([
      undefined,
      'shop',
      'shop',
    ])
    expect(JSON.stringify(json)).not.toContain(token)
  })
  it('has the permissions of that role alone [AUT-090]', async () => {
    const account = oauth2Account({}, { roles: [{ name: 'Clerk', permissions: { customer: 'view' } }] })
    const token = await accessToken(account)
    expect((await bearerGet(account, `Bearer ${token}`)).status).toBe(403)
  })
  it('is a JWT as NetSuite makes them, signed with a key of the key endpoint [AUT-094, AUT-095]', async () => {
    const account = oauth2Account()
    const nowSec = Math.floor(account.clock.now() / 1000)
    const token = await accessToken(account)
    const { header, claims } = partsOf(token)
    const url = `${account.simulator.baseUrl}/services/rest/auth/oauth2/v1/keys`
    const answer = await account.simulator.handle({ method: 'GET', url, headers: {} })
    const { keys } = JSON.parse((answer as { body: string }).body) as { keys: JsonWebKey[] }
    expect(header).toEqual({ kid: keys[0]!.kid, typ: 'JWT', alg: 'RS256' })
    expect(claims).toMatchObject({
      sub: '1234567_SB1;0;Clerk;Robin;N',
      aud: ['c'.repeat(64), expect.stringMatching(/^app:[0-9a-f-]{36}$/)],
      scope: ['restlets', 'rest_webservices'],
      iss: 'https://system.netsuite.com',
      iat: nowSec,
      oit: nowSec,
      exp: nowSec + 3600,
      jti: expect.any(String),
    })
    const [head, payload, signature] = token.split('.')
    const key = createPublicKey({ key: keys[0]!, format: 'jwk' })
    const data = Buffer.from(`${head}.${payload}`)
    expect(verify('sha256', data, key, Buffer.from(signature!, 'base64url'))).toBe(true)
    expect(keys[0]).not.toHaveProperty('d')
  })
  it('is the same from the same seed [AUT-094]', async () => {
    expect(await accessToken(oauth2Account())).toBe(await accessToken(oauth2Account()))
  })
  it('ends after an hour, and is unknown after a reset [AUT-065, AUT-091, AUT-093]', async () => {
    const account = oauth2Account()
    const token = await accessToken(account)
    await account.clock.advance(3_599_000)
    expect((await bearerGet(account, `Bearer ${token}`)).status).toBe(200)
    await account.clock.advance(1000)
    await expectRefused(account, token, 'AccessTokenExpired')
    const second = await accessToken(account)
    await account.send('POST', '/_seatrial/reset')
    await expectRefused(account, second, 'TokenRejected')
  })
  it('gives way to newer ones where there are too many', async () => {
    const account = oauth2Account({}, { auth: { oauth2: { tokensMax: 10 } } })
    const first = await accessToken(account)
    let last = ''
    for (let i = 0; i < 10; i++) last = await accessToken(account)
    await expectRefused(account, first, 'TokenRejected')
    expect((await bearerGet(account, `Bearer ${last}`)).status).toBe(200)
  })
})

describe('a bearer token that does not fit', () => {
  it('answers 401 invalid_token and leaves its reason [AUT-091, AUT-093]', async () => {
    const account = oauth2Account()
    const token = await accessToken(account)
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const es256 = Buffer.from('{"alg":"ES256"}').toString('base64url')
    const mutated = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    await expectRefused(account, 'abc', 'TokenNotAcceptable')
    await expectRefused(account, `${es256}.${payload}.${signature}`, 'UnsupportedAlgo')
    await expectRefused(account, `${header}.${payload}.${mutated}`, 'InvalidSignature')
    await account.send('PATCH', '/_seatrial/users/Robin', { state: 'inactive' })
    await expectRefused(account, token, 'EntityOrRoleDisabled')
    await account.send('PATCH', '/_seatrial/users/Robin', { state: 'active' })
    await account.send('PATCH', '/_seatrial/integrations/shop', { state: 'blocked' })
    await expectRefused(account, token, 'IntegrationBlocked')
  })
  it('names the service it has no scope for in the audit trail only [AUT-090, AUT-093, OPQ-072]', async () => {
    const account = oauth2Account()
    const restlets = await accessToken(account, { scope: 'restlets' })
    await expectRefused(account, restlets, 'ScopeMismatched')
    const rest = await accessToken(account, { scope: 'rest_webservices' })
    const answer = await bearerGet(
      account,
      `Bearer ${rest}`,
      '/app/site/hosting/restlet.nl?script=1&deploy=1',
    )
    expect([answer.status, answer.json]).toEqual([
      401,
      { error: { code: 'INVALID_LOGIN_ATTEMPT', message: 'Invalid login attempt.' } },
    ])
  })
  it('without the scope may answer 400 where that is set [AUT-096]', async () => {
    const account = oauth2Account({}, { auth: { oauth2: { insufficientScope: '400' } } })
    const token = await accessToken(account, { scope: 'restlets' })
    const answer = await bearerGet(account, `Bearer ${token}`)
    expect(answer.status).toBe(400)
    expect(answer.json['o:errorDetails']).toEqual([
      { detail: 'Insufficient scope', 'o:errorCode': 'INVALID_LOGIN_ATTEMPT' },
    ])
  })
  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer "x"'])(
    'is malformed as %o: 400 [AUT-092]',
    async (header) => {
      const account = oauth2Account()
      const answer = await bearerGet(account, header)
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([400, MALFORMED])
    },
  )
  it('is not one of a locked user, who keeps working [AUT-087]', async () => {
    const account = oauth2Account()
    const token = await accessToken(account)
    await account.send('PATCH', '/_seatrial/users/Robin', { state: 'locked' })
    expect((await bearerGet(account, `Bearer ${token}`)).status).toBe(200)
  })
})

describe('the token endpoint', () => {
  it('takes no slot and is in the journal by its name [AUT-060]', async () => {
    const account = oauth2Account()
    await accessToken(account)
    const slots = (await account.send('GET', '/_seatrial/slots')).json
    expect(slots).toMatchObject({ granted: 0 })
    const { json } = await account.send('GET', '/_seatrial/journal')
    expect(json.items).toMatchObject([{ operation: 'oauth2.token', status: 200 }])
    expect(JSON.stringify(json)).not.toContain('client_assertion')
  })
  it('has no other address [AUT-060]', async () => {
    expect((await post(oauth2Account(), {}, { path: 'introspect' })).status).toBe(400)
  })
})

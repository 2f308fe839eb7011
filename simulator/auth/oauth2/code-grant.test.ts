/** If these fail, the authorization-code flow gives tokens to the wrong client, or not to the right one. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  bearerGet,
  CLIENT_ID,
  CLIENT_SECRET,
  lastReason,
  oauth2Account,
  post,
  REDIRECT_URI,
} from './test-client.ts'

type Account = ReturnType<typeof oauth2Account>
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const STATE = 'state-of-twenty-two-ch'
const BASIC = { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` }
const ASKED = {
  response_type: 'code',
  client_id: CLIENT_ID,
  redirect_uri: REDIRECT_URI,
  scope: 'restlets rest_webservices',
  state: STATE,
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
}

/** Undefined takes a parameter away. */
async function authorize({ simulator }: Account, changes: Record<string, string | undefined> = {}) {
  const given = Object.entries({ ...ASKED, ...changes }).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(given as [string, string][])
  const url = `https://1234567-sb1.app.netsuite.com/app/login/oauth2/authorize.nl?${query}`
  const answer = await simulator.handle({ method: 'GET', url, headers: {} })
  if (typeof answer === 'string') throw new Error(answer)
  const { location } = answer.headers
  const target = location === undefined ? undefined : new URL(location)
  return { ...answer, target, parameters: Object.fromEntries(target?.searchParams ?? []) }
}

async function exchange(account: Account, changes: Record<string, string> = {}, headers = BASIC) {
  const { parameters } = await authorize(account)
  const form = { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, code_verifier: VERIFIER }
  return post(account, { ...form, code: parameters.code!, ...changes }, { headers })
}

const refresh = (account: Account, token: unknown, headers: Record<string, string> = BASIC, more = {}) =>
  post(account, { grant_type: 'refresh_token', refresh_token: String(token), ...more }, { headers })

const get = async (account: Account, token: unknown) => (await bearerGet(account, `Bearer ${token}`)).status

describe('the authorization page', () => {
  it('sends the browser back with state, code, role, entity and company [AUT-080, AUT-082]', async () => {
    const account = oauth2Account({}, { auth: { oauth2: { consentUser: 'Robin', consentRole: 'Clerk' } } })
    const { status, target, parameters } = await authorize(account)
    expect([status, target!.origin + target!.pathname]).toEqual([302, REDIRECT_URI])
    expect(parameters).toEqual({
      state: STATE,
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
      role: 'Clerk',
      entity: 'Robin',
      company: '1234567_SB1',
    })
  })
  it.each<[string, Record<string, string | undefined>]>([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { state: 'short' }],
    ['invalid_request', { state: undefined }],
    ['invalid_request', { state: 's'.repeat(1025) }],
    ['invalid_request', { state: `${STATE}\u00e9` }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { code_challenge_method: undefined }],
    ['invalid_request', { code_challenge: 'short' }],
    ['invalid_scope', { scope: undefined }],
    ['invalid_scope', { scope: 'everything' }],
    ['invalid_scope', { scope: 'mcp restlets' }],
    ['invalid_scope', { scope: 'mcp' }],
  ])('sends %s back for %o [AUT-080, AUT-082]', async (error, changes) => {
    const { status, parameters } = await authorize(oauth2Account(), changes)
    expect([status, parameters.error, parameters.code]).toEqual([302, error, undefined])
  })
  it('takes states of 22 and of 1024 characters [AUT-080]', async () => {
    for (const state of [STATE, 's'.repeat(1024)])
      expect((await authorize(oauth2Account(), { state })).parameters).toMatchObject({
        state,
        code: expect.any(String),
      })
  })
  it.each<[number, Record<string, string | undefined>]>([
    [401, { client_id: 'nobody' }],
    [400, { redirect_uri: `${REDIRECT_URI}/` }],
    [400, { redirect_uri: undefined }],
  ])('answers %d and sends nobody anywhere for %o [AUT-080]', async (status, changes) => {
    const answer = await authorize(oauth2Account(), changes)
    expect([answer.status, answer.target]).toEqual([status, undefined])
  })
  it('asks for PKCE where the client is public, wants mcp, or the profile says all [AUT-081]', async () => {
    const without = { code_challenge: undefined, code_challenge_method: undefined }
    const error = async (account: Account, more = {}) =>
      (await authorize(account, { ...without, ...more })).parameters.error
    expect(await error(oauth2Account())).toBeUndefined()
    expect(await error(oauth2Account({ public: true }))).toBe('invalid_request')
    expect(await error(oauth2Account({ scopes: ['mcp'] }), { scope: 'mcp' })).toBe('invalid_request')
    expect(await error(oauth2Account({}, { auth: { oauth2: { pkce: 'all' } } }))).toBe('invalid_request')
  })
  it('says access_denied where the user does, or may not log in so [AUT-082]', async () => {
    const denied = async (account: Account) => (await authorize(account)).parameters.error
    expect(await denied(oauth2Account({}, { auth: { oauth2: { consent: 'deny' } } }))).toBe('access_denied')
    expect(await denied(oauth2Account({}, { auth: { inactiveUsers: ['shop'] } }))).toBe('access_denied')
    expect(await denied(oauth2Account({ grants: ['client_credentials'] }))).toBe('unauthorized_client')
  })
})

describe('a code', () => {
  it('is good for an access and a refresh token [AUT-083, AUT-094]', async () => {
    const account = oauth2Account()
    const { status, json } = await exchange(account)
    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3600,
      token_type: 'bearer',
    })
    expect(await get(account, json.access_token)).toBe(200)
    const claims = JSON.parse(Buffer.from(String(json.access_token).split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({
      sub: 'Administrator;shop',
      aud: [expect.stringMatching(/^[0-9a-f-]{36};1234567_SB1$/), CLIENT_ID],
    })
  })
  it.each<[string, Record<string, string>]>([
    ['another code', { code: 'f'.repeat(64) }],
    ['another redirect address', { redirect_uri: 'https://shop.example/other' }],
    ['another verifier', { code_verifier: 'w'.repeat(43) }],
    ['no verifier', { code_verifier: '' }],
  ])('with %s is an invalid_grant [AUT-081, AUT-084]', async (_, changes) => {
    const account = oauth2Account()
    const { status, json } = await exchange(account, changes)
    expect([status, json]).toEqual([400, { error: 'invalid_grant' }])
    expect(await lastReason(account)).toBe('TokenRejected')
  })
  it('is good once; a second use takes the tokens back [AUT-084]', async () => {
    const account = oauth2Account()
    const { parameters } = await authorize(account)
    const form = { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, code_verifier: VERIFIER }
    const use = () => post(account, { ...form, code: parameters.code! }, { headers: BASIC })
    const { json } = await use()
    expect((await use()).json).toEqual({ error: 'invalid_grant' })
    expect(await get(account, json.access_token)).toBe(401)
    expect((await refresh(account, json.refresh_token)).json).toEqual({ error: 'invalid_grant' })
  })
  it('does not last', async () => {
    const account = oauth2Account()
    const { parameters } = await authorize(account)
    await account.clock.advance(600_000)
    expect((await exchange(account, { code: parameters.code! })).json).toEqual({ error: 'invalid_grant' })
    expect(await lastReason(account)).toBe('TokenExpired')
  })
  it('needs the client’s secret [AUT-083, AUT-084]', async () => {
    const account = oauth2Account()
    const wrong = { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:wrong`).toString('base64')}` }
    for (const headers of [wrong, { authorization: '' }]) {
      const answer = await exchange(account, { client_id: CLIENT_ID }, headers)
      expect([answer.status, answer.json]).toEqual([401, { error: 'invalid_client' }])
      expect(answer.headers['www-authenticate']).toBe('Basic realm="1234567_SB1"')
    }
  })
  it('of a public client needs its id alone [AUT-083]', async () => {
    const account = oauth2Account({ public: true })
    const answer = await exchange(account, { client_id: CLIENT_ID }, { authorization: '' })
    expect(answer.status).toBe(200)
  })
})

describe('a refresh token', () => {
  it('gives a confidential client new access tokens for seven days, and nothing else [AUT-083, AUT-085]', async () => {
    const account = oauth2Account()
    const { json } = await exchange(account)
    await account.clock.advance(7 * 86_400_000 - 1000)
    const second = await refresh(account, json.refresh_token)
    expect(Object.keys(second.json)).toEqual(['access_token', 'expires_in', 'token_type'])
    expect(await get(account, second.json.access_token)).toBe(200)
    await account.clock.advance(1000)
    expect((await refresh(account, json.refresh_token)).json).toEqual({ error: 'invalid_grant' })
    expect(await lastReason(account)).toBe('TokenExpired')
  })
  it('of a public client is good once, for two days [AUT-083]', async () => {
    const account = oauth2Account({ public: true })
    const client = { client_id: CLIENT_ID }
    const { json } = await exchange(account, client, { authorization: '' })
    const second = await refresh(account, json.refresh_token, {}, client)
    expect(second.json.refresh_token).not.toBe(json.refresh_token)
    expect((await refresh(account, json.refresh_token, {}, client)).json).toEqual({ error: 'invalid_grant' })
    await account.clock.advance(2 * 86_400_000)
    expect((await refresh(account, second.json.refresh_token, {}, client)).json).toEqual({
      error: 'invalid_grant',
    })
  })
  it('is revoked together with its access tokens [AUT-086]', async () => {
    const account = oauth2Account()
    const { json } = await exchange(account)
    const later = await refresh(account, json.refresh_token)
    const revoke = (headers: Record<string, string>) =>
      post(account, { token: String(json.refresh_token) }, { path: 'revoke', headers })
    expect((await revoke({})).status).toBe(401)
    expect(await get(account, json.access_token)).toBe(200)
    expect((await revoke(BASIC)).status).toBe(200)
    expect(await get(account, json.access_token)).toBe(401)
    expect(await get(account, later.json.access_token)).toBe(401)
    expect((await refresh(account, json.refresh_token)).json).toEqual({ error: 'invalid_grant' })
  })
})

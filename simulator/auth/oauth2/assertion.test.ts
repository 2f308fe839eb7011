/** If these fail, a client gets a token for a wrong assertion, or none for a right one. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../../kernel/rng.ts'
import { tokenRequest } from '../../../protocol/assertion.ts'
import { createTestAccount } from '../../test-account.ts'
import {
  type AssertionParts,
  assertionForm,
  assertionOf,
  certificates,
  lastReason,
  oauth2Account,
  PRIVATE_KEYS,
  post,
  TOKEN_ADDRESS,
  tokenFor,
} from './test-client.ts'

const shared = oauth2Account()
const NOW_SEC = Math.floor(shared.clock.now() / 1000)

describe('a client assertion', () => {
  it.each([
    ['PS256', 'rsa'],
    ['PS384', 'rsa'],
    ['PS512', 'rsa'],
    ['ES256', 'p256'],
    ['ES384', 'p384'],
    ['ES512', 'p521'],
  ])('signed with %s is good for a token [AUT-060, AUT-061, AUT-065]', async (alg, kid) => {
    const { status, json } = await tokenFor(shared, { header: { alg, kid } })
    expect(status).toBe(200)
    expect(Object.keys(json)).toEqual(['access_token', 'expires_in', 'token_type'])
    expect(json).toMatchObject({ expires_in: 3600, token_type: 'bearer' })
  })
  it.each<[string, Record<string, unknown>]>([
    ['scope as an array', { scope: ['restlets', 'rest_webservices'] }],
    ['scope with commas', { scope: 'restlets,rest_webservices' }],
    ['scope with spaces', { scope: 'restlets rest_webservices' }],
    ['the other host', { aud: TOKEN_ADDRESS.replace('suitetalk', 'restlets') }],
    ['several audiences', { aud: ['https://example.com', TOKEN_ADDRESS] }],
    ['a jti', { jti: 'a1' }],
    ['exactly an hour', { exp: NOW_SEC + 3600 }],
    ['a clock a little ahead', { iat: NOW_SEC + 300, exp: NOW_SEC + 3600 }],
  ])('is taken with %s [AUT-062, AUT-063]', async (_, claims) => {
    expect((await tokenFor(shared, { claims })).status).toBe(200)
  })
  it('is made by the client of this product for the throw-away integration [AUT-060]', async () => {
    const { simulator, clock } = createTestAccount()
    const { oauth2, baseUrl } = simulator
    const request = tokenRequest(clock, createRng(1), oauth2!, { baseUrl })
    expect(await simulator.handle(request)).toMatchObject({ status: 200 })
  })
})

const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rs256: AssertionParts = { header: { alg: 'RS256', kid: 'rsa' } }

describe('a refused assertion', () => {
  it.each<[string, number, string, AssertionParts]>([
    ['invalid_client', 401, 'MissingKey', { header: { kid: 'nobody' } }],
    ['invalid_client', 401, 'MissingKeyId', { header: { kid: '' } }],
    ['invalid_client', 401, 'InvalidIssuer', { claims: { iss: 'nobody' } }],
    ['invalid_client', 401, 'InvalidSignature', { key: other }],
    ['invalid_client', 401, 'InvalidSignature', { header: { kid: 'p384' }, key: other }],
    ['invalid_request', 400, 'UnsupportedAlgo', rs256],
    ['invalid_request', 400, 'InvalidTokenType', { header: { typ: 'at+jwt' } }],
    ['invalid_request', 400, 'TokenNotAcceptable', { claims: { aud: 'https://example.com' } }],
    ['invalid_request', 400, 'TokenNotAcceptable', { claims: { exp: undefined } }],
    ['invalid_request', 400, 'TokenNotAcceptable', { claims: { iat: 'now' } }],
    ['invalid_request', 400, 'TokenNotAcceptable', { claims: { iat: NOW_SEC + 301 } }],
    ['invalid_request', 400, 'TokenNotAcceptable', { claims: { nbf: NOW_SEC + 301 } }],
    ['invalid_request', 400, 'TokenExpired', { claims: { iat: NOW_SEC - 100, exp: NOW_SEC } }],
    ['invalid_request', 400, 'TokenValidityTooBroad', { claims: { exp: NOW_SEC + 3601 } }],
    ['invalid_scope', 400, 'InvalidScope', { claims: { scope: 'everything' } }],
    ['invalid_scope', 400, 'InvalidScope', { claims: { scope: [] } }],
    ['invalid_scope', 400, 'InvalidScope', { claims: { scope: ['mcp', 'restlets'] } }],
    ['invalid_request', 400, 'AuthorizationCodeGrantRequired', { claims: { scope: 'mcp' } }],
  ])(
    'answers %s %d, and %s in the audit trail [AUT-070, AUT-071, AUT-084, AUT-093]',
    async (error, status, reason, parts) => {
      const answer = await tokenFor(shared, parts)
      expect([answer.status, answer.json]).toEqual([status, { error }])
      expect(answer.headers['www-authenticate']).toBe(
        status === 401 ? 'Basic realm="1234567_SB1"' : undefined,
      )
      expect(await lastReason(shared)).toBe(reason)
    },
  )
  it.each<[string, string, Parameters<typeof oauth2Account>]>([
    ['unsupported_grant_type', 'InvalidIntegration', [{ grants: ['authorization_code'] }]],
    ['invalid_scope', 'ScopeMismatched', [{ scopes: ['restlets'] }]],
    ['invalid_grant', 'EntityOrRoleDisabled', [{}, { auth: { inactiveUsers: ['Robin'] } }]],
    ['invalid_grant', 'EntityOrRoleDisabled', [{}, { roles: [{ name: 'Clerk', inactive: true }] }]],
    ['unauthorized_client', 'FeatureDisabled', [{}, { features: { oauth2: false } }]],
  ])('answers %s, and %s where the account is set up so [AUT-071, AUT-093]', async (error, reason, setUp) => {
    const account = oauth2Account(...setUp)
    expect((await tokenFor(account)).json).toEqual({ error })
    expect(await lastReason(account)).toBe(reason)
  })
  it('is one of a blocked integration, or of a certificate that was revoked or has ended [AUT-066, AUT-067]', async () => {
    const account = oauth2Account()
    await account.send('PATCH', '/_seatrial/integrations/shop', { state: 'blocked' })
    expect((await tokenFor(account)).json).toEqual({ error: 'invalid_client' })
    expect(await lastReason(account)).toBe('IntegrationBlocked')
    await account.send('PATCH', '/_seatrial/integrations/shop', { state: 'enabled' })
    expect((await account.send('DELETE', '/_seatrial/certificates/p256')).status).toBe(204)
    expect((await tokenFor(account)).json).toEqual({ error: 'invalid_client' })
    expect(await lastReason(account)).toBe('MissingKey')
    expect((await tokenFor(account, { header: { alg: 'ES384', kid: 'p384' } })).status).toBe(200)
    const validUntil = new Date(shared.clock.now() + 60_000).toISOString()
    const ending = oauth2Account({ certificates: [{ ...certificates[0]!, validUntil }] })
    expect((await tokenFor(ending)).status).toBe(200)
    await ending.clock.advance(60_000)
    expect((await tokenFor(ending)).json).toEqual({ error: 'invalid_client' })
    expect(await lastReason(ending)).toBe('MissingKey')
  })
  it('may be one with RS256 that breaks the endpoint, one seen before, or one for two hours [AUT-064, AUT-069]', async () => {
    const account = oauth2Account(
      {},
      { auth: { oauth2: { rs256: '500', assertionReplay: 'refuse', assertionSec: 7200 } } },
    )
    expect((await tokenFor(account, rs256)).status).toBe(500)
    const form = assertionForm(await assertionOf(account.clock.now(), { claims: { exp: NOW_SEC + 7200 } }))
    expect((await post(account, form)).status).toBe(200)
    expect((await post(account, form)).json).toEqual({ error: 'invalid_request' })
    expect(await lastReason(account)).toBe('TokenRejected')
  })
  it('may be told otherwise by the profile, reason by reason [AUT-070]', async () => {
    const account = oauth2Account({}, { auth: { oauth2: { errors: { MissingKey: 'invalid_request' } } } })
    expect((await tokenFor(account, { header: { kid: 'nobody' } })).json).toEqual({
      error: 'invalid_request',
    })
  })
  it.each<[string, Record<string, string> | string]>([
    ['unsupported_grant_type', { grant_type: 'password' }],
    ['invalid_request', {}],
    ['invalid_request', { grant_type: 'client_credentials' }],
    ['invalid_request', { ...assertionForm('a.b.c'), client_assertion_type: 'jwt' }],
    ['invalid_request', assertionForm('a.b')],
    ['invalid_request', assertionForm('a.b.c')],
    ['invalid_request', 'grant_type=client_credentials&grant_type=password'],
  ])('answers %s to the form %o [AUT-060, AUT-084]', async (error, form) => {
    expect((await post(shared, form)).json).toEqual({ error })
  })
  it('is any request that is no form, or no POST [AUT-060]', async () => {
    const form = assertionForm(await assertionOf(shared.clock.now()))
    const asJson = await post(shared, form, { headers: { 'content-type': 'application/json' } })
    expect(asJson.json).toEqual({ error: 'invalid_request' })
    const url = TOKEN_ADDRESS
    expect(await shared.simulator.handle({ method: 'GET', url, headers: {} })).toMatchObject({ status: 405 })
  })
})

describe('a tampered assertion', () => {
  it('never passes, whatever claim or letter is changed [AUT-061, AUT-062]', async () => {
    const good = await assertionOf(shared.clock.now())
    const [header, payload, signature] = good.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const changed = fc
      .tuple(fc.constantFrom('iss', 'scope', 'aud', 'iat', 'exp', 'jti', 'sub', 'role'), fc.jsonValue())
      .filter(([name, value]) => JSON.stringify(claims[name]) !== JSON.stringify(value))
      .map(([name, value]) => `${header}.${encode({ ...claims, [name]: value })}.${signature}`)
    const letter = fc
      .tuple(fc.nat(good.length - 1), fc.constantFrom(...'ABCabc019-_.='))
      .filter(([at, text]) => good[at] !== text)
      .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1))
    const unsigned = fc
      .constantFrom('none', 'HS256', 'RS256', 'ES384', 'toString')
      .map((alg) => `${encode({ typ: 'JWT', alg, kid: 'p256' })}.${payload}.${signature}`)
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, letter, unsigned), async (assertion) => {
        const { status, json } = await post(shared, assertionForm(assertion))
        expect([400, 401]).toContain(status)
        expect(json).not.toHaveProperty('access_token')
      }),
      { seed: 1, numRuns: 300 },
    )
    expect((await post(shared, assertionForm(good))).status).toBe(200)
  })
})

describe('certificates of the profile', () => {
  const certificate = (publicKey: string, id = 'x') => ({ id, publicKey })
  const pemOf = (key: typeof other) =>
    oauth2Account({ certificates: [certificate(key.export({ type: 'pkcs8', format: 'pem' }) as string)] })
  it('are public, of a known kind, at most five and apart from each other [AUT-066, AUT-067]', () => {
    expect(() => pemOf(other)).toThrow('is a private key')
    const weak = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    const text = weak.export({ type: 'spki', format: 'pem' }) as string
    expect(() => oauth2Account({ certificates: [certificate(text)] })).toThrow('RSA of 3072 or 4096')
    const junk = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
    expect(() => oauth2Account({ certificates: [certificate(junk)] })).toThrow('no PEM')
    const publicPem = createPublicKey(PRIVATE_KEYS.rsa!).export({ type: 'spki', format: 'pem' }) as string
    const many = Array.from({ length: 6 }, (_, at) => certificate(publicPem, `c${at}`))
    expect(() => oauth2Account({ certificates: many })).toThrow('more than 5 active certificates')
    expect(() => oauth2Account({ certificates: [many[0]!, many[0]!] })).toThrow('there twice')
  })
})

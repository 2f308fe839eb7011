/** If these fail, the account refuses our assertions, or a wrong key is noticed only there, as a generic refusal. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import type { AppError } from '../kernel/error.ts'
import { createRng } from '../kernel/rng.ts'
import { assertionKey, type OAuth2Credentials, tokenRequest } from './assertion.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey
const keys = { p256: ec('P-256'), p384: ec('P-384'), p521: ec('P-521'), k256: ec('secp256k1'), rsa }
const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string
const baseUrl = 'https://1234567-sb1.suitetalk.api.netsuite.com'

function formOf(more: Partial<OAuth2Credentials> & { privateKeyPem: string }) {
  const credentials = { clientId: 'client', certificateId: 'certificate', ...more }
  const clock = new VirtualClock(1_800_000_000_500)
  const request = tokenRequest(clock, createRng(1), credentials, { baseUrl })
  return { request, form: Object.fromEntries(new URLSearchParams(request.body)) }
}

describe('a request for an access token', () => {
  it.each([
    ['PS256', keys.rsa],
    ['PS384', keys.rsa],
    ['PS512', keys.rsa],
    ['ES256', keys.p256],
    ['ES384', keys.p384],
    ['ES512', keys.p521],
  ] as const)('signs by %s what jose verifies [AUT-061]', async (algorithm, key) => {
    const { form } = formOf({ privateKeyPem: pemOf(key), algorithm })
    const currentDate = new Date(1_800_000_000_000)
    const audience = `${baseUrl}/services/rest/auth/oauth2/v1/token`
    const { payload, protectedHeader } = await jwtVerify(form.client_assertion!, createPublicKey(key), {
      currentDate,
      audience,
      issuer: 'client',
    })
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: algorithm, kid: 'certificate' })
    expect(payload).toEqual({
      iss: 'client',
      aud: audience,
      scope: ['rest_webservices'],
      iat: 1_800_000_000,
      exp: 1_800_003_540,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })
  it('is a form for the token endpoint, without an Authorization header [AUT-060]', () => {
    const { request, form } = formOf({ privateKeyPem: pemOf(keys.p256) })
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(Object.keys(request.headers)).toEqual(['content-type'])
    expect(form).toEqual({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.any(String),
    })
  })
  it.each([
    ['PS256', keys.rsa],
    ['ES256', keys.p256],
    ['ES384', keys.p384],
    ['ES512', keys.p521],
  ] as const)('is signed by %s where only the key is given', (algorithm, key) => {
    const { form } = formOf({ privateKeyPem: pemOf(key) })
    expect(decodeProtectedHeader(form.client_assertion!).alg).toBe(algorithm)
  })
})

describe('a private key', () => {
  const encrypted = keys.p256.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'hush',
  })
  it.each([
    ['is encrypted', { privateKeyPem: encrypted as string }],
    ['no PEM of a private key', { privateKeyPem: 'hush' }],
    ['rsa does not sign by ES256', { privateKeyPem: pemOf(keys.rsa), algorithm: 'ES256' }],
    ['ec prime256v1 does not sign by ES384', { privateKeyPem: pemOf(keys.p256), algorithm: 'ES384' }],
    ['ec secp256k1 does not sign by any algorithm', { privateKeyPem: pemOf(keys.k256) }],
  ] as const)('is refused where it %s, and is not quoted', (words, given) => {
    const read = () => assertionKey(given)
    expect(read).toThrow(words)
    try {
      read()
    } catch (error) {
      const { code, details, cause } = error as AppError
      expect([code, cause, details.mend]).toEqual(['E_KEY_INVALID', undefined, expect.any(String)])
      expect((error as AppError).toText()).not.toContain('hush')
    }
  })
})

/** If this fails, a case about logins sends a wrong that is not the one it names, and proves nothing. */
import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { Transport } from '../protocol/transport.ts'
import type { WireRequest } from '../protocol/wire.ts'
import { createVariantSigner, type SignVariant } from './sign.ts'

const credentials = {
  accountId: '1234567_SB1',
  consumerKey: 'c0'.repeat(32),
  consumerSecret: 'c1'.repeat(32),
  tokenId: 'd0'.repeat(32),
  tokenSecret: 'd1'.repeat(32),
}
const baseUrl = 'https://1234567-sb1.suitetalk.api.netsuite.com'
const url = `${baseUrl}/services/rest/record/v1/customer/1?fields=a`
const NOW_MS = 1_800_000_000_000
const silent: Transport = { send: () => Promise.reject(new Error('no wire')), close: async () => {} }

/** The oauth parameters of a request signed by `variant`; every call draws the same nonce at the same time. */
function signedBy(variant: SignVariant): Record<string, string> {
  const parts = { transport: silent, baseUrl, credentials }
  const signer = createVariantSigner(new VirtualClock(NOW_MS), createRng(1), parts)
  const request = signer.sign({ method: 'GET', url, headers: {} }, variant) as WireRequest
  expect(request.url).toBe(url)
  const pairs = [...(request.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)]
  return Object.fromEntries(pairs.map(([, name, value]) => [name!, decodeURIComponent(value!)]))
}

const right = signedBy('valid')

/** Variant and the only parameters that may differ from a right signature. */
const DIFFERS: readonly (readonly [SignVariant, readonly string[]])[] = [
  ['wrong-consumer-secret', ['oauth_signature']],
  ['wrong-token-secret', ['oauth_signature']],
  ['unknown-consumer', ['oauth_consumer_key', 'oauth_signature']],
  ['unknown-token', ['oauth_signature', 'oauth_token']],
  ['timestamp-400s-old', ['oauth_signature', 'oauth_timestamp']],
  ['timestamp-400s-ahead', ['oauth_signature', 'oauth_timestamp']],
  ['timestamp-200s-old', ['oauth_signature', 'oauth_timestamp']],
  ['hmac-sha1', ['oauth_signature', 'oauth_signature_method']],
  ['query-left-out', ['oauth_signature']],
]

describe('signing', () => {
  it.each(DIFFERS)('%s differs in %j only', (variant, names) => {
    const wrong = signedBy(variant)
    const differing = Object.keys(right).filter((name) => wrong[name] !== right[name])
    expect(differing.sort()).toEqual(names)
    expect(Object.keys(wrong).sort()).toEqual(Object.keys(right).sort())
  })
  it('shifts the timestamp by what the name says', () => {
    const seconds = (variant: SignVariant) => Number(signedBy(variant).oauth_timestamp) - 1_800_000_000
    expect(seconds('timestamp-400s-old')).toBe(-400)
    expect(seconds('timestamp-400s-ahead')).toBe(400)
    expect(seconds('timestamp-200s-old')).toBe(-200)
  })
  it('leaves an unsigned request unsigned', () => {
    expect(signedBy('unsigned')).toEqual({})
  })
})

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const oauth2 = {
  clientId: 'client',
  certificateId: 'certificate',
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
}

/** A signer by OAuth 2.0 whose account gives `header.payload.signature`. */
function oauth2Signer() {
  const transport: Transport = {
    send: async () => ({ status: 200, headers: {}, body: '{"access_token":"header.payload.signature"}' }),
    close: async () => {},
  }
  const parts = { transport, baseUrl, credentials: oauth2 }
  return createVariantSigner(new VirtualClock(NOW_MS), createRng(1), parts)
}

describe('asking for an access token', () => {
  const assertedBy = async (variant: SignVariant) => {
    const request = await oauth2Signer().sign({ method: 'POST', url, headers: { a: 'b' } }, variant)
    expect(request).toMatchObject({
      method: 'POST',
      url,
      headers: { a: 'b', 'content-type': 'application/x-www-form-urlencoded' },
    })
    const text = new URLSearchParams(request.body).get('client_assertion')!
    return { ...decodeProtectedHeader(text), ...decodeJwt(text) }
  }
  it.each([
    ['assertion-of-unknown-certificate', { kid: 'certificate-not' }],
    ['assertion-of-unknown-client', { iss: 'client-not' }],
    ['assertion-for-three-hours', { exp: NOW_MS / 1000 + 10_800 }],
    ['assertion-for-another-audience', { aud: 'https://example.com/token' }],
  ] as const)('%s differs in %j only', async (variant, changes) => {
    const asserted = await assertedBy('assertion')
    expect(asserted).toMatchObject({
      kid: 'certificate',
      iss: 'client',
      exp: NOW_MS / 1000 + 3540,
      aud: `${baseUrl}/services/rest/auth/oauth2/v1/token`,
    })
    expect(await assertedBy(variant)).toEqual({ ...asserted, ...changes })
  })
  it('alters one letter of the signature of an access token', async () => {
    const request = await oauth2Signer().sign({ method: 'GET', url, headers: {} }, 'altered-token')
    expect(request.headers.authorization).toBe('Bearer header.payload.Aignature')
  })
  it('has no ways of OAuth 1.0a', () => {
    expect(() => oauth2Signer().sign({ method: 'GET', url, headers: {} }, 'hmac-sha1')).toThrow('hmac-sha1')
  })
})

/** If these fail, clients with correct signatures are locked out, or wrong ones are let in. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import OAuth from 'oauth-1.0a'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { createSigner, type TbaCredentials } from '../../protocol/signing.ts'
import type { WireRequest } from '../../protocol/wire.ts'
import type { ApiFault } from '../api-fault.ts'
import { ADMINISTRATOR } from '../permissions/principal.ts'
import { createLoginFaults } from './login-fault.ts'
import { authSchema } from './options.ts'
import { createRegistry, type Integration } from './registry.ts'
import { type OAuthParameters, parseAuthorization, signatureBase } from './signature.ts'
import { createTbaVerifier } from './tba.ts'

/** Inputs and signatures of Oracle's worked example (its published test keys, nobody's account). [AUT-031] */
const GOLDEN = {
  accountId: '123456',
  consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
  consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  tokenId: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
  tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
  nonce: 'fjaLirsIcCGVZWzBX0pg',
  timestampSec: 1508242306,
}

const credentials: TbaCredentials = {
  accountId: '1234567_SB1',
  consumerKey: 'c'.repeat(64),
  consumerSecret: 'consumer secret & more',
  tokenId: 't'.repeat(64),
  tokenSecret: 'token/secret',
}
const integrations = [
  {
    name: 'shop',
    consumerKey: credentials.consumerKey,
    consumerSecret: credentials.consumerSecret,
    tokens: [credentials],
  },
]

function verifierOf(clock: VirtualClock, accountId: string, specs: readonly Integration[], auth = {}) {
  const options = authSchema.parse(auth)
  return createTbaVerifier({
    clock,
    accountId,
    registry: createRegistry(clock, specs, () => ADMINISTRATOR, options),
    loginFaults: createLoginFaults(accountId, options),
    isEnabled: true,
  })
}

function setUp(offsetMs = 0, wrong: Partial<TbaCredentials> = {}) {
  const clock = new VirtualClock()
  const late = new VirtualClock(clock.now() + offsetMs)
  const verifier = verifierOf(clock, credentials.accountId, integrations)
  const sign = createSigner(late, createRng(1), { ...credentials, ...wrong })
  return { verifier, sign, clock }
}

const parsed = (header: string) => parseAuthorization(header) as OAuthParameters
const get = (url: string): WireRequest => ({ method: 'GET', url, headers: {} })
/** Signs GETs with the library that most clients use. */
function libraryOf(clock: VirtualClock): (url: string) => string {
  const { accountId, consumerKey, consumerSecret, tokenId, tokenSecret } = credentials
  const oauth = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    realm: accountId,
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  oauth.getTimeStamp = () => Math.floor(clock.now() / 1000)
  return (url) =>
    oauth.toHeader(oauth.authorize({ url, method: 'GET' }, { key: tokenId, secret: tokenSecret }))
      .Authorization
}

const reasonOf = (run: () => unknown): string | undefined => {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return (error as ApiFault).loginFailure
  }
}

describe('TBA verification', () => {
  it.each([
    [
      'GET',
      'suitetalk.api.netsuite.com/services/rest/record/v1/employee/40',
      'B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=',
    ],
    [
      'POST',
      'restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue',
      '+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=',
    ],
  ])('accepts the golden signature of %s %s and no other [AUT-031]', (method, address, signature) => {
    const verifier = verifierOf(new VirtualClock(GOLDEN.timestampSec * 1000), GOLDEN.accountId, [
      {
        name: 'golden',
        consumerKey: GOLDEN.consumerKey,
        consumerSecret: GOLDEN.consumerSecret,
        tokens: [GOLDEN],
      },
    ])
    const signedAs = (text: string): WireRequest => ({
      method,
      url: `https://${GOLDEN.accountId}.${address}`,
      headers: {
        authorization:
          `OAuth realm="${GOLDEN.accountId}", oauth_consumer_key="${GOLDEN.consumerKey}", oauth_token="${GOLDEN.tokenId}", ` +
          `oauth_nonce="${GOLDEN.nonce}", oauth_timestamp="${GOLDEN.timestampSec}", oauth_signature_method="HMAC-SHA256", ` +
          `oauth_version="1.0", oauth_signature="${encodeURIComponent(text)}"`,
      },
    })
    expect(reasonOf(() => verifier.verify(signedAs(signature.replace('0', '1'))))).toBe('InvalidSignature')
    expect(reasonOf(() => verifier.verify(signedAs(signature)))).toBe('accepted')
  })
  it('accepts what the oauth-1.0a library signs, for any path and query [AUT-021, AUT-023, AUT-025]', () => {
    const { verifier, clock } = setUp()
    const oauth = libraryOf(clock)
    // Names stay plain: the library does not decode them before signing, as RFC 5849 asks.
    const name = fc.stringMatching(/^[a-z]{1,6}$/)
    const text = fc.string({ unit: 'grapheme', maxLength: 12 })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, text), { maxLength: 4, selector: ([key]) => key }),
        fc.webPath(),
        (query, path) => {
          const search = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
          const url = `https://1234567-sb1.suitetalk.api.netsuite.com/services${path}${search.length > 0 ? `?${search.join('&')}` : ''}`
          expect(verifier.verify({ ...get(url), headers: { authorization: oauth(url) } })).toMatchObject({
            integration: 'shop',
          })
        },
      ),
      { seed: 1 },
    )
  })
  it('builds the base string as RFC 5849 §3.4.1 shows it', () => {
    const base = signatureBase(
      'post',
      'http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
      parsed(
        'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", ' +
          'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", ' +
          'oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"',
      ),
    )
    expect(base).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26' +
        'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
        'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })
  it('sorts by name, then by value, also where one name begins with another [AUT-023]', () => {
    const oauth = parsed(
      'OAuth realm="1", oauth_version="1.0", own="2", oauth_nonce="n%20n", oauth_consumer_key="c", ' +
        'oauth_token="t", oauth_timestamp="3", oauth_signature_method="HMAC-SHA256"',
    )
    const search = '?a%25=1&a=2&ab=3&a=1&a!=4&oauth_o=5&oauth=6'
    const pairs = [
      'a%3D1',
      'a%3D2',
      'a%2521%3D4',
      'a%2525%3D1',
      'ab%3D3',
      'oauth%3D6',
      'oauth_consumer_key%3Dc',
      'oauth_nonce%3Dn%2520n',
      'oauth_o%3D5',
      'oauth_signature_method%3DHMAC-SHA256',
      'oauth_timestamp%3D3',
      'oauth_token%3Dt',
      'oauth_version%3D1.0',
      'own%3D2',
    ]
    expect(signatureBase('GET', `https://h/p${search}`, oauth)).toBe(
      `GET&https%3A%2F%2Fh%2Fp&${pairs.join('%26')}`,
    )
  })
  const url = 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer/1'
  it.each([
    ['InvalidSignature', 0, { consumerSecret: 'other' }],
    ['InvalidSignature', 0, { tokenSecret: 'other' }],
    ['consumer_key_unknown', 0, { consumerKey: 'nobody' }],
    ['token_rejected', 0, { tokenId: 'nobody' }],
    ['token_rejected', 0, { accountId: '1234567_sb1' }],
    ['InvalidTimestamp', -301_000, {}],
    ['InvalidTimestamp', 301_000, {}],
    ['accepted', -299_000, {}],
    ['accepted', 299_000, {}],
  ])('answers %s to skew %d ms and %o [AUT-008, AUT-028]', (reason, offsetMs, wrong) => {
    const { verifier, sign } = setUp(offsetMs, wrong)
    expect(reasonOf(() => verifier.verify(sign(get(url))))).toBe(reason)
  })
  it('refuses a signature made for another method, path or host', () => {
    const { verifier, sign } = setUp()
    const signed = sign(get(url))
    expect(reasonOf(() => verifier.verify({ ...signed, method: 'DELETE' }))).toBe('InvalidSignature')
    expect(reasonOf(() => verifier.verify({ ...signed, url: `${url}0` }))).toBe('InvalidSignature')
    expect(reasonOf(() => verifier.verify({ ...signed, url: url.replace('sb1', 'sb2') }))).toBe(
      'InvalidSignature',
    )
  })
  it('[AUT-027] takes a nonce once, also after a failed use, and forgets it after ten minutes at the earliest', async () => {
    const { verifier, sign, clock } = setUp()
    const signed = sign(get(url))
    expect(reasonOf(() => verifier.verify({ ...signed, method: 'PUT' }))).toBe('InvalidSignature')
    expect(reasonOf(() => verifier.verify(signed))).toBe('accepted')
    expect(reasonOf(() => verifier.verify(signed))).toBe('NonceUsed')
    await clock.advance(299_000)
    expect(reasonOf(() => verifier.verify(signed))).toBe('NonceUsed')
  })
  it('tells missing parameters from repeated, empty and cut ones [AUT-020, AUT-029, AUT-030, AUT-042]', () => {
    const { verifier, sign } = setUp()
    const signed = sign(get(url))
    const header = signed.headers.authorization!
    const withHeader = (authorization: string) =>
      reasonOf(() => verifier.verify({ ...signed, headers: { authorization } }))
    expect(reasonOf(() => verifier.verify(get(url)))).toBe('MissingTokenPassportRequiredFields')
    expect(withHeader('Bearer abc')).toBe('MissingTokenPassportRequiredFields')
    expect(withHeader(header.replace(/oauth_nonce="[^"]*", /, ''))).toBe('MissingTokenPassportRequiredFields')
    expect(withHeader(header.replace('HMAC-SHA256', 'HMAC-SHA1'))).toBe('UnknownAlgorithm')
    expect(withHeader(header.replace('oauth_version="1.0"', 'oauth_version="2.0"'))).toBe('VersionRejected')
    for (const rejected of [
      `${header}, oauth_token="x"`,
      header.replace(/oauth_token="[^"]*"/, 'oauth_token=""'),
      header.slice(0, -1),
      header.replace(/oauth_nonce="[^"]*"/, 'oauth_nonce="five5"'),
    ])
      expect(withHeader(rejected)).toBe('parameter_rejected')
  })
})

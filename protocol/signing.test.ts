/** If these fail, NetSuite refuses what the engine and the conformance suite sign. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import OAuth from 'oauth-1.0a'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createSigner, type TbaCredentials } from './signing.ts'

/** Oracle's worked example: its published test keys, nobody's account. [AUT-031] */
const GOLDEN: TbaCredentials = {
  accountId: '123456',
  consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
  consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  tokenId: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
  tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
}
const NONCE = 'fjaLirsIcCGVZWzBX0pg'
const TIMESTAMP_SEC = 1508242306

function headerOf(method: string, url: string, credentials = GOLDEN): string {
  const rng = { ...createRng(1), hex: () => NONCE }
  const sign = createSigner(new VirtualClock(TIMESTAMP_SEC * 1000), rng, credentials)
  return sign({ method, url, headers: {} }).headers.authorization!
}

function byLibrary(method: string, url: string, credentials: TbaCredentials): string {
  const oauth = new OAuth({
    consumer: { key: credentials.consumerKey, secret: credentials.consumerSecret },
    realm: credentials.accountId,
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  oauth.getNonce = () => NONCE
  oauth.getTimeStamp = () => TIMESTAMP_SEC
  const token = { key: credentials.tokenId, secret: credentials.tokenSecret }
  return oauth.toHeader(oauth.authorize({ url, method }, token)).Authorization
}

describe('the signer', () => {
  it.each([
    [
      'GET',
      'https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40',
      'B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D',
    ],
    [
      'POST',
      'https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue',
      '%2BKK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ%3D',
    ],
  ])('gives the golden signature of %s %s [AUT-031]', (method, url, signature) => {
    expect(headerOf(method, url)).toBe(
      'OAuth realm="123456", oauth_consumer_key="ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4", ' +
        `oauth_nonce="fjaLirsIcCGVZWzBX0pg", oauth_signature="${signature}", oauth_signature_method="HMAC-SHA256", ` +
        'oauth_timestamp="1508242306", oauth_token="2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc", oauth_version="1.0"',
    )
  })
  it('agrees with the oauth-1.0a library, for any path, query and secret [AUT-021, AUT-023, AUT-025]', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/)
    const text = fc.string({ unit: 'grapheme', maxLength: 12 })
    const pairs = fc.uniqueArray(fc.tuple(name, text), { maxLength: 4, selector: ([key]) => key })
    fc.assert(
      fc.property(pairs, fc.webPath(), text, text, (query, path, consumerSecret, tokenSecret) => {
        const search = query.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')
        const url = `https://123456.suitetalk.api.netsuite.com/services${path}${search === '' ? '' : `?${search}`}`
        const credentials = { ...GOLDEN, consumerSecret, tokenSecret }
        expect(headerOf('PATCH', url, credentials)).toBe(byLibrary('PATCH', url, credentials))
      }),
      { seed: 1 },
    )
  })
  it('sorts repeated names by value, and reads a plus as a blank, as RFC 5849 has it [AUT-023]', () => {
    const url = 'https://h.example/p?b=2&a=y&b=1&a=x+y'
    expect(headerOf('GET', url)).toBe(headerOf('GET', 'https://h.example/p?a=x%20y&a=y&b=1&b=2'))
    expect(headerOf('GET', url)).not.toBe(headerOf('GET', 'https://h.example/p?a=x%2By&a=y&b=1&b=2'))
  })
})

/** If this fails, a case about logins sends a wrong that is not the one it names, and proves nothing. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createVariantSigner, type SignVariant } from './sign.ts'

const credentials = {
  accountId: '1234567_SB1',
  consumerKey: 'c0'.repeat(32),
  consumerSecret: 'c1'.repeat(32),
  tokenId: 'd0'.repeat(32),
  tokenSecret: 'd1'.repeat(32),
}
const url = 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer/1?fields=a'

/** The oauth parameters of a request signed by `variant`; every call draws the same nonce at the same time. */
function signedBy(variant: SignVariant): Record<string, string> {
  const sign = createVariantSigner(new VirtualClock(1_800_000_000_000), createRng(1), credentials)
  const request = sign({ method: 'GET', url, headers: {} }, variant)
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

/** If these fail, a run cannot log in to an account that would let it, or slips past what the profile forbids. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AppError } from '../kernel/error.ts'
import { createRng } from '../kernel/rng.ts'
import { loadProfile, type ProfileInput } from '../simulator/profile.ts'
import { chooseLogin, withOwnLogins } from './own-logins.ts'

const SHOP = { name: 'shop', consumerKey: 'k'.repeat(64), consumerSecret: 's'.repeat(64) }
const TOKENS = [{ tokenId: 't'.repeat(64), tokenSecret: 'u'.repeat(64) }]
const certificates = Array.from({ length: 4 }, (_, index) => ({
  id: `c${index}`,
  publicKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    type: 'spki',
    format: 'pem',
  }) as string,
}))
const [first] = certificates
const ownOf = (profile: ProfileInput, withRole = true) =>
  withOwnLogins(loadProfile('premium', profile), createRng(1), withRole)
const kindsOf = (profile: ProfileInput, withRole = true) => {
  const { tba, oauth2 } = ownOf(profile, withRole)
  return [tba !== undefined && 'tba', oauth2 !== undefined && 'oauth2'].filter(Boolean)
}
const shop = (more: object): ProfileInput => ({ integrations: [{ ...SHOP, ...more }] })

describe('logins of our own', () => {
  it.each<[string, ProfileInput, string[]]>([
    ['no integration', {}, ['tba', 'oauth2']],
    ['tokens only', shop({ tokens: TOKENS }), ['tba']],
    ['a certificate only', shop({ oauth2: { certificates: [first] } }), ['oauth2']],
    ['both', shop({ tokens: TOKENS, oauth2: { certificates: [first] } }), ['tba', 'oauth2']],
    ['consent only', shop({ oauth2: { grants: ['authorization_code'], redirectUris: ['https://a.b'] } }), []],
    ['no room for certificates', shop({ tokens: TOKENS, oauth2: { certificates } }), ['tba']],
    ['no scope for REST', shop({ tokens: TOKENS, oauth2: { scopes: ['restlets'] } }), ['tba']],
    ['no tokens in the account', { features: { tokenBasedAuthentication: false } }, ['oauth2']],
    ['no OAuth 2.0 in the account', { features: { oauth2: false } }, ['tba']],
  ])('are, with %s in the profile, as the account allows [AUT-066]', (_, profile, kinds) => {
    expect(kindsOf(profile)).toEqual(kinds)
  })
  it('take one place among the certificates where no second role is needed', () => {
    expect(kindsOf(shop({ oauth2: { certificates } }), false)).toEqual(['oauth2'])
  })
  it('are by token first, unless asked otherwise, and never by what is not there', () => {
    const both = ownOf({})
    expect([chooseLogin(both, undefined), chooseLogin(both, 'oauth2')]).toEqual(['tba', 'oauth2'])
    const none = ownOf(shop({ tokens: TOKENS }))
    try {
      chooseLogin(none, 'oauth2')
      expect.unreachable()
    } catch (error) {
      expect((error as AppError).toText()).toMatch(/integration "shop" by oauth2[\s\S]*mend: add one of them/)
      expect((error as AppError).code).toBe('E_LOGIN_MISSING')
    }
  })
})

/** If these fail, an integration without tokens is let in by one, or cannot be had at all, as new integrations must be. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { LoginsPage } from '../../protocol/control.ts'
import { createSimulator } from '../index.ts'
import { loadProfile, type ProfileInput } from '../profile.ts'
import { createTestAccount } from '../test-account.ts'
import {
  bearerGet,
  CLIENT_ID,
  CLIENT_SECRET,
  certificates,
  post,
  REDIRECT_URI,
  tokenFor,
} from './oauth2/test-client.ts'

type Integration = NonNullable<ProfileInput['integrations']>[number]
const SHOP = { name: 'shop', consumerKey: CLIENT_ID, consumerSecret: CLIENT_SECRET }
const ERP = {
  name: 'erp',
  consumerKey: 'e'.repeat(64),
  consumerSecret: 'f'.repeat(64),
  tokens: [{ tokenId: '1'.repeat(64), tokenSecret: '2'.repeat(64) }],
}

/** The shop logs in by OAuth 2.0 only; the first integration has a token, for tests to send by. */
function account(oauth2: Integration['oauth2']) {
  return createTestAccount({
    profile: {
      accountId: '1234567_SB1',
      roles: [{ name: 'Clerk', permissions: { '*': 'full' } }],
      integrations: [ERP, { ...SHOP, oauth2 }],
    },
  })
}

describe('an integration without tokens', () => {
  it('is refused by token in the generic words, and with the reason inside [AUT-040, AUT-041, AUT-042]', async () => {
    const { senderOf, send } = account({ certificates })
    const byToken = senderOf({
      accountId: '1234567_SB1',
      consumerKey: CLIENT_ID,
      consumerSecret: CLIENT_SECRET,
      tokenId: ERP.tokens[0]!.tokenId,
      tokenSecret: ERP.tokens[0]!.tokenSecret,
    })
    const { status, headers, json } = await byToken('GET', 'currency/1')
    expect([status, headers['www-authenticate']]).toEqual([
      401,
      'OAuth realm="1234567_SB1", error="token_rejected", error_description="Invalid login attempt."',
    ])
    expect(json).toMatchObject({
      title: 'Unauthorized',
      'o:errorDetails': [{ 'o:errorCode': 'INVALID_LOGIN' }],
    })
    const { items } = (await send('GET', '/_seatrial/logins')).json as unknown as LoginsPage
    expect(items.at(-1)).toMatchObject({ detail: 'token_rejected', applicationName: 'shop' })
  })
  it('logs in by certificate, and is seen in the journal by its name [AUT-060, AUT-090]', async () => {
    const shop = account({ certificates })
    const { json } = await tokenFor(shop)
    expect((await bearerGet(shop, `Bearer ${json.access_token}`)).status).toBe(200)
    const { items } = (await shop.send('GET', '/_seatrial/journal')).json as {
      items: { integration?: string }[]
    }
    expect(items.at(-1)!.integration).toBe('shop')
  })
  it('logs in by the consent of a user, without any certificate [AUT-080, AUT-083]', async () => {
    const shop = account({ redirectUris: [REDIRECT_URI], grants: ['authorization_code'] })
    const verifier = 'v'.repeat(43)
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      scope: 'rest_webservices',
      state: 's'.repeat(22),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const url = `https://1234567-sb1.app.netsuite.com/app/login/oauth2/authorize.nl?${query}`
    const page = await shop.simulator.handle({ method: 'GET', url, headers: {} })
    const code = new URL((page as { headers: Record<string, string> }).headers.location!).searchParams.get(
      'code',
    )!
    const { json } = await post(
      shop,
      { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, code_verifier: verifier, code },
      {
        headers: {
          authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`,
        },
      },
    )
    expect((await bearerGet(shop, `Bearer ${json.access_token}`)).status).toBe(200)
    expect((await tokenFor(shop)).json).toHaveProperty('error')
  })
  it('may be the only one of an account, which then has no token to hand out', () => {
    const { simulator } = aloneOf({ ...SHOP, oauth2: { certificates, redirectUris: [REDIRECT_URI] } })
    expect(simulator.tba).toBeUndefined()
    expect(() => simulator.credentials).toThrow('integration shop has no tokens')
    expect(simulator.oauth2Client).toEqual({
      clientId: CLIENT_ID,
      certificateId: 'p256',
      redirectUri: REDIRECT_URI,
    })
    expect(simulator.oauth2).toBeUndefined()
  })
})

function aloneOf(integration: Integration) {
  const simulator = createSimulator({
    clock: new VirtualClock(),
    rng: createRng(1),
    profile: loadProfile('premium', { roles: [{ name: 'Clerk' }], integrations: [integration] }),
  })
  return { simulator }
}

describe('a profile', () => {
  const load = (more: Partial<Integration>) => () =>
    loadProfile('premium', { roles: [{ name: 'Clerk' }], integrations: [{ ...SHOP, ...more }] })
  it.each<[string, Partial<Integration>, string, string]>([
    ['nothing', {}, 'neither tokens nor oauth2', '/integrations/0'],
    ['an empty oauth2', { oauth2: {} }, 'without tokens it needs a grant', '/integrations/0/oauth2'],
    [
      'a redirect address, but not its grant',
      { oauth2: { grants: ['client_credentials'], redirectUris: [REDIRECT_URI] } },
      'without tokens it needs a grant',
      '/integrations/0/oauth2',
    ],
    ['no grant at all', { oauth2: { grants: [], certificates } }, 'without tokens', '/integrations/0/oauth2'],
  ])('is refused where an integration has %s to log in with', (_, more, words, pointer) => {
    expect(load(more)).toThrow(words)
    try {
      load(more)()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'E_PROFILE_INVALID',
        details: { pointer, mend: expect.any(String) },
      })
    }
  })
  it('is taken with either way in', () => {
    const roles = [{ name: 'Clerk' }]
    for (const oauth2 of [{ certificates }, { redirectUris: [REDIRECT_URI] }])
      expect(
        loadProfile('premium', { roles, integrations: [{ ...SHOP, oauth2 }] }).integrations[0]!.tokens,
      ).toEqual([])
  })
})

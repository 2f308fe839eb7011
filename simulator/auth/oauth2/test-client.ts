/** Test support: an account with every kind of certificate, and a client that asks it for tokens. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { LoginsPage } from '../../../protocol/control.ts'
import type { WireResponse } from '../../../protocol/wire.ts'
import type { ProfileInput } from '../../profile.ts'
import { createTestAccount, type TestAccount } from '../../test-account.ts'

export const CLIENT_ID = 'c'.repeat(64)
export const CLIENT_SECRET = 's'.repeat(64)
export const REDIRECT_URI = 'https://shop.example/callback'

const pem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey

/** Certificate id → private key. */
export const PRIVATE_KEYS: Readonly<Record<string, KeyObject>> = {
  p256: ec('P-256'),
  p384: ec('P-384'),
  p521: ec('P-521'),
  rsa: generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey,
}

const TOKEN = { tokenId: '1'.repeat(64), tokenSecret: '2'.repeat(64) }

type OAuth2Input = NonNullable<NonNullable<ProfileInput['integrations']>[number]['oauth2']>

/** As the account maps them. */
export const certificates = Object.entries(PRIVATE_KEYS).map(([id, key]) => ({
  id,
  publicKey: pem(key),
  user: 'Robin',
  role: 'Clerk',
}))

export function oauth2Account(oauth2: OAuth2Input = {}, profile: Partial<ProfileInput> = {}): TestAccount {
  return createTestAccount({
    profile: {
      accountId: '1234567_SB1',
      roles: [{ name: 'Clerk', permissions: { '*': 'full' } }],
      integrations: [
        {
          name: 'shop',
          consumerKey: CLIENT_ID,
          consumerSecret: CLIENT_SECRET,
          tokens: [TOKEN],
          oauth2: { certificates, redirectUris: [REDIRECT_URI], ...oauth2 },
        },
      ],
      ...profile,
    },
  })
}

export const TOKEN_ADDRESS =
  'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token'

export interface AssertionParts {
  readonly header?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
  readonly key?: KeyObject
}

/** An assertion as it should be, but for what is named. */
export function assertionOf(nowMs: number, { header, claims, key }: AssertionParts = {}): Promise<string> {
  const nowSec = Math.floor(nowMs / 1000)
  const all = {
    iss: CLIENT_ID,
    scope: ['restlets', 'rest_webservices'],
    aud: TOKEN_ADDRESS,
    iat: nowSec,
    exp: nowSec + 3600,
    ...claims,
  }
  const protectedHeader = { typ: 'JWT', alg: 'ES256', kid: 'p256', ...header }
  const signed = new SignJWT(all).setProtectedHeader(protectedHeader)
  return signed.sign(key ?? PRIVATE_KEYS[String(protectedHeader.kid)] ?? PRIVATE_KEYS.p256!)
}

export interface TokenAnswer {
  readonly status: number
  readonly headers: WireResponse['headers']
  readonly json: Record<string, unknown>
}

/** Posts a form to an address below `/services/rest/auth/oauth2/v1`. */
export async function post(
  { simulator }: TestAccount,
  form: Record<string, string> | string,
  { path = 'token', headers = {} as Record<string, string> } = {},
): Promise<TokenAnswer> {
  const answer = await simulator.handle({
    method: 'POST',
    url: `${simulator.baseUrl}/services/rest/auth/oauth2/v1/${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  })
  if (typeof answer === 'string') throw new Error(answer)
  return { ...answer, json: answer.body === '' ? {} : JSON.parse(answer.body) }
}

export function assertionForm(assertion: string): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }
}

/** Asks for a token by an assertion that is right but for what is named. */
export async function tokenFor(account: TestAccount, parts: AssertionParts = {}): Promise<TokenAnswer> {
  return post(account, assertionForm(await assertionOf(account.clock.now(), parts)))
}

/** Sends a GET with a bearer token, or with any Authorization header. */
export async function bearerGet({ simulator }: TestAccount, authorization: string, path = '') {
  const url = `${simulator.baseUrl}${path || '/services/rest/record/v1/currency/1'}`
  const answer = await simulator.handle({ method: 'GET', url, headers: { authorization } })
  if (typeof answer === 'string') throw new Error(answer)
  return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> }
}

/** The newest reason in the audit trail. */
export async function lastReason({ send }: TestAccount): Promise<string | undefined> {
  const page = (await send('GET', '/_seatrial/logins')).json as unknown as LoginsPage
  return page.items.at(-1)?.detail
}

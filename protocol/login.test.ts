/** If these fail, clients are locked out after an hour, hammer the token endpoint, or take a request for sent that never was. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import { createLogin, LoginRefused } from './login.ts'
import { type Transport, TransportError } from './transport.ts'
import type { WireRequest, WireResponse } from './wire.ts'

const baseUrl = 'https://1234567.suitetalk.api.netsuite.com'
const asked: WireRequest = {
  method: 'GET',
  url: `${baseUrl}/services/rest/record/v1/customer/1`,
  headers: { a: 'b' },
}
const oauth2Credentials = {
  clientId: 'client',
  certificateId: 'certificate',
  privateKeyPem: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string,
}

/** A login by OAuth 2.0 whose token endpoint gives `token-1`, `token-2`, …, or what is scripted. */
function byOAuth2(...answers: (Partial<WireResponse> | Error)[]) {
  const clock = new VirtualClock()
  const fetches: WireRequest[] = []
  const transport: Transport = {
    send: async (request) => {
      fetches.push(request)
      await clock.sleep(100)
      const next = answers.shift()
      if (next instanceof Error) throw next
      const body = JSON.stringify({
        access_token: `token-${fetches.length}`,
        expires_in: 3600,
        token_type: 'bearer',
      })
      return { status: 200, headers: {}, body, ...next }
    },
    close: async () => {},
  }
  const login = createLogin(clock, createRng(1), { transport, baseUrl }, oauth2Credentials)
  /** What a request carries now. */
  const bearer = async () => {
    const authorized = Promise.resolve(login.authorize(asked))
    authorized.catch(() => {})
    await clock.advance(100)
    return (await authorized).headers.authorization
  }
  return { clock, login, fetches, bearer }
}

describe('a login by token of OAuth 1.0a', () => {
  it('signs at once, each time anew, and takes no notice of a refusal', () => {
    const transport: Transport = { send: () => Promise.reject(new Error('no wire')), close: async () => {} }
    const login = createLogin(
      new VirtualClock(),
      createRng(1),
      { transport, baseUrl },
      {
        accountId: '1234567',
        consumerKey: 'ck',
        consumerSecret: 'cs',
        tokenId: 'ti',
        tokenSecret: 'ts',
      },
    )
    const [first, second] = [login.authorize(asked), login.authorize(asked)] as WireRequest[]
    login.refused(first!)
    expect(first!.headers.a).toBe('b')
    expect(first!.headers.authorization).toMatch(/^OAuth realm="1234567"/)
    expect(second!.headers.authorization).not.toBe(first!.headers.authorization)
  })
})

describe('a login by OAuth 2.0', () => {
  it('fetches one token for all who wait, and then gives it at once [AUT-060, AUT-090]', async () => {
    const { clock, login, fetches } = byOAuth2()
    const waiting = [login.authorize(asked), login.authorize(asked)]
    await clock.advance(100)
    const [first, second] = await Promise.all(waiting)
    expect([first!.headers, second!.headers]).toEqual([
      { a: 'b', authorization: 'Bearer token-1' },
      { a: 'b', authorization: 'Bearer token-1' },
    ])
    expect(login.authorize(asked)).toMatchObject({ headers: { authorization: 'Bearer token-1' } })
    expect(fetches.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${baseUrl}/services/rest/auth/oauth2/v1/token`,
    ])
  })
  it('keeps a token until a minute before it ends [AUT-065]', async () => {
    const { clock, bearer } = byOAuth2()
    expect(await bearer()).toBe('Bearer token-1')
    await clock.advance(3_540_000 - 101)
    expect(await bearer()).toBe('Bearer token-1')
    expect(await bearer()).toBe('Bearer token-2')
  })
  it('uses nine tenths of a short life, also where it is told as text', async () => {
    const { clock, bearer } = byOAuth2({ body: '{"access_token":"short","expires_in":"10"}' })
    expect(await bearer()).toBe('Bearer short')
    await clock.advance(8_899)
    expect(await bearer()).toBe('Bearer short')
    expect(await bearer()).toBe('Bearer token-2')
  })
  it('keeps a token of unknown life until it is refused', async () => {
    const { clock, bearer } = byOAuth2({ body: '{"access_token":"endless"}' })
    await bearer()
    await clock.advance(86_400_000)
    expect(await bearer()).toBe('Bearer endless')
  })
  it('fetches another after a refusal, but not one for every request that was under way [AUT-091]', async () => {
    const { login, bearer, fetches } = byOAuth2()
    const old = { ...asked, headers: { authorization: String(await bearer()) } }
    login.refused(old)
    expect(await bearer()).toBe('Bearer token-2')
    login.refused(old)
    expect(await bearer()).toBe('Bearer token-2')
    expect(fetches).toHaveLength(2)
  })
  it('signs a new assertion for every fetch', async () => {
    const { login, bearer, fetches } = byOAuth2()
    for (let i = 0; i < 2; i++)
      login.refused({ ...asked, headers: { authorization: String(await bearer()) } })
    const jtis = fetches.map(({ body }) => {
      const [, claims] = new URLSearchParams(body).get('client_assertion')!.split('.')
      return (JSON.parse(Buffer.from(claims!, 'base64url').toString()) as { jti: string }).jti
    })
    expect(new Set(jtis).size).toBe(2)
  })
  it('knows that nothing was done where the fetch got no answer, and tries again the next time', async () => {
    const { bearer } = byOAuth2(new TransportError('E_TIMEOUT', 'unknown', 'late'))
    await expect(bearer()).rejects.toMatchObject({
      code: 'E_TIMEOUT',
      effect: 'none',
      message: 'no access token: late',
    })
    expect(await bearer()).toBe('Bearer token-2')
  })
  it.each([
    [{ status: 401, body: '{"error":"invalid_client"}' }, '{"error":"invalid_client"}'],
    [{ status: 200, body: '{"accessToken":"hush"}' }, ''],
    [{ status: 200, body: 'hush' }, ''],
    [{ status: 200, body: 'null' }, ''],
  ])('rejects with the answer %o, without a body that could be a secret [AUT-084]', async (answer, body) => {
    const { bearer } = byOAuth2(answer)
    const error = await bearer().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(LoginRefused)
    expect((error as LoginRefused).response).toMatchObject({ status: answer.status, body })
    expect(String(error)).not.toContain('hush')
  })
})

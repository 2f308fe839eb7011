/** If this fails, the served account cannot be used as its banner and ready file say, or does not keep what it should. */
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import { tokenRequest } from '../../protocol/assertion.ts'
import type { ClockView, JournalPage } from '../../protocol/control.ts'
import { createSigner } from '../../protocol/signing.ts'
import { RECORD_BASE_PATH } from '../../protocol/wire.ts'
import { put, scratchFolder, serve, start, until } from './cli.ts'

const cwd = scratchFolder()
const idOf = (location: string | undefined): number => Number(/\/(\d+)$/.exec(location ?? '')?.[1])

/** A request with headers that clients do not normally set themselves; gives the status. */
function get(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((settle, fail) => {
    httpRequest(url, { headers, agent: false }, (answer) => {
      answer.resume().on('end', () => settle(answer.statusCode!))
    })
      .on('error', fail)
      .end()
  })
}

describe('seatrial serve', () => {
  it('tells programs where it is, and nobody else its secrets', async () => {
    const { ready, readyFile, stop } = await serve(cwd, '--latency', 'none')
    expect(Object.keys(ready).sort()).toEqual(
      [
        'accountId',
        'baseUrl',
        'consumerKey',
        'consumerSecret',
        'controlUrl',
        'oauth2',
        'restletUrl',
        'tokenId',
        'tokenSecret',
      ].sort(),
    )
    expect(ready.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(ready.accountId).toBe('1234567')
    expect(ready.tokenSecret).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(readyFile).mode & 0o777).toBe(0o600)
    expect(await stop()).toMatchObject({ code: 0, stderr: '' })
  })
  it('hands out a key for OAuth 2.0 that is good for tokens, and takes it away at its end [AUT-060, AUT-090]', async () => {
    const { ready, stop } = await serve(cwd, '--latency', 'none')
    const { privateKeyFile, ...ids } = ready.oauth2!
    expect(statSync(privateKeyFile).mode & 0o777).toBe(0o600)
    const credentials = { ...ids, privateKeyPem: readFileSync(privateKeyFile, 'utf8') }
    const { url, ...asked } = tokenRequest(new SystemClock(), createRng(entropySeed()), credentials, ready)
    const answer = await fetch(url, { ...asked, body: asked.body! })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    const read = await fetch(`${ready.baseUrl}${RECORD_BASE_PATH}/currency/1`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect([answer.status, read.status]).toEqual([200, 200])
    await stop()
    expect(existsSync(privateKeyFile)).toBe(false)
  })
  it('of an integration with OAuth 2.0 only tells what there is, and invents no token', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const file = put(cwd, 'oauth2-only.yaml', {
      preset: 'premium',
      integrations: [
        {
          name: 'shop',
          consumerKey: 'k'.repeat(64),
          consumerSecret: 's'.repeat(64),
          oauth2: {
            certificates: [{ id: 'mine', publicKey: publicKey.export({ type: 'spki', format: 'pem' }) }],
            redirectUris: ['https://shop.example/callback'],
          },
        },
      ],
    })
    const { ready, stop } = await serve(cwd, '--latency', 'none', '--profile', file)
    expect(Object.keys(ready).sort()).toEqual(['accountId', 'baseUrl', 'controlUrl', 'oauth2', 'restletUrl'])
    expect(ready.oauth2).toEqual({
      clientId: 'k'.repeat(64),
      certificateId: 'mine',
      redirectUri: 'https://shop.example/callback',
    })
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const credentials = { clientId: ready.oauth2!.clientId, certificateId: 'mine', privateKeyPem }
    const { url, ...asked } = tokenRequest(new SystemClock(), createRng(entropySeed()), credentials, ready)
    expect((await fetch(url, { ...asked, body: asked.body! })).status).toBe(200)
    const { code, stdout } = await stop()
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /OAuth 2\.0 +client id: kkk[\s\S]*certificate id +mine[\s\S]*consent page .*authorize\.nl/,
    )
    expect(stdout).not.toMatch(/token id|signed request|undefined/)
  })
  it('prints a request that works when pasted, once', async () => {
    const { child, finished } = start(['serve', '--port', '0', '--latency', 'none'], cwd)
    let banner = ''
    child.stdout.on('data', (text: string) => (banner += text))
    const line = await until(
      'the banner',
      () => /curl -s '([^']+)' \\\n\s+-H 'Authorization: ([^']+)'/.exec(banner) ?? undefined,
    )
    const [, url, authorization] = line
    expect(new URL(url!).hostname).toBe('127.0.0.1')
    const curl = promisify(execFile)('sh', [
      '-c',
      line[0].replace('curl -s', 'curl -s -o /dev/null -w "%{http_code}"'),
    ])
    const viaCurl = await curl.then(
      ({ stdout }) => stdout,
      () => 'no curl',
    )
    if (viaCurl === 'no curl') expect(await get(url!, { authorization: authorization! })).toBe(200)
    else expect(viaCurl).toBe('200')
    expect(await get(url!, { authorization: authorization! })).toBe(401)
    child.kill('SIGINT')
    expect(await finished).toMatchObject({ code: 0, stderr: '' })
  })
  it('accepts who signed for the real host but was led here', async () => {
    const { ready, stop } = await serve(cwd, '--latency', 'none')
    const host = '1234567.suitetalk.api.netsuite.com'
    const sign = createSigner(new SystemClock(), createRng(entropySeed()), ready)
    const path = `${RECORD_BASE_PATH}/currency/1`
    const signed = (url: string) => sign({ method: 'GET', url, headers: {} }).headers.authorization!
    const target = ready.baseUrl + path
    expect(await get(target, { host, authorization: signed(`https://${host}${path}`) })).toBe(200)
    expect(await get(target, { host, authorization: signed(`https://elsewhere.test${path}`) })).toBe(401)
    await stop()
  })
  it('forgets records and calls on reset', async () => {
    const { call, control, stop } = await serve(cwd, '--latency', 'none')
    const { length } = Object.keys((await control('GET', '/records')) as object)
    expect((await call('POST', '/customer', { companyName: 'Before', externalId: 'b' })).status).toBe(204)
    expect((await control('GET', '/records')) as object).toMatchObject({ customer: 1 })
    await control('POST', '/reset')
    expect(((await control('GET', '/journal')) as JournalPage).total).toBe(0)
    expect((await control('GET', '/records')) as object).not.toHaveProperty('customer')
    expect(Object.keys((await control('GET', '/records')) as object)).toHaveLength(length)
    expect((await call('GET', '/customer/eid:b')).status).toBe(404)
    await stop()
  })
  it('answers control calls to a loopback name only', async () => {
    const { ready, stop } = await serve(cwd)
    const { port } = new URL(ready.baseUrl)
    const health = `${ready.controlUrl}/health`
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`])
      expect(await get(health, { host })).toBe(200)
    for (const host of [
      `evil.test:${port}`,
      '127.0.0.1.evil.test',
      'localhost.evil.test',
      '1234567.suitetalk.api.netsuite.com',
    ])
      expect(await get(health, { host }), host).toBe(403)
    await stop()
  })
  it('keeps records over a restart with --db, and never gives an id twice', async () => {
    const db = join(cwd, 'account.db')
    const first = await serve(cwd, '--latency', 'none', '--db', db)
    const kept = await first.call('POST', '/customer', { companyName: 'Kept', externalId: 'kept' })
    const gone = await first.call('POST', '/customer', { companyName: 'Gone', externalId: 'gone' })
    const lastId = idOf(gone.headers.location)
    expect((await first.call('DELETE', `/customer/${lastId}`)).status).toBe(204)
    expect(await first.stop()).toMatchObject({ code: 0 })
    const second = await serve(cwd, '--latency', 'none', '--db', db)
    const read = await second.call('GET', '/customer/eid:kept')
    expect(read.status).toBe(200)
    expect(JSON.parse(read.body)).toMatchObject({
      companyName: 'Kept',
      id: String(idOf(kept.headers.location)),
    })
    const next = await second.call('POST', '/customer', { companyName: 'Next' })
    expect(idOf(next.headers.location)).toBeGreaterThan(lastId)
    await second.stop()
  })
  it('gives the same credentials for the same --seed', async () => {
    const [a, b] = [await serve(cwd, '--seed', 'x'), await serve(cwd, '--seed', 'x')]
    expect(a.ready.tokenSecret).toBe(b.ready.tokenSecret)
    expect(readFileSync(a.readyFile, 'utf8')).not.toBe(readFileSync(b.readyFile, 'utf8'))
    await a.stop()
    await b.stop()
  })
})

describe('the control API on its own', () => {
  it('has a port, and a token that only the owner of its file can read', async () => {
    const controlTokenFile = join(cwd, 'control.token')
    const options = ['--latency', 'none', '--control-port', '0', '--control-token-file', controlTokenFile]
    const first = await serve(cwd, ...options)
    expect(first.ready).toMatchObject({ controlTokenFile })
    expect(new URL(first.ready.controlUrl).port).not.toBe(new URL(first.ready.baseUrl).port)
    expect(statSync(controlTokenFile).mode & 0o777).toBe(0o600)
    const token = readFileSync(controlTokenFile, 'utf8').trim()
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    expect(await get(`${first.ready.controlUrl}/health`, {})).toBe(401)
    expect(await first.control('GET', '/health')).toMatchObject({ status: 'ready' })
    const { text } = await first.stop()
    expect(text).toContain(controlTokenFile)
    expect(text).not.toContain(token)
    const second = await serve(cwd, ...options)
    expect(await second.control('GET', '/health')).toMatchObject({ status: 'ready' })
    await second.stop()
    expect(readFileSync(controlTokenFile, 'utf8').trim()).toBe(token)
  })
})

describe('the time of a served account', () => {
  it('stands still with --clock virtual, but for requests and moves', async () => {
    const { call, control, stop } = await serve(cwd, '--clock', 'virtual')
    const nowMs = async () => ((await control('GET', '/clock')) as ClockView).nowMs
    const startMs = await nowMs()
    expect(await nowMs()).toBe(startMs)
    expect((await call('POST', '/customer', { companyName: 'Timeless' })).status).toBe(204)
    const { items } = (await control('GET', '/journal')) as JournalPage
    const { receivedMs, endedMs } = items[0]!
    expect([receivedMs, endedMs]).toEqual([startMs, await nowMs()])
    expect(endedMs).toBeGreaterThan(startMs)
    const untilMs = startMs + 40 * 86_400_000
    expect(await control('POST', '/clock/advance', { untilMs })).toMatchObject({
      mode: 'virtual',
      nowMs: untilMs,
    })
    // The client's signature is forty days old by now, by the account's time.
    expect((await call('GET', '/customer/1')).status).toBe(200)
    expect(await stop()).toMatchObject({ code: 0, stderr: '' })
  })
  it('goes n times as fast with --speed', async () => {
    const { control, stop } = await serve(cwd, '--speed', '1000')
    const startMs = ((await control('GET', '/clock')) as ClockView).nowMs
    await until('an hour', async () => {
      const { nowMs } = (await control('GET', '/clock')) as ClockView
      return nowMs > startMs + 3_600_000 ? true : undefined
    })
    expect(await stop()).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('a fault over sockets', () => {
  it('drop-response resets the connection although the record is stored; reset-before stores nothing', async () => {
    const { call, control, stop } = await serve(cwd, '--latency', 'none')
    const fault = (spec: object) =>
      control('POST', '/faults', { match: { externalIdPattern: '^hit' }, ...spec })
    await fault({ fault: 'drop-response', id: 'lost-answer' })
    const lost = { code: 'E_CONNECTION_RESET', effect: 'unknown' }
    await expect(call('PUT', '/customer/eid:hit-1', { companyName: 'Stored' })).rejects.toMatchObject(lost)
    expect((await call('PUT', '/customer/eid:other', { companyName: 'Other' })).status).toBe(204)
    await control('DELETE', '/faults/lost-answer')
    expect((await call('GET', '/customer/eid:hit-1')).status).toBe(200)
    await fault({ fault: 'reset-before', id: 'hangs-up' })
    await expect(call('PUT', '/customer/eid:hit-2', { companyName: 'Not stored' })).rejects.toMatchObject(
      lost,
    )
    await control('DELETE', '/faults')
    expect((await call('GET', '/customer/eid:hit-2')).status).toBe(404)
    const { items } = (await control('GET', '/journal')) as JournalPage
    expect(items.map(({ delivery, committed }) => [delivery, committed])).toEqual([
      ['dropped-after', true],
      ['answered', true],
      ['answered', false],
      ['reset-before', false],
      ['answered', false],
    ])
    await stop()
  })
  it('reject answers with the status and the waiting time it was told', async () => {
    const { call, control, stop } = await serve(cwd, '--latency', 'none')
    await control('POST', '/faults', {
      fault: 'reject',
      status: 503,
      errorCode: 'SOME_CODE',
      retryAfterSec: 7,
    })
    const { status, headers, body } = await call('GET', '/currency/1')
    expect({ status, after: headers['retry-after'] }).toEqual({ status: 503, after: '7' })
    expect(body).toContain('SOME_CODE')
    await stop()
  })
})

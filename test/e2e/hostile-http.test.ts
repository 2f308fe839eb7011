/** If this fails, a request that nobody should send can crash the account or make it blame itself. */
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SystemClock } from '../../kernel/clock.ts'
import { entropySeed } from '../../kernel/entropy.ts'
import { createRng } from '../../kernel/rng.ts'
import type { JournalPage } from '../../protocol/control.ts'
import { createSigner } from '../../protocol/signing.ts'
import { RECORD_BASE_PATH as BASE } from '../../protocol/wire.ts'
import { type Served, scratchFolder, serve } from './cli.ts'
import { NOT_LOGGED_IN, ODD } from './odd-requests.ts'

let account: Served
beforeAll(async () => {
  account = await serve(scratchFolder(), '--latency', 'none')
})
/** Whatever a test did, the account must be alive and find no fault with itself. */
afterAll(async () => {
  const { items } = (await account.control('GET', '/journal?limit=10000')) as JournalPage
  const bad = items.filter(({ internalError, status }) => internalError !== undefined || status === 500)
  expect(bad.map(({ method, path, internalError }) => [method, path.slice(0, 80), internalError])).toEqual([])
  expect(await account.stop()).toMatchObject({ code: 0, stderr: '' })
})

interface Raw {
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** The authorization header of a request to come. */
function signature(method: string, path: string): string {
  const sign = createSigner(new SystemClock(), createRng(entropySeed()), account.ready)
  return sign({ method, url: account.ready.baseUrl + path, headers: {} }).headers.authorization!
}

/** Sends bytes as they are and reads until the account closes, or the first answer is complete. */
function raw(...parts: readonly (string | Buffer)[]): Promise<Raw> {
  const { hostname, port } = new URL(account.ready.baseUrl)
  return new Promise((settle, fail) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    const done = (): void => {
      const [headers = '', body = ''] = text.split('\r\n\r\n')
      settle({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1] ?? 0), headers, body })
    }
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', (error) => (text === '' ? fail(error) : done()))
    socket.on('close', done)
    for (const part of parts) socket.write(part)
  })
}

/** A signed request with any method, path, headers and bytes. */
function send(
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string | string[]> = {},
): Promise<Raw> {
  const { baseUrl } = account.ready
  // The signing library cannot read a broken query; such requests go out with a signature that does not fit.
  const authorization = signature(method, path.includes('%zz') ? path.split('?')[0]! : path)
  return new Promise((settle, fail) => {
    const { hostname, port } = new URL(baseUrl)
    const all = { authorization, 'content-type': 'application/json', ...headers }
    const sent = httpRequest({ hostname, port, method, path, headers: all, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () =>
        settle({ status: answer.statusCode!, headers: JSON.stringify(answer.headers), body: text }),
      )
    })
    sent.on('error', fail)
    sent.end(body)
  })
}

const errorShape = (body: string): unknown => JSON.parse(body)['o:errorDetails'][0]['o:errorCode']
const customers = `${BASE}/customer`

describe('what is not HTTP', () => {
  it.each([
    ['noise', 'GARBAGE\r\n\r\n'],
    [
      'two lengths',
      `POST ${customers} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    ],
    ['a negative length', `POST ${customers} HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n`],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\n${'X-Long: 1234567890\r\n'.repeat(4000)}\r\n`],
    ['a bad chunk', `POST ${customers} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('is refused in the shape of NetSuite: %s', async (_, text) => {
    const { status, body, headers } = await raw(text)
    expect(status).toBe(400)
    expect(headers).toMatch(/application\/vnd\.oracle\.resource\+json; type=error/i)
    expect(errorShape(body)).toBe('INVALID_REQUEST')
  })
})

describe('a request whose client goes away in the middle of its body', () => {
  const path = `${customers}/eid:CUT-OFF`
  /** Half closes: the account has read the end of what was sent once it closes too. */
  function cutOff(method: string, target: string, framing: string, body: string): Promise<void> {
    const { hostname, port, host } = new URL(account.ready.baseUrl)
    const head = [
      `${method} ${target} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${signature(method, target)}`,
      'Content-Type: application/json',
      framing,
    ]
    return new Promise((settle) => {
      const socket = connect(Number(port), hostname)
      socket.resume().on('error', settle).on('close', settle)
      socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    })
  }

  it.each([
    ['DELETE', path, 'Content-Length: 20', '{}'],
    ['PUT', path, 'Transfer-Encoding: chunked', '17\r\n{"companyName":"gone!"}\r\n'],
    ['POST', '/_seatrial/reset', 'Content-Length: 20', '{}'],
  ])('does nothing: %s %s, %s', async (method, target, framing, body) => {
    await account.call('PUT', '/customer/eid:CUT-OFF', { companyName: 'whole' })
    const requests = async () => ((await account.control('GET', '/journal?limit=10000')) as JournalPage).items
    const before = await requests()
    await cutOff(method, target, framing, body)
    expect(await requests()).toEqual(before)
    expect((await account.call('GET', '/customer/eid:CUT-OFF')).body).toContain('"whole"')
  })
})

describe('a body beyond 104 MB', () => {
  const tooLong = 104 * 1024 * 1024 + 1
  it('is refused by its declared length [GOV-033, REC-117, REC-503]', async () => {
    const { status, body } = await raw(
      `POST ${customers} HTTP/1.1\r\nHost: a\r\nContent-Length: ${tooLong}\r\n\r\n{`,
    )
    expect(status).toBe(413)
    expect(errorShape(body)).toBeTypeOf('string')
    expect(await account.control('GET', '/health')).toMatchObject({ status: 'ready' })
  })
  it('is refused from an asynchronous request as well [ASY-006]', async () => {
    const { status } = await raw(
      `POST ${customers} HTTP/1.1\r\nHost: a\r\nPrefer: respond-async\r\nContent-Length: ${tooLong}\r\n\r\n{`,
    )
    expect(status).toBe(413)
  })
  it('is refused while it streams [GOV-033, REC-117]', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 32)
    const size = `${chunk.length.toString(16)}\r\n`
    const stream = Array.from({ length: 106 }, () =>
      Buffer.concat([Buffer.from(size), chunk, Buffer.from('\r\n')]),
    )
    const { status } = await raw(
      `POST ${customers} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`,
      ...stream,
      '0\r\n\r\n',
    )
    expect(status).toBe(413)
    expect(await account.control('GET', '/health')).toMatchObject({ status: 'ready' })
  })
  it('that never comes is no request', async () => {
    const { port } = new URL(account.ready.baseUrl)
    const socket = connect(Number(port), '127.0.0.1')
    await new Promise((settle) =>
      socket.write(`POST ${customers} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"a"`, settle),
    )
    socket.destroy()
    expect(await account.control('GET', '/health')).toMatchObject({ status: 'ready' })
  })
})

describe('an odd request is answered without a 5xx, save the documented 501', () => {
  for (const [title, method, path, body, headers] of ODD)
    it(title, async () => {
      const { status, body: text } = await send(method, path, body, headers)
      expect(status === 501 || (status >= 200 && status < 500), `${status} ${text.slice(0, 300)}`).toBe(true)
      // Else the account would not have looked any further.
      expect(status === 401).toBe(NOT_LOGGED_IN.has(title))
      if (status === 501) expect(errorShape(text)).toBe('NOT_SIMULATED')
      else if (status >= 400) expect(errorShape(text)).toBeTypeOf('string')
    })
  it('repeated headers', async () => {
    for (const name of ['Authorization', 'Content-Type', 'Host', 'Prefer']) {
      const lines = `${name}: a\r\n${name}: b\r\n${name === 'Host' ? '' : 'Host: a\r\n'}`
      const { status } = await raw(`GET ${customers}/1 HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`)
      expect(status, name).toBeGreaterThanOrEqual(400)
      expect(status, name).toBeLessThan(500)
    }
  })
  it('a request without a host, and one for another host in absolute form', async () => {
    const targets = [
      `GET ${customers} HTTP/1.0\r\n\r\n`,
      `GET http://elsewhere.test/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    ]
    for (const text of targets) expect((await raw(text)).status).toBeLessThan(500)
  })
  it('does not let a body change what objects are', async () => {
    expect(Object.hasOwn(Object.prototype, 'companyName')).toBe(false)
    const made = await account.call('POST', '/customer', { companyName: 'plain' })
    expect(made.status).toBe(204)
  })
})

describe('the control API', () => {
  it.each([
    ['GET', '/records/__proto__'],
    ['GET', '/records/constructor'],
    ['GET', '/journal?after=x'],
    ['GET', '/constructor'],
    ['GET', '/'],
    ['DELETE', '/faults/%00'],
    ['POST', '/faults'],
    ['POST', '/records/customer'],
  ])('refuses %s %s in words', async (method, path) => {
    const { status, body } = await send(
      method,
      `/_seatrial${path}`,
      method === 'POST' ? '{"items":1}' : undefined,
    )
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(JSON.parse(body).error).toMatchObject({ code: expect.any(String), mend: expect.any(String) })
  })
})

describe('the control API keeps to this machine', () => {
  const ask = (target: string, host: string, more = '') =>
    raw(`POST ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n${more}Connection: close\r\n\r\n`)
  it.each([
    ['a foreign name', '/_seatrial/reset', 'evil.example', ''],
    ['a foreign name in the request line', 'http://evil.example/_seatrial/reset', 'evil.example', ''],
    ['a loopback name in the request line only', 'http://127.0.0.1/_seatrial/reset', 'evil.example', ''],
    ['a path in the Host', '/services/rest', 'evil.example/_seatrial/reset?', ''],
    ['a page from elsewhere', '/_seatrial/reset', '127.0.0.1', 'Origin: https://evil.example\r\n'],
    ['a page without origin', '/_seatrial/reset', '127.0.0.1', 'Origin: null\r\n'],
  ])('with %s', async (_, target, host, more) => {
    await account.call('PUT', '/customer/eid:GUARD', { companyName: 'still here' })
    const { status } = await ask(target, host, more)
    expect([400, 401, 403]).toContain(status)
    expect((await account.call('GET', '/customer/eid:GUARD')).status).toBe(200)
  })
  it('and serves pages of its own', async () => {
    const { port } = new URL(account.ready.baseUrl)
    const origin = `Origin: http://localhost:${port}\r\n`
    const { status } = await raw(
      `GET /_seatrial/health HTTP/1.1\r\nHost: localhost:${port}\r\n${origin}Connection: close\r\n\r\n`,
    )
    expect(status).toBe(200)
  })
})

describe('odd but well-formed requests', () => {
  it('OPTIONS * is refused in the shape of NetSuite', async () => {
    expect(errorShape((await send('OPTIONS', '*')).body)).toBeTypeOf('string')
  })
  it('the control API says how to mend bad percent-encoding', async () => {
    const { body } = await send('GET', '/_seatrial/records/%zz')
    expect(JSON.parse(body).error).toMatchObject({ mend: expect.any(String) })
  })
  it('HEAD leaves the account alive', async () => {
    const other = await serve(scratchFolder(), '--latency', 'none')
    const { hostname, port } = new URL(other.ready.baseUrl)
    await new Promise((settle) =>
      httpRequest({ hostname, port, method: 'HEAD', path: customers }, settle).on('error', settle).end(),
    )
    expect(await other.stop()).toMatchObject({ code: 0, stderr: '' })
  })
})

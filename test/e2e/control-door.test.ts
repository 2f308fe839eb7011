/** If this fails, strangers reach the control API of an account, or one body of theirs takes all of its memory. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createControlClient } from '../../harness/control-client.ts'
import { createHttpTransport } from '../../protocol/http-transport.ts'
import { type RunningServer, type ServerOptions, startServer } from '../../simulator/server.ts'
import { createTestAccount } from '../../simulator/test-account.ts'

const TOKEN = 'b7f0c2d1e4a59687'
const MB = 1024 * 1024
const running: RunningServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())))

async function open(control: NonNullable<ServerOptions['control']>) {
  const account = createTestAccount()
  const server = await startServer(account.simulator, { port: 0, control })
  running.push(server)
  return { ...server, account }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

function call(method: string, url: string, headers: Record<string, string> = {}, body?: string) {
  return new Promise<Answer>((settle, fail) => {
    const sent = httpRequest(url, { method, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => settle({ status: answer.statusCode!, headers: answer.headers, body: text }))
    })
    sent.on('error', fail)
    sent.end(body)
  })
}

const customers = JSON.stringify({ items: [{ companyName: 'Stranger' }] })
const json = { 'content-type': 'application/json' }

/** Writes head and then pieces for as long as nothing comes back; gives what came, and how many bytes were sent by then. */
function pour(url: string, head: string, piece: Buffer): Promise<{ text: string; sentBytes: number }> {
  const { hostname, port } = new URL(url)
  return new Promise((settle) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    const write = (): void => {
      while (piece.length > 0 && text === '' && !socket.destroyed && socket.write(piece)) {}
    }
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (text.endsWith('}}')) socket.destroy()
    })
    socket.on('drain', write)
    socket.on('error', () => {})
    socket.on('close', () => settle({ text, sentBytes: socket.bytesWritten }))
    socket.write(head)
    write()
  })
}

describe('the token of the control API', () => {
  it.each([
    ['no token', {}],
    ['a wrong one', { authorization: 'Bearer b7f0c2d1e4a59688' }],
    ['the beginning of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['more than it', { authorization: `Bearer ${TOKEN}0` }],
    ['it under another scheme', { authorization: `Basic ${TOKEN}` }],
    ['it in the query', {}],
  ])('without it nothing is told and nothing changes: %s', async (what, headers) => {
    const { controlUrl, account } = await open({ token: TOKEN })
    const query = what === 'it in the query' ? `?token=${TOKEN}` : ''
    const refused = await call(
      'POST',
      `${controlUrl}/records/customer${query}`,
      { ...json, ...headers },
      customers,
    )
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer /)
    expect(JSON.parse(refused.body)).toEqual({
      error: {
        code: 'E_CONTROL_TOKEN',
        message: 'the control API asks for its token',
        mend: expect.stringContaining('authorization: Bearer'),
      },
    })
    expect((await call('GET', `${controlUrl}/health`, headers)).status).toBe(401)
    expect((await account.send('GET', '/_seatrial/records')).json).not.toHaveProperty('customer')
  })
  it('with it callers come from anywhere, by any name', async () => {
    const { controlUrl } = await open({ token: TOKEN })
    const headers = { ...json, authorization: `Bearer ${TOKEN}`, host: 'seatrial.test:8484' }
    expect((await call('POST', `${controlUrl}/records/customer`, headers, customers)).status).toBe(200)
  })
  it('is sent by the control client', async () => {
    const { controlUrl } = await open({ token: TOKEN })
    const transport = createHttpTransport()
    expect((await createControlClient(transport, controlUrl, TOKEN).health()).status).toBe('ready')
    await expect(createControlClient(transport, controlUrl).reset()).rejects.toMatchObject({
      code: 'E_CONTROL',
      details: { mend: expect.stringContaining('authorization: Bearer') },
    })
    await transport.close()
  })
  it('is no matter for requests to the account', async () => {
    const { baseUrl } = await open({ token: TOKEN })
    const answer = await call('GET', `${baseUrl}/services/rest/record/v1/currency/1`)
    expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('INVALID_LOGIN')])
  })
})

describe('a port of its own', () => {
  it('has the control API, and the account has it no more', async () => {
    const { baseUrl, controlUrl } = await open({ port: 0 })
    expect(new URL(controlUrl).port).not.toBe(new URL(baseUrl).port)
    expect((await call('GET', `${controlUrl}/health`)).status).toBe(200)
    const asked = await call('GET', `${baseUrl}/_seatrial/health`)
    expect([asked.status, asked.body]).toEqual([401, expect.stringContaining('INVALID_LOGIN')])
    const { origin } = new URL(controlUrl)
    for (const path of ['/', '/services/rest/record/v1/currency/1', '/_seatrialx/health']) {
      const answer = await call('GET', origin + path)
      expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('the control API only')])
    }
  })
  it('that is taken stops the start', async () => {
    const first = await open({ port: 0 })
    const port = Number(new URL(first.controlUrl).port)
    const { simulator } = createTestAccount()
    await expect(startServer(simulator, { port: 0, control: { port } })).rejects.toMatchObject({
      code: 'E_PORT_IN_USE',
      details: { mend: expect.stringContaining('--control-port') },
    })
  })
  it('without a token is on loopback, wherever the account listens', async () => {
    const server = await startServer(createTestAccount().simulator, {
      port: 0,
      hostname: '0.0.0.0',
      control: { port: 0 },
    })
    running.push(server)
    const elsewhere = server.controlUrl.replace('127.0.0.1', '127.0.0.2')
    await expect(call('GET', `${elsewhere}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect((await call('GET', `${server.controlUrl}/health`)).status).toBe(200)
  })
})

describe('a body beyond 64 MB', () => {
  const post =
    'POST /_seatrial/records/customer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
  it('is refused by its declared length, before any of it has come', async () => {
    const { controlUrl } = await open({})
    const { text } = await pour(controlUrl, `${post}Content-Length: ${64 * MB + 1}\r\n\r\n`, Buffer.alloc(0))
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*"E_TOO_LARGE"/)
  })
  it('is refused while it streams, however long it would go on', async () => {
    const { controlUrl } = await open({})
    const bytes = Buffer.alloc(MB, 32)
    const piece = Buffer.concat([Buffer.from(`${MB.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
    const { text, sentBytes } = await pour(controlUrl, `${post}Transfer-Encoding: chunked\r\n\r\n`, piece)
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*"E_TOO_LARGE"/)
    expect(sentBytes).toBeGreaterThan(64 * MB)
    expect(sentBytes).toBeLessThan(96 * MB)
    expect((await call('GET', `${controlUrl}/health`)).status).toBe(200)
  })
  it('is not even read from who has no token', async () => {
    const { controlUrl } = await open({ token: TOKEN })
    const { text } = await pour(controlUrl, `${post}Content-Length: ${100 * MB}\r\n\r\n`, Buffer.alloc(0))
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
  })
})

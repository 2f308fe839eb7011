/**
 * The only file with sockets: turns HTTP into `WireRequest`s and back. No NetSuite behaviour lives here, save the error
 * shape for what never becomes a request (malformed HTTP, an oversized body). Control requests are taken from
 * loopback only, and only when addressed by a loopback name, so that no web page can reach them by rebinding.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { atEndOfTurn, SystemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import { type Carriage, CONTROL_BASE_PATH, type WireRequest, type WireResponse } from '../protocol/wire.ts'
import { ApiFault, renderApiFault, requestTooLarge } from './api-fault.ts'
import type { Simulator } from './index.ts'

export interface ServerOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Default 127.0.0.1. */
  readonly hostname?: string
  /** PEM texts; present: HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export interface RunningServer {
  readonly baseUrl: string
  readonly port: number
  close(): Promise<void>
}

/** Longer than the pauses between a client's calls, so that connections are kept. */
const KEEP_ALIVE_MS = 65_000

const ERROR_TYPE = { 'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8' }
const MALFORMED = renderApiFault(
  new ApiFault(
    'INVALID_REQUEST',
    'The request could not be understood by the server due to malformed syntax.',
  ),
)

/** Listens; resolves once requests are accepted. Throws `E_PORT_IN_USE` or `E_LISTEN`. */
export async function startServer(simulator: Simulator, options: ServerOptions): Promise<RunningServer> {
  const { port, hostname = '127.0.0.1', tls } = options
  const scheme = tls === undefined ? 'http' : 'https'
  const app = controlApp(simulator, scheme)
  const control = getRequestListener((request, env) => app.fetch(request, env as HttpBindings))
  // Requests to the account pass Hono by: it serves the control API, and a console when there is one.
  const listener: RequestListener = (incoming, outgoing) => {
    if ((incoming.url ?? '').startsWith(`${CONTROL_BASE_PATH}/`)) void control(incoming, outgoing)
    else answer(simulator, incoming, outgoing, scheme).catch(() => outgoing.destroy())
  }
  const server = await listen(listener, port, hostname, tls)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('clientError', (_error, socket) => refuseMalformed(socket as Socket))
  const address = server.address() as AddressInfo
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return {
    baseUrl: `${scheme}://${host === '0.0.0.0' ? '127.0.0.1' : host}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(
  listener: RequestListener,
  port: number,
  hostname: string,
  tls: ServerOptions['tls'],
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = tls === undefined ? createServer(listener) : createHttpsServer(tls, listener)
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      reject(
        code === 'EADDRINUSE'
          ? new AppError('E_PORT_IN_USE', `port ${port} on ${hostname} is in use`, {
              mend: 'choose another with --port, or --port 0 for a free one',
            })
          : new AppError('E_LISTEN', `cannot listen on ${hostname}:${port}: ${message}`, {
              mend: 'check --host and --port',
            }),
      )
    })
    server.listen(port, hostname, () => resolve(server))
  })
}

type Bindings = { Bindings: HttpBindings }

const CONTROL_REFUSAL = {
  error: {
    code: 'E_LOOPBACK_ONLY',
    message: 'the control API answers on loopback only',
    mend: 'call it as 127.0.0.1 or localhost',
  },
}

/** The control API behind its guard. */
function controlApp(simulator: Simulator, scheme: string): Hono<Bindings> {
  const app = new Hono<Bindings>()
  app.use('*', async ({ env, json }, next) =>
    isLoopback(env.incoming) ? next() : json(CONTROL_REFUSAL, 403),
  )
  app.all('*', async ({ env: { incoming }, req }) => {
    const body = req.method === 'GET' || req.method === 'HEAD' ? undefined : await req.text()
    const { status, headers, body: text } = await simulator.control(toWire(incoming, scheme, body))
    return new Response(status === 204 ? null : text, { status, headers })
  })
  return app
}

/** From this machine, addressed by a loopback name, and not on behalf of a page from elsewhere. */
function isLoopback({ socket, headers }: IncomingMessage): boolean {
  const remote = socket.remoteAddress ?? ''
  const byAddress = remote.startsWith('127.') || remote === '::1' || remote.startsWith('::ffff:127.')
  const page = headers.origin?.replace(/^https?:\/\//, '')
  return byAddress && isLoopbackName(headers.host ?? '') && (page === undefined || isLoopbackName(page))
}

function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name)
}

/** Writes to the socket's own response: `Request` and `Response` objects on the way would cost as much as the login check. */
async function answer(
  simulator: Simulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  scheme: string,
): Promise<void> {
  const bytesMax = simulator.requestBytesMax
  const body = await readBody(incoming, bytesMax)
  const handled =
    body === TOO_LARGE ? tooLarge(bytesMax) : await simulator.serve(toWire(incoming, scheme, body))
  if (handled === 'silence') return
  // A listening socket cannot refuse one connection only, so a refused one is closed without a word.
  if (handled === 'reset' || handled === 'refused') {
    incoming.socket.resetAndDestroy()
    return
  }
  if (handled.carriage !== undefined) {
    carry(outgoing, handled, handled.carriage)
    return
  }
  sendAtEndOfTurn(outgoing, () => {
    const { status, headers, body: text } = handled
    // The length is among the headers, so that head and body leave in one write.
    outgoing.writeHead(status, headers)
    outgoing.end(status === 204 || incoming.method === 'HEAD' ? undefined : text)
  })
}

/** Time between two pieces of a slow body. */
const PIECE_MS = 100

/** Sends a body slowly, or a part of it only. The pieces follow the machine's clock: this is a real socket. */
function carry(outgoing: ServerResponse, { status, headers, body }: WireResponse, carriage: Carriage): void {
  const bytes = Buffer.from(body)
  const end = carriage.cutAfterBytes ?? bytes.length
  const piece = Math.max(1, Math.ceil(((carriage.bytesPerSec ?? Number.MAX_SAFE_INTEGER) * PIECE_MS) / 1000))
  const clock = new SystemClock()
  outgoing.writeHead(status, headers)
  const next = (from: number): void => {
    if (outgoing.destroyed) return
    if (from >= end) {
      if (carriage.cutAfterBytes === undefined) outgoing.end()
      else outgoing.destroy()
      return
    }
    outgoing.write(bytes.subarray(from, Math.min(end, from + piece)))
    clock.schedule(PIECE_MS, () => next(from + piece))
  }
  next(0)
}

let waiting: (() => void)[] = []

/**
 * Answers that are ready in the same turn leave together: each write to a sleeping client wakes it, which costs more than
 * all the rest of the answer. Under load this halves the processor time per request; alone, a request waits for nothing.
 */
function sendAtEndOfTurn(outgoing: ServerResponse, send: () => void): void {
  const guarded = (): void => {
    try {
      send()
    } catch {
      // This client's connection is past saving; the others of the turn must not suffer.
      outgoing.destroy()
    }
  }
  if (waiting.push(guarded) > 1) return
  atEndOfTurn(() => {
    const ready = waiting
    waiting = []
    for (const one of ready) one()
  })
}

/** The rest of an oversized body is not read, so the connection cannot go on. */
function tooLarge(bytesMax: number): WireResponse {
  const body = renderApiFault(requestTooLarge(bytesMax))
  const length = String(Buffer.byteLength(body))
  return { status: 413, headers: { ...ERROR_TYPE, 'content-length': length, connection: 'close' }, body }
}

const TOO_LARGE = Symbol('too large')

function toWire(incoming: IncomingMessage, scheme: string, body: string | undefined): WireRequest {
  const target = incoming.url ?? '/'
  const url = target.startsWith('http')
    ? target
    : `${scheme}://${incoming.headers.host ?? 'localhost'}${target}`
  return { method: incoming.method ?? 'GET', url, headers: incoming.headers as Record<string, string>, body }
}

/** Reads a body, giving up while it streams once it is over the limit. */
function readBody(
  incoming: IncomingMessage,
  bytesMax: number,
): Promise<string | undefined | typeof TOO_LARGE> | undefined {
  const declared = incoming.headers['content-length']
  if (declared === undefined && incoming.headers['transfer-encoding'] === undefined) return undefined
  if (declared !== undefined && Number(declared) > bytesMax) return Promise.resolve(TOO_LARGE)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bytesMax) chunks.push(chunk)
      else resolve(TOO_LARGE)
    })
    incoming.on('end', () =>
      resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8')),
    )
    // A client that went away in the middle of its body sent no request.
    incoming.on('error', () => resolve(''))
  })
}

/** What is not HTTP still gets the error shape, then the connection ends. */
function refuseMalformed(socket: Socket): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${ERROR_TYPE['content-type']}\r\n` +
      `Content-Length: ${Buffer.byteLength(MALFORMED)}\r\nConnection: close\r\n\r\n${MALFORMED}`,
  )
}

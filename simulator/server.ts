/**
 * The only file with sockets: turns HTTP into `WireRequest`s and back. No NetSuite behaviour lives here, save the error
 * shape for what never becomes a request (malformed HTTP, an oversized body). The control API has the same port, or one of
 * its own, and a door of its own (control/door.ts); requests to the account pass that by.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { atEndOfTurn, SystemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/error.ts'
import { type Carriage, CONTROL_BASE_PATH, type WireResponse } from '../protocol/wire.ts'
import { ApiFault, renderApiFault, requestTooLarge } from './api-fault.ts'
import { createDoor, isLoopbackName } from './control/door.ts'
import { CUT_OFF, readBody, TOO_LARGE, toWire, turnAway } from './http-body.ts'
import type { Simulator } from './index.ts'

export interface ServerOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Default 127.0.0.1. */
  readonly hostname?: string
  /** PEM texts; present: HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
  readonly control?: {
    /** A port of its own; 0 takes a free one. Default: the account's, below `/_seatrial`. */
    readonly port?: number | undefined
    /** Secret that its callers must send. Default: it answers on loopback only, and asks for none. */
    readonly token?: string | undefined
  }
}

export interface RunningServer {
  readonly baseUrl: string
  readonly controlUrl: string
  readonly port: number
  close(): Promise<void>
}

/** Not by `import`: that reads every export of the module, WebSocket among them, and so loads Node's whole fetch. */
const { createServer } = process.getBuiltinModule('node:http')

/** Longer than the pauses between a client's calls, so that connections are kept. */
const KEEP_ALIVE_MS = 65_000

const ERROR_TYPE = { 'content-type': 'application/vnd.oracle.resource+json; type=error; charset=UTF-8' }
const MALFORMED = renderApiFault(
  new ApiFault(
    'INVALID_REQUEST',
    'The request could not be understood by the server due to malformed syntax.',
  ),
)

/** What a server needs of an account. */
export type ServedAccount = Pick<Simulator, 'serve' | 'control' | 'requestBytesMax'>

/** Listens; resolves once requests are accepted. Throws `E_PORT_IN_USE` or `E_LISTEN`. */
export async function startServer(simulator: ServedAccount, options: ServerOptions): Promise<RunningServer> {
  const { port, hostname = '127.0.0.1', tls, control = {} } = options
  const scheme = tls === undefined ? 'http' : 'https'
  const door = createDoor(simulator.control, { scheme, token: control.token })
  const account: RequestListener = (incoming, outgoing) => {
    answer(simulator, incoming, outgoing, scheme).catch(() => outgoing.destroy())
  }
  const both: RequestListener = (incoming, outgoing) =>
    (incoming.url ?? '').startsWith(`${CONTROL_BASE_PATH}/`)
      ? door(incoming, outgoing)
      : account(incoming, outgoing)
  const isApart = control.port !== undefined
  const main = await listen(isApart ? account : both, { port, hostname, tls, option: '--port' })
  main.server.on('clientError', (_error, socket) => refuseMalformed(socket as Socket))
  const apart = isApart ? await listenForControl(main, door, control, { hostname, tls }) : undefined
  return {
    baseUrl: main.url,
    controlUrl: (apart ?? main).url + CONTROL_BASE_PATH,
    port: main.port,
    async close() {
      await Promise.all([main.close(), apart?.close()])
    },
  }
}

/** Without a token nobody else could call it anyway. */
function listenForControl(
  main: Listening,
  door: RequestListener,
  { port, token }: NonNullable<ServerOptions['control']>,
  { hostname, tls }: { hostname: string; tls: ServerOptions['tls'] },
): Promise<Listening> {
  const isOpen = token !== undefined || hostname === '::1' || isLoopbackName(hostname)
  const place = { port: port!, hostname: isOpen ? hostname : '127.0.0.1', tls, option: '--control-port' }
  return listen(door, place).catch(async (error: unknown) => {
    await main.close()
    throw error
  })
}

interface Listening {
  readonly server: Server
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

interface Place extends Pick<ServerOptions, 'port' | 'tls'> {
  readonly hostname: string
  /** The option that chose the port. */
  readonly option: string
}

function listen(listener: RequestListener, place: Place): Promise<Listening> {
  const { port, hostname, tls, option } = place
  return new Promise((resolve, reject) => {
    const server = tls === undefined ? createServer(listener) : createHttpsServer(tls, listener)
    server.keepAliveTimeout = KEEP_ALIVE_MS
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      reject(
        code === 'EADDRINUSE'
          ? new AppError('E_PORT_IN_USE', `port ${port} on ${hostname} is in use`, {
              mend: `choose another with ${option}, or ${option} 0 for a free one`,
            })
          : new AppError('E_LISTEN', `cannot listen on ${hostname}:${port}: ${message}`, {
              mend: `check --host and ${option}`,
            }),
      )
    })
    server.listen(port, hostname, () => resolve(listening(server, place)))
  })
}

function listening(server: Server, { hostname, tls }: Place): Listening {
  const { port } = server.address() as AddressInfo
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return {
    server,
    port,
    url: `${tls === undefined ? 'http' : 'https'}://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Writes to the socket's own response: `Request` and `Response` objects on the way would cost as much as the login check. */
async function answer(
  simulator: ServedAccount,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  scheme: string,
): Promise<void> {
  const bytesMax = simulator.requestBytesMax
  const body = await readBody(incoming, bytesMax)
  if (body === CUT_OFF) return
  if (body === TOO_LARGE) {
    const refusal = { status: 413, headers: ERROR_TYPE, body: renderApiFault(requestTooLarge(bytesMax)) }
    turnAway(incoming, outgoing, refusal)
    return
  }
  const handled = await simulator.serve(toWire(incoming, scheme, body))
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

/** What a socket has sent, as a request: its address as the client meant it, its body up to a limit. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SystemClock } from '../kernel/clock.ts'
import type { WireRequest, WireResponse } from '../protocol/wire.ts'
import { hangUpOf } from './hang-up.ts'

/** In place of a body: there was more than allowed. What else comes is for `turnAway` to deal with. */
export const TOO_LARGE = Symbol('too large')
/** In place of a body: its client went away in the middle of it. That was no request; nothing of it may be done. */
export const CUT_OFF = Symbol('cut off')

export function toWire(incoming: IncomingMessage, scheme: string, body: string | undefined): WireRequest {
  const target = incoming.url ?? '/'
  const url = target.startsWith('http')
    ? target
    : `${scheme}://${incoming.headers.host ?? 'localhost'}${target}`
  const { method = 'GET', socket } = incoming
  return { method, url, headers: incoming.headers as Record<string, string>, body, hungUp: hangUpOf(socket) }
}

/** Reads a body, giving up while it streams once it is over the limit. */
export function readBody(
  incoming: IncomingMessage,
  bytesMax: number,
): Promise<string | typeof TOO_LARGE | typeof CUT_OFF> | undefined {
  const declared = incoming.headers['content-length']
  if (declared === undefined && incoming.headers['transfer-encoding'] === undefined) return undefined
  if (declared !== undefined && Number(declared) > bytesMax) return Promise.resolve(TOO_LARGE)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bytesMax) chunks.push(chunk)
      else {
        chunks.length = 0
        resolve(TOO_LARGE)
      }
    })
    incoming.on('end', () =>
      resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8')),
    )
    incoming.on('error', () => resolve(CUT_OFF))
  })
}

/** Time for a client to notice that it has been answered before it was done sending. */
const LINGER_MS = 500

/**
 * Answers a request whose body is not wanted, and ends the connection. What still comes meanwhile is thrown away: a socket
 * that is closed with input in it is reset, and the client would see that instead of the answer.
 */
export function turnAway(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: WireResponse,
): void {
  const length = String(Buffer.byteLength(body))
  outgoing.writeHead(status, { ...headers, 'content-length': length, connection: 'close' })
  outgoing.write(body)
  const cancel = new SystemClock().schedule(LINGER_MS, () => outgoing.end())
  incoming.once('close', cancel)
  if (incoming.complete) outgoing.end()
  else incoming.once('end', () => outgoing.end()).resume()
}

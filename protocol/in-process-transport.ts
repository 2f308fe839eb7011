/** A `Transport` without sockets: calls a handler in this process. The one used in virtual time. */
import type { Clock } from '../kernel/clock.ts'
import { type SendOptions, type Transport, TransportError } from './transport.ts'
import type { Carriage, WireRequest, WireResponse } from './wire.ts'

/** No answer: the connection is reset, was never accepted, or stays open in silence. */
export type NoAnswer = 'reset' | 'refused' | 'silence'
export type Handled = WireResponse | NoAnswer

/** Answers a request, or drops its connection. Must not reject. */
export type RequestHandler = (request: WireRequest) => Promise<Handled>

/** Wraps `handle`. A request that outlives `timeoutMs` goes on inside, as it would in a real account. */
export function createInProcessTransport(clock: Clock, handle: RequestHandler): Transport {
  return {
    send: (request, options) => sendInProcess(clock, handle, request, options),
    close: async () => {},
  }
}

function sendInProcess(
  clock: Clock,
  handle: RequestHandler,
  request: WireRequest,
  { timeoutMs }: SendOptions,
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(timeoutMs, () => {
      reject(new TransportError('E_TIMEOUT', 'unknown', `no answer within ${timeoutMs} ms`))
    })
    const fail = (error: unknown): void => {
      cancel()
      reject(error)
    }
    const arrive = (answer: Handled): void => {
      // Silence lasts until the caller gives up.
      if (answer === 'silence') return
      cancel()
      if (answer === 'reset')
        reject(new TransportError('E_CONNECTION_RESET', 'unknown', 'connection reset by the account'))
      else if (answer === 'refused')
        reject(new TransportError('E_CONNECTION_REFUSED', 'none', 'connection refused by the account'))
      else resolve(answer)
    }
    handle(request).then((answer) => {
      if (typeof answer === 'string' || answer.carriage === undefined) arrive(answer)
      else carried(clock, answer, answer.carriage).then(arrive)
    }, fail)
  })
}

/** The answer as a broken network delivers it. */
async function carried(clock: Clock, answer: WireResponse, carriage: Carriage): Promise<Handled> {
  const { bytesPerSec, cutAfterBytes } = carriage
  const arriving = Math.min(Buffer.byteLength(answer.body), cutAfterBytes ?? Number.POSITIVE_INFINITY)
  if (bytesPerSec !== undefined) await clock.sleep((arriving / bytesPerSec) * 1000)
  return cutAfterBytes === undefined ? answer : 'reset'
}

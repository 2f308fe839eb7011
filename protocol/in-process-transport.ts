/** A `Transport` without sockets: calls a handler in this process. The one used in virtual time. */
import type { Clock } from '../kernel/clock.ts'
import { type SendOptions, type Transport, TransportError } from './transport.ts'
import type { WireRequest, WireResponse } from './wire.ts'

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
    handle(request)
      .then((answer) => carried(clock, answer))
      .then(
        (answer) => {
          // Silence lasts until the caller gives up.
          if (answer === 'silence') return
          cancel()
          if (answer === 'reset')
            reject(new TransportError('E_CONNECTION_RESET', 'unknown', 'connection reset by the account'))
          else if (answer === 'refused')
            reject(new TransportError('E_CONNECTION_REFUSED', 'none', 'connection refused by the account'))
          else resolve(answer)
        },
        (error: unknown) => {
          cancel()
          reject(error)
        },
      )
  })
}

/** The answer as a broken network delivers it. Without one there is nothing to wait for. */
function carried(clock: Clock, answer: Handled): Handled | Promise<Handled> {
  if (typeof answer === 'string' || answer.carriage === undefined) return answer
  const { carriage, body } = answer
  const { bytesPerSec, cutAfterBytes } = carriage
  const arriving = Math.min(Buffer.byteLength(body), cutAfterBytes ?? Number.POSITIVE_INFINITY)
  const waitMs = bytesPerSec === undefined ? 0 : (arriving / bytesPerSec) * 1000
  return clock.sleep(waitMs).then(() => (cutAfterBytes === undefined ? answer : 'reset'))
}

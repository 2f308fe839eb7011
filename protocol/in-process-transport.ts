/** A `Transport` without sockets: calls a handler in this process. The one used in virtual time. */
import type { Clock } from '../kernel/clock.ts'
import { type SendOptions, type Transport, TransportError } from './transport.ts'
import type { WireRequest, WireResponse } from './wire.ts'

/** `reset`: the connection ends without an answer. */
export type Handled = WireResponse | 'reset'

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
    handle(request).then(
      (answer) => {
        cancel()
        if (answer === 'reset')
          reject(new TransportError('E_CONNECTION_RESET', 'unknown', 'connection reset by the account'))
        else resolve(answer)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}

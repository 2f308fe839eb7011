/** The one HTTP client: undici `Pool`s, one per origin, kept alive. Never `fetch`, which adds milliseconds of its own to p99. */
import { readFileSync } from 'node:fs'
import { Pool } from 'undici'
import { type SendOptions, type Transport, TransportError, type TransportErrorCode } from './transport.ts'
import type { WireRequest, WireResponse } from './wire.ts'

export interface HttpTransportOptions {
  /** Connections per origin. Default 64. */
  readonly connections?: number
  /** PEM file of a CA to trust in addition, e.g. the throw-away one of `seatrial serve --tls`. */
  readonly caFile?: string | undefined
}

const CONNECTIONS_DEFAULT = 64

/** Reaches accounts over HTTP or HTTPS. */
export function createHttpTransport(options: HttpTransportOptions = {}): Transport {
  const pools = new Map<string, Pool>()
  const ca = options.caFile === undefined ? undefined : readFileSync(options.caFile, 'utf8')
  const poolOf = (origin: string): Pool => {
    let pool = pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: options.connections ?? CONNECTIONS_DEFAULT,
        pipelining: 1,
        ...(ca === undefined ? {} : { connect: { ca } }),
      })
      pools.set(origin, pool)
    }
    return pool
  }
  return {
    send: (request, sendOptions) => sendByPool(poolOf, request, sendOptions),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()))
      pools.clear()
    },
  }
}

async function sendByPool(
  poolOf: (origin: string) => Pool,
  request: WireRequest,
  { timeoutMs }: SendOptions,
): Promise<WireResponse> {
  const { origin, pathname, search } = new URL(request.url)
  try {
    const answer = await poolOf(origin).request({
      method: request.method as 'GET',
      path: pathname + search,
      headers: { ...request.headers },
      body: request.body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await answer.body.text()
    return { status: answer.statusCode, headers: flatten(answer.headers), body }
  } catch (error) {
    throw asTransportError(error, timeoutMs)
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

/** Node and undici codes → ours. What is not listed may have reached the account, so its effect is unknown. */
const KNOWN: Record<string, readonly [TransportErrorCode, 'none' | 'unknown']> = {
  ECONNREFUSED: ['E_CONNECTION_REFUSED', 'none'],
  UND_ERR_CONNECT_TIMEOUT: ['E_CONNECTION_REFUSED', 'none'],
  ENOTFOUND: ['E_NAME_NOT_FOUND', 'none'],
  EAI_AGAIN: ['E_NAME_NOT_FOUND', 'none'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['E_TLS', 'none'],
  SELF_SIGNED_CERT_IN_CHAIN: ['E_TLS', 'none'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['E_TLS', 'none'],
  CERT_HAS_EXPIRED: ['E_TLS', 'none'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['E_TLS', 'none'],
  UND_ERR_HEADERS_TIMEOUT: ['E_TIMEOUT', 'unknown'],
  UND_ERR_BODY_TIMEOUT: ['E_TIMEOUT', 'unknown'],
  UND_ERR_CLOSED: ['E_CLOSED', 'none'],
  UND_ERR_DESTROYED: ['E_CLOSED', 'none'],
}

function asTransportError(error: unknown, timeoutMs: number): TransportError {
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (name === 'TimeoutError' || name === 'AbortError') {
    return new TransportError('E_TIMEOUT', 'unknown', `no answer within ${timeoutMs} ms`, error)
  }
  const [ours, effect] = KNOWN[code ?? ''] ?? (['E_CONNECTION_RESET', 'unknown'] as const)
  return new TransportError(ours, effect, message ?? 'connection failed', error)
}

/**
 * What an engine sent and heard, as its wire shows it: read from requests and answers by code of its own, so that manners can be
 * judged as well as effects. An account's journal does not know what reached whom, nor what an early refusal was about.
 */
import type { Clock } from '../../../kernel/clock.ts'
import { type Transport, TransportError } from '../../../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../../../protocol/wire.ts'

export interface Exchange {
  /** Which life of which engine: one that was killed and started again is another one. */
  readonly life: string
  readonly method: string
  readonly type: string
  /** What the request was about; `undefined`: it named no external ID. */
  readonly externalId: string | undefined
  readonly nonce: string | undefined
  readonly sentMs: number
  /** `undefined`: nothing was heard before the process died, or the voyage ended. */
  heardMs: number | undefined
  /** 0: no answer. */
  status: number
  /** Certainly not sent. */
  isUnsent: boolean
  retryAfterMs: number | undefined
  detail: string
  /** Records that go together, and the key under which they do. */
  readonly batch?: { readonly key: string; readonly ids: readonly string[] } | undefined
  /** The job that the answer names, the one that the request asks for, and the one whose result it asks for. */
  job?: string | undefined
  readonly poll?: string | undefined
  readonly resultOf?: string | undefined
  isCompleted?: boolean
}

/** Writes down what goes over `inner` while `life` lives. */
export function logged(
  clock: Clock,
  inner: Transport,
  log: Exchange[],
  life: { readonly id: string; readonly alive: boolean },
): Transport {
  return {
    send: async (request, options) => {
      const exchange = opened(request, life.id, clock.now())
      log.push(exchange)
      try {
        const response = await inner.send(request, options)
        if (life.alive) heard(exchange, response, clock.now())
        return response
      } catch (error) {
        if (life.alive) exchange.heardMs = clock.now()
        exchange.isUnsent = error instanceof TransportError && error.effect === 'none'
        throw error
      }
    },
    close: () => inner.close(),
  }
}

function opened({ method, url, headers, body }: WireRequest, life: string, sentMs: number): Exchange {
  const path = /\/record\/v1\/(.*)/.exec(url)?.[1]
  const [type = url.endsWith('/token') ? 'token' : '', address] = path?.split('?')[0]?.split('/') ?? []
  const isNew = method === 'POST' && path !== undefined && body !== undefined
  const { externalId, items } = (isNew ? JSON.parse(body) : {}) as {
    externalId?: unknown
    items?: readonly { externalId: string }[]
  }
  const named = isNew ? externalId : /^eid:(.*)/.exec(address ?? '')?.[1]
  const key = headers['x-netsuite-idempotency-key'] ?? ''
  return {
    life,
    method,
    type: items === undefined ? type : `${type}.batch`,
    batch: items && { key, ids: items.map((item) => item.externalId) },
    job: undefined,
    poll: /\/job\/(\d+)$/.exec(url)?.[1],
    resultOf: /\/job\/(\d+)\/.*result$/.exec(url)?.[1],
    isCompleted: false,
    externalId: typeof named === 'string' ? named : undefined,
    nonce: /oauth_nonce="([^"]*)"/.exec(headers.authorization ?? '')?.[1],
    sentMs,
    heardMs: undefined,
    status: 0,
    isUnsent: false,
    retryAfterMs: undefined,
    detail: '',
  }
}

function heard(exchange: Exchange, { status, headers, body }: WireResponse, nowMs: number): void {
  const afterSec = headers['retry-after']
  exchange.heardMs = nowMs
  exchange.status = status
  if (afterSec !== undefined) exchange.retryAfterMs = Number(afterSec) * 1000
  if (status >= 400) exchange.detail = body
  if (exchange.batch !== undefined) exchange.job = /\/job\/(\d+)/.exec(headers.location ?? '')?.[1]
  if (exchange.poll !== undefined) exchange.isCompleted = /"completed":\s*true/.test(body)
}

/**
 * For the engine's own tests: an account of two record types in one small class, with a script of faults.
 * It knows just enough of NetSuite to be lied to by: slots, 204 + Location, unique external IDs, upsert, look-up. It checks
 * no signature beyond that no nonce comes twice, and shares no code with the simulator, which judges the engine in earnest.
 */
import type { Clock } from '../../../kernel/clock.ts'
import { createInProcessTransport, type Handled } from '../../../protocol/in-process-transport.ts'
import type { Transport } from '../../../protocol/transport.ts'
import type { WireRequest, WireResponse } from '../../../protocol/wire.ts'
import type { ShopOrder } from '../../shop/order.ts'

/** What goes wrong with one request. `lateMs`: it is carried out, but only that much later. */
export type Fault =
  | 'drop-response'
  | 'reset-before'
  | { readonly lateMs: number }
  | {
      readonly status: number
      readonly code: string
      readonly detail?: string
      readonly retryAfterSec?: number
    }

export interface FakeRecord {
  readonly id: string
  readonly externalId: string | undefined
  readonly body: Record<string, unknown>
}

export interface FakeAccountOptions {
  /** Default: no limit. */
  slots?: number
  /** How long a request takes, milliseconds. Default 500. */
  workMs?: () => number
  /** Asked for each request, e.g. `POST salesOrder`, with its number among its kind, from 1. */
  fault?: (kind: string, number: number, request: WireRequest) => Fault | undefined
}

export class FakeAccount {
  readonly transport: Transport
  readonly customer: FakeRecord[] = []
  readonly salesOrder: FakeRecord[] = []
  readonly kinds: string[] = []
  readonly #counts = new Map<string, number>()
  readonly #nonces = new Set<string>()
  readonly #clock: Clock
  readonly #options: FakeAccountOptions
  #nextId = 1000
  #busy = 0

  constructor(clock: Clock, options: FakeAccountOptions = {}) {
    this.#clock = clock
    this.#options = options
    this.transport = createInProcessTransport(clock, (request) => this.#handle(request))
  }

  async #handle(request: WireRequest): Promise<Handled> {
    const { pathname } = new URL(request.url)
    const [type = '', address] = pathname.replace('/services/rest/record/v1/', '').split('/')
    const kind = `${request.method} ${type}`
    const number = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, number)
    this.kinds.push(kind)
    const nonce = /oauth_nonce="([^"]+)"/.exec(request.headers.authorization ?? '')?.[1]
    if (nonce === undefined || this.#nonces.has(nonce))
      return errorAnswer(401, 'INVALID_LOGIN', 'nonce used or absent')
    this.#nonces.add(nonce)
    if (this.#busy >= (this.#options.slots ?? Number.POSITIVE_INFINITY))
      return errorAnswer(
        429,
        'CONCURRENCY_LIMIT_EXCEEDED',
        'Concurrent request limit exceeded. Request blocked.',
      )
    const fault = this.#options.fault?.(kind, number, request)
    this.#busy++
    await this.#clock.sleep(this.#options.workMs?.() ?? 500)
    this.#busy--
    if (fault === 'reset-before') return 'reset'
    if (typeof fault === 'object' && 'status' in fault)
      return errorAnswer(
        fault.status,
        fault.code,
        fault.detail ?? `${fault.code} by script`,
        fault.retryAfterSec,
      )
    if (typeof fault === 'object') await this.#clock.sleep(fault.lateMs)
    const answer = this.#carryOut(request, type as 'customer' | 'salesOrder', address)
    return fault === 'drop-response' ? 'reset' : answer
  }

  #carryOut(
    request: WireRequest,
    type: 'customer' | 'salesOrder',
    address: string | undefined,
  ): WireResponse {
    const records = this[type]
    const body = JSON.parse(request.body ?? '{}') as Record<string, unknown>
    const externalId = address?.startsWith('eid:')
      ? address.slice(4)
      : (body.externalId as string | undefined)
    const held =
      externalId === undefined ? undefined : records.find((record) => record.externalId === externalId)
    if (request.method === 'GET') {
      if (held === undefined) return errorAnswer(404, 'NONEXISTENT_ID', 'The record instance does not exist.')
      return { status: 200, headers: {}, body: JSON.stringify({ ...held.body, id: held.id }) }
    }
    const location = (id: string): WireResponse => ({
      status: 204,
      headers: { location: `https://fake.example/services/rest/record/v1/${type}/${id}` },
      body: '',
    })
    if (held !== undefined && request.method === 'PUT') return location(held.id)
    if (held !== undefined)
      return errorAnswer(400, 'USER_ERROR', 'Error while accessing a resource. This record already exists.')
    const parent = (body.entity as { id?: string } | undefined)?.id
    if (parent !== undefined && !this.customer.some((record) => record.id === parent))
      return errorAnswer(
        400,
        'USER_ERROR',
        `You have entered an Invalid Field Value ${parent} for the following field: entity`,
      )
    const id = String(this.#nextId++)
    records.push({ id, externalId, body })
    return location(id)
  }
}

function errorAnswer(status: number, code: string, detail: string, retryAfterSec?: number): WireResponse {
  const headers = retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) }
  const body = {
    type: 'about:blank',
    title: 'x',
    status,
    'o:errorDetails': [{ detail, 'o:errorCode': code }],
  }
  return { status, headers, body: JSON.stringify(body) }
}

/** A shop order; orders with equal `customerId` share a customer. */
export function orderOf(id: string, customerId = `c-${id}`): ShopOrder {
  return {
    id,
    name: `#${id}`,
    created_at: '2026-01-05T23:30:00-05:00',
    email: null,
    currency: 'USD',
    customer: { id: customerId, email: `${customerId}@example.com`, first_name: 'Ada', last_name: 'Byron' },
    line_items: [{ id: `${id}-1`, sku: 'SKU-1', quantity: 2, price: '19.90' }],
    total_price: '39.80',
  }
}

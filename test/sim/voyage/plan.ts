/**
 * What seed `seed` tries, all of it, as data: account, neighbours, faults, engines with wrong clocks, kills, changes of the limit,
 * orders and what follows them. Two phases: a storm, in which nothing may go wrong for good, and calm, in which all must be done.
 */

import { createCatalogue } from '../../../harness/shop/catalogue.ts'
import { generateOrders } from '../../../harness/shop/generator.ts'
import type { ShopOrder } from '../../../harness/shop/order.ts'
import { VIRTUAL_EPOCH_MS } from '../../../kernel/clock.ts'
import { createRng, type Rng } from '../../../kernel/rng.ts'
import type { FaultInput } from '../../../protocol/fault.ts'
import type { Extras } from './peak-plan.ts'

export interface EnginePlan {
  /** How far its clock is ahead, or behind where negative. */
  readonly skewMs: number
  /** Its clock is moved once, in the storm. */
  readonly jump: { readonly atMs: number; readonly byMs: number } | undefined
  readonly kills: readonly Kill[]
}

/** What a process may die right after having begun. */
export type Deed = 'send' | 'enqueue' | 'ack' | 'retryAt' | 'deadLetter' | 'save' | 'deliver'

export interface Kill {
  readonly atMs: number
  readonly downMs: number
  /** It dies at the first such deed from then on, which is carried out and never heard of. Absent: at once. */
  readonly deed?: Deed | undefined
}

/** As the profile has it. */
interface Neighbour {
  readonly name: string
  readonly channel: string
  readonly operation: string
  readonly arrival: { readonly ratePerSec: number }
  readonly parallelMax: number
  readonly untilMs: number
}

export interface Change {
  readonly kind: 'approve' | 'cancel'
  readonly orderId: string
  readonly atMs: number
}

export interface Plan {
  readonly seed: number
  readonly preset: string
  readonly limit: number
  readonly latency: { readonly model: 'lean' | 'heavy'; readonly sigma: number; readonly factor: number }
  readonly leaseMs: number
  readonly stormMs: number
  readonly engines: readonly EnginePlan[]
  readonly faults: readonly FaultInput[]
  readonly neighbours: readonly Neighbour[]
  readonly limits: readonly { readonly atMs: number; readonly limit: number }[]
  /** Deliveries of the shop in their order; an order may be delivered twice. */
  readonly deliveries: readonly { readonly order: ShopOrder; readonly atMs: number }[]
  /** Orders that never get into the account: they name an item that it does not have, or are answered 500 for good. */
  readonly poison: ReadonlySet<string>
  /** Orders whose payment NetSuite refuses for good. */
  readonly unpayable: ReadonlySet<string>
  readonly changes: readonly Change[]
  /** How often the shop does not hear what it is told. */
  readonly shopDeafRatio: number
  /** Beside all that, in voyages of the kind `peak`. */
  readonly extras: Extras
}

/** Faults with such an id are what the account is like: no storm, so calm does not end them. */
export const LASTING = 'lasting-'
export const UNKNOWN_SKU = 'NO-SUCH-ITEM'
/** Shorter than an item's budget of time and tries: a storm alone is no reason to give an order up. */
const STORM_MS = [40_000, 120_000] as const
/** Within what NetSuite takes for a good timestamp. [AUT-028] */
const SKEW_MS_MAX = 200_000
const DEEDS = [undefined, 'send', 'enqueue', 'ack', 'retryAt', 'deadLetter'] as const
/** About when engines give a call up: it may be carried out between their look and their next try. */
export const GIVEN_UP_MS = [64_000, 69_000] as const
const FAULT_RATIO_MAX = 0.25

const NO_EXTRAS: Extras = { accessTokenSec: undefined, peak: undefined, budgets: [], troubles: [] }

export function drawPlan(seed: number): Plan {
  const rng = createRng(`voyage ${seed}`)
  const stormMs = rng.integer(...STORM_MS)
  const orders = drawOrders(rng.fork('orders'), stormMs)
  const stuck = orders
    .filter(({ line_items }) => line_items[0]!.sku !== UNKNOWN_SKU && rng.chance(0.03))
    .map(({ id }) => id)
  const poison = new Set([
    ...orders.filter(({ line_items }) => line_items[0]!.sku === UNKNOWN_SKU).map(({ id }) => id),
    ...stuck,
  ])
  const paid = orders.filter(({ id, financial_status }) => financial_status === 'paid' && !poison.has(id))
  const unpayable = new Set(paid.filter(() => rng.chance(0.08)).map(({ id }) => id))
  const limit = rng.integer(2, 20)
  return {
    seed,
    preset: rng.pick(['standard', 'premium', 'sandbox', 'field-report-tier1']),
    limit,
    latency: {
      model: rng.pick(['lean', 'heavy']),
      sigma: rng.pick([0, 0.35, 1]),
      factor: rng.pick([0.3, 1]),
    },
    leaseMs: rng.pick([20_000, 120_000, 300_000]),
    stormMs,
    engines: Array.from({ length: rng.pick([1, 1, 2, 3]) }, () => drawEngine(rng, stormMs)),
    faults: [
      // First, for of several faults the first one installed wins.
      ...[...unpayable].map(refusePayment),
      ...stuck.map((id) => failOrder(id, rng.pick([undefined, 60]))),
      ...Array.from({ length: rng.integer(0, 4) }, (_, index) => drawFault(rng, index, stormMs)),
    ],
    neighbours: rng.chance(0.4) ? [drawNeighbour(rng, stormMs)] : [],
    limits: rng.chance(0.3) ? [{ atMs: rng.integer(0, stormMs), limit: rng.integer(2, 20) }] : [],
    deliveries: drawDeliveries(rng, orders),
    poison,
    unpayable,
    changes: drawChanges(rng, orders, stormMs),
    shopDeafRatio: rng.pick([0, 0.1, 0.4]),
    extras: NO_EXTRAS,
  }
}

function drawOrders(rng: Rng, stormMs: number): ShopOrder[] {
  const catalogue = createCatalogue(rng, rng.integer(2, 12))
  const shop = {
    itemCount: catalogue.length,
    newCustomerRatio: rng.pick([0.2, 0.7, 1]),
    linesMin: 1,
    linesMax: rng.integer(1, 4),
    redeliveryRatio: 0,
  }
  const count = rng.integer(12, 40)
  const createdMs = Array.from({ length: count }, () => VIRTUAL_EPOCH_MS + rng.integer(0, stormMs)).sort(
    (a, b) => a - b,
  )
  const paidRatio = rng.pick([0, 0.5, 1])
  return generateOrders(rng, { shop, catalogue, createdMs }).map((order) => {
    const lines = rng.chance(0.05)
      ? order.line_items.map((line) => ({ ...line, sku: UNKNOWN_SKU }))
      : order.line_items
    return { ...order, line_items: lines, financial_status: rng.chance(paidRatio) ? 'paid' : 'pending' }
  })
}

function drawDeliveries(rng: Rng, orders: readonly ShopOrder[]): Plan['deliveries'] {
  const again = rng.pick([0, 0.1, 0.3])
  return orders
    .flatMap((order) => {
      const atMs = Date.parse(order.created_at) - VIRTUAL_EPOCH_MS
      const second = rng.chance(again) ? [{ order, atMs: atMs + rng.integer(0, 60_000) }] : []
      return [{ order, atMs }, ...second]
    })
    .sort((a, b) => a.atMs - b.atMs)
}

function drawChanges(rng: Rng, orders: readonly ShopOrder[], stormMs: number): Change[] {
  return orders.flatMap(({ id }): Change[] => {
    if (!rng.chance(0.2)) return []
    const atMs = stormMs + rng.integer(0, 120_000)
    const approved: Change = { kind: 'approve', orderId: id, atMs }
    const cancelled: Change = { kind: 'cancel', orderId: id, atMs: atMs + 1 }
    return rng.pick([[approved], [cancelled], [approved, cancelled]])
  })
}

export function drawEngine(rng: Rng, stormMs: number): EnginePlan {
  const kills = rng.pick([0, 0, 1, 2])
  return {
    skewMs: rng.chance(0.4) ? rng.integer(-SKEW_MS_MAX, SKEW_MS_MAX) : 0,
    jump: rng.chance(0.15)
      ? { atMs: rng.integer(0, stormMs), byMs: rng.integer(-60_000, 60_000) }
      : undefined,
    kills: Array.from({ length: kills }, () => ({
      atMs: rng.integer(0, stormMs),
      downMs: rng.integer(0, 30_000),
      deed: rng.pick(DEEDS),
    })).sort((a, b) => a.atMs - b.atMs),
  }
}

function drawNeighbour(rng: Rng, stormMs: number): Neighbour {
  return {
    name: 'neighbour',
    channel: 'rest',
    operation: rng.pick(['get', 'create', 'query']),
    arrival: { ratePerSec: rng.pick([0.5, 2, 5]) },
    parallelMax: rng.integer(1, 6),
    untilMs: stormMs,
  }
}

const KINDS = [
  'reject',
  'reject',
  'reset-before',
  'drop-response',
  'drop-response',
  'no-answer',
  'refuse-connection',
  'slow',
  'truncate',
  'malform',
  'dribble',
  'record-locked',
  'maintenance',
  'auth-outage',
] as const
const METHODS = [['POST', 'PUT'], ['GET'], ['PATCH'], ['POST']] as const

export function drawFault(rng: Rng, index: number, stormMs: number): FaultInput {
  const fromMs = rng.integer(0, stormMs)
  const common = {
    id: `fault-${index}`,
    probabilityRatio: FAULT_RATIO_MAX * rng.next(),
    fromMs,
    untilMs: rng.integer(fromMs, stormMs),
    ...(rng.chance(0.5) ? { match: { methods: [...rng.pick(METHODS)] } } : {}),
  }
  const fault = rng.pick(KINDS)
  if (fault === 'maintenance' || fault === 'auth-outage')
    // All or nothing, but not for long.
    return { fault, id: common.id, fromMs, untilMs: Math.min(stormMs, fromMs + rng.integer(1_000, 30_000)) }
  if (fault === 'reject') {
    const status = rng.pick([408, 429, 500, 502, 503, 504])
    return { fault, ...common, status, ...(rng.chance(0.3) ? { retryAfterSec: rng.integer(0, 30) } : {}) }
  }
  if (fault === 'slow')
    return {
      fault,
      ...common,
      delayMs: rng.chance(0.5) ? rng.integer(100, 90_000) : rng.integer(...GIVEN_UP_MS),
    }
  if (fault === 'malform') return { fault, ...common, as: rng.pick(['cut-json', 'html', 'empty'] as const) }
  return { fault, ...common }
}

/** Lasts into the calm: it is what the account thinks of this payment. */
function refusePayment(orderId: string): FaultInput {
  return {
    fault: 'reject',
    id: `${LASTING}unpayable-${orderId}`,
    match: {
      operations: ['create'],
      recordTypes: ['customerDeposit'],
      externalIdPattern: `^SHOPPAY-${orderId}$`,
    },
    status: 400,
    errorCode: 'USER_ERROR',
    detail: 'Error while accessing a resource. The payment method is not active.',
  }
}

/** A script of the account fails whenever this order is saved, and nobody mends it. */
function failOrder(orderId: string, retryAfterSec: number | undefined): FaultInput {
  return {
    fault: 'reject',
    id: `${LASTING}stuck-${orderId}`,
    match: { operations: ['create'], recordTypes: ['salesOrder'], externalIdPattern: `^SHOP-${orderId}$` },
    status: 503,
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
    detail: 'An unexpected error occurred.',
  }
}

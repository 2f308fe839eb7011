/**
 * What seed `seed` tries of an engine in a hurry: far more orders than an account can take at once, and after a while one thing
 * that changes. Where there is always something to send, what an engine may send is known closely, and so is what it should.
 */
import { createCatalogue } from '../../../harness/shop/catalogue.ts'
import { generateOrders } from '../../../harness/shop/generator.ts'
import type { ShopOrder } from '../../../harness/shop/order.ts'
import { VIRTUAL_EPOCH_MS } from '../../../kernel/clock.ts'
import { createRng } from '../../../kernel/rng.ts'
import type { FaultInput } from '../../../protocol/fault.ts'

/** What happens once the engine knows the account. */
export type Turn =
  /** Slots are taken away, or added. */
  | { readonly kind: 'cut' | 'raise'; readonly limit: number }
  /** Nothing gets through. */
  | { readonly kind: 'outage'; readonly fault: FaultInput }
  /** Most orders are refused for a while, by an account in good health. */
  | { readonly kind: 'bad-spell'; readonly fault: FaultInput }

export interface Rush {
  readonly seed: number
  /** Slots at first. */
  readonly limit: number
  readonly latency: {
    readonly model: 'lean'
    readonly sigma: number
    readonly medianMs: Record<string, number>
  }
  readonly orders: readonly ShopOrder[]
  readonly turn: Turn
}

/** By then an engine knows what a new account grants; then it turns. */
export const TURN_MS = 40_000
/** A fault lasts so long. */
export const SPELL_MS = 60_000
/** Slots, whatever they are, get so many orders done. */
const ORDERS_PER_SEC = 3
/** Backlog for so long, where the account works all the time at what it grants at first. */
const BUSY_SEC = { cut: 80, raise: 240, outage: 130, 'bad-spell': 100 } as const
const KINDS = ['cut', 'raise', 'outage', 'bad-spell'] as const
const OUTAGES = ['maintenance', 'reset-before', 'refuse-connection'] as const

/** A workflow's lock passes: the order is to be tried again. */
const LOCKED = {
  status: 400,
  errorCode: 'USER_ERROR',
  detail: 'Error while accessing a resource. This record has been locked by a user defined workflow.',
}

export function drawRush(seed: number): Rush {
  const rng = createRng(`rush ${seed}`)
  const kind = rng.pick(KINDS)
  const limit = kind === 'raise' ? rng.integer(4, 10) : rng.integer(6, 20)
  const catalogue = createCatalogue(rng, 5)
  const createdMs = Array.from({ length: ORDERS_PER_SEC * BUSY_SEC[kind] }, () => VIRTUAL_EPOCH_MS)
  const shop = { itemCount: 5, newCustomerRatio: 0.02, linesMin: 1, linesMax: 1, redeliveryRatio: 0 }
  const createMs = (limit * 1_000) / ORDERS_PER_SEC
  return {
    seed,
    limit,
    latency: {
      model: 'lean',
      sigma: rng.pick([0, 0.35]),
      medianMs: { '*.create': createMs, '*.upsert': createMs / 3, '*.get': createMs / 5 },
    },
    orders: generateOrders(rng, { shop, catalogue, createdMs }),
    turn: turnOf(kind),
  }

  function turnOf(which: Turn['kind']): Turn {
    if (which === 'cut')
      return { kind: which, limit: Math.max(3, Math.floor(limit * (0.3 + 0.5 * rng.next()))) }
    if (which === 'raise') return { kind: which, limit: Math.ceil(limit * (1.5 + rng.next())) }
    const common = { id: which, fromMs: TURN_MS, untilMs: TURN_MS + SPELL_MS }
    if (which === 'outage') return { kind: which, fault: { fault: rng.pick(OUTAGES), ...common } }
    const probabilityRatio = 0.7 + 0.2 * rng.next()
    return { kind: which, fault: { fault: 'reject', ...common, ...LOCKED, probabilityRatio } }
  }
}

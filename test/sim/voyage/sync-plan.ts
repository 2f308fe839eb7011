/**
 * What seed `seed` tries of synchronisation, all of it, as data: an account that stamps its saves late, by clocks that differ, to the
 * minute; people and other programs who change records at any moment; a shop that does the same; stock levels that overtake each
 * other; drift that nobody tells; one process that pulls, writes and compares, and is killed. Storm, calm, and the night after.
 */
import { VIRTUAL_EPOCH_MS } from '../../../kernel/clock.ts'
import { createRng, type Rng } from '../../../kernel/rng.ts'
import type { FaultInput } from '../../../protocol/fault.ts'
import { drawEngine, drawFault, type EnginePlan, GIVEN_UP_MS } from './plan.ts'

/** How the account's `lastmodifieddate` relates to when a save can be seen. */
export interface Stamps {
  /** A save is stamped when it begins, so long before it is seen. */
  readonly lateMsMax: number
  /** How far the clock of the server that saved may be ahead or behind. */
  readonly skewMsMax: number
  /** Stamps are cut to so much: a millisecond, a second, a minute. [OPQ-028] */
  readonly grainMs: number
}

/** Something done to a customer; `customer` counts those there are, from 0. */
export interface Edit {
  readonly atMs: number
  /** `silent`: in the shop, and nobody is told; `backdated`: in the account, stamped long ago. Both are drift for the night. */
  readonly by: 'shop' | 'account' | 'silent' | 'backdated'
  readonly what: 'email' | 'phone' | 'new' | 'gone'
  readonly customer: number
  readonly value: string
}

/** The warehouse counts a place anew; told `lateMs` after, so that counts overtake each other. */
export interface Count {
  readonly atMs: number
  readonly lateMs: number
  readonly sku: string
  readonly locationId: string
  readonly quantity: number
}

export interface SyncPlan {
  readonly seed: number
  readonly startMs: number
  readonly timeZone: string
  /** The account's clocks are put back on the way: an hour runs twice, and is read twice. */
  readonly isHourTwice: boolean
  readonly limit: number
  readonly latency: { readonly model: 'lean' | 'heavy'; readonly sigma: number; readonly factor: number }
  readonly stamps: Stamps
  readonly overlapMs: number
  readonly pageRows: number
  readonly pullEveryMs: number
  /** How long the store of bookmarks and the shop take to answer, at most. */
  readonly answerMsMax: number
  readonly leaseMs: number
  readonly stormMs: number
  /** When the nightly comparison is due, milliseconds after midnight UTC. */
  readonly nightlyAtMs: number
  /** How long names of locations are remembered. */
  readonly expiryMs: number
  readonly ship: EnginePlan
  readonly faults: readonly FaultInput[]
  readonly customers: number
  readonly edits: readonly Edit[]
  readonly counts: readonly Count[]
  /** Somebody books stock by hand. */
  readonly bookings: readonly (Pick<Count, 'atMs' | 'sku' | 'locationId'> & { readonly by: number })[]
  /** A location is given another name. */
  readonly renamings: readonly { readonly atMs: number; readonly name: string }[]
}

const MIN_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const STORM_MS = [8 * MIN_MS, 16 * MIN_MS] as const
const DEEDS = [undefined, 'send', 'enqueue', 'save', 'save', 'deliver', 'deliver'] as const
/** The clocks of New York and Berlin are put back, twenty to two hours before. */
const CLOCK_CHANGES = [
  { timeZone: 'America/New_York', atMs: Date.UTC(2026, 10, 1, 6) },
  { timeZone: 'Europe/Berlin', atMs: Date.UTC(2026, 9, 25, 1) },
] as const
export const SKUS = ['MUG', 'CAP', 'PEN'] as const
export const PLACES = ['1', '2'] as const

export function drawSyncPlan(seed: number): SyncPlan {
  const rng = createRng(`sync voyage ${seed}`)
  const stormMs = rng.integer(...STORM_MS)
  const change = rng.chance(0.2) ? rng.pick(CLOCK_CHANGES) : undefined
  const startMs = change === undefined ? VIRTUAL_EPOCH_MS : change.atMs - rng.integer(2 * MIN_MS, stormMs)
  const stamps: Stamps = {
    lateMsMax: rng.pick([0, 30_000, 120_000]),
    skewMsMax: rng.pick([0, 5_000, 30_000]),
    grainMs: rng.pick([1, 1_000, MIN_MS]),
  }
  const leastMs = stamps.lateMsMax + stamps.skewMsMax + stamps.grainMs + 1_000
  const ship = drawEngine(rng.fork('ship'), stormMs)
  const customers = rng.integer(3, 12)
  const dueMs = startMs + rng.integer(-HOUR_MS, stormMs)
  return {
    seed,
    startMs,
    isHourTwice: change !== undefined,
    timeZone: change?.timeZone ?? rng.pick(['America/Los_Angeles', 'Europe/Berlin', 'UTC', 'Asia/Kolkata']),
    limit: rng.integer(3, 15),
    latency: {
      model: rng.pick(['lean', 'heavy']),
      sigma: rng.pick([0, 0.35, 1]),
      factor: rng.pick([0.3, 1]),
    },
    stamps,
    overlapMs: rng.chance(0.6) ? leastMs : 600_000,
    pageRows: rng.integer(2, 6),
    pullEveryMs: rng.pick([20_000, 45_000, 90_000]),
    answerMsMax: rng.pick([0, 20, 2_000]),
    leaseMs: rng.pick([120_000, 300_000]),
    stormMs,
    nightlyAtMs: ((dueMs % DAY_MS) + DAY_MS) % DAY_MS,
    expiryMs: rng.pick([30_000, 120_000, 600_000]),
    ship: {
      ...ship,
      kills: Array.from({ length: rng.pick([0, 1, 2, 4]) }, () => ({
        atMs: rng.integer(0, stormMs),
        downMs: rng.integer(0, 60_000),
        deed: rng.pick(DEEDS),
      })).sort((a, b) => a.atMs - b.atMs),
    },
    faults: [
      ...Array.from({ length: rng.integer(0, 4) }, (_, index) => drawFault(rng, index, stormMs)),
      ...drawSlowStock(rng.fork('slow stock'), stormMs),
    ],
    customers,
    edits: drawEdits(rng.fork('edits'), customers, stormMs),
    counts: drawCounts(rng.fork('counts'), stormMs),
    bookings: drawBookings(rng.fork('bookings'), stormMs),
    renamings: Array.from({ length: rng.integer(0, 4) }, (_, n) => ({
      atMs: rng.integer(0, stormMs),
      name: `Hall ${n + 2}`,
    })).sort((a, b) => a.atMs - b.atMs),
  }
}

/** The n-th value of a field; of customers at the start, too. */
export const sampleOf = (what: 'email' | 'phone', n: number): string =>
  what === 'email' ? `n${n}@x.example` : `555-${String(n).padStart(7, '0')}`

/** Below this are the values of the start. */
const VALUES_FROM = 1_000

function drawEdits(rng: Rng, customers: number, stormMs: number): Edit[] {
  const shares = [
    ['shop', 'email', 5],
    ['account', 'phone', 8],
    // What belongs to the other side, changed all the same.
    ['shop', 'phone', 2],
    ['account', 'email', 2],
    ['account', 'new', 2],
    ['account', 'gone', 1],
    ['silent', 'phone', 1],
    ['backdated', 'phone', 1],
  ] as const
  const lots = shares.flatMap(([by, what, share]) => Array.from({ length: share }, () => ({ by, what })))
  const known: Record<'email' | 'phone', string[]> = { email: [], phone: [] }
  return Array.from({ length: rng.integer(10, 45) }, () => rng.integer(0, stormMs))
    .sort((a, b) => a - b)
    .map((atMs, n) => {
      const lot = rng.pick(lots)
      const field = lot.what === 'email' ? 'email' : 'phone'
      // Now and then back to what it was.
      const isBack = known[field].length > 0 && rng.chance(0.1)
      const value = isBack ? rng.pick(known[field]) : sampleOf(field, VALUES_FROM + n)
      known[field].push(value)
      return { atMs, ...lot, customer: rng.integer(0, customers + 3), value }
    })
}

function drawCounts(rng: Rng, stormMs: number): Count[] {
  return SKUS.slice(0, rng.integer(0, SKUS.length)).flatMap((sku) =>
    PLACES.slice(0, rng.integer(1, PLACES.length)).flatMap((locationId) => {
      // In bursts, as goods come in.
      const aroundMs = rng.integer(0, stormMs)
      return Array.from({ length: rng.integer(1, 8) }, () =>
        rng.chance(0.5) ? rng.integer(0, stormMs) : Math.min(stormMs, aroundMs + rng.integer(0, 3_000)),
      )
        .sort((a, b) => a - b)
        .map((atMs) => ({
          atMs,
          lateMs: rng.pick([0, 0, 0, 500, 20_000]),
          sku,
          locationId,
          quantity: rng.integer(0, 500),
        }))
    }),
  )
}

function drawBookings(rng: Rng, stormMs: number): SyncPlan['bookings'] {
  return Array.from({ length: rng.pick([0, 0, 1, 2]) }, () => ({
    atMs: rng.integer(0, stormMs),
    sku: rng.pick(SKUS),
    locationId: rng.pick(PLACES),
    by: rng.integer(1, 9),
  }))
}

/** Adjustments that commit about when they are given up: while the next count is there already. */
function drawSlowStock(rng: Rng, stormMs: number): FaultInput[] {
  if (!rng.chance(0.3)) return []
  const match = { methods: ['POST' as const], recordTypes: ['inventoryAdjustment'] }
  const delayMs = rng.integer(...GIVEN_UP_MS)
  return [
    {
      fault: 'slow',
      id: 'slow-stock',
      match,
      delayMs,
      probabilityRatio: rng.pick([0.2, 0.5]),
      untilMs: stormMs,
    },
  ]
}

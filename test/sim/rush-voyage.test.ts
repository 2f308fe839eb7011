/**
 * If this fails, there is an account that the reference engine overruns, leaves idle, hammers on while it is down, or storms with
 * retries; or nothing would show that it does. `npm run -s sim -- --kind rush --seed N` sails it again.
 */
import { describe, expect, it } from 'vitest'
import { drawRush, type Rush, SPELL_MS, TURN_MS } from './voyage/rush-plan.ts'
import { judgeRush, type RushOutcome } from './voyage/rush-verdict.ts'
import { sailRush } from './voyage/rush-voyage.ts'
import type { Exchange } from './voyage/wire-log.ts'

const SLOTS = 10
const CALL_MS = 2_000
const END_MS = 300_000

const exchange = (sentMs: number, more: Partial<Exchange> = {}): Exchange => ({
  life: '0/0',
  method: 'POST',
  type: 'salesOrder',
  externalId: `SHOP-${sentMs}`,
  nonce: undefined,
  sentMs,
  heardMs: sentMs + CALL_MS,
  status: 204,
  isUnsent: false,
  retryAfterMs: undefined,
  detail: '',
  ...more,
})
/** So many slots in use all the time. */
const steady = (slots: number, fromMs = 0, untilMs = END_MS) =>
  Array.from({ length: ((untilMs - fromMs) * slots) / CALL_MS }, (_, at) =>
    exchange(fromMs + (at * CALL_MS) / slots),
  )
const many = (count: number, atMs: number, more: Partial<Exchange> = {}) =>
  Array.from({ length: count }, (_, at) => exchange(atMs, { externalId: `X-${at}`, heardMs: atMs, ...more }))

const plain: Rush = { ...drawRush(1), limit: SLOTS, orders: [], turn: { kind: 'cut', limit: SLOTS } }
const well: RushOutcome = { wire: steady(SLOTS), originMs: 0, drainedMs: END_MS, dead: 0, salesOrders: 0 }
const outage = (wire: readonly Exchange[]) => ({
  rush: { ...plain, turn: { kind: 'outage', fault: { fault: 'maintenance' } } } as Rush,
  outcome: { ...well, wire },
})
const around = [...steady(SLOTS, 0, TURN_MS), ...steady(SLOTS, TURN_MS + SPELL_MS)]

const checks = (rush: Rush, outcome: RushOutcome) =>
  judgeRush(rush, outcome).map((breach) => breach.split(':')[0])

describe('the reference engine', () => {
  it.each([1, 2, 3, 4, 7])('comes through the rush of seed %i', async (seed) => {
    expect(await sailRush(drawRush(seed))).toEqual([])
  })
})

describe('a rush', () => {
  it('went well where all slots are used, few calls refused, and an outage hardly touched', () => {
    expect(judgeRush(plain, well)).toEqual([])
    const { rush, outcome } = outage([...around, ...many(50, TURN_MS + 1, { status: 503 })])
    expect(judgeRush(rush, outcome)).toEqual([])
    // The same calls spread over orders once and again, as few as the budget of retries allows.
    expect(
      judgeRush(plain, { ...well, wire: [...well.wire, ...many(100, END_MS), ...many(100, END_MS)] }),
    ).toEqual([])
  })
  it.each<[string, Partial<RushOutcome>]>([
    ['rush', { drainedMs: undefined }],
    ['rush', { dead: 1 }],
    ['rush', { salesOrders: 1 }],
    ['refusals', { wire: [...many(25, 10, { status: 429 }), ...well.wire] }],
    ['refusals', { wire: [...steady(SLOTS, 0, 100_000), ...many(60, 100_000, { status: 429 })] }],
    ['use', { wire: steady(6) }],
    ['use', { wire: [...steady(SLOTS, 0, TURN_MS), ...steady(6, TURN_MS)] }],
    ['storm', { wire: Array.from({ length: 120 }, () => exchange(0)) }],
  ])('did not where there is something of the kind %s', (check, change) => {
    expect(checks(plain, { ...well, ...change })).toContain(check)
  })
  it('did not where the engine hammers on an account that is down, or does not come back', () => {
    const knocked = outage([...around, ...many(51, TURN_MS + 1, { status: 503 })])
    expect(checks(knocked.rush, knocked.outcome)).toEqual(['knocks'])
    const idle = outage(steady(SLOTS, 0, TURN_MS))
    expect(checks(idle.rush, idle.outcome)).toEqual(['use'])
  })
  it('is of every kind', () => {
    const kinds = Array.from({ length: 40 }, (_, seed) => drawRush(seed).turn.kind)
    expect(new Set(kinds).size).toBe(4)
  })
})

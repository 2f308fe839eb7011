/** If these fail, workers together send more than a budget has, or leave much of it unused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import { AppError } from '../../../kernel/error.ts'
import { createRng } from '../../../kernel/rng.ts'
import type { FleetBoard } from '../testing/fleet.ts'
import { createThrottle } from '../throttle.ts'
import { type Board, takeTurn } from './board.ts'
import { type KnownLevel, knownLevel } from './known-level.ts'
import type { CallBudget } from './pacer.ts'
import { dealCalls, SharedPace } from './shared-budget.ts'
import { MemoryBoard, SharedLimit } from './shared-limit.ts'

const BUDGET: CallBudget = { name: 'minute', windowMs: 60_000, callsMax: 240 }

/** Most calls in any window. */
function fullest(sentMs: readonly number[], windowMs: number): number {
  let from = 0
  let most = 0
  for (const [at, ms] of sentMs.entries()) {
    while (sentMs[from]! <= ms - windowMs) from++
    most = Math.max(most, at - from + 1)
  }
  return most
}

interface Fleet {
  readonly workers: number
  readonly budget?: CallBudget
  readonly lastsMs: number
  /** What becomes of a worker's word to the board: `lost` is taken, and nobody hears that it was. */
  readonly fate?: (worker: number, nowMs: number) => 'taken' | 'lost' | 'refused'
  /** Whether a worker has anything to send. */
  readonly isBusy?: (worker: number, nowMs: number) => boolean
}

/** When calls are sent, by whom, and the workers. Calls take half a second. */
async function sendAll({ workers, budget = BUDGET, lastsMs, fate, isBusy }: Fleet) {
  const clock = new VirtualClock(0)
  const board: FleetBoard = new MemoryBoard(clock)
  const sent: { readonly worker: number; readonly ms: number }[] = []
  const limits = Array.from({ length: workers }, (_, worker) => {
    const near: FleetBoard = {
      read: () => board.read(),
      swap: async (version, next) => {
        const what = fate?.(worker, clock.now()) ?? 'taken'
        const isTaken = what !== 'refused' && (await board.swap(version, next))
        if (what === 'taken') return isTaken
        throw new AppError('E_QUEUE_UNREACHABLE', 'x')
      },
    }
    const limit = new SharedLimit(clock, near, { algorithm: knownLevel, id: `w${worker}`, budgets: [budget] })
    const throttle = createThrottle(clock, createRng(worker), { limiter: limit })
    const send = async (): Promise<void> => {
      while (clock.now() < lastsMs) {
        if (isBusy?.(worker, clock.now()) === false) await clock.sleep(100)
        else {
          const permit = await throttle.acquire()
          sent.push({ worker, ms: clock.now() })
          await clock.sleep(500)
          permit.release('ok')
        }
      }
    }
    for (let n = 0; n < 8; n++) void send()
    void limit.run()
    return { limit, throttle }
  })
  await clock.advance(lastsMs)
  for (const { limit } of limits) await limit.stop()
  return { sent, limits }
}

describe('a budget of many', () => {
  it('is kept in every window, nearly spent, and shared', async () => {
    const { sent, limits } = await sendAll({ workers: 3, lastsMs: 300_000 })
    const inWindow = fullest(
      sent.map(({ ms }) => ms),
      BUDGET.windowMs,
    )
    expect(inWindow).toBeLessThanOrEqual(BUDGET.callsMax)
    const paced = sent.filter(({ ms }) => ms >= 60_000)
    // Less a quarter that is kept for a burst.
    expect(paced.length).toBeGreaterThan(0.72 * BUDGET.callsMax * 4)
    for (const worker of [0, 1, 2])
      expect(paced.filter((one) => one.worker === worker).length / paced.length).toBeGreaterThan(0.25)
    const [status] = limits[0]!.throttle.budgets()
    expect(status).toMatchObject({ name: 'minute', limit: 240 })
    expect(status!.used).toBeGreaterThan(0.7 * BUDGET.callsMax)
  })

  it('goes to who needs it', async () => {
    const { sent } = await sendAll({ workers: 3, lastsMs: 200_000, isBusy: (worker) => worker === 1 })
    expect(new Set(sent.map(({ worker }) => worker))).toEqual(new Set([1]))
    const paced = sent.filter(({ ms }) => ms >= 60_000)
    expect(paced.length / (140 / 60)).toBeGreaterThan(0.7 * BUDGET.callsMax)
  })

  it('is never overdrawn, whatever becomes of their words, and who has how much to do', async () => {
    const fate = fc.constantFrom('taken' as const, 'taken' as const, 'lost' as const, 'refused' as const)
    const fleet = fc.record({
      fates: fc.array(fate, { minLength: 1, maxLength: 40 }),
      busy: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      burstRatio: fc.constantFrom(0, 0.1, 0.5, 1),
      callsMax: fc.constantFrom(1, 7, 60),
    })
    await fc.assert(
      fc.asyncProperty(fleet, async ({ fates, busy, burstRatio, callsMax }) => {
        const budget = { name: 'x', windowMs: 10_000, callsMax, burstRatio }
        let words = 0
        const { sent } = await sendAll({
          workers: 3,
          budget,
          lastsMs: 30_000,
          fate: () => fates[words++ % fates.length]!,
          isBusy: (worker, nowMs) => busy[(Math.floor(nowMs / 1_000) + worker) % busy.length]!,
        })
        const times = sent.map(({ ms }) => ms)
        expect(fullest(times, budget.windowMs)).toBeLessThanOrEqual(callsMax)
      }),
      { numRuns: 12, seed: 1 },
    )
  })

  it('is never overdrawn, however late calls are sent that were given', () => {
    const step = fc.record({
      waitMs: fc.constantFrom(0, 10, 90, 350),
      worker: fc.nat(2),
      wanted: fc.constantFrom(0, 2, 20),
      /** Calls it would send while its turn is under way, and after it. */
      during: fc.nat(2),
      after: fc.constantFrom(0, 0, 1, 20),
      isTurn: fc.boolean(),
    })
    const budget = { name: 'x', windowMs: 1_000, callsMax: 12, burstRatio: 0.5 }
    const leaseMs = 700
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 120 }), (steps) => {
        const paces = [0, 1, 2].map(() => new SharedPace(budget))
        const sent: number[] = []
        let board: Board<object> | undefined
        let nowMs = 0
        for (const { waitMs, worker, wanted, during, after, isTurn } of steps) {
          nowMs += waitMs
          const pace = paces[worker]!
          const send = (count: number): void => {
            for (let n = 0; n < count && pace.waitMs(nowMs) === 0; n++) {
              pace.take()
              sent.push(nowMs)
            }
          }
          if (isTurn) {
            const id = `w${worker}`
            const report = pace.report(wanted)
            const turn = { id, inUse: 0, demand: wanted, samples: [], nowMs, leaseMs }
            const taken = takeTurn(knownLevel, board as Board<KnownLevel> | undefined, turn).board
            const dealt = dealCalls(board, taken as Board<object>, { id, reports: [report], nowMs })
            send(during)
            board = dealt.board
            pace.accept(dealt.given.x!, dealt.board.budgets!.x!, nowMs + leaseMs)
          }
          send(after)
        }
        expect(fullest(sent, budget.windowMs)).toBeLessThanOrEqual(budget.callsMax)
      }),
      { numRuns: 600, seed: 1 },
    )
  })

  it('that cannot be kept is refused', () => {
    const budgets = [{ ...BUDGET, callsMax: 0 }]
    const board: FleetBoard = new MemoryBoard(new VirtualClock(0))
    expect(
      () => new SharedLimit(new VirtualClock(0), board, { algorithm: knownLevel, id: 'a', budgets }),
    ).toThrow('cannot be kept')
  })
})

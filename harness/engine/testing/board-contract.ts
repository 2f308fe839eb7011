/** The contract of every keeper of a board, as one test suite. For tests only. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../kernel/clock.ts'
import { knownLevel } from '../throttle/known-level.ts'
import { SharedLimit } from '../throttle/shared-limit.ts'
import type { FleetBoard } from './fleet.ts'

/** Gives handles on one empty board, as several processes would have them. */
export type MakeBoards = (clock: VirtualClock, count: number) => Promise<readonly FleetBoard[]>

const EMPTY = { algorithm: knownLevel.name, state: knownLevel.initial(), members: {} }
const member = (slots: number) => ({ slots, inUse: 0, demand: 0, untilMs: 9 })

export function describeBoard(name: string, make: MakeBoards): void {
  describe(`${name} keeps the board contract`, () => {
    it('gives back what was put there, and the time it goes by', async () => {
      const clock = new VirtualClock(4_711)
      const [one, other] = (await make(clock, 2)) as [FleetBoard, FleetBoard]
      expect(await one.read()).toEqual({ version: 0, board: undefined, nowMs: 4_711 })
      const board = { ...EMPTY, members: { a: member(3) } }
      expect(await one.swap(0, board)).toBe(true)
      expect(await other.read()).toEqual({ version: 1, board, nowMs: 4_711 })
    })

    it('takes one of two that come for the same version, also for the first', async () => {
      const boards = await make(new VirtualClock(0), 2)
      for (const version of [0, 1]) {
        const swaps = boards.map((board, n) => board.swap(version, { ...EMPTY, members: { a: member(n) } }))
        expect((await Promise.all(swaps)).sort()).toEqual([false, true])
        expect((await boards[0]!.read()).version).toBe(version + 1)
      }
    })

    it('shares out what there is among many that come at once', async () => {
      const clock = new VirtualClock(0)
      const boards = await make(clock, 4)
      const limits = boards.map(
        (board, n) => new SharedLimit(clock, board, { algorithm: knownLevel, id: `w${n}` }),
      )
      for (const limit of limits) limit.attach({ inUse: 0, waiting: 50, wake: () => {} })
      for (let round = 0; round < 4; round++) await Promise.all(limits.map((limit) => limit.turn()))
      const { board } = await boards[0]!.read()
      expect(Object.keys(board!.members).sort()).toEqual(['w0', 'w1', 'w2', 'w3'])
      const slots = limits.map(({ limit }) => limit)
      expect(slots.reduce((sum, each) => sum + each)).toBe(knownLevel.limit(board!.state))
    })
  })
}

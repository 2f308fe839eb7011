/** If these fail, workers that share an account take more together than it grants, or one of them gets nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LimitAlgorithm } from './algorithm.ts'
import { type Board, leave, shareOut, takeTurn } from './board.ts'

/** Grants what the last sample had as its level. */
const told: LimitAlgorithm<{ readonly limit: number }> = {
  name: 'told',
  initial: () => ({ limit: 10 }),
  limit: ({ limit }) => limit,
  after: (_, { level }) => ({ limit: level }),
}
type ToldBoard = Board<{ readonly limit: number }>
const sample = (level: number) =>
  ({ signal: 'ok', operation: 'x', level, binding: true, startedMs: 0, endedMs: 1 }) as const
const turn = (
  board: ToldBoard | undefined,
  id: string,
  demand: number,
  nowMs = 0,
  inUse = 0,
  samples = [] as const,
) => takeTurn(told, board, { id, inUse, demand, samples, nowMs, leaseMs: 1_000 })

describe('shares', () => {
  const shares = (limit: number, demands: Record<string, number>, round = 0) =>
    Object.fromEntries(shareOut(limit, Object.entries(demands), round))

  it('are equal where all need more, and go to who needs them', () => {
    expect(shares(15, { a: 99, b: 99, c: 99 })).toEqual({ a: 5, b: 5, c: 5 })
    expect(shares(15, { a: 99, b: 2, c: 99 })).toEqual({ a: 7, b: 2, c: 6 })
    expect(shares(15, { a: 99 })).toEqual({ a: 15 })
    expect(shares(15, { a: 0, b: 0 })).toEqual({ a: 8, b: 7 })
  })

  it('go round where there are fewer slots than workers', () => {
    const rounds = [0, 1, 2].map((round) => shares(1, { a: 9, b: 9, c: 9 }, round))
    expect(rounds).toEqual([
      { a: 1, b: 0, c: 0 },
      { a: 0, b: 1, c: 0 },
      { a: 0, b: 0, c: 1 },
    ])
  })
})

describe('a turn', () => {
  it('gives a newcomer only what the others have given back', () => {
    const first = turn(undefined, 'a', 99)
    expect(first.slots).toBe(10)
    const second = turn(first.board, 'b', 99, 1)
    expect(second.slots).toBe(0)
    // The first has eight calls in flight: it may send no more, and its slots are taken until they end.
    const third = turn(second.board, 'a', 99, 2, 8)
    expect(third.slots).toBe(5)
    expect(turn(third.board, 'b', 99, 3).slots).toBe(2)
    const fourth = turn(third.board, 'a', 99, 4, 5)
    expect(turn(fourth.board, 'b', 99, 5).slots).toBe(5)
  })

  it('takes the slots of one that has fallen silent, and of one that has left', () => {
    const first = turn(undefined, 'a', 99)
    expect(turn(first.board, 'b', 99, 999).slots).toBe(0)
    expect(turn(first.board, 'b', 99, 1_000)).toMatchObject({ slots: 10, members: 1 })
    expect(turn(leave(first.board, 'a'), 'b', 99, 1).slots).toBe(10)
  })

  it('makes the one first that has been there longest, as long as it is heard', () => {
    const first = turn(undefined, 'b', 1)
    expect(first.isFirst).toBe(true)
    const second = turn(first.board, 'a', 1, 10)
    expect(second.isFirst).toBe(false)
    const again = turn(second.board, 'b', 1, 900)
    expect(again.isFirst).toBe(true)
    expect(turn(again.board, 'a', 1, 1_005).isFirst).toBe(false)
    // It falls silent, and comes back behind the other.
    const taken = turn(again.board, 'a', 1, 1_900)
    expect(taken.isFirst).toBe(true)
    expect(turn(taken.board, 'b', 1, 2_000).isFirst).toBe(false)
  })

  it('starts anew where another algorithm or version has written', () => {
    const foreign = { algorithm: 'other', state: { limit: 3 }, members: {} }
    expect(turn(foreign, 'a', 99).limit).toBe(10)
    const older = { algorithm: 'told', state: { level: 3 } as never, members: {} }
    expect(turn(older, 'a', 99).limit).toBe(10)
    expect(turn({ algorithm: 'told', state: { limit: 3 }, members: {} }, 'a', 99).limit).toBe(3)
  })

  it('never gives out more than the limit leaves free, whatever the turns', () => {
    const turns = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        demand: fc.nat(40),
        used: fc.double({ min: 0, max: 1, noNaN: true }),
        waitMs: fc.nat(400),
        level: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 4 }),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(turns, (steps) => {
        let board: ToldBoard | undefined
        let nowMs = 0
        const granted = new Map<string, number>()
        for (const { id, demand, used, waitMs, level } of steps) {
          nowMs += waitMs
          const before = board?.members[id]
          const isMine = before !== undefined && before.untilMs > nowMs
          const inUse = Math.floor(used * (isMine ? granted.get(id)! : 0))
          const samples = level === null ? [] : [sample(level)]
          const result = takeTurn(told, board, { id, inUse, demand, samples, nowMs, leaseMs: 1_000 })
          board = result.board
          granted.set(id, result.slots)
          const alive = Object.values(board.members).filter(({ untilMs }) => untilMs > nowMs)
          const sum = alive.reduce((total, { slots }) => total + slots, 0)
          if (result.slots > inUse) expect(sum).toBeLessThanOrEqual(result.limit)
        }
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})

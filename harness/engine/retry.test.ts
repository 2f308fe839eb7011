/** If these fail, an order is given up too soon, turned in circles for ever, or given up without a reason a person can use. */
import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import type { Refused, Unknown } from './outcome.ts'
import {
  decideRetry,
  firstProgress,
  REFUSALS_MAX,
  TIME_BUDGET_MS,
  TRIES_MAX,
  type TryProgress,
} from './retry.ts'

const refused = (cause: Refused['cause'], retry: Refused['retry']): Refused => ({
  kind: 'refused',
  cause,
  retry,
  status: 400,
  code: 'CODE',
  detail: 'in words',
})
const unknown: Unknown = { kind: 'unknown', status: 0, code: 'E_TIMEOUT', detail: 'no answer' }

/** Fails in the same way until it is given up, each try taking `tryMs`. */
function failOn(
  problem: Refused | Unknown,
  tryMs: number,
  seed: number,
): { tries: number; endMs: number; reason: string } {
  const rng = createRng(seed)
  let nowMs = 0
  let progress: TryProgress = firstProgress(0)
  for (let tries = 1; ; tries++) {
    nowMs += tryMs
    const mayExist = problem.kind === 'unknown'
    const decision = decideRetry(rng, nowMs, progress, { operation: 'salesOrder.create', problem, mayExist })
    if (decision.kind === 'dead') return { tries, endMs: nowMs, reason: decision.reason }
    expect(decision.atMs).toBeGreaterThanOrEqual(nowMs)
    nowMs = decision.atMs
    progress = decision.progress
  }
}

describe('decideRetry', () => {
  it('gives up at once on what will never pass, and says what NetSuite said', () => {
    expect(failOn(refused('request', 'never'), 10, 1)).toEqual({
      tries: 1,
      endMs: 10,
      reason: 'salesOrder.create: 400 CODE: in words',
    })
  })

  it('ends within its budget of tries and time, whatever the luck', () => {
    for (let seed = 0; seed < 50; seed++) {
      for (const tryMs of [0, 500, 65_000]) {
        const other = failOn(refused('outage', 'later'), tryMs, seed)
        expect(other.tries).toBeLessThanOrEqual(TRIES_MAX)
        expect(other.endMs).toBeLessThanOrEqual(TIME_BUDGET_MS + tryMs)
        const capacity = failOn(refused('capacity', 'later'), tryMs, seed)
        expect(capacity.tries).toBeLessThanOrEqual(REFUSALS_MAX)
        expect(capacity.endMs).toBeLessThanOrEqual(TIME_BUDGET_MS + tryMs)
      }
    }
  })

  it('outlasts a minute of outage', () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(failOn(refused('outage', 'later'), 500, seed).endMs).toBeGreaterThan(60_000)
    }
  })

  it('warns a person when the given-up order may be in the account', () => {
    expect(failOn(unknown, 10, 1).reason).toMatch(/no answer E_TIMEOUT: no answer \(given up .*look it up/)
  })

  it('carries the doubt on to the next try', () => {
    const decision = decideRetry(createRng(1), 5, firstProgress(0), {
      operation: 'x',
      problem: unknown,
      mayExist: true,
    })
    expect(decision).toMatchObject({
      kind: 'retry',
      progress: { tries: 1, refusals: 0, firstTryMs: 0, mayExist: true },
    })
  })

  it('does not count a 429 as a failed try', () => {
    const capacity = refused('capacity', 'later')
    const decision = decideRetry(createRng(1), 5, firstProgress(0), {
      operation: 'x',
      problem: capacity,
      mayExist: false,
    })
    expect(decision).toMatchObject({ progress: { tries: 0, refusals: 1 } })
  })

  it('waits as long as the account asks', () => {
    const problem = { ...refused('outage', 'later'), retryAfterMs: 30_000 }
    const decision = decideRetry(createRng(1), 5, firstProgress(0), {
      operation: 'x',
      problem,
      mayExist: false,
    })
    expect(decision).toMatchObject({ kind: 'retry', atMs: expect.toSatisfy((ms: number) => ms >= 30_005) })
  })
})

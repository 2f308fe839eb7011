/**
 * If these fail, the contrast is none: the same schedule of faults must make the naive engine double and lose orders
 * while the reference engine does neither.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { IntegrationEngine } from './engine.ts'
import { createEngine } from './index.ts'
import { FakeAccount, type FakeAccountOptions, type Fault, orderOf } from './testing/fake-account.ts'
import { createRecorder, depsOf } from './testing/recorder.ts'

interface Tally {
  readonly lost: number
  readonly doubled: number
  readonly doubleCustomers: number
  readonly deadLetters: number
  readonly refusedShare: number
  readonly endedMs: number
}

/** Orders of `customers` customers, one each 20 ms, every tenth delivered twice. */
async function run(
  name: IntegrationEngine['name'],
  count: number,
  customers: number,
  options: FakeAccountOptions,
  seed = 1,
): Promise<Tally> {
  const clock = new VirtualClock(0)
  const account = new FakeAccount(clock, options)
  const recorder = createRecorder()
  const engine = createEngine(name, depsOf(clock, account.transport, recorder, seed))
  const endedMs = await clock.run(async () => {
    for (let i = 0; i < count; i++) {
      await engine.accept(orderOf(String(i), `c${i % customers}`))
      if (i % 10 === 0) await engine.accept(orderOf(String(i), `c${i % customers}`))
      await clock.sleep(20)
    }
    await engine.idle()
    const idleMs = clock.now()
    await clock.sleep(10 * 60_000)
    return idleMs
  })
  const times = new Map<unknown, number>()
  for (const { body } of account.salesOrder)
    times.set(body.otherRefNum, (times.get(body.otherRefNum) ?? 0) + 1)
  const { attempts, reasons } = recorder
  expect(recorder.backlogs.at(-1)).toBe(0)
  return {
    lost: Array.from({ length: count }, (_, i) => String(i)).filter(
      (id) => !times.has(`#${id}`) && !reasons.has(id),
    ).length,
    doubled: [...times.values()].filter((n) => n > 1).length,
    doubleCustomers: account.customer.length - new Set(account.customer.map(({ body }) => body.email)).size,
    deadLetters: reasons.size,
    refusedShare: attempts.filter(({ status }) => status === 429).length / attempts.length,
    endedMs,
  }
}

/** Every kind of bad luck, mixed. */
function chaos(seed: number | string, share: number): FakeAccountOptions {
  const rng = createRng(seed).fork('chaos')
  const faults: readonly Fault[] = [
    'drop-response',
    'reset-before',
    { lateMs: 90_000 },
    { lateMs: 9_800 },
    { status: 503, code: 'UNEXPECTED_ERROR', retryAfterSec: 3 },
    { status: 500, code: 'UNEXPECTED_ERROR' },
    { status: 401, code: 'INVALID_LOGIN' },
  ]
  return {
    slots: 15,
    workMs: () => 200 + rng.next() * 1_000,
    fault: () => (rng.chance(share) ? rng.pick(faults) : undefined),
  }
}

describe('naive engine', () => {
  it('works on a good day', async () => {
    const tally = await run('naive', 5, 5, { slots: 45 })
    expect(tally).toMatchObject({ lost: 0, deadLetters: 0 })
  })

  it('doubles and loses under faults under which the reference engine does neither', async () => {
    const faults = (): FakeAccountOptions => ({ ...chaos(7, 0.25), slots: 60 })
    const naive = await run('naive', 400, 80, faults())
    const reference = await run('reference', 400, 80, faults())
    expect(naive.doubled).toBeGreaterThan(40)
    expect(naive.lost).toBeGreaterThan(0)
    expect(naive.doubleCustomers).toBeGreaterThan(0)
    expect(naive.deadLetters).toBe(0)
    expect(reference).toMatchObject({ lost: 0, doubled: 0, doubleCustomers: 0, deadLetters: 0 })
  })

  it('drowns in 429s and loses orders where the reference engine waits its turn', async () => {
    const naive = await run('naive', 400, 80, chaos(7, 0))
    const reference = await run('reference', 400, 80, chaos(7, 0))
    expect(naive.lost).toBeGreaterThan(100)
    expect(naive.refusedShare).toBeGreaterThan(0.3)
    expect(reference).toMatchObject({ lost: 0, doubled: 0, doubleCustomers: 0, deadLetters: 0 })
    expect(reference.refusedShare).toBeLessThan(0.02)
  })
})

describe('reference engine under the same chaos', () => {
  it('brings every order in exactly once, whatever the seed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(0.02, 0.1, 0.3), async (seed, share) => {
        const tally = await run('reference', 60, 12, chaos(seed, share), seed)
        expect(tally).toMatchObject({ lost: 0, doubled: 0, doubleCustomers: 0 })
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same history for the same seed', async () => {
    expect(await run('reference', 60, 12, chaos(3, 0.1))).toEqual(
      await run('reference', 60, 12, chaos(3, 0.1)),
    )
  })
})

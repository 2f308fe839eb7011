/** If these fail, a refusal has the wrong shape or comes at the wrong time, and engines learn to handle another account than NetSuite's. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import type { Channel } from '../../protocol/control.ts'
import { ApiFault } from '../api-fault.ts'
import { createGovernance, type Governance, type Release } from './governance.ts'
import { type GovernanceOptions, governanceSchema } from './options.ts'

const START_MS = Date.UTC(2026, 0, 5, 9, 0, 0)

function setUp(options: Parameters<typeof governanceSchema.parse>[0] & object, concurrencyLimit = 2) {
  const clock = new VirtualClock(START_MS)
  const resolved: GovernanceOptions = governanceSchema.parse(options)
  const login = (reason: string) =>
    new ApiFault('INVALID_LOGIN', 'Invalid login attempt.', { loginFailure: reason })
  const governance = createGovernance(
    clock,
    createRng(3),
    { concurrencyLimit, allocations: {} },
    resolved,
    login,
  )
  let sequence = 0
  const holder = (channel: Channel = 'rest', user = 'u') => ({
    sequence: ++sequence,
    sinceMs: clock.now(),
    method: 'GET',
    path: '/x',
    integration: 'shop',
    channel,
    user,
  })
  return { clock, governance, holder }
}

function refusal(run: () => unknown): ApiFault {
  try {
    run()
  } catch (error) {
    if (error instanceof ApiFault) return error
    throw error
  }
  throw new Error('was let in')
}

const fill = (governance: Governance, holder: () => Parameters<Governance['admit']>[0], count: number) =>
  Array.from({ length: count }, () => governance.admit(holder()) as Release)

describe('over the concurrency limit', () => {
  it('is refused at once with 429, and the journal learns who held the slots [GOV-016, GOV-022]', () => {
    const { governance, holder, clock } = setUp({})
    fill(governance, holder, 2)
    void clock.advance(0)
    const fault = refusal(() => governance.admit(holder()))
    expect([fault.status, fault.code, fault.message]).toEqual([
      429,
      'CONCURRENCY_LIMIT_EXCEEDED',
      'Concurrent request limit exceeded. Request blocked.',
    ])
    expect(fault.headers).toEqual({})
    expect(fault.explanation).toBe('2 of 2 slots held: shop 2 (longest 0.0 s)')
  })
  it('is 400 with a code of its own for a RESTlet [GOV-019, RSL-010]', () => {
    const { governance, holder } = setUp({})
    fill(governance, holder, 2)
    const fault = refusal(() => governance.admit(holder('restlet')))
    expect([fault.status, fault.code]).toEqual([400, 'SSS_REQUEST_LIMIT_EXCEEDED'])
  })
  it('may come as a slow 401 where that is switched on [GOV-023, OPQ-071, AUT-049]', () => {
    const { governance, holder } = setUp({ slow401Ratio: 1 })
    fill(governance, holder, 2)
    const fault = refusal(() => governance.admit(holder()))
    expect([fault.status, fault.code]).toEqual([401, 'INVALID_LOGIN'])
    expect(fault.delayMs).toBeGreaterThanOrEqual(60_800)
    expect(fault.delayMs).toBeLessThanOrEqual(61_200)
  })
  it('carries Retry-After only where that is switched on [OPQ-070, REC-305, GOV-021]', () => {
    const { governance, holder } = setUp({ retryAfter: 'all' })
    fill(governance, holder, 2)
    expect(refusal(() => governance.admit(holder())).headers).toEqual({ 'retry-after': '1' })
  })
})

describe('an account that queues, as the field report tells [GOV-007]', () => {
  it('lets the first waiter in when a slot is given back, drops what is over the queue, and ends patience', async () => {
    const { governance, holder, clock } = setUp(
      { overLimit: 'queue', queueLengthMax: 2, queueMsMax: 5000 },
      1,
    )
    const [release] = fill(governance, holder, 1)
    const order: string[] = []
    const wait = (name: string) =>
      (governance.admit(holder()) as Promise<Release>).then(
        () => order.push(`${name} in at ${clock.now() - START_MS}`),
        ({ status }: ApiFault) => order.push(`${name} ${status} at ${clock.now() - START_MS}`),
      )
    void wait('a')
    void wait('b')
    expect(governance.slots().waiting).toBe(2)
    expect(refusal(() => governance.admit(holder())).status).toBe(429)
    await clock.advance(1000)
    release!()
    await clock.advance(10_000)
    expect(order).toEqual(['a in at 1000', 'b 429 at 5000'])
    expect(governance.slots().waiting).toBe(0)
  })
})

describe('the minute after many rejections [GOV-015]', () => {
  it('rejects some although slots are free, and the one after that none', async () => {
    const { governance, holder, clock } = setUp({ hangOverRejections: 3, hangOverRatio: 1 }, 1)
    const [release] = fill(governance, holder, 1)
    for (let n = 0; n < 3; n++) refusal(() => governance.admit(holder()))
    release!()
    expect(governance.admit(holder())).toBeTypeOf('function')
    governance.change({ concurrencyLimit: 50 })
    await clock.advance(60_000)
    expect(refusal(() => governance.admit(holder())).status).toBe(429)
    await clock.advance(60_000)
    expect(governance.admit(holder())).toBeTypeOf('function')
  })
})

describe('RESTlet calls of one user [GOV-008, RSL-011]', () => {
  it('are limited only where the account says so', () => {
    const { governance, holder } = setUp({ restletPerUserLimit: 2 }, 9)
    governance.admit(holder('restlet', 'ann'))
    governance.admit(holder('restlet', 'ann'))
    expect(refusal(() => governance.admit(holder('restlet', 'ann'))).code).toBe('SSS_REQUEST_LIMIT_EXCEEDED')
    expect(governance.admit(holder('restlet', 'bob'))).toBeTypeOf('function')
    expect(governance.admit(holder('rest', 'ann'))).toBeTypeOf('function')
    const plain = setUp({}, 9)
    for (let n = 0; n < 7; n++) plain.governance.admit(plain.holder('restlet', 'ann'))
    expect(plain.governance.slots().inUse).toBe(7)
  })
})

describe('frequency windows [GOV-030, GOV-031, GOV-032]', () => {
  it('refuse until the window has room again, and warn the administrator once', async () => {
    const { governance, holder, clock } = setUp(
      { retryAfter: 'windows', windows: { per60s: 3, per24h: 4, warnRatio: 0.5 } },
      9,
    )
    fill(governance, holder, 3)
    await clock.advance(20_000)
    const fault = refusal(() => governance.admit(holder()))
    expect([fault.status, fault.headers]).toEqual([429, { 'retry-after': '40' }])
    expect(fault.explanation).toBe('3 of 3 requests in the last 60 s; room again in 40 s')
    await clock.advance(40_000)
    expect(governance.admit(holder())).toBeTypeOf('function')
    const { windows, notices } = governance.limits()
    expect(windows).toEqual({
      per60s: { windowMs: 60_000, limit: 3, used: 1 },
      per24h: { windowMs: 86_400_000, limit: 4, used: 4 },
    })
    expect(notices).toEqual([{ atMs: START_MS, text: '2 of 4 requests of the 24-hour limit are used.' }])
  })
})

describe('limits that change while it runs', () => {
  it('hold from the next request on; what is at work keeps its slot [GOV-013]', () => {
    const { governance, holder } = setUp({}, 3)
    fill(governance, holder, 3)
    governance.change({ concurrencyLimit: 2 })
    expect(governance.slots()).toMatchObject({ limit: 2, inUse: 3 })
    expect(refusal(() => governance.admit(holder())).status).toBe(429)
    governance.change({ concurrencyLimit: 4 })
    expect(governance.admit(holder())).toBeTypeOf('function')
  })
  it('refuse allocations that leave nothing to others, and change nothing then [GOV-009]', () => {
    const { governance } = setUp({}, 5)
    expect(() => governance.change({ concurrencyLimit: 9, allocations: { shop: 9 } })).toThrow(RangeError)
    expect(governance.limits()).toMatchObject({ concurrencyLimit: 5, allocations: {} })
    governance.change({ allocations: { shop: 4 } })
    expect(governance.limits().allocations).toEqual({ shop: 4 })
    governance.change({ concurrencyLimit: 3 })
    expect(governance.limits().notices).toHaveLength(1)
    governance.change({ allocations: { shop: null } })
    expect(governance.limits().allocations).toEqual({})
  })
})

/** If these fail, faults hit requests they must not, or a failing run cannot be replayed. */
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../kernel/clock.ts'
import { createRng } from '../../kernel/rng.ts'
import { type FaultInput, faultSpecSchema } from '../../protocol/fault.ts'
import { ApiFault } from '../api-fault.ts'
import { createFaults, type FaultSubject } from './fault.ts'

const post: FaultSubject = {
  method: 'POST',
  path: '/services/rest/record/v1/salesOrder',
  recordType: 'salesOrder',
  integration: 'shop',
  headers: { 'x-shop': 'eu-1' },
  body: '{"externalId":"SHOP-1"}',
}

function setUp(...inputs: FaultInput[]) {
  const clock = new VirtualClock()
  const faults = createFaults(
    clock,
    createRng('faults'),
    (reason) => new ApiFault('INVALID_LOGIN', 'no', { loginFailure: reason }),
  )
  for (const input of inputs) faults.install(faultSpecSchema.parse(input))
  return { clock, faults }
}

describe('faults', () => {
  it.each<[string, FaultInput['match'], boolean]>([
    ['everything without a scope', undefined, true],
    ['its method', { methods: ['POST'] }, true],
    ['no other method', { methods: ['GET'] }, false],
    ['its record type in any case', { recordTypes: ['SALESORDER'] }, true],
    ['no other record type', { recordTypes: ['customer'] }, false],
    ['its integration', { integrations: ['shop'] }, true],
    ['no other integration', { integrations: ['crm'] }, false],
    ['an external ID in the body', { externalIdPattern: '^SHOP-' }, true],
    ['no other external ID', { externalIdPattern: '^CRM-' }, false],
    ['its operation', { operations: ['create'] }, true],
    ['no other operation', { operations: ['upsert', 'list'] }, false],
    ['a header', { headers: { 'X-Shop': '^eu-' } }, true],
    ['no other header', { headers: { 'x-shop': '^us-' } }, false],
    ['only if all keys match', { methods: ['POST'], recordTypes: ['customer'] }, false],
  ])('hit %s', (_, match, isHit) => {
    const { faults } = setUp({ fault: 'reset-before', ...(match === undefined ? {} : { match }) })
    expect(faults.judge(post) !== undefined).toBe(isHit)
  })
  it('match an external ID in the URL', () => {
    const { faults } = setUp({ fault: 'reset-before', match: { externalIdPattern: '^A/1$' } })
    expect(
      faults.judge({ ...post, path: '/services/rest/record/v1/salesOrder/eid:A%2F1', body: undefined }),
    ).toBeDefined()
  })
  it('keep to their window, counted from installation', async () => {
    const { faults, clock } = setUp({ fault: 'drop-response', fromMs: 100, untilMs: 200 })
    const hitAfter = async (ms: number) => {
      await clock.advance(ms)
      return faults.judge(post) !== undefined
    }
    expect([await hitAfter(99), await hitAfter(1), await hitAfter(99), await hitAfter(1)]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
  it('hit the given share, the same requests for the same seed, others for another', () => {
    const hits = (seed: number) => {
      const { faults } = setUp({ fault: 'reset-before', probabilityRatio: 0.1, seed })
      return Array.from({ length: 2000 }, () => faults.judge(post) !== undefined)
    }
    expect(hits(1).filter(Boolean).length).toBeGreaterThan(150)
    expect(hits(1).filter(Boolean).length).toBeLessThan(250)
    expect(hits(1)).toEqual(hits(1))
    expect(hits(1)).not.toEqual(hits(2))
  })
  it('let one hit per request, in installation order, and count', () => {
    const { faults } = setUp({ fault: 'reset-before', id: 'first' }, { fault: 'drop-response', id: 'second' })
    expect(faults.judge(post)?.id).toBe('first')
    expect(faults.view().map(({ id, considered, hits }) => [id, considered, hits])).toEqual([
      ['first', 1, 1],
      ['second', 0, 0],
    ])
    expect(faults.remove('first')).toBe(true)
    expect(faults.judge(post)?.verdict).toEqual({ phase: 'after', answer: 'reset' })
    expect(faults.remove('first')).toBe(false)
  })
  it('reject with the status, code and Retry-After asked for', () => {
    const { faults } = setUp({
      fault: 'reject',
      status: 429,
      errorCode: 'CONCURRENCY_LIMIT_EXCEEDED',
      retryAfterSec: 3,
    })
    expect(faults.judge(post)?.verdict).toMatchObject({
      phase: 'before',
      answer: { status: 429, code: 'CONCURRENCY_LIMIT_EXCEEDED', headers: { 'retry-after': '3' } },
    })
  })
  it('refuse a second fault of one name, and a pattern that is none', () => {
    const { faults } = setUp({ fault: 'reset-before', id: 'same' })
    expect(() => faults.install(faultSpecSchema.parse({ fault: 'reset-before', id: 'same' }))).toThrow('same')
    expect(
      faultSpecSchema.safeParse({ fault: 'reset-before', match: { externalIdPattern: '(' } }).success,
    ).toBe(false)
  })
})

/** If this fails, nobody is told that orders pile up, or somebody is told a thousand times. */
import { describe, expect, it } from 'vitest'
import { type AlertRule, alertRuleSchema, createAlertWatch } from './alerts.ts'
import { statusOf } from './testing/status.ts'

const ruleOf = (rule: object): AlertRule => alertRuleSchema.parse(rule)
const call = { operation: 'x', key: '1', attempt: 1, startedMs: 0, endedMs: 1, status: 500 } as const
const { queue } = statusOf()

describe('a rule', () => {
  it('of failures in a row fires at the count, and one success ends it', () => {
    const watch = createAlertWatch([ruleOf({ rule: 'failures-in-a-row', count: 3 })])
    const fail = (): void => watch.observer.attempt({ ...call, outcome: 'unknown' })
    fail()
    fail()
    expect(watch.check(statusOf(), 0)).toEqual([])
    fail()
    expect(watch.check(statusOf(), 10)).toEqual([
      {
        rule: 'failures-in-a-row',
        state: 'firing',
        text: '3 calls failed in a row (rule: 3)',
        sinceMs: 10,
        atMs: 10,
      },
    ])
    watch.observer.attempt({ ...call, outcome: 'done' })
    expect(watch.check(statusOf(), 20)).toMatchObject([{ state: 'resolved', sinceMs: 10, atMs: 20 }])
    expect(watch.check(statusOf(), 30)).toEqual([])
  })
  it.each([
    [
      'dead letters',
      { rule: 'dead-letters', count: 2 },
      { queue: { ...queue, dead: 1 } },
      { queue: { ...queue, dead: 2 } },
    ],
    [
      'age of the backlog',
      { rule: 'backlog-age', ageMs: 60_000 },
      { oldestAgeMs: 59_999 },
      { oldestAgeMs: 60_000 },
    ],
    [
      'a budget nearly spent',
      { rule: 'budget-spent', ratio: 0.8 },
      { budgets: [{ name: 'day', used: 79, limit: 100 }] },
      {
        budgets: [
          { name: 'day', used: 10, limit: 100 },
          { name: 'minute', used: 80, limit: 100 },
        ],
      },
    ],
  ])('of %s fires at its limit and not before', (_, rule, below, at) => {
    const watch = createAlertWatch([ruleOf(rule)])
    expect(watch.check(statusOf(below), 0)).toEqual([])
    expect(watch.check(statusOf(at), 1)).toMatchObject([{ state: 'firing' }])
    expect(watch.check(statusOf(below), 2)).toMatchObject([{ state: 'resolved' }])
  })
  it('that goes on holding is told again after the gap, not before', () => {
    const watch = createAlertWatch([ruleOf({ rule: 'backlog-age', ageMs: 1 })], 1_000)
    const told = [0, 500, 999, 1_000, 1_500, 2_000].filter((ms) => watch.check(statusOf(), ms).length > 0)
    expect(told).toEqual([0, 1_000, 2_000])
  })
  it('with an unknown key or a value out of range is refused', () => {
    expect(alertRuleSchema.safeParse({ rule: 'dead-letters', cuont: 2 }).success).toBe(false)
    expect(alertRuleSchema.safeParse({ rule: 'budget-spent', ratio: 90 }).success).toBe(false)
  })
})

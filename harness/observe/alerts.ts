/**
 * Alerts: rules over what the engine does and how it is. A rule fires once when it begins to hold, again after `repeatMs` while
 * it goes on, and says so when it is over. Pure but for its state; who is told is decided elsewhere (webhook.ts).
 */
import { z } from 'zod'
import type { EngineObserver } from '../engine/engine.ts'
import type { EngineStatus } from '../engine/status.ts'
import { NOBODY } from './observers.ts'

const count = z.number().int().min(1)

export const alertRuleSchema = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.literal('failures-in-a-row'),
    count: count
      .default(5)
      .describe('calls that failed one after the other, without one that went well between'),
  }),
  z.strictObject({
    rule: z.literal('dead-letters'),
    count: count.default(1).describe('dead letters in the queue'),
  }),
  z.strictObject({
    rule: z.literal('backlog-age'),
    ageMs: z.number().positive().default(900_000).describe('age of the oldest open item, milliseconds'),
  }),
  z.strictObject({
    rule: z.literal('budget-spent'),
    ratio: z.number().min(0).max(1).default(0.9).describe('share of a call budget that is used'),
  }),
])

export type AlertRule = z.output<typeof alertRuleSchema>

/** What somebody is told. */
export interface Alert {
  readonly rule: AlertRule['rule']
  readonly state: 'firing' | 'resolved'
  /** One sentence with the figures; no order, no person, no secret. */
  readonly text: string
  /** When the rule began to hold. */
  readonly sinceMs: number
  readonly atMs: number
}

/** An hour: often enough not to be forgotten, seldom enough not to be muted. */
export const REPEAT_MS_DEFAULT = 3_600_000

export interface AlertWatch {
  /** Counts failures; give it to the engine. */
  readonly observer: EngineObserver
  /** Holds all rules against `status` and gives what is to be told now. */
  check(status: EngineStatus, nowMs: number): readonly Alert[]
}

interface Firing {
  readonly sinceMs: number
  toldMs: number
}

/** Watches over `rules`. `repeatMs`: gap between two alerts of one rule that goes on holding. */
export function createAlertWatch(rules: readonly AlertRule[], repeatMs = REPEAT_MS_DEFAULT): AlertWatch {
  const firing = new Map<number, Firing>()
  let failuresInRow = 0

  const look = (index: number, status: EngineStatus, nowMs: number): Alert | undefined => {
    const { rule } = rules[index]!
    const { holds, text } = evaluate(rules[index]!, status, failuresInRow)
    const known = firing.get(index)
    if (!holds) {
      firing.delete(index)
      return known && { rule, state: 'resolved', text, sinceMs: known.sinceMs, atMs: nowMs }
    }
    if (known !== undefined && nowMs - known.toldMs < repeatMs) return undefined
    const sinceMs = known?.sinceMs ?? nowMs
    firing.set(index, { sinceMs, toldMs: nowMs })
    return { rule, state: 'firing', text, sinceMs, atMs: nowMs }
  }

  return {
    observer: {
      ...NOBODY,
      attempt: ({ outcome }) => {
        failuresInRow = outcome === 'done' ? 0 : failuresInRow + 1
      },
    },
    check: (status, nowMs) =>
      rules.map((_, index) => look(index, status, nowMs)).filter((alert) => alert !== undefined),
  }
}

function evaluate(
  rule: AlertRule,
  { queue, oldestAgeMs, budgets }: EngineStatus,
  failuresInRow: number,
): { readonly holds: boolean; readonly text: string } {
  switch (rule.rule) {
    case 'failures-in-a-row':
      return {
        holds: failuresInRow >= rule.count,
        text: `${failuresInRow} calls failed in a row (rule: ${rule.count})`,
      }
    case 'dead-letters':
      return { holds: queue.dead >= rule.count, text: `${queue.dead} dead letters (rule: ${rule.count})` }
    case 'backlog-age':
      return {
        holds: oldestAgeMs >= rule.ageMs,
        text: `oldest open item is ${Math.round(oldestAgeMs / 1000)} s old (rule: ${rule.ageMs / 1000} s)`,
      }
    case 'budget-spent': {
      const shares = budgets.map(({ name, used, limit }) => ({ name, used, limit, share: used / limit }))
      const worst = shares.sort((a, b) => b.share - a.share)[0]
      if (worst === undefined) return { holds: false, text: 'no budget is set' }
      const { name, used, limit, share } = worst
      return {
        holds: share >= rule.ratio,
        text: `${used} of ${limit} calls of the budget per ${name} are used (rule: ${rule.ratio * 100} %)`,
      }
    }
  }
}

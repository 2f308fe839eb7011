/**
 * Check `converged`: once the load and the faults are over, the engine comes to rest in bounded time with nothing
 * waiting or in work, and its view is the account's: what it calls done is there under the id it names, and what it
 * gave up is not. Where the shop listens, it has heard of every order that is done.
 */
import type { CheckResult } from '../result.ts'
import { ordersByName } from './account-view.ts'
import { type CheckInput, counted, judge } from './check.ts'
import { moneyOf } from './money.ts'

/** Judges the end of the run. */
export function checkConverged(input: CheckInput): CheckResult {
  const { sent, history, account, drain } = input
  const evidence: string[] = []
  const waiting = history.backlog.at(-1)?.size ?? 0
  if (drain.ended.end === 'timeout') {
    const limit = `${Math.round(drain.limitMs / 1000)} s after the last arrival`
    evidence.push(
      `the engine was still at work ${limit}, with ${counted(waiting, 'order')} waiting or in work`,
    )
  } else if (drain.ended.end === 'error') {
    evidence.push(`waiting for the engine failed: ${drain.ended.reason}`)
  } else if (waiting > 0) {
    evidence.push(`the engine says it is idle, with ${counted(waiting, 'order')} waiting or in work`)
  }
  const inAccount = ordersByName(account.salesOrders)
  let differing = 0
  for (const { order } of sent) {
    const ids = (inAccount.get(order.name) ?? []).map(({ id }) => id)
    const problem = differenceOf(input, order.id, ids)
    if (problem === undefined) continue
    differing++
    evidence.push(`order ${order.name} (${order.id}): ${problem}`)
  }
  for (const { order, deposits, givenUp } of moneyOf(input)) {
    if (givenUp === undefined || deposits.length === 0) continue
    differing++
    const ids = deposits.map(({ id }) => id).join(', ')
    evidence.push(
      `order ${order.name} (${order.id}): the engine gave its payment up (${givenUp}), the account has it as ${ids}`,
    )
  }
  const unheard = unheardOf(input)
  for (const key of unheard) evidence.push(`order ${key}: done, and the shop never heard of it`)
  const rest = drain.ended.end === 'done' && waiting === 0
  const state = rest
    ? 'The engine came to rest'
    : `The engine did not come to rest (${counted(waiting, 'order')} left)`
  const { completed, deadLettered } = history
  const told = input.heard === undefined ? '' : `; ${unheard.length} of which the shop never heard`
  const counts = `of ${completed.size} orders done and ${deadLettered.size} given up, ${differing} differ from the account`
  const summary = `${state}; ${counts}${told}.`
  return judge('converged', evidence, summary)
}

/** Orders that are done, and of which the shop should have heard: neither their word nor their money was given up. */
function unheardOf({ heard, history }: CheckInput): string[] {
  if (heard === undefined) return []
  const silenced = new Set(history.flows.filter(({ end }) => end === 'dead').map(({ subject }) => subject))
  return [...history.completed.keys()].filter((key) => !heard.has(key) && !silenced.has(key))
}

/** How the engine's word on one order differs from the account, if it does. `ids`: sales orders of that name. */
function differenceOf({ history }: CheckInput, key: string, ids: readonly string[]): string | undefined {
  const done = history.completed.get(key)
  if (done !== undefined) {
    if (ids.length === 0) return 'the engine calls it done, the account does not have it'
    if (done.netSuiteId === undefined || ids.includes(done.netSuiteId)) return undefined
    return `the engine calls it done as sales order ${done.netSuiteId}, the account has it as ${ids.join(', ')}`
  }
  const dead = history.deadLettered.get(key)
  if (dead === undefined || ids.length === 0) return undefined
  return `the engine gave it up (${dead.reason}), the account has it as ${ids.join(', ')}`
}

/**
 * Check `converged`: once the load and the faults are over, the engine comes to rest in bounded time with nothing
 * waiting or in work, and its view is the account's: what it calls done is there under the id it names, and what it
 * gave up is not.
 */
import type { CheckResult } from '../result.ts'
import { ordersByName } from './account-view.ts'
import { type CheckInput, counted, judge } from './check.ts'

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
  const rest = drain.ended.end === 'done' && waiting === 0
  const state = rest
    ? 'The engine came to rest'
    : `The engine did not come to rest (${counted(waiting, 'order')} left)`
  const { completed, deadLettered } = history
  const summary = `${state}; of ${completed.size} orders done and ${deadLettered.size} given up, ${differing} differ from the account.`
  return judge('converged', evidence, summary)
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

/**
 * What every check is given and gives back. A check is a pure function of what the shop sent, what the engine
 * said it did, what the account holds and what the account's journal shows; none of them asks the engine how it went.
 */
import type { ExportedRecord, Journal } from '../control-client.ts'
import type { Waited } from '../load/bounded.ts'
import type { History } from '../metrics/history.ts'
import type { CheckResult } from '../result.ts'
import type { CheckId } from '../scenario.ts'
import type { ShopOrder } from '../shop/order.ts'

/** One distinct order that the shop delivered at least once. */
export interface SentOrder {
  readonly order: ShopOrder
  /** What the engine threw when it was handed the order, if none of the deliveries was taken. */
  readonly refusal: string | undefined
}

/** The records of the account that checks look at, as exported after the run. */
export interface AccountExport {
  readonly salesOrders: readonly ExportedRecord[]
  readonly customers: readonly ExportedRecord[]
  readonly items: readonly ExportedRecord[]
  /** Customer deposits. */
  readonly deposits: readonly ExportedRecord[]
}

export interface CheckInput {
  /** In order of their first delivery. */
  readonly sent: readonly SentOrder[]
  readonly history: History
  /** What the shop heard of each order, by its id; absent: it does not listen. */
  readonly heard?: ReadonlyMap<string, readonly string[]> | undefined
  readonly account: AccountExport
  /** Internal ids of the sales orders that were there before the run. */
  readonly ordersBefore: ReadonlySet<string>
  readonly journal: Journal
  readonly concurrencyLimit: number
  /** Name of the engine's integration; absent: every call is the engine's. */
  readonly integration?: string | undefined
  /** How the wait for the engine to finish ended, and what it may have taken. */
  readonly drain: { readonly ended: Waited; readonly limitMs: number }
}

/** Lines of evidence in a result; a person reads the first few, the count tells the rest. */
export const EVIDENCE_MAX = 20

const TITLES: Readonly<Record<CheckId, string>> = {
  'no-lost-writes':
    'Every order and its money is in the account as the shop sent it, or was given up with a reason',
  'no-duplicates': 'No order, no payment and no customer is in the account twice',
  'limit-respected': 'The account was never driven beyond its concurrency limit',
  converged: 'The work came to an end, and engine, account and shop know the same',
}

/** Pass without evidence, fail with it. `summary` is one sentence with figures. */
export function judge(id: CheckId, evidence: readonly string[], summary: string): CheckResult {
  return {
    id,
    title: TITLES[id],
    status: evidence.length === 0 ? 'pass' : 'fail',
    summary,
    evidence: evidence.slice(0, EVIDENCE_MAX),
    evidenceOmitted: Math.max(0, evidence.length - EVIDENCE_MAX),
  }
}

/** The check could not be carried out, for the reason in `summary`. */
export function cannotJudge(id: CheckId, summary: string): CheckResult {
  return { id, title: TITLES[id], status: 'error', summary, evidence: [], evidenceOmitted: 0 }
}

/** `1 order`, `2 orders`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

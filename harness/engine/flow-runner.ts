/**
 * One try of one queue item: reads the work, takes it forward by its flow, or backward once it was refused for good, and
 * says what is to become of the item. What follows from work is enqueued before the verdict is given, and the reason for
 * turning back is in the queue before anything is taken back: whenever a process dies, the next one goes on from there.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import type { FailedStep, FlowParts, FlowTry } from './flows/flow.ts'
import { flowOf } from './flows/index.ts'
import type { WorkItem } from './queue.ts'
import { decideRetry, firstProgress, type RetryDecision, type TryProgress } from './retry.ts'
import { earned, newRetryBudget, spent } from './retry-budget.ts'
import { readWork, subjectOf, type Work } from './work.ts'
import type { Verdict } from './worker.ts'

export type Item = WorkItem<Work, TryProgress>
type ItemVerdict = Verdict<TryProgress>

export interface FlowRunnerOptions {
  readonly parts: FlowParts
  /** Puts what follows from work into the queue. */
  readonly enqueue: (works: readonly Work[]) => Promise<unknown>
  readonly renew: (item: Item) => Promise<boolean>
  /** The queue's. Half of it is fresh: what is left covers a create with its second signature, by default. */
  readonly leaseMs: number
}

/** Gives the handler of a worker pool. `rng` draws the delays between tries. */
export function createFlowRunner(
  clock: Clock,
  rng: Rng,
  { parts, enqueue, renew, leaseMs }: FlowRunnerOptions,
): (item: Item, askedMs: number) => Promise<ItemVerdict> {
  let budget = newRetryBudget(clock.now())
  /** Puts a retry off while the budget of the whole engine is spent. */
  const withinBudget = (retry: RetryDecision): RetryDecision => {
    if (retry.kind === 'dead') return retry
    const { waitMs, budget: left } = spent(budget, clock.now())
    budget = left
    return { ...retry, atMs: retry.atMs + waitMs }
  }
  const afterFailure = (work: Work, progress: TryProgress, end: FailedStep): ItemVerdict => {
    const nowMs = clock.now()
    const decision = decideRetry(rng, nowMs, progress, end)
    if (decision.kind === 'retry') return withinBudget(decision)
    if (progress.undoing !== undefined)
      return { kind: 'dead', reason: `${progress.undoing}; not undone: ${decision.reason}` }
    // A record that may be there after all is no ground to take back what it rests on.
    const isFinal = end.problem.kind === 'refused' && end.problem.retry === 'never' && !end.mayExist
    if (!isFinal || flowOf(work).undo === undefined) return decision
    return { kind: 'retry', atMs: nowMs, progress: { ...firstProgress(nowMs), undoing: decision.reason } }
  }
  const forward = async (work: Work, progress: TryProgress, tried: FlowTry): Promise<ItemVerdict> => {
    const end = await flowOf(work).run(work, parts, tried)
    if (end.kind === 'lost') return end
    if (end.kind === 'impossible') return { kind: 'dead', reason: end.reason }
    if (end.kind === 'failed') return afterFailure(work, progress, end)
    if (end.next.length > 0) await enqueue(end.next)
    return { kind: 'ack', id: end.id }
  }
  const backward = async (
    work: Work,
    progress: TryProgress,
    tried: FlowTry,
    reason: string,
  ): Promise<ItemVerdict> => {
    const end = await flowOf(work).undo!(work, parts, tried, reason)
    if (end.kind === 'lost') return end
    if (end.kind === 'failed') return afterFailure(work, progress, end)
    if (end.next.length > 0) await enqueue(end.next)
    return { kind: 'dead', reason: `${reason}; undone: ${end.what}` }
  }
  return async (item, askedMs) => {
    const work = readWork(item.payload)
    if (typeof work === 'string') return { kind: 'dead', reason: work }
    const nowMs = clock.now()
    if (item.progress === undefined) budget = earned(budget, nowMs)
    const progress = item.progress ?? firstProgress(nowMs)
    const tried: FlowTry = {
      call: { key: subjectOf(work), attempt: progress.tries + progress.refusals + 1, flow: work.flow },
      // Whoever held it before may have sent its create before dying.
      mayExist: progress.mayExist || item.abandoned,
      keepLease: async () => clock.now() - askedMs < leaseMs / 2 || renew(item),
    }
    if (progress.undoing === undefined) return forward(work, progress, tried)
    return backward(work, progress, tried, progress.undoing)
  }
}

/** For the engine's own tests: an observer that writes down what it is told, and the parts an engine is built from. */
import type { Clock } from '../../../kernel/clock.ts'
import { createRng } from '../../../kernel/rng.ts'
import type { Transport } from '../../../protocol/transport.ts'
import type { AttemptEvent, BatchEvent, EngineDeps, EngineObserver, FlowEvent } from '../engine.ts'

export interface Recorder extends EngineObserver {
  readonly acceptedKeys: string[]
  readonly deduplicatedKeys: string[]
  readonly attempts: AttemptEvent[]
  readonly completedIds: Map<string, string | undefined>
  readonly reasons: Map<string, string>
  readonly flows: FlowEvent[]
  readonly modes: string[]
  readonly batches: BatchEvent[]
  readonly backlogs: number[]
}

/** An observer whose notes a test can read. */
export function createRecorder(): Recorder {
  const recorder: Recorder = {
    acceptedKeys: [],
    deduplicatedKeys: [],
    attempts: [],
    completedIds: new Map(),
    reasons: new Map(),
    flows: [],
    modes: [],
    batches: [],
    backlogs: [],
    accepted: (order) => recorder.acceptedKeys.push(order.id),
    deduplicated: (order) => recorder.deduplicatedKeys.push(order.id),
    attempt: (event) => recorder.attempts.push(event),
    completed: (key, id) => recorder.completedIds.set(key, id),
    deadLettered: (key, reason) => recorder.reasons.set(key, reason),
    flowEnded: (event) => recorder.flows.push(event),
    modeChanged: (mode) => recorder.modes.push(mode),
    batchEnded: (event) => recorder.batches.push(event),
    backlog: (size) => recorder.backlogs.push(size),
  }
  return recorder
}

/** Deps with made-up credentials. */
export function depsOf(
  clock: Clock,
  transport: Transport,
  observer: EngineObserver,
  seed: string | number = 1,
): EngineDeps {
  return {
    clock,
    transport,
    observer,
    rng: createRng(seed),
    baseUrl: 'https://1234567.suitetalk.api.netsuite.com',
    credentials: {
      accountId: '1234567',
      consumerKey: 'ck',
      consumerSecret: 'cs',
      tokenId: 'ti',
      tokenSecret: 'ts',
    },
  }
}

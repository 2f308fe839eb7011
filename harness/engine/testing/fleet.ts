/** For the engine's own tests: several engines in one process, as several machines would be, on one queue and one account. */
import type { VirtualClock } from '../../../kernel/clock.ts'
import { createRng } from '../../../kernel/rng.ts'
import type { Transport } from '../../../protocol/transport.ts'
import { createReferenceEngine, type ReferenceEngine, type WorkQueue } from '../reference.ts'
import { knownLevel } from '../throttle/known-level.ts'
import { type BoardStore, SharedLimit } from '../throttle/shared-limit.ts'
import { createRecorder, depsOf, type Recorder } from './recorder.ts'

export interface FleetMember {
  readonly engine: ReferenceEngine
  readonly limit: SharedLimit<ReturnType<typeof knownLevel.initial>>
  readonly recorder: Recorder
  /** Ends gracefully. */
  stop(): Promise<void>
}

export type FleetBoard = BoardStore<ReturnType<typeof knownLevel.initial>>

/** Starts a worker. What it runs into is thrown by `stop`. */
export function startMember(
  clock: VirtualClock,
  id: string,
  parts: { readonly transport: Transport; readonly queue: WorkQueue; readonly board: FleetBoard },
): FleetMember {
  const recorder = createRecorder()
  const limit = new SharedLimit(clock, parts.board, { algorithm: knownLevel, id })
  const engine = createReferenceEngine(
    depsOf(clock, parts.transport, recorder, createRng(id).seed),
    parts.queue,
    {
      limiter: limit,
    },
  )
  const sharing = limit.run()
  const working = engine.run()
  const ended = Promise.race([sharing, working])
  ended.catch(() => {})
  return {
    engine,
    limit,
    recorder,
    stop: async () => {
      await engine.stop()
      await ended
      await limit.stop()
    },
  }
}

/** Once dead, it answers nothing any more, as a process that is no more would hear of no answer. */
export function dying<T extends object>(real: T, isDead: () => boolean): T {
  return new Proxy(real, {
    get: (target, name) => {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...all: unknown[]) => (isDead() ? new Promise(() => {}) : value.apply(target, all))
    },
  })
}

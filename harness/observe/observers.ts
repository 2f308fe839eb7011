/** Several observers as one: a run measures, a log writes, metrics count, alerts watch, and none knows of the others. */
import type { EngineObserver } from '../engine/engine.ts'

/** Tells each of `observers`, in their order. One that throws is a fault of ours and is not caught. */
export function combineObservers(observers: readonly EngineObserver[]): EngineObserver {
  const tell =
    <K extends keyof EngineObserver>(name: K) =>
    (...event: Parameters<EngineObserver[K]>): void => {
      for (const observer of observers) (observer[name] as (...event: unknown[]) => void)(...event)
    }
  return {
    accepted: tell('accepted'),
    deduplicated: tell('deduplicated'),
    attempt: tell('attempt'),
    completed: tell('completed'),
    deadLettered: tell('deadLettered'),
    flowEnded: tell('flowEnded'),
    modeChanged: tell('modeChanged'),
    batchEnded: tell('batchEnded'),
    backlog: tell('backlog'),
  }
}

/** Hears everything and does nothing. */
export const NOBODY: EngineObserver = {
  accepted: () => {},
  deduplicated: () => {},
  attempt: () => {},
  completed: () => {},
  deadLettered: () => {},
  flowEnded: () => {},
  modeChanged: () => {},
  batchEnded: () => {},
  backlog: () => {},
}

/** What a worker says of itself at its end: how much it did, and what it cost in calls. */
import type { EngineObserver } from '../harness/engine/index.ts'

/** An observer that counts, and its sentence. */
export function createTally(): { readonly observer: EngineObserver; text(): string } {
  const count = { done: 0, dead: 0, calls: 0, refused: 0 }
  return {
    observer: {
      accepted: () => {},
      deduplicated: () => {},
      attempt: ({ status }) => {
        count.calls++
        if (status === 429) count.refused++
      },
      completed: () => void count.done++,
      deadLettered: () => void count.dead++,
      flowEnded: ({ end }) => void count[end]++,
      modeChanged: () => {},
      batchEnded: () => {},
      backlog: () => {},
    },
    text: () =>
      `${count.done} done, ${count.dead} dead, ${count.calls} calls, ${count.refused} of them answered 429`,
  }
}

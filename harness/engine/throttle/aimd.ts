/**
 * Additive increase, multiplicative decrease, as TCP does it: one more per window of successes, a tenth less after a
 * refusal. Compared in docs/decisions/0013-throttle.md.
 */
import { LIMIT_MAX, LIMIT_START, type LimitAlgorithm } from './algorithm.ts'

export interface Aimd {
  readonly limit: number
  /** Doubling per window until the first refusal. */
  readonly isStarting: boolean
}

const DECREASE_RATIO = 0.9

export const aimd: LimitAlgorithm<Aimd> = {
  name: 'AIMD',
  initial: () => ({ limit: LIMIT_START, isStarting: true }),
  limit: ({ limit }) => Math.floor(limit),
  after: (state, { signal, level, binding }) => {
    const { limit, isStarting } = state
    if (signal === 'ok' && binding)
      return { limit: Math.min(LIMIT_MAX, limit + (isStarting ? 1 : 1 / limit)), isStarting }
    if (signal === 'refused' && level <= limit)
      return { limit: Math.max(1, limit * DECREASE_RATIO), isStarting: false }
    return state
  },
}

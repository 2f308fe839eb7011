/**
 * Slow start until the first 429; then hold the level below it, fall by a factor when even that is refused, climb back by
 * one per window of successes, and probe above it rarely. NetSuite refuses call n+1 at once and says neither n nor how
 * many others use the pool [GOV-022, GOV-001], so the level refused is known exactly, and 429s are the price of knowing.
 */
import { LIMIT_MAX, LIMIT_START, type LimitAlgorithm, type Sample } from './algorithm.ts'

export interface KnownLevel {
  readonly limit: number
  /** Highest level believed to be granted; `null` until the first 429. */
  readonly ceiling: number | null
  /** Successes since the last change of the limit. */
  readonly credit: number
  readonly probeAtMs: number
  readonly probeGapMs: number
}

/** Gentle, because the level refused is known exactly: 429s come from the first call too many, not from a full queue. */
const DECREASE_RATIO = 0.8
/** First gap between two probes above the known level, and the longest after failed ones. One 429 per gap is the price. */
const PROBE_GAP_MS_MIN = 5_000
const PROBE_GAP_MS_MAX = 40_000

export const knownLevel: LimitAlgorithm<KnownLevel> = {
  name: 'known-level',
  initial: () => ({
    limit: LIMIT_START,
    ceiling: null,
    credit: 0,
    probeAtMs: 0,
    probeGapMs: PROBE_GAP_MS_MIN,
  }),
  limit: ({ limit }) => limit,
  after: (state, sample) => {
    if (sample.signal === 'ok') return sample.binding ? succeeded(state, sample) : state
    // A call sent above today's limit was sent before the last decrease: it says nothing new.
    if (sample.signal === 'refused' && sample.level <= state.limit) return refused(state, sample)
    return state
  },
}

function succeeded(state: KnownLevel, { endedMs }: Sample): KnownLevel {
  const { limit, ceiling, probeAtMs } = state
  const credit = state.credit + 1
  const grown = { ...state, limit: Math.min(LIMIT_MAX, limit + 1), credit: 0 }
  if (ceiling === null) return grown
  if (limit < ceiling) return credit >= limit ? grown : { ...state, credit }
  if (limit > ceiling) {
    if (credit < 2 * limit) return { ...state, credit }
    // Two whole windows above the known level went well: the pool has grown, so go on upwards without waiting.
    return { ...state, ceiling: limit, credit: 0, probeGapMs: PROBE_GAP_MS_MIN, probeAtMs: endedMs }
  }
  return endedMs >= probeAtMs ? grown : { ...state, credit }
}

function refused(state: KnownLevel, { level, endedMs }: Sample): KnownLevel {
  const { limit, ceiling } = state
  if (ceiling !== null && limit > ceiling && level > ceiling) {
    // The probe failed: nothing new, step back and leave it longer.
    const probeGapMs = Math.min(PROBE_GAP_MS_MAX, state.probeGapMs * 2)
    return { ...state, limit: ceiling, credit: 0, probeGapMs, probeAtMs: endedMs + probeGapMs }
  }
  return {
    limit: Math.max(1, Math.floor(level * DECREASE_RATIO)),
    ceiling: Math.max(1, level - 1),
    credit: 0,
    probeGapMs: PROBE_GAP_MS_MIN,
    probeAtMs: endedMs + PROBE_GAP_MS_MIN,
  }
}

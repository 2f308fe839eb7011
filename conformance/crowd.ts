/**
 * How many requests at once are more than a target takes, by its own word. Where it does not say, which it may do to anybody
 * but administrators, a number above the limit of most accounts. [GOV-004, GOV-012, GOV-016]
 */
import type { WireResponse } from '../protocol/wire.ts'

export const LIMITS_PATH = '/services/rest/system/v1/governanceLimits'

/** The target cannot be judged by a case, and nobody is to blame. */
export class CaseSkip extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CaseSkip'
  }
}

const CROWD_UNTOLD = 60
/** Fewer over the limit might find a slot that was given back meanwhile. */
const EXCESS_MIN = 5

/** Twice the limit, as far as the target file allows. Throws `CaseSkip` when that is not enough. */
export function crowdOver(limits: WireResponse, parallelMax: number): number {
  const limit = limitIn(limits)
  const least = limit === undefined ? CROWD_UNTOLD : limit + EXCESS_MIN
  if (least > parallelMax)
    throw new CaseSkip(`needs ${least} requests at once; the target file allows ${parallelMax} (parallelMax)`)
  return Math.min(Math.max(least, 2 * (limit ?? 0)), parallelMax)
}

function limitIn({ status, body }: WireResponse): number | undefined {
  if (status !== 200) return undefined
  let told: unknown
  try {
    told = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof told !== 'object' || told === null) return undefined
  const limits = told as Record<string, unknown>
  const limit =
    limits.integrationConcurrencyLimit ??
    limits.accountUnallocatedConcurrencyLimit ??
    limits.accountConcurrencyLimit
  return typeof limit === 'number' && limit > 0 ? limit : undefined
}

/** Nothing of the record service was ever seen to answer in less than 130 ms. [OPQ-030] */
const FAST_MS = 50

/** Throws `CaseSkip` when one request alone was answered so fast that no crowd can fill the slots. */
export function skipIfTooFast(aloneMs: number, crowd: number): void {
  if (aloneMs < FAST_MS)
    throw new CaseSkip(
      `the target answers in ${Math.round(aloneMs)} ms, too fast for ${crowd} requests to fill its slots`,
    )
}

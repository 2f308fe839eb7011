/**
 * Check `limit-respected`: recomputed from the slot intervals in the journal, the account never had more slots held than
 * its limit; and of the engine's calls no more than a small share was refused with 429. The first would be a bug of the
 * simulator, the second is an engine that pushes instead of pacing itself. A journal with gaps gives `error`.
 */
import { ownCalls } from '../metrics/own-calls.ts'
import { peakSlots, sweepSlots } from '../metrics/slots.ts'
import type { CheckResult } from '../result.ts'
import { type CheckInput, cannotJudge, judge } from './check.ts'

/**
 * An engine that finds the limit by trying has to touch it now and then; at one call in twenty it no longer
 * probes but hammers, and every other integration of the account pays for it.
 */
export const REFUSED_RATIO_MAX = 0.05

/** Judges the journal. `refusedRatioMax` is 0..1. */
export function checkLimitRespected(
  { journal, concurrencyLimit, integration }: CheckInput,
  refusedRatioMax: number = REFUSED_RATIO_MAX,
): CheckResult {
  const { entries, overwritten } = journal
  if (overwritten > 0) {
    const gap = `The journal lost ${overwritten} of ${journal.total} entries, so the slots cannot be recomputed`
    return cannotJudge('limit-respected', `${gap}; give the account a larger journal.`)
  }
  const changes = sweepSlots(entries)
  const peak = peakSlots(changes)
  // A 429 that a fault injected is none of the engine's doing.
  const own = ownCalls(entries, integration)
  const refused = own.filter(({ status, fault }) => status === 429 && fault === undefined).length
  const ratio = own.length === 0 ? 0 : refused / own.length
  const evidence: string[] = []
  const first = changes.find(({ inUse }) => inUse > concurrencyLimit)
  if (first !== undefined) {
    const at = new Date(Math.floor(first.atMs)).toISOString()
    evidence.push(
      `${peak} slots were held at once, ${concurrencyLimit} exist; the limit was first exceeded at ${at}`,
    )
  }
  if (ratio > refusedRatioMax) {
    const [share, most] = [percent(ratio), percent(refusedRatioMax)]
    evidence.push(
      `${refused} of ${own.length} calls (${share}) were refused with 429; at most ${most} may be`,
    )
  }
  const summary = `At most ${peak} of ${concurrencyLimit} slots held at once; ${refused} of ${own.length} calls (${percent(ratio)}) refused with 429.`
  return judge('limit-respected', evidence, summary)
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}

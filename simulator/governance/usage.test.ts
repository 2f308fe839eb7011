/** If these fail, the pages of an administrator show another load than the account had. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Usage } from './usage.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 5, 9)

describe('usage', () => {
  it('shows totals, rejections and their ratio, and the peak with its minute [GOV-062, GOV-064]', () => {
    const usage = new Usage()
    usage.granted(START, 'shop', 1, 5)
    usage.granted(START + MINUTE, 'shop', 2, 5)
    usage.granted(START + MINUTE, 'erp', 4, 5)
    usage.refused(START + MINUTE, 'erp')
    usage.failed(START + MINUTE)
    expect(usage.view(START + 2 * MINUTE)).toEqual({
      totalRequests: 4,
      rejectedRequests: 1,
      rejectedRatio: 0.25,
      peakConcurrency: 4,
      peakMs: START + MINUTE,
      closeToLimitRatio: 0.25,
      overLimitRatio: 0.25,
      errorRatio: 0.25,
      integrations: [
        { integration: 'erp', requests: 2, rejected: 1, rejectedRatio: 0.5 },
        { integration: 'shop', requests: 2, rejected: 0, rejectedRatio: 0 },
      ],
      hours: [{ fromMs: START, peak: 4, requests: 4, rejected: 1, errors: 1 }],
    })
  })
  it('has an exact cell for each minute of an hour, those of slots that were only held too [GOV-065]', () => {
    const usage = new Usage()
    usage.granted(START + 59 * MINUTE, 'shop', 1, 5)
    usage.released(START + HOUR + 2 * MINUTE, 0)
    const cell = (fromMs: number, requests: number) => ({ fromMs, peak: 1, requests, rejected: 0, errors: 0 })
    const nowMs = START + HOUR + 5 * MINUTE
    expect(usage.minutes(nowMs, START + 7)).toEqual([cell(START + 59 * MINUTE, 1)])
    expect(usage.minutes(nowMs, nowMs)).toEqual([0, 1, 2].map((n) => cell(START + HOUR + n * MINUTE, 0)))
  })
  it('forgets what is older than thirty days, and so stays bounded [GOV-067]', () => {
    const usage = new Usage()
    usage.granted(START, 'shop', 1, 5)
    usage.released(START, 0)
    const day = 24 * HOUR
    expect(usage.view(START + 30 * day - MINUTE)).toMatchObject({ totalRequests: 1, peakConcurrency: 1 })
    expect(usage.view(START + 30 * day)).toMatchObject({ totalRequests: 0, peakConcurrency: 0, hours: [] })
    // A slot held for a year costs the cells of thirty days, and the hours at both ends are there in part.
    usage.granted(START + 31 * day, 'shop', 1, 5)
    expect(usage.view(START + 400 * day).hours).toHaveLength(30 * 24 + 1)
  })
  it('has the same peaks as a naive count over all moments [GOV-064, GOV-065]', () => {
    const step = fc.record({ afterMs: fc.integer({ min: 0, max: 3 * MINUTE }), isTake: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const usage = new Usage()
        const peaks = new Map<number, number>()
        let [nowMs, held] = [START, 0]
        const note = (): void => {
          const minute = Math.floor(nowMs / MINUTE)
          peaks.set(minute, Math.max(peaks.get(minute) ?? 0, held))
        }
        for (const { afterMs, isTake } of steps) {
          for (let minute = Math.floor(nowMs / MINUTE) + 1; minute * MINUTE <= nowMs + afterMs; minute++)
            peaks.set(minute, held)
          nowMs += afterMs
          note()
          if (!isTake && held === 0) continue
          held += isTake ? 1 : -1
          if (isTake) usage.granted(nowMs, 'shop', held, 100)
          else usage.released(nowMs, held)
          note()
        }
        const expected = [...peaks]
          .filter(([, peak]) => peak > 0)
          .map(([minute, peak]) => [minute * MINUTE, peak])
        const found = [0, 1, 2, 3].flatMap((hour) => usage.minutes(nowMs, START + hour * HOUR))
        const busy = found.filter(({ peak }) => peak > 0)
        expect(busy.map(({ fromMs, peak }) => [fromMs, peak])).toEqual(expected)
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

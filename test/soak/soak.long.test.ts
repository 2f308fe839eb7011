/** The long run: npm run test:long. If this fails, a simulator that serves a busy hour keeps something of every request for good. */
import { describe, expect, it } from 'vitest'
import { driftOf, type Soaked, soak } from './soak.ts'

const DRIFT_MAX = 0.05
const PER_SEC = 5000

/**
 * An hour at 5,000 requests a second is 18 million. Here one second of every 25 has that load, the others are quiet: the rate is
 * the real one, what forgets by time (nonces, windows, tokens) sees more than an hour, what forgets by number (journal,
 * caches) is turned over many times between two measurements. 1/25 of the requests: 840,000 in 70 minutes.
 */
const HOUR = { perSec: PER_SEC, everySec: 25, warmUpSec: 600, spans: 4, spanSec: 900 }

const tell = ({ requests, heapsMb }: Soaked): string =>
  `${requests} requests, memory in use: ${heapsMb.map((mb) => mb.toFixed(1)).join(', ')} MB\n`

describe('an hour of load at 5,000 requests a second, one second of 25', () => {
  it('leaves memory flat, within five per cent', { timeout: 3_600_000 }, async () => {
    const soaked = await soak(HOUR)
    process.stdout.write(tell(soaked))
    expect(soaked.requests).toBe(840_000)
    expect(driftOf(soaked)).toBeLessThan(DRIFT_MAX)
  })
  it('would show a leak of one small object for each request', { timeout: 1_200_000 }, async () => {
    const kept: object[] = []
    const leaking = await soak({
      ...HOUR,
      spanSec: 225,
      onAnswer: ({ status, headers }) => void kept.push({ status, headers }),
    })
    process.stdout.write(tell(leaking))
    expect(kept.length).toBeGreaterThan(250_000)
    expect(driftOf(leaking)).toBeGreaterThan(DRIFT_MAX)
  })
})

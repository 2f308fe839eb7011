/** The long run: npm run test:long. If this fails, a simulator that serves a busy hour keeps something of every request for good. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { ProfileInput } from '../../simulator/profile.ts'
import { createTestAccount } from '../../simulator/test-account.ts'

/**
 * An hour at 5,000 requests a second, scaled down to 200: whatever forgets by time (nonces, windows) sees a whole hour, whatever
 * forgets by number (journal, caches) is turned over many times in each quarter.
 */
const PER_SEC = 200
const QUARTER_MS = 900_000
const QUARTERS = 4
const RECORDS = 2000
const SPREAD_MAX = 0.05

const PROFILE: ProfileInput = {
  journalCapacity: 20_000,
  latency: {
    sigma: 0.5,
    medianMs: { '*.get': 20, '*.update': 30, '*.create': 30, '*.delete': 20, '*.list': 30 },
  },
  governance: { windows: { per60s: 11_000, per24h: 1_000_000 } },
  neighbours: [
    {
      name: 'storefront',
      channel: 'rest',
      operation: 'get',
      workMs: { medianMs: 200 },
      arrival: { ratePerSec: 20 },
    },
    {
      name: 'warehouse',
      channel: 'soap',
      operation: 'addList',
      size: 5,
      arrival: { everyMs: 60_000, burst: 3 },
    },
  ],
  faults: [
    { fault: 'reject', probabilityRatio: 0.01 },
    { fault: 'drop-response', probabilityRatio: 0.01 },
  ],
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapMb(): number {
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

/** Every 50th request makes a record, and the next one removes it: the account does not grow, what is remembered would. */
function nextOf(send: ReturnType<typeof createTestAccount>['send'], number: number): Promise<unknown> {
  const id = 1 + (number % RECORDS)
  switch (number % 50) {
    case 0:
      return send('PUT', `customer/eid:soak-${number}`, { companyName: `Soak ${number}` })
    case 25:
      return send('DELETE', `customer/eid:soak-${number - 25}`)
    case 10:
      return send('PATCH', `customer/${id}`, { comments: `request ${number}` })
    case 20:
      return send('GET', `customer?limit=20&offset=${20 * (number % 90)}`)
    case 30:
      return send('GET', `customer/eid:nobody-${number}`)
    default:
      return send('GET', `customer/${id}`)
  }
}

describe('an hour of load', () => {
  it('leaves memory flat between its quarters', { timeout: 1_800_000 }, async () => {
    const { clock, send, simulator } = createTestAccount({ profile: PROFILE })
    const items = Array.from({ length: RECORDS }, (_, number) => ({ companyName: `Customer ${number}` }))
    await send('POST', '/_seatrial/records/customer', { items })
    const heaps: number[] = []
    let number = 0
    await clock.run(async () => {
      for (let quarter = 0; quarter < QUARTERS; quarter++) {
        const untilMs = clock.now() + QUARTER_MS
        while (clock.now() < untilMs) {
          // A dropped connection is what some of them are meant to meet.
          void nextOf(send, number++).catch(() => {})
          await clock.sleep(1000 / PER_SEC)
        }
        heaps.push(heapMb())
      }
    })
    simulator.close()
    process.stdout.write(
      `${number} requests, heap after each quarter: ${heaps.map((mb) => mb.toFixed(1)).join(', ')} MB\n`,
    )
    expect(Math.max(...heaps) / Math.min(...heaps) - 1).toBeLessThan(SPREAD_MAX)
  })
})

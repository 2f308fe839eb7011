/** An account under load for simulated hours, and how much memory it holds from time to time. Used by soak.long.test.ts. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ProfileInput } from '../../simulator/profile.ts'
import { createTestAccount, type TestAnswer } from '../../simulator/test-account.ts'

const SECOND_MS = 1000
const RECORDS = 2000
/** A record that is made lives for so many requests: far longer than its creation takes. */
const LIVES = 5000

export interface Soak {
  /** Requests in each second that has load. */
  readonly perSec: number
  /** One second of so many has load, the others are quiet. */
  readonly everySec: number
  /** Before anything is measured. */
  readonly warmUpSec: number
  /** Measured so often, once after each such span. */
  readonly spans: number
  readonly spanSec: number
  /** Sees every answer; for planting a leak. */
  readonly onAnswer?: (answer: TestAnswer) => void
}

export interface Soaked {
  readonly requests: number
  /** Megabytes in use at the end of the warm-up and of each span. */
  readonly heapsMb: readonly number[]
}

/** Slots for the load, most of the simulator's parts at work, and a journal that is turned over many times. */
const PROFILE: ProfileInput = {
  journalCapacity: 20_000,
  concurrencyLimit: 400,
  latency: {
    sigma: 0.5,
    medianMs: { '*.get': 20, '*.update': 30, '*.create': 30, '*.delete': 20, '*.list': 30 },
  },
  governance: { windows: { per60s: 1_000_000, per24h: 1_000_000 } },
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

/** Every 50th request makes a record, and a later one removes it: the account does not grow, what is remembered would. */
function nextOf(send: ReturnType<typeof createTestAccount>['send'], number: number): Promise<TestAnswer> {
  const id = 1 + (number % RECORDS)
  switch (number % 50) {
    case 0:
      return send('PUT', `customer/eid:soak-${number}`, { companyName: `Soak ${number}` })
    case 25:
      return send('DELETE', `customer/eid:soak-${number - 25 - LIVES}`)
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

export async function soak({ perSec, everySec, warmUpSec, spans, spanSec, onAnswer }: Soak): Promise<Soaked> {
  const { clock, send, simulator } = createTestAccount({ profile: PROFILE })
  const items = Array.from({ length: RECORDS }, (_, number) => ({ companyName: `Customer ${number}` }))
  await send('POST', '/_seatrial/records/customer', { items })
  let requests = 0
  /** A second of load, then quiet until the next one is due. */
  const load = async (): Promise<void> => {
    for (let sent = 0; sent < perSec; sent++) {
      // A dropped connection is what some of them are meant to meet.
      void nextOf(send, requests++).then(onAnswer, () => {})
      await clock.sleep(SECOND_MS / perSec)
    }
    await clock.sleep((everySec - 1) * SECOND_MS)
  }
  const heapsMb: number[] = []
  const live = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += everySec) await load()
    heapsMb.push(heapMb())
  }
  await clock.run(async () => {
    await live(warmUpSec)
    for (let span = 0; span < spans; span++) await live(spanSec)
  })
  simulator.close()
  return { requests, heapsMb }
}

/** Furthest that memory was from where the warm-up left it, as a share of that. */
export function driftOf({ heapsMb: [first, ...rest] }: Soaked): number {
  return Math.max(...rest.map((mb) => Math.abs(mb / first! - 1)))
}

/**
 * Processor time the reference engine itself takes for an order: queue, flow, throttle, signing, judging; against an account
 * that answers at once and costs nothing. What the account, the network and the disk take comes on top.
 */
import type { EngineObserver } from '../harness/engine/engine.ts'
import { createReferenceEngine } from '../harness/engine/reference.ts'
import { planRun } from '../harness/run-plan.ts'
import { parseScenario } from '../harness/scenario.ts'
import { SystemClock } from '../kernel/clock.ts'
import { createRng } from '../kernel/rng.ts'
import type { WireResponse } from '../protocol/wire.ts'
import { goalTable, type Measured, type Part } from './part.ts'

const ORDERS = 5_000
const ROUNDS = 7
const OVERHEAD_US_MAX = 100

const OBSERVER = new Proxy({} as EngineObserver, { get: () => () => {} })

/** The best of some rounds: the first also pay for compiling, and a busy machine can only add. */
async function benchEngineOverhead(log: (line: string) => void): Promise<number> {
  let bestUs = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const us = await overheadUs(round)
    log(`engine: ${us.toFixed(0)} µs an order`)
    bestUs = Math.min(bestUs, us)
  }
  return bestUs
}

async function overheadUs(round: number): Promise<number> {
  const clock = new SystemClock()
  const rng = createRng(`overhead ${round}`)
  const scenario = parseScenario({
    id: 'overhead',
    title: 'Overhead',
    why: 'The engine must cost little beside what it waits for.',
    shop: { redeliveryRatio: 0 },
    load: [{ executor: 'constant-arrival-rate', ratePerSec: ORDERS, durationMs: 1000 }],
  })
  const { deliveries } = planRun(rng, scenario, clock.now(), undefined)
  let next = 1
  const send = async (): Promise<WireResponse> => ({
    status: 204,
    headers: { location: `https://a.example/services/rest/record/v1/x/${next++}` },
    body: '',
  })
  const engine = createReferenceEngine({
    clock,
    rng,
    transport: { send, close: async () => {} },
    baseUrl: 'https://a.example',
    credentials: {
      accountId: '1',
      consumerKey: 'ck',
      consumerSecret: 'cs',
      tokenId: 'ti',
      tokenSecret: 'ts',
    },
    observer: OBSERVER,
  })
  const before = process.cpuUsage()
  await Promise.all(deliveries.map(({ order }) => engine.accept(order)))
  await engine.idle()
  const { user, system } = process.cpuUsage(before)
  await engine.stop()
  return (user + system) / deliveries.length
}

export const engine: Part<Measured> = {
  name: 'engine',
  measure: async (log) => [
    { name: 'an order', value: await benchEngineOverhead(log), unit: 'µs', goal: OVERHEAD_US_MAX },
  ],
  tables: (rows) => [
    goalTable('The reference engine: processor time without account, network and disk', rows, 0),
  ],
}

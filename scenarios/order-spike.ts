/**
 * A flash sale: calm trade, then within half a minute more orders than the account's 15 slots can carry, a plateau,
 * and the way back. Most shoppers are new, so nearly every order needs a customer first. While the spike lasts, NetSuite
 * has a bad day too: refusals, lost connections, lost answers; all of it ends before the load does.
 */
import { defineScenario } from '../harness/scenario.ts'

const CALM_MS = 120_000
const RISE_MS = 30_000
const PLATEAU_MS = 60_000
const FALL_MS = 30_000
const AFTER_MS = 120_000
/** Faults: from the middle of the rise to the end of the fall. */
const FAULTS_FROM_MS = CALM_MS + RISE_MS / 2
const FAULTS_UNTIL_MS = CALM_MS + RISE_MS + PLATEAU_MS + FALL_MS

const CALM_PER_SEC = 3
/** 15 slots finish about 8 orders a second (1.3 s each, 0.7 s more for a new customer); this is double. */
const SPIKE_PER_SEC = 16

export const orderSpike = defineScenario({
  id: 'order-spike',
  title: 'Order spike: a flash sale on a bad day',
  why: 'More orders than the account can take, and answers get lost: nothing may be lost or doubled, and the backlog must drain.',
  seed: 7,
  account: { preset: 'premium' },
  shop: { itemCount: 60, newCustomerRatio: 0.7, linesMin: 1, linesMax: 6, redeliveryRatio: 0.02 },
  load: [
    {
      executor: 'ramping-arrival-rate',
      startRatePerSec: CALM_PER_SEC,
      stages: [
        { durationMs: CALM_MS, targetRatePerSec: CALM_PER_SEC },
        { durationMs: RISE_MS, targetRatePerSec: SPIKE_PER_SEC },
        { durationMs: PLATEAU_MS, targetRatePerSec: SPIKE_PER_SEC },
        { durationMs: FALL_MS, targetRatePerSec: CALM_PER_SEC },
        { durationMs: AFTER_MS, targetRatePerSec: CALM_PER_SEC },
      ],
    },
  ],
  drainMs: 600_000,
  faults: [
    {
      id: 'bad-gateway',
      fault: 'reject',
      status: 503,
      probabilityRatio: 0.03,
      fromMs: FAULTS_FROM_MS,
      untilMs: FAULTS_UNTIL_MS,
    },
    {
      id: 'lost-connection',
      fault: 'reset-before',
      probabilityRatio: 0.02,
      fromMs: FAULTS_FROM_MS,
      untilMs: FAULTS_UNTIL_MS,
    },
    {
      id: 'lost-answer',
      fault: 'drop-response',
      match: { methods: ['POST', 'PUT'] },
      probabilityRatio: 0.02,
      fromMs: FAULTS_FROM_MS,
      untilMs: FAULTS_UNTIL_MS,
    },
  ],
  thresholds: {
    order_latency_ms: ['p(50) < 60000', 'p(95) < 120000', 'max < 150000'],
    rejected_ratio: ['rate < 0.05'],
    dropped_iterations: ['count == 0'],
    dead_letters: ['count == 0'],
    calls_per_order: ['value < 2.2'],
  },
})

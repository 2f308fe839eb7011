/**
 * What a run will do, settled before it starts: every delivery with its intended time, the items the account must
 * know, and the faults with their ends. A pure function of the scenario, the seed and the orders given.
 */
import { AppError } from '../kernel/error.ts'
import type { Rng } from '../kernel/rng.ts'
import type { FaultSpec } from '../protocol/fault.ts'
import { planStarts } from './load/executor.ts'
import type { Scenario } from './scenario.ts'
import { createCatalogue, type ItemToImport, itemsOf } from './shop/catalogue.ts'
import { type Delivery, scheduleDeliveries } from './shop/delivery.ts'
import { generateOrders } from './shop/generator.ts'
import type { ShopOrder } from './shop/order.ts'
import { replayDeliveries } from './shop/replay.ts'

/** Orders from a file instead of the generator. */
export interface GivenOrders {
  /** May hold an order twice: the second is a redelivery. */
  readonly orders: readonly ShopOrder[]
  /** Shown in the result; the base name of the file. */
  readonly name: string
  /** 1: as fast as it happened; 2: twice as fast. */
  readonly speed: number
}

export interface RunPlan {
  /** Ascending in time; never empty. */
  readonly deliveries: readonly Delivery[]
  /** Hand-overs in flight at most, per load. */
  readonly maxVus: readonly number[]
  readonly items: readonly ItemToImport[]
  /** As they are to be installed at the start of the load. */
  readonly faults: readonly FaultSpec[]
  /** Distinct orders. */
  readonly orderCount: number
}

/** A replayed file has no executor to say so; the same default as the executors'. */
const REPLAY_MAX_VUS = 1000

/** `nowMs` dates the generated orders. Throws `E_SCENARIO_INVALID` when no order would arrive at all. */
export function planRun(
  rng: Rng,
  scenario: Scenario,
  nowMs: number,
  given: GivenOrders | undefined,
): RunPlan {
  const deliveries =
    given === undefined ? planGenerated(rng, scenario, nowMs) : replayDeliveries(given.orders, given.speed)
  const last = deliveries.at(-1)
  if (last === undefined) {
    throw new AppError('E_SCENARIO_INVALID', `scenario ${scenario.id} starts no order`, {
      pointer: '/load',
      expected: 'at least one arrival: rate × duration of 1 or more',
      mend: 'raise the rate or the duration of the load',
    })
  }
  return {
    deliveries,
    maxVus: given === undefined ? scenario.load.map(({ maxVus }) => maxVus) : [REPLAY_MAX_VUS],
    items: itemsOf(deliveries.map(({ order }) => order)),
    faults: scenario.faults.map((fault) => endedBy(fault, Math.ceil(last.atMs))),
    orderCount: deliveries.filter(({ redelivery }) => !redelivery).length,
  }
}

function planGenerated(rng: Rng, { load, shop }: Scenario, nowMs: number): Delivery[] {
  const starts = planStarts(load)
  const catalogue = createCatalogue(rng.fork('catalogue'), shop.itemCount)
  const createdMs = starts.map(({ atMs }) => nowMs + atMs)
  const orders = generateOrders(rng.fork('orders'), { shop, catalogue, createdMs })
  return scheduleDeliveries(rng.fork('redeliveries'), orders, starts, shop.redeliveryRatio)
}

/** A fault without an end lasts as long as the load: "nothing is lost once the faults are over" needs an over. */
function endedBy(fault: FaultSpec, endMs: number): FaultSpec {
  return { ...fault, untilMs: fault.untilMs ?? Math.max(endMs, fault.fromMs) }
}

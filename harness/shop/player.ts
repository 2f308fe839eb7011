/**
 * The shop that the run plays to the engine: it hears what became of its orders, takes its time, and is down now and then.
 * What it was told is judged in the end by what it took, not by what the engine says it told.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Rng } from '../../kernel/rng.ts'
import { done, type Outcome } from '../engine/outcome.ts'
import type { Acknowledgement, Shop } from '../engine/shop-port.ts'

/** A web shop's API answers within so many milliseconds. */
const ANSWER_MS_MIN = 40
const ANSWER_MS_MAX = 250

export interface ShopPlayer extends Shop {
  /** Order id → what it was told, in order, repetitions included. */
  readonly heard: ReadonlyMap<string, readonly Acknowledgement['result'][]>
}

/** `downRatio`, 0..1: share of words that are not taken; half of them are heard all the same, and the answer is lost. */
export function createShopPlayer(clock: Clock, rng: Rng, downRatio: number): ShopPlayer {
  const heard = new Map<string, Acknowledgement['result'][]>()
  return {
    heard,
    acknowledge: async ({ orderId, result }): Promise<Outcome<unknown>> => {
      const fails = rng.chance(downRatio)
      const takes = !fails || rng.chance(0.5)
      await clock.sleep(rng.integer(ANSWER_MS_MIN, ANSWER_MS_MAX))
      if (takes) heard.set(orderId, [...(heard.get(orderId) ?? []), result])
      if (!fails) return done(undefined)
      return { kind: 'unknown', status: 503, code: 'E_SHOP_DOWN', detail: 'the shop did not answer' }
    },
  }
}

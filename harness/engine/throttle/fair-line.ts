/**
 * Who waits for a permit: a lane per flow, first in, first out within a lane, and between lanes by weight (stride
 * scheduling): a lane of weight 4 is served four times as often as one of weight 1, and none is ever left out. A lane that
 * was empty saves nothing up for later.
 */
import { invariant } from '../../../kernel/invariant.ts'

interface Lane<T> {
  /** Virtual time between two turns: 1 ÷ weight. */
  readonly stride: number
  /** Virtual time of its next turn. */
  turn: number
  items: T[]
  /** Items before it are gone. */
  first: number
}

export class FairLine<T> {
  readonly #weights: Readonly<Record<string, number>>
  readonly #lanes = new Map<string, Lane<T>>()
  /** Virtual time: the turn served last. */
  #now = 0
  #size = 0

  /** Lane → weight, above 0; 1 unless named. */
  constructor(weights: Readonly<Record<string, number>> = {}) {
    this.#weights = weights
    for (const [name, weight] of Object.entries(weights))
      invariant(weight > 0 && Number.isFinite(weight), `the weight of ${name} must be above 0`)
  }

  get size(): number {
    return this.#size
  }

  push(name: string, item: T): void {
    const lane = this.#laneOf(name)
    if (lane.first === lane.items.length) lane.turn = Math.max(lane.turn, this.#now)
    lane.items.push(item)
    this.#size++
  }

  /** Whose turn it is; `undefined`: nobody waits. */
  shift(): T | undefined {
    let next: Lane<T> | undefined
    for (const lane of this.#lanes.values())
      if (lane.first < lane.items.length && (next === undefined || lane.turn < next.turn)) next = lane
    if (next === undefined) return undefined
    this.#now = next.turn
    next.turn += next.stride
    this.#size--
    const item = next.items[next.first]!
    next.first++
    // Cut the part that is gone now and then, so that a long-lived lane does not grow without end.
    if (next.first * 2 > next.items.length + 64) {
      next.items = next.items.slice(next.first)
      next.first = 0
    }
    return item
  }

  #laneOf(name: string): Lane<T> {
    let lane = this.#lanes.get(name)
    if (lane === undefined) {
      const weight = Object.hasOwn(this.#weights, name) ? this.#weights[name]! : 1
      lane = { stride: 1 / weight, turn: this.#now, items: [], first: 0 }
      this.#lanes.set(name, lane)
    }
    return lane
  }
}

/**
 * Usage units: what each record call costs, and counting them. The figures are SuiteScript's (common knowledge): half the
 * price for custom records and less for what is no transaction. Who goes over cannot catch it. [RSL-006, RSL-010]
 */
import type { RecordType } from '../spec/catalogue.ts'
import { rulesFor } from '../spec/rules.ts'
import { ScriptError, TIME_LIMIT, USAGE_LIMIT } from './guard.ts'
import type { ScriptingOptions } from './options.ts'

const KINDS = ['transaction', 'custom', 'other'] as const

const COSTS = {
  create: [10, 2, 5],
  load: [10, 2, 5],
  save: [20, 4, 10],
  submitFields: [10, 2, 5],
  delete: [20, 4, 10],
  find: [10, 10, 10],
} as const

export type UnitCall = keyof typeof COSTS

/** Units of a call on a record type. */
export function unitsOf(call: UnitCall, type: RecordType, { units }: ScriptingOptions): number {
  const kind =
    type.custom !== undefined ? 'custom' : rulesFor(type).kind === 'transaction' ? 'transaction' : 'other'
  return units[`${call}.${kind}`] ?? COSTS[call][KINDS.indexOf(kind)]!
}

export interface MeterLimits {
  readonly units: number
  /** Simulated time of one unit. */
  readonly unitMs: number
  readonly ms: number
}

/** Counts one run of one function. After a limit is passed every further call fails too. */
export class Meter {
  readonly #limits: MeterLimits
  #units = 0
  #ms = 0
  #over: ScriptError | undefined

  constructor(limits: MeterLimits) {
    this.#limits = limits
  }

  get remaining(): number {
    return Math.max(0, this.#limits.units - this.#units)
  }

  /** Simulated time that is used up. */
  get ms(): number {
    return Math.min(this.#ms, this.#limits.ms)
  }

  /** The limit that was passed, whether or not the script caught it. */
  get over(): ScriptError | undefined {
    return this.#over
  }

  spend(units: number): void {
    if (this.#over !== undefined) throw this.#over
    const { units: most, unitMs } = this.#limits
    this.#units += units
    if (this.#units > most) {
      this.#over = new ScriptError(...USAGE_LIMIT)
      throw this.#over
    }
    this.takeTime(units * unitMs)
  }

  takeTime(ms: number): void {
    this.#ms += ms
    if (this.#ms <= this.#limits.ms) return
    this.#over ??= new ScriptError(...TIME_LIMIT)
    throw this.#over
  }
}
